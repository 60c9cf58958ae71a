"""Forms as files: what is written is read again, and every fault of a file is told with its place."""

import json
from pathlib import Path
from typing import Any

import pytest

from judging.adapters.forms import form_object, read_form, read_form_object
from judging.adapters.preset import FOLDER, read_preset
from judging.domain.errors import Refused
from judging.domain.forms.compiling import compile_form
from judging.domain.forms.form import FieldKind
from judging.domain.forms.kinds import KINDS
from tests.forms import document, field, read

PRESET = Path(FOLDER, "form-pp41.json")


def faults(raw: Any) -> list[str]:
    with pytest.raises(Refused) as refusal:
        read(raw)
    return [str(fault) for fault in refusal.value.faults]


def of_every_kind() -> dict[str, Any]:
    """A form with a field of every kind and every setting."""
    raw = document()
    one, two = {"code": "a", "label": "А", "label_en": "A"}, {"code": "b", "label": "Б"}
    raw["sections"][0] |= {"lead": "Коротко", "lead_en": "In short", "nominations": ["small"]}
    raw["sections"][0]["fields"] += [
        field("kind_choice", "choice", "Выбор", label_en="Choice", hint="Один", hint_en="One", options=[one, two]),
        field("kind_choices", "choices", "Выборы", options=[one], nominations=["small"], half=True),
        field("notes", "text", "Заметка", lines=4, format="light", autocomplete="off", group="Г", group_en="G"),
        field("about", "text", "О проекте", most=300, advised=200, counts="words"),
        field("ogrn", "text", "ОГРН", format="ogrn"),
        field("length", "number", "Длина", min="-1.50", max="2", decimals=2, unit="м", unit_en="m", personal=True),
        field("price", "money", "Цена", min="0.01", max="150000000.00", seen_by="staff"),
        field("other", "organisation", "Иная", of="any", required="filled(notes)", shown_when="filled(title)"),
        field(
            "big",
            "file",
            "Файл",
            extensions=["pdf", "docx"],
            max_bytes=1024,
            max_files=3,
            paper="agreement",
            signed=True,
        ),
    ]
    raw["sections"][3]["fields"][0]["text_en"] = "True."
    raw["checks"][0] |= {"level": "warning"}
    raw["checklist"][0] |= {"title_en": "Listed", "note_en": "Note", "clause": "п. 4"}
    return raw


def test_what_is_written_is_read_again() -> None:
    form = read(of_every_kind())
    assert {one.kind for one in form.fields()} == set(KINDS)
    assert read_form_object(form_object(form)) == form
    assert form_object(read_form_object(form_object(form))) == form_object(form)


@pytest.mark.parametrize("day", ["2027-02-29", "2027-W10-1", "20271231", "2027-1-01", "\uff12027-12-31", "", 20271231])
def test_a_date_is_written_in_one_way(day: Any) -> None:
    raw = document()
    raw["sections"][0]["fields"][4]["min"] = day
    assert faults(raw) == ["sections[0].fields[4].min: not a date of the form 2027-12-31"]


def test_every_fault_of_a_file_is_told_with_its_place() -> None:
    raw = of_every_kind()
    raw["version"] = 2
    raw["sections"][0]["fields"][0] |= {"kind": "essay"}
    raw["sections"][0]["fields"][1] |= {"most": 5}
    raw["sections"][0]["fields"][2]["columns"][1]["options"] = "none"
    raw["sections"][0]["fields"][2]["columns"][2] |= {"label": ""}
    raw["sections"][0]["fields"][4] |= {"min": "31.12.2026", "required": 1}
    raw["sections"][0]["fields"][6]["row_checks"][0] |= {"level": "loud"}
    raw["sections"][0]["fields"][6]["rows"] = [1]
    del raw["sections"][1]["title"]
    raw["sections"][1]["fields"][0] |= {"min": "1 000"}
    raw["sections"][2]["fields"][0] |= {"extensions": ["PDF"]}
    raw["checks"][0] |= {"rule": ""}
    raw["checklist"] = {}
    assert faults(raw) == [
        "version: only version 1 of the format can be read",
        "sections[0].fields[0].kind: not one of text, number, money, date, yes, choice, choices, organisation, okved, "
        "file, consent, table, computed",
        "sections[0].fields[1].most: unknown key",
        "sections[0].fields[2].columns[1].options: not a list",
        "sections[0].fields[2].columns[2].label: empty",
        "sections[0].fields[4].required: neither true, nor false, nor a rule",
        "sections[0].fields[4].min: not a date of the form 2027-12-31",
        "sections[0].fields[6].rows: not two whole numbers: the fewest rows and the most",
        "sections[0].fields[6].row_checks[0].level: not one of stop, warning",
        "sections[1].title: missing",
        "sections[1].fields[0].min: not a decimal",
        "sections[2].fields[0].extensions[0]: not an extension such as pdf",
        "checks[0].rule: empty",
        "checklist: not a list",
    ]


