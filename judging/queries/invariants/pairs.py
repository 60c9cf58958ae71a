"""Checks of experts and conflicts: every card and every barred pair is the one that the records lead to."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from judging.domain.events import CONFLICTS, Event
from judging.models import Expert, JournalRecord
from judging.queries.invariants.checks import Offence, differs
from judging.queries.invariants.starts import Start, contest_starts, since
from judging.queries.states import conflicts, experts

LIFTED = Event.CONFLICT_LIFTED
CARDS = (Event.EXPERT_ADDED, Event.EXPERT_CHANGED, Event.EXPERT_REMOVED, Event.INVITATION_ACCEPTED)


def false_conflicts(session: Session) -> Iterator[Offence]:
    """Yield pairs that are barred without a record, and recorded conflicts that are gone without one."""
    for contest_id, start in contest_starts(session):
        expected = _recorded_pairs(session, contest_id, start)
        stored = set(conflicts(session, contest_id))
        there = set(session.scalars(select(Expert.id).where(Expert.contest_id == contest_id)))
        for expert_id, application_id in sorted(stored - expected):
            found = f"the conflict with expert {expert_id} has no record"
            yield Offence("application", application_id, found, "barred", "not barred")
        for expert_id, application_id in sorted(pair for pair in expected - stored if pair[0] in there):
            found = f"the conflict with expert {expert_id} is gone without a record"
            yield Offence("application", application_id, found, "not barred", "barred")


def false_experts(session: Session) -> Iterator[Offence]:
    """Yield experts' cards with something that no record put there: limit, employer, account."""
    for contest_id, start in contest_starts(session):
        expected = _recorded_cards(session, contest_id, start)
        stored = dict(experts(session, contest_id))
        for key, card in stored.items():
            if key not in expected:
                yield Offence("expert", key, f"{card['email']}: no record of this card")
                continue
            recorded = expected[key]
            for name in recorded:
                if name in card and card[name] != recorded[name]:
                    yield differs("expert", key, name, card[name], recorded[name])
        for key in sorted(expected.keys() - stored.keys()):
            yield Offence("expert", key, f"{expected[key].get('email')}: is gone without a record")


def _recorded_pairs(session: Session, contest_id: int, start: Start) -> set[tuple[int, int]]:
    pairs = {(sealed[0], sealed[1]) for sealed in start.document.get("conflicts", ())}
    rows = session.execute(
        since(
            session, contest_id, start, JournalRecord.event, JournalRecord.subject_id, JournalRecord.state
        ).where(JournalRecord.event.in_((*CONFLICTS, LIFTED)))
    )  # fmt: skip
    for row in rows:
        pair = ((row.state or {}).get("expert"), row.subject_id)
        (pairs.discard if row.event == LIFTED else pairs.add)(pair)
    return {pair for pair in pairs if None not in pair}


def _recorded_cards(session: Session, contest_id: int, start: Start) -> Mapping[int, dict[str, Any]]:
    cards = {key: dict(card) for key, card in start.rows("experts").items()}
    rows = session.execute(
        since(
            session, contest_id, start, JournalRecord.event, JournalRecord.subject_id, JournalRecord.actor_id,
            JournalRecord.details, JournalRecord.state,
        ).where(JournalRecord.event.in_(CARDS))
    )  # fmt: skip
    for row in rows:
        _follow(cards, row)
    return cards


def _follow(cards: dict[int, dict[str, Any]], row: Row[Any]) -> None:
    if row.event == Event.EXPERT_ADDED:
        cards[row.subject_id] = dict(row.details) | {"user_id": None}
    elif row.event == Event.EXPERT_REMOVED:
        cards.pop(row.subject_id, None)
    elif row.event == Event.EXPERT_CHANGED and row.subject_id in cards:
        cards[row.subject_id] |= {name: change[1] for name, change in row.details.items()}
    elif (row.state or {}).get("expert") in cards:
        cards[row.state["expert"]]["user_id"] = row.actor_id
