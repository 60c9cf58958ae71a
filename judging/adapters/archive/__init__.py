"""The contest archive, version 1: one JSON file that holds a whole contest.

``read_archive`` turns bytes into a record or names every fault with its place; ``dumps`` writes a record in the one
canonical way. Reading what was written gives the same record.
"""

from judging.adapters.archive.reading import (
    Received,
    read_archive,
    read_criterion,
    read_document,
    read_rules,
    receive_archive,
)
from judging.adapters.archive.writing import criterion_object, decimals_object, dumps, rules_object, to_document

__all__ = [
    "Received", "criterion_object", "decimals_object", "dumps", "read_archive", "read_criterion", "read_document",
    "read_rules", "receive_archive", "rules_object", "to_document",
]  # fmt: skip
