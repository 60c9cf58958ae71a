"""Two texts beside each other, word by word: what only one of them has."""

import re
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher

MOST_WORDS = 3000
"""Of both texts together once what they begin and end with is put aside; what is longer is told apart as a whole."""
MOST_PAIRS = 50_000
"""Pairs of equal words of both texts, which say how long comparing takes; usual texts of that length have fewer."""
_WORD = re.compile(r"\w")
_PIECES = re.compile(r"\s+|\w+|[^\w\s]")


@dataclass(frozen=True)
class Piece:
    """A part of a text; ``own``: the other text does not have it."""

    text: str
    own: bool = False


def word_differences(first: str, second: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Part both texts into what they share and what each has alone; joined, the pieces are the texts again."""
    mine, theirs = _PIECES.findall(first), _PIECES.findall(second)
    start = _shared(mine, theirs)
    end = _shared(mine[start:][::-1], theirs[start:][::-1])
    ours, others = mine[start : len(mine) - end], theirs[start : len(theirs) - end]
    if len(ours) + len(others) > MOST_WORDS or _equal(ours, others) > MOST_PAIRS:
        parts = [(ours, others, False)]
    else:
        matched = SequenceMatcher(_is_between, ours, others, autojunk=False).get_opcodes()
        parts = [(ours[a:b], others[c:d], same == "equal") for same, a, b, c, d in matched]
    around = [
        (mine[:start], theirs[:start], True),
        *parts,
        (mine[len(mine) - end :], theirs[len(theirs) - end :], True),
    ]
    return (
        _pieces([(words, not same) for words, _, same in around]),
        _pieces([(words, not same) for _, words, same in around]),
    )


def _is_between(piece: str) -> bool:
    """Whether it is a space or a sign, of which there are too many for two texts to be told apart by."""
    return _WORD.match(piece) is None


def _equal(first: list[str], second: list[str]) -> int:
    """How many pairs of equal words there are; one word written a thousand times in both makes a million."""
    there = Counter(second)
    return sum(times * there[word] for word, times in Counter(first).items() if not _is_between(word))


def _shared(first: list[str], second: list[str]) -> int:
    """How many words both begin with."""
    shorter = min(len(first), len(second))
    return next((place for place in range(shorter) if first[place] != second[place]), shorter)


def _pieces(parts: list[tuple[list[str], bool]]) -> tuple[Piece, ...]:
    """The parts as texts; a run of words that are all its own, or all shared, is one."""
    found: list[Piece] = []
    for words, own in parts:
        text = "".join(words)
        if text and found and found[-1].own == own:
            found[-1] = Piece(found[-1].text + text, own)
        elif text:
            found.append(Piece(text, own))
    return tuple(found)
