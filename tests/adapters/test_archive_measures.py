"""An archive keeps to the bounds of the forms: at a bound it comes in, beyond it the place is named."""

import json
from pathlib import Path

import pytest

from judging.adapters.archive import read_document, receive_archive, to_document
from judging.domain.errors import Refused
from tests.adapters.test_archive_field_rules import archive, faults, put

GOLDEN = json.loads((Path(__file__).parents[1] / "data" / "golden-1.json").read_text("utf-8"))
SUM = "An amount of 10 trillion roubles or more"
DIGITS = "A number of more than 30 digits"
RICHEST, RICHER = "9999999999999.99", "10000000000000.00"
CODES = [f"28.{number}" for number in range(10, 31)]
PARTNER = {"inn": "0000001050", "role": "supplier"}
BANDS = [{"from": None, "score": "0"}, *({"from": str(number), "score": "1"} for number in range(1, 31))]
RULES = ("contest", "rules")


def fine(digits):
    """A decimal of so many digits."""
    return "1." + "0" * (digits - 1)


def review(**values):
    """A change of the first review."""

    def change(document):
        document["reviews"][0] |= values

    return change


def assigned(**values):
    """A change that makes the first review one in work."""
    return review(state="assigned", submitted_at=None, **values)


def conflict(length):
    """A change that adds a conflict for a reason of this length."""

    def change(document):
        pair = {"expert": document["experts"][0]["email"], "application": "001"}
        document["conflicts"].append(pair | {"reason": "я" * length})

    return change


def field(*path):
    """What gives the change of the field at ``path`` for a value."""
    return lambda value: put(*path, value)


CASES = [
    ("contest.budget", field("contest", "budget"), RICHEST, RICHER, SUM),
    ("contest.budget", field("contest", "budget"), "0.01", "1000000000000000.00", SUM),
    ("contest.rules.cap_per_application", field(*RULES, "cap_per_application"), RICHEST, RICHER, SUM),
    ("applications[0].requested", field("applications", 0, "requested"), RICHEST, RICHER, SUM),
    ("applications[0].total_cost", field("applications", 0, "total_cost"), RICHEST, RICHER, SUM),
    ("contest.rules.experts_per_application", field(*RULES, "experts_per_application"), 20, 21, "greater than 20"),
    ("contest.rules.max_winners", field(*RULES, "max_winners"), 10_000, 10_001, "greater than 10000"),
    ("experts[0].max_load", field("experts", 0, "max_load"), 1000, 5000, "greater than 1000"),
    ("experts[0].topics", field("experts", 0, "topics"), CODES[:20], CODES, "a list of more than 20 items"),
    ("applications[0].topics", field("applications", 0, "topics"), CODES[:20], CODES, "a list of more than 20 items"),
    ("applications[0].partners", field("applications", 0, "partners"), [PARTNER] * 100, [PARTNER] * 101,
     "a list of more than 100 items"),
    ("contest.rules.tie_breakers", field(*RULES, "tie_breakers"), ["requested"] * 20, ["requested"] * 21,
     "a list of more than 20 items"),
    ("contest.criteria[4].bands", field("contest", "criteria", 4, "bands"), BANDS[:30], BANDS,
     "a list of more than 30 items"),
    ("contest.criteria[1].weight", field("contest", "criteria", 1, "weight"), fine(30), fine(31), DIGITS),
    ("contest.rules.pass_total", field(*RULES, "pass_total"), fine(30), fine(31), DIGITS),
    ("contest.criteria[4].bands[0].score", field("contest", "criteria", 4, "bands", 0, "score"), fine(30), fine(31),
     DIGITS),
    ("applications[0].indicators.jobs", field("applications", 0, "indicators", "jobs"), fine(30), fine(31), DIGITS),
    ("reviews[0].scores.E1", field("reviews", 0, "scores", "E1"), fine(30), fine(31), DIGITS),
    ("reviews[0].comments.E1", lambda size: review(comments={"E1": "я" * size}), 5000, 5001,
     "longer than 5000 characters"),
    ("reviews[0].comments.E1", lambda size: assigned(comments={"E1": "я" * size}), 20_000, 20_001,
     "longer than 20000 characters"),
    ("reviews[0].reason", lambda size: review(state="recused", reason="я" * size), 2000, 2001,
     "longer than 2000 characters"),
    ("conflicts[0].reason", conflict, 2000, 2001, "longer than 2000 characters"),
    ("contest.criteria[1].code", field("contest", "criteria", 1, "code"), "C-2_a.b", "К2",
     "Latin letters, digits, full stops, hyphens, underscores"),
    ("contest.applications_open", field("contest", "applications_open"), "1980-01-01T00:00:00+00:00",
     "1979-12-31T23:59:59+00:00", "a year before 1980 or after 9000"),
    ("contest.review_close", field("contest", "review_close"), "9000-12-31T23:59:59+00:00",
     "9001-01-01T00:00:00+00:00", "a year before 1980 or after 9000"),
]  # fmt: skip
NAMES = [f"{case[0]} {case[4]}" for case in CASES]


@pytest.mark.parametrize(("place", "change", "within", "beyond", "said"), CASES, ids=NAMES)
def test_at_the_bound_of_the_form_an_archive_comes_in_and_beyond_it_does_not(place, change, within, beyond, said):
    assert receive_archive(archive(change(within))).changes == ()
    assert faults(change(beyond)) == [f"{place}: {said}"]


@pytest.mark.parametrize(("place", "change", "beyond"), [
    (place, change, beyond) for place, change, _, beyond, said in CASES if "a year" not in said
], ids=[name for name in NAMES if "a year" not in name])  # fmt: skip
def test_a_document_that_was_stored_before_stays_readable(place, change, beyond):
    document = json.loads(archive(change(beyond)))
    assert to_document(read_document(document)) == document


def test_the_shortest_sum_beyond_the_bound_is_named():
    assert receive_archive(archive(put("contest", "budget", "9999999999999"))).changes == ()
    assert faults(put("contest", "budget", "10000000000000")) == [f"contest.budget: {SUM}"]


@pytest.mark.parametrize("wrong", [None, 5, "x", True, {}, [None]])
@pytest.mark.parametrize("path", sorted({case[0] for case in CASES[:13]}))
def test_what_is_of_another_type_is_named_once(path, wrong):
    steps = [int(step) if step.isdigit() else step for step in path.replace("[", ".").replace("]", "").split(".")]
    try:
        receive_archive(archive(put(*steps, wrong)))
    except Refused as refused:
        places = [fault.path for fault in refused.faults]
        assert len(places) == len(set(places))
