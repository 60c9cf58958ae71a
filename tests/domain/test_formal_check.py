"""The formal check points out what can be seen by machine and leaves the rest to the staff."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from judging.domain.completeness import Dossier, Requirements
from judging.domain.formal_check import Outcome, formal_check

CLOSE = datetime(2026, 3, 31, 15, 0, tzinfo=UTC)
GOOD = Dossier(
    members=frozenset({"1", "2"}),
    initiator="1",
    partners=(("2", "supplier"),),
    functional_map_position="4.2",
    total_cost=200,
    requested=100,
    documents={"passport": 1},
    consent_no_double_funding=True,
)
ASKED = Requirements(required_slots={"passport": "Паспорт проекта"}, cap=100)


def outcomes(dossier: Dossier, submitted_at: datetime = CLOSE - timedelta(microseconds=1)) -> dict[str, str]:
    points = formal_check(dossier, ASKED, submitted_at=submitted_at, closes_at=CLOSE)
    return {point.code: point.outcome.value for point in points}


ALL_WELL = {
    "K1": "staff", "K2": "fulfilled", "K3": "fulfilled", "K4": "staff", "K5": "fulfilled", "K6": "fulfilled",
    "K7": "fulfilled", "K8": "staff", "K9": "staff",
}  # fmt: skip


def test_an_application_without_faults_leaves_four_points_to_the_staff() -> None:
    assert outcomes(GOOD) == ALL_WELL


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"members": frozenset()}, "K2"),
        ({"members": frozenset({"1", "3"})}, "K2"),
        ({"functional_map_position": ""}, "K4"),
        ({"requested": None}, "K5"),
        ({"requested": 101, "total_cost": 1000}, "K5"),
        ({"total_cost": 199}, "K5"),
        ({"total_cost": None}, "K5"),
        ({"documents": {"passport": 0}}, "K6"),
        ({"consent_no_double_funding": False}, "K9"),
    ],
)
def test_each_fault_is_pointed_out_at_its_own_point(change: dict[str, object], code: str) -> None:
    assert outcomes(replace(GOOD, **change)) == ALL_WELL | {code: "look"}


def test_a_lonely_initiator_is_too_few() -> None:
    assert outcomes(replace(GOOD, partners=())) == ALL_WELL | {"K3": "look"}


def test_the_instant_of_the_close_is_late() -> None:
    assert outcomes(GOOD, CLOSE) == ALL_WELL | {"K7": "look"}


def test_the_words_carry_what_was_found() -> None:
    points = formal_check(replace(GOOD, documents={}), ASKED, submitted_at=CLOSE, closes_at=CLOSE)
    found = {point.code: point.params for point in points if point.outcome is Outcome.LOOK}
    assert found == {"K6": {"titles": "Паспорт проекта"}, "K7": {}}
