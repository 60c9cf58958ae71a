"""Parts of a form are found, added, removed and moved; what refers to a part keeps it in its place."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging.domain.forms.compiling import compile_form
from judging.domain.forms.faults import Faults
from judging.domain.forms.form import Field, FieldKind, Section
from judging.domain.forms.pieces import (
    CannotPass,
    InUse,
    NoPiece,
    Piece,
    PieceKind,
    added,
    find,
    moved,
    names_of,
    piece_of,
    place_of,
    removed,
    replaced,
)
from judging.domain.forms.shape import shape_faults
from tests.forms import sample

FORM = sample().form


@pytest.mark.parametrize(
    "text", ["field:title", "column:stages:till", "row_check:stages:late", "point:К1", "check:plan"]
)
def test_a_part_is_named_by_a_text(text: str) -> None:
    piece = piece_of(text)
    assert (str(piece), find(FORM, piece).code) == (text, piece.code)


@pytest.mark.parametrize(
    "text", ["", "field", "field:", "field:no", "column:title:a", "column:no:a", "x:y", "point:К9"]
)
def test_what_names_no_part_is_refused(text: str) -> None:
    with pytest.raises(NoPiece):
        find(FORM, piece_of(text))


def test_a_part_is_put_in_the_place_of_another_and_only_there() -> None:
    piece = Piece(PieceKind.COLUMN, "cost", "stages")
    column = replace(find(FORM, piece), label="Цена")
    after = replaced(FORM, piece, column)
    assert find(after, piece) == column
    assert replaced(after, piece, find(FORM, piece)) == FORM


def test_a_new_field_stands_at_the_end_of_its_section() -> None:
    site = Field("site", FieldKind.TEXT, "Площадка")
    after = added(FORM, Piece(PieceKind.FIELD, "site"), site, "finance")
    assert after.sections[1].fields == (*FORM.sections[1].fields, site)
    assert removed(after, Piece(PieceKind.FIELD, "site")) == FORM
    with pytest.raises(NoPiece):
        added(FORM, Piece(PieceKind.FIELD, "site"), site, "nowhere")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("field:has_support", "«Иные средства»"),
        ("field:ends_on", "«Этапы»"),
        ("column:stages:cost", "«Этапы не сходятся со стоимостью»"),
        ("column:stages:till", "«Этап кончается {…}, после проекта»"),
        ("field:private_share", "«Доля {…} % меньше 50 %»"),
    ],
)
def test_what_others_refer_to_is_not_taken_out(text: str, names: str) -> None:
    with pytest.raises(InUse) as refused:
        removed(FORM, piece_of(text))
    assert refused.value.params == {"names": names}


def test_what_only_refers_is_taken_out() -> None:
    after = removed(FORM, piece_of("check:private"))
    assert [check.code for check in after.checks] == ["sources", "plan"]
    assert [field.code for field in removed(after, piece_of("field:private_share")).sections[1].fields] == [
        "total_cost", "own_funds", "has_support", "other_budget", "requested",
    ]  # fmt: skip


def test_a_field_passes_none_that_it_refers_to_nor_one_that_refers_to_it() -> None:
    for code, place, section in (("other_budget", 2, ""), ("has_support", 3, ""), ("has_support", 0, "papers")):
        with pytest.raises(CannotPass) as refused:
            moved(FORM, Piece(PieceKind.FIELD, code), place, section)
        assert refused.value.params == {"field": "Иные средства", "named": "Есть иная поддержка?"}
    with pytest.raises(CannotPass) as refused:
        moved(replace(FORM, sections=(*FORM.sections[1:], FORM.sections[0])), Piece(PieceKind.FIELD, "own_funds"), 9)
    assert refused.value.params == {"field": "Доля внебюджетных", "named": "Собственные средства"}


def test_a_field_moves_to_another_section() -> None:
    after = moved(FORM, Piece(PieceKind.FIELD, "jobs"), 1, "papers")
    assert [field.code for field in after.sections[2].fields] == ["passport", "jobs", "estimate"]
    assert moved(after, Piece(PieceKind.FIELD, "jobs"), 5, "project") == FORM


@given(st.sampled_from([field.code for field in FORM.fields()]), st.integers(-3, 30),
       st.sampled_from(["", *(section.code for section in FORM.sections)]))  # fmt: skip
def test_a_move_is_refused_or_gives_a_whole_form(code: str, place: int, section: str) -> None:
    piece = Piece(PieceKind.FIELD, code)
    try:
        after = moved(FORM, piece, place, section)
    except CannotPass:
        return
    assert sorted(field.code for field in after.fields()) == sorted(field.code for field in FORM.fields())
    home = after.section_of(code)
    assert home is not None
    assert place_of(after, piece) == min(max(place, 0), len(home.fields) - 1)
    compile_form(after)


@given(
    st.sampled_from([f"field:{field.code}" for field in FORM.fields()] + [f"section:{s.code}" for s in FORM.sections])
)
def test_a_part_is_kept_or_leaves_no_rule_without_its_field(text: str) -> None:
    """What is taken out may be lacking (a reserved field), but no rule names what is not there."""
    try:
        after = removed(FORM, piece_of(text))
    except InUse:
        return
    found = Faults()
    shape_faults(after, (), found)
    lacking = {fault.path for fault in found.found}
    assert lacking <= {"sections"}
    if not lacking:
        compile_form(after)


def test_a_section_with_nothing_in_it_is_added_and_moved() -> None:
    after = added(FORM, Piece(PieceKind.SECTION, "more"), Section("more", "Ещё"))
    assert [one.code for one in moved(after, Piece(PieceKind.SECTION, "more"), 0).sections] == [
        "more", "project", "finance", "papers", "consents",
    ]  # fmt: skip


def test_the_names_in_a_rule() -> None:
    assert names_of('not a or count(b) in (1, c) and -sum(t.x) < row.y and d == "e"') == {
        "a", "b", "c", "t", "t.x", "row", "row.y", "d",
    }  # fmt: skip
    assert names_of("a ==") == set()
