"""How text is compared: one form for searching, one for sorting, the same on every page and in every database.

People type «ё» as «е», straight quotes for «ёлочки», a hyphen for a dash, and paste letters that come apart (NFD) or
hide zero-width signs. What is searched and what is searched for pass through :func:`search_key`; whatever stands in a
list by its words is in the order of :func:`sort_key`, compared code point by code point. Neither is ever shown.
"""

import re
import unicodedata

QUOTES = "\"'`´«»„“”‟‹›‘’‚‛ʼ′″"
DASHES = "‐‑‒–—―−"
MOST_WORDS = 20
"""Words of a search that are looked for; nobody types more, and each costs a condition."""

_SIGNS = str.maketrans({**dict.fromkeys(QUOTES), **dict.fromkeys(DASHES, "-"), "№": " "})
_MARK = re.compile("[\u0300-\u036f]")
_NUMBER = re.compile("[0-9]+")
_LONGEST_NUMBER = 99
_TIE = "\x1f"
"""Stands before what decides between equal keys; less than every sign of a key, so that shorter words come first."""


def search_key(text: str) -> str:
    """Return the text as it is searched: one spelling of each letter, no case, «ё» as «е», no quotes, single spaces."""
    return _folded(text).replace("ё", "е")


def search_words(text: str) -> list[str]:
    """Return the words that somebody looks for, each as :func:`search_key` writes it, :data:`MOST_WORDS` at most."""
    return search_key(text).split()[:MOST_WORDS]


def sort_key(text: str) -> str:
    """Return what the text is sorted by: as it is searched, numbers by their value, «ё» right after «е».

    Of two texts that differ in «ё» or in leading zeros alone, the one with «е» or with fewer zeros comes first.
    """
    folded = _folded(text)
    key = _NUMBER.sub(_by_value, folded.replace("ё", "е"))
    exact = _NUMBER.sub(_by_length, folded)
    return key if exact == key else f"{key}{_TIE}{exact}"


def _folded(text: str) -> str:
    """One spelling of each letter, no case, no quotes, stress marks or unseen signs; single spaces."""
    folded = unicodedata.normalize("NFKC", text.translate(_SIGNS)).translate(_SIGNS).casefold()
    folded = _MARK.sub("", unicodedata.normalize("NFC", folded))
    return " ".join((folded if folded.isprintable() else _visible(folded)).split())


def _visible(text: str) -> str:
    """The text without unseen signs (zero-width, soft hyphens, directions), a space for each control character."""
    return "".join(map(_seen, text))


def _seen(sign: str) -> str:
    kind = unicodedata.category(sign)
    return "" if kind == "Cf" else " " if kind[0] in "ZC" else sign


def _by_value(found: re.Match[str]) -> str:
    """A number so that digits compare by value: how many digits it has, then the digits."""
    digits = found[0].lstrip("0")
    return f"{min(len(digits), _LONGEST_NUMBER):02d}{digits}"


def _by_length(found: re.Match[str]) -> str:
    """The same with the leading zeros told, where there are any."""
    zeros = len(found[0]) - len(found[0].lstrip("0"))
    return _by_value(found) + ("0" * zeros)
