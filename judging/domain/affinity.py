"""How well an expert's field fits a project: by codes of ОКВЭД2 that both name.

ОКВЭД2 (ОК 029-2014) is a tree: sections (letters over ranges of classes), then prefixes of the code: class ``28``,
subclass ``28.4``, group ``28.41``, subgroup ``28.41.1``, kind ``28.41.11``. Two codes are as near as the deepest level
that they share. An expert fits a project as well as their best pair of codes says; among equals the one whose field
covers more of the project's topics fits better.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from judging.domain.errors import N_
from judging.domain.okved import section_of

_CLASS_DIGITS = 2
_GROUP_DIGITS = 4
BREADTH = 10
"""The mean over all topics counts so many times less than the best level."""


class MatchLevel(IntEnum):
    """How deep two codes agree."""

    NONE = 0
    SECTION = 1
    CLASS = 2
    GROUP = 3
    EXACT = 4


LEVEL_LABELS: Mapping[MatchLevel, str] = {
    MatchLevel.NONE: N_("no common field"),
    MatchLevel.SECTION: N_("same section"),
    MatchLevel.CLASS: N_("same class"),
    MatchLevel.GROUP: N_("same group"),
    MatchLevel.EXACT: N_("same code"),
}

WEIGHTS: Mapping[MatchLevel, int] = {
    MatchLevel.NONE: 0,
    MatchLevel.SECTION: 150,
    MatchLevel.CLASS: 400,
    MatchLevel.GROUP: 700,
    MatchLevel.EXACT: 1000,
}
"""What a level counts in the match."""

GREATEST_MATCH = WEIGHTS[MatchLevel.EXACT] + WEIGHTS[MatchLevel.EXACT] // BREADTH


@dataclass(frozen=True)
class Part:
    """One topic of the application, the expert's topic nearest to it (empty: none is near), and how near."""

    application_code: str
    expert_code: str
    level: MatchLevel


@dataclass(frozen=True)
class Affinity:
    """The best pair of codes and the level at which they agree; without one both codes are empty.

    ``parts`` has one entry a topic of the application, in its order.
    """

    level: MatchLevel
    expert_code: str = ""
    application_code: str = ""
    parts: tuple[Part, ...] = ()

    @property
    def value(self) -> int:
        """The number that the assignment sums up: see :func:`match_value`."""
        return match_value([part.level for part in self.parts])


NO_AFFINITY = Affinity(MatchLevel.NONE)


def match_value(levels: Sequence[MatchLevel]) -> int:
    """Return the match, 0 to 1100, of an application whose topics are met at ``levels``.

    The weight of the best level, and a tenth (rounded down) of the mean weight over all topics.
    """
    if not levels:
        return 0
    weights = [WEIGHTS[level] for level in levels]
    return max(weights) + sum(weights) // (BREADTH * len(weights))


def level_between(first: str, second: str) -> MatchLevel:
    """Return the level at which two codes agree: the same code, or their deepest common node of the tree.

    A common subgroup counts as GROUP, a common subclass as CLASS.
    """
    one, other = first.replace(".", ""), second.replace(".", "")
    if one == other:
        return MatchLevel.EXACT if one else MatchLevel.NONE
    shared = _shared_digits(one, other)
    if shared >= _GROUP_DIGITS:
        return MatchLevel.GROUP
    if shared >= _CLASS_DIGITS:
        return MatchLevel.CLASS
    section = section_of(one)
    return MatchLevel.SECTION if section and section == section_of(other) else MatchLevel.NONE


def ancestors(code: str) -> Mapping[MatchLevel, str]:
    """Return the nodes of the tree that a code lies under, by level: codes agree at a level where they share its node.

    A level that the code does not reach is missing.
    """
    digits = code.replace(".", "")
    nodes = {
        MatchLevel.EXACT: digits,
        MatchLevel.GROUP: digits[:_GROUP_DIGITS] if len(digits) >= _GROUP_DIGITS else "",
        MatchLevel.CLASS: digits[:_CLASS_DIGITS] if len(digits) >= _CLASS_DIGITS else "",
        MatchLevel.SECTION: section_of(digits),
    }
    return {level: node for level, node in nodes.items() if node}


def affinity_of(expert_topics: Iterable[str], application_topics: Iterable[str]) -> Affinity:
    """Return the affinity of an expert and a project; of equal pairs the first in the order given."""
    return _best(tuple(expert_topics), tuple(application_topics))


@lru_cache(maxsize=65536)
def _best(expert_topics: tuple[str, ...], application_topics: tuple[str, ...]) -> Affinity:
    """The best pair; kept, because a contest has far fewer lists of topics than pairs of people and projects."""
    parts = tuple(_part(expert_topics, theirs) for theirs in application_topics)
    best = max(parts, key=lambda part: part.level, default=None)
    if best is None or not best.level:
        return Affinity(MatchLevel.NONE, parts=parts)
    return Affinity(best.level, best.expert_code, best.application_code, parts)


def _part(expert_topics: tuple[str, ...], code: str) -> Part:
    nearest = max(expert_topics, key=lambda mine: level_between(mine, code), default="")
    level = level_between(nearest, code)
    return Part(code, nearest if level else "", level)


def _shared_digits(one: str, other: str) -> int:
    for place, (left, right) in enumerate(zip(one, other, strict=False)):
        if left != right:
            return place
    return min(len(one), len(other))
