"""Hypothesis strategies for the domain's values. Everything drawn is valid: it would load as an archive.

``contest_records()`` draws whole contests. They are small, and on purpose full of coincidences: equal totals, equal
instants, missing marks, reviews in conflict, recusals, additional reviews, values on the very edge of a band.
Strategies that are drawn from often are made once: to make and to check one takes longer than to draw from it.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import TypeVar

from hypothesis import strategies as st

from judging.domain.fields.texts import line
from judging.domain.milestones import After, Code
from judging.domain.nominations import Nomination
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
    PlannedMilestone,
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
from judging.domain.workdays import Unit
from tests import submitted
from tests.groups import beside, grouped
from tests.richer import enriched

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


@cache
def one_of(values: Collection[T]) -> st.SearchStrategy[T]:
    """Draw one of what is the same for every contest."""
    return st.sampled_from(tuple(values))


@cache
def either(one: st.SearchStrategy[T], other: st.SearchStrategy[T]) -> st.SearchStrategy[T]:
    """Draw what one of both draws."""
    return one | other


@cache
def maybe(some: st.SearchStrategy[T]) -> st.SearchStrategy[T | None]:
    """Draw what the strategy draws, or nothing."""
    return st.none() | some


@cache
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


@cache
def decimals(least: int, most: int, places: int = 0) -> st.SearchStrategy[Decimal]:
    """Draw multiples of ``10 ** -places`` from ``least`` to ``most`` inclusive, in plain notation."""
    scale = 10**places
    return st.integers(least * scale, most * scale).map(lambda units: Decimal(units).scaleb(-places))


@cache
def several(some: st.SearchStrategy[T], least: int = 0, most: int | None = None) -> st.SearchStrategy[list[T]]:
    """Draw a list of unlike values."""
    return st.lists(some, min_size=least, max_size=most, unique=True)


@cache
def whole(least: int, most: int) -> st.SearchStrategy[int]:
    """Draw a whole number."""
    return st.integers(least, most)


def organisations() -> st.SearchStrategy[tuple[Organisation, ...]]:
    """Draw two to five legal entities with valid check digits."""
    serials = st.lists(st.integers(1, 999_999_999), min_size=2, max_size=5, unique=True)
    return serials.flatmap(
        lambda numbers: st.tuples(
            *(st.builds(Organisation, st.just(inn(n)), st.just(ogrn(n)), texts(), one_of(REGIONS)) for n in numbers)
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
    scale = draw(one_of(SCALES))
    bound = maybe(one_of(marks(scale)))
    comment = draw(st.none() | st.builds(CommentRule, bound, bound))
    return ExpertCriterion(code, draw(texts()), draw(WEIGHTS), scale, draw(bound), comment)


@st.composite
def _linear_criterion(draw: Draw, code: str) -> LinearCriterion:
    ends = draw(several(decimals(-5, 40, 1), 2, 2))
    return LinearCriterion(code, draw(texts()), draw(WEIGHTS), draw(one_of(INDICATORS)), *ends)


@st.composite
def _relative_criterion(draw: Draw, code: str) -> RelativeCriterion:
    best = draw(one_of(("max", "min")))
    return RelativeCriterion(code, draw(texts()), draw(WEIGHTS), draw(one_of(INDICATORS)), best)


@st.composite
def _bands_criterion(draw: Draw, code: str) -> BandsCriterion:
    starts = sorted(draw(several(decimals(-3, 30, 1), most=4)))
    scores = draw(st.lists(decimals(0, 10, 1), min_size=len(starts) + 1, max_size=len(starts) + 1))
    bands = tuple(Band(start, score) for start, score in zip((None, *starts), scores, strict=True))
    return BandsCriterion(code, draw(texts()), draw(WEIGHTS), draw(one_of(INDICATORS)), bands)


KIND_STRATEGIES = (_expert_criterion, _expert_criterion, _linear_criterion, _relative_criterion, _bands_criterion)


@st.composite
def rubrics(draw: Draw) -> tuple[Criterion, ...]:
    """Draw one to five well-formed criteria of any kinds, in any order."""
    kinds = draw(st.lists(one_of(KIND_STRATEGIES), min_size=1, max_size=5))
    return tuple(draw(kind(f"C{index}")) for index, kind in enumerate(kinds, start=1))


@st.composite
def rules(draw: Draw, criteria: Sequence[Criterion]) -> Rules:
    """Draw rules that fit ``criteria``."""
    ties = ("requested", "submitted_at", *(f"criterion:{item.code}" for item in criteria))
    return Rules(
        experts_per_application=draw(whole(1, 3)),
        aggregate=draw(one_of(Aggregate)),
        divergence=Divergence(draw(maybe(decimals(0, 1, 2))), draw(maybe(decimals(1, 6)))),
        additional_review=draw(one_of(AdditionalRule)),
        pass_total=draw(maybe(decimals(0, 30, 1))),
        rounding=draw(st.integers(0, 6) | st.just(2)),
        tie_breakers=tuple(draw(several(one_of(ties), most=3))),
        budget_mode=draw(one_of(BudgetMode)),
        max_winners=draw(maybe(whole(0, 4))),
        cap_per_application=draw(maybe(whole(1, 900_000_00))),
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
        budget=draw(maybe(whole(0, 3_000_000_00))),
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
            f"K{n}", draw(texts()), draw(one_of(REGIONS)), draw(texts()), draw(st.sampled_from(inns)),
            draw(members),
        )
        for n in range(1, draw(whole(1, 2)) + 1)
    )  # fmt: skip
    topics = several(one_of(TOPICS)).map(tuple)
    experts = tuple(
        Expert(
            f"expert{n}@example.org", draw(texts()), draw(st.none() | st.sampled_from(inns)),
            draw(one_of(REGIONS)), draw(topics), draw(whole(0, 20)),
        )
        for n in range(1, draw(whole(2, 6)) + 1)
    )  # fmt: skip
    return _Cast(legal, clusters, experts)


@st.composite
def _application(draw: Draw, number: str, cast: _Cast) -> Application:
    requested = draw(one_of((100_000_00, 250_000_00, 333_333_33)) | st.integers(1, 900_000_00))
    initiator = draw(st.sampled_from(cast.inns))
    others = [item for item in cast.inns if item != initiator]
    partner = st.builds(Partner, st.sampled_from(others), one_of(("supplier", "consumer")))
    values = decimals(-2, 30, 1) | one_of((Decimal(10), Decimal(0)))
    return Application(
        number=number,
        title=draw(texts()),
        cluster=draw(st.sampled_from(cast.clusters)).code,
        initiator=initiator,
        partners=tuple(draw(st.lists(partner, max_size=2, unique_by=lambda item: item.inn))),
        submitted_at=OPENED + timedelta(seconds=draw(either(whole(0, 3), whole(0, 2_500_000)))),
        status=draw(one_of((*(Decision.ADMITTED,) * 5, Decision.REJECTED, Decision.WITHDRAWN))),
        requested=requested,
        total_cost=requested * draw(whole(1, 4)),
        topics=tuple(draw(several(one_of(TOPICS)))),
        indicators=draw(st.dictionaries(one_of(INDICATORS), values)),
    )


@st.composite
def _review(draw: Draw, expert: str, application: str, criteria: tuple[Criterion, ...]) -> Review:
    state = draw(one_of((*(ReviewState.SUBMITTED,) * 7, ReviewState.ASSIGNED, ReviewState.RECUSED)))
    if state is not ReviewState.SUBMITTED:
        reason = draw(texts()) if state is ReviewState.RECUSED else None
        return Review(expert, application, state, None, {}, reason=reason)
    return Review(
        expert,
        application,
        state,
        OPENED + timedelta(days=31, minutes=draw(either(whole(0, 3), whole(0, 20_000)))),
        draw(_scores(expert_criteria(criteria))),
        draw(st.dictionaries(one_of(tuple(item.code for item in criteria)), texts(), max_size=2)),
        draw(maybe(one_of(Recommendation))),
        additional=draw(one_of((False, False, False, True))),
        reason=draw(maybe(texts())),
    )


@st.composite
def _scores(draw: Draw, criteria: Sequence[ExpertCriterion]) -> Mapping[str, Decimal]:
    """Draw the marks of one review; now and then one is missing."""
    missing = draw(one_of((None, None, None, *(item.code for item in criteria))))
    chosen = [item for item in criteria if item.code != missing]
    return {item.code: draw(one_of(marks(item.scale))) for item in chosen}


@st.composite
def contest_records(draw: Draw, most_applications: int = 6) -> ContestRecord:
    """Draw a whole valid contest of up to ``most_applications`` applications."""
    criteria = draw(rubrics())
    cast = draw(_casts())
    terms = draw(_terms(criteria, draw(rules(criteria))))
    count = draw(whole(0, most_applications))
    applications = tuple(draw(_application(f"{terms.code}-{n:03d}", cast)) for n in range(1, count + 1))
    pairs = [(expert.email, item.number) for item in applications for expert in cast.experts]
    met = [pair for pair in pairs if draw(whole(0, 3))]
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


@st.composite
def a_nomination(draw: Draw, code: str, criteria: Sequence[Criterion]) -> Nomination:
    weights = {item.code: draw(maybe(WEIGHTS)) for item in criteria if draw(whole(0, 3))}
    if all(weights.get(item.code, item.weight) is None for item in criteria):
        weights[criteria[0].code] = draw(WEIGHTS)
    return Nomination(
        code=code,
        title=f"{code} {draw(texts())}",
        title_en=draw(either(st.just(""), texts())),
        weights=weights,
        pass_total=draw(maybe(decimals(0, 30, 1))),
        budget=draw(maybe(whole(0, 2_000_000_00))),
        max_winners=draw(maybe(whole(0, 4))),
        cap=draw(maybe(whole(1, 900_000_00))),
    )


@st.composite
def nominated_records(draw: Draw, most_applications: int = 6) -> ContestRecord:
    """Draw a whole valid contest with one to three nominations."""
    record = draw(contest_records(most_applications))
    codes = ("N1", "N2", "N3")[: draw(whole(1, 3))]
    nominations = tuple(draw(a_nomination(code, record.contest.criteria)) for code in codes)
    return replace(
        record,
        contest=replace(record.contest, nominations=nominations),
        applications=tuple(replace(item, nomination=draw(one_of(codes))) for item in record.applications),
    )


@st.composite
def grouped_records(draw: Draw, most_applications: int = 6) -> ContestRecord:
    """Draw a whole valid contest with groups of criteria and criteria outside the total."""
    chance = draw(st.randoms(use_true_random=False))
    return beside(grouped(draw(contest_records(most_applications)), chance), chance)


@st.composite
def richer_records(draw: Draw, most_applications: int = 6) -> ContestRecord:
    """Draw a whole valid contest with everything that richer score sheets bring, now and then with nominations."""
    record = draw((contest_records, nominated_records, grouped_records)[draw(whole(0, 2))](most_applications))
    return enriched(record, draw(st.randoms(use_true_random=False)))


@st.composite
def whole_records(draw: Draw) -> ContestRecord:
    """Draw a contest with a form, milestones, and what was submitted of both kinds; columns follow from answers."""
    record = draw((nominated_records, contest_records, grouped_records, richer_records)[draw(whole(0, 3))](3))
    forms = submitted.versions(OPENED)[: draw(whole(1, 2))]
    soft = PlannedMilestone(Code.APPLICATIONS_SOFT, OPENED + timedelta(seconds=draw(whole(1, 2_000_000))))
    results = PlannedMilestone(Code.RESULTS, After(Code.REVIEW_CLOSE, draw(whole(1, 400)), draw(one_of(Unit))))
    came = replace(soft, came_at=OPENED + timedelta(seconds=1), reason=draw(texts()))
    milestones = ((), (soft,), (results,), (came, results))[draw(whole(0, 3))]
    record = replace(record, contest=replace(record.contest, forms=forms, milestones=milestones))
    return replace(record, applications=tuple(draw(_submitted(record, item)) for item in record.applications))


@st.composite
def _submitted(draw: Draw, record: ContestRecord, item: Application) -> Application:
    kind = draw(one_of(("none", "first", "once", "twice")))
    if kind == "none":
        return item
    if kind == "first":
        return replace(item, submissions=(submitted.first_receipt(record, item),))
    forms = record.contest.forms
    times = [item.submitted_at + timedelta(microseconds=n) for n in range(2 if kind == "twice" else 1)]
    given = [(draw(_answers(item)), forms[draw(whole(0, len(forms) - 1))]) for _ in times]
    kept = tuple(submitted.submission(record, item, *one, at) for one, at in zip(given, times, strict=True))
    return replace(submitted.following(record, item, *given[-1]), submissions=kept)


STAGES = st.lists(
    st.fixed_dictionaries({"name": texts(), "cost": whole(0, 9_000_00), "till": st.dates()}), max_size=2
)  # fmt: skip


@st.composite
def _answers(draw: Draw, item: Application) -> dict[str, object]:
    """Draw answers to the small form, some of them missing."""
    drawn = {
        "title": draw(texts()), "jobs": draw(maybe(decimals(-2, 30, 1))), "own_funds": draw(maybe(whole(0, 50_00))),
        "total_cost": draw(maybe(whole(0, 100_00))), "requested": draw(maybe(whole(0, 9_000_00))),
        "has_support": draw(maybe(st.booleans())), "other_budget": draw(maybe(whole(0, 9_00))),
        "ends_on": draw(maybe(st.dates())), "stages": tuple(draw(STAGES)),
        "topics": tuple(draw(several(one_of(TOPICS)))),
    }  # fmt: skip
    return submitted.answers(item, **drawn)
