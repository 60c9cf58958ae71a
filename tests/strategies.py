"""Hypothesis strategies for the domain's values. Everything drawn is valid: it would load as an archive.

``contest_records()`` draws whole contests. They are small, and on purpose full of coincidences: equal totals, equal
instants, missing marks, reviews in conflict, recusals, additional reviews, values on the very edge of a band.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TypeVar

from hypothesis import strategies as st

from judging.domain.fields.texts import line
from judging.domain.record import (
    Application,
    Cluster,
    Conflict,
    ContestRecord,
    ContestTerms,
    Decision,
    Expert,
    Organisation,
    Partner,
    Recommendation,
    Review,
    ReviewState,
)
from judging.domain.rubric import (
    Band,
    BandsCriterion,
    CommentRule,
    Criterion,
    ExpertCriterion,
    LinearCriterion,
    RelativeCriterion,
    Scale,
    expert_criteria,
    marks,
)
from judging.domain.rules import AdditionalRule, Aggregate, BudgetMode, Divergence, Rules

T = TypeVar("T")
Draw = Callable[[st.SearchStrategy[T]], T]

REGIONS = ("16", "48", "77", "02")
TOPICS = ("28.41", "29.32", "26.51", "20.16")
INDICATORS = ("private_share", "jobs", "payback_years")
OPENED = datetime(2026, 3, 1, 6, 0, tzinfo=UTC)


def inn(serial: int) -> str:
    """Make the ten-digit ИНН of a legal entity from a serial number below 10**9."""
    digits = f"{serial:09d}"
    weights = (2, 4, 10, 3, 5, 9, 4, 6, 8)
    check = sum(weight * int(digit) for weight, digit in zip(weights, digits, strict=True)) % 11 % 10
    return f"{digits}{check}"


def ogrn(serial: int) -> str:
    """Make the thirteen-digit ОГРН of a legal entity from a serial number below 10**11."""
    digits = f"1{serial:011d}"
    return f"{digits}{int(digits) % 11 % 10}"


def texts(most: int = 24) -> st.SearchStrategy[str]:
    """Draw text as it is kept, the spreadsheet formulas and the numbers in disguise among it."""
    letters = st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Co", "Cn"), include_characters="\n\t")
    nasty = st.sampled_from(
        (
            "=1+1", "+7 (912) 345-67-89", "-5", "@SUM(A1)", "\tтабуляция", "0012", "1e5", "«Сталь» & <b>Ко</b>",
            "a;b;\"c\"", "_x000D_", "'кавычка", " край ", "12.03.2026", "ИСТИНА", "{=1}", "mailto:a@b.example",
        )
    )  # fmt: skip
    return (st.text(letters, min_size=1, max_size=most) | nasty).map(line).filter(bool)


def decimals(least: int, most: int, places: int = 0) -> st.SearchStrategy[Decimal]:
    """Draw multiples of ``10 ** -places`` from ``least`` to ``most`` inclusive, in plain notation."""
    scale = 10**places
    return st.integers(least * scale, most * scale).map(lambda units: Decimal(units).scaleb(-places))


def organisations() -> st.SearchStrategy[tuple[Organisation, ...]]:
    """Draw two to five legal entities with valid check digits."""
    serials = st.lists(st.integers(1, 999_999_999), min_size=2, max_size=5, unique=True)
    return serials.flatmap(
        lambda numbers: st.tuples(
            *(
                st.builds(Organisation, st.just(inn(n)), st.just(ogrn(n)), texts(), st.sampled_from(REGIONS))
                for n in numbers
            )
        )
    )


SCALES = (
    Scale(Decimal(0), Decimal(10), Decimal(1)),
    Scale(Decimal(1), Decimal(5), Decimal(1)),
    Scale(Decimal(0), Decimal(3), Decimal("0.5")),
    Scale(Decimal(-2), Decimal(1), Decimal("0.1")),
)
WEIGHTS = st.integers(1, 30).map(Decimal) | st.integers(1, 2000).map(lambda units: Decimal(units).scaleb(-2))


@st.composite
def _expert_criterion(draw: Draw, code: str) -> ExpertCriterion:
    scale = draw(st.sampled_from(SCALES))
    bound = st.none() | st.sampled_from(marks(scale))
    comment = draw(st.none() | st.builds(CommentRule, bound, bound))
    return ExpertCriterion(code, draw(texts()), draw(WEIGHTS), scale, draw(bound), comment)


@st.composite
def _linear_criterion(draw: Draw, code: str) -> LinearCriterion:
    ends = draw(st.lists(decimals(-5, 40, 1), min_size=2, max_size=2, unique=True))
    return LinearCriterion(code, draw(texts()), draw(WEIGHTS), draw(st.sampled_from(INDICATORS)), *ends)


@st.composite
def _relative_criterion(draw: Draw, code: str) -> RelativeCriterion:
    best = draw(st.sampled_from(("max", "min")))
    return RelativeCriterion(code, draw(texts()), draw(WEIGHTS), draw(st.sampled_from(INDICATORS)), best)


@st.composite
def _bands_criterion(draw: Draw, code: str) -> BandsCriterion:
    starts = sorted(draw(st.lists(decimals(-3, 30, 1), max_size=4, unique=True)))
    scores = draw(st.lists(decimals(0, 10, 1), min_size=len(starts) + 1, max_size=len(starts) + 1))
    bands = tuple(Band(start, score) for start, score in zip((None, *starts), scores, strict=True))
    return BandsCriterion(code, draw(texts()), draw(WEIGHTS), draw(st.sampled_from(INDICATORS)), bands)


KIND_STRATEGIES = (_expert_criterion, _expert_criterion, _linear_criterion, _relative_criterion, _bands_criterion)


@st.composite
def rubrics(draw: Draw) -> tuple[Criterion, ...]:
    """Draw one to five well-formed criteria of any kinds, in any order."""
    kinds = draw(st.lists(st.sampled_from(KIND_STRATEGIES), min_size=1, max_size=5))
    return tuple(draw(kind(f"C{index}")) for index, kind in enumerate(kinds, start=1))


@st.composite
def rules(draw: Draw, criteria: Sequence[Criterion]) -> Rules:
    """Draw rules that fit ``criteria``."""
    ties = ["requested", "submitted_at", *(f"criterion:{item.code}" for item in criteria)]
    return Rules(
        experts_per_application=draw(st.integers(1, 3)),
        aggregate=draw(st.sampled_from(Aggregate)),
        divergence=Divergence(draw(st.none() | decimals(0, 1, 2)), draw(st.none() | decimals(1, 6))),
        additional_review=draw(st.sampled_from(AdditionalRule)),
        pass_total=draw(st.none() | decimals(0, 30, 1)),
        rounding=draw(st.integers(0, 6) | st.just(2)),
        tie_breakers=tuple(draw(st.lists(st.sampled_from(ties), max_size=3, unique=True))),
        budget_mode=draw(st.sampled_from(BudgetMode)),
        max_winners=draw(st.none() | st.integers(0, 4)),
        cap_per_application=draw(st.none() | st.integers(1, 900_000_00)),
    )


@st.composite
def _terms(draw: Draw, criteria: tuple[Criterion, ...], ruleset: Rules) -> ContestTerms:
    relative = [item.code for item in criteria if isinstance(item, RelativeCriterion)]
    base = draw(st.none() | st.dictionaries(st.sampled_from(relative), decimals(-1, 50, 1))) if relative else None
    return ContestTerms(
        code=draw(st.from_regex(r"[A-Z]{2,5}-[0-9]{1,4}", fullmatch=True)),
        title=draw(texts(60)),
        timezone="Europe/Moscow",
        applications_open=OPENED,
        applications_close=OPENED + timedelta(days=30),
        review_close=OPENED + timedelta(days=60),
        budget=draw(st.none() | st.integers(0, 3_000_000_00)),
        criteria=criteria,
        rules=ruleset,
        frozen_base=base,
    )


@dataclass(frozen=True)
class _Cast:
    """Who and what a contest's applications and reviews may name."""

    organisations: tuple[Organisation, ...]
    clusters: tuple[Cluster, ...]
    experts: tuple[Expert, ...]

    @property
    def inns(self) -> list[str]:
        return [item.inn for item in self.organisations]


