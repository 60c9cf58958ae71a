"""Invented answers to a form of applications, whatever it asks: what every contest asks in words, the rest by kind.

Rules of a form that bind answers together are known for the questions that every contest has (the sources make up the
cost, the project ends after it starts); of an own question its kind and bounds are kept. Where an own rule forbids the
submission the rehearsal stops with its words.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from judging.adapters.identifiers import invented_inn, invented_ogrn
from judging.domain.forms.form import ApplicationForm, Field, FieldKind, Section, TextFormat
from judging.domain.forms.lengths import within
from judging.domain.forms.notation import UNSTORED
from judging.domain.rubric import BandsCriterion, Criterion, LinearCriterion
from judging.services.rehearsals import invention

PARTNERS = 2
WIDEST = 300
"""How far a number of no known purpose lies above its least value at most."""
LONGEST = 300


@dataclass(frozen=True)
class Given:
    """Which application (from nought) it is, when, of whom (ИНН of the cluster's members), with what limit in kopecks.

    ``criteria``: the computed criteria by the indicator that each is scored by.
    """

    number: int
    today: date
    members: Sequence[str]
    cap: int | None
    criteria: Mapping[str, Criterion]


def answers_to(form: ApplicationForm, given: Given) -> Mapping[str, Mapping[str, Any]]:
    """Return the answers by section: to all that is asked, but for files and what is computed."""
    known = {**invention.passport(given.number, given.today), **invention.finance(given.number, given.cap)}
    answered = {section.code: _section(section, given, known) for section in form.sections}
    return {code: answers for code, answers in answered.items() if answers}


def _section(section: Section, given: Given, known: Mapping[str, Any]) -> Mapping[str, Any]:
    asked = [one for one in section.fields if one.kind not in UNSTORED]
    asked = [one for one in asked if one.required is not False or one.code in known or one.code == "partners"]
    return {one.code: _answer(one, given, known) for one in asked}


def _answer(field: Field, given: Given, known: Mapping[str, Any], place: int = 0) -> Any:
    if field.kind in CHOOSING:
        return _choice(field, given, known, place)
    if field.code in known and field.kind is not FieldKind.TABLE:
        value = known[field.code]
        return within(field, value, len(value)) if isinstance(value, str) else value
    if field.kind is FieldKind.ORGANISATION:
        return given.members[(invention.turn_of(given.number) + place) % len(given.members)]
    return BY_KIND[field.kind](field, given)


def _text(field: Field, given: Given) -> str:
    number = given.number
    by_format = {
        TextFormat.TELEPHONE: f"+7 000 000-{number // 100:02d}-{number % 100:02d}",
        TextFormat.EMAIL: f"team-{invention.cluster_of(number) + 1:02d}@proba.example.org",
        TextFormat.INN: invented_inn(7000 + number),
        TextFormat.OGRN: invented_ogrn(7000 + number),
        TextFormat.OKPD2: "28.41.11.000",
    }
    words = f"{field.label}: сведения вымышлены для пробного конкурса, заявка № {number + 1}."
    return within(field, by_format.get(field.format, words), LONGEST)


def _number(field: Field, given: Given) -> Any:
    """A value between what earns nothing and what earns all, within the bounds of the field."""
    low, high = _span(field, given.criteria.get(field.code))
    value = low + (high - low) * Decimal(given.number * 37 % 101) / 100
    if field.least is not None:
        value = max(value, Decimal(str(field.least)))
    if field.greatest is not None:
        value = min(value, Decimal(str(field.greatest)))
    if field.kind is FieldKind.MONEY:
        return int(value) or invention.MILLION
    return value.quantize(Decimal(1).scaleb(-(2 if field.decimals is None else field.decimals)))


def _span(field: Field, criterion: Criterion | None) -> tuple[Decimal, Decimal]:
    if isinstance(criterion, LinearCriterion):
        return criterion.zero_at, criterion.full_at
    if isinstance(criterion, BandsCriterion):
        starts = [band.start for band in criterion.bands if band.start is not None]
        return (min(starts), max(starts) * 11 / 10) if starts else (Decimal(0), Decimal(10))
    least = Decimal(str(field.least or 0))
    return least, least + WIDEST if field.greatest is None else min(Decimal(str(field.greatest)), least + WIDEST)


def _date(field: Field, given: Given) -> date:
    value = given.today + timedelta(days=150)
    if isinstance(field.least, date):
        value = max(value, field.least)
    return min(value, field.greatest) if isinstance(field.greatest, date) else value


def _choice(field: Field, given: Given, known: Mapping[str, Any], place: int) -> Any:
    codes = [option.code for option in field.options]
    wanted = known.get(field.code)
    chosen = wanted if wanted in codes else codes[(given.number + place) % len(codes)]
    return (chosen,) if field.kind is FieldKind.CHOICES else chosen


def _rows(field: Field, given: Given) -> tuple[Mapping[str, Any], ...]:
    """As many rows as there have to be, one at least; of partners two."""
    fewest, most = field.rows
    count = min(max(fewest, PARTNERS if field.code == "partners" else 1), most)
    sums = invention.finance(given.number, given.cap)
    rows = []
    for place in range(1, count + 1):
        row = {one.code: _answer(one, given, {}, place) for one in field.columns if one.kind not in UNSTORED}
        parts = {column: sums[whole] if place == 1 else 0 for column, whole in ADD_UP.get(field.code, {}).items()}
        rows.append({**row, **{column: part for column, part in parts.items() if column in row}})
    return tuple(rows)


ADD_UP: Mapping[str, Mapping[str, str]] = {
    "stages": {"cost": "total_cost"},
    "costs": {"amount": "total_cost"},
    "sources": {"own": "own_funds", "loan": "loans", "budget": "other_budget", "subsidy": "requested"},
}
"""Columns of tables (of the form of ПП 41) whose sum has to be one of the sums of the section «Finance»."""


CHOOSING = frozenset({FieldKind.CHOICE, FieldKind.CHOICES})
BY_KIND: Mapping[FieldKind, Callable[[Field, Given], Any]] = {
    FieldKind.TEXT: _text,
    FieldKind.NUMBER: _number,
    FieldKind.MONEY: _number,
    FieldKind.DATE: _date,
    FieldKind.YES: lambda _field, _given: False,
    FieldKind.CONSENT: lambda _field, _given: True,
    FieldKind.OKVED: lambda _field, given: tuple(invention.topics(given.number)),
    FieldKind.TABLE: _rows,
}
"""How a question without an answer of its own is answered."""
