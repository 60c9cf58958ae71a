"""What a change of a form is about: the parts that its path of codes names, by their titles, from the section down."""

import re
from collections.abc import Iterable, Sequence

from judging.domain.forms.changes import Change, ChangeKind
from judging.domain.forms.form import ApplicationForm, Check, Field, Point, Section
from judging.domain.forms.pieces import title_of

TOP = re.compile(r"(?P<what>check|point) (?P<rest>.+)", re.DOTALL)
"""The path of a check of the form, or of a point of the formal check."""
ORDER = " (order)"
"""What the path of a change of an order ends with."""
_PARTS = (Section, Field, Check, Point)


def names_at(path: str, form: ApplicationForm) -> tuple[str, ...]:
    """Return the titles of the parts that the path of a part names; none where the form has no such part."""
    top = TOP.fullmatch(path)
    if top:
        listed: Sequence[Check | Point] = form.checks if top["what"] == "check" else form.checklist
        found = next((one for one in listed if one.code == top["rest"]), None)
        return (title_of(found),) if found else ()
    outer, _, check = path.partition(" check ")
    codes = outer.removesuffix(" checks").split(".")
    section = next((one for one in form.sections if one.code == codes[0]), None)
    if section is None:
        return ()
    named, field = [section.title], None
    if len(codes) > 1:
        field = next((one for one in section.fields if one.code == codes[1]), None)
        named.append(field.label if field else "")
    if field is not None and len(codes) > 2:
        column = field.column(codes[2])
        named.append(column.label if column else "")
    if field is not None and check:
        found_check = next((one for one in field.row_checks if one.code == check), None)
        named.append(found_check.message if found_check else "")
    return tuple(named) if all(named) else ()


def part_of(change: Change) -> str:
    """Return the path of the part that a change is of: of a setting, of what has the setting."""
    path = change.path.removesuffix(ORDER)
    whole = isinstance(change.before if change.before is not None else change.after, _PARTS)
    return path if whole or change.path.endswith(ORDER) else path.rpartition(".")[0]


def for_applicants(changes: Iterable[Change]) -> tuple[Change, ...]:
    """Return the changes that applicants are told of: all but those of the formal check, which is the staff's."""
    return tuple(one for one in changes if not one.path.startswith(("point ", "checklist")))


def worth_a_letter(changes: Iterable[Change]) -> bool:
    """Whether applicants are written to: something is asked that was not, or not any more, and not words alone."""
    return any(one.kind is not ChangeKind.WORDS for one in for_applicants(changes))
