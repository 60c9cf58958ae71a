"""Collect the texts for translation into one catalogue, and compile it.

``python bin/messages.py`` updates ``judging/translations/ru/LC_MESSAGES/messages.po`` (new texts with an empty
translation, unused ones dropped) and compiles it; ``--compile`` only compiles, where the compiled one is not that of
the sources (``make install``); ``--check`` changes nothing and exits 1 where the catalogue is out of date, incomplete
or not compiled. English is the language of the texts in code, so there is no English catalogue.

Entries stand sorted by their English text, without places, dates and counts: branches that add texts change
different lines.
"""

import io
import os
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract as extract_messages
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from judging.adapters.translations import LANGUAGE, is_compiled, po_path, version  # noqa: E402 -- the root comes first

KEYWORDS = {
    "_": None, "_l": None, "gettext": None, "lazy_gettext": None, "N_": None, "translate": None,
    "ngettext": (1, 2), "lazy_ngettext": (1, 2), "pgettext": ((1, "c"), 2),
}  # fmt: skip
JINJA = {"extensions": "jinja2.ext.do", "silent": "false", "newstyle_gettext": "true"}


def sources() -> list[Path]:
    """Every file that may hold texts."""
    places = (("judging", "*.py"), ("templates", "*.html"), ("templates", "*.txt"))
    return sorted(path for folder, pattern in places for path in (ROOT / folder).rglob(pattern))


def extract() -> Catalog:
    """The texts of the sources, without translations."""
    catalog = Catalog(locale=LANGUAGE, project="judging", charset="utf-8", fuzzy=False)
    for path in sources():
        method, options = ("python", {}) if path.suffix == ".py" else ("jinja2.ext:babel_extract", JINJA)
        with path.open("rb") as file:
            for _, message, comments, context in extract_messages(method, file, KEYWORDS, (), options):
                catalog.add(message, auto_comments=comments, context=context)
    return catalog


def updated(old: Catalog) -> Catalog:
    """Today's texts with yesterday's translations (never fuzzy)."""
    fresh = extract()
    for message in fresh:
        known = old.get(message.id, message.context) if message.id else None
        if known is not None and not known.fuzzy:
            message.string = known.string
    return fresh


def po_bytes(catalog: Catalog) -> bytes:
    """The catalogue as a .po file without dates and places, so that it changes only when texts do."""
    buffer = io.BytesIO()
    write_po(buffer, catalog, width=110, sort_output=True, omit_header=False, no_location=True)
    drop = (
        b'"POT-Creation-Date',
        b'"PO-Revision-Date',
        b'"Generated-By',
        b'"Report-Msgid',
        b'"Last-Translator',
        b"# Transl",
        b"# FIRST",
        b"# Copy",
        b"# This file",
    )
    return b"\n".join(line for line in buffer.getvalue().split(b"\n") if not line.startswith(drop))


def mo_bytes(po: bytes) -> bytes:
    """The compiled catalogue, which says what it was compiled from."""
    catalog = read_po(io.BytesIO(po), locale=LANGUAGE)
    catalog.version = version(po)
    buffer = io.BytesIO()
    write_mo(buffer, catalog)
    return buffer.getvalue()


def compile_catalogue() -> None:
    """Compile the catalogue if need be. It is replaced whole: servers and tests may be reading it."""
    if is_compiled():
        return
    mo = po_path().with_suffix(".mo")
    fresh = mo.with_suffix(f".{os.getpid()}")
    fresh.write_bytes(mo_bytes(po_path().read_bytes()))
    fresh.replace(mo)


def missing(catalog: Catalog) -> list[str]:
    """The texts without a complete translation."""
    return [
        str(m.id) for m in catalog if m.id and not (all(m.string) if isinstance(m.string, tuple | list) else m.string)
    ]


def main(check: bool) -> int:
    """Update or check the catalogue; return the exit status."""
    path = po_path()
    stored = path.read_bytes()
    catalog = updated(read_po(io.BytesIO(stored), locale=LANGUAGE))
    text = po_bytes(catalog)
    faults = [f"no translation of {text!r}" for text in missing(catalog)]
    if check:
        faults += ["the catalogue is out of date, run `make messages`"] * (stored != text)
        faults += ["the catalogue is not compiled, run `make install`"] * (not is_compiled())
    else:
        path.write_bytes(text)
        compile_catalogue()
    print("\n".join(faults) or "All texts are translated.")
    return 1 if faults and check else 0


if __name__ == "__main__":
    if "--compile" in sys.argv:
        compile_catalogue()
    else:
        sys.exit(main("--check" in sys.argv))
