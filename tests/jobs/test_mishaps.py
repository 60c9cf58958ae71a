"""What is kept of an error: enough to know it by, and nothing of what was being stored."""

from flask import Flask
from sqlalchemy import select, text

from judging.domain.access import By
from judging.extensions import db
from judging.jobs import Kind, Means, Worker
from judging.jobs.kind import Done, JobTask
from judging.models import Job
from judging.services.queue import SYSTEM, ask
from tests.conftest import Store
from tests.factories import MOMENT

STATEMENT = "INSERT INTO grants (user_id, role, granted_at) VALUES (:user, :role, :at)"
SECRET = {"user": 987_654, "role": "тайное", "at": MOMENT.isoformat()}


def failed(app: Flask, store: Store, kind: Kind) -> str:
    """Do a job of this kind; return what is kept of its failure."""
    with store() as session:
        job_id = ask(session, kind.name, {}, by=By(SYSTEM, MOMENT))
    with app.app_context():
        Worker({kind.name: kind}, db.sessionmaker, Means()).drain()
    with store() as session:
        job = session.scalars(select(Job).where(Job.id == job_id)).one()
        assert (job.state, job.error_code) == ("failed", "broken")
        return job.error or ""


def test_what_the_database_refused_is_not_told_with_the_values(app: Flask, store: Store) -> None:
    def work(_task: JobTask) -> Done:
        return Done(lambda session, _now: session.execute(text(STATEMENT), SECRET))

    error = failed(app, store, Kind("probe", work, tries=1))
    assert error.startswith("IntegrityError: ")
    assert [word in error for word in ("тайное", "987654", "INSERT", "\n")] == [False] * 4


def test_any_other_error_is_told_as_it_is(app: Flask, store: Store) -> None:
    def work(_task: JobTask) -> Done:
        raise ValueError("не сошлось\nв двух строках")

    assert failed(app, store, Kind("probe", work, tries=1)) == "ValueError: не сошлось\nв двух строках"
