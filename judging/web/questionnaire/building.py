"""The WTForms form of a section: its class is made once for a form, its values with every request."""

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from functools import cache
from hashlib import blake2b
from typing import Any

from wtforms import HiddenField

from judging.domain.forms.compiling import CompiledField, CompiledSection
from judging.domain.forms.form import Field, FieldKind
from judging.domain.forms.looking import answered
from judging.web.forms import VersionedForm
from judging.web.kept_texts import language
from judging.web.questionnaire.fields import AnswerField, label_of
from judging.web.questionnaire.surroundings import NOTHING_KNOWN, Surroundings
from judging.web.questionnaire.tables import Posted, TableField

NO_CONTROL = frozenset({FieldKind.FILE, FieldKind.COMPUTED})
"""Kinds that nothing is typed for: files travel by a form of their own."""
BUTTONS = frozenset({"add", "remove", "move", "stay", "main", "kept", "go", "check"})
"""Names of the page itself, and of the page of its preview."""
KEPT_CLASSES = 400
DIGEST = 4
"""Bytes of what tells whether an answer was changed since the page was drawn."""


class SectionForm(VersionedForm):
    """A section of an application. ``fingerprint`` tells, answer by answer, what the page was filled from."""

    part: CompiledSection

    fingerprint = HiddenField()

    def __init__(
        self, answers: Mapping[str, Any], *args: Any, around: Surroundings = NOTHING_KNOWN, seen: int = 0, **kwargs: Any
    ) -> None:
        self.around, self.posted = around, Posted()
        stored = {name_of(one.field): answers.get(one.field.code) for one in typed_fields(self.part)}
        given = {**stored, "version": seen, "fingerprint": fingerprint(self.part, answers)}
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


def fingerprint(part: CompiledSection, answers: Mapping[str, Any]) -> str:
    """What the answers of a section are, each in a few letters, in the section's order."""
    return "".join(_digest(one.field, answers.get(one.field.code)) for one in typed_fields(part))


def touched(form: SectionForm) -> frozenset[str]:
    """The codes whose answer is another than the page came with; all of them where this cannot be told."""
    sent = {field.asked.code: field for field in form.answers() if field.sent}
    seen = _seen(form)
    return frozenset(
        code
        for code, field in sent.items()
        if not field.legible or seen is None or seen[code] != _digest(field.asked, field.data)
    )


def changed_since(form: SectionForm, answers: Mapping[str, Any]) -> frozenset[str]:
    """The codes whose stored answer is another than the page came with; all of them where this cannot be told."""
    seen = _seen(form)
    fields = [one.field for one in typed_fields(form.part)]
    return frozenset(
        one.code for one in fields if seen is None or seen[one.code] != _digest(one, answers.get(one.code))
    )


def _seen(form: SectionForm) -> dict[str, str] | None:
    """What the page came with, answer by answer, in a few letters; None where the request does not say."""
    sent, codes = form.fingerprint.raw_data, [one.field.code for one in typed_fields(form.part)]
    seen = str(sent[0]) if sent else ""
    width = 2 * DIGEST
    if len(seen) != width * len(codes):
        return None
    return {code: seen[place * width : (place + 1) * width] for place, code in enumerate(codes)}


def _digest(asked: Field, answer: Any) -> str:
    said = repr((asked.code, _plain(answer) if answered(asked, answer) else None))
    return blake2b(said.encode(), digest_size=DIGEST).hexdigest()


def _plain(answer: Any) -> Any:
    """The answer in one notation, whatever kinds of lists and mappings it came in."""
    if isinstance(answer, Mapping):
        return sorted((code, _plain(value)) for code, value in answer.items() if value not in (None, "", ()))
    if isinstance(answer, list | tuple):
        return [_plain(one) for one in answer]
    return answer
