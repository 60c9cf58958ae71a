"""Every act takes hold of its contest before anything else, so no two acts wait for each other in a circle."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from itertools import combinations
from threading import Barrier, BrokenBarrierError, Thread, local
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, event, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from judging.domain import discussion
from judging.domain.access import CONSOLE, By, Role
from judging.domain.discussion import MessageAudience
from judging.domain.errors import RuleViolation
from judging.domain.lifecycle import Action
from judging.domain.milestones import Code
from judging.domain.offline.comparing import Compared, Given, Row, State
from judging.domain.offline.places import Part, Place
from judging.domain.stages import Calendar
from judging.domain.visibility import Opens, Visibility
from judging.extensions import db
from judging.models import (
    Application,
    Cluster,
    Conflict,
    Contest,
    DiscussionRules,
    Expert,
    Extension,
    Grant,
    Review,
    User,
)
from judging.queries.actors import actor_of
from judging.queries.answers import section_version
from judging.queries.contests import calendar_of
from judging.services import (
    admission,
    agreed_scores,
    assignment,
    conflicts,
    discussions,
    experts,
    milestones,
    rankings,
    scoring,
)
from judging.services import contests as contest_services
from judging.services.applications import application_submit, clusters, own_edit
from judging.services.applications.section_save import save_section
from judging.services.applications.withdrawal import undo_withdrawal, withdraw_application
from judging.services.assignment import additional_call
from judging.services.contests.visibility import change_visibility
from judging.services.early_looks import look_early
from judging.services.holding import hold_with
from tests import factories
from tests.conftest import Prepared, Store
from tests.factories import MOMENT
from tests.services.test_applications import whole_draft

DATABASES = ("postgresql",)
"""SQLite has one lock."""
BY = By(CONSOLE, MOMENT)
MARKS = {f"E{number}": Decimal(7) for number in range(1, 7)}
LOCKS = re.compile(r"\bFOR (?:NO KEY UPDATE|UPDATE|SHARE|KEY SHARE)\b|^(?:UPDATE|DELETE|INSERT)\b")
NO_WAIT = 0.02
"""Seconds that a thread waits for the other one, which has asked for its first lock, to have it; where locks are in
order it never has it.
"""
LONGEST = 20.0
"""Seconds; nothing in order takes so long."""


@dataclass(frozen=True)
class World:
    """One contest: an application with a sheet that is filled, one handed in, one proposed; a draft; a conflict."""

    contest: int
    application: int
    draft: int
    own: int
    withdrawn: int
    filled: int
    handed_in: int
    proposed: int
    declined: int
    free: int
    conflict: int
    extension: int


def populate(session: Session) -> World:
    contest = factories.contest(
        session, visibility={"chair": "closed"}, rules={**factories.PRESET["rules"], "agreed_score": "beside"}
    )
    session.add(DiscussionRules(contest_id=contest.id, circle="commission", edit_minutes=15, version=1))
    chair = factories.user(session, name="Председатель")
    chair.grants.append(Grant(role="chair", contest_id=contest.id, granted_at=MOMENT))
    application = factories.application(session, contest)
    judges = [factories.expert(session, contest) for _ in range(5)]
    sheet = {"scores": dict.fromkeys(MARKS, "7"), "recommendation": "support"}
    filled = factories.review(session, judges[0], application, "accepted", **sheet)
    handed_in = factories.review(session, judges[1], application, "submitted")
    proposed = factories.review(session, judges[2], application, "proposed")
    refused = factories.application(session, contest)
    declined = factories.review(session, judges[2], refused, "declined", reason="overloaded")
    conflict = factories.conflict(session, judges[3], application)
    draft = whole_draft(session, contest)
    own = factories.application(session, contest, status="submitted")
    withdrawn = factories.application(session, contest, status="withdrawn")
    factories.milestone(session, contest, "briefing")
    factories.milestone(session, contest, "assignment", came_at=MOMENT)
    extension = factories.extension(session, judges[0], contest.review_close + timedelta(days=1))
    return World(
        contest.id, application.id, draft.id, own.id, withdrawn.id, filled.id, handed_in.id, proposed.id, declined.id,
        judges[4].id,
        conflict.id, extension.id,
    )  # fmt: skip


APPLICATIONS = ("application", "draft", "own", "withdrawn")


def of(session: Session, world: World, name: str) -> Any:
    models = {"contest": Contest, "free": Expert, "conflict": Conflict, "extension": Extension}
    model = models.get(name) or (Application if name in APPLICATIONS else Review)
    return session.get_one(model, getattr(world, name))


def save(session: Session, world: World) -> None:
    review = of(session, world, "filled")
    scoring.save_draft(
        session,
        review,
        scoring.SheetDraft(scores=MARKS | {"E1": Decimal(8)}, comments={}, recommendation=None, version=review.version),
        by=BY,
    )


def load_file(session: Session, world: World) -> None:
    review = of(session, world, "filled")
    row = Row(review.id, "1", Place(Part.MARK, "E1"), State.NEW, "Заявка 1!E7", text="8")
    compared = Compared((Given(review.id, review.version, "1", {}, {}, {}),), (row,))
    scoring.load_sheets(session, scoring.SheetsLoad(compared), by=BY)


def hand_in(session: Session, world: World) -> None:
    review = of(session, world, "filled")
    scoring.submit_review(session, review, version=review.version, by=BY)


def give_back(session: Session, world: World) -> None:
    review = of(session, world, "handed_in")
    scoring.return_review(session, review, reason="Уточните", version=review.version, by=BY)


def set_aside(session: Session, world: World) -> None:
    review = of(session, world, "handed_in")
    scoring.set_review_aside(session, review, reason="Списано", version=review.version, by=BY)


def schedule(session: Session, world: World) -> None:
    assignment.schedule_reminders(session, of(session, world, "contest"), (3, 1), version=0, by=BY)


def recuse(session: Session, world: World) -> None:
    scoring.recuse(session, of(session, world, "filled"), reason="relative", by=BY)


def decline(session: Session, world: World) -> None:
    review = of(session, world, "filled")
    scoring.decline_review(session, review, reason="overloaded", words="", by=BY, refusals_url="https://x")


def replace_refused(session: Session, world: World) -> None:
    review, contest = of(session, world, "declined"), of(session, world, "contest")
    change = assignment.Reassignment(of(session, world, "free"), review.version)
    assignment.replace_refused(session, contest, review, change, by=BY, tasks_url="https://x")


def take_away(session: Session, world: World) -> None:
    review = of(session, world, "filled")
    assignment.remove_review(session, of(session, world, "contest"), review, version=review.version, reason="x", by=BY)


def reassign(session: Session, world: World) -> None:
    review, contest = of(session, world, "proposed"), of(session, world, "contest")
    heir = of(session, world, "free")
    assignment.reassign_review(
        session,
        contest,
        review,
        assignment.Reassignment(expert=heir, version=review.version, reason="x"),
        by=BY,
        tasks_url="https://example.org/",
    )


def withdraw(session: Session, world: World) -> None:
    application = of(session, world, "application")
    admission.decide_application(
        session, application, admission.Decision(Action.WITHDRAW, version=application.version, reason="Сняли"), by=BY
    )


def enter(session: Session, world: World) -> None:
    expert = of(session, world, "filled").expert
    conflicts.enter_conflict(
        session, expert=expert, application=of(session, world, "application"), reason="Родня", by=BY
    )  # fmt: skip


def lift(session: Session, world: World) -> None:
    conflicts.lift_conflict(session, of(session, world, "conflict"), reason="Ошибка", by=BY)


def correct_expert(session: Session, world: World) -> None:
    expert = of(session, world, "filled").expert
    data = experts.ExpertData(email=expert.email, name="Иная Фамилия", region="77", topics=("28.41",), max_load=3)
    experts.change_expert(session, expert, data, version=expert.version, by=BY)


def fill(session: Session, world: World) -> None:
    draft = of(session, world, "draft")
    seen = section_version(draft, "passport")
    save_section(session, draft.id, "passport", {"title": "Иной проект"}, seen=seen, by=BY)


def submit(session: Session, world: World) -> None:
    application_submit.submit_application(session, world.draft, version=of(session, world, "draft").version, by=BY)


def drop(session: Session, world: World) -> None:
    withdraw_application(session, world.draft, reason="Передумали", by=BY)


def change_own(session: Session, world: World) -> None:
    own_edit.open_own_edit(session, world.own, version=of(session, world, "own").version, by=BY)


def come_back(session: Session, world: World) -> None:
    undo_withdrawal(session, world.withdrawn, version=of(session, world, "withdrawn").version, by=BY)


def add_organisation(session: Session, world: World) -> None:
    cluster: Cluster = of(session, world, "draft").cluster
    data = clusters.OrganisationData(factories.inn(9876), factories.ogrn(9876), "ООО «Новое»", "16")
    clusters.add_organisation(session, cluster, data, by=BY)


def extend(session: Session, world: World) -> None:
    contest = of(session, world, "contest")
    dates = calendar_of(contest)
    later = Calendar(dates.applications_open, dates.applications_close, dates.review_close + timedelta(days=9))
    contest_services.extend_schedule(session, contest.id, later, "Просят", version=contest.version, by=BY)


def plan_milestone(session: Session, world: World) -> None:
    contest = of(session, world, "contest")
    plan = milestones.MilestonePlan(Code.MEETING, MOMENT + timedelta(days=60), "Назначено", contest.version)
    milestones.set_milestone(session, contest.id, plan, by=BY)


def take_milestone_out(session: Session, world: World) -> None:
    contest = of(session, world, "contest")
    milestones.remove_milestone(session, contest.id, Code.BRIEFING, "x", version=contest.version, by=BY)


def note_milestone(session: Session, world: World) -> None:
    contest = of(session, world, "contest")
    milestones.come_by_hand(session, contest.id, Code.BRIEFING, "x", version=contest.version, by=BY)


def unnote_milestone(session: Session, world: World) -> None:
    contest = of(session, world, "contest")
    milestones.take_back_by_hand(session, contest.id, Code.ASSIGNMENT, "x", version=contest.version, by=BY)


def close_now(session: Session, world: World) -> None:
    contest = of(session, world, "contest")
    milestones.come_by_hand(session, contest.id, Code.APPLICATIONS_CLOSE, "x", version=contest.version, by=BY)


def give_draft_time(session: Session, world: World) -> None:
    wanted = milestones.ExtensionRequest(MOMENT + timedelta(days=20), "Сбой связи")
    milestones.extend_application(session, world.draft, wanted, by=BY)


def give_expert_time(session: Session, world: World) -> None:
    wanted = milestones.ExtensionRequest(MOMENT + timedelta(days=50), "Болезнь")
    milestones.extend_expert(session, world.free, wanted, by=BY)


def take_time_back(session: Session, world: World) -> None:
    milestones.revoke_extension(session, of(session, world, "extension"), "Ошибка", by=BY)


def freeze(session: Session, world: World) -> None:
    contest = of(session, world, "contest")
    computed = rankings.prepare_snapshot(session, contest.id)
    rankings.freeze_ranking(session, contest, computed, version=contest.version, by=BY)


def hide_marks(session: Session, world: World) -> None:
    contest = of(session, world, "contest")
    hidden = Visibility(Opens.NEVER, staff=Opens.CLOSED, chair=Opens.CLOSED, names=False)
    change_visibility(session, contest.id, hidden, version=contest.version, by=BY)


def look(session: Session, world: World) -> None:
    chair = session.scalars(select(User).where(User.name == "Председатель")).one()
    by = By(actor_of(session, chair), MOMENT)
    look_early(session, of(session, world, "contest"), None, reason="Жалоба", by=by)


def answer(session: Session, world: World) -> None:
    found = additional_call.Found(world.application, "0" * 64, world.free)
    additional_call.answer_divergence(session, found, by=BY, base_url="")


def lead(session: Session, world: World) -> None:
    expert = of(session, world, "handed_in").expert
    application = of(session, world, "application")
    agreed_scores.name_lead(session, application, agreed_scores.Naming(expert, 0), by=BY, base_url="")


def write(session: Session, world: World) -> None:
    message = discussions.NewMessage("Слово", MessageAudience.COMMISSION)
    author = discussions.Author(frozenset({Role.SECRETARY}))
    discussions.write_message(session, world.application, message, author, by=BY, base_url="")


def open_discussion(session: Session, world: World) -> None:
    rules = discussion.DiscussionRules(discussion.Circle.EXPERTS)
    discussions.change_discussion_rules(session, of(session, world, "contest"), rules, version=1, by=BY)


ACTS: tuple[Callable[[Session, World], None], ...] = (
    save, load_file, hand_in, give_back, set_aside, schedule, recuse, decline, replace_refused, take_away, reassign,
    withdraw, enter, lift, correct_expert, fill, submit, drop, add_organisation, extend, plan_milestone,
    take_milestone_out, note_milestone, unnote_milestone, close_now, give_draft_time, give_expert_time,
    take_time_back, freeze, change_own, come_back, hide_marks, look, answer, lead, write,
    open_discussion,
)  # fmt: skip


@contextmanager
def watching(engine: Engine, note: Callable[[str], None], when: str = "after_cursor_execute") -> Iterator[None]:
    """Give every statement that locks to ``note`` once it has been carried out."""

    def seen(_connection: Any, _cursor: Any, statement: str, *_others: Any) -> None:
        if LOCKS.search(statement):
            note(statement)

    event.listen(engine, when, seen)
    try:
        yield
    finally:
        event.remove(engine, when, seen)


class Meeting:
    """Two threads that meet once each has its first lock, or go on where one of them waits for the other's."""

    def __init__(self) -> None:
        self.asked, self.barrier, self.mine = Barrier(2), Barrier(2), local()
        self.faults: list[BaseException] = []

    def ask(self, _statement: str) -> None:
        """Both ask for their first lock at once; who needs none keeps the other one from waiting."""
        if not getattr(self.mine, "asked", False):
            self.mine.asked = True
            with suppress(BrokenBarrierError):
                self.asked.wait(LONGEST)

    def arrive(self, _statement: str) -> None:
        if not getattr(self.mine, "met", False):
            self.mine.met = True
            with suppress(BrokenBarrierError):
                self.barrier.wait(NO_WAIT)

    def run(self, store: Store, act: Callable[[Session, World], None], world: World) -> None:
        try:
            with store() as session:
                act(session, world)
        except (RuleViolation, StaleDataError, NoResultFound):
            pass  # the other one was first, and this one cannot be done any more
        except BaseException as fault:
            self.faults.append(fault)
        finally:
            self.asked.abort()


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__)
def test_an_act_locks_its_contest_first_and_never_more_of_it_later(
    app: Flask, store: Store, prepared: Prepared, act: Any
) -> None:
    world = prepared(populate)
    with app.app_context():
        engine = db.engine
    seen: list[str] = []
    with watching(engine, seen.append):
        try:
            with store() as session:
                act(session, world)
        except RuleViolation:
            pass
    first = seen[0]
    assert "FROM contests" in first
    assert re.search(r"FOR (UPDATE|SHARE)$", first.strip())
    if first.strip().endswith("FOR SHARE"):
        assert [statement for statement in seen if statement.startswith("UPDATE contests")] == []


@pytest.mark.parametrize("pair", list(combinations(ACTS, 2)), ids=lambda pair: "-".join(act.__name__ for act in pair))
def test_two_acts_at_once_never_wait_for_each_other_in_a_circle(
    app: Flask, store: Store, prepared: Prepared, pair: Any
) -> None:
    world = prepared(populate)
    with app.app_context():
        engine = db.engine
    meeting = Meeting()
    with watching(engine, meeting.ask, "before_cursor_execute"), watching(engine, meeting.arrive):
        threads = [Thread(target=meeting.run, args=(store, act, world)) for act in pair]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(LONGEST)
    assert meeting.faults == []
    assert [thread.is_alive() for thread in threads] == [False, False]


def test_who_waits_for_a_row_that_is_deleted_is_told_that_another_was_first(store: Store, prepared: Prepared) -> None:
    world = prepared(populate)
    with store() as session:
        review = of(session, world, "filled")
        with store() as other:
            take_away(other, world)
        with pytest.raises(StaleDataError, match="deleted meanwhile"):
            hold_with(session, review, shared=True)
