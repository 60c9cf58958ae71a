"""Two tabs on one sheet: whatever they do, no mark is lost silently."""

from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.models import JournalRecord, Review
from judging.services.concurrency import Stale
from tests.services.test_scoring import save, world

marks = st.none() | st.integers(0, 10)
steps = st.lists(
    st.tuples(st.sampled_from("AB"), st.sampled_from(["type E1", "type E2", "save", "reload"]), marks), max_size=20
)


class Tab:
    """A browser's tab: the version it was opened on and what is on its screen."""

    def __init__(self, review: Review) -> None:
        self.reload(review)

    def reload(self, review: Review) -> None:
        self.version, self.screen = review.version, {c: Decimal(t) for c, t in review.scores.items()}

    def type(self, code: str, mark: int | None) -> None:
        self.screen.pop(code, None)
        if mark is not None:
            self.screen[code] = Decimal(mark)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(script=steps)
def test_every_mark_that_was_stored_is_on_the_sheet_or_in_the_journal_as_overwritten(
    session: Session, script: list[tuple[str, str, int | None]]
) -> None:
    review = world(session)
    tabs = {"A": Tab(review), "B": Tab(review)}
    for name, act, mark in script:
        tab = tabs[name]
        if act.startswith("type"):
            tab.type(act[-2:], mark)
        elif act == "reload":
            tab.reload(review)
        else:
            _save(session, review, tab)
    assert _told(session, review) == {code: str(mark) for code, mark in _final(review).items()}


def _save(session: Session, review: Review, tab: Tab) -> None:
    before, version = dict(review.scores), review.version
    screen, known = {c: str(m) for c, m in tab.screen.items()}, tab.version
    try:
        save(session, review, tab.screen, version=known)
    except Stale:
        assert (known < version, review.scores) == (True, before)
        assert {code: str(mark) for code, mark in tab.screen.items()} == screen
        return
    session.flush()
    assert review.scores == screen
    assert known == version or before == screen
    tab.version = review.version


def _told(session: Session, review: Review) -> dict[str, str]:
    """Follow the journal from the first record: each names what it overwrote."""
    state: dict[str, Any] = {}
    wanted = select(JournalRecord).where(JournalRecord.subject_id == review.id).order_by(JournalRecord.id)
    for row in session.scalars(wanted):
        for code, (before, after) in row.details["marks"].items():
            assert state.get(code) == before
            state[code] = after
    return {code: mark for code, mark in state.items() if mark is not None}


def _final(review: Review) -> dict[str, Decimal]:
    return {code: Decimal(text) for code, text in review.scores.items()}
