"""The places of one panel: which projects are shown, what is said of each, the points of the charts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext

from judging.domain.firmness import Grade, Panel, Project, Report
from judging.queries.paging import TALL_PER_PAGE, Page, cut
from judging.queries.searching import fits
from judging.web.firmness.names import Names
from judging.web.firmness.words import percent, place_range
from judging.web.listing import one_of, page_of, search_of

WINDOW = 20
"""Projects on each side of the line that a long list opens with."""
UNREVIEWED = 0
"""Stands for the projects without a review that counts, which are in no panel."""


@dataclass(frozen=True)
class Choice:
    """What the person asked to see; ``near``: only the projects around the line."""

    panel: int
    text: str
    grade: str
    near: bool
    number: int


@dataclass(frozen=True)
class Places:
    """The list of one panel, ``of`` so many projects; ``panel`` None for those without reviews.

    ``long``: the list has a window of its own.
    """

    panel: Panel | None
    choice: Choice
    page: Page[Mapping[str, Any]]
    of: int
    long: bool
    drawn: bool


def make_places(report: Report, names: Names, args: Mapping[str, str]) -> Places:
    """Choose the panel and cut out the page that is asked for."""
    number = panel_of(report, args)
    panel = next((item for item in report.panels if item.number == number), None)
    projects = [item for item in report.projects if (item.panel or UNREVIEWED) == number]
    long = len(projects) > TALL_PER_PAGE and panel is not None and panel.no_line is None and panel.refusal is None
    text, grade = search_of(args), one_of(args, "grade", [*Grade])
    near = long and not text and not grade and args.get("view") != "all"
    chosen = _near(projects) if near else [item for item in projects if _fits(item, names, text, grade)]
    page = cut(chosen, page_of(args), TALL_PER_PAGE)
    return Places(
        panel=panel,
        choice=Choice(number, text, grade, near, page.number),
        page=page.with_rows(list(_rows(page.rows, names))),
        of=len(projects),
        long=long,
        drawn=any(item.lo is not None for item in page.rows),
    )


def panel_of(report: Report, args: Mapping[str, str]) -> int:
    """Read the panel's number; without one, the first of which something can be said."""
    known = [item.number for item in report.panels]
    if any(item.panel is None for item in report.projects):
        known.append(UNREVIEWED)
    asked = args.get("panel", "")
    if asked.isascii() and asked.isdecimal() and len(asked) < 7 and int(asked) in known:
        return int(asked)
    return next((item.number for item in report.panels if item.refusal is None), known[0] if known else UNREVIEWED)


def _near(projects: Sequence[Project]) -> Sequence[Project]:
    """The projects around the line, as many on each side as there is room for."""
    line = sum(item.winner for item in projects)
    first = max(0, min(line - WINDOW, len(projects) - 2 * WINDOW))
    return projects[first : first + 2 * WINDOW]


def _fits(item: Project, names: Names, text: str, grade: str) -> bool:
    return (not grade or item.grade == grade) and fits(text, item.number, names.title(item.number))


def _rows(projects: Sequence[Project], names: Names) -> Iterator[Mapping[str, Any]]:
    for item in projects:
        yield {
            "project": item,
            "title": names.title(item.number),
            "application_id": names.applications.get(item.number),
            "outside": is_outside(item),
            "point": _point(item, names) if item.lo is not None else None,
        }


def is_outside(item: Project) -> bool:
    """Whether the official place is not among those that are likely once strictness is taken out."""
    if item.lo is None or item.hi is None or item.panel_place is None:
        return False
    return not item.lo <= item.panel_place <= item.hi


def _point(item: Project, names: Names) -> Mapping[str, Any]:
    """One project as the charts take it."""
    return {
        "label": item.number,
        "title": names.title(item.number)[:90],
        "place": item.panel_place,
        "lo": item.lo,
        "hi": item.hi,
        "above": item.p_line,
        "funded": item.p_funded,
        "grade": item.grade,
        "said": _said(item),
    }


def _said(item: Project) -> list[str]:
    """What the chart says of a project when it is pointed at."""
    said = [
        gettext("Official place: %(place)s", place=item.panel_place),
        gettext("Place with probability 90%%: %(places)s", places=place_range(item.lo, item.hi)),
    ]
    if item.p_line is not None:
        said.append(gettext("Above the line: %(percent)s", percent=percent(item.p_line)))
    if item.p_funded is not None:
        said.append(gettext("Money is enough: %(percent)s", percent=percent(item.p_funded)))
    return said
