"""From the record of a contest to the report: what goes in, what the engine makes of it, and what is not said."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from functools import cache
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judging.domain.firmness import (
    Caution,
    CriterionAgreement,
    Grade,
    Refusal,
    Report,
    Variances,
    figure,
    from_document,
    to_document,
)
from judging.domain.ranking import Outcome, rank
from judging.domain.record import Conflict, ContestRecord, Decision, Expert
from judging.domain.rules import AdditionalRule, BudgetMode, Divergence
from judging.domain.scoring import score_applications
from judging.domain.sensitivity import sensitivity
from judging.engines.calibration import agreement, calibrate, expert_misfit, next_expert, ranks
from judging.queries.firmness import compute_report, digest_of
from tests.domain.contests import contests
from tests.domain.records import START, application, expert_criterion, linear, review, rules, terms

EXPERTS = "abcdefghij"
CRITERIA = (expert_criterion("E1", "60"), expert_criterion("E2", "40"), linear("C1", "20"))


def contest(projects: int = 12, experts: int = 4, each: int = 3, seed: int = 2, **changes) -> ContestRecord:
    """A contest in which each project has ``each`` of the experts, turn about; ``changes`` are of its terms."""
    random = Random(seed)
    names = EXPERTS[:experts]
    quality = [random.gauss(6, 1.5) for _ in range(projects)]
    severity = {name: random.gauss(0, 1) for name in names}
    numbers = [f"{index:03d}" for index in range(projects)]
    chosen = [(i, names[(i + step) % experts]) for i in range(projects) for step in range(each)]

    def mark(index: int, name: str) -> str:
        return str(min(10, max(0, round(quality[index] + severity[name] + random.gauss(0, 0.8)))))

    return made(
        [application(number, indicators={"C1": str(random.randint(0, 10))}) for number in numbers],
        [review(name, numbers[i], {"E1": mark(i, name), "E2": mark(i, name)}) for i, name in chosen],
        **{"rules": rules(experts_per_application=each, max_winners=projects // 3), **changes},
    )


@cache
def plain_report() -> Report:
    """The report on the contest as it is made where nothing is asked for."""
    return compute_report(contest())


def made(applications, reviews, conflicts=(), criteria=CRITERIA, **changes) -> ContestRecord:
    emails = sorted({item.expert for item in reviews})
    people = tuple(Expert(email, f"Эксперт {email[0]}", None, "77", (), 9) for email in emails)
    return ContestRecord(
        terms(*criteria, **changes), (), (), tuple(applications), people, tuple(conflicts), tuple(reviews)
    )


def joined(*records: ContestRecord) -> ContestRecord:
    """One contest of several, numbers and experts kept apart, the terms of the first."""
    parts = [
        (
            [replace(item, number=f"{index}-{item.number}") for item in record.applications],
            [
                replace(item, application=f"{index}-{item.application}", expert=f"{index}{item.expert}")
                for item in record.reviews
            ],
        )
        for index, record in enumerate(records)
    ]
    whole = made([item for part, _ in parts for item in part], [item for _, part in parts for item in part])
    return replace(whole, contest=records[0].contest)


def arrays(record: ContestRecord) -> tuple[list[int], list[int], list[float]]:
    """The scores as the engine takes them, by another way: marks out of ten times sixty and forty, by hand."""
    numbers = sorted({item.application for item in record.reviews})
    emails = sorted({item.expert for item in record.reviews})
    rows = sorted(
        (item.application, item.expert, float(6 * item.scores["E1"] + 4 * item.scores["E2"])) for item in record.reviews
    )
    return [emails.index(row[1]) for row in rows], [numbers.index(row[0]) for row in rows], [row[2] for row in rows]


def test_the_official_figures_are_those_of_the_ranking() -> None:
    record = contest()
    report, ranking = plain_report(), rank(record)
    official = [(row.number, row.place, row.total, row.outcome, len(row.counted)) for row in ranking.rows]
    assert [(p.number, p.place, p.total, p.outcome, p.reviews) for p in report.projects] == official
    assert [p.number for p in report.projects if p.winner] == [row.number for row in ranking.rows if row.amount]
    assert (report.contest, report.maximum, report.line, report.budget) == ("T-1", Decimal(120), 4, None)
    assert not report.provisional
    scores = score_applications(record.contest, record.applications, record.reviews, record.conflicts)
    assert report.sensitivity == sensitivity(record, scores)


def test_the_statistics_are_those_of_the_engine() -> None:
    record = contest(budget=350)
    report = compute_report(record)
    given_ = arrays(record)
    offset = np.array([float(item.indicators["C1"]) * 2 for item in record.applications])
    found = calibrate(*given_, expert_noise=True)
    places = ranks(*given_, 3, offset=offset, cost=np.full(12, 100.0), budget=350.0, mode="strict", most=4)
    values = np.asarray(next_expert(*given_, 3, offset=offset))
    misfit = expert_misfit(*given_)
    assert report.line == 3
    by_number = sorted(report.projects, key=lambda item: item.number)
    assert [item.corrected for item in by_number] == [figure(x) for x in found.quality + offset]
    assert [item.corrected_se for item in by_number] == [figure(x) for x in found.quality_se]
    assert [(item.lo, item.hi) for item in by_number] == list(zip(places.lo.tolist(), places.hi.tolist(), strict=True))
    assert [item.p_line for item in by_number] == [figure(x) for x in places.p_top]
    assert [item.p_funded for item in by_number] == [figure(x) for x in places.p_funded]
    assert [item.next_value for item in by_number] == [figure(x) for x in values]
    assert [item.severity for item in report.experts] == [figure(x) for x in found.severity]
    assert [item.noise for item in report.experts] == [figure(x) for x in found.noise]
    assert [item.misfit for item in report.experts] == [figure(x) for x in misfit.index]
    assert [item.hi - item.lo for item in report.experts] == pytest.approx(2 * 1.6448536 * found.severity_se, abs=2e-6)
    assert [cell.expected for cell in report.cells] == [figure(x) for x in found.expected]
    assert [cell.score for cell in report.cells] == given_[2]
    variances = report.panels[0].variances
    assert variances == Variances(*(figure(found.variances[name]) for name in ("item", "rater", "residual")))


def test_a_cell_tells_what_was_given_what_expected_and_how_far_off_in_the_experts_own_noise() -> None:
    report = plain_report()
    noise = {item.email: item.noise for item in report.experts}
    for cell in report.cells:
        assert cell.residual == pytest.approx(cell.score - cell.expected, abs=2e-6)
        assert cell.standardised == pytest.approx(cell.residual / noise[cell.expert], abs=1e-5)


def test_agreement_is_of_the_total_and_of_each_criterion_on_its_own_scale() -> None:
    record = contest()
    rater, item, score = arrays(record)
    ordered = sorted(record.reviews, key=lambda each: (each.application, each.expert))
    wanted = []
    for code, title, values in (
        ("", "", score),
        *((c, f"Criterion {c}", [float(each.scores[c]) for each in ordered]) for c in ("E1", "E2")),
    ):
        a = agreement(rater, item, values)
        figures = (a.alpha_interval, a.alpha_ordinal, a.icc1, a.icc1k, a.kendall_w)
        wanted.append(CriterionAgreement(code, title, 12, 36, None, *map(figure, figures)))
    assert plain_report().agreement == tuple(wanted)


def test_projects_for_one_more_review_are_the_most_valuable_ones_best_first() -> None:
    report, many = compute_report(contest(projects=30)), compute_report(contest(projects=100))
    worth = [sum(item.next_value >= 0.005 for item in each.projects) for each in (report, many)]
    assert [len(report.next_reviews), len(many.next_reviews)] == [worth[0], 10]
    assert worth[0] < sum(item.next_value > 0 for item in report.projects) < 10 < worth[1]
    best = sorted(many.projects, key=lambda item: -item.next_value)[:10]
    assert [(n.number, n.value, n.reviews, n.p_line) for n in many.next_reviews] == [
        (item.number, item.next_value, item.reviews, item.p_line) for item in best
    ]


@cache
def joined_report() -> tuple[ContestRecord, Report]:
    """A contest of two panels and the report on it."""
    record = joined(contest(seed=3), contest(seed=4, projects=6))
    return record, compute_report(record)


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_the_lists_is_nothing(seed: int) -> None:
    (record, report), random = joined_report(), Random(seed)
    lists = {
        name: tuple(random.sample(getattr(record, name), len(getattr(record, name))))
        for name in ("applications", "experts", "reviews")
    }
    assert compute_report(replace(record, **lists)) == report


def test_panels_are_judged_apart_each_with_its_own_line() -> None:
    first, second = contest(projects=12, seed=3), contest(projects=7, seed=4)
    both = joined(first, second)
    both = replace(both, contest=replace(both.contest, rules=rules(experts_per_application=3, max_winners=6)))
    report = compute_report(both)
    assert [(p.number, p.projects, p.experts, p.scores) for p in report.panels] == [(1, 12, 4, 36), (2, 7, 4, 21)]
    assert sum(p.winners for p in report.panels) == report.line == 6
    for index, alone in enumerate((first, second)):
        winners = report.panels[index].winners
        limited = replace(
            alone.contest, rules=rules(experts_per_application=3, max_winners=winners), budget=both.contest.budget
        )
        own = compute_report(replace(alone, contest=limited))
        inside = [item for item in report.projects if item.panel == index + 1]
        assert [item.panel_place for item in inside] == [item.place for item in own.projects]
        assert [(item.corrected, item.lo, item.hi, item.p_line) for item in inside] == [
            (item.corrected, item.lo, item.hi, item.p_line) for item in own.projects
        ]


def test_a_panel_has_what_the_others_leave_of_the_budget() -> None:
    both = joined(contest(seed=3), contest(seed=4, projects=7))
    whole = replace(both.contest, rules=rules(experts_per_application=3), budget=600)
    report = compute_report(replace(both, contest=whole))
    assert report.line == 6
    first = [item for item in report.projects if item.panel == 1]
    others = sum(item.winner for item in report.projects if item.panel == 2)
    alone = replace(contest(seed=3).contest, rules=rules(experts_per_application=3), budget=600 - 100 * others)
    own = compute_report(replace(contest(seed=3), contest=alone))
    assert [item.p_funded for item in first] == [item.p_funded for item in own.projects]
    assert {item.p_funded for item in plain_report().projects} == {None}


def test_who_is_under_a_floor_gets_no_money_in_any_draw() -> None:
    strict = replace(CRITERIA[0], pass_mark=Decimal(6))
    free = rules(experts_per_application=3)
    record = contest(projects=15, criteria=(strict, *CRITERIA[1:]), rules=free, budget=10_000)
    report = compute_report(record)
    barred = {row.number for row in rank(record).rows if not row.passed}
    assert barred
    assert {item.p_funded for item in report.projects if item.number in barred} == {0.0}
    assert {item.p_funded for item in report.projects if item.number not in barred} == {1.0}
    assert (report.panels[0].no_line, {item.p_line for item in report.projects}) == (Refusal.ALL_WINNERS, {None})


def test_an_expert_of_fewer_than_eight_scores_gets_no_verdict_but_counts() -> None:
    record = contest(projects=10)
    report = compute_report(record)
    assert {item.scores for item in report.experts} == {7, 8}
    for item in report.experts:
        silent = (item.severity, item.lo, item.hi, item.noise, item.misfit, item.flagged)
        assert item.enough == (item.scores == 8)
        assert (item.refusal is Refusal.FEW_SCORES) == (silent == (None,) * 5 + (False,)) == (item.scores == 7)
    assert [item.name for item in report.experts] == sorted(item.name for item in report.experts)
    assert len(report.cells) == 30


def test_a_careless_expert_is_flagged() -> None:
    record, random = contest(projects=60, experts=10), Random(7)
    careless = [
        replace(item, scores={code: Decimal(random.randint(0, 10)) for code in item.scores})
        if item.expert == "c@example.org" else item
        for item in record.reviews
    ]  # fmt: skip
    report = compute_report(replace(record, reviews=tuple(careless)))
    assert [item.email for item in report.experts if item.flagged] == ["c@example.org"]


def test_strict_experts_on_strong_projects_raise_the_alarm_and_bring_the_other_solution() -> None:
    """Experts in a chain, each stricter than the one before and with stronger projects; two judge each project."""
    applications, reviews = [], []
    for index in range(40):
        number = f"{index:03d}"
        applications.append(application(number))
        for name in (EXPERTS[index // 5 % 8], EXPERTS[min(index // 5 % 8 + index % 2, 7)]):
            strictness = EXPERTS.index(name)
            mark = min(10, max(0, 4 + index // 8 - strictness // 2 + (index * 7 + strictness) % 2))
            reviews.append(review(name, number, {"E1": str(mark), "E2": str(mark)}))
    unique = {(item.expert, item.application): item for item in reviews}
    report = compute_report(made(applications, unique.values(), rules=rules(experts_per_application=1, max_winners=10)))
    (panel,) = [item for item in report.panels if item.refusal is None]
    assert panel.alarm
    assert panel.informative < -0.75
    assert panel.cautions == (Caution.INFORMATIVE_ASSIGNMENT,)
    inside = [item for item in report.projects if item.panel == panel.number]
    assert all(item.corrected_fixed is not None for item in inside)
    assert {item.corrected_fixed for item in plain_report().projects} == {None}


def test_where_strict_experts_had_strong_projects_experts_and_parts_are_told_without_smoothing() -> None:
    """Strictness makes up for quality to the last point: smoothed, experts and projects would all be alike."""
    applications = [application(f"{index:03d}") for index in range(40)]
    reviews = []
    for index in range(40):
        middle = round(9 * index / 39)
        for rater in sorted({max(0, middle - 1), middle, min(9, middle + 1)}):
            mark = str(round(1 + 8 * index / 39 - (rater - 4.5) * 0.8 + (index * 7 + rater * 3) % 3 * 0.5))
            reviews.append(review("abcdefghij"[rater], f"{index:03d}", {"E1": mark, "E2": mark}))
    record = made(applications, reviews, rules=rules(experts_per_application=1, max_winners=10))
    report, (rater, item, score) = compute_report(record), arrays(record)
    (panel,), fixed = report.panels, calibrate(rater, item, score, effects="fixed")
    assert panel.cautions == (Caution.INFORMATIVE_ASSIGNMENT,)
    assert min(calibrate(rater, item, score, expert_noise=True).variances.values()) < 1
    assert panel.variances == Variances(*(figure(fixed.variances[name]) for name in ("item", "rater", "residual")))
    told = {expert.email: expert.severity for expert in report.experts if expert.enough}
    emails = sorted({each.expert for each in reviews})
    assert told == {email: figure(fixed.severity[code]) for code, email in enumerate(emails) if email in told}
    assert [told[email] for email in emails if email in told] == sorted(told.values(), reverse=True)
    assert [cell.expected for cell in report.cells] == [figure(value) for value in fixed.expected]


def test_of_fewer_than_five_projects_with_two_marks_no_agreement_is_told() -> None:
    """Six projects with one mark each beside four, then five, that two experts saw."""
    for shared, refusals in ((4, {Refusal.FEW_COMPARED}), (5, {None})):
        numbers = [f"{index:03d}" for index in range(10)]
        pairs = [("a", number) for number in numbers] + [("b", number) for number in numbers[:shared]]
        reviews = [
            review(name, number, {"E1": str(int(number) + (name == "b")), "E2": str(9 - int(number))})
            for name, number in pairs
        ]
        report = compute_report(made([application(number) for number in numbers], reviews))
        assert {item.refusal for item in report.agreement} == refusals


def test_while_reviews_are_missing_the_line_is_drawn_by_what_is_there() -> None:
    record = contest(rules=rules(experts_per_application=4, max_winners=4))
    report = compute_report(record)
    assert report.provisional
    assert {item.outcome for item in report.projects} == {"incomplete"}
    assert [item.winner for item in report.projects] == [True] * 4 + [False] * 8
    assert report.panels[0].winners == report.line == 4


def test_an_application_without_reviews_belongs_to_no_panel() -> None:
    record = contest()
    more = replace(record, applications=(*record.applications, application("999", indicators={"C1": "10"})))
    report = compute_report(more)
    (alone,) = [item for item in report.projects if item.panel is None]
    assert (alone.number, alone.reviews, alone.panel_place, alone.corrected, alone.grade) == (
        "999",
        0,
        None,
        None,
        None,
    )
    assert report.panels[0].projects == 12


def test_only_what_counts_goes_in() -> None:
    """A review in conflict, one of a rejected application and one that the closest pair leaves out are no scores."""
    record = contest(
        rules=rules(
            experts_per_application=3,
            divergence=Divergence(Decimal("0.01")),
            additional_review=AdditionalRule.CLOSEST_PAIR,
        )
    )
    rejected = replace(application("777"), status=Decision.REJECTED)
    reviews = (
        *record.reviews,
        review("d", "000", {"E1": "0", "E2": "0"}, additional=True),
        review("a", "777", {"E1": "5", "E2": "5"}),
    )
    barred = Conflict("a@example.org", "001", "other")
    altered = replace(
        record, applications=(*record.applications, rejected), reviews=reviews, conflicts=(barred,)
    )  # fmt: skip
    counted = {row.number: set(row.counted) for row in rank(altered).rows}
    given_ = {(cell.number, cell.expert) for cell in compute_report(altered).cells}
    assert given_ == {(number, email) for number, emails in counted.items() for email in emails}
    assert len(counted["000"]) == 2
    assert ("001", "a@example.org") not in given_


def test_a_review_that_lacks_a_mark_counts_by_the_marks_it_has() -> None:
    record = contest()
    first = record.reviews[0]
    reviews = (replace(first, scores={"E2": Decimal(7)}), *record.reviews[1:])
    report = compute_report(replace(record, reviews=reviews))
    (cell,) = [item for item in report.cells if (item.number, item.expert) == (first.application, first.expert)]
    assert cell.score == 70.0
    assert [item.scores for item in report.agreement] == [36, 35, 36]
    nothing = compute_report(replace(record, reviews=(replace(first, scores={}), *record.reviews[1:])))
    assert len(nothing.cells) == 35


def same(mark: str) -> Callable[[ContestRecord], ContestRecord]:
    def altered(record: ContestRecord) -> ContestRecord:
        marks = {"E1": Decimal(mark), "E2": Decimal(mark)}
        return replace(record, reviews=tuple(replace(item, scores=marks) for item in record.reviews))

    return altered


def without_reviews(record: ContestRecord) -> ContestRecord:
    return replace(record, reviews=())


def without_applications(record: ContestRecord) -> ContestRecord:
    return replace(record, applications=())


@pytest.mark.parametrize(
    ("alter", "refusal"),
    [(without_reviews, Refusal.NO_REVIEWS), (without_applications, Refusal.NO_PROJECTS)],
)
def test_with_nothing_to_say_only_the_reason_is_said(alter, refusal: Refusal) -> None:
    record = alter(contest(budget=1_000))
    line = 4 if record.applications else 0
    assert compute_report(record) == Report(
        contest="T-1",
        digest=digest_of(record),
        engine=plain_report().engine,
        provisional=bool(record.applications),
        maximum=Decimal(120),
        line=line,
        budget=1_000,
        refusal=refusal,
    )


@pytest.mark.parametrize(
    ("record", "refusal"),
    [
        (contest(projects=1), Refusal.ONE_PROJECT),
        (contest(projects=4), Refusal.FEW_PROJECTS),
        (contest(experts=1, each=1), Refusal.FEW_EXPERTS),
        (same("5")(contest()), Refusal.IDENTICAL_SCORES),
        (
            made(
                [application(number) for number in "12345"],
                [review(name, number, {"E1": m, "E2": m}) for name, number, m in (
                    ("a", "1", "3"), ("a", "2", "4"), ("b", "2", "5"), ("b", "3", "5"), ("c", "3", "6"),
                    ("c", "4", "7"), ("d", "4", "8"), ("d", "5", "9"),
                )],
            ),
            Refusal.NO_RESIDUAL,
        ),
    ],
    ids=lambda value: value.value if isinstance(value, Refusal) else "",
)  # fmt: skip
def test_a_panel_whose_data_do_not_carry_it_says_why_and_nothing_else(record: ContestRecord, refusal: Refusal) -> None:
    report = compute_report(record)
    (panel,) = report.panels
    assert (panel.refusal, panel.variances, panel.informative, panel.alarm) == (refusal, None, None, False)
    assert report.refusal is None
    assert report.cells == report.next_reviews == ()
    assert {item.refusal for item in report.experts} == {refusal}
    silent = {(p.corrected, p.lo, p.hi, p.p_line, p.p_funded, p.grade, p.next_value) for p in report.projects}
    assert silent == {(None,) * 7}
    assert [item.panel_place for item in report.projects] == [item.place for item in report.projects]
    assert report.sensitivity is not None


def test_one_score_each_and_nothing_in_common_is_many_panels_without_a_word() -> None:
    record = contest(projects=6, experts=6, each=1)
    report = compute_report(record)
    assert [panel.refusal for panel in report.panels] == [Refusal.ONE_PROJECT] * 6
    assert {item.refusal for item in report.agreement} == {Refusal.ONE_SCORE_EACH}


@pytest.mark.parametrize(("winners", "reason"), [(0, Refusal.NO_WINNERS), (12, Refusal.ALL_WINNERS)])
def test_where_nobody_or_everybody_wins_there_is_no_line_and_the_rest_is_said(winners: int, reason: Refusal) -> None:
    report = compute_report(contest(rules=rules(experts_per_application=3, max_winners=winners)))
    assert report.panels[0].no_line is reason
    assert report.panels[0].refusal is None
    assert {(item.p_line, item.grade, item.next_value) for item in report.projects} == {(None, None, None)}
    assert report.next_reviews == ()
    assert all(item.lo <= item.hi and item.corrected is not None for item in report.projects)


def test_projects_that_chance_alone_tells_apart_are_said_to_be_so() -> None:
    """Each expert gives every project one of two marks, turn about: nothing is left of the projects' own."""
    numbers = [f"{index:03d}" for index in range(8)]
    reviews = [
        review(name, number, {"E1": mark, "E2": mark})
        for index, number in enumerate(numbers)
        for turn, name in enumerate("ab")
        for mark in (str(4 + 2 * ((index + turn) % 2)),)
    ]
    report = compute_report(made([application(number) for number in numbers], reviews, rules=rules(max_winners=4)))
    assert Caution.ITEM_VARIANCE_ZERO in report.panels[0].cautions
    assert {item.grade for item in report.projects} == {Grade.GREY}
    assert all((item.lo, item.hi) in {(1, 8), (1, 7), (2, 8)} for item in report.projects)


