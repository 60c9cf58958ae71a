"""The page of sensitivity: which projects cross the line in which scenario, and which never do."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from judging.domain.collation import sort_key
from judging.domain.firmness import Report, Scenario, ScenarioKind, Sensitivity
from judging.queries.paging import TALL_PER_PAGE, Page, cut
from judging.web.firmness.names import Names
from judging.web.firmness.words import numbers, scenario_words
from judging.web.listing import one_of, page_of

CONTESTED_SHOWN = 60
"""Projects that cross the line in some scenario; the others are in the download."""


@dataclass(frozen=True)
class Scenarios:
    """Who crosses, and a page of what was checked: ``everything``, or only what changes the winners."""

    contested: Sequence[Mapping[str, Any]]
    hidden: int
    steadfast: Sequence[str]
    winners: int
    checked: int
    changing: int
    kind: str
    everything: bool
    page: Page[Mapping[str, Any]]


def make_scenarios(report: Report, found: Sensitivity, names: Names, args: Mapping[str, str]) -> Scenarios:
    """Choose the scenarios that are asked for and word them."""
    kind, changing = one_of(args, "kind", [*ScenarioKind]), sum(map(changes, found.scenarios))
    everything = args.get("view") == "all" or not changing
    chosen = [item for item in found.scenarios if (not kind or item.kind == kind) and (everything or changes(item))]
    page = cut(chosen, page_of(args), TALL_PER_PAGE)
    return Scenarios(
        contested=list(_contested(report, found, names)),
        hidden=max(0, len(found.contested) - CONTESTED_SHOWN),
        steadfast=found.steadfast,
        winners=sum(item.winner for item in report.projects),
        checked=len(found.scenarios),
        changing=changing,
        kind=kind,
        everything=everything,
        page=page.with_rows([_row(item, names) for item in page.rows]),
    )


def changes(item: Scenario) -> bool:
    """Whether the winners are others than without the change."""
    return bool(item.up or item.down)


def _contested(report: Report, found: Sensitivity, names: Names) -> Iterator[Mapping[str, Any]]:
    """The projects that cross, those that cross most often first."""
    known = {item.number: item for item in report.projects}
    ordered = sorted(
        found.contested, key=lambda item: (-item.crossings, known[item.number].place, sort_key(item.number))
    )
    for item in ordered[:CONTESTED_SHOWN]:
        yield {
            "contested": item,
            "project": known[item.number],
            "title": names.title(item.number),
            "application_id": names.applications.get(item.number),
        }


def _row(item: Scenario, names: Names) -> Mapping[str, Any]:
    return {
        "scenario": item,
        "words": scenario_words(item, names.experts, names.criteria),
        "up": numbers(item.up),
        "down": numbers(item.down),
        "changes": changes(item),
    }
