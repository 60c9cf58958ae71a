"""LibreOffice recalculates the workbooks; places, totals, outcomes and sums must be the domain's."""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache, partial
from io import BytesIO
from itertools import product
from pathlib import Path

import openpyxl
import pytest

from judging.adapters.archive import read_archive
from judging.domain.funding import claim, walk
from judging.domain.ranking import Needs, Outcome, Placing, Ranking, rank
from judging.domain.record import Application, ContestRecord, Decision, PanelVerdict, Review, ReviewState
from judging.domain.rubric import (
    BelowPass,
    ExpertCriterion,
    LinearCriterion,
    Scale,
    computed_criteria,
    expert_criteria,
    marks,
)
from judging.domain.rules import Aggregate, AgreedScore, BudgetMode, Divergence
from judging.domain.scoring import score_applications
from judging.exports.facts import OUTCOME_WORDS, RankingExport, passed_word, yes_no
from judging.exports.workbook import ranked_workbook
from judging.exports.workbook.comparing import compare_workbook
from tests.exports.conftest import export_of
from tests.exports.office import opened, recalculated, rows
from tests.groups import beside, grouped
from tests.richer import enriched

pytestmark = pytest.mark.office
GOLDEN = Path(__file__).parents[1] / "data" / "golden-1.json"
BY_KEY, BY_PLACE = 10**9, 0
HALVES = {Aggregate.MEAN: BY_KEY, Aggregate.MEDIAN: BY_PLACE}


@dataclass(frozen=True)
class Case:
    """A workbook to recalculate and the ranking that it must then show."""

    content: bytes
    expected: Ranking
    data_mode: bool
    edited: bool
    told: bool = False
    """Whether the edit changed anything that «Проверка» looks at: not every one does."""
    export: RankingExport | None = None
    """What an untouched workbook was written of."""


def shown(book, case: Case) -> dict[str, tuple[object, ...]]:
    keys = ("Место", "Расчётные баллы", "Экспертные баллы", "Итог", "Порог пройден", "Делит место")
    money = () if case.data_mode else ("Исход", "Сумма, ₽")
    return {row["Рег. номер"]: tuple(row[key] for key in (*keys, *money)) for row in rows(book, "Рейтинг")}


def decided(case: Case) -> dict[str, tuple[object, ...]]:
    def cells(row: Placing) -> tuple[object, ...]:
        points = (float(row.computed), float(row.expert), float(row.total))
        money = () if case.data_mode else (OUTCOME_WORDS[row.outcome], row.amount / 100)
        return (row.place, *points, passed_word(row), yes_no(row.tied), *money)

    return {row.number: cells(row) for row in case.expected.rows}


def looked_at(case: Case) -> dict[str, tuple[object, ...]]:
    """What «Проверка» looks at: places and totals, and where the money is live all of it."""
    return {
        number: (cells[0], cells[3]) if case.data_mode else cells for number, cells in decided(case).items()
    }  # fmt: skip


