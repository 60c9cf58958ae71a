"""Form base and fields that the whole product shares; what may stand in them is said by the rules of the domain."""

import secrets
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from babel.support import NullTranslations, Translations
from flask_babel import get_locale
from flask_wtf import FlaskForm
from wtforms import (
    EmailField,
    Field,
    HiddenField,
    IntegerField,
    PasswordField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms import Form as PlainForm
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # types-WTForms knows 3.2 only
from wtforms.i18n import messages_path
from wtforms.meta import DefaultMeta
from wtforms.validators import Optional, StopValidation, ValidationError
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget, TextInput

from judging.adapters.addresses import normal_address
from judging.adapters.identifiers import inn_fault, ogrn_fault
from judging.domain.errors import Unfit
from judging.domain.fields.codes import digits, read_okveds, require_digits
from judging.domain.fields.instants import read_date, read_instant
from judging.domain.fields.numbers import read_decimal, read_money
from judging.domain.fields.telephone import read_telephone
from judging.domain.fields.texts import line, paragraphs, squeezed
from judging.services.accounts.email_addresses import address_words
from judging.web.field_faults import add_faults
from judging.web.field_labels import remember
from judging.web.templating import translate
from judging.web.text_lengths import LONGEST_LINE, TOO_LONG, bound, worth_reading

MOSCOW = ZoneInfo("Europe/Moscow")


class CleanText(DefaultMeta):
    """Every text of every form is stored as :mod:`judging.domain.fields.texts` has it, whoever forgets to say so."""

    def bind_field(self, form: Any, unbound_field: Any, options: Any) -> Any:
        """Bound the field, and put the rule of its kind of text before the filters that it has itself."""
        field = remember(bound(super().bind_field(form, unbound_field, options)))
        rule = text_rule(field)
        field.filters = [rule, *field.filters] if rule else field.filters
        return field

    def get_translations(self, form: Any) -> NullTranslations:
        """WTForms' own sentences in the page's language."""
        return wtforms_sentences(str(get_locale()))


@cache
def wtforms_sentences(locale: str) -> NullTranslations:
    """The catalogue of WTForms for a locale of the product; Flask-WTF would read the file anew for every request."""
    return Translations.load(messages_path(), [locale], domain="wtforms")


def text_rule(field: Field) -> Callable[[Any], Any] | None:
    """The rule of a kind of field; None for secrets, hidden values and what is no text."""
    if not isinstance(field, StringField) or isinstance(field, HiddenField | PasswordField):
        return None
    rule = paragraphs if isinstance(field, TextAreaField) else line
    return lambda value: rule(value) if isinstance(value, str) and worth_reading(field, value) else value


class Row(PlainForm):
    """A row of a list within a form."""

    Meta = CleanText


def new_key() -> str:
    """A key that no form has had."""
    return secrets.token_urlsafe(24)


class Form(FlaskForm):
    """A form with CSRF protection and a key that lets a replayed POST be recognised."""

    Meta = CleanText

    request_key = HiddenField(default=new_key)

    def process(self, *args: Any, **kwargs: Any) -> None:
        """Read the request; a text of nothing but spaces and signs that nobody sees counts as not typed."""
        super().process(*args, **kwargs)
        for field in self:
            if isinstance(field, StringField) and field.raw_data and field.data == "":
                field.raw_data = [""]


class VersionedForm(Form):
    """A form over something stored: ``version`` says which version it was filled from."""

    version = IntegerField(widget=HiddenInput(), validators=[Optional()])


def _spoken(reader: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """What a reader of the domain reads; where it does not fit, ``ValueError`` in the page's language."""
    try:
        return reader(*args, **kwargs)
    except Unfit as unfit:
        raise ValueError(translate(unfit.message, **unfit.params)) from unfit


class ReadField(Field):
    """A field whose text a rule of the domain reads; what was typed stays on the page.

    ``data`` is the value, or None where the field is empty or was not understood. Where the typed text says what is
    stored already, ``data`` is the stored value itself: a field that nobody touched changes nothing, not even what its
    text does not show (seconds, trailing noughts).
    """

    widget = TextInput()

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else self._shown(self.data)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what was typed; raise ``ValueError`` that says what is wrong."""
        self.data = None
        text = str(valuelist[0]) if valuelist else ""
        if len(text) > LONGEST_LINE:
            raise ValueError(str(TOO_LONG) % {"max": LONGEST_LINE})
        if not line(text):
            self.raw_data = [""]  # what nobody sees was not typed: a compulsory field says that it is empty
            return
        stored = self.object_data
        if stored is not None and line(text) == line(self._shown(stored)):
            self.data = stored
            return
        self.data = self._read(text)

    def _shown(self, value: Any) -> str:
        raise NotImplementedError

    def _read(self, text: str) -> Any:
        raise NotImplementedError


class DecimalField(ReadField):
    """An exact decimal as people type it. ``data`` is a Decimal or None; ``unit`` may be typed behind it."""

    unit = ""

    def __init__(self, *args: Any, places: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = places

    @staticmethod
    def text_of(value: Any) -> str:
        """A stored number as the page shows it."""
        return f"{value:f}".replace(".", ",")

    def _shown(self, value: Any) -> str:
        return self.text_of(value)

    def _read(self, text: str) -> Any:
        return _spoken(read_decimal, text, places=self.places, unit=self.unit)


class PercentField(DecimalField):
    """A percentage; the sign may be typed."""

    unit = "%"


class MoneyField(ReadField):
    """Roubles and kopecks as people type them; ``data`` is an integer of kopecks or None."""

    def _shown(self, value: Any) -> str:
        roubles, kopecks = divmod(int(value), 100)
        return f"{roubles:,}".replace(",", "\u00a0") + (f",{kopecks:02d}" if kopecks else "")

    def _read(self, text: str) -> Any:
        return _spoken(read_money, text)


class MoscowTimeField(ReadField):
    """A date and time typed in Moscow time; ``data`` is an aware instant or None.

    Seconds are shown where there are any; what is finer is kept though not shown.
    """

    def _shown(self, value: Any) -> str:
        at = value.astimezone(MOSCOW)
        return str(at.strftime("%Y-%m-%dT%H:%M:%S" if at.second else "%Y-%m-%dT%H:%M"))

    def _read(self, text: str) -> Any:
        at, stored = _spoken(read_instant, text, MOSCOW), self.object_data
        return stored if stored is not None and at == stored.replace(microsecond=0) else at


class DayField(ReadField):
    """A date; ``data`` is a date or None."""

    def _shown(self, value: Any) -> str:
        return str(value.isoformat())

    def _read(self, text: str) -> Any:
        return _spoken(read_date, text)


class AddressField(EmailField):
    """An e-mail address: ``data`` is its stored form, or what was typed where no letter could reach that."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Bring the address to its stored form; raise ``ValueError`` that says what is wrong."""
        self.data = text = str(valuelist[0]) if valuelist else ""
        if worth_reading(self, text):
            self._read(line(text))

    def _read(self, text: str) -> None:
        self.data = text
        if text:
            try:
                self.data = normal_address(text)
            except Unfit as unfit:
                message, params = address_words(unfit)
                raise ValueError(translate(message, **params)) from unfit


class TelephoneField(StringField):
    """Telephones as they were typed, checked."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Raise ``ValueError`` that says which of them cannot be one."""
        self.data = text = str(valuelist[0]) if valuelist else ""
        if worth_reading(self, text):
            self.data = squeezed(text)
            self.data = _spoken(read_telephone, self.data) if self.data else ""


class OkvedField(StringField):
    """ОКВЭД2 codes between commas, spaces or new lines; ``data`` is a list of codes."""

    data: Any  # a list, where the base has a text

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else ", ".join(self.data or [])

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Split into codes, each once, in the order typed; raise ``ValueError`` for what is no code."""
        text, self.data = str(valuelist[0]) if valuelist else "", []
        if len(text) > LONGEST_LINE:
            raise ValueError(str(TOO_LONG) % {"max": LONGEST_LINE})
        self.data = _spoken(read_okveds, text)


class DigitsField(StringField):
    """Digits kept as text; spaces are dropped, leading zeros stay."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take the text without its spaces; raise ``ValueError`` that names a sign which is no digit."""
        self.data = text = str(valuelist[0]) if valuelist else ""
        if worth_reading(self, text):
            self.data = digits(text)
            _spoken(require_digits, self.data)


def valid_inn(form: Form, field: Field) -> None:
    """Refuse an ИНН whose length or check digits are wrong."""
    _refuse(field, inn_fault)


def valid_ogrn(form: Form, field: Field) -> None:
    """Refuse an ОГРН or ОГРНИП whose length or check digit is wrong."""
    _refuse(field, ogrn_fault)


def _refuse(field: Field, fault_of: Callable[[str], str | None]) -> None:
    """Say what is wrong with a number of digits; other signs in it were named already."""
    fault = None if field.errors else fault_of(field.data or "")
    if fault:
        raise StopValidation(translate(fault))


def optional_text(form: Form, field: Field) -> None:
    """Let an empty field pass and skip the validators after it."""
    if not (field.data or "").strip():
        field.errors = []
        raise StopValidation()


__all__ = [
    "MOSCOW", "AddressField", "CleanText", "DayField", "DecimalField", "DigitsField", "Form", "MoneyField",
    "MoscowTimeField", "OkvedField", "PercentField", "Row", "SelectChoice", "TelephoneField", "ValidationError",
    "VersionedForm", "add_faults", "new_key", "optional_text", "valid_inn", "valid_ogrn",
]  # fmt: skip


class TickList(SelectMultipleField):
    """Boxes to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def ordered(self, stored: Sequence[str]) -> tuple[str, ...]:
        """What is ticked: first what was stored, in its order."""
        ticked = self.data or ()
        return tuple(dict.fromkeys([*(one for one in stored if one in ticked), *ticked]))
