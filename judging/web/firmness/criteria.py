"""How far the experts agree on each criterion, how reliable the mean mark is, and what to do about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flask_babel import gettext

from judging.domain.errors import N_
from judging.domain.firmness import CriterionAgreement, Report
from judging.web.firmness.words import number, percent
from judging.web.templating import translate


@dataclass(frozen=True)
class AgreementBand:
    """From ``least`` on agreement is called ``label``; ``advice`` says what to do about it."""

    key: str
    least: float
    tone: str
    label: str
    advice: str


LEVELS = (
    AgreementBand("high", 0.8, "success", N_("Experts agree"), N_("Nothing needs to be done.")),
    AgreementBand(
        "fair", 0.6, "info", N_("Experts agree on the whole"),
        N_("The mean can be relied on. The description of the marks may be made more exact for the next contest."),
    ),
    AgreementBand(
        "low", 0.4, "warning", N_("Experts differ"),
        N_("The experts understand the criterion differently: make the description of its marks more exact, "
           "give examples."),
    ),
    AgreementBand(
        "none", -2.0, "danger", N_("Experts hardly agree"),
        N_("Talk the criterion over with the experts, give examples of high and of low marks. Until then a difference "
           "of one mark says little."),
    ),
)  # fmt: skip
"""The bounds of Landis and Koch (Biometrics 33, 1977) for agreement corrected for chance; below 0.4 one level."""

UNIFORM = AgreementBand(
    "uniform", -2.0, "neutral", N_("Nearly all marks are the same"),
    N_("The experts do not differ, but the criterion does not tell the projects apart. The coefficient says nothing "
       "here: it compares with agreement by chance, and where nearly all marks are the same chance agrees as well."),
)  # fmt: skip
SAME = Fraction(9, 10)
"""From this share of one and the same mark on, low agreement is called :data:`UNIFORM`.

A coefficient corrected for chance falls to 0 where one mark prevails, however well people agree (Feinstein and
Cicchetti, J. Clin. Epidemiol. 43, 1990).
"""
Sameness = Mapping[str, tuple[int, int]]
"""Of each criterion: how many marks are its commonest mark, of how many."""


@dataclass(frozen=True)
class Criteria:
    """The rows of the table, the codes of the criteria on which experts differ; ``known`` of ``of`` have a level."""

    rows: Sequence[Mapping[str, Any]]
    differing: Sequence[str]
    known: int
    of: int
    with_kendall: bool
    drawn: bool
    uniform: bool


def make_criteria(report: Report, marks: Sameness) -> Criteria:
    """Word every coefficient; ``marks`` of the criteria by code."""
    rows = [_row(item, _level(item, marks)) for item in report.agreement]
    low = {level.key for level in LEVELS[2:]}
    criteria = [row for row in rows if row["agreement"].code and row["level"]]
    return Criteria(
        rows=rows,
        differing=[row["agreement"].code for row in criteria if row["level"].key in low],
        known=len(criteria),
        of=sum(bool(item.code) for item in report.agreement),
        with_kendall=any(item.kendall_w is not None for item in report.agreement),
        drawn=any(row["point"] for row in rows),
        uniform=any(row["level"] is UNIFORM for row in rows),
    )


def level_of(alpha: float | None) -> AgreementBand | None:
    """The level of a coefficient; None without one."""
    return None if alpha is None else next(level for level in LEVELS if alpha >= level.least)


def _level(item: CriterionAgreement, marks: Sameness) -> AgreementBand | None:
    """The level of a coefficient; a low one says something else where nearly all its marks are the same."""
    level = level_of(item.alpha)
    same, count = marks.get(item.code, (0, 0))
    uniform = level in LEVELS[2:] and 0 < count == item.scores and Fraction(same, count) >= SAME
    return UNIFORM if uniform else level


def _row(item: CriterionAgreement, level: AgreementBand | None) -> Mapping[str, Any]:
    title = item.title or gettext("The expert part as a whole")
    return {
        "agreement": item,
        "title": title,
        "level": level,
        "alpha": number(item.alpha, 2) if item.alpha is not None else "",
        "one": percent(_share(item.icc1)),
        "mean": percent(_share(item.icc1k)),
        "kendall": number(item.kendall_w, 2) if item.kendall_w is not None else "",
        "point": _point(item, title, level) if level is not None else None,
    }


def _share(value: float | None) -> float | None:
    """A coefficient as a share; below zero it says no more than zero does."""
    return None if value is None else max(0.0, value)


def _point(item: CriterionAgreement, title: str, level: AgreementBand) -> Mapping[str, Any]:
    """One criterion as the chart takes it."""
    return {
        "label": item.code or gettext("All"),
        "code": item.code,
        "title": title[:90],
        "value": item.alpha,
        "level": level.key,
        "said": [
            translate(level.label),
            gettext("Agreement: %(alpha)s", alpha=number(item.alpha or 0.0, 2)),
        ],
    }