def test_who_shares_a_place_shares_it_in_the_panel() -> None:
    record = contest()
    twin = [replace(item, application="100") for item in record.reviews if item.application == "000"]
    indicators = next(item.indicators for item in record.applications if item.number == "000")
    applications = (*record.applications, replace(application("100"), indicators=indicators))
    report = compute_report(replace(record, applications=applications, reviews=(*record.reviews, *twin)))
    first, second = (item for item in report.projects if item.number in ("000", "100"))
    assert first.place == second.place
    assert [item.panel_place for item in report.projects] == [item.place for item in report.projects]


@pytest.mark.parametrize("mode", list(BudgetMode))
def test_every_way_down_the_budget_has_its_probabilities(mode: BudgetMode) -> None:
    record = contest(rules=rules(experts_per_application=3, budget_mode=mode), budget=450)
    report = compute_report(record)
    funded = {p.number: p.p_funded for p in report.projects}
    assert all(0 <= value <= 1 for value in funded.values())
    expected = {BudgetMode.STRICT: 4, BudgetMode.SKIP: 4, BudgetMode.PARTIAL: 5, BudgetMode.PROPORTIONAL: 12}[mode]
    assert sum(funded.values()) == pytest.approx(expected, abs=1e-4)
    assert report.line == expected


def test_the_digest_changes_with_whatever_goes_in_and_with_nothing_else() -> None:
    record = contest()
    plain = digest_of(record)
    first, app = record.reviews[0], record.applications[0]
    same_ = (
        replace(record, reviews=tuple(reversed(record.reviews))),
        replace(record, applications=(replace(app, title="Другое"), *record.applications[1:])),
        replace(record, reviews=(replace(first, comments={"E1": "Слово"}), *record.reviews[1:])),
        replace(record, applications=(*record.applications, replace(application("9"), status=Decision.WITHDRAWN))),
        replace(record, experts=(*record.experts, Expert("z@example.org", "Новый", None, "77", (), 9))),
        replace(record, contest=replace(record.contest, title="Другой конкурс")),
    )
    other = (
        replace(record, reviews=record.reviews[1:]),
        replace(record, reviews=(replace(first, scores={"E1": Decimal(1)}), *record.reviews[1:])),
        replace(record, reviews=(replace(first, additional=True), *record.reviews[1:])),
        replace(record, reviews=(replace(first, submitted_at=None), *record.reviews[1:])),
        replace(record, conflicts=(Conflict("c@example.org", "000", "other"),)),
        replace(record, applications=record.applications[1:]),
        replace(record, applications=(replace(app, requested=99), *record.applications[1:])),
        replace(record, applications=(replace(app, indicators={"C1": Decimal(11)}), *record.applications[1:])),
        replace(record, applications=(replace(app, submitted_at=START.replace(year=2025)), *record.applications[1:])),
        replace(record, experts=(replace(record.experts[0], name="Иная"), *record.experts[1:])),
        replace(record, contest=replace(record.contest, budget=5)),
        replace(record, contest=replace(record.contest, criteria=CRITERIA[:2])),
        replace(record, contest=replace(record.contest, rules=rules(rounding=1))),
        replace(record, contest=replace(record.contest, code="T-2")),
    )
    assert [digest_of(item) for item in same_] == [plain] * len(same_)
    assert len({plain, *map(digest_of, other)}) == len(other) + 1


