"""Run the bench and print its tables as Markdown.

``python -m bench.calibration`` measures the sets that it makes itself and, where R with lme4 is installed, the two that
come with lme4, beside lme4 in the same run. Every measurement is told as it comes, in a process of its own with one
thread. Exit status 1 where the engine is not as exact as it must be or intervals do not cover; never because of a time.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bench.calibration import coefficients, designs, peer, report, simulations

ROOT = Path(__file__).resolve().parents[2]
MEASURES = ("fit", "agreement", "coverage", "recovery", "misfits", "gains")
RUNS = {"coverage": 300, "recovery": 100, "misfits": 10, "gains": 400}
LARGE, LARGE_RUNS = ("2000", "national"), {"coverage": 30, "recovery": 5}
"""Of contests whose names hold one of these fewer are simulated."""
PARTS = ("item", "rater", "residual")
SLOW_PEER = 50_000
"""From so many scores on lme4 is asked only if that is wished, once, unless the set comes with it."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and return the exit status."""
    asked = _parser().parse_args(arguments)
    results: dict[str, list[dict[str, Any]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for kind in asked.measures:
            results[kind] = []
            for one in _measured(kind, asked, Path(folder)):
                print(f"{kind}: {report.line(kind, one)}", file=sys.stderr, flush=True)
                results[kind].append(one)
    print(report.tables(results))
    faults = report.faults(results)
    print(*faults, sep="\n", file=sys.stderr)
    return int(bool(faults))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("bench.calibration", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    known = (*designs.MADE, *designs.SHIPPED)
    parser.add_argument("--quick", action="store_true", help="small sets and few simulated contests")
    parser.add_argument("--sets", nargs="+", choices=known, metavar="SET", help=", ".join(known))
    parser.add_argument("--measures", nargs="+", choices=MEASURES, default=MEASURES, metavar="MEASURE")
    parser.add_argument("--runs", type=float, default=1.0, help="simulated contests, as a multiple of the usual number")
    parser.add_argument("--no-peer", action="store_true", help="leave lme4 out")
    parser.add_argument("--slow-peer", action="store_true", help="ask lme4 about the huge set too: tens of minutes")
    return parser


def _measured(kind: str, asked: argparse.Namespace, folder: Path) -> Iterator[dict[str, Any]]:
    if kind == "fit":
        yield from (_fit(name, asked, folder) for name in _sets(asked))
    elif kind == "agreement":
        yield from coefficients.compared()
    else:
        yield from _simulated(kind, asked)


def _sets(asked: argparse.Namespace) -> list[str]:
    if asked.sets:
        return list(asked.sets)
    with_peer = peer.here() and not asked.no_peer
    if asked.quick:
        return [*designs.SHIPPED[:1] * with_peer, *designs.SMALL, "islands"]
    return [*designs.SHIPPED * with_peer, *designs.MADE]


def _simulated(kind: str, asked: argparse.Namespace) -> Iterator[dict[str, Any]]:
    for case in simulations.MEASURES[kind][0]:
        large = any(word in case for word in LARGE)
        if asked.quick and (large or kind == "misfits"):
            continue
        runs = LARGE_RUNS[kind] if large else RUNS[kind]
        runs = max(2, round(asked.runs * runs * (0.2 if asked.quick else 1.0)))
        told = _child("simulations", {"measure": kind, "case": case, "runs": runs})
        yield told | {"case": case, "runs": runs}


def _fit(name: str, asked: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """Measure one set: the engine, lme4 at its defaults for the time and driven to the end for the truth."""
    path = folder / "scores.bin"
    if name in designs.SHIPPED:
        path = peer.shipped(name, folder)
    else:
        peer.write(path, designs.MADE[name]())
    shape = peer.read(path).shape
    repeats = 10 if shape[2] < 1000 else 5 if shape[2] < SLOW_PEER else 3
    out = folder / "found.npz"
    found = _child("child", {"file": str(path), "work": "calibrate", "repeats": repeats, "out": str(out)})
    others = {
        work: _child("child", {"file": str(path), "work": work, "repeats": max(2, repeats // 3)})
        for work in ("noise", "ranks")
    }
    found |= {work: told["seconds"] for work, told in others.items()}
    found["peak"] = max(found["peak"], *(told["peak"] for told in others.values()))
    found |= {"set": name, "shape": shape}
    slow = shape[2] >= SLOW_PEER and name not in designs.SHIPPED
    if asked.no_peer or not peer.here() or (slow and not asked.slow_peer):
        return found | {"apart": _errors_apart(path, found, out)}
    default = peer.fit(path, "default", 1 if slow else min(repeats, 3))
    truth = default if slow else peer.fit(path, "tight")
    told = {"peer": default["seconds"], "lme4": default["version"], "blas": default["blas"]}
    return found | told | {"apart": _apart(path, found, out, truth)}


def _apart(path: Path, found: dict[str, Any], out: Path, truth: dict[str, Any]) -> dict[str, float]:
    """Return how far the engine is from lme4: variances, quality, errors, criterion (below 0: ours is the better)."""
    with np.load(out) as arrays:
        ours = arrays["quality"]
    floor = 1e-6 * sum(truth[name] for name in PARTS)
    quality = np.abs(ours - truth["mu"] - truth["item_effects"]).max()
    return {
        "variances": max(abs(found[name] - truth[name]) / max(truth[name], floor) for name in PARTS),
        "quality": float(quality / np.sqrt(max(truth["item"], floor))),
        "criterion": found["criterion"] - truth["criterion"],
        **_errors_apart(path, truth, out),
    }


def _errors_apart(path: Path, variances: dict[str, Any], out: Path) -> dict[str, float]:
    """Return how far the standard errors are from those of plain algebra at these variances."""
    if min(variances["item"], variances["rater"]) <= 1e-9 * sum(variances[name] for name in PARTS):
        return {}
    of_quality, of_severity = peer.standard_errors(peer.read(path), variances)
    with np.load(out) as ours:
        return {
            "quality_se": float(np.abs(ours["quality_se"] / of_quality - 1).max()),
            "severity_se": float(np.abs(ours["severity_se"] / of_severity - 1).max()),
        }


def _child(module: str, asked: dict[str, Any]) -> dict[str, Any]:
    command = [sys.executable, "-m", f"bench.calibration.{module}", json.dumps(asked)]
    one_thread = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    done = subprocess.run(  # noqa: S603 -- our own command
        command, cwd=ROOT, check=True, stdout=subprocess.PIPE, env=os.environ | one_thread
    )
    result: dict[str, Any] = json.loads(done.stdout)
    return result


if __name__ == "__main__":
    sys.exit(main())
