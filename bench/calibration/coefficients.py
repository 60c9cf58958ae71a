"""Coefficients of agreement beside those of R's psych and vegan and of the package krippendorff, where installed."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from bench.assignment.draws import Draws
from bench.calibration.designs import Floats, contest, normals
from judging.engines import calibration

SCRIPT = Path(__file__).with_name("agreement.R")
SHROUT_FLEISS = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
KINDS = ("nominal", "ordinal", "interval")


def compared() -> Iterator[dict[str, Any]]:
    """Yield the greatest difference of every coefficient from another programme's, table by table."""
    for name, table in tables().items():
        item, rater = np.nonzero(~np.isnan(table))
        told = calibration.agreement(rater, item, table[item, rater])
        others = {"R psych, vegan": _by_r(table), "krippendorff": _by_krippendorff(table)}
        for programme, values in others.items():
            if values:
                apart = {key: abs(getattr(told, key) - value) for key, value in values.items()}
                yield {
                    "set": name,
                    "programme": programme,
                    "coefficients": sorted(values),
                    "apart": max(apart.values()),
                }


def tables() -> dict[str, Floats]:
    """Return tables of projects × experts, a hole where there is no score."""
    draws = Draws(401)
    effects = normals(draws, 1, 40)[:, None] + 0.6 * normals(draws, 2, 7)[None, :]
    marks = np.clip(np.rint(6 + 1.5 * (effects + 0.8 * normals(draws, 3, 280).reshape(40, 7))), 0, 10)
    case = contest(402, 60, 15, 3)
    thin = np.full((60, 15), np.nan)
    thin[case.item, case.rater] = case.score
    return {"Shrout & Fleiss": np.array(SHROUT_FLEISS, float), "40 × 7 with ties": marks, "60 × 15 × 3": thin}


def _by_r(table: Floats) -> dict[str, float]:
    rscript = shutil.which("Rscript")
    if rscript is None or np.isnan(table).any():
        return {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.csv"
        np.savetxt(path, table, "%.17g", ",")
        command = [rscript, str(SCRIPT), str(path)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 -- our own command
    return {name: float(value) for name, value in map(str.split, done.stdout.splitlines())}


def _by_krippendorff(table: Floats) -> dict[str, float]:
    if find_spec("krippendorff") is None:
        return {}
    import krippendorff  # optional: compared with where somebody has it

    return {
        f"alpha_{kind}": float(krippendorff.alpha(reliability_data=table.T, level_of_measurement=kind))
        for kind in KINDS
    }
