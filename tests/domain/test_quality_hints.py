"""Hints about the quality of experts' work: what is found, what is left alone, and how often."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from bench.quality_hints import HONEST, LAZY, Size, detection, false_alarms
from judging.domain.hints import Hint, HintKind, JudgedSheet, Panel, hints_of

MOMENT = datetime(2027, 3, 1, 9, tzinfo=UTC)
CODES = ("E1", "E2", "E3", "E4")
ENDS = {code: (Decimal(0), Decimal(10)) for code in CODES}
SURE = tuple(kind for kind in LAZY if kind not in ("extremes", "favours a region"))


def sheet(expert: int, application: int, marks: tuple[int, ...], **values: object) -> JudgedSheet:
    """A sheet on four criteria that took its expert a day."""
    number = 100 * expert + application
    made = JudgedSheet(
        review=number,
        expert=expert,
        application=application,
        region="16",
        marks={code: Decimal(mark) for code, mark in zip(CODES, marks, strict=True)},
        reasons={code: f"Обоснование {expert}-{application}-{code}: показатели раскрыты частично" for code in CODES},
        total=sum(marks) / 40,
        declared_at=MOMENT,
        submitted_at=MOMENT + timedelta(days=1, minutes=number),
    )
    return replace(made, **values)


def others(applications: int) -> list[JudgedSheet]:
    """Two experts who tell the applications apart."""
    return [sheet(expert, key, (key % 7, key % 5 + 2, 9 - key % 4, (key + expert) % 9))
            for expert, key in product((2, 3), range(applications))]  # fmt: skip


def found(sheets: list[JudgedSheet]) -> dict[HintKind, Hint]:
    """What is said of expert 1."""
    return {hint.kind: hint for hint in hints_of(Panel(sheets, ENDS), only=1)}


def test_the_same_row_for_nearly_all_applications_is_told_with_the_row_and_how_many() -> None:
    mine = [sheet(1, key, (7, 7, 7, 7)) for key in range(9)] + [sheet(1, 9, (2, 4, 9, 1))]
    assert found([*others(10), *mine]) == {
        HintKind.SAME_ROWS: Hint(
            HintKind.SAME_ROWS, 1, tuple(range(100, 109)), {"alike": 9, "of": 10, "row": dict.fromkeys(CODES, "7")}
        )
    }


def test_what_everybody_gives_is_nobodys_fault() -> None:
    alike = [replace(one, marks={code: Decimal(10) for code in CODES}, total=1.0) for one in others(10)]
    assert found([*alike, *(sheet(1, key, (10, 10, 10, 10)) for key in range(10))]) == {}


def test_reasons_that_a_contest_does_not_ask_for_are_not_missed() -> None:
    silent = [replace(one, reasons={}) for one in others(6)]
    mine = [sheet(1, key, (key, 3, 8 - key, 5), reasons={}) for key in range(6)]
    assert found([*silent, *mine]) == {}
    assert found([*others(6), *mine])[HintKind.NO_REASONS].facts == {"alike": 24, "of": 24, "others": 0}


def test_time_is_bounded_by_the_first_declaration_and_the_last_submission() -> None:
    opened = {"declared_at": MOMENT}
    quick = [sheet(1, key, (key, 3, 8, 5), **opened, submitted_at=MOMENT + timedelta(minutes=3 * key + 3))
             for key in range(4)]  # fmt: skip
    hint = found([*others(4), *quick])[HintKind.TOO_FAST]
    assert (hint.reviews, dict(hint.facts)) == ((100, 101, 102, 103), {"alike": 4, "of": 4, "minutes": 12})
    read_before = [replace(one, declared_at=MOMENT - timedelta(hours=5)) for one in quick]
    assert HintKind.TOO_FAST not in found([*others(4), *read_before])


def test_words_taken_from_an_earlier_sheet_are_put_down_to_the_later_one() -> None:
    words = {"E1": " ".join(f"слово{number}" for number in range(20))}
    first, second = sheet(1, 0, (5, 5, 6, 7), reasons=words), sheet(2, 0, (1, 2, 3, 4), reasons=words)
    panel = Panel([first, second], ENDS)
    assert [(hint.kind, hint.expert, hint.facts["experts"]) for hint in hints_of(panel)] == [
        (HintKind.FOREIGN_TEXT, 2, [1])
    ]


@given(st.lists(st.tuples(*[st.integers(0, 10)] * 4), min_size=1, max_size=6), st.integers(1, 5))
@settings(max_examples=40)
def test_hints_depend_on_nothing_but_the_sheets(rows: list[tuple[int, ...]], turn: int) -> None:
    """Neither the order of the sheets nor the numbers of the experts matter, and a hint names only their own sheets."""
    mine = [sheet(1, key, row) for key, row in enumerate(rows)]
    sheets = [*others(len(rows)), *mine]
    hints = hints_of(Panel(sheets, ENDS))
    assert hints == hints_of(Panel(sheets[turn:] + sheets[:turn], ENDS))
    owners = {one.review: one.expert for one in sheets}
    assert all({owners[review] for review in hint.reviews} == {hint.expert} for hint in hints)


def test_planted_lazy_experts_are_found() -> None:
    small = Size(applications=24, experts=8)
    times = {kind: detection(kind, 2, size=small)[0] for kind in SURE}
    assert min(times.values()) >= 1
    assert sum(times.values()) >= 2 * len(SURE) - 1
    assert detection("extremes", 4, size=small)[0] >= 3
    assert detection("favours a region", 8, size=Size(applications=80))[0] >= 4


def test_honest_experts_are_left_alone_whatever_their_manner() -> None:
    """One of two hundred may be named by the test on regions; nobody by anything else."""
    named, kinds = false_alarms(4, size=Size(applications=30, experts=10))
    assert set(named) == set(HONEST)
    assert sum(count for count, _ in named.values()) <= 1
    assert {kind: count for kind, (count, _) in kinds.items() if kind != HintKind.FAVOURS} == dict.fromkeys(
        [kind.value for kind in HintKind if kind is not HintKind.FAVOURS], 0
    )
