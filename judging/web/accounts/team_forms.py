"""Forms of teams: invitations, the account of somebody invited, a team of one's own."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from judging.domain.teams import LONGEST_REASON, TEAM_ROLE_LABELS, TeamRole
from judging.web.accounts.forms import NameField, address, new_password, one_spaced
from judging.web.forms import Form, SelectChoice
from judging.web.templating import translate


class PressForm(Form):
    """Nothing but the press: somebody who has an account accepts."""


class NewMateForm(Form):
    """What somebody invited who has no account yet fills in."""

    name = NameField(_l("Your surname, first name and patronymic"))
    password = new_password(_l("Password"))
    consent = BooleanField(
        _l("I consent to the processing of my personal data"),
        [InputRequired(_l("Without the consent an account cannot be made"))],
    )


INVITED = (TeamRole.MEMBER, TeamRole.HEAD)


class MateForm(Form):
    """Who is invited into a team; only its lead invites a head of the organisation."""

    name = NameField(_l("Surname, first name and patronymic"))
    email = address(description=_l("The letter with the invitation goes to this address"))
    role = SelectField(
        _l("Role in the team"),
        [InputRequired(_l("Choose a role."))],
        choices=lambda: [SelectChoice(role.value, translate(TEAM_ROLE_LABELS[role])) for role in INVITED],
        default=TeamRole.MEMBER.value,
    )

    def for_member(self) -> None:
        """Leave out what only the lead of the team gives."""
        self.role.choices = [SelectChoice(TeamRole.MEMBER.value, translate(TEAM_ROLE_LABELS[TeamRole.MEMBER]))]


class MendingForm(Form):
    """Whom an administrator invites to lead a team, and why."""

    name = NameField(_l("Surname, first name and patronymic"))
    email = address(description=_l("The letter with the invitation goes to this address"))
    reason = TextAreaField(
        _l("Reason"),
        [InputRequired(_l("Give the reason.")), Length(max=LONGEST_REASON)],
        description=_l("For example: the only person of the team has left. Everybody in the team is told."),
    )


class TeamNameForm(Form):
    """A team of one's own."""

    team = StringField(
        _l("Name of the team"), [InputRequired(_l("Enter the name of the team")), Length(max=300)], filters=[one_spaced]
    )
