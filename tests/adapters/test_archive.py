"""An archive is read into the record that it holds, and a record is written in the one canonical way."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from judging.adapters.archive import (
    criterion_object,
    dumps,
    read_archive,
    read_criterion,
    read_document,
    read_rules,
    rules_object,
    to_document,
)
from judging.domain.errors import Refused
from judging.domain.record import (
    Application,
    Cluster,
    ContestRecord,
    Decision,
    Expert,
    Organisation,
    Partner,
    Recommendation,
    Review,
    ReviewState,
)
from judging.domain.rubric import BandsCriterion, CommentRule, ExpertCriterion, LinearCriterion, Scale
from judging.domain.rules import AdditionalRule, Aggregate, BudgetMode, Divergence, Rules
from tests.strategies import contest_records

WHOLE_CONTESTS = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
GOLDEN = (Path(__file__).parents[1] / "data" / "golden-1.json").read_bytes()


@pytest.fixture(scope="module")
def golden():
    return read_archive(GOLDEN)


def test_the_worked_example_is_written_as_it_was_read(golden):
    assert dumps(golden) == GOLDEN.decode()


def test_the_contest_is_read(golden):
    terms = golden.contest
    assert (terms.code, terms.timezone, terms.budget, terms.frozen_base) == (
        "GOLDEN-1", "Europe/Moscow", 300_000_000_00, None,
    )  # fmt: skip
    assert (terms.applications_open, terms.applications_close, terms.review_close) == (
        datetime(2026, 3, 1, 6, tzinfo=UTC),
        datetime(2026, 3, 31, 15, tzinfo=UTC),
        datetime(2026, 4, 30, 15, tzinfo=UTC),
    )
    assert terms.rules == Rules(
        experts_per_application=2,
        aggregate=Aggregate.MEAN,
        divergence=Divergence(Decimal("0.25"), Decimal(5)),
        additional_review=AdditionalRule.MEAN_ALL,
        pass_total=Decimal(60),
        rounding=2,
        tie_breakers=("criterion:C1", "criterion:C3", "submitted_at"),
        budget_mode=BudgetMode.STRICT,
    )


def test_the_rubric_is_read(golden):
    criteria = {criterion.code: criterion for criterion in golden.contest.criteria}
    assert list(criteria) == ["C1", "C2", "C3", "C4", "C5", "C6", "E1", "E2", "E3", "E4", "E5", "E6"]
    assert criteria["C4"] == LinearCriterion(
        "C4", "Срок окупаемости, лет", Decimal(7), "payback_years", Decimal(10), Decimal(3)
    )
    assert isinstance(criteria["C6"], BandsCriterion)
    assert [band.start for band in criteria["C6"].bands] == [
        None, Decimal("0.5"), Decimal(1), Decimal(2), Decimal(3),
    ]  # fmt: skip
    assert criteria["E1"] == ExpertCriterion(
        "E1",
        "Техническая проработанность и готовность к производству",
        Decimal(10),
        Scale(Decimal(0), Decimal(10), Decimal(1)),
        Decimal(4),
        CommentRule(Decimal(3), Decimal(9)),
    )


def test_the_lists_are_read(golden):
    assert golden.organisations[5] == Organisation("0000001050", "1000000001055", "ООО Поставщик «Деталь»", "16")
    assert golden.clusters == (
        Cluster(
            "KMK",
            "Камский машиностроительный промышленный кластер (демонстрационные данные)",
            "16",
            "Машиностроение",
            "0000001068",
            ("0000001004", "0000001011", "0000001029", "0000001036", "0000001043", "0000001050"),
        ),
    )
    assert golden.applications[2] == Application(
        number="003",
        title="Демонстрационный совместный проект 003",
        cluster="KMK",
        initiator="0000001029",
        partners=(Partner("0000001050", "supplier"),),
        submitted_at=datetime(2026, 3, 22, 12, 40, 10, tzinfo=UTC),
        status=Decision.ADMITTED,
        requested=90_000_000_00,
        total_cost=270_000_000_00,
        topics=("28.41", "29.32"),
        indicators={
            "private_share": Decimal(55),
            "jobs": Decimal(25),
            "import_reduction": Decimal(60),
            "payback_years": Decimal("6.0"),
            "cluster_share": Decimal(80),
            "tax_ratio": Decimal("0.9"),
        },
    )
    assert golden.experts[0] == Expert("expert1@example.org", "Эксперт 1", "0000001075", "77", ("28.41",), 10)
    assert golden.conflicts == ()
    assert golden.reviews[4] == Review(
        "expert3@example.org",
        "002",
        ReviewState.SUBMITTED,
        datetime(2026, 4, 12, 9, tzinfo=UTC),
        {"E1": Decimal(8), **dict.fromkeys(("E2", "E3", "E4", "E5", "E6"), Decimal(7))},
        {},
        Recommendation.SUPPORT,
        additional=True,
    )


@WHOLE_CONTESTS
@given(contest_records())
def test_reading_what_was_written_gives_the_same_record(record: ContestRecord):
    assert read_document(to_document(record)) == record
    assert read_archive(dumps(record).encode()) == record


@WHOLE_CONTESTS
@given(contest_records(most_applications=1))
def test_criteria_and_rules_stand_alone_as_they_stand_in_an_archive(record: ContestRecord):
    terms = record.contest
    assert tuple(read_criterion(criterion_object(criterion)) for criterion in terms.criteria) == terms.criteria
    assert read_rules(rules_object(terms.rules)) == terms.rules


def test_a_criterion_that_stands_alone_is_refused_with_its_faults():
    with pytest.raises(Refused) as refusal:
        read_criterion({"code": "C1", "title": "T", "kind": "linear", "weight": 5, "indicator": "", "zero_at": "0"})
    assert str(refusal.value).splitlines() == [
        "weight: not a decimal: numbers are written as text, in quotes",
        "indicator: empty",
        "full_at: missing",
    ]


def test_rules_that_stand_alone_are_refused_with_their_faults(golden):
    with pytest.raises(Refused) as refusal:
        read_rules({**rules_object(golden.contest.rules), "aggregate": "mode", "rounding": "2"})
    assert str(refusal.value).splitlines() == [
        "aggregate: not one of mean, median, trimmed_mean",
        "rounding: not a whole number",
    ]


def _golden_with(**contest):
    document = json.loads(GOLDEN)
    document["contest"].update(contest)
    return document


def test_a_byte_order_mark_does_no_harm(golden):
    assert read_archive(b"\xef\xbb\xbf" + GOLDEN) == golden


def test_instants_are_the_same_whatever_their_offset(golden):
    document = _golden_with(applications_open="2026-03-01T06:00Z", review_close="2026-04-30T20:00:00.000+05")
    assert read_document(document) == golden


def test_what_is_optional_may_be_left_out_or_null(golden):
    document = _golden_with(frozen_base=None)
    del document["contest"]["rules"]["max_winners"]
    del document["contest"]["rules"]["cap_per_application"]
    document["reviews"][0] |= {"additional": False, "reason": None}
    assert read_document(document) == golden


def test_divergence_may_be_switched_off():
    document = _golden_with()
    document["contest"]["rules"]["divergence"] = None
    assert read_document(document).contest.rules.divergence == Divergence()


def test_a_conflict_may_come_to_light_after_the_review():
    document = _golden_with()
    document["conflicts"] = [{"expert": "expert1@example.org", "application": "001", "reason": "родство"}]
    assert [(item.expert, item.application) for item in read_document(document).conflicts] == [
        ("expert1@example.org", "001")
    ]


def test_a_missing_comment_does_not_keep_a_review_out(golden):
    document = _golden_with()
    for review in document["reviews"]:
        review["comments"] = {}
    assert len(read_document(document).reviews) == len(golden.reviews)


def test_a_draft_review_may_have_no_time_marks_or_verdict():
    document = _golden_with()
    document["reviews"][0] |= {"state": "assigned", "submitted_at": None, "scores": {}, "recommendation": None}
    assert read_document(document).reviews[0] == Review("expert1@example.org", "001", ReviewState.ASSIGNED, None, {})
