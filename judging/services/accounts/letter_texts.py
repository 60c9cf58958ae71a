"""The letters about accounts: English templates; their translations are in the catalogue of this area."""

from judging.domain.errors import N_
from judging.services.letters import Wording

CONFIRM = Wording(
    N_("Confirm your e-mail address"),
    N_(
        "Hello, %(name)s!\n\n"
        "You have registered the cluster team “%(team)s” for contests of joint projects of industrial clusters.\n"
        "To finish, open the page and press the button on it:\n\n%(link)s\n\n"
        "The link works until %(until)s.\n"
        "If it was not you who registered, do nothing: no account is made without the button.\n"
    ),
)
ALREADY_REGISTERED = Wording(
    N_("You already have an account"),
    N_(
        "Hello, %(name)s!\n\n"
        "Somebody has just tried to register a cluster team with your e-mail address, but it already has an account.\n"
        "If it was you, sign in: %(sign_in)s\n"
        "If you have forgotten the password, set a new one: %(forgot)s\n\n"
        "If it was not you, do nothing: your account has not changed.\n"
    ),
)
RESET = Wording(
    N_("A new password"),
    N_(
        "Hello, %(name)s!\n\n"
        "You have asked to set a new password. Open the page and enter it there:\n\n%(link)s\n\n"
        "The link works once and until %(until)s. All your devices will be signed out.\n"
        "If it was not you who asked, do nothing: the password stays as it is.\n"
    ),
)
INVITE_STAFF = Wording(
    N_("An invitation: %(role)s"),
    N_(
        "Hello, %(name)s!\n\n"
        "%(inviter)s invites you to work with contests of joint projects of industrial clusters.\n"
        "Role: %(role)s.\n"
        "Contest: %(contest)s.\n\n"
        "To accept, open the page and press the button on it:\n\n%(link)s\n\n"
        "The link works until %(until)s.\n"
    ),
)
INVITE_EXPERT = Wording(
    N_("An invitation to judge joint projects"),
    N_(
        "Hello, %(name)s!\n\n"
        "%(inviter)s invites you as an expert to the contest “%(contest)s”.\n"
        "To accept, open the page and press the button on it:\n\n%(link)s\n\n"
        "The link works until %(until)s. You will see the applications after they have been assigned to you.\n"
    ),
)
PASSWORD_CHANGED = Wording(
    N_("Your password has been changed"),
    N_(
        "Hello, %(name)s!\n\n"
        "The password of your account was changed on %(at)s. Your other devices have been signed out.\n"
        "If it was not you, set a new password at once: %(forgot)s\n"
    ),
)
EVERY_CONTEST = N_("all contests")