class Editor:
    """Changes a contest and its workbook alike: marks, weights, values, the threshold, the limit."""

    def __init__(self, record: ContestRecord, content: bytes, seed: int) -> None:
        self.record, self.chance = record, random.Random(seed)
        self.book = openpyxl.load_workbook(BytesIO(content))
        self.reviews = {(item.application, item.expert): item for item in record.reviews}
        self.applications = {item.number: item for item in record.applications}

    def edit(self) -> None:
        self.marks()
        self.values()
        self.weights()
        self.budget()

    def marks(self) -> None:
        scales = {item.code: item.scale for item in expert_criteria(self.record.contest.criteria)}
        for row in self.book["Оценки экспертов"].iter_rows(min_row=2):
            number, expert, code = (cell.value for cell in row[:3])
            if row[7].value == "да" and (number, expert) in self.reviews and self.chance.random() < 0.4:
                mark = self.chance.choice(marks(scales[code]))
                review = self.reviews[number, expert]
                self.reviews[number, expert] = replace(review, scores={**review.scores, code: mark})
                row[3].value = float(mark)

    def values(self) -> None:
        names = {item.code: item.indicator for item in computed_criteria(self.record.contest.criteria)}
        chosen = {
            (number, name) for number in self.applications for name in names.values() if self.chance.random() < 0.3
        }
        new = {pair: Decimal(self.chance.randrange(-20, 300)).scaleb(-1) for pair in sorted(chosen)}
        for row in self.book["Показатели"].iter_rows(min_row=2):
            pair = row[0].value, row[2].value
            if pair in new:
                application = self.applications[pair[0]]
                values = {**application.indicators, pair[1]: new[pair]}
                self.applications[pair[0]] = replace(application, indicators=values)
                row[3].value = float(new[pair])

    def weights(self) -> None:
        criteria = list(self.record.contest.criteria)
        for index, row in enumerate(self.book["Критерии"].iter_rows(min_row=2)):
            if self.chance.random() < 0.5:
                weight = Decimal(self.chance.randrange(1, 3000)).scaleb(-2)
                criteria[index] = replace(criteria[index], weight=weight)
                row[3].value = float(weight)
        self.record = replace(self.record, contest=replace(self.record.contest, criteria=tuple(criteria)))

    def budget(self) -> None:
        sheet = self.book["Бюджет"]
        limit, threshold = self.chance.randrange(1, 2_000_000_00), Decimal(self.chance.randrange(0, 300)).scaleb(-1)
        sheet["B2"], sheet["B4"] = limit / 100, float(threshold)
        terms = self.record.contest
        rules = replace(terms.rules, pass_total=threshold)
        self.record = replace(self.record, contest=replace(terms, budget=limit, rules=rules))

    def expected(self, before: Ranking) -> Ranking:
        """Rank what was edited, with the same reviews counted and the same applications incomplete as before."""
        counted = {(row.number, expert) for row in before.rows for expert in row.counted}
        reviews = tuple(replace(item, additional=False) for pair, item in self.reviews.items() if pair in counted)
        terms = self.record.contest
        rules = replace(terms.rules, divergence=Divergence(), experts_per_application=0)
        terms = replace(terms, rules=rules)
        record = replace(
            self.record, contest=terms, reviews=reviews, conflicts=(), applications=tuple(self.applications.values())
        )
        incomplete = {row.number for row in before.rows if row.needs not in (None, Needs.PANEL)}
        ranking = rank(record)
        return with_money(record, ranking, incomplete | {row.number for row in ranking.rows if row.awaits_panel})

    def sums(self) -> tuple[Decimal, Decimal, Decimal]:
        """What «Проверка» adds up of weights, marks and values; an edit that leaves it all alone is none to be told."""
        return (
            sum((item.weight for item in self.record.contest.criteria), Decimal(0)),
            sum((mark for review in self.reviews.values() for mark in review.scores.values()), Decimal(0)),
            sum((value for item in self.applications.values() for value in item.indicators.values()), Decimal(0)),
        )

    def content(self) -> bytes:
        output = BytesIO()
        self.book.save(output)
        return output.getvalue()


def with_money(record: ContestRecord, ranking: Ranking, incomplete: set[str]) -> Ranking:
    requested = {item.number: item.requested for item in record.applications}
    cap = record.contest.rules.cap_per_application
    claiming = [row.number for row in ranking.rows if row.passed and row.number not in incomplete]
    claims = [claim(number, requested[number], cap) for number in claiming]
    awards = walk(claims, record.contest.budget, record.contest.rules)

    def outcome(row: Placing) -> Outcome:
        if row.number in incomplete:
            return Outcome.INCOMPLETE
        if not row.passed:
            return Outcome.BELOW_THRESHOLD
        return Outcome.WINNER if row.number in awards else Outcome.RESERVE

    decided = (replace(row, amount=awards.get(row.number, 0), outcome=outcome(row)) for row in ranking.rows)
    return replace(ranking, rows=tuple(decided))


def case_of(record: ContestRecord, way: int, change: Callable[[Editor], object] | None = None, seed: int = 0) -> Case:
    export = export_of(record)
    content = ranked_workbook(export, most_comparisons=way)
    proportional = record.contest.rules.budget_mode is BudgetMode.PROPORTIONAL
    if change is None:
        return Case(content, export.ranking, False, False, export=export)
    editor = Editor(record, content, seed)
    change(editor)
    made = Case(editor.content(), editor.expected(export.ranking), proportional, True)
    before = replace(made, expected=export.ranking)
    told = looked_at(made) != looked_at(before) or editor.sums() != Editor(record, content, 0).sums()
    return replace(made, told=told)


