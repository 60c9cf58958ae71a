"""The parts of a report on firmness, as values."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import isfinite
from statistics import NormalDist

from judging.domain.firmness.words import Caution, Grade, Refusal, ScenarioKind
from judging.domain.ranking import Outcome
from judging.domain.scoring import round_half_up

DIGITS = 6
ENOUGH_SCORES = 8
"""From so many scores on an expert gets a verdict."""
FEWEST_PROJECTS = 5
FEWEST_EXPERTS = 2
"""Panels smaller than this get no places of their own."""
SURELY, HARDLY = 0.95, 0.05
"""The grey zone lies between these probabilities of being above the line."""
LEVEL = 0.9
"""Of every interval of the report."""
HALF_WIDTH = NormalDist().inv_cdf((1 + LEVEL) / 2)
"""Standard errors on each side of such an interval."""
LEAST_VALUE = 0.005
"""Points below which one more review is not worth a proposal: they are printed as 0.00."""
FEWEST_COMPARED = 5
"""Projects with two marks or more, from which on agreement is spoken of."""


@dataclass(frozen=True)
class Variances:
    """Parts of the variance of the scores of a panel, in squared points."""

    item: float
    rater: float
    residual: float

    @property
    def shares(self) -> "Variances":
        """The parts as shares of their sum; all 0 where the sum is."""
        whole = self.item + self.rater + self.residual
        return Variances(*(part / whole if whole else 0.0 for part in (self.item, self.rater, self.residual)))


@dataclass(frozen=True)
class Panel:
    """Projects and experts linked by reviews, the largest panel first, numbered from 1.

    ``winners``: as many of its projects win, its line is below them; ``no_line`` where this is none, or all that may.
    ``refusal``: nothing is said of its projects and experts. ``informative`` is the correlation of the strictness of
    experts with the quality of what they saw; ``alarm``: so strong that ``Project.corrected_fixed`` is to be looked at,
    and that what is said of experts and variances comes from the same solution, which nothing is smoothed in.
    """

    number: int
    projects: int
    experts: int
    scores: int
    winners: int
    refusal: Refusal | None
    no_line: Refusal | None
    variances: Variances | None
    informative: float | None
    alarm: bool
    cautions: tuple[Caution, ...]

    @property
    def unsaid(self) -> Refusal | None:
        """Why nothing is said of the line; None where it is."""
        return self.refusal or self.no_line


@dataclass(frozen=True)
class Project:
    """One admitted application, in the official order.

    ``place`` and ``total`` are official, ``outcome`` too; ``winner`` is the side of the line: an official winner, or,
    while reviews are missing (``Report.provisional``), who would win by what is there. ``panel`` is None without
    counted reviews; ``panel_place`` is the official place among those of the panel. ``corrected``: computed points and
    the expert part without the strictness of its experts, with its standard error; it may pass the ends of the scale.
    ``lo`` and ``hi``: the places inside the panel between which the project is with probability :data:`LEVEL`;
    ``p_line``: probability of being among the best ``Panel.winners`` of those that may win, 0 for one that a floor bars
    or that wants nothing; ``p_funded``: of getting money as the budget is walked down, the awards of other panels being
    as they are. ``next_value``: by how many points one more review of it is expected to make the chosen winners better.
    """

    number: str
    place: int
    total: Decimal
    outcome: Outcome
    winner: bool
    reviews: int
    panel: int | None = None
    panel_place: int | None = None
    corrected: float | None = None
    corrected_se: float | None = None
    corrected_fixed: float | None = None
    lo: int | None = None
    hi: int | None = None
    p_line: float | None = None
    p_funded: float | None = None
    grade: Grade | None = None
    next_value: float | None = None


@dataclass(frozen=True)
class Expert:
    """One expert with counted reviews, by name, then e-mail.

    ``own_mean`` is the mean total over the projects that others judged too, ``others_mean`` that of the others on the
    same projects, both plain arithmetic that needs no model; None where nobody else judged any of them.
    ``severity`` in points: above 0 is more generous than the panel's average expert; ``lo`` and ``hi`` its interval;
    ``noise``: the standard deviation of what strictness and quality do not explain. ``misfit``: how much better the
    scores agree with «does not look at the projects» than with «follows them», ``flagged`` where that is striking.
    These are None, with ``refusal``, where the data do not carry them (``enough`` is False below
    :data:`ENOUGH_SCORES`).
    """

    email: str
    name: str
    panel: int
    scores: int
    enough: bool
    refusal: Refusal | None = None
    severity: float | None = None
    lo: float | None = None
    hi: float | None = None
    noise: float | None = None
    misfit: float | None = None
    flagged: bool = False
    own_mean: float | None = None
    others_mean: float | None = None


@dataclass(frozen=True)
class Cell:
    """One counted review beside what was to be expected of this expert on this project, in points.

    ``standardised`` is the residual in standard deviations of the expert's noise.
    """

    expert: str
    number: str
    score: float
    expected: float
    residual: float
    standardised: float | None


@dataclass(frozen=True)
class CriterionAgreement:
    """How far experts agree on one criterion; ``code`` is empty for the weighted total.

    ``alpha`` and ``alpha_ordinal`` are Krippendorff's, ``icc1`` of one mark and ``icc1k`` of the mean of the marks;
    ``kendall_w`` only where every expert marked every project.
    """

    code: str
    title: str
    projects: int
    scores: int
    refusal: Refusal | None = None
    alpha: float | None = None
    alpha_ordinal: float | None = None
    icc1: float | None = None
    icc1k: float | None = None
    kendall_w: float | None = None


@dataclass(frozen=True)
class Scenario:
    """The official ranking with one thing changed: who becomes a winner (``up``) and who stops being one (``down``).

    ``subject``: a criterion's code, an e-mail, an aggregate; ``change``: of the weight in per cent, otherwise 0;
    ``alone``: how many applications only this expert has marked, and which keep their scores for that reason.
    """

    kind: ScenarioKind
    subject: str
    change: int = 0
    up: tuple[str, ...] = ()
    down: tuple[str, ...] = ()
    alone: int = 0


@dataclass(frozen=True)
class Contested:
    """Whoever crosses the line in ``crossings`` of the scenarios; ``winner`` on which side it is without any."""

    number: str
    winner: bool
    crossings: int


@dataclass(frozen=True)
class Sensitivity:
    """All scenarios; ``steadfast`` are winners in every one of them, in the official order like ``contested``."""

    scenarios: tuple[Scenario, ...]
    steadfast: tuple[str, ...]
    contested: tuple[Contested, ...]


@dataclass(frozen=True)
class NextReview:
    """A project for which one more review is worth most; ``value`` in points, see ``Project.next_value``."""

    number: str
    value: float
    reviews: int
    p_line: float | None


@dataclass(frozen=True)
class Report:
    """Everything that is said of one ranking.

    ``digest`` names what it was made from, ``engine`` what made it. ``maximum`` is the greatest total, ``line`` the
    number of winners, ``budget`` in kopecks. ``provisional``: some applications still need reviews, and everything is
    as if what is there were all. ``refusal``: nothing can be said at all.
    """

    contest: str
    digest: str
    engine: str
    provisional: bool
    maximum: Decimal
    line: int
    budget: int | None
    panels: tuple[Panel, ...] = ()
    projects: tuple[Project, ...] = ()
    experts: tuple[Expert, ...] = ()
    cells: tuple[Cell, ...] = ()
    agreement: tuple[CriterionAgreement, ...] = ()
    sensitivity: Sensitivity | None = None
    next_reviews: tuple[NextReview, ...] = ()
    refusal: Refusal | None = None


def figure(value: float | None) -> float | None:
    """Return a statistic as the report holds it: rounded, None where there is no finite value."""
    if value is None or not isfinite(value):
        return None
    return round(float(value), DIGITS) + 0.0


def percent_digits(probability: float) -> int:
    """Return with how many decimals a per cent has to be printed to stay on its side: 0, more close to a bound."""
    side, per_cent = grade_of(probability), 100 * Fraction(str(probability))
    return next((n for n in range(4) if grade_of(float(round_half_up(per_cent, n) / 100)) is side), 4)


def printed(value: float, digits: int) -> Decimal:
    """Return a statistic as people read it: half up from the digits that the report holds, without a negative zero."""
    return round_half_up(Fraction(str(value)), digits)


def grade_of(probability: float | None) -> Grade | None:
    """Return on which side of the line a probability of being above it puts a project."""
    if probability is None:
        return None
    if probability >= SURELY:
        return Grade.ABOVE
    return Grade.BELOW if probability <= HARDLY else Grade.GREY
