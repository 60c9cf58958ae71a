"""The experts: how strict each is, whose scores do not follow the projects, of whom too little is known."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext

from judging.domain.collation import sort_key
from judging.domain.firmness import Expert, Panel, Report
from judging.queries.paging import TALL_PER_PAGE, Page, cut
from judging.queries.searching import fits
from judging.web.assignment.pages_heat_map import initials
from judging.web.firmness.names import Names
from judging.web.firmness.words import AS_THE_AVERAGE, number, point_range, portion, severity_words
from judging.web.listing import one_of, page_of, search_of

SHOWN = 12
"""Experts listed by name where a list must stay short."""
KINDS = ("stricter", "more_generous", "flagged", "few")


@dataclass(frozen=True)
class Experts:
    """A page of experts, the strictest first; those of whom nothing is said come last."""

    kind: str
    text: str
    page: Page[Mapping[str, Any]]
    flagged: Sequence[Expert]
    few: Sequence[Expert]
    spread: Mapping[str, Any] | None
    drawn: bool


def make_experts(report: Report, names: Names, args: Mapping[str, str]) -> Experts:
    """Choose, order and cut out the page that is asked for."""
    kind, text = one_of(args, "kind", KINDS), search_of(args)
    chosen = [item for item in report.experts if _fits(item, kind, text)]
    page = cut(sorted(chosen, key=_order), page_of(args), TALL_PER_PAGE)
    return Experts(
        kind=kind,
        text=text,
        page=page.with_rows(list(_rows(page.rows, names))),
        flagged=[item for item in report.experts if item.flagged],
        few=[item for item in report.experts if item.refusal is not None],
        spread=spread(report.experts),
        drawn=any(item.severity is not None for item in page.rows),
    )


def differs(item: Expert) -> bool:
    """Whether the expert is surely stricter or more generous than the average: the interval leaves zero out."""
    return item.lo is not None and item.hi is not None and (item.lo > 0 or item.hi < 0)


def spread(experts: Sequence[Expert]) -> Mapping[str, Any] | None:
    """The strictest and the most generous expert of one panel where they are farthest apart; None without two."""
    best: tuple[float, Expert, Expert] | None = None
    for panel in {item.panel for item in experts}:
        known = [item for item in experts if item.panel == panel and item.severity is not None]
        if len(known) < 2:
            continue
        low, high = min(known, key=_severity), max(known, key=_severity)
        found = (_severity(high) - _severity(low), low, high)
        best = found if best is None or found[0] > best[0] else best
    if best is None:
        return None
    return {
        "points": best[0],
        "alike": best[0] < AS_THE_AVERAGE,
        "strictest": best[1],
        "most_generous": best[2],
        "sure": sum(map(differs, experts)),
    }


def parts_of(panel: Panel) -> list[tuple[str, str, float]]:
    """What the differences between scores are made of: name, per cent, share."""
    if panel.variances is None:
        return []
    shares = panel.variances.shares
    return [
        (gettext("the projects differ"), portion(shares.item), shares.item),
        (gettext("the experts differ in strictness"), portion(shares.rater), shares.rater),
        (gettext("everything else: chance, another view of the project"), portion(shares.residual), shares.residual),
    ]


def _severity(item: Expert) -> float:
    return item.severity or 0.0


def _order(item: Expert) -> tuple[bool, float, str, str]:
    return item.severity is None, _severity(item), sort_key(item.name), item.email


def _fits(item: Expert, kind: str, text: str) -> bool:
    tests = {
        "": True,
        "stricter": differs(item) and _severity(item) < 0,
        "more_generous": differs(item) and _severity(item) > 0,
        "flagged": item.flagged,
        "few": item.refusal is not None,
    }
    return tests[kind] and fits(text, item.name, item.email)


def _rows(experts: Sequence[Expert], names: Names) -> Iterator[Mapping[str, Any]]:
    for item in experts:
        known = item.severity is not None
        yield {
            "expert": item,
            "expert_id": names.expert_ids.get(item.email),
            "differs": differs(item),
            "means": _means(item),
            "words": severity_words(_severity(item)) if known else "",
            "range": _range(item),
            "noise": number(item.noise) if item.noise is not None else "",
            "point": _point(item) if known else None,
        }


def _range(item: Expert) -> str:
    """The likely strictness; nothing where the scores know no difference at all, for that is no certainty."""
    return "" if item.lo == item.hi else point_range(item.lo, item.hi)


def _means(item: Expert) -> str:
    if item.own_mean is None or item.others_mean is None:
        return ""
    return gettext(
        "gives %(own)s on average, others gave the same projects %(others)s",
        own=number(item.own_mean),
        others=number(item.others_mean),
    )


def _point(item: Expert) -> Mapping[str, Any]:
    """One expert as the chart takes it."""
    likely = _range(item)
    return {
        "label": item.name,
        "short": initials(item.name),
        "value": item.severity,
        "lo": item.lo,
        "hi": item.hi,
        "differs": differs(item),
        "flagged": item.flagged,
        "said": [
            severity_words(_severity(item)),
            *([gettext("with probability 90%% %(range)s", range=likely)] if likely else []),
        ],
    }
