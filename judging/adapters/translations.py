"""The translated texts, for whatever is written without a page at hand: letters in their reader's language."""

from collections.abc import Mapping
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "translations"


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
    """Every area's compiled catalogue of ``locale``, one behind the other; read once a process."""
    chain = NullTranslations()
    for path in sorted(FOLDER.glob(f"*/{locale}/LC_MESSAGES/messages.mo")):
        with path.open("rb") as file:
            catalogue = GNUTranslations(file)
        catalogue.add_fallback(chain)
        chain = catalogue
    return chain
