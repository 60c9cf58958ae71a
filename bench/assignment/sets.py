"""The sets by name: which family, how large, how tight, and the digest that shows that the bits are the same."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from bench.assignment import families
from bench.assignment.case import Case
from bench.assignment.draws import Draws


def small() -> Case:
    """Return the smallest contest."""
    draws = Draws(1)
    return families.contest("small", draws, families.topical(draws, 40, 60, 10), least=25, firms=20)


def small_text() -> Case:
    """Return likenesses of texts: every affinity differs, many experts with little to tell them apart."""
    draws = Draws(2)
    return families.contest("small_text", draws, families.textual(draws, 120, 80), slack=60, least=60)


def small_bids() -> Case:
    """Return bids in four levels."""
    draws = Draws(3)
    return families.contest("small_bids", draws, families.bidden(draws, 100, 160), slack=15)


def small_mixed() -> Case:
    """Return projects that want one to four experts."""
    draws = Draws(4)
    wanted = draws.between(900, 1, 4, 150)
    return families.contest("small_mixed", draws, families.topical(draws, 60, 150, 12), demand=wanted, least=30)


def small_sparse() -> Case:
    """Return twenty listed experts a project."""
    draws = Draws(5)
    return families.contest("small_sparse", draws, families.listed(draws, 200, 800, 16, 20), slack=25)


def text() -> Case:
    """Return likenesses of texts with minimum loads."""
    draws = Draws(6)
    return families.contest("text", draws, families.textual(draws, 180, 120), slack=100, least=95)


def bids() -> Case:
    """Return saturated bids: many plans are equal, and the projects that nobody wants set the floor."""
    draws = Draws(7)
    return families.contest("bids", draws, families.bidden(draws, 400, 1200), slack=15)


def medium() -> Case:
    """Return a contest of a thousand projects."""
    draws = Draws(8)
    return families.contest("medium", draws, families.topical(draws, 300, 1000, 24), least=25)


def medium_tight() -> Case:
    """Return three places in a hundred to spare."""
    draws = Draws(9)
    return families.contest("medium_tight", draws, families.topical(draws, 300, 1000, 24), slack=3)


def medium_least() -> Case:
    """Return minimum loads for nearly everything that is wanted."""
    draws = Draws(10)
    return families.contest("medium_least", draws, families.topical(draws, 300, 1000, 24), slack=30, least=92)


def medium_locked() -> Case:
    """Return a contest where two hundred pairs are already at work, chosen without regard to how they fit."""
    draws = Draws(8)
    return replace(families.locked(draws, medium(), 200), name="medium_locked")


def mixed() -> Case:
    """Return projects that want one to four experts."""
    draws = Draws(11)
    wanted = draws.between(900, 1, 4, 900)
    return families.contest("mixed", draws, families.topical(draws, 250, 900, 24), demand=wanted, least=20)


def conference() -> Case:
    """Return a conference with a twentieth of its places to spare and a third of them promised."""
    draws = Draws(12)
    return families.contest(
        "conference", draws, families.topical(draws, 1400, 2600, 40), slack=5, least=33, firms=150, declared=1000
    )


def large() -> Case:
    """Return twelve million pairs."""
    draws = Draws(13)
    return families.contest(
        "large", draws, families.topical(draws, 2000, 6000, 40), slack=16, least=20, firms=200, declared=1000
    )


def sparse() -> Case:
    """Return 10,000 experts and 50,000 projects, fifty listed experts each."""
    draws = Draws(14)
    return families.contest("sparse", draws, families.listed(draws, 10_000, 50_000, 48, 50), slack=25, least=20)


def impossible_capacity() -> Case:
    """Return fewer places than are wanted."""
    case = replace(small(), name="impossible_capacity", min_load=np.zeros(40, np.int64))
    expect = {"kind": "capacity", "short": 180 - int(case.max_load.sum() - 40)}
    return replace(case, max_load=case.max_load - 1, expect=expect)


def impossible_least() -> Case:
    """Return minimum loads beyond what is wanted."""
    case = replace(small(), name="impossible_least")
    least = np.minimum(case.max_load, 5)
    return replace(case, min_load=least, expect={"kind": "min_loads", "short": int(least.sum()) - 180})


def impossible_lock() -> Case:
    """Return a locked pair that is in conflict."""
    case = replace(small(), name="impossible_lock")
    pair = np.argwhere(case.conflicts)[:1]
    return replace(case, locked=pair, expect={"kind": "lock_conflict", "pairs": [pair[0].tolist()]})


def impossible_group() -> Case:
    """Return fourteen projects that three experts alone may judge: 42 places wanted, as many as the three have less."""
    case = replace(small(), name="impossible_group")
    group = np.sort(Draws(15).order(0, 60)[:14])
    few = np.sort(Draws(15).order(1, 40)[:3])
    barred = case.conflicts.copy()
    barred[:, group] = True
    barred[np.ix_(few, group)] = False
    expect = {
        "kind": "hall_group",
        "projects": group.tolist(),
        "experts": few.tolist(),
        "short": 42 - int(case.max_load[few].sum()),
    }
    return replace(case, conflicts=barred, min_load=np.zeros(40, np.int64), expect=expect)


def impossible_least_group() -> Case:
    """Return four experts who must take more than the only two projects that they fit have places for."""
    case = replace(small(), name="impossible_least_group", min_load=np.zeros(40, np.int64))
    group, few = np.array([7, 19, 23, 31]), np.array([11, 42])
    barred, least = case.conflicts.copy(), case.min_load.copy()
    barred[group, :] = True
    barred[np.ix_(group, few)] = False
    least[group] = 2
    expect = {"kind": "min_load_group", "experts": group.tolist(), "projects": few.tolist(), "short": 2}
    return replace(case, conflicts=barred, min_load=least, expect=expect)


QUICK: tuple[Callable[[], Case], ...] = (small, small_text, small_bids, small_mixed, small_sparse)
LONG: tuple[Callable[[], Case], ...] = (
    text, bids, medium, medium_tight, medium_least, medium_locked, mixed, conference, large, sparse,
)  # fmt: skip
IMPOSSIBLE: tuple[Callable[[], Case], ...] = (
    impossible_capacity, impossible_least, impossible_lock, impossible_group, impossible_least_group,
)  # fmt: skip
SETS = {make.__name__: make for make in (*QUICK, *LONG, *IMPOSSIBLE)}

DIGESTS: dict[str, str] = {
    "small": "5ad5ede9ae99e2f2",
    "small_text": "d98417e5a0b47033",
    "small_bids": "0f96496333d33341",
    "small_mixed": "2746201da131deee",
    "small_sparse": "129414e2b1bd3222",
    "text": "30ebf1cdb9e98ff6",
    "bids": "b12d944986137f25",
    "medium": "ee8567d807bb76f8",
    "medium_tight": "29f07f682e73c13a",
    "medium_least": "0b4bc05d6ae1edf1",
    "medium_locked": "032c0e2e31b5bb2b",
    "mixed": "55520c413b6e58ca",
    "conference": "232112703d80a4f1",
    "large": "7262d5515b9f4184",
    "sparse": "16ea234459aba63a",
    "impossible_capacity": "a299d0bb11b4bd75",
    "impossible_least": "8f14105525a54b6b",
    "impossible_lock": "b51c14f9c71b787b",
    "impossible_group": "41050d14515c28e9",
    "impossible_least_group": "feb5a6346b8a2bd8",
}
"""What every set's digest must be, on every machine."""
