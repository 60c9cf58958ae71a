"""What an application lacks is named section by section; what is computed is exact."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from judging.domain.completeness import (
    Dossier,
    IndicatorRule,
    Progress,
    Requirements,
    Section,
    findings,
    private_share,
    progress,
    sources_gap,
    stops,
)

TODAY = date(2026, 3, 15)
NEEDS = Requirements(
    indicators=(IndicatorRule("private_share", "Share"), IndicatorRule("jobs", "Jobs", Decimal(0), Decimal(100), 0)),
    required_slots={"passport": "Passport"},
    cap=100,
)
WHOLE = Dossier(
    cluster_name="Cluster",
    managing="9",
    members=frozenset({"1", "2"}),
    title="Title",
    goal="Goal",
    summary="S" * 200,
    functional_map_position="4.2",
    topics=("28.41",),
    readiness_level=7,
    starts_on=date(2026, 6, 1),
    ends_on=date(2028, 6, 1),
    place="Town",
    contact_name="Name",
    contact_phone="+7",
    contact_email="a@b.ru",
    initiator="1",
    partners=(("2", "supplier"),),
    total_cost=200,
    own_funds=50,
    loans=50,
    other_budget=0,
    requested=100,
    indicators={"private_share": Decimal("50.00"), "jobs": Decimal(5)},
    documents={"passport": 1},
    consent_truth=True,
    consent_personal_data=True,
    consent_no_double_funding=True,
)


def named(dossier: Dossier) -> list[tuple[str, str, bool]]:
    return [(one.section.value, one.name, one.stop) for one in findings(dossier, NEEDS, TODAY)]


def test_a_whole_application_lacks_nothing() -> None:
    assert named(WHOLE) == []
    assert set(progress(WHOLE, ()).values()) == {Progress.DONE}


def test_an_empty_application_has_begun_nothing() -> None:
    found = findings(Dossier(), NEEDS, TODAY)
    assert all(one.stop for one in found)
    assert set(progress(Dossier(), found).values()) == {Progress.NOT_STARTED}


def test_a_section_that_is_begun_is_in_progress() -> None:
    dossier = Dossier(title="Title")
    assert progress(dossier, findings(dossier, NEEDS, TODAY))[Section.PASSPORT] is Progress.IN_PROGRESS


def test_every_rule_names_its_place() -> None:
    assert named(replace(WHOLE, ends_on=WHOLE.starts_on)) == [("passport", "ends_on", True)]
    assert named(replace(WHOLE, ends_on=date(2031, 6, 2))) == [("passport", "ends_on", False)]
    assert named(replace(WHOLE, starts_on=date(2020, 1, 1), ends_on=date(2021, 1, 1))) == [
        ("passport", "ends_on", False)
    ]
    assert named(replace(WHOLE, summary="short")) == [("passport", "summary", False)]
    assert named(replace(WHOLE, partners=(("1", "supplier"),))) == [("participants", "partners", True)] * 2
    assert named(replace(WHOLE, partners=(("3", "supplier"),))) == [("participants", "partners", True)]
    assert named(replace(WHOLE, partners=(("2", ""),))) == [("participants", "partners", True)]
    assert named(replace(WHOLE, total_cost=201)) == [("finance", "total_cost", True)]
    assert named(replace(WHOLE, total_cost=201, requested=101)) == [("finance", "requested", True)]
    assert named(replace(WHOLE, indicators={"jobs": Decimal("101")})) == [
        ("indicators", "private_share", True),
        ("indicators", "jobs", True),
    ]
    assert named(replace(WHOLE, indicators={**WHOLE.indicators, "jobs": Decimal("1.5")})) == [
        ("indicators", "jobs", True)
    ]
    assert named(replace(WHOLE, documents={})) == [("documents", "passport", True)]
    assert named(replace(WHOLE, consent_truth=False)) == [("consents", "consent_truth", True)]
    assert named(replace(WHOLE, managing=None)) == [("cluster", "managing", True)]


def test_the_share_is_rounded_once_half_up() -> None:
    assert private_share(14_000, 10_000, 36_000) == Decimal("66.67")
    assert private_share(1, 0, 800) == Decimal("0.13")
    assert private_share(1, None, 800) is None
    assert private_share(1, 1, 0) is None


@given(st.lists(st.integers(0, 10**15), min_size=4, max_size=4), st.integers(-100, 100))
def test_the_gap_is_what_is_missing_to_the_cost(sums: list[int], gap: int) -> None:
    own, loans, other, asked = sums
    total = sum(sums) + gap
    dossier = Dossier(total_cost=total, own_funds=own, loans=loans, other_budget=other, requested=asked)
    assert sources_gap(dossier) == gap
    messages = [one.message for one in stops(findings(dossier, Requirements(), TODAY))]
    assert ("The sources do not add up to the total cost" in messages) == (gap != 0)
