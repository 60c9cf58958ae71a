"""The forms of a team's cluster and of the sections of an application.

A section is saved at any completeness, so nothing here is compulsory: «needed» only says that submission will ask for
it. What cannot be stored (a sum that is no number, a text that is too long) is named and costs the rest nothing.
"""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FormField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms import Form as PlainForm
from wtforms.validators import DataRequired, Length, ValidationError

from judging.adapters.addresses import LONGEST_ADDRESS
from judging.adapters.identifiers import pair_fault
from judging.domain.completeness import Section
from judging.domain.fields import bounds
from judging.domain.fields.telephone import LONGEST_TELEPHONE
from judging.models import Application
from judging.queries.nominations import title_words
from judging.queries.sections import FIELDS
from judging.services.applications.clusters import ClusterData, OrganisationData
from judging.services.applications.draft_edit import PartnerData, Seen
from judging.web.forms import (
    AddressField,
    DayField,
    DigitsField,
    Form,
    MoneyField,
    OkvedField,
    Row,
    TelephoneField,
    VersionedForm,
    valid_inn,
    valid_ogrn,
)
from judging.web.regions import region_options
from judging.web.rows import Rows
from judging.web.templating import localized, translate

TOO_LONG = _l("No more than %(max)d characters")
READINESS = (
    _l("1 — basic principles are known"),
    _l("2 — the concept of the technology is formulated"),
    _l("3 — the key idea is proved by calculation or experiment"),
    _l("4 — a mock-up is tested in the laboratory"),
    _l("5 — a mock-up is tested in conditions close to real ones"),
    _l("6 — a prototype is tested in conditions close to real ones"),
    _l("7 — a prototype is tested in real conditions"),
    _l("8 — the product is complete and has passed its tests"),
    _l("9 — in serial production"),
)


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


def region_choices() -> list[tuple[str, str]]:
    """The subjects of the Federation by name, an empty choice first."""
    return [("", gettext("Choose a region")), *region_options()]


class SectionForm(VersionedForm):
    """A section of an application; carries what it was filled from."""

    fingerprint = HiddenField()

    def seen(self) -> Seen:
        """The version and the section that the person saw."""
        return Seen(self.version.data or 0, self.fingerprint.data or "")

    def values(self) -> dict[str, Any]:
        """What was typed, by column."""
        return {name: self[name].data for name in FIELDS[SECTIONS[type(self)]]}

    def reshaped(self, pressed: dict[str, str]) -> bool:
        """Add or remove a row where such a button was pressed; say whether one was."""
        return False


