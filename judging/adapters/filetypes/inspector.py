"""A script: reads a PDF from standard input by qpdf and prints what is to be known of it in one word.

Run by :mod:`.inspecting` with nothing else of the product imported. It bounds itself before it looks at the file, and
whatever goes beyond the bounds ends it without a word.
"""

import re
import resource
import sys
from collections.abc import Iterator
from typing import Any

import pikepdf

CPU_SECONDS = 1
"""Enough for a quarter of a million objects; a book has a tenth of them."""
MEMORY = 128 << 20
"""Bytes of its own, beside the mapped file and libraries."""
MOST_PIECES = 200_000
"""Dictionaries and lists within one object."""
PROGRAMS = frozenset((
    "exe", "com", "bat", "cmd", "scr", "pif", "msi", "msp", "cpl", "jar", "js", "jse", "vbs", "vbe", "wsf", "wsh",
    "hta", "ps1", "psm1", "lnk", "reg", "dll", "sh", "app", "command", "apk",
))  # fmt: skip
"""Extensions of what a computer would run."""
ACTIONS = {"/JavaScript": "script", "/Launch": "launch"}
_MAGIC = (b"MZ", b"\x7fELF", b"#!")
_STRING = re.compile(rb"\((?:[^()\\]++|\\.)*+\)|<[0-9a-fA-F]+>", re.DOTALL)
_SUSPECT = re.compile(rb"/(?:JavaScript|Launch|EF)(?![A-Za-z0-9])")


def main() -> str:
    """Return the word."""
    try:
        with pikepdf.open(sys.stdin.buffer, suppress_warnings=True) as pdf:
            return next(filter(None, map(verdict, pdf.objects)), "fine")
    except pikepdf.PasswordError:
        return "password"
    except pikepdf.PdfError as error:
        return "password" if "ncrypt" in str(error) else "damaged"


def verdict(item: Any) -> str:
    """Say what is wrong with an object of the file; nothing where nothing is."""
    if isinstance(item, pikepdf.Name):
        return ACTIONS.get(str(item), "")
    whole = item.stream_dict if isinstance(item, pikepdf.Stream) else item
    if not isinstance(whole, pikepdf.Array | pikepdf.Dictionary):
        return ""
    if not _SUSPECT.search(_STRING.sub(b" ", whole.unparse(resolved=True))):
        return ""
    return next(filter(None, map(action, dictionaries(whole))), "")


def dictionaries(item: Any) -> Iterator[Any]:
    """Every dictionary within the object itself, not in those it refers to."""
    waiting, left = [item], MOST_PIECES
    while waiting and left:
        one, left = waiting.pop(), left - 1
        if isinstance(one, pikepdf.Array):
            waiting += [inner for inner in one if _own(inner)]
        else:
            yield one
            waiting += [inner for _, inner in one.items() if _own(inner)]


def _own(item: Any) -> bool:
    return isinstance(item, pikepdf.Array | pikepdf.Dictionary) and not item.is_indirect


def action(one: Any) -> str:
    """What a dictionary does: run a script, start a program, hold one."""
    kind = str(one.get("/S", ""))
    if kind in ACTIONS or (kind == "/Rendition" and "/JS" in one):
        return ACTIONS.get(kind, "script")
    embedded = one.get("/EF")
    if not isinstance(embedded, pikepdf.Dictionary):
        return ""
    names = [str(one.get(key, "")) for key in ("/F", "/UF")]
    runs = any(name.rstrip(" .").lower().rpartition(".")[2] in PROGRAMS for name in names)
    return "program" if runs or any(map(is_program, embedded.values())) else ""


def is_program(stream: Any) -> bool:
    """Say whether an embedded file begins as programs do."""
    return isinstance(stream, pikepdf.Stream) and stream.read_bytes().startswith(_MAGIC)


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    sys.stdout.write(main())
