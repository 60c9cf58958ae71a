"""Numbers that look random and are the same on every machine: a hash of the seed, the stream and the position.

Everything is integer arithmetic modulo 2**64 (the finaliser of SplitMix64: Steele, Lea and Flood, OOPSLA 2014), so no
generator of numpy and no libm has a say.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

_STEP = np.uint64(0x9E3779B97F4A7C15)
_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


def mixed(keys: ArrayLike) -> NDArray[np.uint64]:
    """Return the SplitMix64 hash of every key."""
    with np.errstate(over="ignore"):
        x = np.atleast_1d(np.asarray(keys)).astype(np.uint64) + _STEP
        x = (x ^ (x >> np.uint64(30))) * _FIRST
        x = (x ^ (x >> np.uint64(27))) * _SECOND
    return x ^ (x >> np.uint64(31))


@dataclass(frozen=True)
class Draws:
    """Streams of numbers under one seed; a stream is named by a whole number and may be read anywhere."""

    seed: int

    def keys(self, stream: int, positions: ArrayLike) -> NDArray[np.uint64]:
        """Return 64 random bits for every position of the stream, in the shape of ``positions``."""
        start = mixed(mixed(self.seed) ^ np.uint64(stream))[0]
        with np.errstate(over="ignore"):
            return mixed(np.asarray(positions).astype(np.uint64) * _FIRST + start)

    def below(self, stream: int, bound: ArrayLike, positions: ArrayLike) -> NDArray[np.int64]:
        """Return a whole number from 0 to ``bound`` − 1 (at most 2**31) for every position."""
        high = (self.keys(stream, positions) >> np.uint64(33)).astype(np.int64)
        return (high * np.asarray(bound, np.int64)) >> np.int64(31)

    def between(self, stream: int, least: int, greatest: int, number: int) -> NDArray[np.int64]:
        """Return ``number`` whole numbers from ``least`` to ``greatest``."""
        return least + self.below(stream, greatest - least + 1, np.arange(number))

    def order(self, stream: int, number: int) -> NDArray[np.int64]:
        """Return a permutation of ``number`` positions."""
        return np.argsort(self.keys(stream, np.arange(number)), kind="stable")

    def weighted(self, stream: int, weights: NDArray[np.int64], positions: ArrayLike) -> NDArray[np.int64]:
        """Return an index for every position, each as often as its whole weight says (sum below 2**31)."""
        edges = np.cumsum(weights)
        return np.searchsorted(edges, self.below(stream, int(edges[-1]), positions), side="right")


def falling(number: int, root: bool = False) -> NDArray[np.int64]:
    """Zipf's weights 1, 1/2, 1/3, … (or with ``root`` 1, 1/√2, 1/√3, …) in millionths."""
    if root:
        return np.array([10**10 // math.isqrt(rank * 10**8) for rank in range(1, number + 1)])
    return np.array([10**6 // rank for rank in range(1, number + 1)])
