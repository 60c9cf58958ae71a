"""What a page's address chooses: filters, order and page, each checked against what the page knows."""

from werkzeug.datastructures import MultiDict

from judging.queries.assignment.chips import BoardFilter

BOARD_SORTS = {
    "applications": ("number", "title", "requested", "filled"),
    "experts": ("name", "load", "max_load"),
}
DRAFT_SORTS = {
    "applications": ("number", "title", "score", "missing"),
    "experts": ("name", "before", "after", "added"),
}
PROGRESS_SORTS = ("name", "unfinished", "submitted", "activity")
LONGEST_SEARCH = 200


def choice_of(args: MultiDict[str, str], sorts: tuple[str, ...] = ()) -> BoardFilter:
    """The filter that the query arguments name; what the page does not know counts as not given."""
    sort = args.get("sort", "")
    return BoardFilter(
        text=args.get("q", "").strip()[:LONGEST_SEARCH],
        state=args.get("state", ""),
        region=args.get("region", ""),
        sort=sort if sort.removeprefix("-") in sorts else "",
        page=min(max(1, args.get("page", 1, type=int)), 10_000),
    )


def back_to(board: str, asked: str | None, anchor: str = "") -> str:
    """The page that an act was started from if it is one of the ``board``'s, else the board; with the row's anchor."""
    fits = asked is not None and asked.isprintable() and "\\" not in asked and "#" not in asked
    known = fits and asked is not None and (asked == board or asked.startswith((f"{board}?", f"{board}/")))
    return f"{asked if known else board}{anchor and f'#{anchor}'}"
