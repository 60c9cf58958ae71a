"""Where a fault of a form stands: beside the control of the page at hand, else in words that name the part."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from flask_babel import gettext
from wtforms import FieldList, FormField
from wtforms import Form as PlainForm

from judging.domain.errors import Fault, Refused
from judging.domain.expressions.functions import FUNCTIONS
from judging.domain.expressions.parsing import EXPECTED
from judging.domain.expressions.types import WORDS
from judging.domain.forms.form import ApplicationForm, Option
from judging.domain.forms.pieces import Part, title_of
from judging.web.field_faults import fields_at
from judging.web.form_editor.condition_forms import FormulaField, RuleForm
from judging.web.templating import translate

STEP = re.compile(r"(?P<list>\w+)\[(?P<index>[0-9]{1,4})\]\.?")
WORDED = frozenset({*WORDS.values(), *(one.wanted for one in FUNCTIONS.values()), *EXPECTED})
"""Parameters of faults that are words, not codes."""
FLOWS = ("formula", "message", "message_en", "note", "note_en")
"""Settings whose text has characters that a fault names, beside those of rules."""


def fault_text(fault: Fault) -> str:
    """A fault in words, with the character where it has one."""
    text = translate(fault.message, **{name: _spoken(value) for name, value in fault.params.items()})
    at = getattr(fault, "at", None)
    return text if at is None else gettext("%(text)s (character %(number)s)", text=text, number=at + 1)


def _spoken(value: object) -> object:
    """A parameter that is itself words of the language of rules, in the page's language; codes stay as they are."""
    return translate(value) if isinstance(value, str) and value in WORDED else value


def place_faults(form: PlainForm, refused: Refused, base: str, whole: ApplicationForm) -> None:
    """Put every fault below the path ``base`` beside its control, all others to the form with the part's name."""
    for fault in refused.faults:
        own = fault.path.removeprefix(f"{base}.") if fault.path.startswith(f"{base}.") else None
        if fault.path == base:
            own = ""
        if own is None or not _placed(form, fault, own):
            words = place_words(whole, fault.path) if own is None else ""
            text = fault_text(fault)
            form.form_errors.append(f"{words}: {text}" if words else text)


def _placed(form: PlainForm, fault: Fault, own: str) -> bool:
    """Whether the form has a control for the fault; it stands beside it then."""
    name = getattr(form, "PLACES", {}).get(own, own)
    at = getattr(fault, "at", None)
    field: Any = form._fields.get(name)
    if isinstance(field, FormField) and isinstance(field.form, RuleForm):
        field = field.form.fault_place
    elif field is None:
        found = fields_at(form, own)
        field = found[-1] if found else None
    if field is None or isinstance(field, FormField):
        return False
    field.errors = [*field.errors, fault_text(fault)]
    if at is not None:
        _mark(field, at)
    return True


def _mark(field: Any, at: int) -> None:
    text = str(field.data or "")
    if isinstance(field, FormulaField):
        field.mark(at)
    elif 0 <= at <= len(text) and field.short_name in FLOWS:
        field.marked = (text[:at], text[at : at + 1] or " ", text[at + 1 :])


def place_words(form: ApplicationForm, path: str) -> str:
    """The parts that a path of the form's file names: «Финансирование», «Субсидия»."""
    named: list[str] = []
    parts: Any = form
    for step in STEP.finditer(path):
        listed: Sequence[Part] = getattr(parts, step["list"], ())
        if int(step["index"]) >= len(listed):
            break
        parts = listed[int(step["index"])]
        named.append(f"«{parts.label if isinstance(parts, Option) else title_of(parts)}»")
    return ", ".join(named)


def error_lines(form: PlainForm) -> list[dict[str, str]]:
    """Every error of a form and of its parts, as the error summary wants them."""
    own = [{"text": str(text)} for text in form.form_errors]
    return [*own, *_lines(form)]


def _lines(form: PlainForm) -> Iterator[dict[str, str]]:
    for field in form:
        if isinstance(field, FormField):
            yield from _lines(field.form)
        elif isinstance(field, FieldList):
            for text in (text for text in field.errors if isinstance(text, str)):
                yield {"text": f"{field.label.text}: {text}", "href": f"#{field.id}"}
            for entry in field:
                yield from _lines(entry.form)
        elif field.errors:
            words = " ".join(map(str, field.errors))
            yield {"text": f"{field.label.text}: {words}", "href": f"#{field.id}"}
