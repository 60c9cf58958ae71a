"""What richer score sheets add to an archive: keys only where they say something."""

from collections.abc import Mapping
from enum import Enum
from typing import Any

from judging.domain.record import Review
from judging.domain.rubric import ExpertCriterion
from judging.domain.sheet_rules import SheetRules

Json = dict[str, Any]


def said(values: Mapping[str, tuple[Any, Any]]) -> Json:
    """Return the keys whose value differs from the one that is meant where the key is left out."""
    return {name: _plain(value) for name, (value, left_out) in values.items() if value != left_out}


def sheet_object(sheet: SheetRules) -> Json:
    """Return what a score sheet asks as the archive writes it; empty where it asks what every sheet does."""
    usual = SheetRules()
    names = ("recommendation", "confidence", "scope", "audiences", "groups")
    return said({name: (getattr(sheet, name), getattr(usual, name)) for name in names})


def marking_additions(criterion: ExpertCriterion) -> Json:
    """Return what a criterion says beside its scale, its passing mark and its comments."""
    usual = ExpertCriterion(criterion.code, criterion.title, criterion.weight, criterion.scale)
    names = ("answers", "required", "may_abstain", "below_pass")
    return said({name: (getattr(criterion, name), getattr(usual, name)) for name in names})


def review_additions(review: Review) -> Json:
    """Return what a review says beside its marks, comments and recommendation."""
    return said(
        {
            "abstained": (sorted(review.abstained), []),
            "confidence": (review.confidence, None),
            "in_scope": (review.in_scope, None),
            "scope_reason": (review.scope_reason, ""),
            "to_applicant": (dict(review.to_applicant), {}),
            "set_aside": (review.set_aside, None),
        }
    )


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    return [_plain(item) for item in value] if isinstance(value, tuple) else value
