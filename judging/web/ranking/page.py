"""One page of the ranking: search, filter, order, and where the money line runs."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from judging.domain.ranking import Outcome
from judging.domain.regions import REGIONS
from judging.queries.paging import Page, cut
from judging.queries.searching import sought_words
from judging.web.listing import Args, one_of, page_of, search_of, sort_of
from judging.web.standings import Line, Standing

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
class RankingPage:
    """The lines of one page as dicts for the table, with a divider where the winners end; sums of all that is found."""

    choice: Choice
    lines: Page[Mapping[str, Any]]
    requested: int
    awarded: int


def choice_of(args: Args) -> Choice:
    """Read what the address chooses; what makes no sense falls back to the whole list in its own order."""
    return Choice(
        text=search_of(args),
        outcome=one_of(args, "outcome", set(Outcome)),
        region=one_of(args, "region", REGIONS),
        diverged=args.get("diverged") == "yes",
        sort=sort_of(args, ORDERS, "place"),
        number=page_of(args),
    )


def make_page(standing: Standing, choice: Choice) -> RankingPage:
    """Cut one page out of the standing."""
    chosen: Sequence[Line] = standing.lines
    if choice.narrowed:
        chosen = [line for line in chosen if choice.fits(line)]
    if choice.sort != "place":
        order = ORDERS[choice.sort.removeprefix("-")]
        chosen = sorted(chosen, key=order, reverse=choice.sort.startswith("-"))
    page = cut(chosen, choice.number)
    return RankingPage(
        choice=choice,
        lines=page.with_rows(list(_rows(standing, page.rows, choice.is_plain))),
        requested=sum(line.application.requested for line in chosen) if choice.narrowed else standing.requested,
        awarded=sum(line.placing.amount for line in chosen) if choice.narrowed else standing.awarded,
    )


def _rows(standing: Standing, shown: Sequence[Line], plain: bool) -> Iterator[Mapping[str, Any]]:
    border = standing.border if plain else None
    for line in shown:
        yield {"line": line, "tone": "success" if line.placing.amount else None, "divider": False}
        if line is border:
            yield {"line": line, "tone": None, "divider": True}
