"""An archive that does not fit is refused with every fault, each at its place in the archive's notation."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from judging.adapters.archive import read_archive, read_document, to_document
from judging.domain.errors import Refused
from tests.strategies import contest_records

GOLDEN = (Path(__file__).parents[1] / "data" / "golden-1.json").read_text(encoding="utf-8")
QUOTED = "not a decimal: numbers are written as text, in quotes"
NO_INSTANT = "not an instant of the form 2026-03-31T18:00:00+03:00"
GONE = object()


def faults(data: bytes | str) -> list[str]:
    with pytest.raises(Refused) as refusal:
        read_archive(data.encode() if isinstance(data, str) else data)
    return str(refusal.value).splitlines()


def document_faults(document) -> list[str]:
    with pytest.raises(Refused) as refusal:
        read_document(document)
    return str(refusal.value).splitlines()


def changed(*changes):
    """The worked example with (path, value) changes; GONE takes a key or an item away."""
    document = json.loads(GOLDEN)
    for path, value in changes:
        *way, last = path
        parent = document
        for step in way:
            parent = parent[step]
        if value is GONE:
            del parent[last]
        elif isinstance(parent, list) and last == len(parent):
            parent.append(value)
        else:
            parent[last] = value
    return document


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", ["not JSON: line 1, column 1"]),
        (b"{", ["not JSON: line 1, column 2"]),
        (b'{"a":\n  }', ["not JSON: line 2, column 3"]),
        (b"[]", ["the top level is not an object"]),
        (b"NaN", ["not JSON: NaN is no number"]),
        ('{"format": "Конкурс"}'.encode("cp1251"), ["not UTF-8 text: byte 12"]),
        (b"[" * 200_000, ["not JSON that can be read: nested too deep or a number too long"]),
        (b'{"version": ' + b"9" * 5000 + b"}", ["not JSON that can be read: nested too deep or a number too long"]),
    ],
)
def test_what_is_not_a_json_object_is_refused(data, expected):
    assert faults(data) == expected


def test_a_key_given_twice_is_named_with_its_place():
    twice = GOLDEN.replace('"requested": "90000000.00"', '"requested": "1.00",\n   "requested": "90000000.00"')
    twice = twice.replace('"version": 1', '"version": 1, "version": 1')
    assert faults(twice) == ["version: the key is given twice", "applications[2].requested: the key is given twice"]


def test_text_that_no_database_can_store_is_named_with_its_place():
    odd = GOLDEN.replace("Эксперт 2", r"Эксперт \u0000").replace('"supplier"', r'"\ud83d"', 1)
    odd = odd.replace('"comments": {}', r'"comments": {"\udc00": "x"}', 1)
    unstorable = "text with a character that cannot be stored"
    assert faults(odd) == [
        f"applications[0].partners[0].role: {unstorable}",
        f"experts[1].name: {unstorable}",
        f"reviews[0].comments: {unstorable}",
        'reviews[0].comments["\ufffd"]: unknown criterion \ufffd',
    ]


def test_a_surrogate_pair_is_one_character():
    assert read_archive(GOLDEN.replace("Эксперт 2", r"Эксперт \ud83d\ude00").encode()).experts[1].name == "Эксперт 😀"


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        (["format"], "archive", ["format: not one of contest-archive"]),
        (["version"], 3, ["version: only versions 1, 2 of the format can be read"]),
        (["contest", "nominations"], [], ["contest.nominations: unknown key"]),
        (["applications", 0, "nomination"], None, ["applications[0].nomination: unknown key"]),
        (["version"], True, ["version: not a whole number"]),
        (["version"], 1.0, ["version: not a whole number"]),
        (["extra"], 1, ["extra: unknown key"]),
        (["conflicts"], GONE, ["conflicts: missing"]),
        (["conflicts"], {}, ["conflicts: not a list"]),
        (["contest"], [], ["contest: not an object"]),
        (["contest"], GONE, ["contest: missing"]),
        (["contest", "rules"], GONE, ["contest.rules: missing"]),
        (["contest", "criteria"], "C1", ["contest.criteria: not a list"]),
        (["contest", "criteria", 0], None, ["contest.criteria[0]: not an object"]),
        (["contest", "criteria", 0, "kind"], GONE, ["contest.criteria[0].kind: missing"]),
        (["contest", "criteria", 0, "kind"], "log", [
            "contest.criteria[0].kind: not one of expert, linear, relative, bands"]),
        (["contest", "criteria", 0, "scale"], {}, ["contest.criteria[0].scale: unknown key"]),
        (["contest", "criteria", 0, "weight"], 10, [f"contest.criteria[0].weight: {QUOTED}"]),
        (["contest", "criteria", 0, "full_at"], "50", [
            "contest.criteria[0].full_at: The value for the full score equals the value for zero"]),
        (["contest", "criteria", 1, "best"], "avg", ["contest.criteria[1].best: not one of max, min"]),
        (["contest", "criteria", 4, "bands", 2, "from"], "9", [
            "contest.criteria[4].bands[2].from: The band must start above the one before it"]),
        (["contest", "criteria", 6, "scale", "step"], "3", [
            "contest.criteria[6].scale.step: The step does not divide the scale"]),
        (["contest", "criteria", 6, "pass"], "11", ["contest.criteria[6].pass: The mark 11 is outside the scale"]),
        (["contest", "criteria", 12], {"code": "C1", "title": "?", "kind": "relative", "indicator": "jobs",
                                       "best": "max", "weight": "1"}, [
            "contest.criteria[12].code: The code C1 is used twice"]),
        (["contest", "rules", "aggregate"], "mode", [
            "contest.rules.aggregate: not one of mean, median, trimmed_mean"]),
        (["contest", "rules", "rounding"], -1, ["contest.rules.rounding: less than 0"]),
        (["contest", "rules", "rounding"], "2", ["contest.rules.rounding: not a whole number"]),
        (["contest", "rules", "tie_breakers", 0], "criterion:C9", [
            "contest.rules.tie_breakers[0]: There is no criterion with the code C9"]),
        (["contest", "rules", "cap_per_application"], "1.005", [
            "contest.rules.cap_per_application: a sum of money has at most two decimals"]),
        (["contest", "frozen_base"], {"E1": "5"}, [
            "contest.frozen_base.E1: There is no relative criterion with this code"]),
        (["contest", "code"], " ", ["contest.code: empty"]),
        (["contest", "code"], "2026/1", ["contest.code: a slash cannot stand in the address of a page"]),
        (["contest", "code"], "X" * 41, ["contest.code: longer than 40 characters"]),
        (["contest", "title"], None, ["contest.title: not text"]),
        (["contest", "timezone"], "Europe/Moskva", ["contest.timezone: there is no such time zone"]),
        (["contest", "timezone"], "../../etc/passwd", ["contest.timezone: there is no such time zone"]),
        (["contest", "budget"], "-1", ["contest.budget: a sum of money is not negative"]),
        (["contest", "budget"], "9" * 18, ["contest.budget: a sum of money beyond all measure"]),
        (["contest", "budget"], GONE, ["contest.budget: missing"]),
        (["contest", "applications_close"], "2026-03-01T09:00:00+03:00", [
            "contest.applications_close: not after applications_open"]),
        (["contest", "review_close"], "2026-03-31T17:59:59+03:00", [
            "contest.review_close: before applications_close"]),
        (["organisations", 0, "inn"], "0000001005", [
            "organisations[0].inn: The check digit of the INN does not match",
            "clusters[0].members[0]: unknown organisation 0000001004",
            "applications[0].initiator: unknown organisation 0000001004"]),
        (["organisations", 0, "ogrn"], "1000000001001", [
            "organisations[0].ogrn: The check digit of the OGRN does not match"]),
        (["organisations", 0, "region"], "00", ["organisations[0].region: not the two-digit code of a region"]),
        (["organisations", 0, "region"], "7", ["organisations[0].region: not the two-digit code of a region"]),
        (["organisations", 8], {"inn": "0000001004", "ogrn": "1000000001000", "name": "Ещё раз", "region": "16"}, [
            "organisations[8].inn: the same as organisations[0].inn, but called “Ещё раз” here and "
            "“ООО Завод «Пример-1»” there"]),
        (["organisations", 8], {"inn": "0000001004", "ogrn": "1000000001000", "name": "ООО Завод «Пример-1»",
                                "region": "16"}, ["organisations[8].inn: the same as organisations[0].inn"]),
        (["clusters", 0, "managing_organisation"], "7707083893", [
            "clusters[0].managing_organisation: unknown organisation 7707083893"]),
        (["clusters", 0, "members", 1], "0000001004", [
            "clusters[0].members[1]: the same as clusters[0].members[0]"]),
        (["clusters", 0, "members", 1], 5, ["clusters[0].members[1]: not text"]),
        (["applications", 1, "number"], "001", [
            "applications[1].number: the same as applications[0].number",
            "reviews[2].application: unknown application 002",
            "reviews[3].application: unknown application 002",
            "reviews[4].application: unknown application 002"]),
        (["applications", 3, "requested"], "много", ["applications[3].requested: not a decimal"]),
        (["applications", 3, "requested"], 1.5, [f"applications[3].requested: {QUOTED}"]),
        (["applications", 3, "requested"], "1e5", ["applications[3].requested: not a decimal"]),
        (["applications", 3, "requested"], "+5", ["applications[3].requested: not a decimal"]),
        (["applications", 3, "requested"], "NaN", ["applications[3].requested: not a decimal"]),
        (["applications", 3, "requested"], "1 000", ["applications[3].requested: not a decimal"]),
        (["applications", 3, "requested"], "٣", ["applications[3].requested: not a decimal"]),
        (["applications", 3, "requested"], None, ["applications[3].requested: not a decimal"]),
        (["applications", 3, "indicators", "jobs"], "1" * 41, [
            "applications[3].indicators.jobs: a decimal of more than 40 characters"]),
        (["applications", 3, "indicators", "срок, лет"], ".5", [
            'applications[3].indicators["срок, лет"]: not a decimal']),
        (["applications", 3, "submitted_at"], "2026-03-10T09:12:04", [
            "applications[3].submitted_at: an instant needs an offset, such as +03:00"]),
        (["applications", 3, "submitted_at"], "10.03.2026", [f"applications[3].submitted_at: {NO_INSTANT}"]),
        (["applications", 3, "submitted_at"], 1_773_000_000, [f"applications[3].submitted_at: {NO_INSTANT}"]),
        (["applications", 3, "submitted_at"], "2026-02-30T09:00:00Z", [
            "applications[3].submitted_at: there is no such date or time"]),
        (["applications", 3, "submitted_at"], "0001-01-01T00:00:00+03:00", [
            "applications[3].submitted_at: a year before 1980 or after 9000"]),
        (["applications", 3, "status"], "draft", [
            "applications[3].status: not one of admitted, rejected, withdrawn"]),
        (["applications", 3, "topics", 0], "машины", ["applications[3].topics[0]: not an OKVED 2 code such as 28.41"]),
        (["applications", 3, "partners", 0, "inn"], "7707083893", [
            "applications[3].partners[0].inn: unknown organisation 7707083893"]),
        (["applications", 3, "cluster"], "K", ["applications[3].cluster: unknown cluster K"]),
        (["experts", 1, "email"], "expert", [
            "experts[1].email: not an e-mail address",
            *(f"reviews[{n}].expert: unknown expert expert2@example.org" for n in (1, 3, 6, 8, 10))]),
        (["experts", 3], {"email": "EXPERT1@example.org", "name": "Э", "organisation": None, "region": "77",
                          "topics": [], "max_load": 0}, ["experts[3].email: the same as experts[0].email"]),
        (["experts", 1, "organisation"], "1", ["experts[1].organisation: unknown organisation 1"]),
        (["experts", 1, "max_load"], -1, ["experts[1].max_load: less than 0"]),
        (["experts", 1, "max_load"], 2**40, ["experts[1].max_load: greater than 2147483647"]),
        (["experts", 1, "max_load"], True, ["experts[1].max_load: not a whole number"]),
        (["conflicts", 0], {"expert": "x@example.org", "application": "9", "reason": ""}, [
            "conflicts[0].expert: unknown expert x@example.org", "conflicts[0].application: unknown application 9"]),
        (["reviews", 0, "submitted_at"], None, ["reviews[0].submitted_at: missing in a submitted review"]),
        (["reviews", 0, "submitted_at"], GONE, ["reviews[0].submitted_at: missing"]),
        (["reviews", 0, "state"], "done", ["reviews[0].state: not one of assigned, submitted, recused"]),
        (["reviews", 0, "recommendation"], "yes", [
            "reviews[0].recommendation: not one of support, support_with_conditions, do_not_support"]),
        (["reviews", 0, "additional"], 1, ["reviews[0].additional: not true or false"]),
        (["reviews", 1, "expert"], "expert1@example.org", ["reviews[1]: the same as reviews[0]"]),
        (["reviews", 0, "scores", "E1"], "11", [
            "reviews[0].scores.E1: The mark 11 is not on the scale from 0 to 10 with the step 1"]),
        (["reviews", 0, "scores", "E1"], "7.5", [
            "reviews[0].scores.E1: The mark 7.5 is not on the scale from 0 to 10 with the step 1"]),
        (["reviews", 0, "scores", "E1"], 7, [f"reviews[0].scores.E1: {QUOTED}"]),
        (["reviews", 0, "scores", "E7"], "7", ["reviews[0].scores.E7: unknown criterion E7"]),
        (["reviews", 0, "scores", "C1"], "7", ["reviews[0].scores.C1: experts do not mark the criterion C1"]),
        (["reviews", 0, "comments", "E7"], "?", ["reviews[0].comments.E7: unknown criterion E7"]),
        (["reviews", 0, "comments"], [], ["reviews[0].comments: not an object"]),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_place(path, value, expected):
    assert document_faults(changed((path, value))) == expected


def test_every_fault_is_named_in_the_order_of_the_file():
    document = changed(
        (["reviews", 10, "state"], 1),
        (["reviews", 2, "application"], "017"),
        (["applications", 4, "total_cost"], "1.001"),
        (["applications", 3, "requested"], "x"),
        (["contest", "criteria", 6, "weight"], "-1"),
        (["contest", "criteria", 0, "note"], "?"),
        (["contest", "title"], ""),
        (["note"], "?"),
    )
    assert document_faults(document) == [
        "note: unknown key",
        "contest.title: empty",
        "contest.criteria[0].note: unknown key",
        "contest.criteria[6].weight: The weight may not be negative",
        "applications[3].requested: not a decimal",
        "applications[4].total_cost: a sum of money has at most two decimals",
        "reviews[2].application: unknown application 017",
        "reviews[10].state: not one of assigned, submitted, recused",
    ]


def test_nothing_is_said_of_references_to_a_list_that_is_missing():
    assert document_faults(changed((["organisations"], GONE), (["experts"], None))) == [
        "organisations: missing",
        "experts: not a list",
    ]


def test_an_empty_object_lacks_everything():
    assert faults(b"{}") == [
        f"{name}: missing"
        for name in (
            "format", "version", "contest", "organisations", "clusters", "applications", "experts", "conflicts",
            "reviews",
        )
    ]  # fmt: skip


def test_a_rubric_without_criteria_is_refused():
    document = changed((["contest", "criteria"], []), (["contest", "rules", "tie_breakers"], []), (["reviews"], []))
    assert document_faults(document) == ["contest.criteria: The rubric has no criteria"]


def test_an_item_that_is_no_object_is_named():
    assert document_faults(changed((["conflicts", 0], 5), (["applications", 4, "partners", 0], "?"))) == [
        "applications[4].partners[0]: not an object",
        "conflicts[0]: not an object",
    ]


WHOLE_CONTESTS = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
OPTIONAL = {
    "additional", "reason", "frozen_base", "pass", "comment_required", "at_most", "at_least", "total_share",
    "criterion_range", "max_winners", "cap_per_application",
}  # fmt: skip
FREE = ("scores", "comments", "indicators", "frozen_base")
OTHER_TYPES = (3.5, [[]], {"?": 0}, True)


def places(value, path=()):
    """Every place of a document: (path of the parent, step)."""
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, child in steps:
        yield path, step
        yield from places(child, (*path, step))


def at(document, path):
    for step in path:
        document = document[step]
    return document


def notation(path) -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).removeprefix(".")


def named(document) -> list[str]:
    return [line.split(": ")[0] for line in document_faults(document)]


@WHOLE_CONTESTS
@given(contest_records(), st.data())
def test_a_key_that_is_dropped_is_named(record, data):
    document = to_document(record)
    required = [
        (path, step)
        for path, step in places(document)
        if isinstance(step, str) and step not in OPTIONAL and (not path or path[-1] not in FREE)
    ]
    path, step = data.draw(st.sampled_from(required))
    del at(document, path)[step]
    assert notation((*path, step)) in named(document)


@WHOLE_CONTESTS
@given(contest_records(), st.data())
def test_a_key_that_is_unknown_is_named(record, data):
    document = to_document(record)
    objects = [(), *((*path, step) for path, step in places(document) if isinstance(at(document, path)[step], dict))]
    path = data.draw(st.sampled_from([place for place in objects if not place or place[-1] != "indicators"]))
    at(document, path)["unheard_of"] = "?"
    assert notation((*path, "unheard_of")) in named(document)


@WHOLE_CONTESTS
@given(contest_records(), st.data())
def test_a_value_of_another_type_is_named(record, data):
    document = to_document(record)
    path, step = data.draw(st.sampled_from(list(places(document))))
    present = at(document, path)[step]
    other = data.draw(st.sampled_from([value for value in OTHER_TYPES if type(value) is not type(present)]))
    at(document, path)[step] = other
    place = notation((*path, step))
    assert [name for name in named(document) if name == place or name.startswith((f"{place}.", f"{place}["))]
