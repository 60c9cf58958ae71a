"""Applications whose reviews differ more than the rules allow, and what has been done about each."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from judging.domain import nominations, record
from judging.domain.collation import sort_key
from judging.domain.divergence import Arithmetic, arithmetic, divergence_mark
from judging.domain.lifecycle import ReviewStatus
from judging.domain.lifecycle.review import OCCUPIED
from judging.domain.parts import terms_in
from judging.domain.review_totals import review_totals
from judging.domain.rubric import expert_criteria
from judging.domain.scoring import round_half_up, score_applications
from judging.domain.visibility import Sight
from judging.models import AdditionalCall, Application, Expert, Nomination, Review
from judging.queries.assignment.chips import Chip, grouped, tasks_where
from judging.queries.assignment.places import admitted, in_conflict
from judging.queries.records import contest_terms


@dataclass(frozen=True)
class Divergence:
    """A diverged application: the totals of its regular reviews, ascending and rounded, and its additional tasks.

    ``mark`` names this very divergence.
    """

    id: int
    number: str
    title: str
    totals: tuple[Decimal, ...]
    additional: tuple[Chip, ...]
    mark: str = ""

    @property
    def open(self) -> bool:
        """Whether nobody has been asked for the additional review yet."""
        return not any(chip.status in OCCUPIED and not (chip.barred or chip.set_aside) for chip in self.additional)

    @property
    def proposal(self) -> Chip | None:
        """The additional review that is proposed and not confirmed yet."""
        return next((chip for chip in self.additional if chip.status.is_proposed and not chip.barred), None)


@dataclass(frozen=True)
class Laid:
    """The arithmetic of one application's regular reviews, and who wrote them, in the order of the totals."""

    figures: Arithmetic
    emails: tuple[str, ...]
    rounding: int


@dataclass(frozen=True)
class _Found:
    """A diverged application: the terms of its part, and its regular reviews."""

    terms: record.ContestTerms
    reviews: Sequence[record.Review]


def divergences(session: Session, contest_id: int, application_id: int | None = None) -> list[Divergence]:
    """The diverged applications of a contest (or this one if it is diverged), by number: six selects."""
    terms, reviews = contest_terms(session, contest_id), _reviews(session, contest_id, application_id)
    found = dict(_diverged(terms, reviews))
    known = _applications(session, contest_id, found)
    chips = _additional(session, contest_id)
    marks = {number: divergence_mark(one.reviews) for number, one in found.items()}
    return [
        Divergence(
            id=known[number].id,
            number=number,
            title=known[number].title,
            totals=_totals(found[number].terms, found[number].reviews),
            additional=tuple(chips[known[number].id]),
            mark=marks[number],
        )
        for number in sorted(found, key=sort_key)
    ]


def laid_out(session: Session, contest_id: int, application_id: int) -> Laid | None:
    """The arithmetic of one application's regular reviews, diverged or not; None where there are fewer than two."""
    terms, reviews = contest_terms(session, contest_id), _reviews(session, contest_id, application_id)
    for (code, _), sheets in reviews.items():
        part = _part(terms, next((one for one in terms.nominations if one.code == code), None))
        return Laid(arithmetic(part, sheets), tuple(one.expert for one in sheets), part.rules.rounding)
    return None


def without_figures(rows: Iterable[Divergence], seen: Sight) -> list[Divergence]:
    """Return the rows as somebody may see them: that reviews diverge is told, by how much only where marks are open."""
    return [row if seen.shows(row.id) else replace(row, totals=()) for row in rows]


def is_diverged(session: Session, contest_id: int, application_id: int) -> bool:
    """Whether the regular reviews of this application differ more than the rules allow."""
    return bool(divergences(session, contest_id, application_id))