def test_whoever_watches_is_told_and_may_stop_the_work() -> None:
    told: list[tuple[int, int]] = []
    compute_report(contest(), lambda done, of: told.append((done, of)))
    assert told == sorted(set(told))
    assert (told[0], told[-1]) == ((5, 100), (100, 100))

    def stop(done: int, of: int) -> None:
        if done >= 55:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        compute_report(contest(), stop)


@settings(max_examples=50, deadline=None)
@given(contests())
def test_any_small_contest_has_a_report_that_survives_its_document(record: ContestRecord) -> None:
    check(record, compute_report(record))


@settings(max_examples=20, deadline=None)
@given(
    st.integers(1, 40), st.integers(1, 8), st.integers(1, 4), st.integers(0, 10**6),
    st.sampled_from((None, 0, 250, 1_000)), st.integers(0, 40),
)  # fmt: skip
def test_any_contest_of_whatever_design_has_one(projects, experts, each, seed, budget, winners) -> None:
    limits = rules(experts_per_application=1, max_winners=winners)
    record = contest(projects, experts, min(each, experts), seed, budget=budget, rules=limits)
    check(record, compute_report(record))


def check(record: ContestRecord, report: Report) -> None:
    """What holds of every report."""
    assert from_document(to_document(report)) == report
    if report.refusal:
        return
    ranking = rank(record)
    assert [(p.number, p.place, p.total) for p in report.projects] == [
        (r.number, r.place, r.total) for r in ranking.rows
    ]
    panels = {panel.number: panel for panel in report.panels}
    assert sum(panel.scores for panel in report.panels) == sum(item.scores for item in report.experts)
    for item in report.projects:
        panel = panels.get(item.panel)
        spoken = panel is not None and panel.refusal is None
        assert (item.corrected is not None) == (item.lo is not None) == spoken
        if spoken:
            assert 1 <= item.lo <= item.hi <= panel.projects
            assert (item.p_line is None) == (panel.no_line is not None)
            assert (item.p_funded is None) == (record.contest.budget is None)
        for value in (item.p_line, item.p_funded):
            assert value is None or 0 <= value <= 1
    for number, panel in panels.items():
        inside = [item for item in report.projects if item.panel == number]
        assert len(inside) == panel.projects
        assert sum(item.winner for item in inside) == panel.winners
        if not panel.refusal and not panel.no_line:
            assert sum(item.p_line for item in inside) == pytest.approx(panel.winners, abs=1e-4)


