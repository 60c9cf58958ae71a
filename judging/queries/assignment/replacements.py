"""Tasks that their experts refused, and who could take each place: the best match within the rules of distribution."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from judging.domain.affinity import Affinity
from judging.domain.distribution import DistributionRules
from judging.domain.lifecycle import ReviewStatus
from judging.domain.lifecycle.review import OCCUPIED
from judging.models import Application, Cluster, Conflict, Expert, Organisation, Review
from judging.queries.assignment.chips import has_draft
from judging.queries.assignment.divergences import divergences
from judging.queries.assignment.places import ExpertLoad, admitted, experts, filled_of_application
from judging.queries.assignment.plans import assignment_rules
from judging.queries.assignment.pool import rank_of
from judging.queries.paging import TALL_PER_PAGE, Page, windowed

OFFERED = 4
"""Candidates that are named for one place: the best, and those who come next."""


class Offered(NamedTuple):
    """An expert who could take the place, with how well the fields fit."""

    expert: ExpertLoad
    affinity: Affinity


@dataclass(frozen=True)
class RefusedTask:
    """A task that its expert refused; ``open``: its place is still empty, ``offered`` the best for it first."""

    id: int
    version: int
    expert_id: int
    expert: str
    application_id: int
    number: str
    title: str
    reason: str
    additional: bool
    has_draft: bool
    open: bool
    offered: tuple[Offered, ...] = ()


class _Card(NamedTuple):
    """What the rules ask of an expert beside the load."""

    organisation: int | None
    methodologist: bool


def count_refused(session: Session, contest_id: int) -> int:
    """How many tasks on admitted applications are refused."""
    return session.scalar(select(func.count()).select_from(_refused(contest_id).order_by(None).subquery())) or 0


def refused_page(session: Session, contest_id: int, wanted: int, number: int) -> Page[RefusedTask]:
    """One page of the refused tasks by number of the application, each with its candidates: a fixed number of selects.

    ``wanted``: experts an application.
    """
    query, total = _refused(contest_id), count_refused(session, contest_id)
    rows = session.execute(windowed(query, number, total, TALL_PER_PAGE)).all()
    found = tuple(_with_candidates(session, contest_id, rows, wanted)) if rows else ()
    return Page(found, number, total, TALL_PER_PAGE)


def _refused(contest_id: int) -> Select[*tuple[Any, ...]]:
    initiator = aliased(Organisation)
    return (
        select(
            Review.id, Review.version, Review.expert_id, Expert.name.label("expert"), Review.application_id,
            Application.number, Application.title, Review.reason, Review.additional, has_draft().label("has_draft"),
            filled_of_application(contest_id).label("filled"), Application.topics, Cluster.region,
            initiator.region.label("initiator_region"),
        )
        .select_from(Review)
        .join(Expert, Expert.id == Review.expert_id)
        .join(Application, Application.id == Review.application_id)
        .join(Cluster, Cluster.id == Application.cluster_id)
        .outerjoin(initiator, initiator.id == Application.initiator_id)
        .where(admitted(contest_id), Review.status == ReviewStatus.DECLINED)
        .order_by(Application.sort_number, Review.id)
    )  # fmt: skip


def _with_candidates(session: Session, contest_id: int, rows: Sequence[Any], wanted: int) -> list[RefusedTask]:
    rules, loads, cards = (
        assignment_rules(session, contest_id),
        experts(session, contest_id),
        _cards(session, contest_id),
    )
    ids = {row.application_id for row in rows}
    taken, occupied, barred = _taken(session, ids), _occupied(session, ids), _barred(session, ids)
    diverged = _diverged(session, contest_id) if any(row.additional for row in rows) else frozenset()
    named: defaultdict[int, set[int]] = defaultdict(set)
    found = []
    for row in rows:
        empty = (
            row.application_id in diverged if row.additional else row.filled + len(named[row.application_id]) < wanted
        )
        left_out = taken[row.application_id] | barred[row.application_id] | named[row.application_id]
        place = _Place(row, rules, cards, [cards[key] for key in occupied[row.application_id]])
        offered = place.offered([one for one in loads if one.id not in left_out]) if empty else ()
        named[row.application_id].update(one.expert.id for one in offered[:1])
        found.append(_task(row, empty, offered))
    return found


def _task(row: Any, empty: bool, offered: tuple[Offered, ...]) -> RefusedTask:
    return RefusedTask(
        id=row.id, version=row.version, expert_id=row.expert_id, expert=row.expert, application_id=row.application_id,
        number=row.number, title=row.title, reason=row.reason or "", additional=row.additional,
        has_draft=bool(row.has_draft), open=empty, offered=offered,
    )  # fmt: skip


class _Place:
    """An empty place of one application: who may take it and who fits it best."""

    def __init__(self, row: Any, rules: DistributionRules, cards: Mapping[int, _Card], beside: Sequence[_Card]) -> None:
        self._topics = tuple(row.topics)
        self._home = {row.region, row.initiator_region} - {None}
        self._rules, self._cards = rules, cards
        self._employers = {card.organisation for card in beside} - {None}
        self._methodologists = sum(card.methodologist for card in beside)

    def offered(self, loads: Sequence[ExpertLoad]) -> tuple[Offered, ...]:
        """The best of those who have room and break no rule: a methodologist first where one is lacking."""
        fit = sorted((one for one in loads if one.room and self._fits(one)), key=self._rank)
        return tuple(Offered(one, one.affinity(self._topics)) for one in fit[:OFFERED])

    def _fits(self, expert: ExpertLoad) -> bool:
        if self._rules.own_region_barred and expert.region in self._home:
            return False
        return not (self._rules.one_per_organisation and self._cards[expert.id].organisation in self._employers)

    def _rank(self, expert: ExpertLoad) -> tuple[Any, ...]:
        lacking = self._methodologists < self._rules.methodologists_at_least
        far = bool(self._rules.other_region_at_least) and expert.region in self._home
        return lacking and not self._cards[expert.id].methodologist, far, *rank_of(expert, self._topics)


def _cards(session: Session, contest_id: int) -> Mapping[int, _Card]:
    query = select(Expert.id, Expert.organisation_id, Expert.methodologist).where(Expert.contest_id == contest_id)
    return {row.id: _Card(row.organisation_id, bool(row.methodologist)) for row in session.execute(query)}


def _taken(session: Session, application_ids: Collection[int]) -> defaultdict[int, set[int]]:
    """The experts who have, or had, a task on each application."""
    query = select(Review.application_id, Review.expert_id).where(Review.application_id.in_(application_ids))
    return _by_application(session.execute(query))


def _occupied(session: Session, application_ids: Collection[int]) -> defaultdict[int, set[int]]:
    query = select(Review.application_id, Review.expert_id)
    query = query.where(Review.application_id.in_(application_ids), Review.status.in_(OCCUPIED))
    return _by_application(session.execute(query))


def _barred(session: Session, application_ids: Collection[int]) -> defaultdict[int, set[int]]:
    query = select(Conflict.application_id, Conflict.expert_id).where(Conflict.application_id.in_(application_ids))
    return _by_application(session.execute(query))


def _by_application(rows: Any) -> defaultdict[int, set[int]]:
    groups: defaultdict[int, set[int]] = defaultdict(set)
    for application_id, expert_id in rows:
        groups[application_id].add(expert_id)
    return groups


def _diverged(session: Session, contest_id: int) -> frozenset[int]:
    return frozenset(one.id for one in divergences(session, contest_id) if one.open)
