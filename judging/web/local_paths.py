"""Where a page leads on to: a path of this site alone, whatever the address of the page names."""

from urllib.parse import urlsplit


def local_path(target: str | None) -> str | None:
    """The path to go on to, if it is one of this site; None for anything that might lead elsewhere."""
    if not target or not target.startswith("/") or target.startswith("//"):
        return None
    if "\\" in target or any(ord(character) < 33 for character in target) or not target.isprintable():
        return None
    parts = urlsplit(target)
    return None if parts.scheme or parts.netloc else target
