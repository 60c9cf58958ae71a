"""Random secrets: the person holds the token, the tables hold only its SHA-256."""

import secrets
from hashlib import sha256


def new_token() -> str:
    """A fresh token of 256 random bits, fit for an address and a cookie."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What the tables keep of a token: its SHA-256 in hexadecimal."""
    return sha256(token.encode()).hexdigest()
