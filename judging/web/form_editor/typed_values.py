"""Values that are typed beside a field of a rule: read by the kind of the field, refused in words."""

from flask_babel import gettext

from judging.domain.errors import Unfit
from judging.domain.expressions import Kind
from judging.domain.fields.instants import read_date
from judging.domain.fields.numbers import read_decimal, read_money
from judging.domain.sentences.literals import MOST_PLACES, Literal
from judging.web.form_editor.scope import Subject
from judging.web.templating import translate

BETWEEN = ";"
"""Stands between several values."""
MOST_VALUES = 50


def read_value(text: str, subject: Subject) -> Literal:
    """Read what was typed as a value of the subject's kind; raise ``ValueError`` in words."""
    if not text:
        raise ValueError(gettext("Enter a value"))
    kind = subject.type.kind if subject.type.of is None else subject.type.of.kind
    try:
        return _read(text, kind, subject)
    except Unfit as unfit:
        raise ValueError(translate(unfit.message, **unfit.params)) from unfit


def _read(text: str, kind: Kind, subject: Subject) -> Literal:
    if kind is Kind.MONEY:
        return Literal(kind, read_money(text))
    if kind is Kind.NUMBER:
        return Literal(kind, read_decimal(text, places=MOST_PLACES))
    if kind is Kind.DATE:
        return Literal(kind, read_date(text))
    if kind is Kind.CHOICE:
        return Literal(Kind.TEXT, _option(text, subject))
    if kind is not Kind.TEXT:
        raise ValueError(gettext("This field has no values to compare with: say that it is filled, yes or no"))
    if '"' in text:
        raise ValueError(gettext("A text in a rule has no double quotation marks"))
    return Literal(Kind.TEXT, text)


def read_values(text: str, subject: Subject) -> tuple[Literal, ...]:
    """Read several values with semicolons between them; raise ``ValueError`` in words."""
    typed = [one.strip() for one in text.split(BETWEEN)]
    if len(typed) > MOST_VALUES:
        raise ValueError(gettext("No more than %(max)d values", max=MOST_VALUES))
    return tuple(read_value(one, subject) for one in typed if one) or (read_value("", subject),)


def _option(text: str, subject: Subject) -> str:
    """The code of the option that was meant by its words or its code."""
    for code, label in subject.options:
        if text.casefold() in (label.casefold(), code.casefold()):
            return code
    words = "; ".join(label for _, label in subject.options)
    raise ValueError(gettext("There is no such option. There are: %(options)s", options=words))
