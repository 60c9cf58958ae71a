"""Facts that always hold in the stored data, as a table of named checks.

The database's own constraints keep single rows in shape; these checks read what lies across rows and tables, and what
somebody with a direct connection to the database could have changed behind the system's back.
"""

from judging.queries.invariants.checks import Invariant, Offence
from judging.queries.invariants.documents import lost_files
from judging.queries.invariants.journal import WAITING
from judging.queries.invariants.starts import uncovered
from judging.queries.invariants.table import FACTS
from judging.queries.invariants.traces import TRACES

INVARIANTS: tuple[Invariant, ...] = (*FACTS, *TRACES)
"""Every check that reads the database alone, in their order."""

__all__ = ["FACTS", "INVARIANTS", "TRACES", "WAITING", "Invariant", "Offence", "lost_files", "uncovered"]
