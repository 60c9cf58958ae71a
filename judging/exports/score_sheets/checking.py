"""What the check column of a score sheet says, and points: as formulas, and what they come to when the file is made."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from judging.domain.rubric import ExpertCriterion, comment_needed
from judging.domain.shares import mark_share
from judging.domain.sheets import ABSTAIN, Sheet, total
from judging.exports.score_sheets.words import ANSWERS, CANNOT_JUDGE

NO_MARK, NO_REASON, WRONG = "не хватает оценки", "поясните оценку", "нет такой оценки"
NO_CHOICE, NO_SCOPE_REASON = "не хватает ответа", "напишите, почему"


@dataclass(frozen=True)
class Asked:
    """A criterion in the workbook: its rule, the cells of its mark and of the comment that explains it.

    ``listed`` is the reference to the answers that the cell offers, empty where the scale is too long for a list.
    """

    rule: ExpertCriterion
    mark: str
    comment: str
    listed: str = ""


def value_formula(asked: Asked) -> str:
    """Write the number that the mark is: of a word its place in the list, of what is no number nothing."""
    scale = asked.rule.scale
    if ANSWERS[asked.rule.answers]:
        number = f'IFERROR(MATCH({asked.mark},{asked.listed},0)-1,"")'
        return f'IF({cannot_judge(asked)},"",{number})' if asked.rule.may_abstain else number
    return (
        f'IF(AND(ISNUMBER({asked.mark}),{asked.mark}>={scale.minimum},{asked.mark}<={scale.maximum}),{asked.mark},"")'
    )


def fits(asked: Asked) -> str:
    """Write whether the cell of a mark holds one, where the scale is too long for a list."""
    scale = asked.rule.scale
    within = f"AND({asked.mark}>={scale.minimum},{asked.mark}<={scale.maximum})"
    return f"OR({within},{cannot_judge(asked)})" if asked.rule.may_abstain else within


def cannot_judge(asked: Asked) -> str:
    """Write whether the expert says that the criterion cannot be judged."""
    return f'{asked.mark}="{CANNOT_JUDGE}"'


def points_formula(asked: Asked, nothing: str = '""') -> str:
    """Write the points of a criterion; ``nothing`` where it has no mark."""
    rule, value = asked.rule, value_formula(asked)
    lowest, width = rule.scale.minimum, rule.scale.maximum - rule.scale.minimum
    return f'IF({value}="",{nothing},({value}-({lowest}))/{width}*{rule.weight})'


def points_of(rule: ExpertCriterion, text: str) -> Fraction | str:
    """Return what the formula of the points comes to."""
    return Fraction(rule.weight) * mark_share(rule, Decimal(text)) if text not in ("", ABSTAIN) else ""


def check_formula(asked: Asked) -> str:
    """Write what is missing of a criterion."""
    empty = f'"{NO_MARK}"' if asked.rule.required else '""'
    wrong, reason = _wrong(asked), _needs_reason(asked)
    found = (
        f'IF({reason},IF(LEN(TRIM({asked.comment}))<{_shortest(asked.rule)},"{NO_REASON}",""),"")' if reason else '""'
    )
    return f'IF({asked.mark}="",{empty},IF({wrong},"{WRONG}",{found}))'


def check_of(rule: ExpertCriterion, text: str, comment: str) -> str:
    """Return what the formula of the check comes to."""
    if not text:
        return NO_MARK if rule.required else ""
    if text == ABSTAIN:
        return ""
    return NO_REASON if comment_needed(rule, Decimal(text)) and len(comment.strip()) < _shortest(rule) else ""


def total_formula(asked: Sequence[Asked], points: str) -> str:
    """Write the total: without what cannot be judged the points are scaled up to the sum of all weights."""
    full = sum((one.rule.weight for one in asked), Decimal(0))
    left_out = [f"{one.rule.weight}*({cannot_judge(one)})" for one in asked if one.rule.may_abstain and one.rule.weight]
    if not left_out:
        return points
    judged = f"({full}-({'+'.join(left_out)}))"
    return f"{points}*IF({judged}>0,{full}/{judged},1)"


def total_of(rules: Sequence[ExpertCriterion], sheet: Sheet) -> Fraction:
    """Return what the formula of the total comes to: nothing where nothing that counts can be judged."""
    return total(rules, sheet) or Fraction(0)


def missing(checks: Sequence[str]) -> int:
    """Return how many checks say something."""
    return sum(bool(check) for check in checks)


def _shortest(rule: ExpertCriterion) -> int:
    return max(1, rule.comment_required.shortest) if rule.comment_required else 1


def _wrong(asked: Asked) -> str:
    if asked.listed:
        return f"COUNTIF({asked.listed},{asked.mark})=0"
    wrong = f'{value_formula(asked)}=""'
    return f"AND({wrong},NOT({cannot_judge(asked)}))" if asked.rule.may_abstain else wrong


def _needs_reason(asked: Asked) -> str:
    bounds, value = asked.rule.comment_required, value_formula(asked)
    if bounds is None:
        return ""
    sides = [] if bounds.at_most is None else [f"{value}<={bounds.at_most}"]
    sides += [] if bounds.at_least is None else [f"{value}>={bounds.at_least}"]
    return f'AND({value}<>"",OR({",".join(sides)}))' if sides else ""