@st.composite
def _casts(draw: Draw) -> _Cast:
    legal = draw(organisations())
    inns = [item.inn for item in legal]
    members = st.lists(st.sampled_from(inns), unique=True).map(tuple)
    clusters = tuple(
        Cluster(
            f"K{n}", draw(texts()), draw(st.sampled_from(REGIONS)), draw(texts()), draw(st.sampled_from(inns)),
            draw(members),
        )
        for n in range(1, draw(st.integers(1, 2)) + 1)
    )  # fmt: skip
    topics = st.lists(st.sampled_from(TOPICS), unique=True).map(tuple)
    experts = tuple(
        Expert(
            f"expert{n}@example.org", draw(texts()), draw(st.none() | st.sampled_from(inns)),
            draw(st.sampled_from(REGIONS)), draw(topics), draw(st.integers(0, 20)),
        )
        for n in range(1, draw(st.integers(2, 6)) + 1)
    )  # fmt: skip
    return _Cast(legal, clusters, experts)


@st.composite
def _application(draw: Draw, number: str, cast: _Cast) -> Application:
    requested = draw(st.sampled_from((100_000_00, 250_000_00, 333_333_33)) | st.integers(1, 900_000_00))
    initiator = draw(st.sampled_from(cast.inns))
    others = [item for item in cast.inns if item != initiator]
    partner = st.builds(Partner, st.sampled_from(others), st.sampled_from(("supplier", "consumer")))
    values = decimals(-2, 30, 1) | st.sampled_from((Decimal(10), Decimal(0)))
    return Application(
        number=number,
        title=draw(texts()),
        cluster=draw(st.sampled_from(cast.clusters)).code,
        initiator=initiator,
        partners=tuple(draw(st.lists(partner, max_size=2, unique_by=lambda item: item.inn))),
        submitted_at=OPENED + timedelta(seconds=draw(st.integers(0, 3) | st.integers(0, 2_500_000))),
        status=draw(st.sampled_from((*(Decision.ADMITTED,) * 5, Decision.REJECTED, Decision.WITHDRAWN))),
        requested=requested,
        total_cost=requested * draw(st.integers(1, 4)),
        topics=tuple(draw(st.lists(st.sampled_from(TOPICS), unique=True))),
        indicators=draw(st.dictionaries(st.sampled_from(INDICATORS), values)),
    )


