"""The bench of the calibration engine: its data are the same everywhere, its algebra is right, it sees faults."""

import hashlib
from pathlib import Path

import numpy as np
import pytest

from bench.assignment.draws import Draws
from bench.calibration import coefficients, designs, peer, report, simulations
from tests.engines.calibration_reference import Plain, Variances

DIGESTS = {
    "60×15×3": "f040bf4c9b0cb8e8",
    "60×15×2": "aaa40af8657bffc5",
    "20×6×3": "733856c75d0edf82",
    "2000×200×3": "209666ec2b49c070",
    "lin": "93f344bf1b0a766b",
    "het": "933966f0775b46f2",
    "heavy": "1f5aa9a307b603a5",
    "outlier": "d18a674c75f4b297",
    "harsh": "7e3e48d49975e7e8",
    "islands": "48c52b94e2188003",
    "regions": "747e868aa915bce3",
    "sparse": "419d7a14af4e19dc",
    "uneven": "15e24f6005a69e3f",
    "wide": "bd0649cae6f5347a",
}


def digest(case: designs.Case) -> str:
    bare = hashlib.sha256(repr(case.shape).encode())
    for part in (case.rater, case.item, np.rint(case.score * 10)):
        bare.update(np.ascontiguousarray(part, "<i8").tobytes())
    return bare.hexdigest()[:16]


@pytest.mark.parametrize("name", [name for name in designs.MADE if name != "huge"])
def test_the_data_have_the_bits_that_they_always_had(name: str) -> None:
    assert digest(designs.MADE[name]()) == DIGESTS[name]


@pytest.mark.parametrize("name", [name for name in designs.MADE if name != "huge"])
def test_nobody_judges_a_project_twice(name: str) -> None:
    case = designs.MADE[name]()
    assert len(np.unique(case.item * case.shape[1] + case.rater)) == case.shape[2]
    assert (case.score.min() >= 0, case.score.max() <= 100) == (True, True)


def test_experts_are_dealt_out_evenly() -> None:
    case = designs.contest(1, 60, 15, 3)
    assert np.bincount(case.rater).tolist() == [12] * 15
    assert np.bincount(case.item).tolist() == [3] * 60


def test_scores_are_what_is_said_of_them() -> None:
    case = designs.national(1)
    assert case.shape == (5000, 500, 15000)
    noise = case.score - designs.MEAN - case.quality[case.item] - case.severity[case.rater]
    assert [case.quality.std(), case.severity.std(), noise.std()] == pytest.approx([10, 6, 8], rel=0.05)
    assert designs.national(1, careless=0.06).careless.sum() == 30


def test_strict_experts_sit_on_strong_projects() -> None:
    case = designs.strict_on_strong(Draws(1), 1000, 100, 3)
    assert np.corrcoef(case.quality[case.item], case.severity[case.rater])[0, 1] < -0.4


def test_scores_survive_the_file(tmp_path: Path) -> None:
    case = designs.contest(1, 20, 6, 3)
    peer.write(tmp_path / "scores.bin", case)
    again = peer.read(tmp_path / "scores.bin")
    for name in ("rater", "item", "score"):
        assert getattr(again, name).tolist() == getattr(case, name).tolist()


def test_the_errors_that_the_engine_is_compared_with_are_those_of_plain_algebra() -> None:
    case = designs.contest(1, 20, 6, 3)
    plain = Plain.of(case.rater, case.item, case.score)
    exact = plain.solve(Variances(90.0, 30.0, plain.residual(60.0)))
    quality, severity = peer.standard_errors(case, {"item": 90.0, "rater": 30.0, "residual": 60.0})
    assert quality == pytest.approx(exact.quality_se, rel=1e-9)
    assert severity == pytest.approx(exact.severity_se, rel=1e-9)


def test_true_places_are_counted_inside_panels() -> None:
    draws = Draws(2)
    case = designs.judged(draws, designs.panels(draws, 2, 5, 4, 3))
    assert sorted(simulations.true_places(case)[:5].tolist()) == [1, 2, 3, 4, 5]
    assert simulations.true_places(case)[5 + case.quality[5:].argmax()] == 1


def test_the_experts_of_further_reviews_are_others() -> None:
    case = designs.contest(3, 60, 15, 3)
    another = simulations._another(case, Draws(1))
    assert not set(zip(range(60), another.tolist(), strict=True)) & set(
        zip(case.item.tolist(), case.rater.tolist(), strict=True)
    )


def test_the_tables_of_coefficients_have_what_is_compared() -> None:
    tables = coefficients.tables()
    assert {name: (table.shape, bool(np.isnan(table).any())) for name, table in tables.items()} == {
        "Shrout & Fleiss": ((6, 4), False),
        "40 × 7 with ties": ((40, 7), False),
        "60 × 15 × 3": ((60, 15), True),
    }


FIT = {
    "set": "small", "shape": [60, 15, 180], "cold": 0.005, "seconds": 0.004, "noise": 0.006, "ranks": 0.03,
    "peak": 107.4, "data": 99.0, "peer": 0.02,
    "apart": {"variances": 2e-7, "quality": 1e-8, "quality_se": 1e-9, "severity_se": 1e-9, "criterion": -1e-12},
}  # fmt: skip
COVERED = {"case": "60×15×3", "runs": 300, "covered": 0.91, "error": 0.003, "width": 0.4}
ALIKE = {"set": "40 × 7", "programme": "psych", "coefficients": ["icc1"], "apart": 1e-16}


def test_the_table_sets_the_engine_beside_lme4() -> None:
    results = {"fit": [FIT, FIT | {"set": "alone", "peer": None, "apart": {}}], "coverage": [COVERED]}
    lines = report.tables(results).splitlines()
    assert lines[2:4] == [
        "| small | 60 × 15 | 180 | 2.0e-07 | 1.0e-08 | 1.0e-09 | 1.0e-09 | -1.0e-12 | 0.0200 | 0.0050 | 0.0040 | 0.25"
        " | 0.20 | 0.0060 | 0.0300 | 107 (99) |",
        "| alone | 60 × 15 | 180 | – | – | – | – | – | – | 0.0050 | 0.0040 | – | – | 0.0060 | 0.0300 | 107 (99) |",
    ]
    assert lines[-1] == "| 60×15×3 | 300 | 0.910 | 0.003 | 0.40 |"
    assert report.faults(results) == []


def test_faults_are_named() -> None:
    results = {
        "fit": [FIT | {"apart": FIT["apart"] | {"variances": 2e-4, "criterion": 2e-5}}],
        "coverage": [COVERED | {"covered": 0.80}],
        "agreement": [ALIKE | {"apart": 1e-7}],
    }
    assert report.faults(results) == [
        "small: variances differs from lme4 by 2.0e-04, more than 1e-04",
        "small: criterion differs from lme4 by 2.0e-05, more than 1e-05",
        "60×15×3: intervals of 90 % cover 0.800",
        "40 × 7: coefficients differ from psych by 1.0e-07",
    ]
