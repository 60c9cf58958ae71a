"""Which reviews of an application differ, by which rule, and what was done about it."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction

from judging.domain.ranking import Needs
from judging.domain.record import Review
from judging.domain.rubric import ExpertCriterion, counting_criteria, expert_criteria
from judging.domain.rules import AdditionalRule
from judging.domain.scoring import countable, review_total
from judging.exports.facts import NOTHING, RankedApplication, RankingExport

Row = tuple[str, str, str, Fraction | str, Fraction | str, Fraction | Decimal, str, str]
ACTIONS = {
    AdditionalRule.MEAN_ALL: "Учтены все экспертизы",
    AdditionalRule.CLOSEST_PAIR: "Учтены две ближайшие экспертизы",
    AdditionalRule.ADDITIONAL_IS_FINAL: "Учтена только дополнительная экспертиза",
}


def divergence_rows(export: RankingExport) -> Iterator[Row]:
    """Yield a row for every rule of divergence that an application's regular reviews break.

    The pair is the one that differs most; «Разница» is of the totals or, for a criterion, of the marks.
    """
    barred = frozenset((item.expert, item.application) for item in export.record.conflicts)
    for entry in export.rows:
        if entry.placing.diverged:
            reviews = [fact.review for fact in export.reviews[entry.placing.number] if not fact.agreed]
            regular = [item for item in reviews if countable(item, barred) and not item.additional]
            yield from _rows_of(export, entry, regular)


def _rows_of(export: RankingExport, entry: RankedApplication, regular: Sequence[Review]) -> Iterator[Row]:
    terms = export.record.contest
    known = ((item.expert, review_total(terms.criteria, item)) for item in regular)
    totals = {expert: total for expert, total in known if total is not None}
    action = _action(export, entry)

    def row(first: str, second: str, gap: Fraction | Decimal, rule: str) -> Row:
        both = (totals.get(first, NOTHING), totals.get(second, NOTHING))
        return entry.placing.number, first, second, *both, gap, rule, action

    share = terms.rules.divergence.total_share
    best, worst = (of(totals, key=lambda expert: totals[expert], default="") for of in (max, min))
    gap = totals[best] - totals[worst] if totals else Fraction(0)
    experts = expert_criteria(counting_criteria(terms.criteria))
    weights = sum((item.weight for item in experts), Decimal(0))
    if share is not None and gap > Fraction(share) * Fraction(weights):
        yield row(best, worst, gap, f"Итоги расходятся больше чем на {_plain(share * 100)} % от {_plain(weights)}")
    for criterion in experts:
        for high, low, spread in _wide(criterion, regular, terms.rules.divergence.criterion_range):
            yield row(high, low, spread, f"{criterion.code}: баллы расходятся на {_plain(spread)}")


def _wide(
    criterion: ExpertCriterion, regular: Sequence[Review], limit: Decimal | None
) -> Iterator[tuple[str, str, Decimal]]:
    """Yield the experts of the greatest and the smallest mark, and the difference, where it is too great."""
    marks = {item.expert: item.scores[criterion.code] for item in regular if criterion.code in item.scores}
    if limit is None or len(marks) < 2:
        return
    high, low = max(marks, key=lambda expert: marks[expert]), min(marks, key=lambda expert: marks[expert])
    if marks[high] - marks[low] >= limit:
        yield high, low, marks[high] - marks[low]


def _action(export: RankingExport, entry: RankedApplication) -> str:
    if entry.placing.needs is Needs.ADDITIONAL_REVIEW:
        return "Нужна дополнительная экспертиза"
    if entry.placing.agreed is not None:
        return "Учтена согласованная оценка"
    barred = frozenset((item.expert, item.application) for item in export.record.conflicts)
    reviews = [fact.review for fact in export.reviews[entry.placing.number] if not fact.agreed]
    if any(item.additional and countable(item, barred) for item in reviews):
        return ACTIONS[export.record.contest.rules.additional_review]
    return "Недостаёт экспертиз"


def _plain(value: Decimal) -> str:
    """Write a number without needless zeros, with a comma."""
    text = f"{value:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",")
