"""The fields of a section's form: one WTForms class for every kind, which is told by the table of kinds what it is."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext
from markupsafe import Markup
from wtforms import Field as FormField
from wtforms.widgets import EmailInput, TextArea, TextInput, html_params

from judging.domain.errors import Unfit
from judging.domain.forms.compiling import CompiledField
from judging.domain.forms.form import Field, FieldKind
from judging.web.classifiers import activity_name
from judging.web.questionnaire import notation
from judging.web.questionnaire.kinds import KINDS
from judging.web.questionnaire.notation import Typed
from judging.web.questionnaire.phrases import shown
from judging.web.questionnaire.surroundings import NOTHING_KNOWN, Surroundings
from judging.web.questionnaire.words import column_label, given_words, option_words
from judging.web.templating import money, translate

LONG_CONSENT = 300
Choice = tuple[str, Markup, bool]
"""The value that is sent, the words, and whether it is chosen."""


@dataclass(frozen=True, slots=True)
class ConsentWords:
    """The text of a consent; a ``long`` one is read in a place of its own and not as the words of its box."""

    text: Markup
    long: bool
    given: str


class AnswerField(FormField):
    """A question. ``data`` is the answer as the rules take it; what was typed stays on the page, whatever it is.

    ``sent``: whether the request brings an answer; where it does not, ``data`` is what is stored. ``visible``,
    ``notes`` and ``needed`` are set by :mod:`judging.web.questionnaire.pages` once the answers were looked at.
    """

    raw_data: list[Any] | None

    def __init__(self, label: Markup, *, one: CompiledField, _form: Any = None, **kwargs: Any) -> None:
        super().__init__(label, _form=_form, **kwargs)
        self.one, self.asked, self.page = one, one.field, KINDS[one.field.kind]
        self.control = self.page.control(one.field)
        self.around: Surroundings = NOTHING_KNOWN if _form is None else _form.around
        self.description = _hint(one.field, self.around)
        self.stored: Any = self.page.empty
        self.sent, self.visible = False, True
        self.need(one.required is not False)
        self.notes: Sequence[Any] = ()

    def need(self, needed: bool) -> None:
        """Say whether submission asks for it."""
        self.flags.required = needed

    def process_data(self, value: Any) -> None:
        """Take what is stored."""
        self.data = self.stored = self.page.empty if value is None else value

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what was sent; raise ``ValueError`` that says why it cannot be kept."""
        self.sent = bool(valuelist) or self.page.unsent
        if not self.sent or self.page.read is None:
            return
        self.data = self.page.empty
        try:
            self.data = self.page.read(Typed(self.asked, [str(text) for text in valuelist], self.stored, self.around))
        except Unfit as unfit:
            raise ValueError(translate(unfit.message, **unfit.params)) from unfit

    def __call__(self, **attributes: Any) -> Markup:
        """Draw the control itself."""
        self.widget = WIDGETS[self.control]
        return super().__call__(**attributes)

    def _value(self) -> str:
        return self.text

    @property
    def legible(self) -> bool:
        """Whether the request brings an answer that can be kept."""
        return self.sent and not self.process_errors

    @property
    def texts(self) -> list[str]:
        """What stands in the control: as it was typed, else as it is stored."""
        if self.raw_data or (self.sent and self.page.unsent):
            return [str(text) for text in self.raw_data or ()]
        if self.page.write is None or self.data is None or self.data == self.page.empty:
            return []
        written = self.page.write(self.asked, self.data)
        return written if isinstance(written, list) else [written]

    @property
    def text(self) -> str:
        """The one text in the control."""
        return next(iter(self.texts), "")

    @property
    def limit(self) -> int | None:
        """Up to how many characters or words the counter counts."""
        return self.asked.most or self.asked.advised if self.control in ("text", "textarea") else None

    @property
    def suffix(self) -> Markup | None:
        """What stands behind the control; money has its own."""
        return shown(self.asked, "unit") or None

    def named_codes(self) -> list[tuple[str, str]]:
        """The codes that can be read, each with its name."""
        return [(code, activity_name(code)) for code in self.data or ()]

    def consent_words(self) -> "ConsentWords":
        """What is agreed to, in full, and when that was done."""
        text, given = shown(self.asked, "text"), self.around.consents.get(self.asked.code)
        return ConsentWords(text, len(text) > LONG_CONSENT, given_words(given.at, given.by) if given else "")

    def choices(self) -> list[Choice]:
        """What may be chosen."""
        return choices_of(self.asked, self.texts, self.around)


def _list(field: AnswerField, **attributes: Any) -> Markup:
    """A list to choose from, with what is no choice first."""
    attributes = {"id": field.id, **({"required": True} if field.flags.required else {}), **attributes}
    options = [("", Markup.escape(gettext("Choose")), not field.texts), *field.choices()]
    return Markup("<select {}>{}</select>").format(
        html_params(name=field.name, **attributes),
        Markup("").join(
            Markup("<option {}>{}</option>").format(html_params(value=value, selected=chosen), words)
            for value, words, chosen in options
        ),
    )


WIDGETS: Mapping[str, Callable[..., Markup]] = {
    "text": TextInput(),
    "tel": TextInput(),
    "digits": TextInput(),
    "codes": TextInput(),
    "money": TextInput(),
    "decimal": TextInput(),
    "email": EmailInput(),
    "day": TextInput(),
    "textarea": TextArea(),
    "select": _list,
}
"""The controls that WTForms draws; the others are drawn by the template alone."""


def _hint(asked: Field, around: Surroundings) -> Markup:
    """The hint, and beside what is asked for the most that this may be."""
    hint = shown(asked, "hint")
    if asked.code != "requested" or around.cap is None:
        return hint
    most = gettext("No more than %(cap)s per application in this contest", cap=money(around.cap))
    return Markup(" ").join([hint, most]) if hint else Markup.escape(most)


def choices_of(asked: Field, texts: Sequence[str], around: Surroundings) -> list[Choice]:
    """What may be chosen for a field or a column; what is chosen and not offered any more stays choosable."""
    offered = _offered(asked, around)
    gone = [text for text in texts if text and all(text != value for value, _ in offered)]
    return [(value, words, value in texts) for value, words in [*offered, *((text, _gone(text)) for text in gone)]]


def _gone(text: str) -> Markup:
    return Markup("{}").format(gettext("%(text)s (not offered any more)", text=text[:80]))


def _offered(asked: Field, around: Surroundings) -> list[tuple[str, Markup]]:
    if asked.kind is FieldKind.YES:
        return [(notation.YES, Markup("{}").format(gettext("Yes"))), (notation.NO, Markup("{}").format(gettext("No")))]
    if asked.kind is FieldKind.ORGANISATION:
        number = gettext("INN")
        return [(inn, Markup("{}, {} {}").format(name, number, inn)) for inn, name in around.members.items()]
    return [(option.code, option_words(asked, option.code)) for option in asked.options]


def label_of(asked: Field, *, column: bool = False) -> Markup:
    """What a field is called on the page."""
    return column_label(asked) if column else shown(asked, "label")
