"""What a page offers is what the service takes: every status of the object and of its contest, every role that sees it.

What a page offers is read from its HTML; what a service takes is tried in a transaction that is rolled back. Who may
is written down here by hand.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from judging.domain.access import By
from judging.domain.errors import Refused
from judging.domain.gates import CLOSED, GATES, Act
from judging.domain.lifecycle import (
    Action,
    ApplicationStatus,
    ContestStatus,
    NotPossible,
    PlanStatus,
    ReviewStatus,
    Subject,
    transition,
)
from judging.models import Application, AssignmentPlan, Contest, Expert, Grant, RankingSnapshot, Review, User
from judging.queries.actors import actor_of
from judging.queries.contests import rules_of
from judging.services import admission, assignment, conflicts, rankings, scoring
from judging.services import contests as contest_services
from judging.services.applications import application_submit, draft_edit
from judging.services.rankings import SamePerson
from judging.web.offers import KNOWN, Acts
from tests import factories
from tests.conftest import Store
from tests.factories import MOMENT

DATABASES = ("sqlite",)
STAFF = ("secretary", "chair", "observer")

Ids = Mapping[str, int]
Trial = Callable[[Session, Ids, By], object]


@dataclass(frozen=True)
class Offer:
    """An act: what shows it on the page, who may, and the service that does it (``by``: actor and instant)."""

    name: str
    shown: str
    roles: tuple[str, ...]
    trial: Trial


class Undone(Exception):
    """Ends a trial."""


@dataclass(frozen=True)
class World:
    """The ids of one contest's objects and a browser of every role."""

    ids: dict[str, int]
    clients: dict[str, FlaskClient]


@pytest.fixture
def world(app: Flask, store: Store, sign_in: Callable[[int], FlaskClient]) -> Iterator[World]:
    """A contest with an application of a team, a review of it, an expert without a task, and an open draft."""
    with time_machine.travel(MOMENT, tick=False):
        with store() as session:
            contest = factories.contest(session, code="OFFERS", cancelled_reason="x")
            people = {name: factories.user(session) for name in (*STAFF, "team")}
            for name in STAFF:
                people[name].grants.append(Grant(role=name, contest_id=contest.id, granted_at=MOMENT))
            cluster = factories.cluster(session, contest, factories.team(session, people["team"]))
            application = factories.application(session, contest, cluster, decision_reason="Причина")
            review = factories.review(session, factories.expert(session, contest), application, "submitted")
            plan = AssignmentPlan(
                contest_id=contest.id, kind="regular", status="queued", goal="total", seed=1, partial=False, keep=True,
                requested_by="", requested_at=MOMENT,
            )  # fmt: skip
            session.add(plan)
            session.flush()
            ids = {
                "contest": contest.id, "application": application.id, "review": review.id, "plan": plan.id,
                "free": factories.expert(session, contest).id, "number": int(application.number or 0),
                **{name: person.id for name, person in people.items()},
            }  # fmt: skip
        yield World(ids, {name: sign_in(ids[name]) for name in (*STAFF, "team")})


def decide(action: Action) -> Trial:
    """A decision on the application."""
    return lambda session, ids, by: admission.decide_application(
        session,
        session.get_one(Application, ids["application"]),
        admission.Decision(action, session.get_one(Application, ids["application"]).version, reason="r", clause="c"),
        by=by,
    )


def in_contest(service: Callable[..., object], **more: Any) -> Trial:
    """A service that takes the contest's row and its version."""
    return lambda session, ids, by: service(
        session,
        session.get_one(Contest, ids["contest"]),
        version=session.get_one(Contest, ids["contest"]).version,
        **more,
        by=by,
    )


def of_contest(service: Callable[..., object], *more: Any) -> Trial:
    """A service that takes the contest's id and its version."""
    return lambda session, ids, by: service(
        session, ids["contest"], *more, version=session.get_one(Contest, ids["contest"]).version, by=by
    )


def of_plan(service: Callable[..., object]) -> Trial:
    """A service that takes the open draft and its version."""
    return lambda session, ids, by: service(
        session,
        session.get_one(Contest, ids["contest"]),
        session.get_one(AssignmentPlan, ids["plan"]),
        version=session.get_one(AssignmentPlan, ids["plan"]).version,
        by=by,
    )


