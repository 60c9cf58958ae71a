"""What a workbook of score sheets is made from: the sheets of one expert that are open to be filled."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session, contains_eager

from judging.domain.gates import Act, is_open
from judging.domain.lifecycle import ApplicationStatus, ReviewStatus
from judging.domain.sheet_rules import SheetRules
from judging.domain.sheets import Sheet
from judging.models import Application, Conflict, Contest, Expert, Review, TeamMember, User
from judging.queries.agreements import awaiting
from judging.queries.extensions import time_to_review
from judging.queries.rubrics import SheetCriterion, sheet_criteria
from judging.queries.scoring import stored_sheet
from judging.queries.sheets import sheet_rules


@dataclass(frozen=True)
class OfflineSheet:
    """A sheet that goes into the workbook: whose application, in which version, and what is on it."""

    review_id: int
    version: int
    number: str
    title: str
    cluster: str
    criteria: tuple[SheetCriterion, ...]
    sheet: Sheet


@dataclass(frozen=True)
class OfflineSheets:
    """The open sheets of one expert in one contest; ``digits``: to how many decimals points are shown there.

    ``asked``: what the sheets ask beside marks. ``handed_in`` are the numbers of the applications whose sheets are
    locked: they are only named.
    """

    code: str
    title: str
    trial: bool
    digits: int
    deadline: datetime
    expert: str
    email: str
    asked: SheetRules
    sheets: tuple[OfflineSheet, ...]
    handed_in: tuple[str, ...]


def expert_by_email(session: Session, contest_id: int, email: str) -> Expert | None:
    """Return the card of an expert of a contest by its address, or by the one the person signs in with."""
    wanted = email.strip().lower()
    found = select(Expert).outerjoin(Expert.user).where(Expert.contest_id == contest_id)
    own, signed_in = func.lower(Expert.email) == wanted, func.lower(User.email) == wanted
    return session.scalars(found.where(own | signed_in).order_by(own.desc(), Expert.id).limit(1)).first()


def own_card(session: Session, contest_id: int, expert_ids: Collection[int]) -> Expert | None:
    """Return the one of these cards that is of a contest."""
    mine = (Expert.contest_id == contest_id, Expert.id.in_(expert_ids))
    return session.scalars(select(Expert).where(*mine).order_by(Expert.id).limit(1)).first()


def offline_sheets(session: Session, expert: Expert, now: datetime) -> OfflineSheets:
    """Return the sheets of an expert that a workbook made at ``now`` holds.

    Those are in it whose declaration is made and that are not handed in; none before the agreements are accepted.
    """
    contest = session.get_one(Contest, expert.contest_id)
    reviews = [] if awaits_agreements(session, expert) else open_reviews(session, expert)
    handed_in = select(Application.number).join(Review, Review.application_id == Application.id)
    handed_in = handed_in.where(Review.expert_id == expert.id, Review.status == ReviewStatus.SUBMITTED)
    return OfflineSheets(
        code=contest.code,
        title=contest.title,
        trial=contest.trial,
        digits=int(contest.rules.get("rounding", 2)),
        deadline=time_to_review(session, contest, expert.id, now).window.ends,
        expert=expert.name,
        email=expert.email,
        asked=sheet_rules(contest),
        sheets=tuple(_sheet(session, review) for review in reviews),
        handed_in=tuple(number or "" for number in session.scalars(handed_in.order_by(Application.sort_number))),
    )


def awaits_agreements(session: Session, expert: Expert) -> bool:
    """Say whether the expert has an agreement of the contest to accept first."""
    return bool(session.scalar(select(awaiting(expert.contest_id, expert.id))))


def open_reviews(session: Session, expert: Expert) -> Sequence[Review]:
    """Return the reviews of an expert whose sheets can be filled, in the order of the numbers."""
    contest = session.get_one(Contest, expert.contest_id)
    if not is_open(Act.REVIEW, contest.status):
        return []
    found = (
        select(Review)
        .join(Review.application)
        .join(Application.cluster)
        .join(Review.expert)
        .options(contains_eager(Review.application).contains_eager(Application.cluster), contains_eager(Review.expert))
        .where(
            Review.expert_id == expert.id,
            Review.status == ReviewStatus.ACCEPTED,
            Application.status == ApplicationStatus.ADMITTED,
            ~is_lost(),
        )
        .order_by(Application.sort_number, Review.id)
    )
    return session.scalars(found).all()


def lost_reviews(session: Session, review_ids: Collection[int]) -> frozenset[int]:
    """Return those of the reviews that are their experts' no more: in conflict, or of a team of their own."""
    found = select(Review.id).join(Review.application).join(Review.expert)
    return frozenset(session.scalars(found.where(Review.id.in_(review_ids), is_lost())))


def is_lost() -> ColumnElement[bool]:
    """Say of a review, joined with its application and expert, that a conflict or the expert's own team closes it."""
    return or_(
        exists().where(Conflict.expert_id == Review.expert_id, Conflict.application_id == Review.application_id),
        exists().where(TeamMember.team_id == Application.team_id, TeamMember.user_id == Expert.user_id),
    )


def _sheet(session: Session, review: Review) -> OfflineSheet:
    application = review.application
    return OfflineSheet(
        review_id=review.id,
        version=review.version,
        number=application.number or "",
        title=application.title,
        cluster=application.cluster.name,
        criteria=sheet_criteria(session, review.contest_id, application.nomination_id),
        sheet=stored_sheet(review),
    )
