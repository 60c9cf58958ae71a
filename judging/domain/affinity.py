"""How well an expert's field fits a project: by codes of ОКВЭД2 that both name.

ОКВЭД2 (ОК 029-2014) is a tree whose levels are prefixes of the code: class ``28``, subclass ``28.4``, group ``28.41``,
subgroup ``28.41.1``, kind ``28.41.11``. Two codes are as near as the deepest level that they share; an expert and a
project are as near as their best pair of codes.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from judging.domain.errors import N_

_CLASS_DIGITS = 2
_GROUP_DIGITS = 4


class Level(IntEnum):
    """How deep two codes agree; the value is the affinity of the pair."""

    NONE = 0
    SECTION = 1
    CLASS = 2
    GROUP = 3
    EXACT = 4


LEVEL_LABELS: Mapping[Level, str] = {
    Level.NONE: N_("no common field"),
    Level.SECTION: N_("same section"),
    Level.CLASS: N_("same class"),
    Level.GROUP: N_("same group"),
    Level.EXACT: N_("same code"),
}


@dataclass(frozen=True)
class Affinity:
    """The best pair of codes and the level at which they agree; without one both codes are empty."""

    level: Level
    expert_code: str = ""
    application_code: str = ""

    @property
    def value(self) -> int:
        """The number that the assignment sums up."""
        return int(self.level)


NO_AFFINITY = Affinity(Level.NONE)


def level_between(first: str, second: str) -> Level:
    """Return the level at which two codes agree: EXACT, a common group or subgroup, a common class or subclass."""
    one, other = first.replace(".", ""), second.replace(".", "")
    if one == other:
        return Level.EXACT if one else Level.NONE
    shared = _shared_digits(one, other)
    if shared >= _GROUP_DIGITS:
        return Level.GROUP
    return Level.CLASS if shared >= _CLASS_DIGITS else Level.NONE


def affinity_of(expert_topics: Iterable[str], application_topics: Iterable[str]) -> Affinity:
    """Return the affinity of an expert and a project; of equal pairs the first in the order given."""
    return _best(tuple(expert_topics), tuple(application_topics))


@lru_cache(maxsize=65536)
def _best(expert_topics: tuple[str, ...], application_topics: tuple[str, ...]) -> Affinity:
    """The best pair; kept, because a contest has far fewer lists of topics than pairs of people and projects."""
    pairs = (
        Affinity(level_between(mine, theirs), mine, theirs) for theirs in application_topics for mine in expert_topics
    )
    best = max(pairs, key=lambda pair: pair.level, default=NO_AFFINITY)
    return best if best.level else NO_AFFINITY


def _shared_digits(one: str, other: str) -> int:
    for place, (left, right) in enumerate(zip(one, other, strict=False)):
        if left != right:
            return place
    return min(len(one), len(other))