def enter(session: Session, ids: Ids, by: By) -> object:
    """A conflict of the expert who has no task."""
    expert, application = session.get_one(Expert, ids["free"]), session.get_one(Application, ids["application"])
    return conflicts.enter_conflict(session, expert=expert, application=application, reason="r", by=by)


def take_off(session: Session, ids: Ids, by: By) -> object:
    """The task, whatever is on its sheet."""
    contest, review = session.get_one(Contest, ids["contest"]), session.get_one(Review, ids["review"])
    return assignment.remove_review(session, contest, review, version=review.version, reason="r", by=by)


def give_back(session: Session, ids: Ids, by: By) -> object:
    """The review to its expert."""
    review = session.get_one(Review, ids["review"])
    return scoring.return_review(session, review, version=review.version, reason="r", by=by)


def withdraw(session: Session, ids: Ids, by: By) -> object:
    """The application by its team."""
    return application_submit.withdraw_application(session, ids["application"], reason="r", by=by)


def move_dates(session: Session, ids: Ids, by: By) -> object:
    """The end of the review, by a day."""
    contest = session.get_one(Contest, ids["contest"])
    dates = application_submit.calendar_of(contest)
    later = type(dates)(dates.applications_open, dates.applications_close, dates.review_close + timedelta(days=1))
    return contest_services.extend_schedule(session, contest.id, later, "r", version=contest.version, by=by)


def change_rules(session: Session, ids: Ids, by: By) -> object:
    """The rules, to what they are."""
    contest = session.get_one(Contest, ids["contest"])
    stored = rules_of(contest)
    return contest_services.change_rules(session, contest.id, stored, version=contest.version, by=by)


def freeze(session: Session, ids: Ids, by: By) -> object:
    """The ranking as it is."""
    contest = session.get_one(Contest, ids["contest"])
    computed = rankings.prepare_snapshot(session, contest.id)
    return rankings.freeze_ranking(session, contest, computed, version=contest.version, by=by)


SECRETARY, CHAIR, TEAM = ("secretary",), ("chair",), ("team",)
OWN = "/applications/{application}"
REGISTER = "/staff/contests/OFFERS/applications/{application}"
RANKING = "/staff/contests/OFFERS/ranking"
PAGES: Mapping[str, tuple[Offer, ...]] = {
    OWN: (
        Offer("edit", 'href="{page}/check"', TEAM, lambda s, ids, by: draft_edit.open_draft(s, ids["application"])),
        Offer("withdraw", 'href="{page}/withdrawal"', TEAM, withdraw),
    ),
    REGISTER: (
        Offer("admit", 'href="{page}/admission"', SECRETARY, decide(Action.ADMIT)),
        Offer("reject", 'href="{page}/rejection"', SECRETARY, decide(Action.REJECT)),
        Offer("reinstate", 'href="{page}/reinstatement"', SECRETARY, decide(Action.REINSTATE)),
        Offer("withdraw", 'href="{page}/withdrawal"', SECRETARY, decide(Action.WITHDRAW)),
        Offer("enter a conflict", 'href="/staff/contests/OFFERS/conflicts/new?', SECRETARY, enter),
    ),
    "/staff/contests/OFFERS": (
        Offer("publish", 'href="{page}/publication"', SECRETARY, of_contest(contest_services.publish_contest)),
        Offer("move dates", 'href="{page}/schedule"', SECRETARY, move_dates),
        Offer("cancel", 'href="{page}/cancellation"', SECRETARY, of_contest(contest_services.cancel_contest, "r")),
    ),
    "/staff/contests/OFFERS/rules": (Offer("change", 'href="{page}/scoring"', SECRETARY, change_rules),),
    "/staff/contests/OFFERS/reviews/{review}": (Offer("return", 'action="{page}/return"', SECRETARY, give_back),),
    "/staff/contests/OFFERS/assignment/applications/{application}": (
        Offer("take off", 'action="/staff/contests/OFFERS/assignment/reviews/{review}/removal"', SECRETARY, take_off),
    ),
    "/staff/contests/OFFERS/assignment/draft": (
        Offer("discard", 'action="{page}/removal"', SECRETARY, of_plan(assignment.discard_plan)),
        Offer("apply", 'value="application"', SECRETARY, of_plan(assignment.apply_plan)),
    ),
    RANKING: (
        Offer("freeze", 'action="{page}/freeze"', SECRETARY, freeze),
        Offer("unfreeze", 'action="{page}/unfreeze"', SECRETARY, in_contest(rankings.unfreeze_ranking, reason="r")),
        Offer("approve", 'action="{page}/approve"', CHAIR, in_contest(rankings.approve_ranking, words="")),
        Offer("publish", 'action="{page}/publish"', CHAIR, in_contest(rankings.publish_results)),
    ),
}


