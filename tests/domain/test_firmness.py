"""The report on the firmness of a ranking as a value: its document, its rounding, its grades and its words."""

import json
from decimal import Decimal

import pytest

from judging.domain.firmness import (
    CAUTION_LABELS,
    ENOUGH_SCORES,
    GRADE_LABELS,
    REFUSAL_LABELS,
    SCENARIO_LABELS,
    Caution,
    Grade,
    Refusal,
    ScenarioKind,
    Variances,
    figure,
    from_document,
    grade_of,
    to_document,
)
from judging.engines.calibration import ENOUGH
from tests import firmness


def test_report_and_engine_speak_of_an_expert_from_as_many_scores():
    assert ENOUGH_SCORES == ENOUGH


@pytest.mark.parametrize("made", [firmness.report(), firmness.cautious(), firmness.refused()])
def test_a_report_survives_its_document(made):
    assert from_document(json.loads(json.dumps(to_document(made)))) == made


def test_a_document_holds_decimals_as_text_and_enumerations_by_value():
    document = to_document(firmness.refused(Refusal.NO_PROJECTS))
    assert document == {
        "contest": "УР-2026", "digest": "5f" * 32, "engine": "1", "provisional": False, "maximum": "100", "line": 0,
        "budget": 300_000_000_00, "panels": [], "projects": [], "experts": [], "cells": [], "agreement": [],
        "sensitivity": None, "next_reviews": [], "refusal": "no_projects",
    }  # fmt: skip


def test_what_is_no_report_is_refused():
    document = to_document(firmness.report())
    with pytest.raises(KeyError):
        from_document({name: value for name, value in document.items() if name != "cells"})
    with pytest.raises(TypeError):
        from_document(document | {"rank": 1})


def test_figures_are_rounded_and_what_is_not_finite_is_none():
    values = (1 / 3, -0.0000001, None, float("nan"), float("inf"), 2)
    assert [figure(value) for value in values] == [0.333333, 0.0, None, None, None, 2.0]
    assert str(figure(-0.0000001)) == "0.0"


def test_grades_lie_around_the_grey_zone():
    found = [grade_of(value) for value in (None, 1.0, 0.95, 0.949999, 0.050001, 0.05, 0.0)]
    assert found == [None, Grade.ABOVE, Grade.ABOVE, Grade.GREY, Grade.GREY, Grade.BELOW, Grade.BELOW]


def test_shares_of_the_variance_add_up_and_no_variance_has_none():
    assert Variances(6.0, 1.0, 3.0).shares == Variances(0.6, 0.1, 0.3)
    assert Variances(0.0, 0.0, 0.0).shares == Variances(0.0, 0.0, 0.0)


def test_everything_has_words():
    assert set(REFUSAL_LABELS) == set(Refusal)
    assert set(CAUTION_LABELS) == set(Caution)
    assert set(GRADE_LABELS) == set(Grade)
    assert set(SCENARIO_LABELS) == set(ScenarioKind)


def test_the_sample_hangs_together():
    made = firmness.report()
    assert [item.place for item in made.projects] == list(range(1, 21))
    assert [panel.projects for panel in made.panels] == [16, 4]
    assert sum(panel.scores for panel in made.panels) == len(made.cells) == sum(item.scores for item in made.experts)
    assert sum(panel.winners for panel in made.panels) == sum(item.winner for item in made.projects) == made.line
    assert {item.grade for item in made.projects} == {Grade.ABOVE, Grade.GREY, Grade.BELOW, None}
    assert [item.email for item in made.experts if item.refusal is Refusal.FEW_SCORES] == ["ilyin@example.org"]
    assert made.maximum == Decimal(100)
