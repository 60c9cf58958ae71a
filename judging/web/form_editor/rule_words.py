"""Rules in words: a condition and a ready sentence as a person reads them, any other rule as its formula."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext, ngettext
from markupsafe import Markup, escape

from judging.domain.errors import N_
from judging.domain.expressions import Kind
from judging.domain.expressions.compiling import ROW
from judging.domain.forms.pieces import names_of
from judging.domain.sentences import (
    Compares,
    Condition,
    Conditions,
    Holds,
    Months,
    Once,
    Ready,
    Rows,
    Share,
    Sign,
    Sums,
    Within,
    read_sentence,
)
from judging.domain.sentences.conditions import BARE, COUNTING
from judging.web.form_editor.scope import Scope
from judging.web.templating import decimal, translate

FIGURES = re.compile(r"(\{[^}]*\})")
SIGNS: Mapping[Sign, str] = {
    Sign.YES: N_("is “yes”"),
    Sign.NO: N_("is “no”"),
    Sign.FILLED: N_("is filled in"),
    Sign.EMPTY: N_("is not filled in"),
    Sign.EQUAL: N_("equals"),
    Sign.OTHER: N_("does not equal"),
    Sign.AMONG: N_("is one of"),
    Sign.ABOVE: N_("is more than"),
    Sign.AT_LEAST: N_("is no less than"),
    Sign.BELOW: N_("is less than"),
    Sign.AT_MOST: N_("is no more than"),
    Sign.ROWS_AT_LEAST: N_("rows: no less than"),
    Sign.ROWS_AT_MOST: N_("rows: no more than"),
}
OF_DATES: Mapping[Sign, str] = {
    Sign.EQUAL: N_("is the same day as"),
    Sign.OTHER: N_("is another day than"),
    Sign.ABOVE: N_("is later than"),
    Sign.AT_LEAST: N_("is no earlier than"),
    Sign.BELOW: N_("is earlier than"),
    Sign.AT_MOST: N_("is no later than"),
}


def with_figures(text: str) -> Markup:
    """A message with its figures marked as code."""
    parts = FIGURES.split(text)
    return Markup("").join(
        Markup("<code>{}</code>").format(one) if one.startswith("{") else escape(one) for one in parts
    )


@dataclass(frozen=True)
class RuleWords:
    """A rule in ``words``, or as its ``formula`` where no words fit; one of both is empty."""

    words: str | Markup = ""
    formula: str = ""

    def __str__(self) -> str:
        return self.words or self.formula

    def __html__(self) -> str:
        return str(escape(self.words)) if self.words else str(Markup("<code>{}</code>").format(self.formula))


def rule_words(rule: str, scope: Scope) -> RuleWords:
    """A rule as a person reads it."""
    ready = read_sentence(rule)
    if ready is None or not names_of(rule) <= {*scope.subjects, ROW}:
        return RuleWords(formula=rule)
    return RuleWords(ready_words(ready, scope))


def conditions_words(conditions: Conditions, scope: Scope) -> str:
    """«A» is more than 5 and «B» is filled in."""
    between = gettext("and") if conditions.mode == "and" else gettext("or")
    return f" {between} ".join(row_words(row, scope) for row in conditions.rows)


def row_words(row: Condition, scope: Scope) -> str:
    """One row of a condition."""
    subject, said = scope.quoted(row.subject), sign_words(row.sign, row.subject, scope)
    if row.sign in BARE:
        return f"{subject} {said}"
    between = "; " if row.sign is Sign.AMONG else ""
    values = between.join(scope.value_words(row.subject, value) for value in row.values)
    return f"{subject}: {said} {values}" if row.sign in COUNTING else f"{subject} {said} {values}"


def sign_words(sign: Sign, reference: str, scope: Scope) -> str:
    """A sign in words; days are earlier and later, not less and more."""
    subject = scope.subjects.get(reference)
    of_days = subject is not None and subject.type.kind is Kind.DATE
    return translate(OF_DATES[sign] if of_days and sign in OF_DATES else SIGNS[sign])


def ready_words(ready: Ready, scope: Scope) -> str:
    """A ready sentence."""
    said = _SAY[type(ready.sentence)](ready.sentence, scope)
    if ready.only_when is None:
        return said
    when = conditions_words(ready.only_when, scope)
    return gettext("If %(condition)s: %(sentence)s", condition=when, sentence=said)


def _total(references: tuple[str, ...], scope: Scope) -> str:
    return " + ".join(map(scope.quoted, references))


def _sums(one: Sums, scope: Scope) -> str:
    whole = scope.value_words(one.parts[0], one.whole)
    said = sign_words(one.sign, one.parts[0], scope)
    return gettext("The sum %(parts)s %(sign)s %(whole)s", parts=_total(one.parts, scope), sign=said, whole=whole)


def _compares(one: Compares, scope: Scope) -> str:
    return row_words(Condition(one.left, one.sign, (one.right,)), scope)


def _share(one: Share, scope: Scope) -> str:
    return gettext(
        "%(part)s %(sign)s %(percent)s %% of %(whole)s", part=_total(one.parts, scope),
        sign=translate(SIGNS[one.sign]), percent=decimal(one.percent), whole=_total(one.whole, scope),
    )  # fmt: skip


def _within(one: Within, scope: Scope) -> str:
    low, high = (scope.value_words(one.subject, bound) for bound in (one.low, one.high))
    return gettext("%(field)s lies between %(low)s and %(high)s", field=scope.quoted(one.subject), low=low, high=high)


def _once(one: Once, scope: Scope) -> str:
    return gettext("Each value stands once: %(column)s", column=scope.quoted(one.column))


def _rows(one: Rows, scope: Scope) -> str:
    return gettext(
        "The number of rows in %(table)s %(sign)s %(number)s", table=scope.quoted(one.table),
        sign=translate(SIGNS[one.sign]), number=one.number,
    )  # fmt: skip


def _months(one: Months, scope: Scope) -> str:
    number = ngettext("%(num)d month", "%(num)d months", one.number)
    return gettext(
        "The time from %(first)s to %(last)s %(sign)s %(months)s", first=scope.quoted(one.first),
        last=scope.quoted(one.last), sign=translate(SIGNS[one.sign]), months=number,
    )  # fmt: skip


def _holds(one: Holds, scope: Scope) -> str:
    return conditions_words(one.conditions, scope)


_SAY: Mapping[type, Callable[[Any, Scope], str]] = {
    Sums: _sums, Compares: _compares, Share: _share, Within: _within, Once: _once, Rows: _rows, Months: _months,
    Holds: _holds,
}  # fmt: skip
