"""The one way in which a document is written before its hash is taken, so that anybody can compute the hash anew."""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any


def canonical_json(document: Mapping[str, Any]) -> bytes:
    """Return the canonical JSON: UTF-8, keys sorted, no spaces, nothing escaped that need not be."""
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest(document: Mapping[str, Any]) -> str:
    """Return the SHA-256 of the canonical JSON in hexadecimal digits."""
    return sha256(canonical_json(document)).hexdigest()


def snapshot_hash(archive: Mapping[str, Any], ranking: Mapping[str, Any]) -> str:
    """Return the hash of a frozen ranking: of the contest's archive and the ranking's document together."""
    return digest({"record": archive, "ranking": ranking})
