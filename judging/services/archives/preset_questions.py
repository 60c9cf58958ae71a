"""What an archive has no place for, taken from the preset where the contest uses the preset's own criteria.

Words of the levels, guidance for experts, the label, and what an application is asked for. A contest with a rubric of
its own gets a plain question for every indicator that its criteria use.
"""

from collections.abc import Sequence
from typing import Any

from judging.adapters.archive import criterion_object
from judging.adapters.preset import Preset
from judging.domain.rubric import ComputedCriterion, Criterion, computed_criteria, counting_criteria

Values = dict[str, Any]

OF_KIND = ("code", "title", "kind", "scale", "indicator")
"""Criteria that agree in these mean the same, whatever their weights."""


def asked_values(criteria: Sequence[Criterion], preset: Preset) -> Values:
    """Return the columns of the contest that say what an application is asked for, and the label of the preset."""
    own = any(_preset_definition(criterion, preset) is None for criterion in counting_criteria(criteria))
    return {
        "label": "" if own else preset.label,
        "label_en": "" if own else preset.label_en,
        "document_slots": [dict(slot) for slot in preset.documents],
        "partner_roles": [dict(role) for role in preset.partner_roles],
        "indicators": _questions(criteria, preset),
    }


def criterion_values(criterion: Criterion, preset: Preset) -> Values:
    """Return the columns of a criterion."""
    definition = criterion_object(criterion)
    known = _preset_definition(criterion, preset) is not None
    return {
        "code": criterion.code,
        "title": criterion.title,
        "title_en": preset.criteria_en.get(criterion.code, "") if known else "",
        "kind": criterion.kind,
        "definition": definition,
        "guidance": dict(preset.guidance.get(criterion.code, {})) if known else {},
        "descriptors": list(preset.descriptors.get(criterion.code, [])) if known else [],
    }


def _preset_definition(criterion: Criterion, preset: Preset) -> Any | None:
    wanted = _meaning(criterion_object(criterion))
    return next((item for item in preset.criteria if _meaning(item) == wanted), None)


def _meaning(definition: Any) -> list[Any]:
    return [definition.get(name) for name in OF_KIND]


def _questions(criteria: Sequence[Criterion], preset: Preset) -> list[Values]:
    """Return an indicator for every computed criterion, once each."""
    known = {question["code"]: dict(question) for question in preset.indicators}
    asked: dict[str, Values] = {}
    for criterion in computed_criteria(criteria):
        asked.setdefault(criterion.indicator, known.get(criterion.indicator) or _question(criterion))
    return list(asked.values())


def _question(criterion: ComputedCriterion) -> Values:
    """Ask for an indicator that the preset does not know by the title of the criterion that uses it."""
    return {
        "code": criterion.indicator,
        "title": criterion.title,
        "title_en": criterion.title,
        "unit": "",
        "unit_en": "",
        "min": "-1000000000",
        "max": "1000000000",
        "decimals": 4,
        "hint": "",
        "hint_en": "",
    }
