"""Changes of a draft contest's nominations: they are added, changed, removed, put in another order.

Where a contest has nominations every application is in one. So the first one that is added takes all that are there
(they came with an archive), and one that holds some is removed only as the last, which leaves them without any.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from judging.adapters.archive import nomination_object
from judging.domain import nominations as domain
from judging.domain.access import By
from judging.domain.errors import N_, Fault, Refused, RuleViolation
from judging.domain.events import Event
from judging.domain.fields.bounds import MOST_NOMINATIONS
from judging.models import Application, Contest, Nomination
from judging.queries.contests import criteria_of, nominations_of
from judging.queries.forms import named_nominations
from judging.services import audit
from judging.services.contests.contest_hold import draft, touch
from judging.services.contests.row_order import move_row, next_position, number_rows

IN_USE = N_("There are applications in this nomination: it cannot be removed.")
FORM_NAMES = N_("The form of the contest names this nomination: change the form first.")


class NoSuchNomination(RuleViolation):
    """The nomination was removed meanwhile."""


class NominationInUse(RuleViolation):
    """There are applications in the nomination, and others that they could be in."""


@dataclass(frozen=True)
class NominationChange:
    """A nomination as it is to be; ``version`` is that of the contest which was looked at."""

    nomination: domain.Nomination
    version: int


def add_nomination(session: Session, contest_id: int, change: NominationChange, *, by: By) -> Nomination:
    """Add a nomination at the end; raise ``Refused`` (paths start at the nomination)."""
    contest = draft(session, contest_id, change.version)
    if len(contest.nominations) >= MOST_NOMINATIONS:
        raise Refused([Fault("code", N_("No more than %(most)s nominations"), {"most": MOST_NOMINATIONS})])
    _refuse_faults(contest, change.nomination, None)
    first = not contest.nominations
    row = Nomination(position=next_position(contest.nominations), **_values(change.nomination))
    contest.nominations.append(row)
    session.flush()
    if first:
        _move_all(session, contest, row.id)
    _record(session, contest, row.code, None, row.definition, by)
    return row


def change_nomination(
    session: Session, contest_id: int, nomination_id: int, change: NominationChange, *, by: By
) -> Nomination:
    """Change a nomination of a draft contest; raise ``Refused`` (paths start at the nomination)."""
    contest = draft(session, contest_id, change.version)
    row = _row(contest, nomination_id)
    _refuse_faults(contest, change.nomination, row)
    if change.nomination.code != row.code and row.code in named_nominations(contest):
        raise Refused([Fault("code", FORM_NAMES)])
    before = row.definition
    for name, value in _values(change.nomination).items():
        setattr(row, name, value)
    if before != row.definition:
        _record(session, contest, row.code, before, row.definition, by)
    return row


def remove_nomination(session: Session, contest_id: int, nomination_id: int, *, version: int, by: By) -> Contest:
    """Remove a nomination from a draft contest; raise :class:`NominationInUse` where applications have no other."""
    contest = draft(session, contest_id, version)
    row = _row(contest, nomination_id)
    if len(contest.nominations) > 1 and session.scalar(select(exists().where(Application.nomination_id == row.id))):
        raise NominationInUse(IN_USE)
    if row.code in named_nominations(contest):
        raise NominationInUse(FORM_NAMES)
    _move_all(session, contest, None, of=row.id)
    before = row.definition
    contest.nominations.remove(row)
    number_rows(contest.nominations)
    _record(session, contest, row.code, before, None, by)
    return contest


def move_nomination(
    session: Session, contest_id: int, nomination_id: int, places: int, *, version: int, by: By
) -> Contest:
    """Move a nomination of a draft contest by ``places`` (negative: up); past an end it stays at the end."""
    contest = draft(session, contest_id, version)
    row = _row(contest, nomination_id)
    before, after = move_row(contest.nominations, row, places)
    if after != before:
        _record(session, contest, "order", before, after, by)
    return contest


def put_nominations(session: Session, contest: Contest, wanted: Sequence[domain.Nomination], *, by: By) -> None:
    """Add and change nominations of a draft whose rubric is in place; they are known by their code.

    Those that are not wanted stay behind the others, for the form that may still name them, until
    :func:`keep_nominations`.
    """
    rows, before = {row.code: row for row in contest.nominations}, [row.code for row in contest.nominations]
    details: dict[str, Any] = {}
    for place, one in enumerate(wanted):
        row = rows.get(one.code)
        old, values = row.definition if row else None, _values(one)
        if row is None:
            row = Nomination(**values)
            contest.nominations.append(row)
        elif old != values["definition"]:
            row.title, row.title_en, row.definition = one.title, one.title_en, values["definition"]
        row.position = place
        details |= {one.code: [old, row.definition]} if old != row.definition else {}
    codes = [one.code for one in wanted]
    for place, row in enumerate(row for code, row in rows.items() if code not in codes):
        row.position = len(codes) + place
    if [code for code in before if code in codes] != [code for code in codes if code in before]:
        details["order"] = [before, codes]
    session.flush()
    session.expire(contest, ["nominations"])
    if not before and wanted:
        _move_all(session, contest, contest.nominations[0].id)
    _record_all(session, contest, details, by)


def keep_nominations(session: Session, contest: Contest, codes: Collection[str], *, by: By) -> None:
    """Remove the draft's other nominations.

    Raises :class:`Refused` at ``nominations`` where applications have no other, or a version of the form names one.
    """
    gone = [row for row in contest.nominations if row.code not in codes]
    held = select(exists().where(Application.nomination_id.in_([row.id for row in gone])))
    if codes and session.scalar(held):
        raise Refused([Fault("nominations", IN_USE)])
    if gone and not named_nominations(contest).isdisjoint(row.code for row in gone):
        raise Refused([Fault("nominations", FORM_NAMES)])
    details: dict[str, Any] = {}
    for row in gone:
        _move_all(session, contest, None, of=row.id)
        details[row.code] = [row.definition, None]
        contest.nominations.remove(row)
    session.flush()
    _record_all(session, contest, details, by)


def reweigh(contest: Contest, old: str, new: str | None) -> None:
    """Let the weights of nominations follow a criterion to its new code; None: it is removed."""
    for row in contest.nominations:
        weights = row.definition["weights"]
        if old in weights:
            moved = {(new if code == old else code): value for code, value in weights.items() if new or code != old}
            row.definition = row.definition | {"weights": moved}


def _move_all(session: Session, contest: Contest, to: int | None, *, of: int | None = None) -> None:
    """Put the contest's applications (of one nomination) into another one, or into none."""
    session.flush()
    which = Application.nomination_id.is_(None) if of is None else Application.nomination_id == of
    session.execute(
        update(Application).where(Application.contest_id == contest.id, which).values(nomination_id=to),
        execution_options={"synchronize_session": "fetch"},
    )


def _row(contest: Contest, nomination_id: int) -> Nomination:
    for row in contest.nominations:
        if row.id == nomination_id:
            return row
    raise NoSuchNomination(N_("This nomination is no longer there."))


def _values(nomination: domain.Nomination) -> dict[str, Any]:
    return {
        "code": nomination.code,
        "title": nomination.title,
        "title_en": nomination.title_en,
        "definition": dict(nomination_object(nomination)),
    }


def _refuse_faults(contest: Contest, nomination: domain.Nomination, row: Nomination | None) -> None:
    others = [value for other, value in zip(contest.nominations, nominations_of(contest), strict=True) if other != row]
    faults = [*domain.repeat_faults(nomination, others), *domain.nomination_faults(nomination, criteria_of(contest))]
    if faults:
        raise Refused(faults)


def _record(session: Session, contest: Contest, name: str, before: object, after: object, by: By) -> None:
    _record_all(session, contest, {name: [before, after]}, by)


def _record_all(session: Session, contest: Contest, details: dict[str, Any], by: By) -> None:
    if not details:
        return
    touch(contest)
    audit.record(
        session, Event.NOMINATIONS_CHANGED, by=by, subject=contest, label=contest.title, contest_id=contest.id,
        details=details,
    )  # fmt: skip
