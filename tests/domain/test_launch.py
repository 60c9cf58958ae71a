"""What has to be whole before a contest is published."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from judging.domain.errors import Fault
from judging.domain.launch import WordedLevel, launch_faults, level_faults
from judging.domain.rubric import ExpertCriterion, LinearCriterion, Scale
from judging.domain.rules import AdditionalRule, Aggregate, BudgetMode, Divergence, Rules
from judging.domain.stages import Calendar

NOW = datetime(2026, 3, 1, tzinfo=UTC)
CALENDAR = Calendar(NOW, NOW + timedelta(days=10), NOW + timedelta(days=20))
SCALE = Scale(Decimal(0), Decimal(4), Decimal(1))
EXPERT = ExpertCriterion("E1", "Готовность", Decimal(10), SCALE)
LINEAR = LinearCriterion("C1", "Доля", Decimal(10), "share", Decimal(0), Decimal(10))
RULES = Rules(
    experts_per_application=2,
    aggregate=Aggregate.MEAN,
    divergence=Divergence(),
    additional_review=AdditionalRule.MEAN_ALL,
    pass_total=None,
    rounding=2,
    tie_breakers=("criterion:C1",),
    budget_mode=BudgetMode.STRICT,
)


def test_a_whole_contest_has_nothing_in_its_way() -> None:
    assert launch_faults((EXPERT, LINEAR), RULES, CALENDAR, {"share"}, NOW) == ()


def test_everything_in_the_way_is_named_at_once() -> None:
    late = replace(CALENDAR, applications_close=NOW)
    faults = launch_faults((EXPERT, replace(LINEAR, code="C2")), RULES, late, {"jobs"}, NOW)
    assert [(fault.path, str(fault).partition(": ")[2]) for fault in faults] == [
        ("applications_close", "Acceptance must end after it begins"),
        ("applications_close", "The time for applications is over already: move the date"),
        ("rules.tie_breakers[0]", "There is no criterion with the code C1"),
        (
            "criteria[1].indicator",
            "The criterion C2 uses the indicator share, which applications are not asked for",
        ),
    ]


def test_levels_that_cover_the_scale_once_are_whole() -> None:
    assert level_faults(SCALE, [_level(0, 0), _level(1, 2), _level(3, 4)]) == ()
    assert level_faults(SCALE, []) == ()


def test_every_gap_and_overlap_of_levels_is_named() -> None:
    assert level_faults(SCALE, [_level(0, 1), _level(1, 2), _level(4, 3, " "), _level(4, 9)]) == (
        Fault("levels[2].to", "The level ends below its beginning"),
        Fault("levels[2].text", "The level has no words"),
        Fault("levels[3].to", "The mark %(mark)s is outside the scale", {"mark": Decimal(9)}),
        Fault("levels[1].from", "The mark %(mark)s has two levels in words", {"mark": Decimal(1)}),
        Fault("levels", "The mark %(mark)s has no level in words", {"mark": Decimal(3)}),
    )


def _level(first: int, last: int, text: str = "слова") -> WordedLevel:
    return WordedLevel(Decimal(first), Decimal(last), text)
