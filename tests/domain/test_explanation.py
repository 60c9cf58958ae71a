"""The explanation of a total: what it shows is what the total was made of."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import given

from judging.domain.explanation import (
    BandLine,
    ComputedLine,
    Explanation,
    MarkedLine,
    NotCounted,
    Part,
    SpreadLine,
    explain,
    parts_of,
)
from judging.domain.ranking import rank_scores
from judging.domain.record import Conflict, ContestRecord, ReviewState
from judging.domain.rubric import BandsCriterion, computed_criteria, expert_criteria
from judging.domain.rules import Tiebreak
from judging.domain.scoring import score_applications
from judging.domain.spread import spread
from tests.domain.contests import contests
from tests.domain.records import START, application, bands, expert_criterion, linear, relative, review, rules, terms


def explained(record: ContestRecord) -> dict[str, tuple[Explanation, object, object]]:
    """(explanation, placing, score) of every ranked application by its number."""
    scores = score_applications(record.contest, record.applications, record.reviews, record.conflicts)
    by_number = {score.application: score for score in scores}
    items = {item.number: item for item in record.applications}
    ranking = rank_scores(record.contest, record.applications, scores)
    return {
        row.number: (explain(record, items[row.number], row, by_number[row.number]), row, by_number[row.number])
        for row in ranking.rows
    }


@given(contests())
def test_lines_are_the_exact_points_of_the_total(record):
    for found, placing, score in explained(record).values():
        shares = {line.criterion.code: line.share * Fraction(line.criterion.weight) for line in found.computed}
        assert shares == {item.code: score.points[item.code] for item in computed_criteria(record.contest.criteria)}
        marks = {}
        for line in found.marked:
            scale, weight = line.criterion.scale, Fraction(line.criterion.weight)
            span = Fraction(scale.maximum) - Fraction(scale.minimum)
            share = 0 if line.mark is None else (line.mark - Fraction(scale.minimum)) / span
            marks[line.criterion.code] = share * weight
        assert marks == {item.code: score.points[item.code] for item in expert_criteria(record.contest.criteria)}
        points = {line.criterion.code: line.points for line in (*found.computed, *found.marked)}
        assert points == dict(placing.criteria)


@given(contests())
def test_every_review_counts_or_has_its_reason(record):
    barred = {(item.expert, item.application) for item in record.conflicts}
    for number, (found, placing, _) in explained(record).items():
        own = [item for item in record.reviews if item.application == number]
        assert [part.review for part in found.parts] == own
        assert {part.review.expert for part in found.parts if part.counted} == set(placing.counted)
        for part in found.parts:
            if part.why_not is NotCounted.NOT_SUBMITTED:
                assert part.review.state is ReviewState.ASSIGNED
            elif part.why_not is NotCounted.RECUSED:
                assert part.review.state is ReviewState.RECUSED
            else:
                assert part.review.state is ReviewState.SUBMITTED
                bars = (part.review.expert, number) in barred
                assert (part.why_not is NotCounted.CONFLICT) == bars
                assert part.why_not is not NotCounted.NOT_RANKED
                assert part.why_not is not NotCounted.SET_ASIDE or placing.diverged


@given(contests())
def test_the_band_holds_the_value_and_gives_the_share(record):
    for found, _, _ in explained(record).values():
        for line in found.computed:
            if not isinstance(line.criterion, BandsCriterion) or line.value is None:
                assert line.band is None
            elif line.band is not None:
                assert line.band.start is None or line.band.start <= line.value
                assert line.band.end is None or line.value < line.band.end
                assert line.share == Fraction(line.band.score) / 10
            else:
                assert line.share == 0


def test_a_small_contest_line_by_line():
    scale = bands((None, "2"), ("5", "6"), ("8", "10"), code="C3", weight="20")
    contest = terms(
        expert_criterion("E1", "40"),
        linear("C1", "20"),
        relative("C2", "20"),
        scale,
        rules=rules(tie_breakers=("criterion:E1", "requested", "submitted_at")),
    )
    _, straight, compared, _ = contest.criteria
    first = application("001", indicators={"C1": "5", "C2": "3", "C3": "7"}, requested=150_000)
    second = application("002", indicators={"C2": "4"})
    reviews = (
        review("a", "001", {"E1": "6"}),
        review("b", "001", {"E1": "9"}),
        review("c", "001", {"E1": "2"}),
        review("d", "001", {}, state=ReviewState.ASSIGNED),
        review("e", "001", {}, state=ReviewState.RECUSED),
    )
    barred = (Conflict("c@example.org", "001", "declared"),)
    parts = (
        Part(reviews[0], None),
        Part(reviews[1], None),
        Part(reviews[2], NotCounted.CONFLICT, "declared"),
        Part(reviews[3], NotCounted.NOT_SUBMITTED),
        Part(reviews[4], NotCounted.RECUSED),
    )
    record = ContestRecord(contest, (), (), (first, second), (), barred, reviews)
    found, _, _ = explained(record)["001"]
    assert found == Explanation(
        parts=parts,
        computed=(
            ComputedLine(straight, Decimal(5), None, None, Fraction(1, 2), Decimal("10.00")),
            ComputedLine(compared, Decimal(3), Decimal(4), None, Fraction(3, 4), Decimal("15.00")),
            ComputedLine(
                scale,
                Decimal(7),
                None,
                BandLine(Decimal(5), Decimal(8), Decimal(6)),
                Fraction(3, 5),
                Decimal("12.00"),
            ),
        ),
        marked=(
            MarkedLine(
                contest.criteria[0],
                tuple(zip(parts[:3], (Decimal(6), Decimal(9), Decimal(2)), strict=True)),
                Fraction(15, 2),
                Decimal("30.00"),
            ),
        ),
        groups=(),
        spreads=(
            SpreadLine(None, spread([Fraction(24), Fraction(36)])),
            SpreadLine(contest.criteria[0], spread([Decimal(6), Decimal(9)])),
        ),
        ties=(
            (Tiebreak.CRITERION, "E1", Decimal("30.00")),
            (Tiebreak.REQUESTED, None, 150_000),
            (Tiebreak.SUBMITTED_AT, None, START),
        ),
    )


def test_a_review_of_an_application_that_is_not_ranked_says_so():
    handed_in = review("a", "001", {"E1": "6"})
    assert list(parts_of([handed_in], None, ())) == [Part(handed_in, NotCounted.NOT_RANKED)]
