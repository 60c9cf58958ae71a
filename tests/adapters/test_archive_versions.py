"""The versions of the archive: what each adds, the lowest that loses nothing, and what a lower one drops."""

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from judging.adapters.archive import (
    dropped,
    dumps,
    nomination_object,
    read_archive,
    read_document,
    read_nomination,
    receive_archive,
    reduced,
    to_document,
    version_of,
)
from judging.domain.errors import Refused
from judging.domain.nominations import Nomination
from judging.domain.ranking import rank
from tests.groups import BESIDE
from tests.strategies import contest_records, grouped_records, nominated_records

WHOLE_CONTESTS = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
GOLDEN = (Path(__file__).parents[1] / "data" / "golden-1.json").read_bytes()
SERIES, PILOT = (
    {
        "code": "series", "title": "Серийное производство", "title_en": "Series",
        "weights": {"C1": "25", "E1": None}, "pass_total": "55.5", "budget": "200000000.00", "max_winners": 3,
        "cap_per_application": "150000000.00",
    },
    {
        "code": "pilot", "title": "Опытные образцы", "weights": {}, "pass_total": None, "budget": None,
        "max_winners": None, "cap_per_application": None,
    },
)  # fmt: skip


def second(nominations=(SERIES, PILOT), **applications):
    """The worked example in version 2: all its applications are in «pilot», save those named."""
    document = json.loads(GOLDEN)
    document["version"] = 2
    document["contest"]["nominations"] = [dict(item) for item in nominations]
    for item in document["applications"]:
        item["nomination"] = applications.get(f"n{item['number']}", "pilot")
    return document


def faults(document):
    with pytest.raises(Refused) as refusal:
        read_document(document)
    return str(refusal.value).splitlines()


def test_nominations_and_the_choices_of_applications_are_read():
    record = read_document(second(n001="series"))
    assert record.contest.nominations == (
        Nomination(
            code="series",
            title="Серийное производство",
            title_en="Series",
            weights={"C1": Decimal(25), "E1": None},
            pass_total=Decimal("55.5"),
            budget=200_000_000_00,
            max_winners=3,
            cap=150_000_000_00,
        ),
        Nomination("pilot", "Опытные образцы"),
    )
    assert [item.nomination for item in record.applications] == ["series", "pilot", "pilot", "pilot", "pilot"]


def test_a_contest_without_nominations_is_written_in_version_1_to_the_byte():
    record = read_archive(GOLDEN)
    assert (version_of(record), dropped(record, 1), reduced(record, 1)) == (1, (), record)
    assert dumps(record) == dumps(record, 1) == GOLDEN.decode()
    empty = json.loads(GOLDEN) | {"version": 2}
    empty["contest"]["nominations"] = []
    empty["applications"][0]["nomination"] = None
    assert dumps(read_document(empty)) == GOLDEN.decode()


def test_a_contest_with_nominations_is_written_in_version_2_as_it_was_read():
    document = second(n001="series")
    record = read_document(document)
    assert version_of(record) == 2
    assert to_document(record) == document
    assert list(to_document(record)["contest"])[-1] == "nominations"
    assert receive_archive(dumps(record).encode()).record == record


def test_version_1_of_a_contest_with_nominations_is_the_contest_without_them():
    record = read_document(second(n001="series"))
    assert [str(item) for item in dropped(record, 1)] == ["contest.nominations (2)", "applications.nomination (5)"]
    assert dumps(record, 1) == GOLDEN.decode()
    assert dropped(record, 2) == ()
    assert to_document(record, 2) == to_document(record)


@WHOLE_CONTESTS
@given(nominated_records())
def test_reading_what_was_written_gives_the_same_record(record):
    assert to_document(record)["version"] == 2
    assert read_document(to_document(record)) == record
    assert read_archive(dumps(record).encode()) == record
    for item in record.contest.nominations:
        assert read_nomination(nomination_object(item)) == item


@WHOLE_CONTESTS
@given(contest_records(most_applications=2))
def test_without_nominations_both_versions_hold_the_same(record):
    document = to_document(record)
    assert document["version"] == 1
    assert to_document(record, 2) == document | {"version": 2}
    assert read_document(document | {"version": 2}) == record


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"extra": 1}, ["contest.nominations[0].extra: unknown key"]),
        ({"weights": {"C1": 25}}, [
            "contest.nominations[0].weights.C1: not a decimal: numbers are written as text, in quotes"]),
        ({"weights": {"C9": "5", "C1": "-1"}}, [
            "contest.nominations[0].weights.C9: There is no criterion with the code C9",
            "contest.nominations[0].weights.C1: The weight may not be negative"]),
        ({"weights": None}, ["contest.nominations[0].weights: not an object"]),
        ({"budget": "-1"}, ["contest.nominations[0].budget: a sum of money is not negative"]),
        ({"max_winners": -1}, ["contest.nominations[0].max_winners: less than 0"]),
        ({"code": "pilot"}, ["contest.nominations[1].code: The code pilot is used twice"]),
        ({"title": PILOT["title"]}, ["contest.nominations[1].title: Another nomination has this title"]),
        ({"title": " "}, ["contest.nominations[0].title: empty"]),
    ],
)  # fmt: skip
def test_a_fault_of_a_nomination_is_named_with_its_place(change, expected):
    assert faults(second((SERIES | change, PILOT))) == expected


