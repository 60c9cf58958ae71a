"""Milestones of the demonstration's open contest, and one extension of each kind."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.domain.access import Actor, By
from judging.domain.lifecycle import ApplicationStatus
from judging.domain.milestones import After, Code, Plan
from judging.domain.workdays import SATURDAY, Unit
from judging.models import Application, Contest, Expert, User
from judging.services.demo.accounts import EXPERT, STAFF
from judging.services.demo.stages import OPEN
from judging.services.milestones import (
    ExtensionRequest,
    MilestonePlan,
    come_by_hand,
    extend_application,
    extend_expert,
    set_milestone,
)

REASON = "Регламент отбора (демонстрация)"


def set_terms(session: Session, now: datetime) -> None:
    """Plan the open contest to its end, note one milestone by hand, and give a draft and an expert more time."""
    contest = session.scalars(select(Contest).where(Contest.code == OPEN)).one()
    secretary = session.scalars(select(User).where(User.email == STAFF[0].email)).one()
    by = By(Actor(secretary.id, secretary.name), now)
    for code, plan in _plans(contest).items():
        set_milestone(session, contest.id, MilestonePlan(code, plan, REASON, contest.version), by=by)
        session.flush()
    words = "Встреча проведена раньше: все заявители уже подключились"
    come_by_hand(session, contest.id, Code.BRIEFING, words, version=contest.version, by=by)
    _give_time(session, contest, by)


def _plans(contest: Contest) -> dict[Code, Plan]:
    return {
        Code.BRIEFING: contest.applications_open + timedelta(days=12),
        Code.OPENING_PROTOCOL: After(Code.APPLICATIONS_CLOSE, 1, Unit.WORKING),
        Code.FORMAL_CHECK: After(Code.OPENING_PROTOCOL, 5, Unit.WORKING),
        Code.CORRECTIONS: After(Code.FORMAL_CHECK, 3, Unit.WORKING),
        Code.MEETING: _on_a_weekday(contest.review_close + timedelta(days=9)),
        Code.RESULTS: After(Code.MEETING, 5, Unit.WORKING),
        Code.NOTIFICATION: After(Code.RESULTS, 3, Unit.WORKING),
        Code.FEEDBACK: After(Code.RESULTS, 30, Unit.CALENDAR),
    }


def _on_a_weekday(at: datetime) -> datetime:
    while at.weekday() >= SATURDAY:
        at += timedelta(days=1)
    return at


def _give_time(session: Session, contest: Contest, by: By) -> None:
    draft = session.scalars(
        select(Application)
        .where(Application.contest_id == contest.id, Application.status == ApplicationStatus.DRAFT)
        .order_by(Application.id)
    ).first()
    expert = session.scalars(select(Expert).where(Expert.contest_id == contest.id, Expert.email == EXPERT.email)).one()
    if draft is not None:
        until = contest.applications_close + timedelta(days=2)
        extend_application(session, draft.id, ExtensionRequest(until, "Перебои связи на площадке заявителя"), by=by)
    until = contest.review_close + timedelta(days=3)
    extend_expert(session, expert.id, ExtensionRequest(until, "Командировка эксперта"), by=by)
