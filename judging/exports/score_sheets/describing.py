"""A criterion in the words of its scale: what a mark means, which mark asks for a comment, which one is the least."""

from collections.abc import Iterator

from judging.domain.rubric import ExpertCriterion, in_total
from judging.exports.score_sheets.words import ANSWERS, CANNOT_JUDGE, number, scale_words
from judging.queries.rubrics import SheetCriterion


def meaning(criterion: SheetCriterion) -> str:
    """Return what is judged, what the marks mean, a line a level, and the rules of the comment and the floor."""
    asked = criterion.guidance.get("text", "")
    return "\n".join([*([asked] if asked else []), _scale(criterion), *_levels(criterion), *_rules(criterion.rule)])


def note_of(criterion: SheetCriterion) -> str:
    """Return the same beside the heading, as a note on the cell of the mark."""
    return f"{criterion.code}. {criterion.title}\n{meaning(criterion)}"


def rule_words(rule: ExpertCriterion) -> str:
    """Return for which marks a comment is compulsory; empty where for none."""
    bounds = rule.comment_required
    if bounds is None or (bounds.at_most is None and bounds.at_least is None):
        return ""
    sides = [] if bounds.at_most is None else [f"{number(bounds.at_most)} и ниже"]
    sides += [] if bounds.at_least is None else [f"{number(bounds.at_least)} и выше"]
    shortest = f", не короче {bounds.shortest} знаков" if bounds.shortest else ""
    return f"Комментарий обязателен при оценке {', '.join(sides)}{shortest}."


def _scale(criterion: SheetCriterion) -> str:
    rule = criterion.rule
    words = ", ".join(ANSWERS[rule.answers].values()) or scale_words(rule.scale)
    weight = f"вес {number(rule.weight)}" if in_total(rule) else "вне итога"
    words += f", {CANNOT_JUDGE}" if rule.may_abstain else ""
    return f"Шкала: {words}; {weight}" + ("" if rule.required else "; можно не оценивать")


def _levels(criterion: SheetCriterion) -> Iterator[str]:
    for level in criterion.levels:
        span = number(level.first) if level.first == level.last else f"{number(level.first)}–{number(level.last)}"
        yield f"{span}: {level.text}"


def _rules(rule: ExpertCriterion) -> Iterator[str]:
    if words := rule_words(rule):
        yield words
    if rule.pass_mark is not None:
        yield f"Проходная оценка: {number(rule.pass_mark)}."
