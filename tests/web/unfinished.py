"""A contest in full swing with sheets that are not handed in, of every kind; what is on them can be changed.

The world of test_access_matrix with three reviewed applications, a plan, a report, a snapshot and a journal. The
unfinished sheets are those of experts who are none of the personas: in work, begun anew after a return, given up for a
conflict, loaded with an archive, additional; and one that was taken away, kept in the journal.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from judging import jobs
from judging.adapters.archive import to_document
from judging.domain.access import CONSOLE, By
from judging.domain.distribution import Goal, PlanKind
from judging.domain.events import Event
from judging.extensions import db
from judging.models import Application, Contest, JournalRecord, RankingSnapshot, Review, ReviewVersion
from judging.queries.records import contest_record_with_drafts
from judging.services import assignment
from judging.services.audit import record
from tests import factories
from tests.conftest import emptied
from tests.factories import MOMENT
from tests.web.test_access_matrix import (
    DRAW_PAGE,
    RENDITIONS,
    SET_PAPER,
    SIGNED_IN,
    paper_as_it_is,
    picture_of_nothing,
    populate,
    sign_person_in,
)

CODES = [item["code"] for item in factories.PRESET["criteria"] if item["kind"] == "expert"]
SECRET = "zzsecret"
"""Stands in everything that is written on an unfinished sheet."""


def sheet(mark: str, commented: list[str], verdict: str) -> dict[str, Any]:
    """A whole unfinished sheet."""
    comments = {code: f"{SECRET} {mark} {code}" for code in commented}
    return {"scores": dict.fromkeys(CODES, mark), "comments": comments, "recommendation": verdict}


EMPTY: dict[str, Any] = {"scores": {}, "comments": {}, "recommendation": None}
LOW = sheet("1", CODES, "do_not_support")
HIGH = sheet("9", CODES[:2], "support")
FAR = 777_000_001
"""The id of the application, the expert, the review, the conflict and the cluster of a contest that is foreign to
the persona «local», the secretary of HERE alone."""


@dataclass
class Unfinished:
    """The application with this world; :meth:`write` puts other words on every unfinished sheet."""

    app: Flask
    ids: dict[str, int]
    foreign: dict[str, int]
    reviews: list[int] = field(default_factory=list)
    versions: list[int] = field(default_factory=list)
    records: list[int] = field(default_factory=list)
    missed: dict[tuple[str, str, str], Any] = field(default_factory=dict)
    """The answers to what is not there, by persona, method and address: the same nothing is asked for many a time."""
    pages: dict[str, Any] = field(default_factory=dict)
    """The pages of each persona with :data:`LOW` on the sheets, once they have been asked for."""

    def client(self, persona: str) -> FlaskClient:
        """The browser of one persona of the access matrix, with a token of CSRF that is the same every time."""
        browser, cookie = self.app.test_client(), {"csrf_token": "c" * 40}
        if persona != "visitor":
            cookie |= {"_user_id": f"token-of-{persona}", "_fresh": True}
        browser.set_cookie("judging", str(self.app.session_interface.get_signing_serializer(self.app).dumps(cookie)))
        return browser

    def write(self, content: dict[str, Any]) -> None:
        """Put this on the unfinished sheets, and into whatever keeps copies of them."""
        marks = {code: [None, mark] for code, mark in content["scores"].items()}
        lengths = {code: [0, len(text)] for code, text in content["comments"].items()}
        saved = {"marks": marks, "comments": lengths, "recommendation": [None, content["recommendation"]]}
        removed = {"expert": "gone@example.org", "status": ["accepted", None], "reason": "Болезнь", "draft": content}
        with self.app.app_context(), db.sessionmaker() as session, session.begin():
            session.execute(update(Review).where(Review.id.in_(self.reviews)).values(**content))
            session.execute(update(ReviewVersion).where(ReviewVersion.id.in_(self.versions)).values(sheet=content))
            for key, details in zip(self.records, (saved, removed), strict=True):
                session.execute(update(JournalRecord).where(JournalRecord.id == key).values(details=details))
            document = to_document(contest_record_with_drafts(session, self.ids["contest_id"]))
            session.execute(update(RankingSnapshot).values(record=document))
        self.app.extensions["standings"].clear()


@pytest.fixture(scope="module")
def world() -> Iterator[Unfinished]:
    """Make the world; nothing that a request does afterwards is kept, and no page has a random key in it."""
    app = emptied("sqlite")
    with time_machine.travel(MOMENT, tick=False), pytest.MonkeyPatch.context() as patch:
        with app.app_context(), db.sessionmaker() as session, session.begin():
            ids, foreign = populate(session, app)
            made = Unfinished(app, ids, foreign)
            _review(session, made)
        with app.app_context():
            _plan(ids["contest_id"])
        patch.setattr(SET_PAPER, paper_as_it_is)
        patch.setattr(DRAW_PAGE, picture_of_nothing)
        patch.setattr(f"{RENDITIONS}.shown_as_pdf", lambda: frozenset({"application/pdf"}))
        patch.setattr(f"{RENDITIONS}.kept_rendition", lambda file: iter([b"%PDF-1.7"]))
        patch.setattr("judging.web.forms.secrets.token_urlsafe", lambda size: "k" * size)
        patch.setattr(Session, "commit", Session.flush)
        patch.setattr(jobs, "run_plan", lambda plan_id: False)
        yield made
    with app.app_context():
        db.engine.dispose()


def _review(session: Session, world: Unfinished) -> None:
    first = session.get_one(Application, world.ids["application_id"])
    contest = session.get_one(Contest, first.contest_id)
    theirs = session.get_one(Application, world.foreign["application_id"])
    world.foreign |= {
        "document_id": factories.document(session, theirs).id,
        "organisation_id": factories.organisation(session, theirs.contest).id,
    }
    _far(session, theirs.contest, contest)
    factories.contest(session, code="HIDDEN", status="draft", published_at=None)
    world.ids["contest_id"] = contest.id
    home = first.nomination
    others = [factories.application(session, contest, nomination=home) for _ in range(3)]
    judges = [factories.expert(session, contest) for _ in range(3)]
    for place, application in enumerate((first, *others[:2])):
        for judge in judges[:2]:
            factories.review(session, judge, application, "submitted", mark=5 + place)
    slow, late = factories.expert(session, contest), factories.expert(session, contest)
    returned = factories.review(session, slow, others[1], "accepted", reason="Уточните замечания")
    begun = [
        factories.review(session, slow, first, "accepted", saved_at=MOMENT),
        factories.review(session, slow, others[0], "recused", reason="Знаком с заявителем"),
        returned,
        factories.review(session, late, first, "assigned"),
        factories.review(session, late, others[0], "accepted", additional=True),
        factories.review(session, judges[2], others[2], "accepted"),
    ]
    factories.conflict(session, slow, others[0], kind="declared")
    version = ReviewVersion(review_id=returned.id, number=1, sheet={}, sha256="0" * 64, made_at=MOMENT)
    session.add(version)
    world.records = [
        record(session, Event.REVIEW_SAVED, by=By(CONSOLE, MOMENT), subject=begun[0], contest_id=contest.id),
        record(session, Event.ASSIGNMENT_REMOVED, by=By(CONSOLE, MOMENT), subject=first, contest_id=contest.id),
    ]
    session.flush()
    world.reviews, world.versions = [review.id for review in begun], [version.id]
    world.ids |= {"slow_id": slow.id, "slow_review_id": begun[0].id, "handed_in_id": _handed_in(session, first)}
    assert len(SIGNED_IN) == 15


def _far(session: Session, there: Contest, here: Contest) -> None:
    local = factories.user(session, "secretary", here, name="Секретарь одного конкурса")
    sign_person_in(session, local, "local")
    cluster = factories.cluster(session, there, id=FAR)
    application = factories.application(
        session, there, cluster, id=FAR, number="ZZ-777", nomination=there.nominations[0]
    )
    expert = factories.expert(session, there, id=FAR)
    factories.review(session, expert, application, "assigned", id=FAR)
    factories.conflict(session, factories.expert(session, there), application, id=FAR)


def _handed_in(session: Session, application: Application) -> int:
    return session.query(Review.id).filter_by(application_id=application.id, status="submitted").first()[0]


def _plan(contest_id: int) -> None:
    with db.sessionmaker() as session, session.begin():
        contest = session.get_one(Contest, contest_id)
        asked = assignment.PlanRequest(Goal.FAIR, seed=0, kind=PlanKind.REGULAR, partial=True, keep=True)
        plan = assignment.request_plan(session, contest, asked, by=By(CONSOLE, MOMENT))
    jobs.run_plan(plan.id)
