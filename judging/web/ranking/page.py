"""One page of the ranking: search, filter, order, and where the money line runs."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from judging.domain.ranking import Outcome
from judging.domain.regions import REGIONS
from judging.queries.searching import sought_words
from judging.web.standings import Line, Standing

PER_PAGE = 100

ORDERS: Mapping[str, Callable[[Line], Any]] = {
    "place": lambda line: (line.placing.place, line.placing.number),
    "number": lambda line: line.sort_number,
    "submitted": lambda line: (line.application.submitted_at, line.sort_number),
    "title": lambda line: (line.sort_title, line.sort_number),
    "requested": lambda line: (line.application.requested, line.sort_number),
    "computed": lambda line: (line.placing.computed, line.sort_number),
    "expert": lambda line: (line.placing.expert, line.sort_number),
    "total": lambda line: (line.placing.total, line.sort_number),
}
TONES = {
    Outcome.WINNER: "success",
    Outcome.RESERVE: "info",
    Outcome.BELOW_THRESHOLD: "neutral",
    Outcome.INCOMPLETE: "warning",
}


@dataclass(frozen=True)
class Choice:
    """What the person asked to see."""

    text: str
    outcome: str
    region: str
    diverged: bool
    sort: str
    number: int

    @classmethod
    def from_args(cls, args: Mapping[str, str]) -> "Choice":
        """Read the query string; what makes no sense falls back to the whole list in its own order."""
        sort, page = args.get("sort", "place"), args.get("page", "1")
        return cls(
            text=args.get("q", "").strip(),
            outcome=args.get("outcome", "") if args.get("outcome") in set(Outcome) else "",
            region=args.get("region", "") if args.get("region") in REGIONS else "",
            diverged=args.get("diverged") == "yes",
            sort=sort if sort.removeprefix("-") in ORDERS else "place",
            number=max(1, int(page)) if page.isdecimal() and len(page) < 7 else 1,
        )

    @property
    def is_plain(self) -> bool:
        """Whether the list is whole and in the order of places, so that the money line can be drawn."""
        return self.sort == "place" and not self.narrowed

    @property
    def narrowed(self) -> bool:
        """Whether anything is left out of the list."""
        return bool(self.text or self.outcome or self.region or self.diverged)

    @cached_property
    def words(self) -> list[str]:
        """What is looked for."""
        return sought_words(self.text)

    def fits(self, line: Line) -> bool:
        """Whether the line is asked for."""
        return (
            all(word in line.search_text for word in self.words)
            and (not self.outcome or line.placing.outcome == self.outcome)
            and (not self.region or line.region == self.region)
            and (not self.diverged or line.placing.diverged)
        )


@dataclass(frozen=True)
class Page:
    """The lines of one page as dicts for the table, with a divider where the winners end."""

    choice: Choice
    rows: Sequence[Mapping[str, Any]]
    found: int
    requested: int
    awarded: int


def make_page(standing: Standing, choice: Choice) -> Page:
    """Cut one page out of the standing."""
    chosen: Sequence[Line] = standing.lines
    if choice.narrowed:
        chosen = [line for line in chosen if choice.fits(line)]
    if choice.sort != "place":
        order = ORDERS[choice.sort.removeprefix("-")]
        chosen = sorted(chosen, key=order, reverse=choice.sort.startswith("-"))
    last = max(1, -(-len(chosen) // PER_PAGE))
    number = min(choice.number, last)
    shown = chosen[(number - 1) * PER_PAGE : number * PER_PAGE]
    return Page(
        choice=Choice(choice.text, choice.outcome, choice.region, choice.diverged, choice.sort, number),
        rows=list(_rows(standing, shown, choice.is_plain)),
        found=len(chosen),
        requested=sum(line.application.requested for line in chosen) if choice.narrowed else standing.requested,
        awarded=sum(line.placing.amount for line in chosen) if choice.narrowed else standing.awarded,
    )


def _rows(standing: Standing, shown: Sequence[Line], plain: bool) -> Iterator[Mapping[str, Any]]:
    border = standing.border if plain else None
    for line in shown:
        yield {"line": line, "tone": "success" if line.placing.amount else None, "divider": False}
        if line is border:
            yield {"line": line, "tone": None, "divider": True}
