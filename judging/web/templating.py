"""What templates see: filters for money, marks and Moscow time, labels of enums, the actor and the navigation."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from enum import Enum
from functools import cache, lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_datetime
from babel.numbers import format_decimal
from flask import Flask, g
from flask_babel import get_locale, gettext, ngettext

from judging.domain import access, certification, conflicts, lifecycle, ranking, record, refusals, rules, stages, teams
from judging.domain.forms import checklist
from judging.domain.milestones import LATENESS_LABELS, Lateness
from judging.web import clock
from judging.web.access import allowed, current_actor
from judging.web.kept_texts import language
from judging.web.navigation import contest_navigation, navigation
from judging.web.status_tones import is_outlined, tone

MOSCOW = ZoneInfo("Europe/Moscow")


def translate(message: str, **params: object) -> str:
    """Translate a domain message template (an English msgid) and fill it in."""
    return str(gettext(message, **params)) if params else str(gettext(message))


def moscow(value: datetime | None) -> str:
    """«22 ноября 2026 г., 18:00 МСК»."""
    return _dated(value, "d MMMM y 'г.', HH:mm", "d MMMM y, HH:mm")


def moscow_short(value: datetime | None) -> str:
    """«22.11.2026 18:00»."""
    return "" if value is None else value.astimezone(MOSCOW).strftime("%d.%m.%Y %H:%M")


def moscow_exact(value: datetime | None) -> str:
    """«22.11.2026 18:00:04 МСК»: the exact second, for registers and receipts."""
    return "" if value is None else value.astimezone(MOSCOW).strftime("%d.%m.%Y %H:%M:%S ") + gettext("MSK")


def _dated(value: datetime | None, russian: str, english: str) -> str:
    if value is None:
        return ""
    spoken = language()
    return f"{_at(value, russian if spoken == 'ru' else english, spoken)} {gettext('MSK')}"


@lru_cache(maxsize=2_000)
def _at(value: datetime, pattern: str, spoken: str) -> str:
    return str(format_datetime(value.astimezone(MOSCOW), pattern, locale=spoken))


@cache
def _signs(spoken: str) -> tuple[str, str]:
    """What stands between thousands and before the fraction in a language."""
    symbols = Locale(spoken).number_symbols["latn"]
    return str(symbols["group"]), str(symbols["decimal"])


def money(value: int | None, sign: bool = True) -> str:
    """Kopecks as «1 234 567,89 ₽»; whole roubles without kopecks; without the sign under a heading that has it."""
    if value is None:
        return ""
    group, point = _signs(language())
    roubles, kopecks = divmod(abs(value), 100)
    whole = f"{'-' if value < 0 else ''}{roubles:,}".replace(",", group)
    number = f"{whole}{point}{kopecks:02}" if kopecks else whole
    return f"{number}\u00a0₽" if sign else number


def decimal(value: Decimal | str | None) -> str:
    """A decimal with the language's own comma, all its digits as they are."""
    if value is None or value == "":
        return ""
    text = f"{value:f}" if isinstance(value, Decimal) else str(value)
    return text.replace(".", ",").replace("-", "−") if language() == "ru" else text


def filesize(value: int) -> str:
    """Bytes as «12,4 КБ»."""
    return _sized(language(), value)


@lru_cache(maxsize=2_000)
def _sized(spoken: str, value: int) -> str:
    for unit, size in ((gettext("GB"), 1 << 30), (gettext("MB"), 1 << 20), (gettext("KB"), 1 << 10)):
        if value >= size:
            return f"{format_decimal(Decimal(value) / size, format='#,##0.#', locale=spoken)}\u00a0{unit}"
    unit = gettext("bytes")
    return f"{value}\u00a0{unit}"


