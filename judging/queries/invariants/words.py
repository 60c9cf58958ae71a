"""The check of words: why something was decided, barred, returned or cancelled is what its record says."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from judging.domain.events import DECISIONS, Event
from judging.models import Conflict, Contest, JournalRecord, Review
from judging.queries.invariants.checks import Offence, differs
from judging.queries.invariants.starts import Start, contest_starts, since
from judging.queries.states import decisions, short

KINDS = {Event.CONFLICT_FOUND: "detected", Event.CONFLICT_DECLARED: "declared", Event.CONFLICT_ENTERED: "entered"}
CANCELLED = Event.CONTEST_CANCELLED
GIVEN = (Event.REVIEW_RETURNED, Event.REVIEW_DECLINED)
"""Events that give a review its reason."""
BARE = (Event.ASSIGNMENT_PROPOSED, Event.REVIEW_SUBMITTED, Event.REVIEW_ASKED_AGAIN)
"""Events after which a review has no reason."""
APPLIED = Event.PLAN_APPLIED
EVENTS = (*DECISIONS, *KINDS, CANCELLED, *GIVEN, *BARE, APPLIED)


class Words:
    """What the records of a contest say; what they do not say is not there."""

    def __init__(self) -> None:
        self.reasons: dict[int, str] = {}
        self.clauses: dict[int, str] = {}
        self.bars: dict[tuple[Any, Any], tuple[str, str]] = {}
        self.reviews: dict[int, str] = {}
        self.cancelled: str | None = None

    def follow(self, row: Row[Any]) -> None:
        """Take in one record."""
        said = row.details
        if row.event in DECISIONS:
            self.reasons |= {row.subject_id: said["reason"]} if "reason" in said else {}
            self.clauses |= {row.subject_id: said["clause"]} if "clause" in said else {}
        elif row.event in KINDS:
            self._barred(row)
        elif row.event == CANCELLED:
            self.cancelled = said.get("reason")
        elif row.event in GIVEN:
            self.reviews |= {row.subject_id: said["reason"]} if "reason" in said else {}
        elif row.event == APPLIED:
            self.reviews |= {added[0]: "" for added in (row.state or {}).get("added", ())}
        else:
            self.reviews[row.subject_id] = ""

    def _barred(self, row: Row[Any]) -> None:
        """A conflict names its reason on the task too that it takes off the expert."""
        state, reason = row.state or {}, row.details.get("reason")
        if reason is None:
            return
        self.bars[state.get("expert"), row.subject_id] = (KINDS[row.event], reason)
        if state.get("task") is not None and row.details.get("task", [None])[-1] == "recused":
            self.reviews[state["task"]] = reason


def false_words(session: Session) -> Iterator[Offence]:
    """Yield rows with another reason, clause or kind, or other words, than their record has."""
    for contest_id, start in contest_starts(session):
        words = _recorded(session, contest_id, start)
        yield from _decisions(session, contest_id, start, words)
        yield from _bars(session, contest_id, start, words)
        yield from _reviews(session, contest_id, words)
        yield from _contest(session, contest_id, start, words)


def _recorded(session: Session, contest_id: int, start: Start) -> Words:
    words = Words()
    rows = session.execute(
        since(
            session, contest_id, start, JournalRecord.event, JournalRecord.subject_id, JournalRecord.details,
            JournalRecord.state,
        ).where(JournalRecord.event.in_(EVENTS))
    )  # fmt: skip
    for row in rows:
        words.follow(row)
    return words


def _decisions(session: Session, contest_id: int, start: Start, words: Words) -> Iterator[Offence]:
    sealed = start.document.get("decisions")
    for key, (reason, clause) in decisions(session, contest_id):
        recorded = words.reasons.get(key)
        yield from _same("application", key, "the reason of the decision", reason, recorded)
        yield from _same("application", key, "the clause of the decision", clause, words.clauses.get(key))
        if recorded is None and sealed is not None:
            yield from _same(
                "application", key, "the words of the decision", short([reason, clause]),
                sealed.get(str(key), short(["", ""])),
            )  # fmt: skip


def _bars(session: Session, contest_id: int, start: Start, words: Words) -> Iterator[Offence]:
    sealed = {(row[0], row[1]): row[2] for row in start.document.get("conflicts", ()) if len(row) > 2}
    rows = session.execute(
        select(Conflict.id, Conflict.expert_id, Conflict.application_id, Conflict.kind, Conflict.reason)
        .where(Conflict.contest_id == contest_id)
        .order_by(Conflict.id)
    )
    for row in rows:
        pair = (row.expert_id, row.application_id)
        kind, reason = words.bars.get(pair, (None, None))
        yield from _same("conflict", row.id, "the kind", row.kind, kind)
        yield from _same("conflict", row.id, "the reason", row.reason, reason)
        if kind is None:
            yield from _same(
                "conflict", row.id, "kind and reason", short([row.kind, row.reason]), sealed.get(pair)
            )  # fmt: skip


def _reviews(session: Session, contest_id: int, words: Words) -> Iterator[Offence]:
    rows = session.execute(select(Review.id, Review.reason).where(Review.contest_id == contest_id).order_by(Review.id))
    for row in rows:
        yield from _same("review", row.id, "the reason", row.reason or "", words.reviews.get(row.id))


def _contest(session: Session, contest_id: int, start: Start, words: Words) -> Iterator[Offence]:
    stored = session.scalar(select(Contest.cancelled_reason).where(Contest.id == contest_id)) or ""
    recorded: Mapping[str, Any] = start.document if words.cancelled is None else {"cancelled_reason": words.cancelled}
    if "cancelled_reason" in recorded or start.sha256 is None:
        expected = recorded.get("cancelled_reason") or ""
        yield from _same("contest", contest_id, "the reason of the cancellation", stored, expected)


def _same(subject: str, key: int, what: str, stored: str, recorded: str | None) -> Iterator[Offence]:
    """Compare; what no record says (None) is not held against the row."""
    if recorded is not None and stored != recorded:
        yield differs(subject, key, what, stored or "none", recorded or "none")
