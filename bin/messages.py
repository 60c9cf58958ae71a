"""Collect texts for translation into one catalogue an area, and compile them.

``python bin/messages.py`` updates ``judging/translations/<area>/ru/LC_MESSAGES/messages.po`` (new texts with an empty
translation, unused ones dropped) and compiles every ``.mo``; ``--check`` changes nothing and exits 1 where a catalogue
is out of date, incomplete or not compiled. English is the language of the texts in code, so there is
no English catalogue.
"""

import io
import sys
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract as extract_messages
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
TRANSLATIONS = ROOT / "judging" / "translations"
AREAS = (
    "home", "accounts", "contests", "applications", "register", "experts", "planning", "assignment", "scoring",
    "ranking", "firmness", "journal",
)  # fmt: skip
EXTRA = {
    "register": ("judging/services/admission", "judging/domain/formal_check"),
    "experts": (
        "judging/services/experts",
        "judging/services/conflicts",
        "judging/services/freezing",
        "judging/queries/experts",
    ),
    "planning": (
        "judging/services/assignment/plan_compare",
        "judging/services/assignment/plan_edit",
        "judging/services/assignment/rules_change",
        "judging/services/assignment/plan_work",
        "judging/queries/assignment/heat",
        "judging/queries/assignment/plans",
        "judging/domain/distribution",
        "judging/domain/plan_explanation",
        "judging/domain/okved",
    ),
    "assignment": (
        "judging/services/assignment",
        "judging/queries/assignment",
        "judging/domain/affinity",
        "judging/domain/staffing",
    ),
    "applications": ("judging/services/applications", "judging/domain/completeness", "judging/adapters/filetypes"),
    "accounts": ("judging/services/accounts", "judging/services/letters"),
    "ranking": ("judging/exports", "judging/services/rankings"),
    "scoring": ("judging/services/scoring", "judging/queries/scoring", "judging/domain/sheets"),
}
KEYWORDS = {
    "_": None, "_l": None, "gettext": None, "lazy_gettext": None, "N_": None, "translate": None,
    "ngettext": (1, 2), "lazy_ngettext": (1, 2), "pgettext": ((1, "c"), 2),
}  # fmt: skip
JINJA = {"extensions": "jinja2.ext.do", "silent": "false", "newstyle_gettext": "true"}


def sources() -> dict[str, list[tuple[Path, str]]]:
    """Every source file with the area its texts belong to: an area's own folders, else ``core``."""
    places: dict[str, list[tuple[Path, str]]] = {area: [] for area in (*AREAS, "core")}
    files = [
        *(ROOT / "judging").rglob("*.py"),
        *(ROOT / "templates").rglob("*.html"),
        *(ROOT / "templates").rglob("*.txt"),
    ]
    for path in sorted(files):
        relative = path.relative_to(ROOT).as_posix()
        places[area_of(relative)].append((path, relative))
    return places


def area_of(relative: str) -> str:
    """The area whose catalogue holds the texts of the file ``relative`` (a path from the root)."""
    for area in AREAS:
        if relative.startswith((f"judging/web/{area}/", f"templates/{area}/", *EXTRA.get(area, ()))):
            return area
    return "core"


def extract(area: str) -> Catalog:
    """The template catalogue of one area."""
    catalog = Catalog(locale="ru", project="judging", charset="utf-8", fuzzy=False)
    for path, relative in sources()[area]:
        method = "python" if path.suffix == ".py" else "jinja2.ext:babel_extract"
        options = {} if path.suffix == ".py" else JINJA
        with path.open("rb") as file:
            for _, message, comments, context in extract_messages(method, file, KEYWORDS, (), options):
                catalog.add(message, None, [(relative, 0)], auto_comments=comments, context=context)
    return catalog


def po_path(area: str) -> Path:
    """Where the area's Russian catalogue is."""
    return TRANSLATIONS / area / "ru" / "LC_MESSAGES" / "messages.po"


def updated(area: str) -> Catalog:
    """The area's catalogue with today's texts and yesterday's translations (never fuzzy)."""
    fresh, path = extract(area), po_path(area)
    old = read_po(path.open("rb"), locale="ru") if path.exists() else Catalog(locale="ru")
    for message in fresh:
        known = old.get(message.id, message.context) if message.id else None
        if known is not None and not known.fuzzy:
            message.string = known.string
    fresh.revision_date = fresh.creation_date = old.creation_date if path.exists() else fresh.creation_date
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


def mo_bytes(catalog: Catalog) -> bytes:
    """The compiled catalogue, the same bytes whenever it is compiled."""
    catalog.creation_date = catalog.revision_date = LONG_AGO
    buffer = io.BytesIO()
    write_mo(buffer, catalog)
    return buffer.getvalue()


def missing(catalog: Catalog) -> list[str]:
    """The texts without a complete translation."""
    return [
        str(m.id) for m in catalog if m.id and not (all(m.string) if isinstance(m.string, tuple | list) else m.string)
    ]


def clashes() -> list[str]:
    """Texts that two catalogues translate differently: all areas share one domain, so one of them would win."""
    known: dict[tuple[object, object], tuple[object, str]] = {}
    found = []
    for area in (*AREAS, "core"):
        for message in read_po(io.BytesIO(po_path(area).read_bytes()), locale="ru") if po_path(area).exists() else ():
            if not message.id or not message.string:
                continue
            before = known.setdefault((message.id, message.context), (message.string, area))
            if before[0] != message.string:
                found.append(f"{message.id!r}: {before[1]} says {before[0]!r}, {area} says {message.string!r}")
    return found


def main(check: bool) -> int:
    """Update or check every area; return the exit status."""
    faults = []
    wanted = sys.argv[1:] and [a for a in sys.argv[1:] if not a.startswith("-")]
    for area in wanted or (*AREAS, "core"):
        catalog = updated(area)
        path = po_path(area)
        text = po_bytes(catalog)
        mo = mo_bytes(read_po(io.BytesIO(text), locale="ru"))
        faults += [f"{area}: no translation of {text!r}" for text in missing(catalog)]
        if check:
            faults += [
                f"{area}: {p.name} is out of date, run `make messages`"
                for p, b in ((path, text), (path.with_suffix(".mo"), mo))
                if not p.exists() or p.read_bytes() != b
            ]
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text)
        path.with_suffix(".mo").write_bytes(mo)
    faults += clashes()
    print("\n".join(faults) or "All texts are translated.")
    return 1 if faults and check else 0


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv))
