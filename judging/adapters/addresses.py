"""E-mail addresses: the one form in which they are stored, compared and shown, and the one in which letters go out.

The stored form is the readable one: Unicode NFC, small letters, the domain as people write it (``завод.рф``, not
``xn--80aegj1b.xn--p1ai``). Two spellings of one address have the same stored form (IDNA 2008 with the mapping of
UTS 46, as browsers do it).
"""

import re
import unicodedata
from email.utils import formataddr, parseaddr
from functools import cache, lru_cache
from types import ModuleType
from typing import TYPE_CHECKING

from judging.domain.errors import N_, Unfit

if TYPE_CHECKING:
    from email_validator import ValidatedEmail

LONGEST_ADDRESS = 254
"""RFC 5321: a path of 256 octets with its angle brackets."""
LONGEST_SPELLING = 1000
"""What is longer is not looked at: the work of reading a domain grows faster than its length."""
NO_ADDRESS = N_("not an e-mail address")
FOREIGN_NAME = N_("mail servers take only Latin letters, digits and signs before the @")
LONG_ADDRESS = N_("longer than %(max_length)s characters")
_ASCII_LABEL = re.compile(r"\bxn--[a-z0-9-]{1,59}", re.IGNORECASE | re.ASCII)
"""A label of an internationalised domain as mail servers take it."""


@lru_cache(maxsize=8192)
def normal_address(text: str) -> str:
    """Return the stored form of an address; raise :class:`Unfit` that says why it cannot be one that letters reach."""
    spelled = _shorn(text)
    if len(text) > LONGEST_SPELLING or len(spelled) > LONGEST_ADDRESS:
        raise Unfit(LONG_ADDRESS, max_length=LONGEST_ADDRESS)
    name, _, domain = spelled.rpartition("@")
    if name and domain and not name.isascii():
        _checked(f"name@{domain}")
        raise Unfit(FOREIGN_NAME)
    return _checked(spelled).normalized.lower()


def address_key(text: str) -> str:
    """Return what an address is compared by: its stored form, or small letters where it cannot be an address."""
    try:
        return normal_address(text)
    except Unfit:
        return _shorn(text).lower()


def search_form(word: str) -> str:
    """Return a word of a search with its address, or the part of one that was typed, as addresses are stored.

    A whole address gets its stored form; of parts («@xn--80aegj1b.xn--p1ai», «xn--80aegj1b») each ASCII label is read.
    """
    if "@" in word:
        word = address_key(word)
    return _ASCII_LABEL.sub(_readable, word)


def _readable(label: re.Match[str]) -> str:
    try:
        read = label[0][4:].encode("ascii").decode("punycode")
    except UnicodeError:
        return label[0]
    return read if read and read.isprintable() else label[0]


def reachable(address: str) -> bool:
    """Say whether a letter can go to a stored address (older ones were checked less)."""
    try:
        return bool(wire_address(address))
    except Unfit:
        return False


def wire_address(address: str) -> str:
    """Return the address as mail servers take it: a Cyrillic domain in its ASCII letters; raise :class:`Unfit`."""
    found = _checked(normal_address(address)).ascii_email
    if found is None:
        raise Unfit(FOREIGN_NAME)
    return found


def wire_sender(sender: str) -> str:
    """Return «Name <address>» as mail servers take it; raise :class:`Unfit` where no letter could go out from it.

    A host without dots is taken: an installation that sends nothing yet says ``judging@localhost``.
    """
    name, address = parseaddr(sender)
    local, _, host = address.rpartition("@")
    if local and local.isascii() and host.isascii() and host.isalnum():
        return sender
    written = wire_address(address)
    return formataddr((name, written)) if name else written


def _shorn(text: str) -> str:
    """The text without spaces around and without invisible characters, which come along when an address is copied."""
    kept = (sign for sign in text[:LONGEST_SPELLING] if unicodedata.category(sign) != "Cf")
    return unicodedata.normalize("NFC", "".join(kept).strip())


@lru_cache(maxsize=8192)
def _checked(spelled: str) -> "ValidatedEmail":
    library = _library()
    try:
        found: ValidatedEmail = library.validate_email(spelled, check_deliverability=False, allow_smtputf8=False)
        return found
    except library.EmailNotValidError as error:
        raise Unfit(NO_ADDRESS) from error


@cache
def _library() -> ModuleType:
    """The library that knows addresses, loaded by the first that is looked at: most commands look at none.

    Names such as .local or .test serve mail within an organisation, and stand in archives made anonymous.
    """
    import email_validator

    email_validator.SPECIAL_USE_DOMAIN_NAMES.clear()
    return email_validator
