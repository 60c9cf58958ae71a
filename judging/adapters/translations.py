"""The catalogue of translations: whether it is compiled, and its texts for whatever is written without a page at hand.

``messages.po`` is the source. ``messages.mo`` is made from it at install, is not in the repository, and carries the
hash of its source: what is compiled from other sources, or not at all, stops the start and is never shown.
"""

from collections.abc import Mapping
from functools import cache
from gettext import NullTranslations, translation
from hashlib import sha256
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "translations"
LANGUAGE = "ru"
"""The language there is a catalogue of. The texts in code are English."""


class NotCompiled(Exception):
    """The compiled catalogue is missing or not that of the sources."""


def po_path() -> Path:
    """Where the catalogue is; the compiled one stands beside it with the suffix ``.mo``."""
    return FOLDER / LANGUAGE / "LC_MESSAGES" / "messages.po"


def version(po: bytes) -> str:
    """What a compiled catalogue says of its source, in its header."""
    return sha256(po).hexdigest()


def is_compiled() -> bool:
    """Whether the compiled catalogue is there and is made of the present source."""
    po, mo = po_path(), po_path().with_suffix(".mo")
    return mo.is_file() and version(po.read_bytes()).encode() in mo.read_bytes()


def require_compiled() -> None:
    """Refuse to start with texts that are not those of the sources."""
    if not is_compiled():
        raise NotCompiled(
            "the Russian texts are not compiled, or not from these sources: "
            "run `make install`, or `python bin/messages.py --compile`"
        )


def translated(locale: str, message: str, params: Mapping[str, object]) -> str:
    """Return the English template ``message`` in the language ``locale``, filled with ``params``.

    A text without a translation stays English, which is also the language of the templates.
    """
    return template(locale, message) % params


def template(locale: str, message: str) -> str:
    """Return the English template ``message`` in the language ``locale``, its values still to be filled in."""
    return _catalogue(locale).gettext(message)


@cache
def _catalogue(locale: str) -> NullTranslations:
    """The compiled catalogue of ``locale``, read once a process; the texts in code where it has none."""
    return translation("messages", FOLDER, [locale], fallback=locale != LANGUAGE)
