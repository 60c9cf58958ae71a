"""One measurement in a process of its own: make the data, solve once, check, print what was found as JSON.

``python -m bench.assignment.child '{"set": "small", "method": "fair"}'``; the method is ``flow`` or a goal of the
engine. Only the solving is timed (processor time of all threads) and watched for memory; making the data and the first,
compiling call of the engine on a toy problem come before it.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.assignment import files, sets
from bench.assignment.case import Case
from bench.memory import watched

DEEP = 4_000_000
"""Up to so many pairs in the matrix every single exchange is tried."""


def main() -> None:
    """Run the measurement that the first argument describes."""
    asked = json.loads(sys.argv[1])
    print(json.dumps(measure(case_of(asked), asked["method"])))


def case_of(asked: dict[str, Any]) -> Case:
    """Return the set of that name, or what a file holds."""
    if "file" in asked:
        return files.read(Path(asked["file"]), files.Terms(**asked.get("terms", {})))
    return sets.SETS[asked["set"]]()


def measure(case: Case, method: str) -> dict[str, Any]:
    """Return what the method found and what that took; ``impossible`` is the diagnosis where there is no plan."""
    facts = {"set": case.name, "method": method, "shape": case.shape, "digest": case.digest()}
    run = by_flow if method == "flow" else by_engine
    return facts | run(case, method)


def by_flow(case: Case, method: str) -> dict[str, Any]:
    """Measure the minimum-cost flow."""
    from bench.assignment import peer

    try:
        pairs, cost = watched(lambda: peer.flow(case))
    except peer.NoPlanError:
        return {"impossible": {}}
    return cost | _worth(case, pairs)


def by_engine(case: Case, method: str) -> dict[str, Any]:
    """Measure the engine."""
    from bench.assignment import ours
    from judging.engines.assignment import Infeasible

    ours.warm(method)
    start = time.process_time()
    try:
        pairs, cost = watched(lambda: ours.solved(case, method))
    except Infeasible as refused:
        return {"cpu": time.process_time() - start, "impossible": ours.checked(case, refused.diagnosis)}
    found, whole = watched(lambda: ours.planned(case, method))
    certificate = ours.certified(found) | {"proof": whole["cpu"], "same": np.array_equal(pairs, found.pairs)}
    faults = ours.faults(case, method, pairs, deep=case.shape[0] * case.shape[1] <= DEEP)
    return cost | _worth(case, pairs) | certificate | faults


def _worth(case: Case, pairs: NDArray[np.int64]) -> dict[str, Any]:
    """Return the floor, the mean of the worst twentieth (rounded up) and the total, in affinities as they are given."""
    experts, projects = pairs.T
    values = np.asarray(case.affinity[experts, projects], np.float64).ravel()
    scores = np.sort(np.bincount(projects, weights=values, minlength=case.shape[1])[case.demand > 0])
    worst = scores[: -(-len(scores) // 20)]
    return {"floor": scores[0], "worst": worst.mean(), "total": scores.sum()}


if __name__ == "__main__":
    main()