def test_a_total_that_is_rounded_up_to_the_threshold_gets_money() -> None:
    """All agree: totals lie exactly where the marks put them, 69.6 officially passes for 70 and is funded as such."""
    marks = {"000": "7.0", "001": "6.96", "002": "6.94", "003": "9", "004": "2", "005": "4"}
    record = made(
        [application(number) for number in marks],
        [review(name, number, {"E1": m, "E2": m}) for number, m in marks.items() for name in "ab"],
        criteria=CRITERIA[:2],
        rules=rules(pass_total=Decimal(70), rounding=0),
        budget=1_000,
    )
    report = compute_report(record)
    assert {row.number for row in rank(record).rows if row.passed} == {"000", "001", "003"}
    assert {item.number: item.p_funded for item in report.projects} == {
        "000": 1.0, "001": 1.0, "002": 0.0, "003": 1.0, "004": 0.0, "005": 0.0,
    }  # fmt: skip


def test_where_all_get_the_same_share_a_panel_without_winners_could_have_had_one() -> None:
    """The others' awards take all the money, but nobody is left out for that: every award would only be smaller."""
    record = joined(contest(seed=3, experts=4), contest(seed=5, projects=7))
    totals = {row.number: row.total for row in rank(record).rows}
    best = max(total for number, total in totals.items() if number.startswith("1-"))
    limits = rules(
        experts_per_application=3, budget_mode=BudgetMode.PROPORTIONAL, pass_total=best + 1, rounding=2
    )  # fmt: skip
    passing = sum(total > best for total in totals.values())
    report = compute_report(replace(record, contest=replace(record.contest, rules=limits, budget=50 * passing)))
    assert [panel.winners for panel in report.panels][1] == 0 < report.panels[0].winners
    second = [item.p_funded for item in report.projects if item.panel == 2]
    assert 0 < max(second) < 1


