"""The measurements as Markdown tables, and what is wrong with them."""

from collections.abc import Iterator, Sequence
from typing import Any

ALLOWED = {"variances": 1e-4, "quality": 1e-4, "quality_se": 1e-3, "severity_se": 1e-3, "criterion": 1e-5}
"""The greatest differences from lme4: relative, in standard deviations of the quality, relative, absolute."""
COVERED = (0.88, 0.95)
COEFFICIENTS = 1e-8
NONE = "–"

FITS = (
    "set", "projects × experts", "scores", "variances", "quality", "its error", "severity's error", "criterion",
    "lme4, s", "first call, s", "again, s", "first / lme4", "again / lme4", "with noise, s", "ranks, s", "peak, MB",
)  # fmt: skip
COVERAGE = ("contest", "runs", "covered", "±", "mean width, share of places")
RECOVERY = ("contest", "runs", "mean", "z-scores", "model", "model with noise of experts", "fixed effects", "alarms")
MISFITS = ("contest", "runs", "AUC", "±", "careless flagged", "others flagged")
GAINS = ("contest", "runs", "gain of one more for all, points", "share by ten chosen", "±", "share by ten at random")
AGREEMENT = ("table", "programme", "coefficients", "greatest difference")


def fit_row(one: dict[str, Any]) -> list[str]:
    """Return the row of one set."""
    peer = one.get("peer")
    return [
        one["set"],
        f"{one['shape'][0]:,} × {one['shape'][1]:,}",
        f"{one['shape'][2]:,}",
        *(_power(one["apart"].get(name)) for name in ALLOWED),
        _seconds(peer),
        _seconds(one["cold"]),
        _seconds(one["seconds"]),
        _ratio(one["cold"], peer),
        _ratio(one["seconds"], peer),
        _seconds(one.get("noise")),
        _seconds(one.get("ranks")),
        f"{one['peak']:.0f} ({one['data']:.0f})",
    ]


def coverage_row(one: dict[str, Any]) -> list[str]:
    """Return the row of one coverage."""
    return [one["case"], str(one["runs"]), f"{one['covered']:.3f}", f"{one['error']:.3f}", f"{one['width']:.2f}"]


def recovery_row(one: dict[str, Any]) -> list[str]:
    """Return the row of one recovery of the truth."""
    told = [f"{one[name]:.3f}" for name in ("mean", "z", "crossed", "noise", "fixed")]
    return [one["case"], str(one["runs"]), *told, f"{one['alarms']:.2f}"]


def misfits_row(one: dict[str, Any]) -> list[str]:
    """Return the row of one search for careless experts."""
    told = (f"{one['auc']:.4f}", f"{one['error']:.4f}", f"{one['caught']:.2f}", f"{one['blamed']:.4f}")
    return [one["case"], str(one["runs"]), *told]


def gains_row(one: dict[str, Any]) -> list[str]:
    """Return the row of one comparison of further reviews."""
    told = (f"{one['all']:.1f}", f"{one['share']:.2f}", f"{one['error']:.2f}", f"{one['random']:.2f}")
    return [one["case"], str(one["runs"]), *told]


def agreement_row(one: dict[str, Any]) -> list[str]:
    """Return the row of one comparison of coefficients."""
    return [one["set"], one["programme"], ", ".join(one["coefficients"]), _power(one["apart"])]


KINDS = {
    "fit": (FITS, fit_row, 1),
    "coverage": (COVERAGE, coverage_row, 1),
    "recovery": (RECOVERY, recovery_row, 1),
    "misfits": (MISFITS, misfits_row, 1),
    "gains": (GAINS, gains_row, 1),
    "agreement": (AGREEMENT, agreement_row, 3),
}


def line(kind: str, one: dict[str, Any]) -> str:
    """Return the row of one measurement, to be seen while the others run."""
    return " | ".join(KINDS[kind][1](one))


def tables(results: dict[str, list[dict[str, Any]]]) -> str:
    """Return a table for every kind of measurement that was made."""
    return "\n\n".join(_table(kind, rows) for kind, rows in results.items() if rows)


def _table(kind: str, results: Sequence[dict[str, Any]]) -> str:
    heads, row, words = KINDS[kind]
    rule = ["---" if index < words else "--:" for index in range(len(heads))]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (heads, rule, *map(row, results)))


def _power(value: float | None) -> str:
    return NONE if value is None else f"{value:.1e}"


def _seconds(value: float | None) -> str:
    return NONE if value is None else f"{value:.4f}" if value < 1 else f"{value:.2f}"


def _ratio(ours: float, peer: float | None) -> str:
    return NONE if peer is None else f"{ours / peer:.2f}"


def faults(results: dict[str, list[dict[str, Any]]]) -> list[str]:
    """Return a sentence for everything that is wrong; a time never is."""
    found = {"fit": _inexact, "coverage": _uncovered, "agreement": _apart}
    return [fault for kind, one in found.items() for told in results.get(kind, []) for fault in one(told)]


def _inexact(one: dict[str, Any]) -> Iterator[str]:
    for name, most in ALLOWED.items():
        if one["apart"].get(name, 0.0) > most:
            yield f"{one['set']}: {name} differs from lme4 by {one['apart'][name]:.1e}, more than {most:.0e}"


def _uncovered(one: dict[str, Any]) -> Iterator[str]:
    low, high = (edge + sign * 2 * one["error"] for edge, sign in zip(COVERED, (-1, 1), strict=True))
    if not low <= one["covered"] <= high:
        yield f"{one['case']}: intervals of 90 % cover {one['covered']:.3f}"


def _apart(one: dict[str, Any]) -> Iterator[str]:
    if one["apart"] > COEFFICIENTS:
        yield f"{one['set']}: coefficients differ from {one['programme']} by {one['apart']:.1e}"