@st.composite
def _review(draw: Draw, expert: str, application: str, criteria: tuple[Criterion, ...]) -> Review:
    state = draw(st.sampled_from((*(ReviewState.SUBMITTED,) * 7, ReviewState.ASSIGNED, ReviewState.RECUSED)))
    if state is not ReviewState.SUBMITTED:
        reason = draw(texts()) if state is ReviewState.RECUSED else None
        return Review(expert, application, state, None, {}, reason=reason)
    return Review(
        expert,
        application,
        state,
        OPENED + timedelta(days=31, minutes=draw(st.integers(0, 3) | st.integers(0, 20_000))),
        draw(_scores(expert_criteria(criteria))),
        draw(st.dictionaries(st.sampled_from([item.code for item in criteria]), texts(), max_size=2)),
        draw(st.none() | st.sampled_from(Recommendation)),
        additional=draw(st.sampled_from((False, False, False, True))),
        reason=draw(st.none() | texts()),
    )


@st.composite
def _scores(draw: Draw, criteria: Sequence[ExpertCriterion]) -> Mapping[str, Decimal]:
    """Draw the marks of one review; now and then one is missing."""
    missing = draw(st.sampled_from((None, None, None, *(item.code for item in criteria))))
    chosen = [item for item in criteria if item.code != missing]
    return {item.code: draw(st.sampled_from(marks(item.scale))) for item in chosen}


@st.composite
def contest_records(draw: Draw, most_applications: int = 6) -> ContestRecord:
    """Draw a whole valid contest of up to ``most_applications`` applications."""
    criteria = draw(rubrics())
    cast = draw(_casts())
    terms = draw(_terms(criteria, draw(rules(criteria))))
    count = draw(st.integers(0, most_applications))
    applications = tuple(draw(_application(f"{terms.code}-{n:03d}", cast)) for n in range(1, count + 1))
    pairs = [(expert.email, item.number) for item in applications for expert in cast.experts]
    met = [pair for pair in pairs if draw(st.integers(0, 3))]
    clashes = draw(st.lists(st.sampled_from(pairs), max_size=2, unique=True)) if pairs else []
    return ContestRecord(
        contest=terms,
        organisations=cast.organisations,
        clusters=cast.clusters,
        applications=applications,
        experts=cast.experts,
        conflicts=tuple(Conflict(expert, number, draw(texts())) for expert, number in clashes),
        reviews=tuple(draw(_review(expert, number, criteria)) for expert, number in met),
    )
