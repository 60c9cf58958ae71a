"""What the check column of a score sheet says, and points: as formulas, and what they come to when the file is made."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from judging.domain.rubric import ExpertCriterion, comment_needed
from judging.domain.shares import mark_share
from judging.exports.score_sheets.words import ANSWERS

NO_MARK, NO_REASON, WRONG = "не хватает оценки", "поясните оценку", "нет такой оценки"
NO_CHOICE = "не хватает ответа"


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
        return f'IFERROR(MATCH({asked.mark},{asked.listed},0)-1,"")'
    return f'IF(AND(ISNUMBER({asked.mark}),{asked.mark}>={scale.minimum},{asked.mark}<={scale.maximum}),{asked.mark},"")'


def points_formula(asked: Asked) -> str:
    """Write the points of a criterion; nothing where it has no mark."""
    rule, value = asked.rule, value_formula(asked)
    lowest, width = rule.scale.minimum, rule.scale.maximum - rule.scale.minimum
    return f'IF({value}="","",({value}-({lowest}))/{width}*{rule.weight})'


def points_of(rule: ExpertCriterion, text: str) -> Fraction | str:
    """Return what the formula of the points comes to."""
    return Fraction(rule.weight) * mark_share(rule, Decimal(text)) if text else ""


def check_formula(asked: Asked) -> str:
    """Write what is missing of a criterion."""
    empty = f'"{NO_MARK}"' if asked.rule.required else '""'
    wrong, reason = _wrong(asked), _needs_reason(asked)
    found = f'IF({reason},IF(LEN(TRIM({asked.comment}))<{_shortest(asked.rule)},"{NO_REASON}",""),"")' if reason else '""'
    return f'IF({asked.mark}="",{empty},IF({wrong},"{WRONG}",{found}))'


def check_of(rule: ExpertCriterion, text: str, comment: str) -> str:
    """Return what the formula of the check comes to."""
    if not text:
        return NO_MARK if rule.required else ""
    return NO_REASON if comment_needed(rule, Decimal(text)) and len(comment.strip()) < _shortest(rule) else ""


def missing(checks: Sequence[str]) -> int:
    """Return how many checks say something."""
    return sum(bool(check) for check in checks)


def _shortest(rule: ExpertCriterion) -> int:
    return max(1, rule.comment_required.shortest) if rule.comment_required else 1


def _wrong(asked: Asked) -> str:
    if asked.listed:
        return f"COUNTIF({asked.listed},{asked.mark})=0"
    return f'{value_formula(asked)}=""'


def _needs_reason(asked: Asked) -> str:
    bounds, value = asked.rule.comment_required, value_formula(asked)
    if bounds is None:
        return ""
    sides = [] if bounds.at_most is None else [f"{value}<={bounds.at_most}"]
    sides += [] if bounds.at_least is None else [f"{value}>={bounds.at_least}"]
    return f'AND({value}<>"",OR({",".join(sides)}))' if sides else ""
