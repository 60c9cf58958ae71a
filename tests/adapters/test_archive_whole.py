"""What a whole contest has in its archive: form, milestones, and whatever was submitted, to the letter."""

import json
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from judging.adapters.archive import dropped, dumps, read_archive, read_document, receive_archive, to_document
from judging.adapters.strict_json.bounds import OF_CONSOLE, OF_PAGES
from judging.domain.canonical import digest
from judging.domain.errors import Refused
from judging.domain.fields import bounds
from tests import nominations
from tests.strategies import whole_records
from tests.submitted import whole_contest

WHOLE = whole_contest()
DOCUMENT = json.loads(dumps(WHOLE))
FIRST, SECOND = "applications[0].submissions[0]", "applications[0].submissions[1]"


def changed(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    """The archive with a change."""
    document = deepcopy(DOCUMENT)
    change(document)
    return document


def receipt(document: dict[str, Any], place: int, number: int = -1) -> dict[str, Any]:
    """The document of a submission of the archive."""
    found: dict[str, Any] = document["applications"][place]["submissions"][number]["document"]
    return found


def in_receipt(place: int, change: Callable[[dict[str, Any]], object], number: int = -1) -> dict[str, Any]:
    """The archive with a change of a receipt, which has its own hash again."""

    def act(document: dict[str, Any]) -> None:
        kept = receipt(document, place, number)
        change(kept)
        document["applications"][place]["submissions"][number]["sha256"] = digest(kept)

    return changed(act)


def faults(document: dict[str, Any]) -> list[str]:
    with pytest.raises(Refused) as refusal:
        receive_archive(json.dumps(document).encode())
    return str(refusal.value).splitlines()


def test_reading_what_was_written_gives_the_same_contest_and_the_same_text():
    assert read_document(DOCUMENT) == WHOLE
    received = receive_archive(dumps(WHOLE).encode())
    assert (received.record, received.changes) == (WHOLE, ())
    assert dumps(received.record) == dumps(WHOLE)
    assert to_document(WHOLE) == DOCUMENT
    assert list(DOCUMENT["contest"])[-3:] == ["nominations", "forms", "milestones"]


def test_each_receipt_stands_on_one_line_whatever_its_words_are():
    record = replace(WHOLE, contest=replace(WHOLE.contest, title='Конкурс "document": NaN'))
    lines = dumps(record).splitlines()
    receipts = [line.strip() for line in lines if line.strip().startswith('"document": {')]
    kept = [item.document for one in WHOLE.applications for item in one.submissions]
    assert [json.loads(f"{{{line}}}")["document"] for line in receipts] == kept
    assert json.loads(dumps(record))["contest"]["title"] == 'Конкурс "document": NaN'


def test_version_1_names_what_it_leaves_out_with_counts():
    assert [str(one) for one in dropped(WHOLE, 1)] == [
        "contest.nominations (2)",
        "contest.forms (2)",
        "contest.milestones (3)",
        "applications.nomination (5)",
        "applications.submissions (5)",
    ]
    assert "forms" not in to_document(WHOLE, 1)["contest"]
    assert not any("submissions" in item for item in to_document(WHOLE, 1)["applications"])


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(whole_records())
def test_any_whole_contest_is_read_as_it_was_written(record):
    assert read_archive(dumps(record).encode()) == record


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (changed(lambda it: it["contest"]["forms"].pop(0)),
         ["applications[0].submissions[0].document.form: unknown version 1.0 of the form",
          "applications[2].submissions[0].document.form.sha256: not the SHA-256 of that version of the form",
          "applications[3].submissions[0].document.form: unknown version 1.0 of the form"]),
        (changed(lambda it: it["contest"]["forms"].reverse()),
         ["contest.forms[1].number: not later than the version that stands above",
          "applications[2].submissions[0].document.form.sha256: not the SHA-256 of that version of the form"]),
        (changed(lambda it: it["contest"]["forms"][0].update(published_at=None)),
         ["contest.forms[0].published_at: missing in a version that others followed"]),
        (changed(lambda it: it["contest"]["forms"][1]["form"]["sections"][0].update(colour="red")),
         ["contest.forms[1].form.sections[0].colour: unknown key"]),
        (changed(lambda it: it["contest"]["forms"][1]["form"]["sections"][0]["fields"][0].update(kind="poem")),
         ["contest.forms[1].form.sections[0].fields[0].kind: not one of text, number, money, date, yes, choice, "
          "choices, organisation, okved, file, consent, table, computed"]),
        (changed(lambda it: it["contest"]["forms"][1]["form"]["checks"][0].update(rule="nobody > 1")),
         ["contest.forms[1].form.checks[0].rule: There is no field “nobody” that this rule may name (character 1)"]),
        (changed(lambda it: it["contest"]["forms"][0].update(revision=-1, extra=1)),
         ["contest.forms[0].revision: less than 0", "contest.forms[0].extra: unknown key",
          "applications[2].submissions[0].document.form.sha256: not the SHA-256 of that version of the form"]),
        (changed(lambda it: it["contest"].update(forms={})), ["contest.forms: not a list"]),
        (changed(lambda it: it["contest"]["milestones"].append({"code": "meeting"})),
         ["contest.milestones[3]: either at an instant, or so many days of a unit after another milestone"]),
        (changed(lambda it: it["contest"]["milestones"][1].update(code="briefing")),
         ["contest.milestones[1].code: The code briefing is used twice"]),
        (changed(lambda it: it["contest"]["milestones"][2].update(reason="Просто так", after="results")),
         ["contest.milestones[2].after: The milestones would go round in a circle",
          "contest.milestones[2].reason: only of a milestone that was said by hand to have come"]),
        (changed(lambda it: it["contest"]["milestones"][0].update(code="review_close")),
         ["contest.milestones[0].code: This date stands among the terms"]),
    ],
)  # fmt: skip
def test_a_fault_of_the_form_or_of_a_milestone_is_named_with_its_place(document, expected):
    assert faults(document) == expected


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (changed(lambda it: receipt(it, 0, 0)["answers"].update(title="Другое")),
         [f"{FIRST}.sha256: not the SHA-256 of the document"]),
        (changed(lambda it: it["applications"][0]["submissions"][0].update(sha256="A" * 64)),
         [f"{FIRST}.sha256: not a SHA-256 of 64 hexadecimal digits"]),
        (in_receipt(0, lambda it: it.update(colour="red")), [f"{SECOND}.document.colour: unknown key"]),
        (in_receipt(0, lambda it: it.update(version=3)), [f"{SECOND}.document.version: not one of 2, 1"]),
        (in_receipt(0, lambda it: it.update(nomination=None)), [f"{SECOND}.document.nomination: missing"]),
        (in_receipt(0, lambda it: it["nomination"].update(code="gone")),
         [f"{SECOND}.document.nomination.code: unknown nomination gone"]),
        (in_receipt(0, lambda it: it.update(number="002", contest="OTHER")),
         [f"{SECOND}.document.number: not that of this application: 001",
          f"{SECOND}.document.contest: not that of this application: GOLDEN-1"]),
        (in_receipt(0, lambda it: it.update(submitted_at="2026-03-20T10:00:00+00:00"), 0),
         [f"{FIRST}.document.submitted_at: not the instant at which the application was submitted"]),
        (in_receipt(0, lambda it: it.update(submitted_at="2026-03-01T10:00:00+00:00")),
         [f"{SECOND}.document.submitted_at: before the submission that stands above"]),
        (in_receipt(0, lambda it: it.update(submitted_at="2026-04-01T10:00:00Z")),
         [f"{SECOND}.document.submitted_at: not an instant of the form 2026-03-31T15:00:00+00:00"]),
        (in_receipt(0, lambda it: it["form"].update(sha256="0" * 64)),
         [f"{SECOND}.document.form.sha256: not the SHA-256 of that version of the form"]),
        (in_receipt(0, lambda it: it["documents"][0].update(size=-1, slot="letter")),
         [f"{SECOND}.document.documents[0].size: less than 0", f"{SECOND}.document.documents[0].slot: unknown key"]),
        (in_receipt(0, lambda it: it["answers"].update(colour="red"), 0),
         [f"{FIRST}.document.answers.colour: unknown key"]),
        (in_receipt(0, lambda it: it["answers"].update(own_funds="5", ends_on="31.08.2028", topics="24.53")),
         [f"{SECOND}.document.answers.topics: not an answer to a question of the kind “okved”",
          f"{SECOND}.document.answers.ends_on: not an answer to a question of the kind “date”",
          f"{SECOND}.document.answers.own_funds: not an answer to a question of the kind “money”"]),
        (in_receipt(0, lambda it: it["answers"]["stages"][0].update(cost=1, colour="red")),
         [f"{SECOND}.document.answers.stages[0].cost: not an answer to a question of the kind “money”",
          f"{SECOND}.document.answers.stages[0].colour: unknown key"]),
        (in_receipt(0, lambda it: it["answers"].update(stages=[1])),
         [f"{SECOND}.document.answers.stages[0]: not an object"]),
        (in_receipt(0, lambda it: it["answers"]["truth"].update(at="вчера")),
         [f"{SECOND}.document.answers.truth: not an answer to a question of the kind “consent”"]),
        (in_receipt(0, lambda it: it["answers"]["truth"].update(text_sha256="0" * 64)),
         [f"{SECOND}.document.answers.truth: not an answer to a question of the kind “consent”"]),
        (in_receipt(2, lambda it: it["answers"].update(other_budget="5.00")),
         ["applications[2].submissions[0].document.answers.other_budget: not asked for, given the other answers"]),
        (in_receipt(0, lambda it: it["computed"].update(private_share="99.00")),
         [f"{SECOND}.document.computed.private_share: does not follow from the answers"]),
        (in_receipt(1, lambda it: it["data"]["passport"].update(starts_on="вчера", readiness_level="семь")),
         ["applications[1].submissions[0].document.data.passport.readiness_level: not a whole number",
          "applications[1].submissions[0].document.data.passport.starts_on: not a date of the form 2027-12-31"]),
        (in_receipt(1, lambda it: it["data"]["passport"].update(title="Другое")),
         ["applications[1].title: does not follow from what was submitted last"]),
    ],
)  # fmt: skip
def test_a_fault_of_what_was_submitted_is_named_with_its_place(document, expected):
    assert faults(document) == expected


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("title", "Другое наименование"), ("requested", "50.01"), ("total_cost", "100.01"), ("topics", ["24.54"]),
        ("initiator", DOCUMENT["organisations"][-1]["inn"]), ("partners", []), ("indicators", {"jobs": "12"}),
    ],
)  # fmt: skip
@pytest.mark.parametrize("place", [0, 1])
def test_columns_that_do_not_follow_from_the_last_submission_are_refused(place, name, value):
    document = changed(lambda it: it["applications"][place].update({name: value}))
    assert faults(document) == [f"applications[{place}].{name}: does not follow from what was submitted last"]


