"""The nomination that a page of a ranking shows: the one that the address names, else the first.

Where a contest has nominations, addresses of these pages that are made on one of them keep the choice.
"""

from collections.abc import Sequence
from typing import Any

from flask import g, request

from judging.domain.nominations import Nomination
from judging.web.standings import Standing
from judging.web.templating import localized

ARGUMENT = "nomination"
KEEPING = ("firmness.", "ranking.show", "ranking.snapshot")
"""How the endpoints begin whose pages show one nomination."""


def shown_part(standing: Standing) -> Standing:
    """Return the part of a standing that the address asks for; without nominations the standing itself."""
    asked = request.args.get(ARGUMENT, "")
    parts = standing.parts
    part = next((one for one in parts if one.nomination is not None and one.nomination.code == asked), parts[0])
    if part.nomination is not None:
        g.nomination = part.nomination.code
    return part


def part_of(standing: Standing, number: str) -> Standing:
    """Return the part in which an application is ranked; the first one where it is in none."""
    return next((one for one in standing.parts if number in one.by_number), standing.parts[0])


def nomination_tabs(standing: Standing, shown: Standing) -> Sequence[dict[str, Any]]:
    """Return what the pages say of every nomination; nothing for a contest without any."""
    return [
        {"code": one.nomination.code, "label": nomination_title(one.nomination), "current": one is shown}
        for one in standing.parts
        if one.nomination is not None
    ]


def nomination_title(nomination: Nomination | None) -> str:
    """Return the title of a nomination in the page's language; empty where there is none."""
    if nomination is None:
        return ""
    return localized({"title": nomination.title, "title_en": nomination.title_en}, "title")


def keeping_choice(endpoint: str, values: dict[str, Any]) -> dict[str, Any]:
    """Return the values of an address with the nomination that the page shows, where its page shows one too."""
    chosen = g.get(ARGUMENT) if endpoint.startswith(KEEPING) else None
    return values if chosen is None else {ARGUMENT: chosen, **values}
