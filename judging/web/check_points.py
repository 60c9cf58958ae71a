"""The points of the formal check in the words of the page: for the officer, and for the team before it submits."""

from typing import Any

from judging.domain.forms.checklist import Hint, Outcome
from judging.web.kept_texts import language
from judging.web.questionnaire.finding_words import figure_text
from judging.web.templating import label, localized

OUTCOME_TONES = {Outcome.FULFILLED: "success", Outcome.LOOK: "warning", Outcome.STAFF: "neutral"}


def point_row(hint: Hint) -> dict[str, Any]:
    """One point with what the machine says of it; one to look at has its edge marked."""
    return {
        "code": hint.point.code,
        "title": localized(hint.point, "title"),
        "clause": hint.point.clause,
        "outcome": label(hint.outcome),
        "tone": OUTCOME_TONES[hint.outcome],
        "edge": "warning" if hint.outcome is Outcome.LOOK else None,
        "note": _note(hint),
    }


def _note(hint: Hint) -> str:
    parts = hint.note_en if language() == "en" and hint.note_en else hint.note
    return "".join(part if isinstance(part, str) else figure_text(part) for part in parts)