def test_a_version_1_knows_of_none_of_it():
    assert faults(changed(lambda it: it.update(version=1)))[:4] == [
        "contest.nominations: unknown key",
        "contest.forms: unknown key",
        "contest.milestones: unknown key",
        "applications[0].nomination: unknown key",
    ]


def test_lists_and_receipts_have_bounds(monkeypatch):
    many = changed(lambda it: it["applications"][0].update(submissions=it["applications"][0]["submissions"] * 51))
    assert faults(many)[0] == "applications[0].submissions: a list of more than 100 items"
    monkeypatch.setattr("judging.adapters.archive.submissions.LARGEST_RECEIPT", 1 << 10)
    assert bounds.LARGEST_RECEIPT > 1 << 10
    assert faults(DOCUMENT)[0] == f"{FIRST}.document: larger than 0 MB"


def test_the_console_reads_more_than_the_web_does():
    data = (" " * (OF_PAGES.largest + 1) + dumps(nominations.record())).encode()
    with pytest.raises(Refused) as refusal:
        receive_archive(data)
    assert str(refusal.value) == "larger than 32 MB"
    assert receive_archive(data, OF_CONSOLE).record == nominations.record()


def test_an_answer_nested_beyond_all_measure_is_refused():
    text = dumps(WHOLE).replace('"jobs": "7"', '"jobs": ' + "[" * 20_000 + "]" * 20_000, 1)
    with pytest.raises(Refused) as refusal:
        receive_archive(text.encode())
    assert str(refusal.value) == "not JSON that can be read: nested too deep or a number too long"
