"""What the answers lack: stops, which forbid submission, and warnings, which ask to look again.

A draft is saved at any completeness; these rules are asked when it is shown and when it is submitted.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from judging.domain.certification import PLACE as CERTIFICATION
from judging.domain.errors import N_, Fault
from judging.domain.expressions import Expression, Figure
from judging.domain.forms.compiling import CompiledCheck, CompiledField, CompiledForm
from judging.domain.forms.environment import CLUSTER
from judging.domain.forms.form import MOST_FILES, Counted, Field, FieldKind, Level
from judging.domain.forms.lengths import length_of
from judging.domain.forms.looking import Look, answered

REQUIRED = N_("Answer: %(label)s")
REQUIRED_CONSENT = N_("Give the consent: %(label)s")
REQUIRED_FILE = N_("Upload the document: %(label)s")
REQUIRED_ROWS = N_("%(label)s: at least %(least)s rows")
TOO_MANY_ROWS = N_("%(label)s: at most %(most)s rows")
TOO_LONG = N_("%(label)s: %(over)s characters too many")
TOO_MANY_WORDS = N_("%(label)s: %(over)s words too many")
LONG = N_("%(label)s: longer than the advised %(advised)s characters")
WORDY = N_("%(label)s: more words than the advised %(advised)s")
BELOW = N_("%(label)s: no less than %(bound)s")
ABOVE = N_("%(label)s: no more than %(bound)s")
TOO_FINE = N_("%(label)s: no more than %(places)s decimals")
NO_OPTION = N_("%(label)s: what was chosen is not offered any more")
NO_MEMBER = N_("%(label)s: INN %(inn)s is not a member of the cluster")
TOO_MANY_FILES = N_("%(label)s: at most %(most)s files")


@dataclass(frozen=True)
class Amount:
    """A sum of money in a message; ``kopecks``."""

    kopecks: int


@dataclass(frozen=True)
class FormFinding:
    """One thing to see to, in a section, at a path (``total_cost``, ``stages[2].till``).

    Either ``message``, an English template of ``params`` (a label is a pair: the Russian and the English words), or
    ``parts`` and ``parts_en``: the form's own words with figures, of the check ``check``.
    """

    section: str
    path: str
    stop: bool
    message: str = ""
    params: Mapping[str, object] = field(default_factory=dict)
    parts: tuple[str | Figure, ...] = ()
    parts_en: tuple[str | Figure, ...] = ()
    check: str = ""


@dataclass(frozen=True)
class Label:
    """What a field is called: the Russian and the English words."""

    ru: str
    en: str

    def __str__(self) -> str:
        return self.ru


def plain_fault(found: FormFinding) -> Fault:
    """The finding as a fault at its path, for who does not show it in words of the page."""
    if found.message:
        return Fault(found.path, found.message, {name: str(value) for name, value in found.params.items()})
    words = "".join(part if isinstance(part, str) else str(part.value) for part in found.parts)
    return Fault(found.path, "%(words)s", {"words": words})


def stops_of(findings: Iterable[FormFinding], within: Collection[str] | None = None) -> tuple[FormFinding, ...]:
    """Return what forbids submission; of a correction, what stands ``within`` the sections that were given back.

    What is found in the others cannot be corrected by the team, so it does not keep the correction back; a missing
    certification does.
    """
    return tuple(one for one in findings if one.stop and (within is None or one.section in (*within, CERTIFICATION)))


Found = Iterator[FormFinding]


def form_findings(compiled: CompiledForm, seen: Look, section: str | None = None) -> tuple[FormFinding, ...]:
    """Name every stop and warning, in the order of the sections and fields; checks stand at their field.

    What is unknown finds nothing: only «required» speaks of what is not answered. ``section``: of that one alone.
    """
    checks: dict[str, list[CompiledCheck]] = {}
    for _, check in compiled.checks:
        checks.setdefault(check.check.at, []).append(check)
    return tuple(
        found
        for part in compiled.sections
        if section is None or part.section.code == section
        for one in part.fields
        if one.field.code in seen.shown
        for found in _field(part.section.code, one, seen.environment, checks.get(one.field.code, []))
    )


def _field(section: str, one: CompiledField, environment: Mapping[str, Any], checks: list[CompiledCheck]) -> Found:
    code = one.field.code
    yield from _answer(section, code, one, environment.get(code), environment)
    if one.field.kind is FieldKind.TABLE:
        yield from _rows(section, one, environment)
    for check in checks:
        yield from _checked(section, code, check, environment)


def _answer(section: str, path: str, one: CompiledField, answer: Any, environment: Mapping[str, Any]) -> Found:
    """What is wrong with one answer by itself."""
    known = one.field
    if not answered(known, answer):
        if _is_required(one.required, environment):
            yield FormFinding(section, path, stop=True, message=_asks(known), params=_params(known))
        return
    if known.kind is FieldKind.ORGANISATION and known.of == "cluster":
        members = environment.get(CLUSTER)
        if members is not None and answer not in members:
            yield FormFinding(section, path, True, NO_MEMBER, _params(known) | {"inn": answer})
    for message, params, stop in _LIMITS.get(known.kind, _none)(known, answer):
        yield FormFinding(section, path, stop, message, _params(known) | params)


def _is_required(required: bool | Expression, environment: Mapping[str, Any]) -> bool:
    return required if isinstance(required, bool) else required.evaluate(environment) is True


def _asks(known: Field) -> str:
    if known.kind is FieldKind.TABLE:
        return REQUIRED_ROWS
    return {FieldKind.CONSENT: REQUIRED_CONSENT, FieldKind.FILE: REQUIRED_FILE}.get(known.kind, REQUIRED)


def _params(known: Field) -> dict[str, object]:
    params: dict[str, object] = {"label": Label(known.label, known.label_en or known.label)}
    return params | {"least": max(known.rows[0], 1)} if known.kind is FieldKind.TABLE else params


def _rows(section: str, one: CompiledField, environment: Mapping[str, Any]) -> Found:
    """What is wrong with the rows, of which there may be hundreds: a cell that surely has no fault is passed over."""
    table, within = one.field, dict(environment)
    columns = [(column, column.field.code, column.required is False, _fitting(column.field)) for column in one.columns]
    for index, row in enumerate(environment.get(table.code) or ()):
        within["row"] = row
        for column, code, optional, fits in columns:
            answer = row.get(code)
            passed = fits(answer) if answered(column.field, answer) else optional
            if passed:
                continue
            yield from _answer(section, f"{table.code}[{index}].{code}", column, answer, within)
        for check in one.row_checks:
            if check.rule.evaluate(within) is False:
                yield from _checked(section, f"{table.code}[{index}].{check.check.at}", check, within)


def _checked(section: str, path: str, check: CompiledCheck, environment: Mapping[str, Any]) -> Found:
    if check.rule.evaluate(environment) is not False:
        return
    bounds = [bound(environment) for bound in check.rule.bounds]
    parts = check.message.fill(environment, bounds)
    english = (check.message_en or check.message).fill(environment, bounds)
    stop = check.check.level is Level.STOP
    yield FormFinding(section, path, stop, parts=parts, parts_en=english, check=check.check.code)


Limits = Iterator[tuple[str, dict[str, object], bool]]


def _fitting(known: Field) -> Callable[[Any], bool]:
    """Say at once of an answer that no limit of the field is passed; False: it has to be looked at."""
    limits = [one for one in (known.most, known.advised) if one is not None]
    if known.kind is FieldKind.TEXT and limits:
        least = min(limits)
        return lambda answer: len(answer) <= least  # and no more words than characters
    bounded = any(one is not None for one in (known.least, known.greatest, known.decimals))
    always = known.kind in _UNLIMITED and not bounded and not (
        known.kind is FieldKind.ORGANISATION and known.of == "cluster"
    )  # fmt: skip
    return lambda _answer: always


_UNLIMITED = frozenset(
    {FieldKind.TEXT, FieldKind.NUMBER, FieldKind.MONEY, FieldKind.DATE, FieldKind.YES, FieldKind.ORGANISATION}
)
"""Kinds of columns whose answers have no fault by themselves where the field sets no limit."""


def _none(_field: Field, _answer: Any) -> Limits:
    return iter(())


def _text(known: Field, answer: str) -> Limits:
    if known.most is None and known.advised is None:
        return
    length, words = length_of(known, answer), known.counts is Counted.WORDS
    if known.most is not None and length > known.most:
        yield TOO_MANY_WORDS if words else TOO_LONG, {"over": length - known.most}, True
    elif known.advised is not None and length > known.advised:
        yield WORDY if words else LONG, {"advised": known.advised}, False


def _number(known: Field, answer: Decimal) -> Limits:
    yield from _bounded(known, answer, lambda bound: bound)
    exponent = answer.as_tuple().exponent
    if known.decimals is not None and isinstance(exponent, int) and -exponent > known.decimals:
        yield TOO_FINE, {"places": known.decimals}, True


def _money(known: Field, answer: int) -> Limits:
    return _bounded(known, answer, Amount)


def _date(known: Field, answer: date) -> Limits:
    return _bounded(known, answer, lambda bound: bound)


def _bounded(known: Field, answer: Any, shown: Callable[[Any], object]) -> Limits:
    least, greatest = known.least, known.greatest
    if least is not None and answer < least:
        yield BELOW, {"bound": shown(least)}, True
    if greatest is not None and answer > greatest:
        yield ABOVE, {"bound": shown(greatest)}, True


def _choice(known: Field, answer: str) -> Limits:
    return _choices(known, (answer,))


def _choices(known: Field, answer: tuple[str, ...]) -> Limits:
    if not set(answer) <= {option.code for option in known.options}:
        yield NO_OPTION, {}, True


def _files(known: Field, answer: tuple[Any, ...]) -> Limits:
    most = known.max_files or MOST_FILES
    if len(answer) > most:
        yield TOO_MANY_FILES, {"most": most}, True


def _table(known: Field, answer: tuple[Any, ...]) -> Limits:
    fewest, most = known.rows
    if len(answer) < fewest:
        yield REQUIRED_ROWS, {}, True
    if len(answer) > most:
        yield TOO_MANY_ROWS, {"most": most}, True


_LIMITS: Mapping[FieldKind, Callable[[Field, Any], Limits]] = {
    FieldKind.TEXT: _text,
    FieldKind.NUMBER: _number,
    FieldKind.MONEY: _money,
    FieldKind.DATE: _date,
    FieldKind.CHOICE: _choice,
    FieldKind.CHOICES: _choices,
    FieldKind.FILE: _files,
    FieldKind.TABLE: _table,
}
