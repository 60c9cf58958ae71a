"""What a mark is called: a number, or the answer of a check in words."""

from collections.abc import Mapping
from decimal import Decimal

from judging.domain.errors import N_
from judging.domain.rubric import AnswerStyle, ExpertCriterion
from judging.web.scoring.blueprint import blueprint
from judging.web.templating import decimal, translate

ANSWERS: Mapping[AnswerStyle, Mapping[Decimal, str]] = {
    AnswerStyle.YES_NO: {Decimal(1): N_("Yes"), Decimal(0): N_("No")},
    AnswerStyle.TRAFFIC_LIGHT: {
        Decimal(2): N_("Green: meets the requirement"),
        Decimal(1): N_("Yellow: meets it in part"),
        Decimal(0): N_("Red: does not meet it"),
    },
}
"""The answers of the checks, by mark."""


def answers_of(criterion: ExpertCriterion) -> Mapping[Decimal, str]:
    """Return the words of every mark of a check, the best one first; empty for a scale of numbers."""
    return {mark: translate(words) for mark, words in ANSWERS.get(criterion.answers, {}).items()}


@blueprint.app_template_global()
def mark_words(criterion: ExpertCriterion, mark: Decimal | str | None) -> str:
    """A mark as a person reads it; what was typed in place of one stays as it is."""
    found = answers_of(criterion)
    return found[mark] if isinstance(mark, Decimal) and mark in found else decimal(mark)
