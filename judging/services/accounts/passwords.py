"""Which passwords are refused.

No rules of composition: length and being hard to guess are what counts (NIST SP 800-63B, 5.1.1.2).
"""

from judging.domain.errors import N_, Fault, Refused
from judging.services.accounts.hashing import MOST_TYPED, hash_password, normal

MIN_LENGTH, MAX_LENGTH = 12, 200
COMMON = frozenset(
    {
        "123456789012", "1234567890123", "1234567890qwerty", "12345678901234", "123456789012345", "1234567890123456",
        "qwertyuiop123", "qwerty123456", "qwertyuiop12", "qwertyqwerty", "qwerty1234567", "1q2w3e4r5t6y",
        "1q2w3e4r5t6y7u8i", "1qaz2wsx3edc", "1qaz2wsx3edc4rfv", "q1w2e3r4t5y6", "password1234", "password12345",
        "passwordpassword", "administrator", "administrator1", "adminadminadmin", "iloveyou1234", "111111111111",
        "000000000000", "123123123123", "121212121212", "112233445566", "987654321098", "0987654321qw",
        "zxcvbnm12345", "asdfghjkl123", "asdfghjklqwe", "abcdefghijkl", "qazwsxedcrfv", "letmein12345",
        "welcome12345", "changeme1234", "йцукенгшщзхъ", "йцукен123456", "йцукенйцукен", "парольпароль",
        "пароль123456", "администратор", "администратор1", "привет123456", "любимыйпароль", "gfhjkmgfhjkm",
        "gfhjkm123456", "ghbdtnghbdtn", "ghbdtn123456", "konkurs12345", "minpromtorg1", "klaster12345",
    }
)  # fmt: skip
"""Passwords that are long enough and yet among the first that anybody would try."""


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
    if folded in COMMON or len(set(folded)) < 4:
        return N_("This password is too easy to guess. Choose another, for example several words in a row.")
    if any(part in folded for part in _personal(email, name)):
        return N_("The password must not contain your name or your e-mail address.")
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
