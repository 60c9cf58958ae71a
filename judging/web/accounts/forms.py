"""Forms of accounts."""

from typing import Any, Self

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, EmailField, HiddenField, PasswordField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from judging.adapters.addresses import LONGEST_ADDRESS
from judging.domain.access import ROLE_LABELS, STAFF_ROLES
from judging.domain.fields.texts import squeezed
from judging.services.accounts.password_rules import MIN_LENGTH
from judging.web.forms import AddressField, Form, SelectChoice
from judging.web.templating import translate

WAYS = ("join", "new")
LANGUAGES = [SelectChoice("ru", "Русский"), SelectChoice("en", "English")]


def one_spaced(text: str | None) -> str | None:
    """The text with single spaces inside."""
    return squeezed(text) if text else text


class NameField(StringField):
    """Surname, first name, patronymic; squeezed."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label, [InputRequired(_l("Enter the name")), Length(max=200)], filters=[one_spaced], **kwargs)


def address(**kwargs: Any) -> Any:
    """A field for an e-mail address that must be given."""
    checks = [InputRequired(_l("Enter the e-mail address")), Length(max=LONGEST_ADDRESS)]
    return AddressField(_l("E-mail"), checks, **kwargs)


def new_password(label: Any) -> PasswordField:
    """A field for a password to be set; what it may be is decided by the service."""
    hint = _l(
        "At least %(least)d characters, without your name and address. Several words in a row are easy to remember.",
        least=MIN_LENGTH,
    )
    return PasswordField(label, [InputRequired(_l("Enter a password"))], description=hint)


class SignInForm(Form):
    """Address and password. The address is not checked for form: wrong is wrong."""

    email = EmailField(_l("E-mail"), [InputRequired(_l("Enter your e-mail address")), Length(max=254)])
    password = PasswordField(_l("Password"), [InputRequired(_l("Enter the password"))])
    next = HiddenField()


class RegistrationForm(Form):
    """A cluster team and the person who opens its account."""

    team = StringField(
        _l("Name of the team"),
        [InputRequired(_l("Enter the name of the team")), Length(max=300)],
        filters=[one_spaced],
        description=_l("Usually the name of the cluster or of its managing organisation"),
    )
    name = NameField(_l("Your surname, first name and patronymic"))
    email = address(description=_l("A letter with a link will come here; you will sign in with this address"))
    password = new_password(_l("Password"))
    consent = BooleanField(
        _l("I consent to the processing of my personal data"),
        [InputRequired(_l("Without the consent an account cannot be made"))],
    )


class ConfirmationForm(Form):
    """The password chosen at registration: a proof that the same person presses the button.

    ``way`` is asked only where a team of the same name is there.
    """

    password = PasswordField(_l("Password"), [InputRequired(_l("Enter the password"))])

    way = RadioField(
        _l("A team with this name is registered already"),
        choices=lambda: [
            SelectChoice("join", gettext("Ask to be taken into the team with the same name")),
            SelectChoice("new", gettext("Create a new team")),
        ],
        validate_choice=False,
    )


class EmailForm(Form):
    """Only an address."""

    email = address()


class NewPasswordForm(Form):
    """A new password by a link."""

    password = new_password(_l("New password"))


class InvitationForm(Form):
    """What somebody invited who has no password yet fills in; empty for the others."""

    name = StringField(_l("Your surname, first name and patronymic"), [Length(max=200)], filters=[one_spaced])
    password = PasswordField(_l("Password"))


class NewAccountForm(Form):
    """The same with both fields required."""

    name = NameField(_l("Your surname, first name and patronymic"))
    password = new_password(_l("Password"))


class ProfileForm(Form):
    """Name and language."""

    name = NameField(_l("Surname, first name and patronymic"))
    locale = SelectField(_l("Language of pages and letters"), [InputRequired()], choices=LANGUAGES)


class PasswordForm(Form):
    """Another password, by the present one."""

    current = PasswordField(_l("Present password"), [InputRequired(_l("Enter the present password"))])
    password = new_password(_l("New password"))


class RoleForm(Form):
    """A staff role in one contest or in all. ``contest_id`` 0 means all."""

    role = SelectField(_l("Role"), [InputRequired()])
    contest_id = SelectField(
        _l("Contest"), [InputRequired()], coerce=int, description=_l("An administrator is one for all contests")
    )

    def offer(self, contests: list[tuple[int, str]]) -> Self:
        """Fill the lists; ``contests`` are (id, title)."""
        self.role.choices = [SelectChoice(role.value, translate(ROLE_LABELS[role])) for role in STAFF_ROLES]
        self.contest_id.choices = [
            SelectChoice(0, translate("All contests")),
            *(SelectChoice(value, title) for value, title in contests),
        ]
        return self


class StaffInvitationForm(RoleForm):
    """Who is invited, as what."""

    name = NameField(_l("Surname, first name and patronymic"))
    email = address()