def sort_data(editor: Editor) -> None:
    """Sort the data sheets otherwise and edit nothing."""
    for name in ("Оценки экспертов", "Показатели"):
        sheet = editor.book[name]
        table = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
        editor.chance.shuffle(table)
        for row, values in enumerate(table, start=2):
            for column, value in enumerate(values, start=1):
                sheet.cell(row, column).value = value


def halves(aggregate: Aggregate) -> ContestRecord:
    """Make a contest in which every exact total lies exactly between two printed figures."""
    chance = random.Random(7)
    base = read_archive(GOLDEN.read_bytes())
    scale = Scale(Decimal(0), Decimal(1), Decimal("0.1"))
    criteria = (
        *(ExpertCriterion(f"E{n}", f"E{n}", Decimal(w), scale) for n, w in enumerate(("3.3", "7.7", "0.15"))),
        *(LinearCriterion(f"C{n}", f"C{n}", Decimal(w), f"v{n}", Decimal(0), Decimal(full))
          for n, (w, full) in enumerate((("1.1", 3), ("9.9", 7), ("2.345", 1)))),
    )  # fmt: skip
    rules = replace(
        base.contest.rules, aggregate=aggregate, divergence=Divergence(), tie_breakers=("criterion:E1", "requested"),
        pass_total=None, budget_mode=BudgetMode.SKIP,
    )  # fmt: skip
    terms = replace(base.contest, criteria=criteria, rules=rules, budget=10**11)
    pool = [half_candidate(base.applications[0], number, chance) for number in range(3000)]
    reviews = [half_review(base, item.number, n, chance) for item in pool for n in range(3)]
    scores = score_applications(terms, pool, reviews, ())
    kept = {score.application for score in scores if (score.total * 1000 - 5) % 10 == Fraction(0)}
    chosen = set(sorted(kept)[:60])
    return replace(
        base, contest=terms, conflicts=(), applications=tuple(item for item in pool if item.number in chosen),
        reviews=tuple(item for item in reviews if item.application in chosen),
    )  # fmt: skip


@cache
def case_of_halves(aggregate: Aggregate) -> Case:
    return case_of(halves(aggregate), HALVES[aggregate])


def half_candidate(model: Application, number: int, chance: random.Random) -> Application:
    values = {f"v{n}": Decimal(chance.randrange(0, 71)).scaleb(-1) for n in range(3)}
    sent = model.submitted_at + timedelta(seconds=number)
    return replace(
        model, number=f"{number:04d}", status=Decision.ADMITTED, indicators=values, submitted_at=sent,
        requested=chance.choice((10**8, 3 * 10**8, 777_777_77)),
    )  # fmt: skip


def half_review(base: ContestRecord, application: str, serial: int, chance: random.Random) -> Review:
    scores = {f"E{n}": Decimal(chance.randrange(0, 11)).scaleb(-1) for n in range(3)}
    return Review(base.experts[serial].email, application, ReviewState.SUBMITTED, base.reviews[0].submitted_at, scores)


def headed(record: ContestRecord) -> ContestRecord:
    """The contest with groups of criteria and with criteria outside the total."""
    chance = random.Random(7)
    return beside(grouped(record, chance), chance)


def with_richer_sheets(record: ContestRecord) -> ContestRecord:
    """The contest with all that richer score sheets bring; the agreed score counts, and nobody is out for a floor."""
    made = enriched(headed(record), random.Random(82))
    criteria = tuple(
        replace(item, pass_mark=item.scale.maximum, required=True, below_pass=BelowPass.PANEL)
        if isinstance(item, ExpertCriterion) and item.code == "E1"
        else item
        for item in made.contest.criteria
    )
    rules = replace(
        made.contest.rules, below_pass=BelowPass.PANEL, agreed_score=AgreedScore.COUNTS, pass_total=Decimal(20)
    )
    return replace(made, contest=replace(made.contest, criteria=criteria, rules=rules))


