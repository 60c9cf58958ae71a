"""Figures of the report as people read them: points, probabilities, places, how strict an expert is."""

from collections.abc import Iterable, Mapping

from babel.numbers import format_decimal
from flask_babel import get_locale, gettext, ngettext

from judging.domain.firmness import Grade, Scenario, ScenarioKind, percent_digits, printed
from judging.domain.rules import AGGREGATE_LABELS, Aggregate
from judging.web.templating import translate

MINUS, PLUS, DASH = "−", "+", "–"
GRADE_TONES = {Grade.ABOVE: "success", Grade.GREY: "warning", Grade.BELOW: "neutral"}
BAR_TONES = {Grade.ABOVE: "info", Grade.GREY: "warning", Grade.BELOW: "info"}
AS_THE_AVERAGE = 0.05
"""A strictness that is printed as 0,0."""
NEARLY = 0.01
"""A probability nearer to 0 or 1 is not printed as the certainty that it is not."""


def number(value: float, digits: int = 1) -> str:
    """«3,2»: with so many decimals, the language's own comma and a true minus."""
    pattern = f"#,##0.{'0' * digits}".removesuffix(".")
    shown = format_decimal(printed(value, digits), format=pattern, locale=get_locale())
    return str(shown).replace("-", MINUS)


def signed(value: float, digits: int = 1) -> str:
    """«+3,2», «−1,4», «0,0»."""
    return f"{PLUS if printed(value, digits) > 0 else ''}{number(value, digits)}"


def percent(value: float | None) -> str:
    """A probability as «97 %»; «> 99 %» and «< 1 %» rather than a certainty that nobody has.

    Close to a bound of the grey zone it has the decimals that keep it on its side: «94,8 %».
    """
    if value is None:
        return ""
    if value > 1 - NEARLY:
        return gettext("> 99%")
    if value < NEARLY:
        return gettext("< 1%")
    return gettext("%(number)s%%", number=number(100 * value, percent_digits(value)))


def portion(value: float) -> str:
    """A part of a whole as «57,3 %»."""
    return gettext("%(number)s%%", number=number(100 * value))


def place_range(lo: int | None, hi: int | None) -> str:
    """«4–11», or «4» where both are the same."""
    if lo is None or hi is None:
        return ""
    return str(lo) if lo == hi else f"{lo}{DASH}{hi}"


def point_range(lo: float | None, hi: float | None) -> str:
    """«от −4,1 до −2,0»."""
    return "" if lo is None or hi is None else gettext("from %(lo)s to %(hi)s", lo=signed(lo), hi=signed(hi))


def severity_words(value: float) -> str:
    """«на 3,2 балла мягче среднего»; above 0 is more generous."""
    if abs(value) < AS_THE_AVERAGE:
        return gettext("like the average expert")
    if value > 0:
        return gettext("%(points)s points more generous than the average", points=number(value))
    return gettext("%(points)s points stricter than the average", points=number(-value))


def numbers(items: Iterable[str], shown: int = 6) -> str:
    """«СП-004, СП-017» and how many more there are."""
    known = list(items)
    rest = len(known) - shown
    said = ", ".join(known[:shown])
    return said if rest <= 0 else f"{said} {ngettext('and %(num)d more', 'and %(num)d more', rest)}"


def scenario_words(item: Scenario, names: Mapping[str, str], titles: Mapping[str, str]) -> str:
    """A scenario in words; ``names`` of experts by e-mail, ``titles`` of criteria by code."""
    match item.kind:
        case ScenarioKind.WEIGHT:
            change = f"{MINUS if item.change < 0 else PLUS}{abs(item.change)}"
            return gettext(
                "The weight of criterion %(code)s changed by %(change)s%%: %(title)s",
                code=item.subject,
                change=change,
                title=titles.get(item.subject, ""),
            )
        case ScenarioKind.WITHOUT_EXPERT:
            return gettext("Without the reviews of %(name)s", name=names.get(item.subject, item.subject))
        case ScenarioKind.AGGREGATE:
            label = translate(AGGREGATE_LABELS[Aggregate(item.subject)])
            return gettext("Marks of the experts brought together otherwise: %(way)s", way=label.lower())
