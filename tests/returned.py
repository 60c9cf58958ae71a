"""An application of a team that was submitted, given back, and may have been submitted again; for tests of pages."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from judging.adapters.storage import Stored
from judging.domain.access import By
from judging.models import Application
from judging.queries.actors import actor_of
from judging.queries.answers import section_answers, section_version
from judging.queries.applications import current_documents
from judging.queries.forms import form_of
from judging.services.applications.application_submit import submit_application
from judging.services.applications.documents import StoredFile, add_document, remove_document
from judging.services.applications.returns import resubmit_application, return_application
from judging.services.applications.section_save import save_section
from tests import factories
from tests.factories import MOMENT
from tests.services.test_applications import whole_draft

UNTIL = MOMENT + timedelta(days=3)
REMARKS = {"finance": "Источники не подтверждены письмами."}


@dataclass(frozen=True)
class World:
    """The ids of an application, its team's person and a secretary; the addresses of its pages."""

    code: str
    key: int
    person: int
    secretary: int
    observer: int

    @property
    def team(self) -> str:
        """The team's page."""
        return f"/applications/{self.key}"

    @property
    def staff(self) -> str:
        """The page of the staff."""
        return f"/staff/contests/{self.code}/applications/{self.key}"


def by(application: Application, at: datetime = MOMENT) -> By:
    """The team's person at an instant."""
    session = Session.object_session(application)
    assert session is not None
    assert application.team is not None
    return By(actor_of(session, application.team.members[0].user), at)


def submitted_world(session: Session, at: datetime = MOMENT) -> World:
    """An application that was submitted once, at an instant in the middle of the acceptance."""
    days = timedelta(days=10)
    contest = factories.contest(
        session, code="PP41-2027", applications_open=at - days, applications_close=at + days, review_close=at + 4 * days
    )
    application = whole_draft(session, contest)
    submit_application(session, application.id, version=application.version, by=by(application, at))
    session.flush()
    people = [factories.user(session, role, contest).id for role in ("secretary", "observer")]
    assert application.team is not None
    return World(contest.code, application.id, application.team.members[0].user_id, *people)


def give_back(session: Session, world: World, remarks: dict[str, str] | None = None, until: datetime = UNTIL) -> None:
    """Give it back for some sections."""
    application = session.get_one(Application, world.key)
    given = remarks or REMARKS
    return_application(session, world.key, given, until, version=application.version, by=by(application))
    session.flush()


def save(session: Session, world: World, code: str, answers: dict[str, Any]) -> None:
    """Save answers of a section."""
    application = session.get_one(Application, world.key)
    seen = section_version(application, code)
    save_section(session, world.key, code, answers, seen=seen, by=by(application))
    session.flush()


def corrected_world(session: Session) -> World:
    """An application that was submitted, given back for four sections, changed in all of them, and submitted again."""
    world = submitted_world(session)
    everything = dict.fromkeys(("passport", "finance", "participants", "documents"), "Поправить.")
    give_back(session, world, everything)
    application = session.get_one(Application, world.key)
    section = next(one for one in form_of(application.contest).sections if one.code == "participants")
    (partner,) = section_answers(application, section, None)["partners"]
    other = application.cluster.members[2].organisation.inn
    added = {"organisation": other, "role": "buyer", "contribution": "Закупает."}
    save(session, world, "passport", {"goal": "Другая цель & ещё"})
    save(session, world, "finance", {"loans": 90_000_000_00, "own_funds": 150_000_000_00})
    save(session, world, "participants", {"partners": ({**partner, "contribution": "Льёт."}, added)})
    letter = current_documents(application)[0]
    remove_document(session, world.key, letter.id, by=by(application))
    for slot, name, sign in ((letter.slot, letter.filename, "a"), ("contracts", "Договор.pdf", "b")):
        file = StoredFile(name, "application/pdf", Stored(f"sha256/{sign * 2}/{sign * 62}", 10, sign * 64))
        add_document(session, world.key, slot, file, by=by(application))
    session.flush()
    later = by(application, MOMENT + timedelta(days=1))
    resubmit_application(session, world.key, version=application.version, by=later)
    session.flush()
    return world
