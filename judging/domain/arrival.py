"""How far the instant that an act counts from, and its record bears, may lie before the one at which it is written."""

from datetime import timedelta

LONGEST_CARRIED = timedelta(minutes=15)
"""How long a form may be carried from page to page and still count from its first arrival."""
LONGEST_WAIT = timedelta(minutes=10)
"""A request waits at most so long between its arrival and the writing of what it does."""
SLACK = LONGEST_CARRIED + LONGEST_WAIT
"""So much earlier than what was written before it an act may be: a form that was carried to the last, and then waited.

``queries/invariants/journal.WAITING`` says the same in words.
"""
STRAY = timedelta(minutes=2)
"""Two clocks that are kept by one source, or a proxy's and ours, are never further apart than this."""
