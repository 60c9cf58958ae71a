"""Which passwords are refused.

No rules of composition: length and being hard to guess are what counts (NIST SP 800-63B, 5.1.1.2).
"""

from judging.adapters.password_strength import is_guessable, layouts
from judging.domain.errors import N_, Fault, Refused
from judging.services.accounts.password_hashing import MOST_TYPED, hash_password, normal

MIN_LENGTH, MAX_LENGTH = 12, 200


def check_password(password: str, *, email: str, name: str) -> None:
    """Raise :class:`Refused` at ``password`` for one that is short, overlong, common, or made of the person's data."""
    message = _fault(normal(password[: MOST_TYPED + 1]), email, name)
    if message:
        raise Refused([Fault("password", message, {"least": MIN_LENGTH, "most": MAX_LENGTH})])


def _fault(password: str, email: str, name: str) -> str | None:
    folded = password.casefold()
    if len(password) < MIN_LENGTH:
        return N_("The password must have at least %(least)d characters.")
    if len(password) > MAX_LENGTH:
        return N_("The password must have at most %(most)d characters.")
    personal = _personal(email, name)
    if any(part in spelling for part in personal for spelling in layouts(folded)):
        return N_("The password must not contain your name or your e-mail address.")
    if is_guessable(folded, personal):
        return N_("This password is too easy to guess. Choose another, for example several words in a row.")
    return None


def _personal(email: str, name: str) -> list[str]:
    """The parts of name and address that may not be in the password: those of four letters and more."""
    parts = [email, email.partition("@")[0], *name.split()]
    return [part.casefold() for part in parts if len(part) >= 4]


def new_password(password: str, *, email: str, name: str) -> str:
    """Return the hash of a password to be set; raise :class:`Refused` at ``password`` for one that may not be.

    Hashes, so it is called outside every transaction.
    """
    check_password(password, email=email, name=name)
    return hash_password(password)
