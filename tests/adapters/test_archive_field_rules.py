"""The archive's door is as strict as the web's: codes, addresses, numbers, texts; what it changes is told."""

import json
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings

from judging.adapters.archive import dumps, receive_archive
from judging.domain.errors import Refused
from judging.domain.record import ContestRecord
from tests.strategies import contest_records

GOLDEN = (Path(__file__).parents[1] / "data" / "golden-1.json").read_text("utf-8")


def archive(change):
    """The golden archive with a change made to it."""
    document = json.loads(GOLDEN)
    change(document)
    return json.dumps(document).encode()


def faults(change):
    with pytest.raises(Refused) as refused:
        receive_archive(archive(change))
    return [str(fault) for fault in refused.value.faults]


def put(*path):
    """A change that puts the last of ``path`` at the place that the others name."""

    def change(document):
        *steps, last, value = path
        for step in steps:
            document = document[step]
        document[last] = value

    return change


def respelled(document, old, new):
    """Every reference to the expert ``old`` in another spelling."""
    for item in (*document["conflicts"], *document["reviews"]):
        item["expert"] = new if item["expert"] == old else item["expert"]


@pytest.mark.parametrize(
    "code", ["ПП41-А", "пп", ".", "..", "a/b", "a b", "a?b", "a%2Fb", "-a", "_a", "x", "a" * 41, "a\u202eb"]
)
def test_a_code_that_the_form_refuses_is_refused(code):
    wanted = ["contest.code: The code is 2 to 40 Latin letters, digits, full stops, hyphens or underscores"]
    if code == "a" * 41:
        assert faults(put("contest", "code", code))[:1] == wanted
    elif code == "a\u202eb":
        assert receive_archive(archive(put("contest", "code", code))).record.contest.code == "ab"
    else:
        assert faults(put("contest", "code", code)) == wanted


@pytest.mark.parametrize("code", ["new", "New", "from-archive", "FROM-ARCHIVE"])
def test_a_word_of_the_addresses_is_no_code(code):
    said = f"contest.code: “{code}” is a word of the addresses of pages: choose another code"
    assert faults(put("contest", "code", code)) == [said]


@pytest.mark.parametrize(
    ("email", "said"),
    [
        ("vera@mail", "not an e-mail address"),
        ("анна@завод.рф", "mail servers take only Latin letters, digits and signs before the @"),
        ("Ёлкин@example.org", "mail servers take only Latin letters, digits and signs before the @"),
        ("b@" + "a" * 300 + ".ru", "longer than 254 characters"),
    ],
)
def test_an_address_that_no_letter_reaches_is_named(email, said):
    document = json.loads(GOLDEN)
    respelled(document, document["experts"][2]["email"], email)
    document["experts"][2]["email"] = email
    with pytest.raises(Refused) as refused:
        receive_archive(json.dumps(document).encode())
    assert [str(fault) for fault in refused.value.faults] == [f"experts[2].email: {said}"]


@pytest.mark.parametrize(
    "spelling",
    [
        "ivan@xn--80aegj1b.xn--p1ai",
        "Ivan@Завод.РФ",
        "ivan@завод.рф\u200b",
        unicodedata.normalize("NFD", "ivan@завой.рф"),
    ],
)
def test_an_expert_is_one_in_any_spelling_and_references_follow(spelling):
    stored = "ivan@завой.рф" if "\u0306" in spelling else "ivan@завод.рф"
    document = json.loads(GOLDEN)
    old = document["experts"][0]["email"]
    respelled(document, old, stored)
    document["experts"][0]["email"] = spelling
    received = receive_archive(json.dumps(document).encode())
    assert received.record.experts[0].email == stored
    assert {item.expert for item in received.record.reviews} <= {item.email for item in received.record.experts}
    assert [str(change) for change in received.changes] == [f"experts[0].email: kept as “{stored}”"]


def test_two_spellings_of_one_address_are_refused_as_repeated():
    document = json.loads(GOLDEN)
    document["experts"][0]["email"], document["experts"][1]["email"] = "i@xn--80aegj1b.xn--p1ai", "i@завод.рф"
    document["conflicts"], document["reviews"] = [], []
    with pytest.raises(Refused) as refused:
        receive_archive(json.dumps(document).encode())
    assert [str(fault) for fault in refused.value.faults] == ["experts[1].email: the same as experts[0].email"]


def test_an_organisations_numbers_go_together():
    said = "An organisation has an INN of 10 digits and an OGRN of 13, a sole trader 12 and 15"
    assert faults(put("organisations", 0, "ogrn", "304500116000157")) == [f"organisations[0].ogrn: {said}"]


def test_one_organisation_under_two_names_is_told():
    document = json.loads(GOLDEN)
    first = document["organisations"][0]
    document["organisations"].append(first | {"name": "Другое имя"})
    last = len(document["organisations"]) - 1
    with pytest.raises(Refused) as refused:
        receive_archive(json.dumps(document).encode())
    assert [str(fault) for fault in refused.value.faults] == [
        f"organisations[{last}].inn: the same as organisations[0].inn, "
        f"but called “Другое имя” here and “{first['name']}” there"
    ]


def test_a_class_that_the_classifier_has_not_is_refused():
    assert faults(put("applications", 0, "topics", ["28.41", "34.1"])) == [
        "applications[0].topics[1]: There is no such class in OKVED2: 34.1"
    ]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" Станки\u200b ", "Станки"),
        ("Стан\u00adки", "Станки"),
        ("Станки\r\nи прессы", "Станки и прессы"),
        ("\u202eСтанки\u202c", "Станки"),
        ("Край\u0306", "Край\u0306"),
        ("краи\u0306", "край"),
        ("Станки\x07", "Станки"),
        ("№\u00a05 👩\u200d🔧", "№\u00a05 👩\u200d🔧"),
    ],
)
def test_a_text_is_kept_as_the_web_keeps_it_and_the_change_is_told(typed, kept):
    received = receive_archive(archive(put("applications", 0, "title", typed)))
    assert received.record.applications[0].title == kept
    told = [] if typed == kept else [f"applications[0].title: kept as “{kept}”"]
    assert [str(change) for change in received.changes] == told


def test_a_comment_keeps_its_lines():
    document = json.loads(GOLDEN)
    review = next(item for item in document["reviews"] if item["scores"])
    code = next(iter(review["scores"]))
    review["comments"][code] = " Первое.\r\n\r\nВторое.\n "
    place = document["reviews"].index(review)
    received = receive_archive(json.dumps(document).encode())
    assert received.record.reviews[place].comments[code] == "Первое.\n\nВторое."


def test_a_text_of_nothing_that_is_seen_is_empty():
    assert faults(put("contest", "title", "\u200b\u3164 ")) == ["contest.title: empty"]


def test_names_that_are_one_without_unseen_signs_are_given_twice():
    assert faults(put("applications", 0, "indicators", {"a": "1", "a\u200b": "2"})) == [
        'applications[0].indicators["a\u200b"]: the key is given twice'
    ]


def test_the_golden_archive_comes_in_unchanged_to_the_letter():
    received = receive_archive(GOLDEN.encode())
    assert (dumps(received.record), received.changes) == (GOLDEN.rstrip("\n"), ())


@settings(max_examples=30, deadline=None)
@given(contest_records())
def test_what_is_kept_comes_in_unchanged(record: ContestRecord):
    assert receive_archive(dumps(record).encode()).changes == ()
