"""Qualified electronic signatures: what is known of one, and what it is worth to an application.

What the file itself says (who signed, with which certificate, when) is read always; whether it is true of the document
is proved only where the installation can (``adapters/signatures``). What it means for the application (whose it is) is
asked whenever it is shown, for the application may change.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

MOST_SIGNERS = 10


class Verdict(StrEnum):
    """What the check of a signature found, of several things the worst."""

    VALID = "valid"
    UNVERIFIED = "unverified"
    UNTRUSTED = "untrusted"
    EXPIRED = "expired"
    REVOKED = "revoked"
    WRONG = "wrong"


WORTH: Mapping[Verdict, int] = {
    Verdict.VALID: 3, Verdict.UNVERIFIED: 2, Verdict.UNTRUSTED: 2,
    Verdict.EXPIRED: 0, Verdict.REVOKED: 0, Verdict.WRONG: 0,
}  # fmt: skip
"""3: stands; 2: counts as present, and is warned about; 0: is no signature to the contest."""


@dataclass(frozen=True)
class Signer:
    """Who signed by the certificate. Of the СНИЛС only its last digits are kept. Instants are ISO 8601 in UTC."""

    name: str = ""
    post: str = ""
    organisation: str = ""
    inn: str = ""
    organisation_inn: str = ""
    ogrn: str = ""
    snils_end: str = ""
    issuer: str = ""
    serial: str = ""
    valid_from: str = ""
    valid_till: str = ""
    signed_at: str = ""
    algorithm: str = ""
    qualified: bool = False

    @property
    def inns(self) -> frozenset[str]:
        """Every ИНН that may be that of the organisation."""
        return frozenset(plain_inn(one) for one in (self.organisation_inn, self.inn) if one)

    def valid_at(self, instant: datetime) -> bool:
        """Whether the certificate was in force then, and at the time of signing that the signature itself states."""
        begin, end = (datetime.fromisoformat(one) for one in (self.valid_from, self.valid_till))
        stated = datetime.fromisoformat(self.signed_at) if self.signed_at else instant
        return begin <= instant <= end and begin <= min(stated, instant) <= end


@dataclass(frozen=True)
class Facts:
    """What is known of a signature. ``matched``: it was proved to be of this very file; None: it could not be asked.

    ``trusted`` and ``revocation``: whether the certificate leads to a trusted root and whether a list of revoked ones
    was at hand; None where nothing was asked. ``covers``: of a signature within a PDF, whether it is of the whole file.
    """

    signers: tuple[Signer, ...]
    matched: bool | None = None
    trusted: bool | None = None
    revocation: bool | None = None
    covers: bool = True

    def stored(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(self)

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> "Facts":
        """What :meth:`stored` gave."""
        signers = tuple(Signer(**one) for one in stored["signers"])
        return cls(signers, **{name: value for name, value in stored.items() if name != "signers"})


class Whose(StrEnum):
    """Whose signature it is, to the application."""

    INITIATOR = "initiator"
    PARTICIPANT = "participant"
    PERSON = "person"
    OTHER = "other"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Party:
    """An organisation of the application, by its numbers."""

    inn: str
    ogrn: str = ""


def whose(signer: Signer, initiator: Party | None, participants: Collection[Party]) -> Whose:
    """Say whose signature it is: by the ИНН, or by the ОГРН; a person's where the certificate names no organisation."""
    if initiator is None:
        return Whose.UNKNOWN
    if _is(signer, initiator):
        return Whose.INITIATOR
    if any(_is(signer, one) for one in participants):
        return Whose.PARTICIPANT
    if not (signer.organisation_inn or signer.ogrn or signer.organisation):
        return Whose.PERSON
    return Whose.OTHER


def _is(signer: Signer, party: Party) -> bool:
    return party.inn in signer.inns or bool(party.ogrn and party.ogrn == signer.ogrn)


def plain_inn(text: str) -> str:
    """An ИНН as the registers have it: certificates of organisations once bore ten digits after two noughts."""
    return text[2:] if len(text) == len("00") + 10 and text.startswith("00") else text


def same_person(one: str, other: str) -> bool:
    """Whether two spellings name one person: the same surname, and initials or names that do not differ.

    «Иванова Мария Петровна» is «Иванова М. П.»; ё is е.
    """
    left, right = _names(one), _names(other)
    if not left or not right or left[0] != right[0]:
        return False
    return all(a.startswith(b) or b.startswith(a) for a, b in zip(left[1:], right[1:], strict=False))


def _names(text: str) -> list[str]:
    return re.findall(r"[\w-]+", text.casefold().replace("ё", "е"))


def counts(verdict: Verdict, facts: Facts, initiator: Party | None, participants: Collection[Party]) -> int:
    """What a signature is worth beside a document (:data:`WORTH`), with regard to whose it is."""
    worth = WORTH[verdict]
    found = [whose(signer, initiator, participants) for signer in facts.signers]
    if found and all(one is Whose.OTHER for one in found):
        return 0
    if any(one in (Whose.INITIATOR, Whose.PARTICIPANT) for one in found) and facts.covers:
        return worth
    return min(worth, 2)
