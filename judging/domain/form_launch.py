"""What of a form of applications stands in the way of publication, and what of it should be looked at again.

A criterion that is computed needs a figure in every application: a field of the form that holds a number, a sum of
money or what is computed, that is always shown, and that is required. Paths name parts of the form:
``form.field:own_funds``, ``form.section:finance``, ``form.check:sources``, ``form.point:К1``.
"""

import re
from collections.abc import Iterator, Sequence

from judging.domain.errors import N_, Fault
from judging.domain.forms.compiling import CompiledForm
from judging.domain.forms.form import ApplicationForm, Check, Field, FieldKind, Option, Point, Section
from judging.domain.forms.indicators import FIGURES, figures
from judging.domain.forms.pieces import FIGURE
from judging.domain.rubric import Criterion, computed_criteria

NO_FIGURE = N_(
    "The criterion %(code)s is computed from “%(field)s”, which is no number, sum of money or computed figure"
)
HIDDEN = N_("The criterion %(code)s is computed from “%(field)s”, which is not always shown")
OPTIONAL = N_("The criterion %(code)s is computed from “%(field)s”, which is not required")
NO_ENGLISH = N_("No English words: %(names)s")
OLD_YEAR = N_("The year %(year)s is mentioned: %(names)s")
YEAR = re.compile(r"(?<![\d.,№-])20\d\d(?![\d]|[.,]\d)")
MOST_NAMED = 5
"""Parts that one warning names."""
TEXTS = ("label", "hint", "title", "lead", "group", "unit", "text", "message", "note")
"""Texts that people read; the English one has ``_en`` behind it."""

Part = Section | Field | Check | Point | Option


def form_faults(criteria: Sequence[Criterion], compiled: CompiledForm) -> tuple[Fault, ...]:
    """Name every criterion that some application may have no figure for. A field that is not there is not told here."""
    known = figures(compiled)
    return tuple(
        fault
        for item in computed_criteria(criteria)
        if (field := compiled.form.field(item.indicator)) is not None
        for fault in _figure_faults(item.code, field, is_figure=item.indicator in known)
    )


def _figure_faults(code: str, field: Field, *, is_figure: bool) -> Iterator[Fault]:
    path, names = f"form.field:{field.code}", {"code": code, "field": field.label}
    if field.kind not in FIGURES or not is_figure:
        yield Fault(path, NO_FIGURE, names)
    if field.shown_when:
        yield Fault(path, HIDDEN, names)
    if field.kind is not FieldKind.COMPUTED and field.required is not True:
        yield Fault(path, OPTIONAL, names)


def form_warnings(form: ApplicationForm, year: int) -> tuple[Fault, ...]:
    """Name the parts that lack English words, and those whose texts mention a year before ``year``."""
    return tuple(_warnings(form, year))


def _warnings(form: ApplicationForm, year: int) -> Iterator[Fault]:
    for path, parts in _groups(form):
        lacking = [part for part in parts if _lacks_english(part)]
        if lacking:
            yield Fault(path, NO_ENGLISH, {"names": _names(lacking)})
        years: dict[str, list[Part]] = {}
        for part in parts:
            for old in _old_years(part, year):
                years.setdefault(old, []).append(part)
        for old, some in sorted(years.items()):
            yield Fault(path, OLD_YEAR, {"year": old, "names": _names(some)})


def _groups(form: ApplicationForm) -> Iterator[tuple[str, list[Part]]]:
    """The parts that are told together, with the place where they are: a section each, the checks, the points."""
    for section in form.sections:
        parts: list[Part] = [section]
        for field in section.fields:
            parts += [field, *field.options, *field.row_checks]
            for column in field.columns:
                parts += [column, *column.options]
        yield f"form.section:{section.code}", parts
    yield "form.checks", list(form.checks)
    yield "form.checklist", list(form.checklist)


def _lacks_english(part: Part) -> bool:
    return any(getattr(part, name, "") and not getattr(part, f"{name}_en", "") for name in TEXTS)


def _old_years(part: Part, year: int) -> set[str]:
    texts = [getattr(part, f"{name}{ending}", "") for name in TEXTS for ending in ("", "_en")]
    return {found for text in texts for found in YEAR.findall(FIGURE.sub("", text)) if int(found) < year}


def _names(parts: Sequence[Part]) -> str:
    """«A», «B» and how many more."""
    named = [f"«{_title(part)}»" for part in parts[:MOST_NAMED]]
    more = len(parts) - MOST_NAMED
    return ", ".join(named) + (f" + {more}" if more > 0 else "")


def _title(part: Part) -> str:
    if isinstance(part, Check):
        return FIGURE.sub("{…}", part.message)
    return part.label if isinstance(part, Field | Option) else part.title
