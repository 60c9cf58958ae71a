"""Two versions of the answers are compared field by field; rows of tables are paired by their key."""

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from judging.domain.forms.differences import Difference, RowDifference, differences
from judging.domain.forms.form import Field, FieldKind
from tests.forms import answers, sample

FORM = sample().form


def found(old: dict[str, Any], new: dict[str, Any]) -> list[tuple[str, Any, Any]]:
    return [(one.field.code, one.before, one.after) for one in differences(FORM, old, FORM, new)]


def rows(*keys: str, **cost: int) -> tuple[dict[str, Any], ...]:
    return tuple({"key": key, "name": f"Этап {key}", "cost": cost.get(key, 100)} for key in keys)


def table(old: Any, new: Any) -> Difference:
    (one,) = differences(FORM, {"stages": old}, FORM, {"stages": new})
    return one


def test_the_same_answers_do_not_differ() -> None:
    assert differences(FORM, answers(), FORM, answers()) == ()


def test_a_changed_given_and_emptied_answer() -> None:
    old = {"title": "Было", "jobs": 5, "topics": ()}
    new = {"title": "Стало", "topics": ("28.41",), "initiator": ""}
    assert found(old, new) == [("title", "Было", "Стало"), ("topics", None, ("28.41",)), ("jobs", 5, None)]


def test_rows_are_paired_by_key_whatever_their_place() -> None:
    one = table(rows("a", "b", "c"), rows("c", "d", "b", b=700))
    columns = {column.code: column for column in one.field.columns}
    assert (one.moved, one.rows) == (True, (
        RowDifference("d", None, rows("d")[0], (None, 2), (columns["name"], columns["cost"])),
        RowDifference("b", rows("b")[0], rows("b", b=700)[0], (2, 3), (columns["cost"],)),
        RowDifference("a", rows("a")[0], None, (1, None), (columns["name"], columns["cost"])),
    ))  # fmt: skip


def test_rows_that_only_moved() -> None:
    one = table(rows("a", "b"), rows("b", "a"))
    assert (one.moved, one.rows) == (True, ())


def test_rows_without_keys_are_paired_by_their_place() -> None:
    old, new = ({"name": "Первый"}, {"name": "Второй"}), ({"name": "Первый"}, {"name": "Другой"})
    assert [(row.places, row.before, row.after) for row in table(old, new).rows] == [((2, 2), old[1], new[1])]


def test_a_field_that_only_one_form_asks_for_is_told_too() -> None:
    first, *others = FORM.sections
    shorter = replace(FORM, sections=(replace(first, fields=first.fields[1:]), *others))
    gone = first.fields[0]
    assert differences(FORM, {gone.code: "Было"}, shorter, {}) == (Difference(first, gone, "Было", None),)
    assert differences(shorter, {}, FORM, {gone.code: "Стало"}) == (Difference(first, gone, None, "Стало"),)


TABLE = Field("t", FieldKind.TABLE, "T", columns=(Field("x", FieldKind.TEXT, "X"),))
KEYED = st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from(["1", "2"])), unique_by=lambda pair: pair[0])


@given(KEYED, KEYED)
def test_the_rows_that_differ_make_the_one_table_into_the_other(old: Any, new: Any) -> None:
    first, second = (tuple({"key": key, "x": x} for key, x in pairs) for pairs in (old, new))
    form = replace(FORM, sections=(replace(FORM.sections[0], fields=(TABLE,)),))
    known = {row["key"]: row for row in first}
    for one in differences(form, {"t": first}, form, {"t": second}):
        for row in one.rows:
            assert known.get(row.key) == row.before
            if row.after is None:
                del known[row.key]
            else:
                known[row.key] = dict(row.after)
    assert known == {row["key"]: row for row in second}
