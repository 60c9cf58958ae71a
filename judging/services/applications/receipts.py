"""The receipt of a submission: its data in one canonical form, whose SHA-256 anybody can compute anew."""

from typing import Any

from judging.domain.canonical import canonical_json as canonical
from judging.domain.canonical import digest
from judging.queries.receipts import receipt_data, receipt_of, receipt_parts

__all__ = ["canonical", "receipt_data", "receipt_hash", "receipt_of", "receipt_parts"]


def receipt_hash(data: dict[str, Any]) -> str:
    """Return the SHA-256 of the canonical JSON in hexadecimal digits."""
    return digest(data)
