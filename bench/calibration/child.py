"""One measurement of the engine in a process of its own, printed as JSON.

``python -m bench.calibration.child '{"file": "lin.bin", "work": "calibrate", "repeats": 5, "out": "found.npz"}'``; the
work is one of :data:`WORKS`. ``cold`` is the first call of the process (imports are over), ``seconds`` the least of all
calls, of wall and processor time each time the smaller. Only the call is watched for memory.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from bench.calibration import peer
from bench.calibration.designs import Case
from bench.memory import watched
from judging.engines import calibration

WORKS: dict[str, Callable[[Case, int], Any]] = {
    "calibrate": lambda case, _: calibration.calibrate(case.rater, case.item, case.score),
    "noise": lambda case, _: calibration.calibrate(case.rater, case.item, case.score, expert_noise=True),
    "ranks": lambda case, k: calibration.ranks(case.rater, case.item, case.score, k),
    "agreement": lambda case, _: calibration.agreement(case.rater, case.item, case.score),
    "misfit": lambda case, _: calibration.expert_misfit(case.rater, case.item, case.score),
    "next": lambda case, k: calibration.next_expert(case.rater, case.item, case.score, k),
}


def main() -> None:
    """Run the measurement that the first argument describes."""
    asked = json.loads(sys.argv[1])
    case = peer.read(Path(asked["file"]))
    act, line = WORKS[asked["work"]], max(1, case.shape[0] // 5)
    found, first = watched(lambda: act(case, line))
    runs = [first, *(watched(lambda: act(case, line))[1] for _ in range(asked["repeats"] - 1))]
    times = [min(run["wall"], run["cpu"]) for run in runs]
    if asked.get("out"):
        np.savez(asked["out"], **_arrays(found))
    took = {"cold": times[0], "seconds": min(times), "peak": first["peak"], "data": first["data"]}
    print(json.dumps(took | _scalars(found)))


def _scalars(found: Any) -> dict[str, Any]:
    if not isinstance(found, calibration.Calibration):
        return {}
    names = {"mu": found.mu, "criterion": found.reml_crit, "limits": [str(limit) for limit in found.limits]}
    return names | {name: float(found.variances[name]) for name in ("item", "rater", "residual")}


def _arrays(found: Any) -> dict[str, Any]:
    return {name: getattr(found, name) for name in ("quality", "quality_se", "severity", "severity_se")}


if __name__ == "__main__":
    main()
