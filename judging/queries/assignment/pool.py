"""The experts of a contest as candidates: who fits an application best, asked for page after page."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from heapq import nsmallest

from judging.queries.assignment.chips import OFFERED
from judging.queries.assignment.places import ExpertLoad

SPARE = 45
"""Candidates that are found beyond those offered: so many may be left out before everybody is looked through."""
Rank = tuple[int, bool, float]


def rank_of(expert: ExpertLoad, topics: Sequence[str]) -> Rank:
    """Best match first, then those with room, then the least loaded; else as they come, which is by name."""
    return -expert.affinity(topics).value, not expert.room, _share(expert)


def _share(expert: ExpertLoad) -> float:
    return expert.load / expert.max_load if expert.max_load else 1.0


class Pool:
    """The experts with their loads, by name, and what was found out about them: the best for each list of topics."""

    def __init__(self, loads: Sequence[ExpertLoad]) -> None:
        self.loads = tuple(loads)
        self._best: dict[tuple[str, ...], list[ExpertLoad]] = {}

    @cached_property
    def by_id(self) -> Mapping[int, ExpertLoad]:
        """The experts by the number of their card."""
        return {one.id: one for one in self.loads}

    @cached_property
    def _free(self) -> Mapping[tuple[str, ...], Sequence[tuple[float, int, ExpertLoad]]]:
        """Those with room by their own topics: (share of the load, place by name, expert), the least loaded first."""
        groups: defaultdict[tuple[str, ...], list[tuple[float, int, ExpertLoad]]] = defaultdict(list)
        for place, one in enumerate(self.loads):
            if one.room:
                groups[one.topics].append((_share(one), place, one))
        return {topics: sorted(group, key=lambda item: item[:2]) for topics, group in groups.items()}

    @cached_property
    def _number_free(self) -> int:
        return sum(map(len, self._free.values()))

    def counts(self, left_out: Collection[int]) -> tuple[int, int]:
        """How many experts there are without those left out, and how many of them have room."""
        out = [one for key in left_out if (one := self.by_id.get(key)) is not None]
        return len(self.loads) - len(out), self._number_free - sum(1 for one in out if one.room)

    def offered(self, topics: tuple[str, ...], left_out: Collection[int]) -> tuple[ExpertLoad, ...]:
        """The best experts with room for an application with these topics, without those left out."""
        best = self._best.get(topics)
        if best is None:
            best = self._best[topics] = self._found(topics, OFFERED + SPARE)
        fit = [one for one in best if one.id not in left_out]
        if len(fit) < OFFERED and len(best) < self._number_free:
            fit = [one for one in self._found(topics, self._number_free) if one.id not in left_out]
        return tuple(fit[:OFFERED])

    def _found(self, topics: tuple[str, ...], most: int) -> list[ExpertLoad]:
        """The first in the order of :func:`rank_of`; a match is worked out once for experts of the same topics."""
        ranked = (
            (-group[0][2].affinity(topics).value, share, place, one)
            for group in self._free.values()
            for share, place, one in group[:most]
        )
        return [one for *_, one in nsmallest(most, ranked, key=lambda item: item[:3])]
