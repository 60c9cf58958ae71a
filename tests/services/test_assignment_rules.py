"""The rules of a contest's distribution."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.domain.distribution import DistributionRules, Goal
from judging.domain.errors import Refused
from judging.domain.gates import GateClosed
from judging.models import AssignmentRules, JournalRecord
from judging.queries.assignment.plans import assignment_rules
from judging.services.assignment import change_assignment_rules
from judging.services.concurrency import Stale
from tests.services.planning import BY, contest_of

STRICT = DistributionRules(Goal.TOTAL, True, 1, True, 1, 2, 42)


def test_a_contest_has_the_default_rules_until_they_are_changed(session: Session) -> None:
    contest = contest_of(session)
    assert assignment_rules(session, contest.id) == DistributionRules()
    after = change_assignment_rules(session, contest, STRICT, version=0, by=BY)
    assert after == assignment_rules(session, contest.id) == DistributionRules(Goal.TOTAL, True, 1, True, 1, 2, 42, 1)


def test_a_change_is_recorded_before_and_after(session: Session) -> None:
    contest = contest_of(session)
    change_assignment_rules(session, contest, STRICT, version=0, by=BY)
    gentler = DistributionRules(Goal.TOTAL, False, 1, True, 1, 0, 42)
    change_assignment_rules(session, contest, gentler, version=1, by=BY)
    records = session.scalars(select(JournalRecord).order_by(JournalRecord.id)).all()
    assert [(record.event, record.details) for record in records] == [
        (
            "assignment.rules_changed",
            {
                "goal": ["fair", "total"],
                "own_region_barred": [False, True],
                "other_region_at_least": [0, 1],
                "one_per_organisation": [False, True],
                "methodologists_at_least": [0, 1],
                "min_load": [0, 2],
                "seed": [0, 42],
            },
        ),
        ("assignment.rules_changed", {"own_region_barred": [True, False], "min_load": [2, 0]}),
    ]


def test_saving_the_same_rules_changes_nothing(session: Session) -> None:
    contest = contest_of(session)
    assert change_assignment_rules(session, contest, DistributionRules(), version=0, by=BY).version == 0
    assert session.scalars(select(AssignmentRules)).all() == session.scalars(select(JournalRecord)).all() == []


def test_an_older_version_is_refused_with_the_present_rules(session: Session) -> None:
    contest = contest_of(session)
    present = change_assignment_rules(session, contest, STRICT, version=0, by=BY)
    with pytest.raises(Stale) as refusal:
        change_assignment_rules(session, contest, DistributionRules(), version=0, by=BY)
    assert refusal.value.current == present


def test_rules_that_no_plan_could_keep_are_refused_at_their_fields(session: Session) -> None:
    contest = contest_of(session, wanted=2)
    with pytest.raises(Refused) as refusal:
        change_assignment_rules(
            session, contest, DistributionRules(methodologists_at_least=3, seed=-1), version=0, by=BY
        )
    assert [str(fault) for fault in refusal.value.faults] == [
        "methodologists_at_least: From 0 to 2",
        "seed: From 0 to 2147483647",
    ]


def test_a_frozen_contest_keeps_its_rules(session: Session) -> None:
    contest = contest_of(session, status="ranking_frozen")
    with pytest.raises(GateClosed):
        change_assignment_rules(session, contest, STRICT, version=0, by=BY)
