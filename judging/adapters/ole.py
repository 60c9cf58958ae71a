"""Compound files: what office programs wrote before 2007, and what they wrap a file with a password in."""

from typing import BinaryIO

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_CHUNK = 1 << 20


def is_ole(head: bytes) -> bool:
    """Say whether a file that begins so is a compound file."""
    return head.startswith(MAGIC)


def is_encrypted(file: BinaryIO) -> bool:
    """Say whether a compound file wraps a newer one with a password; read piece by piece."""
    file.seek(0)
    before = b""
    while piece := file.read(_CHUNK):
        if _ENCRYPTED in before + piece:
            return True
        before = piece[-len(_ENCRYPTED) :]
    return False