def _diverged(terms: record.ContestTerms, reviews: "Handed") -> Iterator[tuple[str, _Found]]:
    """Yield the number and the reviews of every diverged application, each nomination by its own criteria."""
    for nomination in terms.nominations or (None,):
        part = _part(terms, nomination)
        code = None if nomination is None else nomination.code
        own = {number: sheets for (home, number), sheets in reviews.items() if home == code}
        scores = score_applications(part, [_bare(number) for number in own], _flat(own.values()), ())
        yield from ((one.application, _Found(part, own[one.application])) for one in scores if one.diverged)


def _part(terms: record.ContestTerms, nomination: nominations.Nomination | None) -> record.ContestTerms:
    """The terms of a part of the contest, with the criteria that experts mark alone."""
    part = terms_in(terms, nomination)
    return replace(part, criteria=tuple(expert_criteria(part.criteria)))


Handed = Mapping[tuple[str | None, str], list[record.Review]]
"""Reviews by the code of the nomination (None where there is none) and the number of the application."""


def _reviews(session: Session, contest_id: int, application_id: int | None) -> Handed:
    """The handed-in regular reviews that count, where there are two or more."""
    several = (
        select(Review.application_id)
        .where(Review.contest_id == contest_id, *_counted())
        .group_by(Review.application_id)
        .having(func.count() > 1)
    )
    query = (
        select(Expert.email, Application.number, Review.submitted_at, Review.scores, Review.abstained, Nomination.code)
        .select_from(Review)
        .join(Expert, Expert.id == Review.expert_id)
        .join(Application, Application.id == Review.application_id)
        .outerjoin(Nomination, Nomination.id == Application.nomination_id)
        .where(admitted(contest_id), *_counted(), Application.id.in_(several), ~in_conflict())
        .order_by(Application.sort_number, Review.id)
    )
    if application_id is not None:
        query = query.where(Application.id == application_id)
    found: defaultdict[tuple[str | None, str], list[record.Review]] = defaultdict(list)
    for row in session.execute(query):
        found[row.code, str(row.number)].append(_review(row))
    return found


def _counted() -> Sequence[Any]:
    return (
        Review.status == ReviewStatus.SUBMITTED,
        Review.additional.is_(False),
        Review.in_scope.is_not(False),
        Review.set_aside_reason.is_(None),
    )


def _review(row: Any) -> record.Review:
    return record.Review(
        expert=row.email,
        application=row.number,
        state=record.ReviewState.SUBMITTED,
        submitted_at=row.submitted_at,
        scores={code: Decimal(mark) for code, mark in row.scores.items()},
        abstained=frozenset(row.abstained),
    )


def _bare(number: str) -> record.Application:
    """An application of which only the reviews matter: whether they diverge depends on nothing else."""
    return record.Application(
        number=number,
        title="",
        cluster="",
        initiator="",
        partners=(),
        submitted_at=datetime.min.replace(tzinfo=UTC),
        status=record.Decision.ADMITTED,
        requested=0,
        total_cost=0,
        topics=(),
        indicators={},
    )


def _flat(groups: Iterable[list[record.Review]]) -> list[record.Review]:
    return [review for group in groups for review in group]


def _totals(terms: record.ContestTerms, reviews: Iterable[record.Review]) -> tuple[Decimal, ...]:
    exact = sorted(review_totals(terms.criteria, reviews))
    return tuple(round_half_up(total, terms.rules.rounding) for total in exact)


def _applications(session: Session, contest_id: int, numbers: Iterable[str]) -> Mapping[str, Any]:
    query = select(Application.id, Application.number, Application.title).where(admitted(contest_id))
    wanted = set(numbers)
    return {str(row.number): row for row in session.execute(query) if row.number in wanted}


def calls_of(session: Session, contest_id: int) -> Mapping[tuple[int, str], AdditionalCall]:
    """What the system did about the divergences of a contest, by application and the divergence's mark."""
    calls = session.scalars(select(AdditionalCall).where(AdditionalCall.contest_id == contest_id))
    return {(call.application_id, call.mark): call for call in calls}


def _additional(session: Session, contest_id: int) -> defaultdict[int, list[Chip]]:
    return grouped(tasks_where(session, admitted(contest_id), Review.additional.is_(True)), "application_id")
