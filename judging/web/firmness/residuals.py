"""The map of scores beside what was to be expected: experts across, applications down; and the same as a list.

A deviation is measured by what is usual in the panel, not by what is usual for the expert: the scores of a careless
expert would otherwise look ordinary.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

from flask_babel import gettext

from judging.domain.collation import sort_key
from judging.domain.firmness import Cell, Report
from judging.queries.paging import TALL_PER_PAGE, Page, cut
from judging.web.firmness.names import Names
from judging.web.firmness.words import number, signed
from judging.web.listing import one_of, page_of

COLUMNS, ROWS = 12, 40
NOTABLE, STRIKING = 1.0, 2.0
"""From so many usual deviations on a deviation is coloured, and coloured strongly."""


@dataclass(frozen=True)
class Deviation:
    """A counted review beside what was expected; ``times``: how many usual deviations of the panel it is off."""

    cell: Cell
    times: float

    @property
    def tone(self) -> str:
        """The colour: ``0``, or ``above``/``below`` with ``1`` notable and ``2`` striking."""
        if self.times < NOTABLE:
            return "0"
        return f"{'above' if self.cell.residual > 0 else 'below'}-{2 if self.times >= STRIKING else 1}"


@dataclass(frozen=True)
class Column:
    """An expert of the map; ``size``: the mean square of the deviations."""

    email: str
    name: str
    expert_id: int | None
    size: float


@dataclass(frozen=True)
class Residuals:
    """What the page shows: a page of the map, or of the list of all deviations, the largest first."""

    view: str
    columns: Page[Column]
    rows: Page[Mapping[str, Any]]
    lines: Page[Mapping[str, Any]]
    choices: Sequence[tuple[int, str]]
    chosen: Column | None
    striking: int
    of: int


def make_residuals(report: Report, names: Names, args: Mapping[str, str]) -> Residuals:
    """Choose experts and applications; one expert alone brings along whoever judged the same applications."""
    found = deviations(report)
    columns = sorted(_columns(found, names), key=lambda item: (-item.size, sort_key(item.name), item.email))
    chosen = next((item for item in columns if str(item.expert_id) == args.get("expert", "")), None)
    if chosen is not None:
        found = _beside(found, chosen.email)
        met = {item.cell.expert for item in found}
        columns = sorted((item for item in columns if item.email in met), key=lambda item: item != chosen)
    shown = cut(columns, page_of(args, "experts"), COLUMNS)
    listed = [item for item in found if chosen is None or item.cell.expert == chosen.email]
    lines = cut(sorted(listed, key=_largest_first), page_of(args), TALL_PER_PAGE)
    return Residuals(
        view=one_of(args, "view", ("map", "list"), "map"),
        columns=shown,
        rows=_map(report, names, found, shown.rows, page_of(args)),
        lines=lines.with_rows([_line(item, names) for item in lines.rows]),
        choices=_choices(report, names),
        chosen=chosen,
        striking=sum(item.times >= STRIKING for item in listed),
        of=len(listed),
    )


def deviations(report: Report) -> list[Deviation]:
    """Every counted review of the panels of which something is said, measured by the usual deviation of its panel."""
    usual = {item.number: sqrt(item.variances.residual) for item in report.panels if item.variances is not None}
    panels = {item.number: item.panel for item in report.projects}
    sizes = [usual.get(panels.get(cell.number) or 0, 0.0) for cell in report.cells]
    pairs = zip(report.cells, sizes, strict=True)
    return [Deviation(cell, abs(cell.residual) / size if size else 0.0) for cell, size in pairs]


def _largest_first(item: Deviation) -> tuple[float, float, str, str]:
    return -item.times, -abs(item.cell.residual), item.cell.number, item.cell.expert


def _columns(found: Iterable[Deviation], names: Names) -> Iterable[Column]:
    sizes: defaultdict[str, list[float]] = defaultdict(list)
    for item in found:
        sizes[item.cell.expert].append(item.times**2)
    for email, squares in sizes.items():
        yield Column(email, names.expert(email), names.expert_ids.get(email), sum(squares) / len(squares))


def _choices(report: Report, names: Names) -> list[tuple[int, str]]:
    emails = {cell.expert for cell in report.cells}
    known = ((names.expert_ids[email], names.expert(email)) for email in emails if email in names.expert_ids)
    return sorted(known, key=lambda pair: (sort_key(pair[1]), pair[0]))


def _beside(found: Sequence[Deviation], email: str) -> list[Deviation]:
    """What is known of the applications that this expert judged."""
    judged = {item.cell.number for item in found if item.cell.expert == email}
    return [item for item in found if item.cell.number in judged]


def _map(
    report: Report, names: Names, found: Iterable[Deviation], columns: Sequence[Column], page: int
) -> Page[Mapping[str, Any]]:
    known = {(item.cell.number, item.cell.expert): item for item in found}
    emails = {column.email for column in columns}
    judged = {number for number, email in known if email in emails}
    cut_out = cut([item.number for item in report.projects if item.number in judged], page, ROWS)
    rows = [
        {
            "number": project,
            "title": names.title(project),
            "application_id": names.applications.get(project),
            "cells": [_shown(known.get((project, column.email)), names) for column in columns],
        }
        for project in cut_out.rows
    ]
    return cut_out.with_rows(rows)


def _shown(item: Deviation | None, names: Names) -> Mapping[str, Any] | None:
    """A cell of the map: its figure, its colour, the same in words."""
    if item is None:
        return None
    cell = item.cell
    said = gettext(
        "%(name)s, application %(number)s: gave %(score)s, expected %(expected)s, difference %(residual)s",
        name=names.expert(cell.expert),
        number=cell.number,
        score=number(cell.score),
        expected=number(cell.expected),
        residual=signed(cell.residual),
    )
    return {"figure": signed(cell.residual), "tone": item.tone, "said": said}


def _line(item: Deviation, names: Names) -> Mapping[str, Any]:
    cell = item.cell
    return {
        "cell": cell,
        "expert": names.expert(cell.expert),
        "title": names.title(cell.number),
        "application_id": names.applications.get(cell.number),
        "score": number(cell.score),
        "expected": number(cell.expected),
        "residual": signed(cell.residual),
        "tone": item.tone,
        "times": number(item.times),
    }
