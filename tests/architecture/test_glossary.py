"""The glossary names what there is: every pair of terms in the translations, every name in the code."""

import importlib
import re
from dataclasses import fields, is_dataclass
from pathlib import Path

from babel.messages.pofile import read_po

from judging.adapters.preset import read_preset_form
from judging.adapters.translations import po_path
from judging.domain.collation import sort_key
from judging.domain.forms.form import ApplicationForm, Field

ROOT = Path(__file__).resolve().parents[2]
ROWS = [
    tuple(cell.strip(" `") for cell in line.strip("|").split("|"))
    for line in (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").split("|---|---|---|\n")[1].splitlines()
]


def texts() -> list[tuple[str, str]]:
    """Every text of the pages and of the forms that come with the product: English and Russian, in lower case.

    A plural gives its singular.
    """
    found = []
    with po_path().open("rb") as file:
        for message in read_po(file):
            english, russian = (one if isinstance(one, str) else one[0] for one in (message.id, message.string))
            found.append((english.casefold(), russian.casefold()))
    for preset in ("base", "pp41"):
        form = read_preset_form(preset)
        found += [(one.label_en.casefold(), one.label.casefold()) for one in (*form.fields(), *columns(form))]
        found += [(one.title_en.casefold(), one.title.casefold()) for one in form.sections]
    return found


def columns(form: ApplicationForm) -> list[Field]:
    return [column for field in form.fields() for column in field.columns]


def is_there(name: str) -> bool:
    """Whether a dotted name below the package is a module, or leads from one to a class, function, member or field."""
    head, *rest = name.split(".")
    here = importlib.import_module(f"judging.{head}")
    for part in rest:
        if is_dataclass(here) and part in {field.name for field in fields(here)}:
            return part == rest[-1]
        if not hasattr(here, part):
            try:
                importlib.import_module(f"{here.__name__}.{part}")
            except (ModuleNotFoundError, AttributeError):
                return False
        here = getattr(here, part)
    return True


def stands_in(term: str, text: str) -> bool:
    """Whether the text has the term in it, in whole words."""
    return re.search(rf"\b{re.escape(term.casefold())}\b", text) is not None


def test_every_name_is_in_the_code() -> None:
    assert len(ROWS) > 80
    assert [code for _, _, code in ROWS if not is_there(code)] == []


def test_a_name_that_is_not_in_the_code_is_found() -> None:
    names = ["domain.ranking.Outcome.LOSER", "domain.nothing", "models.Review.nothing", "domain.rules.Rules.nothing"]
    assert [is_there(name) for name in names] == [False] * 4


def test_every_term_stands_in_the_translations_as_it_stands_here() -> None:
    known = texts()
    missing = [
        (russian, english)
        for russian, english, _ in ROWS
        if not any(stands_in(english, one) and stands_in(russian, other) for one, other in known)
    ]
    assert missing == []


def test_the_terms_are_in_order_and_each_stands_once() -> None:
    terms = [russian for russian, _, _ in ROWS]
    assert terms == sorted(set(terms), key=sort_key)
