"""Files that others keep such data in: compressed numpy archives (.npz) and lists of scores (.csv).

An archive has ``kind``, ``k`` (experts a project), ``min_load`` and ``max_load`` [experts], ``locked`` [n × 2] (expert,
project), ``feasible``, and ``expect`` (JSON: what a diagnosis must say where it is not). The kinds:

dense
    ``aff_q`` whole [experts × projects], the affinity is (``aff_q`` − ``zero``) / ``scale``; ``conflicts`` one bit a
    pair, rows of ``shape`` one after another.
factor (and factor+top)
    affinities are computed: ``U`` [experts × topics] and ``V`` [projects × topics] are whole profiles,
    ``conflict_pairs`` [n × 2]. With the cosine c of two profiles and z, the pair's noise in [0, 1) (SplitMix64 of
    expert · projects + project + ``seed`` · 0x632BE59BD9B4E019, the upper 53 bits): 0.85 c (0.8 + 0.4 z), 0.15 more
    where z > 0.98, half where z < 0.08, cut down to thousandths. Where ``top`` is not 0, only the ``top`` best experts
    of a project are eligible, among the tenth that is in view of it (noise of ``seed`` + 1 under 0.1) and in no
    conflict; of equals the lower number.

A list has lines ``project,expert,score`` (a header may stand first); the listed pairs alone are eligible.
"""

import csv
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from bench.assignment.case import Case, no_pairs
from bench.assignment.draws import mixed

STEP = np.uint64(0x632BE59BD9B4E019)
SCALE = 1000
BLOCK = 500


@dataclass(frozen=True)
class Terms:
    """What a list of scores does not say: experts a project, loads (``most`` None: a fifth more places than wanted)."""

    demand: int = 3
    least: int = 0
    most: int | None = None


def read(path: Path, terms: Terms) -> Case:
    """Return the case that a file holds; ``terms`` are for lists only. Raises ValueError for another kind of file."""
    if path.suffix == ".csv":
        return _listed(path, terms)
    if path.suffix != ".npz":
        raise ValueError(f"{path.name}: neither .npz nor .csv")
    with np.load(path, allow_pickle=False) as held:
        return _archived(path.stem, {key: held[key] for key in held.files})


def _archived(name: str, held: dict[str, Any]) -> Case:
    if str(held["kind"]) == "dense":
        affinity, conflicts = _dense(held)
    elif int(held["top"]):
        affinity, conflicts = _best(held), None
    else:
        affinity, conflicts = _computed(held)
    experts, projects = affinity.shape
    return Case(
        name=name,
        affinity=affinity,
        conflicts=conflicts,
        demand=np.full(projects, int(held["k"]), np.int64),
        min_load=np.broadcast_to(held["min_load"], experts).astype(np.int64),
        max_load=np.broadcast_to(held["max_load"], experts).astype(np.int64),
        locked=held["locked"].astype(np.int64).reshape(-1, 2),
        expect=None if bool(held["feasible"]) else json.loads(str(held["expect"])),
    )


def _dense(held: dict[str, Any]) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    experts, projects = (int(size) for size in held["shape"])
    whole = held["aff_q"].astype(np.float64) - float(held["zero"])
    bits = np.unpackbits(held["conflicts"], count=experts * projects)
    return (whole / float(held["scale"])).astype(np.float32), bits.astype(bool).reshape(experts, projects)


def _computed(held: dict[str, Any]) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    shape = len(held["U"]), len(held["V"])
    affinity, conflicts = np.empty(shape, np.float32), np.zeros(shape, bool)
    for start in range(0, shape[1], BLOCK):
        block = _thousandths(held, start, min(start + BLOCK, shape[1]))
        affinity[:, start : start + BLOCK] = block.astype(np.float32) / np.float32(SCALE)
    pairs = held["conflict_pairs"].astype(np.int64)
    conflicts[pairs[:, 0], pairs[:, 1]] = True
    return affinity, conflicts


def _noise(experts: int, start: int, end: int, projects: int, seed: int) -> NDArray[np.float64]:
    with np.errstate(over="ignore"):
        keys = np.arange(experts, dtype=np.uint64)[:, None] * np.uint64(projects) + np.arange(
            start, end, dtype=np.uint64
        )
        keys += np.uint64(seed) * STEP
    return (mixed(keys) >> np.uint64(11)).astype(np.float64) / (1 << 53)


def _thousandths(held: dict[str, Any], start: int, end: int) -> NDArray[np.int64]:
    able, asked = held["U"].astype(np.int64), held["V"][start:end].astype(np.int64)
    dot = (able.astype(np.float32) @ asked.T.astype(np.float32)).astype(np.float64)
    squares = (able**2).sum(1).astype(np.float64), (asked**2).sum(1).astype(np.float64)
    noise = _noise(len(able), start, end, len(held["V"]), int(held["seed"]))
    value = 0.85 * (dot / np.sqrt(squares[0][:, None] * squares[1][None, :])) * (0.8 + 0.4 * noise)
    value = np.where(noise > 0.98, value + 0.15, value)
    value = np.where(noise < 0.08, value * 0.5, value)
    return np.clip(np.floor(value * SCALE), 0, SCALE).astype(np.int64)


def _best(held: dict[str, Any]) -> sparse.csc_array:
    """Return the ``top`` best pairs of every project."""
    top, experts, projects = int(held["top"]), len(held["U"]), len(held["V"])
    barred = sparse.csc_array(
        (np.ones(len(held["conflict_pairs"]), bool), tuple(held["conflict_pairs"].T.astype(np.int64))),
        shape=(experts, projects),
    )
    rows, values = [], []
    for start in range(0, projects, BLOCK):
        end = min(start + BLOCK, projects)
        whole = _thousandths(held, start, end)
        hidden = _noise(experts, start, end, projects, int(held["seed"]) + 1) >= 0.1
        hidden |= barred[:, start:end].toarray()
        order = np.argsort(np.where(hidden, 1, -whole), axis=0, kind="stable")[:top]
        order.sort(axis=0)
        rows.append(order.T.ravel())
        values.append(np.take_along_axis(whole, order, 0).T.ravel())
    starts = np.arange(projects + 1) * top
    data = np.concatenate(values).astype(np.float32) / np.float32(SCALE)
    return sparse.csc_array((data, np.concatenate(rows), starts), shape=(experts, projects))


def _listed(path: Path, terms: Terms) -> Case:
    with path.open(newline="", encoding="utf-8") as lines:
        table = [row for row in csv.reader(lines) if row]
    if table and not _is_number(table[0][2]):
        table = table[1:]
    projects, experts = sorted({row[0] for row in table}), sorted({row[1] for row in table})
    column = {name: index for index, name in enumerate(projects)}
    row = {name: index for index, name in enumerate(experts)}
    entries = {(row[expert], column[project]): float(score) for project, expert, score in table}
    where = np.array(list(entries), np.int64).reshape(-1, 2)
    shape = len(experts), len(projects)
    affinity = sparse.csc_array((np.array(list(entries.values())), (where[:, 0], where[:, 1])), shape=shape)
    wanted = np.full(shape[1], terms.demand, np.int64)
    most = -(-int(wanted.sum()) * 6 // (5 * max(1, shape[0]))) if terms.most is None else terms.most
    return Case(path.stem, affinity, None, wanted, np.full(shape[0], terms.least), np.full(shape[0], most), no_pairs())


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
