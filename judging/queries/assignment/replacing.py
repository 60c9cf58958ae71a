"""Who could take a task in the place of its expert: everybody who may, with the rules that each would break."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from judging.domain.distribution import DistributionRules, GroupRule
from judging.domain.lifecycle.review import OCCUPIED
from judging.domain.record import Recommendation
from judging.models import Application, Cluster, Expert, KeptDraft, Organisation, Review
from judging.queries.assignment.applications import ApplicationRow, Candidate, candidates
from judging.queries.assignment.places import ExpertLoad, is_heard
from judging.queries.assignment.plans import assignment_rules


@dataclass(frozen=True)
class Heir:
    """An expert who could have the task, with the rules of the distribution that it would break."""

    candidate: Candidate
    broken: tuple[GroupRule, ...]

    @property
    def fits(self) -> bool:
        """Whether the system would choose this expert: with room, and against no rule."""
        return bool(self.candidate.expert.room) and not self.broken


def heirs(session: Session, row: ApplicationRow, review: Review, loads: Sequence[ExpertLoad]) -> list[Heir]:
    """Everybody who may have the task, the best first: those who fit, then by match, room and load.

    Those in conflict and those who have or had a task on the application are left out, as in a plan.
    """
    free = [one for one in candidates(session, row, loads) if not (one.barred or one.tasked)]
    rules = assignment_rules(session, review.contest_id)
    broken = _broken(session, review, rules, [one.expert.id for one in free])
    found = [Heir(one, broken[one.expert.id]) for one in free]
    return sorted(found, key=lambda one: not one.fits)


def _broken(
    session: Session, review: Review, rules: DistributionRules, expert_ids: Collection[int]
) -> Mapping[int, tuple[GroupRule, ...]]:
    """The rules that each of these experts would break beside those who stay on the application: three selects."""
    own = _regions(session, review.application_id)
    stay = session.execute(
        _facts()
        .join(Review, Review.expert_id == Expert.id)
        .where(Review.application_id == review.application_id, Review.id != review.id)
        .where(Review.status.in_(OCCUPIED), is_heard())
    ).all()
    rows = session.execute(_facts().where(Expert.id.in_(expert_ids)))
    return {row.id: tuple(rule for rule, fault in _faults(rules, own, stay, row) if fault) for row in rows}


def _faults(
    rules: DistributionRules, own: frozenset[str], stay: Sequence[Any], row: Any
) -> Sequence[tuple[GroupRule, bool]]:
    together = [*stay, row]
    strangers = sum(one.region not in own for one in together)
    inns = {one.inn for one in stay} - {None}
    return (
        (GroupRule.OWN_REGION, rules.own_region_barred and row.region in own),
        (GroupRule.OTHER_REGION, row.region in own and strangers < rules.other_region_at_least),
        (GroupRule.ORGANISATION, rules.one_per_organisation and row.inn in inns),
        (
            GroupRule.METHODOLOGIST,
            not row.methodologist and sum(one.methodologist for one in together) < rules.methodologists_at_least,
        ),
    )


def _facts() -> Any:
    columns: tuple[Any, ...] = (Expert.id, Expert.region, Expert.methodologist, Organisation.inn)
    return select(*columns).select_from(Expert).outerjoin(Organisation, Organisation.id == Expert.organisation_id)


def _regions(session: Session, application_id: int) -> frozenset[str]:
    """The regions of the application's cluster and of its initiator."""
    initiator = aliased(Organisation)
    row = session.execute(
        select(Cluster.region, initiator.region.label("initiator"))
        .select_from(Application)
        .join(Cluster, Cluster.id == Application.cluster_id)
        .outerjoin(initiator, initiator.id == Application.initiator_id)
        .where(Application.id == application_id)
    ).one()
    return frozenset({row.region, row.initiator} - {None})


@dataclass(frozen=True)
class KeptRow:
    """A draft that was put by, as the staff see it: nothing of what its expert noted for themselves."""

    expert_id: int
    expert: str
    reason: str
    kept_at: Any
    scores: Mapping[str, str]
    comments: Mapping[str, str]
    recommendation: Recommendation | None
    handed_in: int

    @property
    def codes(self) -> tuple[str, ...]:
        """The criteria that have a mark or a comment."""
        return tuple(sorted({*self.scores, *self.comments}))


def kept_drafts(session: Session, application_id: int) -> list[KeptRow]:
    """The drafts of tasks on this application that were taken away, the newest first: one select."""
    rows = session.execute(
        select(KeptDraft.expert_id, Expert.name, KeptDraft.reason, KeptDraft.kept_at, KeptDraft.sheet,
               KeptDraft.handed_in)
        .join(Expert, Expert.id == KeptDraft.expert_id)
        .where(KeptDraft.application_id == application_id)
        .order_by(KeptDraft.kept_at.desc(), KeptDraft.id.desc())
    )  # fmt: skip
    return [_kept(row) for row in rows]


def _kept(row: Any) -> KeptRow:
    verdict = row.sheet.get("recommendation")
    return KeptRow(
        expert_id=row.expert_id,
        expert=row.name,
        reason=row.reason,
        kept_at=row.kept_at,
        scores=row.sheet.get("scores") or {},
        comments=row.sheet.get("comments") or {},
        recommendation=Recommendation(verdict) if verdict else None,
        handed_in=len(row.handed_in),
    )
