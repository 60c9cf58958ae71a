"""What two versions of an application's answers differ in, field by field and row by row."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from judging.domain.forms.environment import KEY
from judging.domain.forms.form import ApplicationForm, Field, FieldKind, Section
from judging.domain.forms.looking import Answers, answered


@dataclass(frozen=True)
class RowDifference:
    """A row of a table that was added (``before`` is None), removed (``after`` is None) or changed.

    ``places``: its number in each of both tables, from 1; None where it is not in it. ``columns`` are those that
    differ; of a row that was added or removed, those that are answered.
    """

    key: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    places: tuple[int | None, int | None]
    columns: tuple[Field, ...]


@dataclass(frozen=True)
class Difference:
    """A field whose answer is another: ``before`` and ``after`` are typed answers, None for none.

    Of a table ``rows`` are those that differ, and ``moved`` says whether rows that stayed stand in another order. Of a
    field that one form asks for and the other does not, the answer counts all the same.
    """

    section: Section
    field: Field
    before: Any
    after: Any
    rows: tuple[RowDifference, ...] = ()
    moved: bool = False


@dataclass(frozen=True)
class FileDifference:
    """The files of a field by name: those that came, those that went, those whose content is another."""

    field: str
    added: tuple[str, ...]
    removed: tuple[str, ...]
    replaced: tuple[str, ...]


def file_differences(
    old: Iterable[tuple[str, str, str]], new: Iterable[tuple[str, str, str]]
) -> tuple[FileDifference, ...]:
    """Name every field whose files are others; a file is the code of its field, its name and the hash of its bytes."""
    before, after = Counter(old), Counter(new)
    gone, come = list((before - after).elements()), list((after - before).elements())
    found = []
    for field in dict.fromkeys(code for code, _, _ in (*come, *gone)):
        removed = Counter(name for code, name, _ in gone if code == field)
        added = Counter(name for code, name, _ in come if code == field)
        both = removed & added
        parts = (added - both, removed - both, both)
        found.append(FileDifference(field, *(tuple(sorted(part.elements())) for part in parts)))
    return tuple(found)


def differences(
    old_form: ApplicationForm, old: Answers, new_form: ApplicationForm, new: Answers
) -> tuple[Difference, ...]:
    """Name every field that was answered otherwise, in the order of the new form; then those it does not ask for.

    Files are compared as their tuples. Fields whose kind is another are compared by what they hold.
    """
    places = {field.code: (section, field) for _, _, section, field in old_form.places()}
    places |= {field.code: (section, field) for _, _, section, field in new_form.places()}
    order = [field.code for field in new_form.fields()]
    order += [field.code for field in old_form.fields() if new_form.field(field.code) is None]
    return tuple(
        found for code in order if (found := _difference(*places[code], old.get(code), new.get(code))) is not None
    )


def _difference(section: Section, field: Field, before: Any, after: Any) -> Difference | None:
    before = before if answered(field, before) else None
    after = after if answered(field, after) else None
    if before == after:
        return None
    if field.kind is not FieldKind.TABLE:
        return Difference(section, field, before, after)
    first, second = _keyed(before or ()), _keyed(after or ())
    rows = tuple(_rows(field, first, second))
    stayed = [key for key in first if key in second]
    moved = stayed != [key for key in second if key in first]
    return Difference(section, field, before, after, rows, moved) if rows or moved else None


def _keyed(rows: Sequence[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """The rows by their key; one without a key, or with one that another has, by its place."""
    found: dict[str, Mapping[str, Any]] = {}
    for place, row in enumerate(rows, 1):
        key = row.get(KEY) or f"#{place}"
        found[key if key not in found else f"{key}#{place}"] = row
    return found


def _rows(
    table: Field, before: Mapping[str, Mapping[str, Any]], after: Mapping[str, Mapping[str, Any]]
) -> Iterator[RowDifference]:
    first, second = ({key: place for place, key in enumerate(rows, 1)} for rows in (before, after))
    for key in [*after, *(key for key in before if key not in after)]:
        old, new = before.get(key), after.get(key)
        columns = tuple(column for column in table.columns if _value(column, old) != _value(column, new))
        if columns or old is None or new is None:
            yield RowDifference(key, old, new, (first.get(key), second.get(key)), columns)


def _value(column: Field, row: Mapping[str, Any] | None) -> Any:
    answer = None if row is None else row.get(column.code)
    return answer if answered(column, answer) else None
