"""What a criterion says beside its scale: what is judged, and where in the application to look for it."""

from collections.abc import Mapping, Sequence
from typing import Any

Guidance = Mapping[str, Any]
"""{"text", "text_en", "sections": [codes], "slots": [codes], "page": of the first slot}; what is empty is out."""
MOST_PLACES = 50
"""Sections, or documents, that one criterion may name."""
LAST_PAGE = 9999


def guidance_of(
    text: str, text_en: str, *, sections: Sequence[str] = (), slots: Sequence[str] = (), page: int | None = None
) -> dict[str, Any]:
    """Return the guidance as it is stored; nothing where nothing is said."""
    words = {"text": text, "text_en": text_en} if text or text_en else {}
    places: dict[str, Any] = {"sections": list(sections), "slots": list(slots), "page": page if slots else None}
    return words | {name: value for name, value in places.items() if value}