def recipes(contests: list[ContestRecord]) -> dict[str, Callable[[], Case]]:
    """Every pair of aggregate and budget mode edited; as written every third: each of both at least once.

    LibreOffice takes about a second for a workbook, however small.
    """
    golden = read_archive(GOLDEN.read_bytes())
    made = {
        "golden": partial(case_of, golden, BY_KEY),
        "golden-edited": partial(case_of, headed(golden), BY_KEY, Editor.edit, 5),
        "richer": partial(case_of, with_richer_sheets(golden), BY_KEY),
        "richer-edited": partial(case_of, with_richer_sheets(golden), BY_PLACE, Editor.edit, 8),
        "sorted": partial(case_of, headed(contests[0]), BY_KEY, sort_data),
    }
    for aggregate in HALVES:
        made[f"halves-{aggregate}"] = partial(case_of_halves, aggregate)
    for index, record in enumerate(contests):
        turn = (index + index // len(BudgetMode)) % 2
        made[f"{index}-edited"] = partial(case_of, record, (BY_PLACE, BY_KEY)[turn], Editor.edit, index)
        if index % len(Aggregate) == 0:
            made[f"{index}-as-written"] = partial(case_of, record, (BY_KEY, BY_PLACE)[index % 2])
    return made


@pytest.fixture(scope="module")
def recalculation(contests, tmp_path_factory):
    """The cases, their workbooks as one run of LibreOffice leaves them, and the folder of those."""
    cases = {name: make() for name, make in recipes(contests).items()}
    folder = tmp_path_factory.mktemp("office")
    books = recalculated({name: case.content for name, case in cases.items()}, folder)
    return cases, books, folder / "made"


@pytest.mark.first
def test_there_is_a_contest_for_every_pair_of_aggregate_and_budget_mode(contests):
    rules = [record.contest.rules for record in contests]
    assert [(each.aggregate, each.budget_mode) for each in rules] == list(product(Aggregate, BudgetMode))
    assert len({repr(record.reviews) for record in contests}) == len(contests)


def test_the_recalculated_ranking_is_the_domains_before_and_after_editing(recalculation):
    cases, books, _ = recalculation
    assert {name: shown(books[name], case) for name, case in cases.items()} == {
        name: decided(case) for name, case in cases.items()
    }


def test_every_recalculated_cell_equals_its_cached_value(recalculation):
    cases, books, _ = recalculation
    for name, case in cases.items():
        if not case.edited:
            cached, fresh = opened(case.content), books[name]
            assert differences(cached, fresh) == []


def test_an_untouched_workbook_that_an_office_program_recalculated_and_saved_says_the_same(recalculation):
    cases, _, made = recalculation
    untouched = [name for name, case in cases.items() if case.export is not None]
    assert untouched
    for name in untouched:
        assert compare_workbook(BytesIO((made / f"{name}.xlsx").read_bytes()), cases[name].export) == ()


def differences(cached, fresh) -> list[tuple[str, str, object, object]]:
    return [
        (sheet.title, cell.coordinate, cell.value, fresh[sheet.title][cell.coordinate].value)
        for sheet in cached
        for row in sheet.iter_rows()
        for cell in row
        if not same(cell.value, fresh[sheet.title][cell.coordinate].value)
    ]


def same(cached: object, fresh: object) -> bool:
    if isinstance(cached, int | float) and isinstance(fresh, int | float):
        return abs(cached - fresh) < 1e-9
    unescaped = cached.replace("_x005F_", "_") if isinstance(cached, str) else cached
    return unescaped == fresh


def test_the_checks_tell_an_edited_file_from_an_untouched_one(recalculation):
    cases, books, _ = recalculation
    verdicts = {name: rows(books[name], "Проверка")[0]["Получено"] for name in cases}
    assert {name: verdict == "не совпадает" for name, verdict in verdicts.items()} == {
        name: case.told for name, case in cases.items()
    }
    assert sum(case.told for case in cases.values()) > len(cases) / 3


def test_everything_of_richer_sheets_was_really_tried():
    record = with_richer_sheets(read_archive(GOLDEN.read_bytes()))
    rows = rank(record).rows
    assert {row.needs for row in rows} >= {Needs.PANEL}
    assert {item.panel and item.panel.verdict for item in record.applications} >= {None, PanelVerdict.PASS}
    assert any(row.agreed for row in rows)
    assert not all(row.agreed for row in rows)
    counted = [item for item in record.reviews if any(item.expert in row.counted for row in rows)]
    assert any(item.abstained for item in counted)
    assert any(item.in_scope is False for item in record.reviews)
    assert any(item.set_aside for item in record.reviews)


@pytest.mark.parametrize("aggregate", HALVES)
def test_totals_that_lie_exactly_between_two_figures_were_really_tried(aggregate):
    assert len(case_of_halves(aggregate).expected.rows) >= 50
