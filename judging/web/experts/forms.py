"""Forms of the experts and of their conflicts."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from judging.adapters.addresses import LONGEST_ADDRESS
from judging.adapters.identifiers import inn_fault, ogrn_fault, pair_fault
from judging.domain.fields.bounds import GREATEST_LOAD, LONGEST_NAME, LONGEST_REASON, LONGEST_TITLE
from judging.models import Expert
from judging.services.experts import Employer, ExpertData
from judging.web.forms import AddressField, DigitsField, Form, OkvedField, SelectChoice, VersionedForm
from judging.web.regions import region_options
from judging.web.templating import translate

LONGEST_CHOICE = 50_000
"""Characters of the ids of everybody who may be invited at once."""
NOBODY, ANOTHER = "", "another"


class ExpertForm(VersionedForm):
    """An expert's card; the employer is one of the contest's organisations or typed anew."""

    name = StringField(_l("Full name"), validators=[InputRequired(), Length(max=LONGEST_NAME)])
    email = AddressField(_l("E-mail"), validators=[InputRequired(), Length(max=LONGEST_ADDRESS)])
    region = SelectField(_l("Region"), validators=[InputRequired()])
    topics = OkvedField(_l("Fields of expertise (OKVED2)"), validators=[Optional()])
    max_load = IntegerField(_l("Greatest load"), validators=[InputRequired(), NumberRange(0, GREATEST_LOAD)])
    methodologist = BooleanField(
        _l("Methodologist"),
        description=_l("Knows the rules rather than a branch of industry; the distribution can ask for one."),
    )
    employer = SelectField(_l("Employer"))
    inn = DigitsField(_l("INN"))
    ogrn = DigitsField(_l("OGRN"))
    employer_name = StringField(_l("Name of the organisation"), validators=[Length(max=LONGEST_TITLE)])
    employer_region = SelectField(_l("Region of the organisation"))

    def __init__(self, employers: Any, expert: Expert | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        regions = [
            SelectChoice("", gettext("Choose from the list")),
            *(SelectChoice(c, f"{name} ({c})") for c, name in region_options()),
        ]
        self.region.choices = self.employer_region.choices = regions
        known = dict(employers)
        if expert is not None and expert.organisation is not None:
            known.setdefault(expert.organisation.inn, expert.organisation.name)
        self.employer.choices = [
            SelectChoice(NOBODY, gettext("None, or not known")),
            SelectChoice(ANOTHER, gettext("Another organisation: enter below")),
            *(SelectChoice(inn, gettext("%(name)s, INN %(inn)s", name=name, inn=inn)) for inn, name in known.items()),
        ]

    @property
    def stated_version(self) -> int:
        """The version the form was filled from; one that nothing has where the form does not say."""
        return -1 if self.version.data is None else int(self.version.data)

    def validate_inn(self, field: DigitsField) -> None:
        """Check the ИНН of an organisation typed anew."""
        self._require(field, inn_fault)

    def validate_ogrn(self, field: DigitsField) -> None:
        """Check the ОГРН of an organisation typed anew."""
        self._require(field, lambda text: ogrn_fault(text) or pair_fault(self.inn.data or "", text))

    def validate_employer_name(self, field: StringField) -> None:
        """An organisation typed anew needs its name."""
        self._require(field, lambda text: None if text.strip() else gettext("Enter the name of the organisation"))

    def validate_employer_region(self, field: SelectField) -> None:
        """An organisation typed anew needs its region."""
        self._require(field, lambda code: None if code else gettext("Choose the region"))

    def _require(self, field: Any, fault_of: Any) -> None:
        fault = fault_of(field.data or "") if self.employer.data == ANOTHER and not field.errors else None
        if fault:
            raise ValidationError(translate(fault))

    def card(self) -> ExpertData:
        """What was typed, as the service wants it."""
        return ExpertData(
            email=self.email.data or "",
            name=self.name.data or "",
            region=self.region.data,
            topics=tuple(self.topics.data or ()),
            max_load=self.max_load.data or 0,
            methodologist=bool(self.methodologist.data),
            employer=self._employer(),
        )

    def _employer(self) -> str | Employer | None:
        if self.employer.data != ANOTHER:
            return self.employer.data or None
        return Employer(
            inn=self.inn.data or "",
            ogrn=self.ogrn.data or "",
            name=" ".join((self.employer_name.data or "").split()),
            region=self.employer_region.data,
        )


def card_values(expert: Expert) -> dict[str, Any]:
    """A stored card as the form's fields hold it."""
    return {
        "name": expert.name,
        "email": expert.email,
        "region": expert.region,
        "topics": list(expert.topics),
        "max_load": expert.max_load,
        "methodologist": expert.methodologist,
        "employer": expert.organisation.inn if expert.organisation else NOBODY,
        "version": expert.version,
    }


class VersionForm(VersionedForm):
    """One press over a stored card."""


class PressForm(Form):
    """One press."""


class ConflictForm(Form):
    """A conflict that the staff learnt of."""

    expert = SelectField(_l("Expert"), coerce=str, validators=[InputRequired()])
    application = SelectField(_l("Application"), coerce=str, validators=[InputRequired()])
    reason = TextAreaField(_l("Reason"), validators=[InputRequired(), Length(max=LONGEST_REASON)])

    def __init__(self, experts: Any, applications: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        blank = SelectChoice("", gettext("Choose from the list"))
        self.expert.choices = [blank, *(SelectChoice(str(key), words) for key, words in experts)]
        self.application.choices = [blank, *(SelectChoice(str(key), words) for key, words in applications)]


class LiftForm(Form):
    """A conflict is struck off for a reason."""

    reason = TextAreaField(_l("Reason"), validators=[InputRequired(), Length(max=2000)])


class BulkInvitationForm(Form):
    """Everybody who was shown on the page that asks: ``chosen`` is their ids."""

    chosen = HiddenField(validators=[Optional(), Length(max=LONGEST_CHOICE)])
