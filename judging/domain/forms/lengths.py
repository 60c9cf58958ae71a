"""How long a text is: in characters, or in words, as its field counts.

A word is what stands between spaces and has a letter or a digit in it: «научно-технический» is one, a dash by itself is
none. ``static/js/count.js`` counts in the same way; ``tests/data/word-counts.json`` holds both to it.
"""

import re

from judging.domain.forms.form import Counted, Field

_SPACES = re.compile("[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")
"""White space as Unicode has it."""
_SIGN_OF_A_WORD = re.compile(r"[^\W_]")
CHARACTERS_A_WORD = 8
"""About as many has a Russian word with the space behind it."""


def words_in(text: str) -> int:
    """Return how many words a text has."""
    return sum(1 for run in _SPACES.split(text) if _SIGN_OF_A_WORD.search(run))


def length_of(field: Field, text: str) -> int:
    """Return how long the text is, in what the limits of its field count."""
    return words_in(text) if field.counts is Counted.WORDS else len(text)


def room_of(field: Field) -> int | None:
    """Return about how many characters the field takes; None where it sets no limit."""
    if field.most is None or field.counts is Counted.CHARACTERS:
        return field.most
    return field.most * CHARACTERS_A_WORD


def within(field: Field, text: str, longest: int) -> str:
    """Return the beginning of the text that the limit of its field allows, ``longest`` characters at most."""
    if field.most is None or field.counts is Counted.CHARACTERS:
        return text[: field.most or longest]
    return " ".join(text[:longest].split()[: field.most])
