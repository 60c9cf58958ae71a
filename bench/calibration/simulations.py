"""What the engine is worth where the truth is known: many simulated contests.

``python -m bench.calibration.simulations '{"measure": "coverage", "case": "60×15×3", "runs": 200}'`` prints JSON.
"""

import json
import sys
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from bench.assignment.draws import Draws
from bench.calibration.designs import CARELESS, MEAN, Case, Floats, contest, national, normals, strict_on_strong
from judging.engines import calibration

Maker = Callable[[int], Case]
LEVEL = 0.9

COVERED: dict[str, Maker] = {
    "60×15×3": lambda seed: contest(seed, 60, 15, 3),
    "60×15×2": lambda seed: contest(seed, 60, 15, 2),
    "20×6×3": lambda seed: contest(seed, 20, 6, 3),
    "2000×200×3": lambda seed: contest(seed, 2000, 200, 3),
    "60×15×3, unequal noise": lambda seed: contest(seed, 60, 15, 3, spread=0.5),
    "60×15×3, heavy tails": lambda seed: contest(seed, 60, 15, 3, heavy=1.0),
    "2000×200×3, unequal noise": lambda seed: contest(seed, 2000, 200, 3, spread=0.5),
    "2000×200×3, heavy tails": lambda seed: contest(seed, 2000, 200, 3, heavy=1.0),
}
RECOVERED: dict[str, Maker] = {
    "national, lin": lambda seed: national(seed),
    "national, het": lambda seed: national(seed, spread=0.5),
    "national, heavy": lambda seed: national(seed, heavy=1.0),
    "national, outlier": lambda seed: national(seed, careless=CARELESS),
    "national, strict on strong": lambda seed: strict_on_strong(Draws(seed), 5000, 500, 3),
    "60×15×3": lambda seed: contest(seed, 60, 15, 3),
    "600×450×3 (4 scores an expert)": lambda seed: contest(seed, 600, 450, 3),
}
MISFITS: dict[str, Maker] = {
    "12 scores an expert": lambda seed: contest(seed, 2000, 500, 3, careless=CARELESS),
    "30 scores an expert": lambda seed: national(seed, careless=CARELESS),
}
GAINS: dict[str, Maker] = {"60×15×3": COVERED["60×15×3"], "60×15×2": COVERED["60×15×2"]}


def main() -> None:
    """Run the measure that the first argument describes."""
    asked = json.loads(sys.argv[1])
    makers, measure = MEASURES[asked["measure"]]
    maker, first = makers[asked["case"]], 10_000
    print(json.dumps(measure(maker(first + run) for run in range(asked["runs"]))))