def test_a_team_is_offered_what_it_can_do(store: Store, world: World) -> None:
    faults, offered = [], set()
    for contest, application in product(ContestStatus, ApplicationStatus):
        if contest is ContestStatus.DRAFT:
            continue  # nobody applies to it
        put(store, world, contest=contest, application=application)
        faults += differences(store, world, OWN, ("team",), offered)
    assert (faults, offered) == ([], {"team: edit", "team: withdraw"})


def test_staff_are_offered_the_decisions_that_they_can_take(store: Store, world: World) -> None:
    faults, offered = [], set()
    for contest, application in product(ContestStatus, ApplicationStatus):
        if application is ApplicationStatus.DRAFT:
            continue  # nobody of the staff sees it
        put(store, world, contest=contest, application=application)
        faults += differences(store, world, REGISTER, STAFF, offered)
    assert (faults, offered) == ([], {f"secretary: {one.name}" for one in PAGES[REGISTER]})


@pytest.mark.parametrize("page", ["/staff/contests/OFFERS", "/staff/contests/OFFERS/rules"])
def test_staff_are_offered_what_can_be_done_to_a_contest(store: Store, world: World, page: str) -> None:
    faults, offered = [], set()
    for contest in ContestStatus:
        put(store, world, contest=contest)
        faults += differences(store, world, page, STAFF, offered)
    assert (faults, offered) == ([], {f"secretary: {one.name}" for one in PAGES[page]})


@pytest.mark.parametrize("frozen_by", ["secretary", "chair"])
def test_staff_are_offered_what_can_be_done_to_a_ranking(store: Store, world: World, frozen_by: str) -> None:
    with store() as session:
        computed = rankings.prepare_snapshot(session, world.ids["contest"])
        session.add(
            RankingSnapshot(
                contest_id=world.ids["contest"], number=1, record=computed.archive, ranking=computed.document,
                sha256=computed.sha256, made_at=MOMENT, made_by_id=world.ids[frozen_by],
            )
        )  # fmt: skip
        application = session.get_one(Application, world.ids["application"])
        more = factories.expert(session, application.contest)
        for expert in (more, session.get_one(Expert, world.ids["free"])):
            factories.review(session, expert, application, "submitted")
    faults, offered = [], set()
    for contest in ContestStatus:
        put(store, world, contest=contest)
        faults += differences(store, world, RANKING, STAFF, offered)
    expected = {"secretary: freeze", "secretary: unfreeze", "chair: publish"}
    assert (faults, offered) == ([], expected if frozen_by == "chair" else expected | {"chair: approve"})


@pytest.mark.parametrize("role", STAFF)
def test_staff_are_offered_the_return_of_a_review_that_can_be_returned(store: Store, world: World, role: str) -> None:
    page = "/staff/contests/OFFERS/reviews/{review}"
    faults, offered = [], set()
    admitted = [{"review": review} for review in ReviewStatus]
    for contest, statuses in product(ContestStatus, [*admitted, {"application": ApplicationStatus.WITHDRAWN}]):
        put(store, world, contest=contest, **statuses)
        faults += differences(store, world, page, (role,), offered)
    assert (faults, offered) == ([], {"secretary: return"} if role == "secretary" else set())


