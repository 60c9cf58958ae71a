"""The order of a contest's criteria, and of its nominations: positions from nought, moved by a few places."""

from collections.abc import Sequence

from judging.models import Criterion, Nomination


def next_position(rows: Sequence[Criterion | Nomination]) -> int:
    """Return the position behind all rows."""
    return max((row.position for row in rows), default=-1) + 1


def number_rows(rows: Sequence[Criterion | Nomination]) -> None:
    """Give rows the positions of the order in which they stand."""
    for position, row in enumerate(rows):
        row.position = position


def move_row(
    rows: Sequence[Criterion | Nomination], row: Criterion | Nomination, places: int
) -> tuple[list[str], list[str]]:
    """Move a row by ``places`` (negative: up), not past an end; return the codes in the order before and after."""
    order = list(rows)
    before = [one.code for one in order]
    place = max(0, min(len(order) - 1, order.index(row) + places))
    order.remove(row)
    order.insert(place, row)
    number_rows(order)
    return before, [one.code for one in order]
