"""What a looked-at file would change, carried by the page from the look to the act: signed, and packed into a field.

The file itself is not kept anywhere. Only the places that differ are carried, with what the file was made of, so that
they are compared anew with what is stored when they are saved.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import current_app
from itsdangerous import BadData, URLSafeTimedSerializer

from judging.domain.errors import N_, RuleViolation
from judging.domain.offline.comparing import Compared, Filled, State
from judging.domain.offline.places import Part, Place
from judging.domain.offline.ticket import Ticket, TicketSheet
from judging.domain.rubric import ExpertCriterion
from judging.models import Expert
from judging.web.request_bounds import MOST_CARRIED

SALT = "score-sheets-looked-at"
LONGEST = 12 * 3600
"""Seconds for which a page that was looked at can be acted upon."""


class TooMuch(RuleViolation):
    """The file brings more words than a page carries."""

    def __init__(self) -> None:
        super().__init__(
            N_(
                "The file brings more text than can be taken at once. Delete the sheets of some applications from a "
                "copy of it, load that, then load the others in the same way."
            )
        )


@dataclass(frozen=True)
class Carried:
    """What a file says, as it was read when it was looked at; ``versions`` are those that the sheets had then."""

    ticket: Ticket
    cells: Mapping[int, Mapping[Place, Filled]]
    versions: Mapping[int, int]

    def filled(self, review_id: int, rules: Sequence[ExpertCriterion]) -> Mapping[Place, Filled]:
        """Return what the file has in the places of one sheet that differed."""
        return self.cells.get(review_id, {})


def carry(compared: Compared, ticket: Ticket) -> str:
    """Pack what is new or was changed on the site. Raises :class:`TooMuch`."""
    wanted: dict[int, dict[Place, tuple[str, str]]] = {}
    for row in compared.rows:
        if row.state in (State.NEW, State.CHANGED):
            wanted.setdefault(row.review_id, {})[row.place] = (row.cell, row.text)
    sheets = [
        [one.review_id, one.version, one.number, [
            [*place, one.base.get(place, ""), *said] for place, said in wanted[one.review_id].items()
        ]]
        for one in compared.given if one.review_id in wanted
    ]  # fmt: skip
    packed = str(_serializer().dumps([ticket.contest, ticket.expert, ticket.made_at, sheets]))
    if len(packed) > MOST_CARRIED:
        raise TooMuch
    return packed


def carried(packed: str, expert: Expert) -> Carried | None:
    """Unpack what :func:`carry` packed for this expert; None for anything else."""
    try:
        contest, email, made_at, sheets = _serializer().loads(packed, max_age=LONGEST)
    except BadData:
        return None
    if email != expert.email:
        return None
    ticket = Ticket(contest, email, made_at, tuple(_ticket_sheet(*sheet) for sheet in sheets))
    cells = {review_id: dict(map(_cell, places)) for review_id, _, _, places in sheets}
    return Carried(ticket, cells, {review_id: version for review_id, version, _, _ in sheets})


def _ticket_sheet(review_id: int, version: int, number: str, places: Sequence[Sequence[str]]) -> TicketSheet:
    base = {Place(Part(part), code): print_ for part, code, print_, _, _ in places}
    return TicketSheet(review_id, version, number, base)


def _cell(place: Sequence[Any]) -> tuple[Place, Filled]:
    part, code, _, cell, text = place
    return Place(Part(part), code), Filled(cell, text)


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SIGNING_KEYS"], salt=SALT)
