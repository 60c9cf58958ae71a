"""The forms of a team's cluster, of the nomination, of submission and of withdrawal.

The sections are asked by the form of the contest.
"""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms import Form as PlainForm
from wtforms.validators import DataRequired, Length, ValidationError

from judging.adapters.identifiers import pair_fault
from judging.domain.fields import bounds
from judging.models import Application
from judging.queries.nominations import title_words
from judging.services.applications.clusters import ClusterData, OrganisationData
from judging.web.forms import (
    DigitsField,
    Form,
    VersionedForm,
    valid_inn,
    valid_ogrn,
)
from judging.web.regions import region_options
from judging.web.templating import localized, translate

TOO_LONG = _l("No more than %(max)d characters")


class Needed:
    """Marks a field that submission asks for; never refuses a draft."""

    field_flags = {"required": True}  # noqa: RUF012 -- WTForms reads it as a plain class attribute

    def __call__(self, form: PlainForm, field: Any) -> None:
        """Accept everything."""


NEEDED = Needed()


def _written(text: str | None) -> str:
    """A text that was not sent at all is an empty one."""
    return text or ""


def _text(label: Any, longest: int, *validators: Any, kind: type = StringField, **kwargs: Any) -> Any:
    checks = [Length(max=longest, message=TOO_LONG), *validators]
    return kind(label, filters=[_written], validators=checks, **kwargs)


def _whole(value: Any) -> int | None:
    return int(value) if value not in (None, "", "None") else None


class ClusterForm(VersionedForm):
    """The team's cluster."""

    name = _text(_l("Name of the cluster"), bounds.LONGEST_TITLE, DataRequired(_l("Enter the name of the cluster")))
    region = SelectField(
        _l("Region"),
        validators=[DataRequired(_l("Choose the region"))],
        description=_l("Of an interregional cluster, the region of its managing organisation"),
    )
    industry = _text(
        _l("Industry"),
        bounds.LONGEST_WORD,
        DataRequired(_l("Enter the industry")),
        description=_l("For example: machine tools"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.region.choices = region_choices()

    def values(self) -> ClusterData:
        """What was typed."""
        return ClusterData(self.name.data, self.region.data, self.industry.data)


class OrganisationForm(VersionedForm):
    """A legal entity of the cluster."""

    name = _text(
        _l("Organisation name"),
        bounds.LONGEST_TITLE,
        DataRequired(_l("Enter the name of the organisation")),
        description=_l("Short, as in its charter: LLC “Works”"),
    )
    inn = DigitsField(_l("INN"), validators=[NEEDED, valid_inn], description=_l("10 digits, a sole trader's 12"))
    ogrn = DigitsField(_l("OGRN"), validators=[NEEDED, valid_ogrn], description=_l("13 digits, an OGRNIP 15"))
    region = SelectField(_l("Region"), validators=[DataRequired(_l("Choose the region"))])
    member = BooleanField(
        _l("Member of the cluster"), description=_l("Members can be initiators and partners of projects"), default=True
    )
    managing = BooleanField(
        _l("Managing organisation of the cluster"), description=_l("There is one; a new one replaces it")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.region.choices = region_choices()

    def validate_ogrn(self, field: DigitsField) -> None:
        """The ОГРН is of the same kind of person as the ИНН."""
        fault = None if field.errors or self.inn.errors else pair_fault(self.inn.data or "", field.data or "")
        if fault:
            raise ValidationError(translate(fault))

    def values(self) -> OrganisationData:
        """What was typed."""
        return OrganisationData(
            inn=self.inn.data or "",
            ogrn=self.ogrn.data or "",
            name=self.name.data,
            region=self.region.data,
            member=self.member.data,
            managing=self.managing.data,
        )


class NominationForm(VersionedForm):
    """The choice of the nomination; ``was``: the one that the form was filled from."""

    was = HiddenField()
    nomination = RadioField(
        _l("In which nomination does the project take part?"), coerce=_whole, validate_choice=False, validators=[NEEDED]
    )

    def __init__(self, application: Application, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = application.contest.nominations
        self.nomination.choices = [(str(row.id), localized(title_words(row), "title")) for row in rows]

    def saw(self, stored: int | None) -> bool:
        """Whether the stored choice is the one that the person saw."""
        return (self.was.data or "") == str(stored or "")


def region_choices() -> list[tuple[str, str]]:
    """The subjects of the Federation by name, an empty choice first."""
    return [("", gettext("Choose a region")), *region_options()]


class SubmissionForm(VersionedForm):
    """The press that submits; ``version`` is what was checked."""


class ConfirmedForm(VersionedForm):
    """The press that confirms; ``version`` is what was looked at."""


class GivingUpForm(Form):
    """The press that gives up a draft."""


class WithdrawalForm(Form):
    """Why an application is withdrawn."""

    reason = _text(_l("Reason for the withdrawal"), 1000, DataRequired(_l("Give the reason")), kind=TextAreaField)