LABELS: dict[type[Enum], Any] = {
    access.Role: access.ROLE_LABELS,
    lifecycle.ContestStatus: lifecycle.STATUS_LABELS[lifecycle.Subject.CONTEST],
    lifecycle.ApplicationStatus: lifecycle.STATUS_LABELS[lifecycle.Subject.APPLICATION],
    lifecycle.ReviewStatus: lifecycle.STATUS_LABELS[lifecycle.Subject.REVIEW],
    lifecycle.Subject: lifecycle.SUBJECT_LABELS,
}
for module in (rules, record, ranking, stages, conflicts, checklist, certification, teams):
    for table in [value for name, value in vars(module).items() if name.endswith("_LABELS")]:
        LABELS[type(next(iter(table)))] = table


def label(value: Any, subject: str | None = None) -> str:
    """The translated label of an enum member, or of a stored status text with its ``subject`` named."""
    if subject is not None:
        return translate(lifecycle.STATUS_LABELS[lifecycle.Subject(subject)][value])
    return translate(LABELS[type(value)][value])


def conflict_reason(stored: str) -> str:
    """A stored reason of a conflict of interest as a sentence."""
    message, params = conflicts.reason_message(stored)
    words = conflicts.reason_words(stored)
    return f"{translate(message, **params)}: {words}" if words else translate(message, **params)


def refusal_reason(stored: str) -> str:
    """Why an expert refused a task, as a sentence."""
    code, words = refusals.refusal_of(stored)
    said = translate(refusals.REFUSAL_LABELS[code])
    return f"{said}: {words}" if words else said


def localized(thing: Any, key: str) -> str:
    """The text ``key`` of a dict or a model in the page's language; ``key_en`` where English is shown."""
    read: Callable[[str], Any] = thing.get if isinstance(thing, dict) else lambda name: getattr(thing, name, None)
    return str((language() == "en" and read(f"{key}_en")) or read(key) or "")


def weight_figure(weight: Decimal) -> str:
    """A weight as a figure, or that the criterion has no part in the total."""
    return decimal(weight) if weight else gettext("outside the total")


def weight_words(weight: Decimal) -> str:
    """The same as a note: «вес 10», «вне итога»."""
    return gettext("weight %(weight)s", weight=decimal(weight)) if weight else gettext("outside the total")


def time_left(delta: timedelta) -> str:
    """«2 дня 4 часа», «4 часа 10 минут», «10 минут»."""
    minutes = max(0, int(delta.total_seconds())) // 60
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = []
    if days:
        parts.append(ngettext("%(num)d day", "%(num)d days", days))
    if hours:
        parts.append(ngettext("%(num)d hour", "%(num)d hours", hours))
    if not days and (minutes or not hours):
        parts.append(ngettext("%(num)d minute", "%(num)d minutes", minutes))
    return " ".join(parts)


def lateness(value: str) -> str:
    """By what something was still taken after its announced deadline, in words."""
    return translate(LATENESS_LABELS[Lateness(value)])


def milliseconds_left(deadline: datetime) -> int:
    """How long it is to ``deadline`` by the server's clock as the page is made; nought once it has passed."""
    left = deadline - max(clock.now(), clock.arrived())
    return max(0, int(left.total_seconds() * 1000))


def of_trial() -> bool:
    """Whether the page that is shown is about a trial contest, or something in one."""
    scope: access.Scope | None = g.get("scope")
    return scope is not None and scope.trial


def register(app: Flask) -> None:
    """Give the application's templates these filters, globals and context."""
    for function in (
        moscow,
        moscow_short,
        moscow_exact,
        money,
        decimal,
        filesize,
        label,
        tone,
        is_outlined,
        conflict_reason,
        refusal_reason,
        localized,
        time_left,
        lateness,
        weight_figure,
        weight_words,
        translate,
        conflict_reason,
    ):
        app.jinja_env.filters[function.__name__] = function
    app.jinja_env.globals.update(
        get_locale=get_locale,
        allowed=allowed,
        contest_navigation=contest_navigation,
        milliseconds_left=milliseconds_left,
        Permission=access.Permission,
        Scope=access.Scope,
        of_trial=of_trial,
    )
    app.jinja_env.add_extension("jinja2.ext.do")
    app.context_processor(lambda: {"current_actor": current_actor(), "navigation": navigation()})
