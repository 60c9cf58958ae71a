"""Form base and fields that the whole product shares: exact decimals, money, Moscow time, ИНН and ОГРН."""

import secrets
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, IntegerField, StringField
from wtforms.validators import Optional, StopValidation, ValidationError
from wtforms.widgets import HiddenInput, TextInput

from judging.adapters.identifiers import inn_fault, ogrn_fault
from judging.domain.errors import Refused
from judging.web.templating import translate

MOSCOW = ZoneInfo("Europe/Moscow")
SPACES = dict.fromkeys(map(ord, " \u00a0\u202f\u2009"))


class Form(FlaskForm):
    """A form with CSRF protection and a key that lets a replayed POST be recognised."""

    request_key = HiddenField(default=lambda: secrets.token_urlsafe(24))


class VersionedForm(Form):
    """A form over something stored: ``version`` says which version it was filled from."""

    version = IntegerField(widget=HiddenInput(), validators=[Optional()])


class DecimalField(Field):
    """An exact decimal as people type it: spaces between thousands, comma or point. ``data`` is a Decimal or None."""

    widget = TextInput()
    message = _l("Enter a number, for example 12,5")

    def __init__(self, *args: Any, places: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = places

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else self._shown(self.data)

    def _shown(self, value: Any) -> str:
        return f"{value:f}".replace(".", ",")

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Parse what was typed; raise ``ValueError`` with the field's message."""
        text = str(valuelist[0]).translate(SPACES).replace(",", ".").replace("−", "-") if valuelist else ""
        self.data = None
        if text:
            self.data = self._parsed(text)

    def _parsed(self, text: str) -> Any:
        if not text.removeprefix("-").replace(".", "", 1).isascii() or "e" in text.lower() or "_" in text:
            raise ValueError(self.message)
        try:
            number = Decimal(text)
        except InvalidOperation as error:
            raise ValueError(self.message) from error
        if not number.is_finite() or len(text) > 30:
            raise ValueError(self.message)
        exponent = number.as_tuple().exponent
        if self.places is not None and isinstance(exponent, int) and -exponent > self.places:
            raise ValueError(translate("No more than %(places)d decimals", places=self.places))
        return number


class MoneyField(DecimalField):
    """Roubles and kopecks as people type them; ``data`` is an integer of kopecks or None."""

    message = _l("Enter an amount in roubles, for example 1 250 000,50")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, places=2, **kwargs)

    def _shown(self, value: Any) -> str:
        roubles, kopecks = divmod(int(value), 100)
        return f"{roubles:,}".replace(",", "\u00a0") + (f",{kopecks:02d}" if kopecks else "")

    def _parsed(self, text: str) -> Any:
        number = super()._parsed(text)
        if number < 0 or number >= Decimal(10) ** 13:
            raise ValueError(self.message)
        return int(number * 100)


class MoscowTimeField(Field):
    """A date and time typed in Moscow time; ``data`` is an aware instant or None."""

    widget = TextInput()

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else self.data.astimezone(MOSCOW).strftime("%Y-%m-%dT%H:%M")

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Parse ``YYYY-MM-DDTHH:MM`` as browsers send it, or ``DD.MM.YYYY HH:MM`` as people type it."""
        self.data = None
        text = str(valuelist[0]).strip() if valuelist else ""
        if not text:
            return
        for pattern in ("%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%d.%m.%Y %H:%M"):
            try:
                self.data = datetime.strptime(text, pattern).replace(tzinfo=MOSCOW)
            except ValueError:
                continue
            return
        raise ValueError(translate("Enter a date and time, for example 31.03.2026 18:00"))


class DigitsField(StringField):
    """Digits kept as text; spaces are dropped, leading zeros stay."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take the text without its spaces."""
        self.data = str(valuelist[0]).translate(SPACES) if valuelist else ""


def valid_inn(form: Form, field: Field) -> None:
    """Refuse an ИНН whose length or check digits are wrong."""
    _refuse(inn_fault(field.data or ""))


def valid_ogrn(form: Form, field: Field) -> None:
    """Refuse an ОГРН or ОГРНИП whose length or check digit is wrong."""
    _refuse(ogrn_fault(field.data or ""))


def _refuse(fault: str | None) -> None:
    if fault:
        raise StopValidation(translate(fault))


def optional_text(form: Form, field: Field) -> None:
    """Let an empty field pass and skip the validators after it."""
    if not (field.data or "").strip():
        field.errors = []
        raise StopValidation()


def add_faults(form: FlaskForm, refused: Refused) -> None:
    """Put every fault of a refusal next to the field it names; the others go to the form as a whole."""
    for fault in refused.faults:
        field = form._fields.get(fault.path)
        text = translate(fault.message, **fault.params)
        if field is None:
            form.form_errors.append(text)
        else:
            field.errors = [*field.errors, text]


__all__ = [
    "MOSCOW", "DecimalField", "DigitsField", "Form", "MoneyField", "MoscowTimeField", "ValidationError",
    "VersionedForm", "add_faults", "optional_text", "valid_inn", "valid_ogrn",
]  # fmt: skip
