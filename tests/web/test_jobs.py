"""The administrator's page of background jobs: what waits, runs and failed, in words; a failed one is tried again."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from judging.domain.access import By
from judging.domain.jobs import JobKind, scheduled_key
from judging.models import Job, JournalRecord
from judging.services.queue import SYSTEM, ask
from tests import factories
from tests.conftest import Store
from tests.factories import MOMENT
from tests.web.test_assignment_plans import text_of

PAGE = "/staff/jobs"
FAILED = {"state": "failed", "finished_at": MOMENT, "attempt": 3, "error_code": "broken", "error": "ValueError: беда"}
IN_HAND = {"state": "running", "token": "t", "lease_until": MOMENT, "attempt": 2, "worker": "server:7"}


def asked(session: Session, kind: JobKind, key: str, **values: object) -> int:
    job_id = ask(session, kind, {}, key=key, by=By(SYSTEM, MOMENT))
    if values:
        session.execute(update(Job).where(Job.id == job_id).values(values))
    return job_id


@pytest.fixture
def admin(store: Store, sign_in: Callable[[int], FlaskClient]) -> FlaskClient:
    with store() as session:
        person = factories.user(session, "administrator").id
    return sign_in(person)


def test_jobs_are_listed_by_state_with_what_failed_and_why(admin: FlaskClient, store: Store) -> None:
    with store() as session:
        asked(session, JobKind.PLANS, "plans:2001")
        asked(session, JobKind.FIRMNESS, "firmness:2002", **IN_HAND, progress_done=3, progress_total=7)
        asked(session, JobKind.SWEEP, scheduled_key("sweep", MOMENT), **FAILED)
        asked(session, JobKind.FILES, "files:2003", state="done", finished_at=MOMENT)
    page = text_of(admin.get(PAGE).text)
    assert "Ждут: 1, выполняются: 1, не удались: 1, выполнены за неделю: 1." in page
    assert "Ошибка системы; подробности в журнале фонового процесса. ValueError: беда" in page
    assert "шаг 3 из 7" in page
    clean = ("sweep@" in page, "Удаление устаревших записей по расписанию, на" in page, "система" in page)
    assert ("№ 2001" in page, "№ 2003" in page, "3 из 3" in page, clean) == (True, False, True, (False, True, True))
    names = ["№ 2001", "№ 2002", "по расписанию", "№ 2003"]
    shown = {
        query: [name for name in names if name in text_of(admin.get(f"{PAGE}?{query}").text)]
        for query in ("state=waiting", "state=running", "state=failed", "state=done", "kind=plans", "state=no&kind=no")
    }
    assert shown == {
        "state=waiting": names[:1], "state=running": names[1:2], "state=failed": names[2:3], "state=done": names[3:],
        "kind=plans": names[:1], "state=no&kind=no": names[:3],
    }  # fmt: skip


def test_a_failed_job_is_tried_again_once_on_record(admin: FlaskClient, store: Store) -> None:
    with store() as session:
        job_id = asked(session, JobKind.SWEEP, "sweep:1", **FAILED)
    for _ in range(2):
        answer = admin.post(f"{PAGE}/{job_id}/retry")
        assert (answer.status_code, answer.headers["Location"]) == (303, PAGE)
    with store() as session:
        job = session.get_one(Job, job_id)
        assert (job.state, job.attempt, job.error, job.finished_at) == ("waiting", 0, None, None)
        records = session.scalars(select(JournalRecord).where(JournalRecord.event == "job.retried")).all()
        assert [(row.subject_type, row.subject_id, row.details) for row in records] == [
            ("job", job_id, {"kind": "sweep", "key": "sweep:1"})
        ]


def test_what_is_done_or_gone_is_not_tried_again(admin: FlaskClient, store: Store) -> None:
    with store() as session:
        done = asked(session, JobKind.SWEEP, "sweep:1", state="done", finished_at=MOMENT)
        dropped = asked(session, JobKind.PLANS, "plans:7", **FAILED)
        session.execute(update(Job).where(Job.id == dropped).values(args={"plan": 7}))
    answers = [admin.post(f"{PAGE}/{job_id}/retry") for job_id in (done, dropped)]
    assert [("Повторить нельзя" in answer.text, answer.status_code) for answer in answers] == [(True, 422)] * 2
    assert admin.post(f"{PAGE}/999/retry").status_code == 404


def test_a_long_list_is_paged(admin: FlaskClient, store: Store) -> None:
    with store() as session:
        for number in range(51):
            asked(session, JobKind.LETTERS, f"letters:{1000 + number}")
    first, second = (text_of(admin.get(f"{PAGE}?page={page}").text) for page in (1, 2))
    assert ("№ 1050" in first, "№ 1000" in first, "№ 1000" in second) == (True, False, True)