def test_what_a_text_counts_and_what_it_holds_are_of_the_known_words() -> None:
    raw = document()
    raw["sections"][0]["fields"][0] |= {"counts": "letters", "format": "snils"}
    raw["sections"][0]["fields"][4] |= {"counts": "words"}
    assert faults(raw) == [
        "sections[0].fields[0].counts: not one of characters, words",
        "sections[0].fields[0].format: not one of plain, light, telephone, email, inn, ogrn, okpd2",
        "sections[0].fields[4].counts: unknown key",
    ]


def test_a_limit_in_words_that_the_kept_characters_cannot_hold_is_a_fault() -> None:
    raw = document()
    raw["sections"][0]["fields"][0] |= {"counts": "words", "most": 2_501, "advised": 2_000}
    with pytest.raises(Refused) as refusal:
        compile_form(read(raw))
    assert [str(fault) for fault in refusal.value.faults] == ["sections[0].fields[0].most: at most 2500"]
    raw["sections"][0]["fields"][0]["most"] = 2_500
    assert compile_form(read(raw)).form.fields().__next__().most == 2_500


def test_a_file_that_no_form_is_as_large_as_is_refused_unread() -> None:
    with pytest.raises(Refused) as refusal:
        read_form(b" " * (2 << 20) + b"{}")
    assert str(refusal.value) == "larger than 2 MB"


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b"\xff", b'{"format": "application-form"}'])
def test_what_is_no_form_is_refused(data: bytes) -> None:
    with pytest.raises(Refused):
        read_form(data)


def test_the_preset_of_the_contest_is_a_whole_form() -> None:
    form = read_form(PRESET.read_bytes())
    compile_form(form)
    assert form_object(form) == json.loads(PRESET.read_text("utf-8"))
    assert [(section.code, len(section.fields)) for section in form.sections] == [
        ("applicant", 10), ("participants", 1), ("project", 11), ("finance", 9), ("indicators", 10), ("demand", 1),
        ("risks", 1), ("documents", 12), ("consents", 4),
    ]  # fmt: skip


def test_the_preset_has_what_its_rubric_and_its_documents_ask_for() -> None:
    form, preset = read_form(PRESET.read_bytes()), read_preset()
    kinds = {one.code: one.kind for one in form.fields()}
    wanted = {criterion["indicator"] for criterion in preset.criteria if "indicator" in criterion}
    assert {kinds.get(code) for code in wanted} <= {FieldKind.NUMBER, FieldKind.MONEY, FieldKind.COMPUTED}
    assert [one.label for one in form.fields() if one.kind is FieldKind.FILE] == [
        slot["title"] for slot in preset.documents
    ]
    assert [point.code for point in form.checklist] == [check["code"] for check in preset.checks]


def test_every_word_of_the_preset_has_its_english_one() -> None:
    raw = json.loads(PRESET.read_text("utf-8"))

    def without(node: Any) -> list[Any]:
        if isinstance(node, list):
            return [found for one in node for found in without(one)]
        if not isinstance(node, dict):
            return []
        said = [node[key] for key in ("title", "label", "lead", "hint", "message", "note", "group", "text")
                if node.get(key) and not node.get(f"{key}_en")]  # fmt: skip
        return said + [found for one in node.values() for found in without(one)]

    assert without(raw) == []
