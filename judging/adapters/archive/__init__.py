"""The contest archive, versions 1 and 2: one JSON file that holds a whole contest.

``read_archive`` turns bytes into a record or names every fault with its place; ``dumps`` writes a record in the one
canonical way. Reading what was written gives the same record.
"""

from judging.adapters.archive.reading import (
    Received,
    read_archive,
    read_criterion,
    read_document,
    read_nomination,
    read_rules,
    read_sheet,
    receive_archive,
)
from judging.adapters.archive.versions import LATEST, VERSIONS, dropped, reduced, version_of
from judging.adapters.archive.writing import (
    criterion_object,
    decimals_object,
    dumped,
    dumps,
    nomination_object,
    rules_object,
    sheet_object,
    to_document,
)

__all__ = [
    "LATEST", "VERSIONS", "Received", "criterion_object", "decimals_object", "dropped", "dumped", "dumps",
    "nomination_object", "read_archive", "read_criterion", "read_document", "read_nomination", "read_rules",
    "read_sheet", "receive_archive", "reduced", "rules_object", "sheet_object", "to_document", "version_of",
]  # fmt: skip
