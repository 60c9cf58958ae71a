"""Contests with everything that richer score sheets bring, made of contests without it; all of it is valid."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from random import Random

from judging.domain.record import AgreedReview, Application, ContestRecord, PanelDecision, PanelVerdict, Review
from judging.domain.rubric import (
    AnswerStyle,
    BelowPass,
    CommentRule,
    Criterion,
    ExpertCriterion,
    Scale,
    expert_criteria,
    marks,
)
from judging.domain.rules import AgreedScore, Rules
from judging.domain.sheet_rules import Asked, Audience, Confidence, SheetRules, group_place

CHECKS: tuple[ExpertCriterion, ...] = (
    ExpertCriterion(
        "Y1", "Есть рынок сбыта", Decimal("2.5"), Scale(Decimal(0), Decimal(1), Decimal(1)), answers=AnswerStyle.YES_NO
    ),
    ExpertCriterion(
        "T1", "Риски", Decimal(3), Scale(Decimal(0), Decimal(2), Decimal(1)), answers=AnswerStyle.TRAFFIC_LIGHT,
        may_abstain=True, required=False,
    ),
)  # fmt: skip
WORDS = ("Нет данных о спросе", "«Не по профилю»\nконкурса", "=1+1")


def enriched(record: ContestRecord, random: Random) -> ContestRecord:
    """Give a contest checks, optional criteria, abstentions, scope, panels and agreed scores; private notes nowhere."""
    criteria = (*(_criterion(item, random) for item in record.contest.criteria), *CHECKS)
    terms = replace(
        record.contest, criteria=criteria, rules=_rules(record.contest.rules, random), sheet=a_sheet(random)
    )
    codes = [item.code for item in CHECKS]
    nominations = tuple(
        replace(item, weights={**item.weights, random.choice(codes): None}) for item in terms.nominations
    )
    places = [item.code for item in criteria] + [group_place(item.group) for item in criteria if item.group]
    reviews = tuple(_review(item, expert_criteria(criteria), places, random) for item in record.reviews)
    return replace(
        record,
        contest=replace(terms, nominations=nominations),
        applications=tuple(_application(item, random) for item in record.applications),
        reviews=reviews,
        agreed=tuple(_agreed(reviews, expert_criteria(criteria), terms.rules, random)),
    )


def a_sheet(random: Random) -> SheetRules:
    """Make what a sheet asks."""
    return SheetRules(
        recommendation=random.choice(list(Asked)),
        confidence=random.choice(list(Asked)),
        scope=random.random() < 0.5,
        audiences=tuple(random.sample((Audience.APPLICANT, Audience.PRIVATE), random.randint(0, 2))),
        groups=random.random() < 0.5,
    )


def _criterion(item: Criterion, random: Random) -> Criterion:
    if not isinstance(item, ExpertCriterion):
        return item
    rule = item.comment_required
    bounded = rule is not None and (rule.at_most is not None or rule.at_least is not None)
    return replace(
        item,
        may_abstain=random.random() < 0.6,
        required=item.pass_mark is not None or random.random() < 0.8,
        below_pass=random.choice(list(BelowPass)) if item.pass_mark is not None else BelowPass.REJECT,
        comment_required=replace(rule, shortest=random.choice((0, 40))) if bounded and rule else rule or CommentRule(),
    )


def _rules(rules: Rules, random: Random) -> Rules:
    return replace(
        rules, below_pass=random.choice(list(BelowPass)), agreed_score=random.choice([*AgreedScore, AgreedScore.COUNTS])
    )


def _application(item: Application, random: Random) -> Application:
    verdict = random.choice((None, *PanelVerdict))
    return item if verdict is None else replace(item, panel=PanelDecision(verdict, random.choice(WORDS)))


def _review(item: Review, experts: Sequence[ExpertCriterion], places: Sequence[str], random: Random) -> Review:
    if not item.state.is_submitted:
        return item
    checks = {one.code: random.choice(marks(one.scale)) for one in CHECKS if random.random() < 0.9}
    scores = {**item.scores, **checks}
    able = [one.code for one in experts if one.may_abstain]
    everything = random.random() < 0.1
    abstained = frozenset(code for code in able if everything or random.random() < 0.3)
    return replace(
        item,
        scores={code: mark for code, mark in scores.items() if code not in abstained},
        abstained=abstained,
        comments={**item.comments, random.choice(places): random.choice(WORDS)},
        confidence=random.choice((None, *Confidence)),
        in_scope=random.choice((None, True, True, False)),
        scope_reason=random.choice(("", "", WORDS[0])),
        to_applicant={random.choice(places): random.choice(WORDS)} if random.random() < 0.5 else {},
        set_aside=random.choice((*(None,) * 5, WORDS[0])),
    )


def _agreed(reviews: Sequence[Review], experts: Sequence[ExpertCriterion], rules: Rules, random: Random):
    leads = {item.application: item for item in reviews if item.submitted_at is not None}
    if rules.agreed_score is AgreedScore.NONE:
        return
    for number, lead in leads.items():
        if random.random() < 0.4 and lead.submitted_at is not None:
            scores = {item.code: random.choice(marks(item.scale)) for item in experts if random.random() < 0.9}
            yield AgreedReview(lead.expert, number, lead.submitted_at + timedelta(days=1), scores, random.choice(WORDS))
