"""A contest whose score sheets ask for everything: checks, abstentions, an optional criterion, three readers, scope."""

from typing import Any

from judging.models import Contest

ASKED: dict[str, Any] = {
    "recommendation": "required",
    "confidence": "required",
    "scope": True,
    "audiences": ["applicant", "private"],
    "groups": True,
}
READY, TOGETHER = "Готовность и спрос", "Кооперация"
CHANGES: dict[str, dict[str, Any]] = {
    "E1": {"group": READY},
    "E2": {
        "group": READY,
        "may_abstain": True,
        "comment_required": {"at_most": "3", "at_least": "9", "shortest": 20},
    },
    "E3": {
        "group": READY,
        "weight": "12.5",
        "scale": {"min": "1", "max": "7", "step": "0.5"},
        "comment_required": None,
    },
    "E4": {"group": TOGETHER, "required": False},
    "E5": {
        "group": TOGETHER,
        "answers": "yes_no",
        "scale": {"min": "0", "max": "1", "step": "1"},
        "comment_required": None,
    },
    "E6": {
        "group": TOGETHER,
        "answers": "traffic_light",
        "scale": {"min": "0", "max": "2", "step": "1"},
        "comment_required": None,
    },
}


def enrich(contest: Contest) -> None:
    """Make the sheets of a contest of the factories ask for everything."""
    contest.sheet = dict(ASKED)
    for row in contest.criteria:
        if row.code in CHANGES:
            wanted = {**row.definition, "group_en": "", "pass": None, **CHANGES[row.code]}
            row.definition = {key: value for key, value in wanted.items() if value not in (None, "")}
            row.descriptors = [] if "scale" in CHANGES[row.code] else row.descriptors
