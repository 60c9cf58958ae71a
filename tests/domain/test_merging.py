"""Two versions of a section from one beginning: nobody's change is lost, and nobody is asked where only one changed."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from judging.domain.forms.form import Field
from judging.domain.forms.merging import Merged, base_of, merged
from tests.forms import document, field, read

RAW = document()
RAW["sections"].append({"code": "more", "title": "Ещё", "fields": [
    field("a", "text", "А"), field("b", "number", "Б"), field("rows", "table", "Строки", columns=[
        field("x", "text", "Икс"), field("y", "number", "Игрек")])]})  # fmt: skip
FIELDS: list[Field] = list(read(RAW).sections[-1].fields)
TEXTS, NUMBERS = st.sampled_from(["", "один", "два", "три"]), st.sampled_from([None, 1, 2])


@st.composite
def answers(draw: st.DrawFn) -> dict[str, Any]:
    keys = draw(st.lists(st.sampled_from("kmnp"), unique=True, max_size=4))
    rows = tuple({"key": key, "x": draw(TEXTS), "y": draw(NUMBERS)} for key in keys)
    return {"a": draw(TEXTS), "b": draw(NUMBERS), "rows": rows}


def merge(first: dict[str, Any], mine: dict[str, Any], theirs: dict[str, Any]) -> Merged:
    return merged(FIELDS, base_of(FIELDS, first), mine, theirs)


def told(base: dict[str, Any]) -> dict[str, Any]:
    """A base whatever the order of the rows."""
    return {code: one if isinstance(one, str) else sorted(one) for code, one in base.items()}


@given(answers(), answers())
def test_what_nobody_else_changed_is_mine(first: dict[str, Any], mine: dict[str, Any]) -> None:
    found = merge(first, mine, first)
    assert (found.answers, found.conflicts, found.theirs, found.base) == (mine, (), (), base_of(FIELDS, mine))


@given(answers(), answers())
def test_what_i_did_not_change_is_theirs(first: dict[str, Any], theirs: dict[str, Any]) -> None:
    found = merge(first, first, theirs)
    assert (found.answers, found.conflicts) == (theirs, ())
    assert set(found.theirs) == {one.code for one in FIELDS if base_of([one], first) != base_of([one], theirs)}


@given(answers(), answers(), answers())
def test_each_change_of_one_alone_is_kept_and_only_both_are_a_conflict(
    first: dict[str, Any], mine: dict[str, Any], theirs: dict[str, Any]
) -> None:
    found, before = merge(first, mine, theirs), units(first)
    one, other, kept = units(mine), units(theirs), units(found.answers)
    for unit in {*before, *one, *other}:
        known, here, there = before.get(unit), one.get(unit), other.get(unit)
        both = here != known and there != known and here != there
        assert (unit in found.conflicts) == both
        assert kept.get(unit) == (there if both or here == known else here)


@given(answers(), answers(), answers())
def test_who_comes_later_gets_the_same_without_a_conflict(
    first: dict[str, Any], mine: dict[str, Any], theirs: dict[str, Any]
) -> None:
    found, turned = merge(first, mine, theirs), merge(first, theirs, mine)
    assert set(found.conflicts) == set(turned.conflicts)
    if not found.conflicts:
        assert units(found.answers) == units(turned.answers)


@given(answers(), answers(), answers())
def test_sent_again_it_changes_nothing(first: dict[str, Any], mine: dict[str, Any], theirs: dict[str, Any]) -> None:
    once = merge(first, mine, theirs)
    stored = {**theirs, **once.answers}
    for base in (base_of(FIELDS, first), once.base):
        again = merged(FIELDS, base, mine, stored)
        assert (units(again.answers), set(again.conflicts)) == (units(stored), set(once.conflicts))


@given(answers(), answers(), answers())
def test_what_is_chosen_is_kept_and_the_rest_as_before(
    first: dict[str, Any], mine: dict[str, Any], theirs: dict[str, Any]
) -> None:
    found = merge(first, mine, theirs)
    ours = merged(FIELDS, found.settled, mine, theirs)
    yields = merged(FIELDS, found.settled, mine, theirs, found.conflicts)
    assert (ours.conflicts, yields.conflicts, units(yields.answers)) == ((), (), units(found.answers))
    changed = {unit: units(mine).get(unit) for unit in found.conflicts}
    assert {unit: units(ours.answers).get(unit) for unit in found.conflicts} == changed


@given(answers(), answers())
def test_where_the_beginning_is_not_known_every_difference_is_asked_about(
    mine: dict[str, Any], theirs: dict[str, Any]
) -> None:
    found, one, other = merged(FIELDS, {}, mine, theirs), units(mine), units(theirs)
    differ = {unit for unit in {*one, *other} if one.get(unit) != other.get(unit)}
    alone = {unit for unit in differ if unit[1] and (unit not in one or unit not in other)}
    assert set(found.conflicts) == differ - alone
    assert {*one, *other} == set(units(found.answers))


def test_a_row_that_another_added_stands_behind_its_neighbour_whoever_moved_the_others() -> None:
    def rows(keys: str) -> dict[str, Any]:
        return {"rows": tuple({"key": key, "x": key} for key in keys)}

    found = merge(rows("kmn"), rows("nkm"), rows("kpmn"))
    assert ["".join(row["key"] for row in found.answers["rows"]), found.theirs] == ["nkpm", ("rows",)]


def units(some: dict[str, Any]) -> dict[tuple[str, str], Any]:
    """Answers as fields and rows, each alone."""
    told = base_of(FIELDS, some)
    rows = {("rows", key): value for key, value in told.pop("rows")}
    return {**{(code, ""): value for code, value in told.items()}, **rows}
