"""How alike two texts are: the share of their runs of words that they have in common.

The measure is the resemblance of two documents of A. Broder, «On the resemblance and containment of documents» (1997):
the Jaccard coefficient of their shingles.
"""

import re
from collections.abc import Iterable
from fractions import Fraction

from judging.domain.collation import search_key

RUN = 4
"""Words of a shingle: fewer are common phrases, more miss a text in which every tenth word was changed."""
ALIKE = Fraction(1, 2)
"""From this resemblance on somebody is asked to look."""
LONGEST = 200_000
"""Characters that are looked at."""

Shingles = frozenset[tuple[str, ...]]

_WORD = re.compile(r"\w+")


def shingles(texts: Iterable[str]) -> Shingles:
    """Return every run of :data:`RUN` words of each text, as they are searched: no case, no quotes, «ё» as «е»."""
    found: set[tuple[str, ...]] = set()
    left = LONGEST
    for text in texts:
        words = _WORD.findall(search_key(text[:left]))
        left = max(0, left - len(text))
        found |= {tuple(words[place : place + RUN]) for place in range(len(words) - RUN + 1)}
    return frozenset(found)


def resemblance(one: Shingles, other: Shingles) -> Fraction:
    """Return how alike two texts are, 0 to 1; 0 where one of them has fewer words than a shingle."""
    together = len(one | other)
    return Fraction(len(one & other), together) if one and other else Fraction(0)
