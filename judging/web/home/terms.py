"""Rules and rubric in plain words, as the public page and the staff's pages show them."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask_babel import gettext, ngettext

from judging.domain.criterion_groups import criterion_groups
from judging.domain.nominations import Nomination, judged_criteria
from judging.domain.rubric import FULL_BAND_SCORE, BandsCriterion, BelowPass, Criterion, maximum_total
from judging.domain.rules import AdditionalRule, Aggregate, AgreedScore, BudgetMode, Rules, tiebreak_of
from judging.domain.sheet_rules import Asked, Audience, SheetRules
from judging.models import Contest
from judging.models import Criterion as CriterionRow
from judging.models import Nomination as NominationRow
from judging.queries.contests import criteria_of, nominations_of
from judging.web.criterion_headings import Section, sections
from judging.web.templating import decimal, label, localized, money, weight_figure

HUNDRED = Decimal(100)


@dataclass(frozen=True)
class CriterionCard:
    """A criterion for a page: the stored row, the value of the domain, and the name and unit of its indicator."""

    row: CriterionRow
    criterion: Criterion
    indicator: str
    unit: str


def criterion_cards(contest: Contest) -> list[CriterionCard]:
    """The rubric for a page, in its order."""
    indicators = {item["code"]: item for item in contest.indicators}
    cards = []
    for row, criterion in zip(contest.criteria, criteria_of(contest), strict=True):
        item = indicators.get(getattr(criterion, "indicator", ""), {})
        cards.append(CriterionCard(row, criterion, localized(item, "title"), localized(item, "unit")))
    return cards


def card_sections(cards: list[CriterionCard]) -> list[Section[CriterionCard]]:
    """The rubric group by group; empty where there are no groups."""
    return sections(cards, lambda card: card.criterion)


def reachable_total(contest: Contest) -> Decimal:
    """The greatest total that can be reached."""
    return maximum_total(criteria_of(contest))


@dataclass(frozen=True)
class NominationColumn:
    """What a nomination judges and gives, in words; a weight is empty where the criterion is not judged.

    ``groups`` are the weights of the groups of criteria, by the codes of all that are in one.
    """

    id: int
    title: str
    code: str
    weights: dict[str, str]
    groups: dict[tuple[str, ...], str]
    total: str
    pass_total: str
    budget: str
    cap: str
    winners: str


def nomination_columns(contest: Contest) -> list[NominationColumn]:
    """The nominations for a page, in their order; empty where the contest has none."""
    criteria = criteria_of(contest)
    return [
        _column(row, value, criteria) for row, value in zip(contest.nominations, nominations_of(contest), strict=True)
    ]


def _column(row: NominationRow, nomination: Nomination, criteria: tuple[Criterion, ...]) -> NominationColumn:
    judged = judged_criteria(criteria, nomination)
    weights = {item.code: weight_figure(item.weight) for item in judged}
    none = gettext("not limited")
    return NominationColumn(
        id=row.id,
        title=localized(row, "title"),
        code=row.code,
        weights={item.code: weights.get(item.code, "") for item in criteria},
        groups={group.codes: _group_weight(group.codes, judged) for group in criterion_groups(criteria)},
        total=decimal(maximum_total(judged)),
        pass_total=gettext("none") if nomination.pass_total is None else decimal(nomination.pass_total),
        budget=none if nomination.budget is None else money(nomination.budget),
        cap=none if nomination.cap is None else money(nomination.cap),
        winners=none if nomination.max_winners is None else str(nomination.max_winners),
    )


def _group_weight(codes: tuple[str, ...], judged: tuple[Criterion, ...]) -> str:
    """The weight of a group in a nomination; empty where none of it is judged there."""
    weights = [item.weight for item in judged if item.code in codes]
    return weight_figure(sum(weights, Decimal(0))) if weights else ""


def is_hundred(total: Decimal) -> bool:
    """Say whether the weights add up to the customary hundred."""
    return total == HUNDRED


def band_rows(criterion: BandsCriterion, unit: str) -> list[tuple[str, str]]:
    """Bands as (which values, how many points): the points are of the criterion's full weight, exact.

    Outside the total there is none: there they are the points out of ten.
    """
    ends = [band.start for band in criterion.bands[1:]] + [None]
    full = criterion.weight or FULL_BAND_SCORE
    return [
        (_band_text(band.start, end, unit), _plain(full * band.score / FULL_BAND_SCORE))
        for band, end in zip(criterion.bands, ends, strict=True)
    ]


def rule_facts(rules: Rules, *, nominated: bool = False) -> list[tuple[str, str]]:
    """The rules beside the rubric as (what, how); what each nomination has of its own is told with it."""
    own = () if nominated else ((gettext("Passing total"), _pass_text(rules)),)
    panel = _panel_text() if nominated and rules.below_pass is BelowPass.PANEL else None
    limits = () if nominated else ((gettext("Limits"), _limit_text(rules)),)
    return [
        (gettext("Experts per application"), str(rules.experts_per_application)),
        (gettext("Mark for a criterion"), _aggregate_text(rules.aggregate)),
        (gettext("When experts differ"), _divergence_text(rules)),
        *(() if rules.agreed_score is AgreedScore.NONE else ((gettext("Agreed score"), _agreed_text(rules)),)),
        *own,
        *(() if panel is None else ((gettext("Below the passing total"), panel),)),
        (gettext("Rounding"), _rounding_text(rules.rounding)),
        (gettext("Budget"), _budget_text(rules.budget_mode)),
        *limits,
    ]


def _band_text(start: Decimal | None, end: Decimal | None, unit: str) -> str:
    if start is None and end is None:
        return gettext("any value")
    if start is None:
        return gettext("less than %(end)s %(unit)s", end=decimal(end), unit=unit)
    if end is None:
        return gettext("%(start)s %(unit)s and more", start=decimal(start), unit=unit)
    return gettext("from %(start)s to less than %(end)s %(unit)s", start=decimal(start), end=decimal(end), unit=unit)


def _plain(number: Decimal) -> str:
    return decimal(Decimal(f"{number.normalize():f}"))


def _aggregate_text(aggregate: Aggregate) -> str:
    return {
        Aggregate.MEAN: gettext("the mean of the experts' marks"),
        Aggregate.MEDIAN: gettext("the median of the experts' marks"),
        Aggregate.TRIMMED_MEAN: gettext(
            "the mean of the experts' marks; with five or more, without one smallest and one greatest"
        ),
    }[aggregate]


def _divergence_text(rules: Rules) -> str:
    share, span = rules.divergence.total_share, rules.divergence.criterion_range
    tests = []
    if share is not None:
        tests.append(gettext("totals differ by more than %(share)s %% of the greatest", share=_plain(share * HUNDRED)))
    if span is not None:
        tests.append(gettext("marks for one criterion differ by %(span)s or more", span=decimal(span)))
    if not tests:
        return gettext("no additional review is held")
    when = gettext(" or ").join(tests)
    return gettext(
        "an additional review is held where %(when)s; then %(what)s", when=when, what=_after(rules.additional_review)
    )


def _after(rule: AdditionalRule) -> str:
    return {
        AdditionalRule.MEAN_ALL: gettext("all reviews count"),
        AdditionalRule.CLOSEST_PAIR: gettext("the two nearest reviews count"),
        AdditionalRule.ADDITIONAL_IS_FINAL: gettext("the additional review alone counts"),
    }[rule]


def _pass_text(rules: Rules) -> str:
    if rules.pass_total is None:
        return gettext("there is no passing total")
    least = gettext("at least %(total)s", total=decimal(rules.pass_total))
    return f"{least}; {_panel_text()}" if rules.below_pass is BelowPass.PANEL else least


def _panel_text() -> str:
    return gettext("below it the panel decides")


def _agreed_text(rules: Rules) -> str:
    if rules.agreed_score is AgreedScore.COUNTS:
        return gettext("after a discussion a lead expert may put down one score, which counts in place of the reviews")
    return gettext("after a discussion a lead expert may put down one score, which stands beside and changes nothing")


def sheet_facts(sheet: SheetRules) -> list[tuple[str, str]]:
    """What a score sheet asks beside its marks as (what, how)."""
    asked = {
        Asked.NO: gettext("is not asked for"),
        Asked.OPTIONAL: gettext("may be given"),
        Asked.REQUIRED: gettext("must be given"),
    }
    readers = [gettext("to the commission")]
    readers += [gettext("to the applicant")] if Audience.APPLICANT in sheet.audiences else []
    readers += [gettext("private notes of the expert")] if Audience.PRIVATE in sheet.audiences else []
    scope = (
        gettext("asked; a review that says it is out of scope does not count") if sheet.scope else gettext("not asked")
    )
    places = gettext("each criterion and each group") if sheet.groups else gettext("each criterion")
    return [
        (gettext("Recommendation"), asked[sheet.recommendation]),
        (gettext("How sure the expert is"), asked[sheet.confidence]),
        (gettext("Scope of the contest"), scope),
        (gettext("Comments"), gettext("%(places)s: %(readers)s", places=places, readers=", ".join(readers))),
    ]


def _rounding_text(places: int) -> str:
    if not places:
        return gettext("the total is rounded once, to a whole number")
    return ngettext(
        "the total is rounded once, to %(num)d decimal", "the total is rounded once, to %(num)d decimals", places
    )


def _budget_text(mode: BudgetMode) -> str:
    return {
        BudgetMode.STRICT: gettext("money is given by places until the next sum does not fit into what is left"),
        BudgetMode.SKIP: gettext("money is given by places; who does not fit into what is left is passed over"),
        BudgetMode.PARTIAL: gettext("money is given by places; the first who does not fit gets what is left"),
        BudgetMode.PROPORTIONAL: gettext("if there is not enough for all, everybody gets the same share"),
    }[mode]


def _limit_text(rules: Rules) -> str:
    limits = []
    if rules.cap_per_application is not None:
        limits.append(gettext("no more than %(sum)s per application", sum=money(rules.cap_per_application)))
    if rules.max_winners is not None:
        limits.append(ngettext("no more than %(num)d winner", "no more than %(num)d winners", rules.max_winners))
    return "; ".join(limits) or gettext("there are no limits")


def tie_text(contest: Contest, text: str) -> str:
    """A tie breaker in words: «More points for the criterion C1 · Share of private funds»."""
    kind, code = tiebreak_of(text)
    row = next((row for row in contest.criteria if row.code == code), None)
    if code is None or row is None:
        return f"{label(kind)} {code} · " if code else label(kind)
    outside = "" if Decimal(row.definition["weight"]) else f" ({gettext('outside the total')})"
    return f"{label(kind)} {code} · {localized(row, 'title')}{outside}"


def slot_text(slot: dict[str, Any]) -> str:
    """The file types of a document slot: «PDF, DOCX»."""
    return ", ".join(extension.upper() for extension in slot["extensions"])
