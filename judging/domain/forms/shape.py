"""Whether a form is well made, its rules aside: codes, settings of the kinds, bounds, and the fields that it must have.

Paths are those of its JSON: ``sections[2].fields[0].columns[1].code``.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from judging.domain.forms import faults
from judging.domain.forms.environment import BUILT_IN, KEY, PARTNER_COLUMNS, RESERVED, TAKEN
from judging.domain.forms.faults import Faults
from judging.domain.forms.form import ApplicationForm, Check, Counted, Field, FieldKind
from judging.domain.forms.kinds import KINDS
from judging.domain.forms.lengths import CHARACTERS_A_WORD

CODE = re.compile(r"[a-z][a-z0-9_]{0,59}")
MOST_SECTIONS, MOST_FIELDS, MOST_COLUMNS, MOST_CHECKS, MOST_OPTIONS = 40, 400, 20, 200, 300
MOST_TABLE_ROWS, MOST_DECIMALS, LONGEST_TEXT = 500, 6, 20_000
MOST_WORDS = LONGEST_TEXT // CHARACTERS_A_WORD
"""What one table, one number and one text may set as their limits; more words would not fit into what is kept."""


def size_faults(form: ApplicationForm, found: Faults) -> None:
    """Note what there is too much of; of such a form nothing else is asked."""
    _many("sections", form.sections, MOST_SECTIONS, found)
    _many("sections", tuple(form.fields()), MOST_FIELDS, found)
    _many("checks", form.checks, MOST_CHECKS, found)
    _many("checklist", form.checklist, MOST_CHECKS, found)
    for outer, inner, _, field in form.places():
        path = f"sections[{outer}].fields[{inner}]"
        _many(f"{path}.options", field.options, MOST_OPTIONS, found)
        _many(f"{path}.columns", field.columns, MOST_COLUMNS, found)
        _many(f"{path}.row_checks", field.row_checks, MOST_CHECKS, found)
        for index, column in enumerate(field.columns):
            _many(f"{path}.columns[{index}].options", column.options, MOST_OPTIONS, found)


def shape_faults(form: ApplicationForm, nominations: Collection[str], found: Faults) -> None:
    """Note everything that is wrong with the form beside its rules."""
    _codes("sections[%d].code", [section.code for section in form.sections], found)
    _codes("checks[%d].code", [check.code for check in form.checks], found)
    _points("checklist[%d].code", [point.code for point in form.checklist], found)
    for index, section in enumerate(form.sections):
        if section.code in BUILT_IN:
            found.add(f"sections[{index}].code", faults.TAKEN_SECTION, code=section.code)
        _known(f"sections[{index}].nominations", section.nominations, nominations, found)
    places = [(f"sections[{outer}].fields[{inner}]", field) for outer, inner, _, field in form.places()]
    _unique(((f"{path}.code", field.code) for path, field in places), found)
    for path, field in places:
        _field(path, field, nominations, found)
    _must_have("sections", form.field, RESERVED, faults.LACKS_FIELD, found)
    partners = form.field("partners")
    if partners is not None and partners.kind is FieldKind.TABLE:
        path = next(path for path, field in places if field is partners)
        _must_have(f"{path}.columns", partners.column, PARTNER_COLUMNS, faults.LACKS_COLUMN, found)
    for index, check in enumerate(form.checks):
        if form.field(check.at) is None:
            found.add(f"checks[{index}].at", faults.NO_FIELD_AT, code=check.at)


def _field(path: str, field: Field, nominations: Collection[str], found: Faults) -> None:
    if field.code in TAKEN:
        found.add(f"{path}.code", faults.TAKEN_WORD, code=field.code)
    _code(f"{path}.code", field.code, found)
    _settings(path, field, found)
    _known(f"{path}.nominations", field.nominations, nominations, found)
    if field.kind is FieldKind.COMPUTED and field.required is not False:
        found.add(f"{path}.required", faults.NEVER_REQUIRED)
    if field.kind is FieldKind.TABLE:
        _table(path, field, found)


def _settings(path: str, field: Field, found: Faults) -> None:
    """The settings of a field or a column, by themselves."""
    for setting in sorted(KINDS[field.kind].needs):
        if not getattr(field, setting):
            found.add(path, faults.NEEDS_SETTING, kind=field.kind.value, setting=setting)
    if field.least is not None and field.greatest is not None and _crossed(field.least, field.greatest):
        found.add(f"{path}.min", faults.BOUNDS_CROSS)
    for setting, value, most in (
        ("most", field.most, MOST_WORDS if field.counts is Counted.WORDS else LONGEST_TEXT),
        ("decimals", field.decimals, MOST_DECIMALS),
    ):
        if value is not None and value > most:
            found.add(f"{path}.{setting}", faults.TOO_LONG_SETTING, most=most)
    if field.advised is not None and field.most is not None and field.advised > field.most:
        found.add(f"{path}.advised", faults.ADVISED_ABOVE_MOST)
    _unique(((f"{path}.options[{index}].code", one.code) for index, one in enumerate(field.options)), found)


def _crossed(least: Any, greatest: Any) -> bool:
    return bool(least > greatest)


def _table(path: str, field: Field, found: Faults) -> None:
    _codes(f"{path}.columns[%d].code", [column.code for column in field.columns], found)
    fewest, most = field.rows
    if fewest > most:
        found.add(f"{path}.rows", faults.BOUNDS_CROSS)
    if most > MOST_TABLE_ROWS:
        found.add(f"{path}.rows", faults.TOO_LONG_SETTING, most=MOST_TABLE_ROWS)
    for index, column in enumerate(field.columns):
        _column(f"{path}.columns[{index}]", column, found)
    _unique(((f"{path}.row_checks[{index}].code", one.code) for index, one in enumerate(field.row_checks)), found)
    for index, check in enumerate(field.row_checks):
        if field.column(check.at) is None:
            found.add(f"{path}.row_checks[{index}].at", faults.NO_COLUMN_AT, code=check.at)


def _column(path: str, column: Field, found: Faults) -> None:
    if not KINDS[column.kind].in_table:
        found.add(f"{path}.kind", faults.NOT_IN_TABLE, kind=column.kind.value)
        return
    for setting in ("shown_when", "nominations"):
        if getattr(column, setting):
            found.add(f"{path}.{setting}", faults.NOT_OF_COLUMN, setting=setting)
    if column.code == KEY:
        found.add(f"{path}.code", faults.TAKEN_WORD, code=column.code)
    _settings(path, column, found)


def _must_have(path: str, get: Any, wanted: Mapping[str, FieldKind], message: str, found: Faults) -> None:
    for code, kind in wanted.items():
        field: Field | None = get(code)
        if field is None or field.kind is not kind:
            found.add(path, message, code=code, kind=kind.value)


def _known(path: str, named: Sequence[str], nominations: Collection[str], found: Faults) -> None:
    for index, code in enumerate(named):
        if code not in nominations:
            found.add(f"{path}[{index}]", faults.NO_NOMINATION, code=code)


def _codes(path: str, codes: Sequence[str], found: Faults) -> None:
    for index, code in enumerate(codes):
        _code(path % index, code, found)
    _unique(((path % index, code) for index, code in enumerate(codes)), found)


def _points(path: str, codes: Sequence[str], found: Faults) -> None:
    """Points of the formal check are called as the regulation calls them: К1, п. 4.2."""
    _unique(((path % index, code) for index, code in enumerate(codes)), found)


def _code(path: str, code: str, found: Faults) -> None:
    if not CODE.fullmatch(code):
        found.add(path, faults.BAD_CODE, code=code)


def _unique(codes: Iterable[tuple[str, str]], found: Faults) -> None:
    for path, code in _repeated(codes):
        found.add(path, faults.REPEATED, code=code)


def _repeated(codes: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for path, code in codes:
        if code in seen:
            yield path, code
        seen.add(code)


def _many(path: str, listed: Sequence[Field | Check | Any], most: int, found: Faults) -> None:
    if len(listed) > most:
        found.add(path, faults.TOO_MANY, most=most)
