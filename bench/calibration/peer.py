"""R's lme4 on the same scores, in processes of its own; and plain matrix algebra at the variances that it finds."""

import os
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.linalg import cho_factor, cho_solve

from bench.calibration.designs import Case

SCRIPT = Path(__file__).with_name("lme4.R")
Floats = NDArray[np.float64]


@cache
def here() -> bool:
    """Return whether Rscript with lme4 is installed."""
    rscript = shutil.which("Rscript")
    if rscript is None:
        return False
    asked = [rscript, "-e", 'quit(status = !requireNamespace("lme4", quietly = TRUE))']
    return subprocess.run(asked, check=False, capture_output=True).returncode == 0  # noqa: S603 -- our own command


def asked_of_r(*arguments: str) -> str:
    """Return what the script prints."""
    command = [shutil.which("Rscript") or "Rscript", str(SCRIPT), *arguments]
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, env=environment, text=True)  # noqa: S603 -- ours
    return done.stdout


def write(path: Path, case: Case) -> None:
    """Write the scores for the script: their number, experts, projects (int32) and scores (float64)."""
    with path.open("wb") as file:
        np.array([len(case.score)], "<i4").tofile(file)
        case.rater.astype("<i4").tofile(file)
        case.item.astype("<i4").tofile(file)
        case.score.astype("<f8").tofile(file)


def read(path: Path) -> Case:
    """Read such a file; what is true is not known."""
    with path.open("rb") as file:
        number = int(np.fromfile(file, "<i4", 1)[0])
        rater, item = np.fromfile(file, "<i4", number), np.fromfile(file, "<i4", number)
        score = np.fromfile(file, "<f8", number)
    items, raters = int(item.max()) + 1, int(rater.max()) + 1
    unknown = np.full(raters, np.nan)
    return Case(
        rater.astype(np.int64), item.astype(np.int64), score,
        np.full(items, np.nan), unknown, unknown, np.zeros(raters, bool),
    )  # fmt: skip


def shipped(name: str, folder: Path) -> Path:
    """Return the file of a data set that comes with lme4."""
    path = folder / f"{name}.bin"
    asked_of_r("data", name, str(path))
    return path


def fit(path: Path, mode: str, repeats: int = 1) -> dict[str, Any]:
    """Return what lme4 finds (``mode`` ``default`` or ``tight``) and, for ``default``, the least of its times."""
    told: dict[str, Any] = {"time": []}
    for line in asked_of_r("fit", str(path), mode, str(repeats)).splitlines():
        name, *values = line.split()
        if name == "time":
            told["time"].append(min(map(float, values)))
        elif name in ("version", "blas"):
            told[name] = values[0]
        else:
            told[name] = np.array(values, np.float64)
    scalars = {name: float(told[name][0]) for name in ("item", "rater", "residual", "mu", "criterion")}
    return told | scalars | {"seconds": min(told["time"], default=None)}


def standard_errors(case: Case, variances: dict[str, float]) -> tuple[Floats, Floats]:
    """Return the standard deviations of the errors of µ + project and of the experts' effects, by plain algebra.

    Henderson's equations of the mean and both sides: the projects, whose block is diagonal, are eliminated, the rest is
    inverted in full.
    """
    items, raters, _ = case.shape
    residual = variances["residual"]
    table = sparse.csr_array((np.ones(len(case.item)), (case.item, case.rater)), shape=(items, raters)) / residual
    counts = np.bincount(case.item, minlength=items) / residual
    block = 1.0 / (counts + 1.0 / variances["item"])
    sides = sparse.csr_array(sparse.hstack([sparse.csr_array(counts[:, None]), table]))
    loads = np.bincount(case.rater, minlength=raters) / residual
    whole = np.zeros((raters + 1, raters + 1))
    whole[0, 0], whole[0, 1:], whole[1:, 0] = counts.sum(), loads, loads
    whole[np.arange(1, raters + 1), np.arange(1, raters + 1)] = loads + 1.0 / variances["rater"]
    whole -= (sides.T @ sides.multiply(block[:, None]).tocsr()).toarray()
    inverse = cho_solve(cho_factor(whole, overwrite_a=True), np.eye(raters + 1), overwrite_b=True)
    spread = np.empty(items)
    for start in range(0, items, 2000):
        rows = sides[start : start + 2000]
        spread[start : start + 2000] = rows.multiply(rows @ inverse).sum(axis=1)
    with_mean = -block * (sides @ inverse[:, 0])
    quality = inverse[0, 0] + 2 * with_mean + block + block**2 * spread
    return np.sqrt(quality), np.sqrt(np.diag(inverse)[1:])