class PassportForm(SectionForm):
    """The passport of the project."""

    title = _text(_l("Title of the project"), bounds.LONGEST_PROJECT_TITLE, NEEDED, kind=TextAreaField)
    goal = _text(
        _l("Project goal"), 1000, NEEDED, kind=TextAreaField, description=_l("What will be produced and for whom")
    )
    summary = _text(
        _l("Project summary"),
        3000,
        NEEDED,
        kind=TextAreaField,
        description=_l("What is made now, what will change, what each participant does. Experts begin with it"),
    )
    functional_map_position = _text(
        _l("Position in the functional map"),
        1000,
        NEEDED,
        kind=TextAreaField,
        description=_l("Which position of the cluster's functional map and development programme the project fills"),
    )
    topics = OkvedField(
        _l("OKVED2 codes"),
        validators=[NEEDED],
        description=_l("Of the project's products, separated by commas: 28.41, 28.49.1"),
    )
    readiness_level = SelectField(_l("Readiness level (TRL)"), coerce=_whole, validators=[NEEDED])
    starts_on = DayField(_l("Start of the project"), validators=[NEEDED])
    ends_on = DayField(_l("End of the project"), validators=[NEEDED])
    place = _text(_l("Project site"), 300, NEEDED, description=_l("Town and site where the products will be made"))
    contact_name = _text(
        _l("Contact person"), bounds.LONGEST_NAME, NEEDED, description=_l("Surname, first name, patronymic")
    )
    contact_phone = TelephoneField(
        _l("Telephone"),
        validators=[NEEDED, Length(max=LONGEST_TELEPHONE, message=TOO_LONG)],
        description=_l("With the code of the town; an extension and a second number may stand beside it"),
    )
    contact_email = AddressField(_l("E-mail"), validators=[NEEDED, Length(max=LONGEST_ADDRESS, message=TOO_LONG)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        levels = [(str(level), text) for level, text in enumerate(READINESS, 1)]
        self.readiness_level.choices = [("", gettext("Choose a level")), *levels]


class FinanceForm(SectionForm):
    """Cost and sources of money."""

    total_cost = MoneyField(_l("Total cost of the project"), validators=[NEEDED])
    own_funds = MoneyField(_l("Own funds of the participants"), validators=[NEEDED])
    loans = MoneyField(_l("Borrowed funds"), validators=[NEEDED], description=_l("Loans of banks and of others"))
    other_budget = MoneyField(
        _l("Other budget funds"),
        validators=[NEEDED],
        description=_l("Other measures of state support; 0 if there are none"),
    )
    requested = MoneyField(_l("Requested subsidy"), validators=[NEEDED])


class ConsentsForm(SectionForm):
    """What the applicant assures and agrees to."""

    consent_truth = BooleanField(
        _l("The data in the application and its documents are complete and true"), validators=[NEEDED]
    )
    consent_personal_data = BooleanField(
        _l("The persons named in the application agree to the processing of their personal data for this contest"),
        validators=[NEEDED],
    )
    consent_no_double_funding = BooleanField(
        _l("The same costs have not been and are not being reimbursed by another measure of support"),
        validators=[NEEDED],
    )


class NominationForm(SectionForm):
    """The choice of the nomination."""

    nomination = RadioField(
        _l("In which nomination does the project take part?"), coerce=_whole, validate_choice=False, validators=[NEEDED]
    )

    def __init__(self, application: Application, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = application.contest.nominations
        self.nomination.choices = [(str(row.id), localized(title_words(row), "title")) for row in rows]


class PartnerForm(Row):
    """A row of the participants: a partner of the project."""

    organisation = SelectField(_l("Organisation"), coerce=_whole, choices=[], validators=[NEEDED])
    role = SelectField(_l("Role in the project"), choices=[], validators=[NEEDED])
    contribution = _text(_l("Contribution"), 1000, description=_l("What it makes, supplies or buys"))

    def value(self) -> PartnerData:
        """What was typed, where the row names an organisation."""
        return PartnerData(self.organisation.data, self.role.data or "", self.contribution.data)

    def validate_organisation(self, field: Any) -> None:
        """A row with something typed in it needs its organisation."""
        if field.data is None and (self.role.data or self.contribution.data):
            raise ValidationError(gettext("Choose the organisation or remove the row"))


class ParticipantsForm(SectionForm):
    """Initiator and partners, out of the cluster's members."""

    initiator = SelectField(_l("Initiator of the project"), coerce=_whole, choices=[], validators=[NEEDED])
    partners = Rows(FormField(PartnerForm), label=_l("Partners"), most=bounds.MOST_PARTNERS)

    def __init__(self, application: Application, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisations = [("", gettext("Choose an organisation")), *member_choices(application)]
        self.roles = [("", gettext("Choose a role")), *role_choices(application)]
        self.initiator.choices = self.organisations
        for entry in self.partners:
            self.offer(entry.form)

    def offer(self, row: PartnerForm) -> PartnerForm:
        """Give a row its choices."""
        row.organisation.choices, row.role.choices = self.organisations, self.roles
        return row

    def blank(self) -> Any:
        """An empty row that the page's script copies."""
        unbound: Any = self.partners.unbound_field  # its stub wants a form, where its meta is enough
        row = unbound.bind(form=None, name="partners-__index__", _meta=self.meta)
        row.process(None)
        self.offer(row.form)
        return row

    def reshaped(self, pressed: dict[str, str]) -> bool:
        """Add or remove a row where such a button was pressed without a script; say whether one was."""
        if pressed.get("add"):
            self.offer(self.partners.append_entry().form)
            return True
        index = pressed.get("remove", "")
        if index.isdecimal() and len(index) < 4 and int(index) < len(self.partners):
            del self.partners.entries[int(index)]
            return True
        return False

    def partner_values(self, stored: Sequence[PartnerData]) -> list[PartnerData]:
        """The rows that name an organisation; in place of one that is wrong, what is ``stored`` of the same partner.

        That is the stored row of its organisation, or, where this cannot be told, the one in its place, unless another
        row names that organisation now. More rows than there may be change nothing.
        """
        rows = [] if self.partners.crowded else [entry.form for entry in self.partners]
        named = {row.organisation.data for row in rows if not row.organisation.errors} - {None}
        kept = {one.organisation_id: one for one in stored}
        values = list(stored) if self.partners.crowded else []
        for place, row in enumerate(rows):
            if not row.errors:
                values += [row.value()] if row.organisation.data is not None else []
            elif not row.organisation.errors:
                values += [kept[row.organisation.data]] if row.organisation.data in kept else []
            elif place < len(stored) and stored[place].organisation_id not in named:
                values.append(stored[place])
        return values


def member_choices(application: Application) -> list[tuple[str, str]]:
    """The cluster's members as «name, ИНН»."""
    members = [member.organisation for member in application.cluster.members]
    return [(str(one.id), f"{one.name}, {gettext('INN')} {one.inn}") for one in members]


def role_choices(application: Application) -> list[tuple[str, str]]:
    """The contest's roles of partners; roles stored before that the contest does not list stay choosable."""
    listed = [(role["code"], role_title(role)) for role in application.contest.partner_roles]
    known = {code for code, _ in listed}
    stored = {partner.role for partner in application.partners if partner.role} - known
    return [*listed, *((code, code) for code in sorted(stored))] or [("participant", gettext("Participant"))]


def role_title(role: dict[str, str]) -> str:
    """A role's title in the page's language."""
    return localized(role, "title")


SECTIONS: dict[type[SectionForm], Section] = {
    PassportForm: Section.PASSPORT,
    FinanceForm: Section.FINANCE,
    ConsentsForm: Section.CONSENTS,
}


class SubmissionForm(VersionedForm):
    """The press that submits; ``version`` is what was checked."""


class WithdrawalForm(Form):
    """Why an application is withdrawn."""

    reason = _text(_l("Reason for the withdrawal"), 1000, DataRequired(_l("Give the reason")), kind=TextAreaField)
