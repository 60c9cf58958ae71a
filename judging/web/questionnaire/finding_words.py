"""What is found about the answers, in words: the product's own sentences, and the form's with their figures."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from flask_babel import gettext

from judging.domain.expressions import Figure, Kind
from judging.domain.expressions.values import written
from judging.domain.forms.findings import Amount, FormFinding, Label
from judging.domain.forms.form import Field
from judging.web.kept_texts import language
from judging.web.questionnaire.phrases import said
from judging.web.templating import decimal, money, translate

PLACE = re.compile(r"(?P<code>[a-z0-9_]+)(?:\[(?P<row>[0-9]+)\](?:\.(?P<column>[a-z0-9_]+))?)?")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a finding stands: a field, and of a table the row and the column."""

    code: str
    row: int | None = None
    column: str = ""


def place_of(path: str) -> Place:
    """The place that a path such as ``stages[2].till`` names."""
    match = PLACE.fullmatch(path)
    if match is None:
        return Place(path)
    return Place(match["code"], int(match["row"]) if match["row"] else None, match["column"] or "")


def finding_text(finding: FormFinding) -> str:
    """The finding as a sentence in the page's language."""
    if not finding.parts:
        return translate(finding.message, **{name: _param(value) for name, value in finding.params.items()})
    parts = finding.parts_en if language() == "en" and finding.parts_en else finding.parts
    return "".join(part if isinstance(part, str) else figure_text(part) for part in parts)


def _param(value: object) -> Any:
    if isinstance(value, Label):
        return label_text(value)
    if isinstance(value, Amount):
        return money(value.kopecks)
    if isinstance(value, Decimal):
        return decimal(value)
    return value.strftime("%d.%m.%Y") if isinstance(value, date) else value


def listed_text(finding: FormFinding, fields: Iterable[Field]) -> str:
    """The finding in a list of all of them: of a row it is said which one of which table."""
    place = place_of(finding.path)
    table = next((one for one in fields if one.code == place.code), None) if place.row is not None else None
    if table is None or place.row is None:
        return finding_text(finding)
    row = gettext("%(table)s, row %(number)s", table=said(table, "label"), number=place.row + 1)
    return f"{row}: {finding_text(finding)}"


def label_text(label: Label) -> str:
    """What a field is called in the page's language."""
    return label.en if language() == "en" else label.ru


def figure_text(figure: Figure) -> str:
    """A figure of a message; a dash where it is not known."""
    value = figure.value
    if value is None:
        return "—"
    if isinstance(value, date):
        return value.strftime("%d.%m.%Y")
    if not isinstance(value, Fraction):
        return str(value)
    if figure.type.kind is Kind.MONEY:
        return _exact_money(value, figure.places)
    return decimal(written(value, figure.places))


def _exact_money(roubles: Fraction, places: int) -> str:
    """A sum: to the kopeck, and finer where only that tells it from its bound."""
    if places <= 2:
        return money(int(written(roubles * 100, 0)))
    return f"{decimal(written(roubles, places))}\u00a0₽"
