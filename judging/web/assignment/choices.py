"""The filter, order and page of the boards of the assignment as their address names them; the way back to a board."""

from judging.domain.regions import REGIONS
from judging.queries.assignment.chips import BoardFilter
from judging.web.listing import Args, one_of, page_of, search_of, sort_of

BOARD_SORTS = {
    "applications": ("number", "title", "requested", "filled"),
    "experts": ("name", "load", "max_load"),
}
DRAFT_SORTS = {
    "applications": ("number", "title", "score", "missing"),
    "experts": ("name", "before", "after", "added"),
}
PROGRESS_SORTS = ("name", "unfinished", "submitted", "activity")
LONGEST_STATE = 20
VIEWS = ("applications", "experts")
"""The sides of a board; the first is shown where the address names none."""


def choice_of(args: Args, sorts: tuple[str, ...] = ()) -> BoardFilter:
    """The filter that the address names; each board passes over a state that it does not know."""
    return BoardFilter(
        text=search_of(args),
        state=search_of(args, "state", LONGEST_STATE),
        region=one_of(args, "region", REGIONS),
        sort=sort_of(args, sorts),
        page=page_of(args),
    )


def back_to(board: str, asked: str | None, anchor: str = "") -> str:
    """The page that an act was started from if it is one of the ``board``'s, else the board; with the row's anchor."""
    fits = asked is not None and asked.isprintable() and "\\" not in asked and "#" not in asked
    known = fits and asked is not None and (asked == board or asked.startswith((f"{board}?", f"{board}/")))
    return f"{asked if known else board}{anchor and f'#{anchor}'}"
