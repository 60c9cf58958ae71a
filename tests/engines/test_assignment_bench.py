"""The bench of the assignment engine: its data are the same everywhere, it reads what others write, it sees faults."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy import sparse

from bench.assignment import files, peer, report, sets
from bench.assignment.case import Case
from bench.assignment.files import Terms
from tests.engines.assignment_checker import broken_rules, total_bound

SMALL = (*sets.QUICK, sets.text, sets.mixed, *sets.IMPOSSIBLE)


@pytest.mark.parametrize("make", SMALL, ids=lambda make: make.__name__)
def test_the_data_have_the_bits_that_they_always_had(make) -> None:
    assert make().digest() == sets.DIGESTS[make.__name__]


def test_every_set_has_a_digest() -> None:
    assert set(sets.DIGESTS) == set(sets.SETS)


@pytest.mark.parametrize("make", sets.QUICK, ids=lambda make: make.__name__)
def test_the_peer_breaks_no_rule_and_finds_the_largest_total(make) -> None:
    problem = asked(make())
    pairs = peer.flow(problem)
    values = np.asarray(problem.affinity[pairs[:, 0], pairs[:, 1]])
    assert broken_rules(problem, pairs) == []
    assert values.sum() == pytest.approx(total_bound(problem), abs=1e-4)


def test_the_peer_keeps_locked_pairs() -> None:
    case = sets.medium_locked()
    assert broken_rules(asked(case), peer.flow(case)) == []


@pytest.mark.parametrize("make", sets.IMPOSSIBLE, ids=lambda make: make.__name__)
def test_the_impossible_sets_are_impossible(make) -> None:
    with pytest.raises(peer.NoPlanError):
        peer.flow(make())


class Asked(Case):
    """A case with the fields that the checker looks for beside."""

    groups, apart, forbidden, previous, goal = (), (), (), (), "total"


def asked(case: Case) -> Asked:
    return Asked(**vars(case))


HEAD = {"k": 2, "min_load": [0, 1], "max_load": [3, 3], "feasible": True, "expect": "{}", "meta": "{}"}


def test_a_dense_archive_is_read(tmp_path: Path) -> None:
    conflicts = np.array([[False, True, False], [False, False, True]])
    np.savez_compressed(
        tmp_path / "dense.npz",
        kind="dense",
        aff_q=np.array([[0, 5, 10], [20, 25, 30]], np.uint8),
        scale=10.0,
        zero=10,
        conflicts=np.packbits(conflicts, axis=None),
        shape=np.array([2, 3]),
        locked=np.array([[1, 0]]),
        **HEAD,
    )
    case = files.read(tmp_path / "dense.npz", Terms())
    assert case.affinity.tolist() == [[-1.0, -0.5, 0.0], [1.0, 1.5, 2.0]]
    assert case.conflicts.tolist() == conflicts.tolist()
    assert (case.demand.tolist(), case.min_load.tolist(), case.max_load.tolist()) == ([2, 2, 2], [0, 1], [3, 3])
    assert (case.locked.tolist(), case.expect) == ([[1, 0]], None)


def factors(folder: Path, top: int) -> Path:
    profiles = np.array([[3, 0, 1], [0, 4, 0], [2, 2, 2], [7, 0, 0]] * 10, np.int8)
    np.savez_compressed(
        folder / "factor.npz",
        kind="factor",
        U=profiles,
        V=profiles[:3],
        seed=5,
        top=top,
        conflict_pairs=np.array([[1, 0], [3, 2]], np.int32),
        locked=np.zeros((0, 2)),
        **HEAD | {"min_load": 0, "max_load": 3},
    )
    return folder / "factor.npz"


def test_an_archive_of_factors_is_computed(tmp_path: Path) -> None:
    case = files.read(factors(tmp_path, top=0), Terms())
    assert np.argwhere(case.conflicts).tolist() == [[1, 0], [3, 2]]
    assert np.rint(case.affinity[:4] * 1000).astype(int).tolist() == [
        [815, 0, 890],
        [0, 901, 577],
        [637, 569, 787],
        [323, 0, 196],
    ]


def test_an_archive_of_factors_lists_the_best_in_view(tmp_path: Path) -> None:
    dense, thin = (files.read(factors(tmp_path, top), Terms()).affinity for top in (0, 3))
    assert sparse.issparse(thin)
    assert np.diff(thin.indptr).tolist() == [3, 3, 3]
    listed = sparse.coo_array(thin)
    assert listed.data.tolist() == dense[listed.row, listed.col].tolist()


def test_a_list_of_scores_is_read_with_and_without_a_header(tmp_path: Path) -> None:
    lines = "p1,anna,0.5\np2,anna,0.25\np2,boris,-1\n"
    for name, text in (("bare.csv", lines), ("headed.csv", "project,expert,score\n" + lines)):
        (tmp_path / name).write_text(text, "utf-8")
        case = files.read(tmp_path / name, Terms(demand=1, least=0, most=2))
        rows, columns, values = case.eligible()
        assert (rows.tolist(), columns.tolist(), values.tolist()) == ([0, 0, 1], [0, 1, 1], [0.5, 0.25, -1.0])
        assert (case.demand.tolist(), case.max_load.tolist()) == ([1, 1], [2, 2])


def test_another_kind_of_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"neither \.npz nor \.csv"):
        files.read(tmp_path / "scores.txt", Terms())


MEASURED = {"set": "small", "method": "fair", "shape": [40, 60], "digest": sets.DIGESTS["small"], "made": True}
FOUND = {"floor": 1.25, "worst": 1.5, "total": 90.0, "cpu": 0.5, "peak": 80.2, "data": 60.1}
BOUNDS = {
    "floor_bound": 1.25,
    "total_bound": 90.0,
    "optimal": True,
    "broken": [],
    "exchange": None,
    "proof": 0.75,
    "same": True,
}


def test_the_table_sets_the_engine_beside_the_flow() -> None:
    flow, fair = MEASURED | FOUND | {"method": "flow", "cpu": 0.25}, MEASURED | FOUND | BOUNDS
    assert report.tables([flow, fair], []).splitlines()[2:] == [
        "| small | 40 × 60 | OR-tools flow | 1.2500 | 1.5000 | 90.000 | – | – | – | 0.25 | – | – | 80 | 60 |",
        "| small | 40 × 60 | fair | 1.2500 | 1.5000 | 90.000 | 1.2500 | 90.000 | yes | 0.50 | 2.00 | 0.75 | 80 | 60 |",
    ]
    assert report.faults([flow, fair]) == []


def test_faults_are_named() -> None:
    told = {"kind": "capacity", "short": 3, "expect": {"short": 4}, "flow": False, "relaxations": [["unlock 1", False]]}
    results = [
        MEASURED
        | FOUND
        | BOUNDS
        | {"digest": "0", "broken": ["project 1: 2 experts of 3"], "exchange": [[0, 1], [2, 1]]},
        MEASURED | {"impossible": told},
    ]
    assert report.faults(json.loads(json.dumps(results))) == [
        f"small, fair: the data differ: 0 instead of {sets.DIGESTS['small']}",
        "small, fair: project 1: 2 experts of 3",
        "small, fair: better after the exchange [[0, 1], [2, 1]]",
        "small, fair: short is 3, must be 4",
        "small, fair: unlock 1 does not work",
    ]


def test_the_digest_sees_every_part() -> None:
    case = sets.small()
    changed = [
        replace(case, min_load=case.min_load + 1),
        replace(case, max_load=case.max_load + 1),
        replace(case, demand=case.demand + 1),
        replace(case, locked=np.array([[0, 0]])),
        replace(case, conflicts=None),
        replace(case, affinity=case.affinity + 0.001),
    ]
    assert len({case.digest(), *(one.digest() for one in changed)}) == 7