@pytest.mark.parametrize("role", STAFF)
def test_staff_are_offered_to_take_off_what_can_be_taken_off(store: Store, world: World, role: str) -> None:
    page = "/staff/contests/OFFERS/assignment/applications/{application}"
    faults, offered = [], set()
    for contest, review in product(ContestStatus, ReviewStatus):
        put(store, world, contest=contest, review=review)
        faults += differences(store, world, page, (role,), offered)
    assert (faults, offered) == ([], {"secretary: take off"} if role == "secretary" else set())


@pytest.mark.parametrize("role", STAFF)
def test_staff_are_offered_what_can_be_done_to_a_draft_plan(store: Store, world: World, role: str) -> None:
    page = "/staff/contests/OFFERS/assignment/draft"
    faults, offered = [], set()
    open_plans = set(PlanStatus) - {PlanStatus.APPLIED, PlanStatus.DISCARDED}
    for contest, plan in product(ContestStatus, sorted(open_plans)):
        put(store, world, contest=contest, plan=plan)
        faults += differences(store, world, page, (role,), offered)
    assert (faults, offered) == ([], {"secretary: discard", "secretary: apply"} if role == "secretary" else set())


def test_every_gate_of_an_action_is_one_that_refuses_somewhere() -> None:
    """The table of gates names actions of the lifecycle, and acts that some contest does not allow."""
    assert [key for key, act in GATES.items() if not CLOSED[act] or not transition(*key)] == []
    assert {subject for subject, _ in GATES} == {Subject.APPLICATION, Subject.REVIEW, Subject.PLAN}


def test_a_template_that_asks_for_an_act_that_nobody_knows_fails() -> None:
    acts = Acts({Action.WITHDRAW, Act.ASSIGN})
    assert {name for name in KNOWN if getattr(acts, name)} == {"withdraw", "assign"}
    with pytest.raises(AttributeError):
        acts.withdrawn  # noqa: B018 -- asking is the test


def put(store: Store, world: World, **statuses: str) -> None:
    """Bring the objects to these statuses, the others to those in which they are least in the way."""
    wanted = {"contest": "published", "application": "admitted", "review": "submitted", "plan": "queued"} | statuses
    models = {"contest": Contest, "application": Application, "review": Review, "plan": AssignmentPlan}
    never = wanted["application"] == "draft"
    number = {"number": None if never else str(world.ids["number"]), "submitted_at": None if never else MOMENT}
    with store() as session:
        for name, model in models.items():
            values = {"status": str(wanted[name])} | (number if name == "application" else {})
            session.execute(update(model).where(model.id == world.ids[name]).values(**values))


def differences(store: Store, world: World, page: str, roles: Iterable[str], offered: set[str]) -> list[str]:
    """Where a page offers what is refused, or not what would be done; what is offered goes to ``offered``."""
    path = page.format(**world.ids)
    with store() as session:
        stands = [
            f"{name} {session.get_one(model, world.ids[name]).status}"
            for name, model in (("contest", Contest), ("application", Application), ("review", Review))
        ]
    found = []
    for role in roles:
        answer = world.clients[role].get(path)
        assert answer.status_code == 200, f"{path} as {role}, {stands}: {answer.status_code}"
        html = answer.get_data(as_text=True)
        for offer in PAGES[page]:
            shown = re.search(re.escape(offer.shown.format(page=path, **world.ids)), html) is not None
            done = role in offer.roles and accepted(store, world.ids, offer.trial, world.ids[role])
            if shown:
                offered.add(f"{role}: {offer.name}")
            if shown != done:
                found.append(f"{path} as {role}: {offer.name} shown {shown}, done {done}; {stands}")
    return found


def accepted(store: Store, ids: Ids, trial: Trial, user_id: int) -> bool:
    """Whether the service does it now, or says only what is lacking in what was typed; nothing of it stays."""
    try:
        with store() as session:
            person = actor_of(session, session.get_one(User, user_id))
            trial(session, ids, By(person, MOMENT))
            raise Undone
    except Undone:
        return True
    except rankings.Blocked:
        return False
    except Refused:
        return True
    except (NotPossible, SamePerson):
        return False