def test_whom_a_floor_bars_leaves_the_line_to_those_who_may_win() -> None:
    """Three of the best fail the floor: the winners are not surely below a line that nobody else can be above."""
    plain = contest(projects=16, experts=4)
    best = {row.number for row in rank(plain).rows[:3]}
    floor = replace(CRITERIA[1], pass_mark=Decimal(5))
    reviews = tuple(
        replace(item, scores=item.scores | {"E2": Decimal(4), "E1": Decimal(10)}) if item.application in best else
        replace(item, scores=item.scores | {"E2": Decimal(max(5, item.scores["E2"]))})
        for item in plain.reviews
    )  # fmt: skip
    limits = rules(experts_per_application=3, max_winners=5)
    report = compute_report(
        replace(plain, reviews=reviews, contest=replace(plain.contest, criteria=(CRITERIA[0], floor), rules=limits))
    )
    barred = [item for item in report.projects if item.outcome is Outcome.BELOW_THRESHOLD]
    assert {item.number for item in barred} == best
    assert max(item.panel_place for item in report.projects if item.winner) == 8
    assert {(item.p_line, item.grade, item.next_value) for item in barred} == {(0.0, Grade.BELOW, 0.0)}
    assert sum(item.p_line for item in report.projects) == pytest.approx(5, abs=1e-4)
    assert min(item.p_line for item in report.projects if item.winner) > 0.25
