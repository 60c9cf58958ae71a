"""What richer score sheets add to version 2 of the archive: read, written, bounded, named where version 1 drops it."""

import json
from copy import deepcopy

import pytest
from hypothesis import HealthCheck, given, settings

from judging.adapters.archive import (
    LATEST,
    criterion_object,
    dropped,
    dumps,
    read_archive,
    read_criterion,
    read_document,
    read_rules,
    read_sheet,
    receive_archive,
    rules_object,
    sheet_object,
    to_document,
    version_of,
)
from judging.domain.errors import Refused
from judging.domain.fields.bounds import LONGEST_REASON
from judging.domain.ranking import rank
from judging.domain.record import AgreedReview, PanelDecision, PanelVerdict
from judging.domain.sheet_rules import Asked, Audience, Confidence, SheetRules
from judging.domain.sheets import LONGEST_COMMENT
from tests.domain.records import DATA
from tests.strategies import richer_records

WHOLE_CONTESTS = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
GOLDEN = (DATA / "golden-1.json").read_bytes()
SHEET = {"recommendation": "optional", "confidence": "required", "scope": True, "audiences": ["applicant"]}
AGREED = {
    "expert": "petrova@example.org", "application": "002", "submitted_at": "2027-03-20T12:00:00+03:00",
    "scores": {"E1": "7", "E2": "4"}, "rationale": "После обсуждения",
}  # fmt: skip


def richer():
    """The worked example in version 2 with everything that richer score sheets add."""
    document = json.loads(GOLDEN)
    document["version"] = LATEST
    contest = document["contest"]
    contest["rules"] |= {"below_pass": "panel", "agreed_score": "beside"}
    contest["sheet"] = {**SHEET, "groups": True}
    experts = [item for item in contest["criteria"] if item["kind"] == "expert"]
    for item in experts:
        item |= {"group": "Проект", "may_abstain": True}
    experts[0] |= {"pass": "4", "below_pass": "panel", "comment_required": {"at_most": "4", "shortest": 30}}
    experts[1] |= {"required": False}
    document["applications"][0]["panel"] = {"verdict": "pass", "reason": "Решено на заседании"}
    first = document["reviews"][0]
    abstained = experts[1]["code"]
    first["scores"].pop(abstained, None)
    first |= {
        "abstained": [abstained], "confidence": "low", "in_scope": True, "scope_reason": "", "set_aside": "Ошибка",
        "to_applicant": {"group:Проект": "Уточните рынок"},
    }  # fmt: skip
    del first["scope_reason"]
    first["comments"]["group:Проект"] = "Рынок не описан"
    second = document["reviews"][1]
    second |= {"in_scope": False, "scope_reason": "Не по профилю"}
    agreed = {**AGREED, "expert": document["experts"][0]["email"], "application": document["applications"][1]["number"]}
    agreed["scores"] = {item["code"]: item["scale"]["max"] for item in experts}
    document["agreed"] = [agreed]
    return document


def changed(**parts):
    """The example with other values at paths written ``reviews__0__abstained``."""
    document = deepcopy(richer())
    for path, value in parts.items():
        *steps, last = [int(step) if step.isdigit() else step for step in path.split("__")]
        parent = document
        for step in steps:
            parent = parent[step]
        parent[last] = value
    return document


def faults(document):
    with pytest.raises(Refused) as refusal:
        receive_archive(json.dumps(document).encode())
    return str(refusal.value).splitlines()


def test_everything_that_richer_sheets_add_is_read():
    record = read_document(richer())
    assert record.contest.sheet == SheetRules(
        Asked.OPTIONAL, Asked.REQUIRED, scope=True, audiences=(Audience.APPLICANT,), groups=True
    )
    assert record.applications[0].panel == PanelDecision(PanelVerdict.PASS, "Решено на заседании")
    first, second = record.reviews[:2]
    assert (first.confidence, first.in_scope, first.set_aside) == (Confidence.LOW, True, "Ошибка")
    assert (first.to_applicant, len(first.abstained)) == ({"group:Проект": "Уточните рынок"}, 1)
    assert (second.in_scope, second.scope_reason) == (False, "Не по профилю")
    assert isinstance(record.agreed[0], AgreedReview)
    assert to_document(record) == richer()
    assert receive_archive(dumps(record).encode()).record == record


@WHOLE_CONTESTS
@given(richer_records())
def test_reading_what_was_written_gives_the_same_record(record):
    assert version_of(record) == LATEST
    assert read_document(to_document(record)) == record
    assert read_archive(dumps(record).encode()) == record
    assert [read_criterion(criterion_object(item)) for item in record.contest.criteria] == [*record.contest.criteria]
    assert read_rules(rules_object(record.contest.rules)) == record.contest.rules
    assert read_sheet(sheet_object(record.contest.sheet)) == record.contest.sheet


