"""Classifiers of activities (ОКВЭД2) and of products (ОКПД2): codes with their names, searched by code and by words.

The product ships none: an installation that has the published file puts it where :func:`read_classifier` is told, a
line an entry, ``28.41;Производство металлообрабатывающего оборудования``.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from judging.domain.fields.texts import squeezed

LARGEST = 16 << 20
"""Bytes of a file; that of ОКПД2 has some three million."""
LONGEST_QUERY = 200
_ENTRY = re.compile(r'\s*"?(?P<code>[0-9]{2}(?:\.[0-9]{1,3}){0,3})"?\s*[;,\t]\s*"?(?P<name>[^";\t]+(?:""[^";\t]*)*)')
_WORDS = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Classifier:
    """Codes with their names, in the order of the codes."""

    names: Mapping[str, str]
    _codes: list[str] = field(init=False, repr=False)
    _words: list[tuple[str, str]] = field(init=False, repr=False)
    """Every word of every name with its code, by the alphabet: what begins with a text stands together."""

    def __post_init__(self) -> None:
        words = sorted({(word, code) for code, name in self.names.items() for word in _words(name)})
        object.__setattr__(self, "_codes", sorted(self.names))
        object.__setattr__(self, "_words", words)

    def search(self, query: str, most: int = 50) -> list[tuple[str, str]]:
        """The entries whose code begins with what is asked, or whose name has words that begin with each of its words.

        Codes come before words; the shorter code, which is the wider group, before the longer one.
        """
        asked = squeezed(query[:LONGEST_QUERY])
        found = dict.fromkeys(self._by_code(asked)) | dict.fromkeys(self._by_words(_words(asked)))
        return [(code, self.names[code]) for code in list(found)[:most]]

    def _by_code(self, asked: str) -> Iterator[str]:
        if not asked[:1].isdigit():
            return
        for place in range(bisect_left(self._codes, asked), len(self._codes)):
            if not self._codes[place].startswith(asked):
                return
            yield self._codes[place]

    def _by_words(self, asked: list[str]) -> list[str]:
        if not asked or any(word.isdigit() for word in asked):
            return []
        codes = set.intersection(*(self._beginning(word) for word in asked))
        return sorted(codes, key=lambda code: (len(code), code))

    def _beginning(self, word: str) -> set[str]:
        place, codes = bisect_left(self._words, (word, "")), set()
        while place < len(self._words) and self._words[place][0].startswith(word):
            codes.add(self._words[place][1])
            place += 1
        return codes


def read_classifier(path: Path) -> Classifier:
    """Read a file of codes and names between semicolons, commas or tabs; lines that are none are left out.

    Raises ``OSError`` where there is no such file, and ``ValueError`` where nothing in it is an entry.
    """
    with path.open("rb") as file:
        data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise ValueError(f"{path} is larger than {LARGEST >> 20} MB")
    names = dict(_entries(_decoded(data).splitlines()))
    if not names:
        raise ValueError(f"{path} has no line such as 28.41;Name")
    return Classifier(names)


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1251", "replace")


def _entries(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    for text in lines:
        entry = _ENTRY.match(text)
        if entry:
            yield entry["code"], squeezed(entry["name"].replace('""', '"'))


def _words(text: str) -> list[str]:
    return [word.casefold().replace("ё", "е") for word in _WORDS.findall(text)]
