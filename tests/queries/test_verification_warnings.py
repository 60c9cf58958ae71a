"""`judging verify` where there is little: what only warns, and what a replaced contest leaves."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from judging.adapters.archive import read_archive
from judging.adapters.clock_steps import Step
from judging.domain.access import CONSOLE, By
from judging.domain.arrival import LONGEST_CARRIED, SLACK
from judging.domain.events import Event
from judging.models import GrantRequest
from judging.queries.invariants import TRACES
from judging.services.archives import load_contest
from judging.services.audit import record
from judging.services.clock import note_steps
from tests import factories, histories
from tests.factories import MOMENT
from tests.queries.test_verification import GOLDEN, found


def warned(session: Session, code: str) -> list[str]:
    """What a check that only warns finds."""
    session.flush()
    check = next(trace for trace in TRACES if trace.code == code)
    assert check.warning
    return [str(offence) for offence in check.find(session)]


@pytest.mark.parametrize(("late", "told"), [(timedelta(minutes=13), 0), (SLACK, 0), (SLACK + timedelta(seconds=1), 1)])
def test_a_carried_form_is_no_clock_that_runs_backwards(session: Session, late: timedelta, told: int) -> None:
    """Its record bears its first arrival; what was done meanwhile was recorded before it."""
    person = factories.user(session)
    for at in (MOMENT, MOMENT - late):
        record(session, Event.ACCOUNT_CHANGED, by=By(CONSOLE, at), subject=person)
    assert SLACK > LONGEST_CARRIED == timedelta(minutes=15)
    assert len(warned(session, "journal-in-order")) == told


def test_a_submission_before_those_that_were_there_when_the_clock_was_set_back_is_a_warning(session: Session) -> None:
    contest, other = factories.contest(session), factories.contest(session)
    drafts = [factories.application(session, one) for one in (contest, contest, other)]
    instants = [MOMENT, MOMENT - timedelta(minutes=5), MOMENT - timedelta(minutes=5)]

    def submissions() -> None:
        for item, at in zip(drafts, instants, strict=True):
            record(session, Event.APPLICATION_SUBMITTED, by=By(CONSOLE, at), subject=item, contest_id=item.contest_id)

    submissions()
    assert warned(session, "submissions-in-order") == []
    note_steps(session, [Step(MOMENT + timedelta(seconds=1), MOMENT - timedelta(minutes=5))])
    submissions()
    assert warned(session, "submissions-in-order") == [
        f"application {drafts[1].id}: submitted at {instants[1].isoformat()} after the clock was set back; "
        f"an earlier one has {MOMENT.isoformat()}"
    ]


def test_who_approved_a_role_of_his_own_is_a_warning(session: Session) -> None:
    """Such approvals were possible before it was refused."""
    asks, approves = factories.user(session), factories.user(session)
    aims = [
        (approves.id, approves.email, asks.id), (None, approves.email, asks.id), (None, "new@example.org", approves.id),
        (None, "other@example.org", asks.id), (asks.id, asks.email, None),
    ]  # fmt: skip
    requests = [
        GrantRequest(
            user_id=user_id, email=email, name="Кто-то", role="chair", asked_by_id=asker, asked_by="Кто-то",
            asked_at=MOMENT, expires_at=MOMENT, decided_by_id=approves.id, decided_at=MOMENT, outcome="approved",
        )
        for user_id, email, asker in aims
    ]  # fmt: skip
    session.add_all(requests)
    session.flush()
    assert warned(session, "role-two-persons") == [
        f"grantrequest {one.id}: user {approves.id} approved the role chair and asked for it, or got it"
        for one in requests[:3]
    ]


def test_what_replaces_a_contest_is_not_held_against_what_was_there(session: Session) -> None:
    """SQLite gives the ids of what was deleted to what comes: the records of before say nothing of it."""
    history = histories.judged(session, code="GOLDEN-1")
    session.flush()
    load_contest(session, read_archive(GOLDEN.read_bytes()), by=By(CONSOLE, history.now), replace=True)
    assert found(session) == {}