@WHOLE_CONTESTS
@given(richer_records(most_applications=3))
def test_version_1_is_written_without_it_and_read_again(record):
    plain = read_archive(dumps(record, 1).encode())
    assert version_of(plain) == 1
    assert dropped(plain, 1) == ()
    rank(plain)


def test_version_1_names_what_it_drops():
    record = read_document(richer())
    assert [str(item) for item in dropped(record, 1)] == [
        "contest.criteria.group (6)",
        "contest.sheet (1)",
        "contest.criteria.required (1)",
        "contest.criteria.may_abstain (6)",
        "contest.criteria.below_pass (1)",
        "contest.criteria.comment_required.shortest (1)",
        "contest.rules.below_pass (1)",
        "contest.rules.agreed_score (1)",
        "applications.panel (1)",
        "reviews.abstained (1)",
        "reviews.confidence (1)",
        "reviews.in_scope (2)",
        "reviews.scope_reason (1)",
        "reviews.to_applicant (1)",
        "reviews.set_aside (1)",
        "reviews.comments of groups (1)",
        "agreed (1)",
    ]


def test_version_1_knows_none_of_it():
    document = json.loads(GOLDEN)
    document["agreed"] = []
    document["contest"]["sheet"] = {}
    document["contest"]["rules"]["below_pass"] = "reject"
    document["reviews"][0]["confidence"] = "low"
    document["applications"][0]["panel"] = None
    paths = [line.partition(":")[0] for line in faults(document)]
    assert sorted(paths) == [
        "agreed", "applications[0].panel", "contest.rules.below_pass", "contest.sheet", "reviews[0].confidence",
    ]  # fmt: skip


def test_an_example_that_says_nothing_new_is_written_in_version_1_to_the_byte():
    document = json.loads(GOLDEN) | {"version": LATEST, "agreed": []}
    document["contest"]["sheet"] = {"recommendation": "required", "audiences": []}
    document["contest"]["rules"] |= {"below_pass": "reject", "agreed_score": "none"}
    document["reviews"][0] |= {"abstained": [], "in_scope": None, "to_applicant": {}}
    assert dumps(read_document(document)) == GOLDEN.decode()


FIRST = "reviews__0__"


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({f"{FIRST}abstained": ["X"]}, "reviews[0].abstained: unknown criterion X"),
        ({f"{FIRST}abstained": ["E2", "E2"]}, "reviews[0].abstained: a code is given twice"),
        ({f"{FIRST}abstained": ["E1", "E2"]}, "reviews[0].abstained: the criterion E1 has a mark"),
        ({f"{FIRST}abstained": ["C1"]}, "reviews[0].abstained: nobody may abstain from the criterion C1"),
        ({f"{FIRST}to_applicant": {"group:Нет": "1"}},
         'reviews[0].to_applicant["group:Нет"]: unknown criterion group:Нет'),
        ({f"{FIRST}to_applicant": {"E1": "я" * (LONGEST_COMMENT + 1)}},
         f"reviews[0].to_applicant.E1: longer than {LONGEST_COMMENT} characters"),
        ({f"{FIRST}set_aside": "я" * (LONGEST_REASON + 1)},
         f"reviews[0].set_aside: longer than {LONGEST_REASON} characters"),
        ({f"{FIRST}confidence": "sure"}, "reviews[0].confidence: not one of low, medium, high"),
        ({"agreed__0__expert": "x@example.org"}, "agreed[0].expert: unknown expert x@example.org"),
        ({"agreed__0__application": "999"}, "agreed[0].application: unknown application 999"),
        ({"agreed__0__scores": {"C1": "1"}}, "agreed[0].scores.C1: experts do not mark the criterion C1"),
        ({"contest__rules__agreed_score": "none"}, "agreed[0]: the rules of this contest know no agreed score"),
        ({"contest__sheet__audiences": ["panel"]},
         "contest.sheet.audiences[0]: Comments to the commission are always there"),
        ({"contest__sheet__private": True}, "contest.sheet.private: unknown key"),
        ({"applications__0__panel__verdict": "maybe"},
         "applications[0].panel.verdict: not one of pass, reject"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_place(change, fault):
    assert fault in faults(changed(**change))


def test_an_application_has_one_agreed_score():
    document = richer()
    document["agreed"] *= 2
    assert "agreed[1].application: the same as agreed[0].application" in faults(document)
