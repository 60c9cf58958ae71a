"""Handed in faster than anybody reads: what the stored instants bound from above.

An application opens to its expert at the declaration and is done with when the sheet is handed in. Whatever an expert
does between, all the work on a run of sheets lies between the first of their declarations and the last of their
submissions. So the time for each is at most that span divided by their number; nobody is found who was merely quick to
type at the end, and nobody who declared days before is found at all.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from judging.domain.hints.sheets import Hint, HintKind, JudgedSheet

RUN = 3
"""Sheets of a run: one or two in a hurry are a matter of a telephone call, not of a habit."""
LEAST = timedelta(minutes=5)
"""In less nobody reads an application of some twenty pages and marks it, however well they know the field."""


def too_fast(sheets: Sequence[JudgedSheet]) -> Iterator[Hint]:
    """Yield the hint on the longest run of sheets that took less than :data:`LEAST` each; nothing where none did."""
    timed = [sheet for sheet in sheets if sheet.declared_at is not None]
    for number in range(len(timed), RUN - 1, -1):
        for start in range(len(timed) - number + 1):
            run = timed[start : start + number]
            span = _span(run)
            if span < number * LEAST:
                facts = {"alike": number, "of": len(sheets), "minutes": -(-span // timedelta(minutes=1))}
                yield Hint(HintKind.TOO_FAST, run[0].expert, tuple(sheet.review for sheet in run), facts)
                return


def _span(run: Sequence[JudgedSheet]) -> timedelta:
    """From the first declaration to the last submission; the sheets are in the order of submission."""
    return run[-1].submitted_at - min(sheet.declared_at for sheet in run if sheet.declared_at is not None)