def test_an_application_names_a_nomination_that_is_there():
    document = second(n001="other", n002=None)
    del document["applications"][2]["nomination"]
    assert faults(document) == [
        "applications[0].nomination: unknown nomination other",
        "applications[1].nomination: missing in a contest with nominations",
        "applications[2].nomination: missing in a contest with nominations",
    ]
    assert faults(second((), n002=None)) == [
        "applications[0].nomination: unknown nomination pilot",
        "applications[2].nomination: unknown nomination pilot",
        "applications[3].nomination: unknown nomination pilot",
        "applications[4].nomination: unknown nomination pilot",
    ]


def test_nominations_of_another_shape_are_refused_at_their_place():
    document = second()
    document["contest"]["nominations"] = {"series": SERIES}
    assert faults(document) == ["contest.nominations: not a list"]


def test_what_a_file_brings_is_measured_as_the_forms_measure_it():
    document = second((SERIES | {"code": "серия", "budget": "9" * 14, "max_winners": 10_001}, PILOT))
    document["contest"]["nominations"][1]["weights"] = {"C1": "0." + "3" * 31}
    with pytest.raises(Refused) as refusal:
        receive_archive(json.dumps(document).encode())
    assert str(refusal.value).splitlines() == [
        "contest.nominations[0].code: Latin letters, digits, full stops, hyphens, underscores",
        "contest.nominations[0].budget: An amount of 10 trillion roubles or more",
        "contest.nominations[0].max_winners: greater than 10000",
        "contest.nominations[1].weights.C1: A number of more than 30 digits",
    ]


def test_a_nomination_that_stands_alone_is_refused_with_its_faults():
    with pytest.raises(Refused) as refusal:
        read_nomination({"code": "", "title": "T", "weights": {}})
    assert str(refusal.value).splitlines() == [
        "code: empty",
        "pass_total: missing",
        "budget: missing",
        "max_winners: missing",
        "cap_per_application: missing",
    ]


def test_snapshots_of_both_versions_give_their_records():
    record = read_archive(GOLDEN)
    assert read_document(to_document(record)) == record
    named = replace(read_document(second()), reviews=())
    assert read_document(to_document(named)) == named


# --- groups of criteria, criteria outside the total


def headed():
    """The worked example in version 2: a group over its computed criteria, and a criterion outside the total."""
    document = json.loads(GOLDEN)
    document["version"] = 2
    criteria = document["contest"]["criteria"]
    for item in criteria:
        if item["kind"] != "expert":
            item |= {"group": "Показатели", "group_en": "Indicators"}
    criteria.append(
        {"code": "Q", "title": "Качество заявки", "kind": "expert", "weight": "0",
         "scale": {"min": "0", "max": "10", "step": "1"}}
    )  # fmt: skip
    document["reviews"][0]["scores"]["Q"] = "7"
    document["reviews"][0]["comments"]["Q"] = "Подготовлена хорошо"
    return document


def test_groups_and_criteria_outside_the_total_are_written_in_version_2_as_they_were_read():
    document = headed()
    record = read_document(document)
    assert (version_of(record), to_document(record)) == (2, document)
    assert [(item.code, item.group, item.group_en) for item in record.contest.criteria if item.group] == [
        (f"C{number}", "Показатели", "Indicators") for number in range(1, 7)
    ]
    assert receive_archive(dumps(record).encode()).record == record


def test_version_1_of_such_a_contest_is_the_contest_without_them():
    record = read_document(headed())
    assert [str(item) for item in dropped(record, 1)] == [
        "contest.criteria.group (6)",
        "contest.criteria of weight 0 (1)",
    ]
    assert dumps(record, 1) == GOLDEN.decode()


def test_version_1_knows_no_group_and_no_weight_of_0():
    document = headed() | {"version": 1}
    unknown = [f"contest.criteria[{place}].{key}: unknown key" for place in range(6) for key in ("group", "group_en")]
    assert faults(document)[:12] == unknown
    assert "contest.criteria[12].weight: The weight must be greater than zero" in faults(document)


def test_a_group_that_stands_apart_is_refused_with_its_place():
    document = headed()
    document["contest"]["criteria"][-1]["group"] = "Показатели"
    message = "The criteria of the group “Показатели” do not stand together: move this one to the others"
    assert faults(document) == [f"contest.criteria[{len(document['contest']['criteria']) - 1}].group: {message}"]


@WHOLE_CONTESTS
@given(grouped_records(3))
def test_any_such_contest_is_read_as_it_was_written_and_reduced_to_one_that_ranks_alike(record):
    assert to_document(record)["version"] == 2
    assert read_archive(dumps(record).encode()) == record
    bare = reduced(record, 1)
    assert read_archive(dumps(record, 1).encode()) == bare
    assert not {item.code for item in BESIDE} & {item.code for item in bare.contest.criteria}
    assert rank(bare).rows == tuple(replace(row, outside={}) for row in rank(record).rows)
