"""The ticket in a workbook of score sheets: whose it is, of which sheets in which versions, and the proof of it.

It is text that whoever has the file can read and change; it ends with a code made with the installation's key, so
that what was changed, or made elsewhere, is no ticket any more. Protection of a sheet against typing proves nothing.
"""

import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from judging.domain.errors import N_, RuleViolation
from judging.domain.offline.places import Part, Place

PURPOSE = b"score sheets in a file, 1\n"
"""Stands before everything that is signed: no other code of the same key is one of a ticket."""
CODE = 64
"""Signs of the code."""
Keys = Sequence[str]
"""The installation's keys, those before the present one too; the last one signs."""


class NoTicket(RuleViolation):
    """The file is none that the system gave, or its hidden part was changed."""

    def __init__(self) -> None:
        super().__init__(
            N_(
                "This is not a file of score sheets that was downloaded here, or its hidden part was changed. "
                "Download the file anew and carry your marks over."
            )
        )


@dataclass(frozen=True)
class TicketSheet:
    """A sheet as it was when the file was made; ``base`` has the fingerprint of every place that may be filled."""

    review_id: int
    version: int
    number: str
    base: Mapping[Place, str]


@dataclass(frozen=True)
class Ticket:
    """What a file was made of; ``made_at`` is an instant in ISO 8601."""

    contest: str
    expert: str
    made_at: str
    sheets: tuple[TicketSheet, ...]


def ticket_text(ticket: Ticket, keys: Keys) -> str:
    """Write a ticket, its code at the end: letters, digits and signs of ASCII without a space, to be cut anywhere."""
    head = {"contest": ticket.contest, "expert": ticket.expert, "made_at": ticket.made_at}
    document = {**head, "sheets": [_document(sheet) for sheet in ticket.sheets]}
    said = json.dumps(document, ensure_ascii=True, separators=(",", ":")).replace(" ", "\\u0020")
    return said + _code(said, keys[-1])


def read_ticket(text: str, keys: Keys) -> Ticket:
    """Read a ticket. Raises :class:`NoTicket` where its code is none that the system made."""
    said, code = text[:-CODE], text[-CODE:]
    if not said or not any(hmac.compare_digest(_code(said, key).encode(), _bytes(code)) for key in keys):
        raise NoTicket
    document = json.loads(said)
    sheets = tuple(map(_sheet, document["sheets"]))
    return Ticket(document["contest"], document["expert"], document["made_at"], sheets)


def _document(sheet: TicketSheet) -> dict[str, Any]:
    return {
        "review": sheet.review_id,
        "version": sheet.version,
        "application": sheet.number,
        "places": [[place.part, place.code, fingerprint] for place, fingerprint in sheet.base.items()],
    }


def _sheet(document: Mapping[str, Any]) -> TicketSheet:
    base = {Place(Part(part), code): fingerprint for part, code, fingerprint in document["places"]}
    return TicketSheet(document["review"], document["version"], document["application"], base)


def _code(said: str, key: str) -> str:
    return hmac.new(key.encode(), PURPOSE + _bytes(said), sha256).hexdigest()


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