def coverage(cases: Iterator[Case]) -> dict[str, float]:
    """Return the share of projects whose true place is in their interval, its error, and how wide the intervals are."""
    shares, widths = [], []
    for case in cases:
        found = calibration.ranks(case.rater, case.item, case.score, max(1, case.shape[0] // 5), LEVEL)
        places = true_places(case)
        shares.append(np.mean((found.lo <= places) & (places <= found.hi)))
        widths.append(np.mean(found.hi - found.lo + 1) / case.shape[0])
    return {"covered": float(np.mean(shares)), "error": _error(shares), "width": float(np.mean(widths))}


def true_places(case: Case) -> Floats:
    """Return the true place of every project inside its component; 1 is the best."""
    parts = calibration.components(case.rater, case.item).item
    places = np.empty(len(parts))
    for part in np.unique(parts):
        inside = parts == part
        places[inside] = _places(-case.quality[inside])
    return places


def recovery(cases: Iterator[Case]) -> dict[str, float]:
    """Return Spearman's correlation with the truth of every method, and how often the alarm sounds."""
    told, alarms = [], []
    for case in cases:
        given = case.rater, case.item, case.score
        found = (
            _means(case.item, case.score),
            _means(case.item, _z_scores(case)),
            calibration.calibrate(*given).quality,
            calibration.calibrate(*given, expert_noise=True).quality,
            calibration.calibrate(*given, effects="fixed").quality,
        )
        told.append([_spearman(one, case.quality) for one in found])
        alarms.append(calibration.informative(*given).alarm)
    methods = ("mean", "z", "crossed", "noise", "fixed")
    return dict(zip(methods, np.mean(told, axis=0).tolist(), strict=True)) | {"alarms": float(np.mean(alarms))}


def misfits(cases: Iterator[Case]) -> dict[str, float]:
    """Return how well the index of misfit tells careless experts from others (AUC), and the flags' right and wrong."""
    areas, caught, blamed = [], [], []
    for case in cases:
        found = calibration.expert_misfit(case.rater, case.item, case.score)
        places, bad = _places(found.index), case.careless
        pairs = bad.sum() * (~bad).sum()
        areas.append((places[bad].sum() - bad.sum() * (bad.sum() + 1) / 2) / pairs)
        caught.append(found.flagged[bad].mean())
        blamed.append(found.flagged[~bad].mean())
    return {
        "auc": float(np.mean(areas)),
        "error": _error(areas),
        "caught": float(np.mean(caught)),
        "blamed": float(np.mean(blamed)),
    }


def gains(cases: Iterator[Case]) -> dict[str, float]:
    """Return what one more review of every project, ten chosen and ten at random add to the true sum of the k best."""
    told = np.array([_gains(case) for case in cases])
    whole, ten, chance = told.mean(axis=0)
    spread = np.std(told[:, 1] - ten / whole * told[:, 0], ddof=1) / np.sqrt(len(told)) / whole
    return {"all": whole, "share": ten / whole, "error": float(spread), "random": chance / whole}


def _gains(case: Case) -> list[float]:
    items, k = case.shape[0], case.shape[0] // 4
    draws = Draws(int(case.score.sum() * 10))
    rater = _another(case, draws)
    score = MEAN + case.quality + case.severity[rater] + case.noise[rater] * normals(draws, 51, items)
    score = np.clip(np.round(score, 1), 0, 100)
    order = calibration.next_expert(case.rater, case.item, case.score, k).order
    sets = np.arange(items), order[:10], draws.order(52, items)[:10]
    before = _worth(case, np.zeros(0, np.int64), rater, score, k)
    return [_worth(case, chosen, rater, score, k) - before for chosen in sets]


def _another(case: Case, draws: Draws) -> Any:
    """Return for every project an expert who has not judged it."""
    items, raters, _ = case.shape
    wish = draws.keys(50, np.arange(items * raters)).reshape(items, raters).astype(np.float64)
    wish[case.item, case.rater] = -1.0
    return wish.argmax(axis=1)


def _worth(case: Case, more: Any, rater: Any, score: Floats, k: int) -> float:
    """Return the true quality of the k best, once the projects ``more`` have one more score."""
    found = calibration.calibrate(
        np.concatenate([case.rater, rater[more]]),
        np.concatenate([case.item, more]),
        np.concatenate([case.score, score[more]]),
        expert_noise=True,
    )
    return float(case.quality[np.argsort(-found.quality, kind="stable")[:k]].sum())


def _means(groups: Any, values: Floats) -> Floats:
    return np.asarray(np.bincount(groups, weights=values) / np.bincount(groups), np.float64)


def _z_scores(case: Case) -> Floats:
    off = case.score - _means(case.rater, case.score)[case.rater]
    spread = np.sqrt(_means(case.rater, off**2))[case.rater]
    return np.asarray(np.divide(off, spread, out=np.zeros_like(off), where=spread > 0), np.float64)


def _places(values: Floats) -> Floats:
    from scipy.stats import rankdata  # it takes longer to load than all else here

    return np.asarray(rankdata(values), np.float64)


def _spearman(one: Floats, other: Floats) -> float:
    return float(np.corrcoef(_places(one), _places(other))[0, 1])


def _error(values: list[Any]) -> float:
    return float(np.std(values, ddof=1) / np.sqrt(len(values))) if len(values) > 1 else 0.0


MEASURES: dict[str, tuple[dict[str, Maker], Callable[[Iterator[Case]], dict[str, float]]]] = {
    "coverage": (COVERED, coverage),
    "recovery": (RECOVERED, recovery),
    "misfits": (MISFITS, misfits),
    "gains": (GAINS, gains),
}

if __name__ == "__main__":
    main()
