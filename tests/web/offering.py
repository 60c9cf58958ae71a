"""Comparing what a page offers with what a service takes: the objects in every status, and each role that sees them.

What a page offers is read from its HTML; what a service takes is tried in a transaction that is rolled back.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from judging.domain.access import By
from judging.domain.errors import Refused
from judging.domain.lifecycle import NotPossible
from judging.models import Application, AssignmentPlan, Contest, Grant, Review, User
from judging.queries.actors import actor_of
from judging.services import rankings
from judging.services.rankings import SamePerson
from tests import factories
from tests.conftest import Store
from tests.factories import MOMENT

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
                "expert": review.expert.user_id or 0,
                "conflict": factories.conflict(session, factories.expert(session, contest), application).id,
                "free": factories.expert(session, contest).id, "number": int(application.number or 0),
                **{name: person.id for name, person in people.items()},
            }  # fmt: skip
        yield World(ids, {name: sign_in(ids[name]) for name in (*STAFF, "team", "expert")})


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


def differences(
    store: Store, world: World, page: str, offers: Sequence[Offer], roles: Iterable[str], offered: set[str]
) -> list[str]:
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
        for offer in offers:
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
