"""How an answer of each kind is typed, and how it stands in a control: the same for a field and for a cell of a table.

Everything that can be kept is read, limits or not: what a limit says is found when the answers are looked at. What
cannot be kept (a sum that is no number, a date that is none) is an :class:`~judging.domain.errors.Unfit`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from judging.adapters.addresses import normal_address
from judging.adapters.identifiers import inn_fault, ogrn_fault
from judging.domain.errors import N_, Unfit
from judging.domain.fields.codes import digits, read_okpd2, read_okveds, require_digits
from judging.domain.fields.instants import read_date
from judging.domain.fields.numbers import read_decimal, read_money
from judging.domain.fields.telephone import read_telephone
from judging.domain.fields.texts import line, paragraphs, squeezed
from judging.domain.forms.form import Field, TextFormat
from judging.domain.forms.shape import LONGEST_TEXT
from judging.services.accounts.email_addresses import address_words
from judging.web.questionnaire.surroundings import NOTHING_KNOWN, Surroundings
from judging.web.text_lengths import LONGEST_LINE, fits

TOO_LONG = N_("No more than %(max)d characters")
NOT_OFFERED = N_("Choose one of what is offered")
NO_BREAK = "\u00a0"
YES, NO = "yes", "no"


@dataclass(frozen=True, slots=True)
class Typed:
    """What was sent for a question; ``stored`` is the answer that is kept now, which may always be sent again."""

    asked: Field
    texts: Sequence[str]
    stored: Any = None
    around: Surroundings = NOTHING_KNOWN

    @property
    def text(self) -> str:
        """The one text of it."""
        return self.texts[0] if self.texts else ""

    def one_line(self) -> str:
        """The one text as a line; raises :class:`Unfit` for one that is too long to be anything."""
        if len(self.text) > LONGEST_LINE:
            raise Unfit(TOO_LONG, max=LONGEST_LINE)
        return line(self.text)


def read_text(typed: Typed) -> str:
    """A text, or one of the kinds of text that are looked at."""
    longest = LONGEST_TEXT
    if not fits(typed.text, longest):
        raise Unfit(TOO_LONG, max=longest)
    text = paragraphs(typed.text) if is_long(typed.asked) else line(typed.text)
    if len(text) > longest:
        raise Unfit(TOO_LONG, max=longest)
    return FORMATS[typed.asked.format](text) if text else ""


def is_long(asked: Field) -> bool:
    """Whether a text may have several lines."""
    return (asked.lines or 1) > 1 or asked.format is TextFormat.LIGHT


def _as_it_is(text: str) -> str:
    return text


def _email(text: str) -> str:
    try:
        return normal_address(text)
    except Unfit as unfit:
        message, params = address_words(unfit)
        raise Unfit(message, **params) from unfit


def _telephone(text: str) -> str:
    return read_telephone(squeezed(text))


def read_inn(text: str) -> str:
    """Return an ИНН as it is kept; raise :class:`Unfit` that says what is wrong with it."""
    return _number(text, inn_fault)


def read_ogrn(text: str) -> str:
    """Return an ОГРН or an ОГРНИП as it is kept; raise :class:`Unfit` that says what is wrong with it."""
    return _number(text, ogrn_fault)


def _number(text: str, fault_of: Callable[[str], str | None]) -> str:
    number = digits(text)
    require_digits(number)
    fault = fault_of(number)
    if fault:
        raise Unfit(fault)
    return number


FORMATS = {
    TextFormat.PLAIN: _as_it_is,
    TextFormat.LIGHT: _as_it_is,
    TextFormat.TELEPHONE: _telephone,
    TextFormat.EMAIL: _email,
    TextFormat.INN: read_inn,
    TextFormat.OGRN: read_ogrn,
    TextFormat.OKPD2: read_okpd2,
}


def read_number(typed: Typed) -> Decimal | None:
    """An exact number; its unit may be typed behind it."""
    text = typed.one_line()
    return read_decimal(text, unit=typed.asked.unit) if text else None


def read_sum(typed: Typed) -> int | None:
    """A sum of roubles as kopecks."""
    text = typed.one_line()
    return read_money(text) if text else None


def read_day(typed: Typed) -> date | None:
    """A date."""
    text = typed.one_line()
    return read_date(text) if text else None


def read_yes(typed: Typed) -> bool | None:
    """Yes, no, or nothing yet."""
    text = typed.one_line()
    if text not in (YES, NO, ""):
        raise Unfit(NOT_OFFERED)
    return text == YES if text else None


def read_choice(typed: Typed) -> str:
    """One of the options; an option that is gone may stay."""
    text = typed.one_line()
    if text and text != typed.stored and all(text != option.code for option in typed.asked.options):
        raise Unfit(NOT_OFFERED)
    return text


def read_choices(typed: Typed) -> tuple[str, ...]:
    """Some of the options, in their order; options that are gone may stay."""
    chosen = {text for text in typed.texts if text}
    offered = [option.code for option in typed.asked.options]
    offered += [code for code in typed.stored or () if code not in offered]
    if not chosen <= set(offered):
        raise Unfit(NOT_OFFERED)
    return tuple(code for code in offered if code in chosen)


def read_organisation(typed: Typed) -> str:
    """The ИНН of an organisation: of a member of the cluster, or any that may be one."""
    text = typed.one_line()
    if not text or text == typed.stored:
        return text
    if typed.asked.of == "any":
        return read_inn(text)
    if text not in typed.around.members:
        raise Unfit(NOT_OFFERED)
    return text


def read_codes(typed: Typed) -> tuple[str, ...]:
    """ОКВЭД2 codes, each once."""
    if len(typed.text) > LONGEST_LINE:
        raise Unfit(TOO_LONG, max=LONGEST_LINE)
    return tuple(read_okveds(typed.text))


def read_consent(typed: Typed) -> bool:
    """Whether the consent is given."""
    return bool(typed.text)


def write_text(_asked: Field, answer: Any) -> str:
    """A text as it is."""
    return str(answer)


def write_number(_asked: Field, answer: Decimal) -> str:
    """A number with a comma."""
    return f"{answer:f}".replace(".", ",")


def write_sum(_asked: Field, answer: int) -> str:
    """Kopecks as «1 250 000,50»."""
    roubles, kopecks = divmod(int(answer), 100)
    return f"{roubles:,}".replace(",", NO_BREAK) + (f",{kopecks:02d}" if kopecks else "")


def write_day(_asked: Field, answer: date) -> str:
    """A date as people write it."""
    return answer.strftime("%d.%m.%Y")


def write_yes(_asked: Field, answer: bool) -> str:
    """The value of the radio button."""
    return YES if answer else NO


def write_codes(_asked: Field, answer: Sequence[str]) -> str:
    """Codes between commas."""
    return ", ".join(answer)


def write_consent(_asked: Field, answer: bool) -> str:
    """The value of a box that is ticked."""
    return "y" if answer else ""
