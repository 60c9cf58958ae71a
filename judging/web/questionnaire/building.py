"""The WTForms form of a section: its class is made once for a form, its values with every request."""

import re
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any
from urllib.parse import quote, unquote

from wtforms import HiddenField
from wtforms.validators import Length

from judging.domain.forms.compiling import CompiledField, CompiledSection
from judging.domain.forms.form import Field, FieldKind
from judging.domain.forms.merging import Base, base_of
from judging.web.forms import VersionedForm
from judging.web.kept_texts import language
from judging.web.questionnaire.fields import AnswerField, label_of
from judging.web.questionnaire.surroundings import NOTHING_KNOWN, Surroundings
from judging.web.questionnaire.tables import Posted, TableField

NO_CONTROL = frozenset({FieldKind.FILE, FieldKind.COMPUTED})
"""Kinds that nothing is typed for: files travel by a form of their own."""
BUTTONS = frozenset({"add", "remove", "move", "stay", "main", "kept", "go", "check", "copy"})
"""Names of the page itself, and of the page of its preview."""
KEPT_CLASSES = 400
LONGEST_BASE = 400_000
"""Characters of what a page says it was filled from; twenty tables of 500 rows have fewer."""
_TOLD = re.compile(r"(?P<code>[^=~;]{1,80})(?:=(?P<digest>[0-9a-f]*)|~(?P<rows>[^;]*))")


class SectionForm(VersionedForm):
    """A section of an application. ``fingerprint`` tells, answer by answer, what the page was filled from."""

    part: CompiledSection

    fingerprint = HiddenField(validators=[Length(max=LONGEST_BASE)])

    def __init__(
        self, answers: Mapping[str, Any], *args: Any, around: Surroundings = NOTHING_KNOWN, seen: int = 0, **kwargs: Any
    ) -> None:
        self.around, self.posted = around, Posted()
        stored = {name_of(one.field): answers.get(one.field.code) for one in typed_fields(self.part)}
        given = {**stored, "version": seen, "fingerprint": base_text(base_of(asked_of(self.part), answers))}
        super().__init__(*args, data=given, **kwargs)

    def answers(self) -> Iterator[AnswerField]:
        """The fields that are typed, in the section's order."""
        return (field for field in self._fields.values() if isinstance(field, AnswerField))

    def answer(self, code: str) -> AnswerField | None:
        """The field of a code; None for one that has no control."""
        return next((field for field in self.answers() if field.asked.code == code), None)


def section_form(part: CompiledSection) -> type[SectionForm]:
    """The class of a section's form in the language of the page; the same part gives the same class again."""
    key = id(part), language()
    known = _classes.get(key)
    if known is not None and known.part is part:  # a number may have been another part's
        _classes.move_to_end(key)
        return known
    made = _made(part)
    _classes[key] = made
    while len(_classes) > KEPT_CLASSES:
        _classes.popitem(last=False)
    return made


_classes: OrderedDict[tuple[int, str], type[SectionForm]] = OrderedDict()


def _made(part: CompiledSection) -> type[SectionForm]:
    fields: dict[str, Any] = {name_of(one.field): _field(one) for one in typed_fields(part)}
    return type("FilledSectionForm", (SectionForm,), {**fields, "part": part})


def _field(one: CompiledField) -> Any:
    kind: Any = TableField if one.field.kind is FieldKind.TABLE else AnswerField
    return kind(label_of(one.field), one=one)


def typed_fields(part: CompiledSection) -> Iterator[CompiledField]:
    """The fields of a section that have a control."""
    return (one for one in part.fields if one.field.kind not in NO_CONTROL)


def name_of(asked: Field) -> str:
    """The name of a field's control: its code, unless the form or the page has something else of that name."""
    return f"answer.{asked.code}" if asked.code in _taken() else asked.code


@cache
def _taken() -> frozenset[str]:
    return frozenset(dir(SectionForm)) | BUTTONS | {"csrf_token", "around", "posted", "form_errors"}


def base_text(base: Base) -> str:
    """A base as the page carries it: ``title=3f…;stages~key:3f…,key:3f…``; static/js/autosave/base.js reads it, too."""
    return ";".join(
        f"{code}={told}" if isinstance(told, str) else f"{code}~{','.join(f'{quote(key)}:{one}' for key, one in told)}"
        for code, told in base.items()
    )


def base_of_page(form: SectionForm) -> dict[str, Any] | None:
    """What the page was filled from, as the request says it; None where it says nothing of that."""
    sent = form.fingerprint.raw_data
    text = str(sent[0]) if sent else ""
    if not text or len(text) > LONGEST_BASE:
        return None
    known = {one.field.code for one in typed_fields(form.part)}
    told = (_TOLD.fullmatch(part) for part in text.split(";"))
    return {one["code"]: _read_base(one) for one in told if one is not None and one["code"] in known}


def _read_base(told: re.Match[str]) -> str | list[list[str]]:
    if told["rows"] is None:
        return told["digest"]
    pairs = (row.partition(":") for row in told["rows"].split(",") if row)
    return [[unquote(key), digest] for key, _, digest in pairs]


def asked_of(part: CompiledSection) -> list[Field]:
    """The fields of a section that are typed."""
    return [one.field for one in typed_fields(part)]
