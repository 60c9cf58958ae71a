"""Who reads the answers to a form: what is marked is kept from experts, what an application is known by never is."""

from typing import Any

import pytest

from judging.domain.errors import Refused
from judging.domain.forms.compiling import compile_form
from judging.domain.forms.form import FieldKind
from judging.domain.forms.readers import NOT_FOR_STAFF_ALONE, Readable, compile_given, kept_from_experts
from tests.forms import document, field, read


def marked(code: str, column: str = "", **marks: Any) -> dict[str, Any]:
    """The small form with marks on a field, or on a column of a table."""
    raw = document()
    for section in raw["sections"]:
        for asked in section["fields"]:
            if asked["code"] == code:
                (next(one for one in asked["columns"] if one["code"] == column) if column else asked).update(marks)
    return raw


def with_computed(raw: dict[str, Any]) -> dict[str, Any]:
    """The form with fields that are computed of a column, of that, and of nothing that is marked."""
    raw["sections"][-1]["fields"] += [
        field("all_costs", "computed", "Всего", formula="sum(stages.cost)"),
        field("twice", "computed", "Вдвое", formula="all_costs * 2"),
        field("lines", "computed", "Строк", formula="count(stages)"),
    ]
    return raw


@pytest.mark.parametrize("marks", [{"personal": True}, {"seen_by": "staff"}])
def test_what_is_computed_of_a_column_that_is_kept_is_kept(marks: dict[str, Any]) -> None:
    plain = kept_from_experts(compile_form(read(with_computed(document()))))
    kept = kept_from_experts(compile_form(read(with_computed(marked("stages", "cost", **marks)))))
    assert kept - plain == {"stages.cost", "all_costs", "twice"}


def test_a_table_is_kept_with_all_its_columns_and_by_them() -> None:
    whole = {"stages", "stages.name", "stages.till", "stages.cost", "all_costs", "twice", "lines"}
    raw = with_computed(document())
    plain = kept_from_experts(compile_form(read(raw)))
    for section in raw["sections"]:
        for asked in section["fields"]:
            for column in asked["columns"] if asked["code"] == "stages" else ():
                column["personal"] = True
    assert kept_from_experts(compile_form(read(raw))) - plain == whole
    assert kept_from_experts(compile_form(read(with_computed(marked("stages", seen_by="staff"))))) - plain == whole


def test_what_the_form_did_not_ask_for_was_not_submitted() -> None:
    form = compile_form(read(marked("jobs", personal=True)))
    answers = [(code, kind) for code in ("title", "jobs", "place") for kind in (None, FieldKind.TEXT)]
    assert [[Readable(form, whole).reads(*one) for one in answers] for whole in (True, False)] == [
        [True, True, False, False, False, False],
        [True, True, False, True, True, True],
    ]
    assert [Readable(form, whole).reads_of_partners("money") for whole in (True, False)] == [False, True]


@pytest.mark.parametrize(
    ("code", "column"), [("title", ""), ("initiator", ""), ("partners", ""), ("partners", "organisation")]
)
def test_what_an_application_is_known_by_is_never_kept(code: str, column: str) -> None:
    with pytest.raises(Refused) as refused:
        compile_given(read(marked(code, column, personal=True, seen_by="staff")))
    found = [(fault.path.split("].")[-1], fault.message) for fault in refused.value.faults]
    assert found == [("personal", NOT_FOR_STAFF_ALONE), ("seen_by", NOT_FOR_STAFF_ALONE)]


def test_any_other_mark_is_taken() -> None:
    for code, column in (("topics", ""), ("partners", "role"), ("partners", "contribution"), ("stages", "name")):
        raw = marked(code, column, personal=True, seen_by="staff")
        assert compile_given(read(raw)).form == read(raw)
