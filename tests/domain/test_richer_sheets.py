"""What richer score sheets change in a ranking, and everything that they do not."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from judging.domain.explanation import MissedLine, NotCounted, explain
from judging.domain.nominations import Nomination, judged_criteria
from judging.domain.ranking import Outcome, rank, ranking_document
from judging.domain.record import (
    AgreedReview,
    Conflict,
    ContestRecord,
    PanelDecision,
    PanelVerdict,
    ReviewState,
    without_drafts,
)
from judging.domain.review_totals import review_total, rounded_totals
from judging.domain.rubric import AnswerStyle, BelowPass, CommentRule, Scale, expert_criteria, marks
from judging.domain.rubric_faults import rubric_faults
from judging.domain.rules import AdditionalRule, AgreedScore, Divergence
from judging.domain.scoring import Needs, score_record
from judging.domain.sensitivity import sensitivity
from judging.domain.sheet_rules import Audience, Confidence, SheetRules, sheet_rules_faults
from tests.domain.contests import contests
from tests.domain.records import START, application, expert_criterion, linear, review, rules, terms
from tests.richer import enriched

TWO = (expert_criterion("E1", "10", may_abstain=True), expert_criterion("E2", "30", may_abstain=True))
RANDOM = st.randoms(use_true_random=False)
PASS, REJECT = (PanelDecision(verdict, "Решено на заседании") for verdict in PanelVerdict)


def record_of(*reviews, criteria=TWO, applications=None, agreed=(), conflicts=(), **changes):
    """A contest of one application, "1", unless others are given; ``changes`` are of the rules."""
    contest = terms(*criteria, rules=rules(**changes))
    return ContestRecord(contest, (), (), applications or (application("1"),), (), conflicts, reviews, tuple(agreed))


def score(*reviews, **changes):
    return score_record(record_of(*reviews, **changes))[0]


def abstaining(expert, marked, *abstained, **changes):
    return review(expert, "1", marked, abstained=frozenset(abstained), **changes)


def agreed_by(expert, marked):
    return AgreedReview(
        f"{expert}@example.org", "1", START, {code: Decimal(mark) for code, mark in marked.items()}, "После обсуждения"
    )


def test_an_abstained_criterion_is_left_out_of_its_mean_alone():
    result = score(abstaining("a", {"E1": "8"}, "E2"), review("b", "1", {"E1": "4", "E2": "10"}))
    assert (result.points, result.needs) == ({"E1": 6, "E2": 30}, None)


def test_the_total_of_a_review_with_abstentions_is_scaled_up_to_all_weights():
    criteria = (*TWO, linear("C1", "60"))
    whole, some = review("a", "1", {"E1": "5", "E2": "5"}), abstaining("b", {"E1": "5"}, "E2")
    nothing = abstaining("c", {}, "E1", "E2")
    assert [review_total(criteria, item) for item in (whole, some, nothing)] == [20, 20, None]
    third = abstaining("d", {"E2": "7"}, "E1")
    assert review_total(criteria, third) == Fraction(30 * 7 * 40, 10 * 30)
    rounded = rounded_totals(criteria, [whole, some, nothing, third], 2)
    assert [rounded(item) for item in (whole, some, nothing, third)] == [Decimal("20.00")] * 2 + [None, Decimal(28)]


def test_divergence_and_the_nearest_pair_go_by_the_scaled_totals():
    limit = {"divergence": Divergence(Decimal("0.2")), "additional_review": AdditionalRule.CLOSEST_PAIR}
    full, part = review("a", "1", {"E1": "5", "E2": "5"}), abstaining("b", {"E1": "5"}, "E2")
    assert not score(full, part, **limit).diverged
    far = review("b", "1", {"E1": "10", "E2": "10"})
    third = abstaining("c", {"E2": "5"}, "E1", additional=True)
    assert score(full, far, third, **limit).counted == ("a@example.org", "c@example.org")
    mute = abstaining("c", {}, "E1", "E2", additional=True)
    assert score(full, far, mute, **limit).counted == ("a@example.org", "b@example.org")


def test_a_required_criterion_that_nobody_judged_needs_reviews_and_an_optional_one_has_no_points():
    both = [abstaining(name, {"E1": "8"}, "E2") for name in "ab"]
    assert (score(*both).needs, score(*both).points["E2"]) == (Needs.REVIEWS, 0)
    optional = (TWO[0], replace(TWO[1], required=False))
    assert score(*both, criteria=optional).needs is None
    outside = (TWO[0], replace(TWO[1], weight=Decimal(0)))
    assert score(*both, criteria=outside).needs is None
    unmarked = [review(name, "1", {"E1": "8"}) for name in "ab"]
    assert (score(*unmarked, criteria=optional).total, score(*unmarked, criteria=optional).needs) == (8, None)


@given(contests(), RANDOM)
def test_an_abstention_changes_no_points_where_the_others_gave_the_same_share(record, random):
    """Of one criterion all reviews have the same mark; one of several abstains from it."""
    experts = expert_criteria(record.contest.criteria)
    assume(experts)
    chosen = random.choice(experts)
    mark = random.choice(marks(chosen.scale))
    criteria = tuple(replace(item, may_abstain=True) if item == chosen else item for item in record.contest.criteria)
    contest = replace(record.contest, criteria=criteria, rules=replace(record.contest.rules, divergence=Divergence()))
    same = replace(
        record,
        contest=contest,
        reviews=tuple(replace(item, scores={**item.scores, chosen.code: mark}) for item in record.reviews),
    )
    before = {item.application: item for item in score_record(same)}
    counted = {number: item.counted for number, item in before.items() if len(item.counted) > 1}
    several = [item for item in same.reviews if item.expert in counted.get(item.application, ())]
    assume(several)
    who = random.choice(several)
    scores = {code: value for code, value in who.scores.items() if code != chosen.code}
    less = replace(who, scores=scores, abstained=frozenset({chosen.code}))
    after = score_record(replace(same, reviews=tuple(less if item is who else item for item in same.reviews)))
    assert {item.application: item for item in after} == before


@given(contests(), RANDOM)
def test_a_review_set_aside_or_out_of_scope_is_as_if_it_were_not_there(record, random):
    gone = random.sample(record.reviews, len(record.reviews) // 3)
    out = {"set_aside": "Оценки всех проектов одинаковы"} if random.random() < 0.5 else {"in_scope": False}
    marked = tuple(replace(item, **out) if item in gone else item for item in record.reviews)
    left = tuple(item for item in record.reviews if item not in gone)
    assert rank(replace(record, reviews=marked)) == rank(replace(record, reviews=left))


@given(contests(), RANDOM)
def test_words_confidence_and_what_the_sheet_asks_change_nothing(record, random):
    richer = enriched(record, random)
    plain = replace(
        richer,
        contest=replace(richer.contest, sheet=SheetRules()),
        reviews=tuple(
            replace(item, comments={}, to_applicant={}, confidence=None, scope_reason="") for item in richer.reviews
        ),
    )
    assert rank(plain) == rank(richer)


@given(contests())
def test_what_the_new_rules_say_of_nothing_changes_nothing(record):
    """Rules that could apply, where no threshold is missed in vain, nobody abstains and nobody agreed on anything."""
    criteria = tuple(
        replace(item, may_abstain=True, required=item.pass_mark is not None)
        if item in expert_criteria(record.contest.criteria)
        else item
        for item in record.contest.criteria
    )
    ruled = replace(record.contest.rules, agreed_score=AgreedScore.COUNTS)
    same = replace(record, contest=replace(record.contest, criteria=criteria, rules=ruled))
    assert rank(same) == rank(record)
    assert ranking_document(rank(same), 2) == ranking_document(rank(record), 2)


FLOORED = (expert_criterion("E1", "10", pass_mark=Decimal(6)), expert_criterion("E2", "30"))
LEADS = (replace(FLOORED[0], below_pass=BelowPass.PANEL), FLOORED[1])


def below(panel=None, criteria=LEADS, **changes):
    """The place of an application whose first mark, 5, is below the floor of 6 and whose total is 35."""
    given = [review(name, "1", {"E1": "5", "E2": "10"}) for name in "ab"]
    record = record_of(*given, criteria=criteria, applications=(application("1", panel=panel),), **changes)
    return rank(record).rows[0]


@pytest.mark.parametrize(
    ("panel", "needs", "passed", "outcome"),
    [
        (None, Needs.PANEL, False, Outcome.INCOMPLETE),
        (PASS, None, True, Outcome.WINNER),
        (REJECT, None, False, Outcome.BELOW_THRESHOLD),
    ],
)
def test_below_a_threshold_that_leads_to_the_panel_its_decision_decides(panel, needs, passed, outcome):
    row = below(panel)
    assert (row.needs, row.passed, row.outcome) == (needs, passed, outcome)
    total = below(panel, (FLOORED[1],), pass_total=Decimal(31), below_pass=BelowPass.PANEL)
    assert (total.needs, total.passed, total.outcome) == (needs, passed, outcome)


@pytest.mark.parametrize("panel", [None, PASS, REJECT])
def test_a_threshold_that_rejects_is_stronger_than_the_panel(panel):
    out = (None, False, Outcome.BELOW_THRESHOLD)
    high = Decimal(36)
    floor, total = below(panel, FLOORED, below_pass=BelowPass.PANEL, pass_total=high), below(panel, pass_total=high)
    assert [(row.needs, row.passed, row.outcome) for row in (floor, total)] == [out, out]


def test_a_panels_decision_says_nothing_where_every_threshold_is_reached_or_reviews_are_missing():
    enough = below(REJECT, (FLOORED[1],))
    assert (enough.passed, enough.needs) == (True, None)
    assert below(None, experts_per_application=3).needs is Needs.REVIEWS
    assert below(PASS, experts_per_application=3).needs is Needs.REVIEWS


COUNTS = {"agreed_score": AgreedScore.COUNTS, "divergence": Divergence(Decimal("0.2"))}
FAR = (review("a", "1", {"E1": "0", "E2": "0"}), review("b", "1", {"E1": "10", "E2": "10"}))


def test_an_agreed_score_counts_in_the_place_of_reviews_and_settles_what_diverged():
    before, after = score(*FAR, **COUNTS), score(*FAR, agreed=[agreed_by("a", {"E1": "6", "E2": "7"})], **COUNTS)
    assert (before.needs, before.total) == (Needs.ADDITIONAL_REVIEW, 20)
    assert (after.needs, after.total, after.counted, after.agreed) == (None, 27, (), "a@example.org")
    assert after.diverged


def test_floors_hold_for_an_agreed_score_too():
    marked = [agreed_by("a", {"E1": "5", "E2": "10"})]
    assert score(*FAR, criteria=FLOORED, agreed=marked, **COUNTS).passed is False
    assert score(*FAR, criteria=LEADS, agreed=marked, **COUNTS).needs is Needs.PANEL


@pytest.mark.parametrize("says", [AgreedScore.NONE, AgreedScore.BESIDE])
def test_an_agreed_score_beside_the_reviews_changes_nothing(says):
    marked = [agreed_by("a", {"E1": "6", "E2": "7"})]
    assert score(*FAR, agreed=marked, agreed_score=says) == score(*FAR, agreed_score=says)


def test_an_agreed_score_of_an_expert_in_conflict_does_not_count():
    barred = (Conflict("c@example.org", "1", "declared"),)
    marked = [agreed_by("c", {"E1": "6", "E2": "7"})]
    assert score(*FAR, agreed=marked, conflicts=barred, **COUNTS) == score(*FAR, conflicts=barred, **COUNTS)


def test_an_explanation_says_why_each_review_does_not_count_and_which_thresholds_are_missed():
    reviews = (
        abstaining("a", {"E1": "5"}, "E2"),
        review("b", "1", {"E1": "4", "E2": "10"}),
        review("c", "1", {"E1": "9", "E2": "9"}, set_aside="Ошибка"),
        review("d", "1", {}, in_scope=False, scope_reason="Не по профилю"),
    )
    criteria = (LEADS[0], TWO[1])
    record = record_of(*reviews, criteria=criteria, pass_total=Decimal(39))
    (row,), (found,) = rank(record).rows, score_record(record)
    told = explain(record, record.applications[0], row, found)
    assert [part.why_not for part in told.parts] == [
        None,
        None,
        NotCounted.STAFF_SET_ASIDE,
        NotCounted.OUT_OF_SCOPE,
    ]
    assert told.missed == (MissedLine(criteria[0], BelowPass.PANEL), MissedLine(None, BelowPass.REJECT))
    marked = agreed_by("a", {"E1": "6", "E2": "7"})
    settled = replace(
        record,
        agreed=(marked,),
        contest=replace(record.contest, rules=replace(record.contest.rules, agreed_score=AgreedScore.COUNTS)),
    )
    (row,), (found,) = rank(settled).rows, score_record(settled)
    told = explain(settled, settled.applications[0], row, found)
    assert [part.why_not for part in told.parts][:2] == [NotCounted.AGREED] * 2
    assert [(line.mark, line.agreed) for line in told.marked] == [(6, Decimal(6)), (7, Decimal(7))]
    assert told.agreed == marked


@given(contests(), RANDOM)
def test_sensitivity_scores_as_the_ranking_does(record, random):
    """Nothing about a contest without the weights changed: a scenario that changes no figure moves nobody."""
    richer = enriched(record, random)
    scores = score_record(richer)
    found = sensitivity(richer, scores)
    passing = {item.application for item in scores if item.passed}
    assert set(found.steadfast) <= passing


def test_only_the_ends_of_the_scale_that_fits_may_be_answered_by_a_check():
    two, one = (Scale(Decimal(0), Decimal(most), Decimal(1)) for most in (2, 1))
    fit = (
        expert_criterion("E1", answers=AnswerStyle.YES_NO, scale=one),
        expert_criterion("E2", answers=AnswerStyle.TRAFFIC_LIGHT, scale=two),
    )
    assert rubric_faults(fit) == ()
    crossed = (replace(fit[0], scale=two), replace(fit[1], scale=one))
    assert [str(fault) for fault in rubric_faults(crossed)] == [
        "criteria[0].answers: These answers need the scale from 0 to 1 with the step 1",
        "criteria[1].answers: These answers need the scale from 0 to 2 with the step 1",
    ]


def test_faults_of_what_a_sheet_asks_are_named():
    wrong = (
        expert_criterion("E1", pass_mark=Decimal(5), required=False),
        expert_criterion("E2", below_pass=BelowPass.PANEL),
        expert_criterion("E3", comment_required=CommentRule(shortest=10)),
        expert_criterion("E4", comment_required=CommentRule(at_most=Decimal(10), shortest=1001)),
        expert_criterion("E5", comment_required=CommentRule(at_most=Decimal(10), shortest=1000)),
    )
    assert [str(fault) for fault in rubric_faults(wrong)] == [
        "criteria[0].required: A criterion with a passing mark must be marked",
        "criteria[1].below_pass: There is no passing mark: nothing leads to the panel",
        "criteria[2].comment_required.shortest: "
        "Say for which marks a comment is compulsory: without that there is no least length",
        "criteria[3].comment_required.shortest: The least length of a comment must be between 0 and 1000 characters",
    ]
    named = SheetRules(audiences=(Audience.APPLICANT, Audience.APPLICANT, Audience.PANEL))
    assert [str(fault) for fault in sheet_rules_faults(named)] == [
        "sheet.audiences[1]: The audience is named twice",
        "sheet.audiences[2]: Comments to the commission are always there",
    ]


def test_a_criterion_that_a_nomination_judges_outside_the_total_leads_nobody_to_the_panel():
    outside = judged_criteria(LEADS, Nomination("n", "N", weights={"E1": Decimal(0)}))
    assert outside[0] == replace(LEADS[0], weight=Decimal(0), pass_mark=None, below_pass=BelowPass.REJECT)


def test_nothing_of_an_unfinished_sheet_leaves():
    begun = abstaining(
        "a", {"E1": "5"}, "E2", state=ReviewState.ASSIGNED, submitted_at=None, confidence=Confidence.LOW,
        in_scope=False, scope_reason="Черновик", to_applicant={"E1": "Черновик"}, comments={"E1": "Черновик"},
    )  # fmt: skip
    bare = review("a", "1", {}, state=ReviewState.ASSIGNED, submitted_at=None)
    assert without_drafts(record_of(begun)).reviews == (bare,)
