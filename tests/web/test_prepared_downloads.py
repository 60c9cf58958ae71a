"""Downloads of large contests: prepared beside the requests, for the person who asked, kept for a day."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from judging import exports
from judging.domain.access import CONSOLE, By
from judging.domain.jobs import JobKind
from judging.jobs import Means
from judging.models import Contest, Job, JournalRecord
from judging.queries.firmness import ready
from judging.queries.records import contest_record
from judging.services.archives import load_contest
from judging.services.firmness import request_report
from judging.services.queue import ClaimLost, finish
from tests import factories
from tests.conftest import Store
from tests.web.test_assignment_plans import text_of
from tests.working import taken, work_next

AT = "/staff/contests/LARGE/ranking/downloads"


@pytest.fixture
def contest_id(store: Store, monkeypatch: pytest.MonkeyPatch) -> int:
    """A contest that is large for this test."""
    monkeypatch.setattr(exports, "LARGE", 1)
    with store() as session:
        contest = factories.contest(session, code="LARGE")
        for _ in range(2):
            factories.application(session, contest)
        return contest.id


@pytest.fixture
def secretary(store: Store, sign_in: Callable[[int], FlaskClient], contest_id: int) -> FlaskClient:
    return staff(store, sign_in)


def staff(store: Store, sign_in: Callable[[int], FlaskClient], role: str = "secretary") -> FlaskClient:
    with store() as session:
        person = factories.user(session, role).id
    return sign_in(person)


def work(app: Flask) -> bool:
    with app.app_context():
        return work_next(JobKind.EXPORTS, JobKind.PREPARED, means=Means(storage=app.extensions["storage"]))


def fetch(client: FlaskClient, key: str):
    return client.post(f"{AT}/{key}", data={"prepared": "1"})


def exported(store: Store) -> list[tuple[str, dict]]:
    with store() as session:
        rows = session.scalars(select(JournalRecord).where(JournalRecord.event == "export.made"))
        return [(row.subject_label, row.details) for row in rows]


def test_a_file_is_asked_for_followed_and_fetched(app: Flask, store: Store, secretary: FlaskClient) -> None:
    answer = secretary.post(f"{AT}/ranking-json")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{AT}/ranking-json")
    assert "Файл ждёт своей очереди." in text_of(secretary.get(f"{AT}/ranking-json").text)
    state = {"text": "Файл ждёт своей очереди.", "figure": "", "done": 0, "of": 0, "over": False}
    assert secretary.get(f"{AT}/ranking-json/state").json == state
    assert exported(store) == []
    assert work(app)
    assert secretary.get(f"{AT}/ranking-json/state").json["over"] is True
    assert "Файл готов: LARGE-ranking-" in text_of(secretary.get(f"{AT}/ranking-json").text)
    sent = fetch(secretary, "ranking-json")
    assert sent.headers["Content-Disposition"].startswith('attachment; filename="LARGE-ranking-')
    assert len(json.loads(sent.data)["rows"]) == 2
    with store() as session:
        revision = session.scalars(select(Contest.ranking_revision)).one()
    assert exported(store) == [("ranking-json", {"rows": 2, "snapshot": None, "revision": revision})]


def test_a_prepared_file_is_the_one_that_a_small_contest_is_sent_at_once(
    app: Flask, secretary: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for key in ("reviews-csv", "marks-csv", "ranking-csv"):
        secretary.post(f"{AT}/{key}")
        assert work(app)
        prepared = fetch(secretary, key).data
        with monkeypatch.context() as patch:
            patch.setattr(exports, "LARGE", 4_000)
            assert secretary.post(f"{AT}/{key}").data == prepared


def test_every_export_of_the_catalogue_can_be_prepared(app: Flask, store: Store, secretary: FlaskClient) -> None:
    for key in exports.CATALOGUE:
        secretary.post(f"{AT}/{key}")
        assert work(app)
        assert fetch(secretary, key).headers["Content-Type"] == exports.CATALOGUE[key].media_type
    assert [label for label, _ in exported(store)] == list(exports.CATALOGUE)


def test_asking_twice_is_one_job_and_what_moved_since_is_prepared_anew(
    app: Flask, store: Store, secretary: FlaskClient
) -> None:
    for _ in range(2):
        secretary.post(f"{AT}/ranking-json")
    assert (work(app), work(app)) == (True, False)
    secretary.post(f"{AT}/ranking-json")
    assert not work(app)
    with store() as session:
        session.scalars(select(Contest)).one().ranking_revision += 1
    secretary.post(f"{AT}/ranking-json")
    assert work(app)
    with store() as session:
        assert [job.key.split(":")[0] for job in session.scalars(select(Job))] == ["exports"]


def test_a_file_that_would_say_something_else_by_now_is_prepared_anew(
    app: Flask, store: Store, secretary: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The status of the contest and the report on firmness stand in files, and move no ranking."""
    monkeypatch.setattr(ready, "WAITED_FOR_ROWS", -1)  # the report has to be asked for, as that of a large contest
    app.extensions["reports"].clear()

    def prepared() -> bool:
        secretary.post(f"{AT}/ranking-xlsx")
        return work(app)

    assert (prepared(), prepared()) == (True, False)
    with store() as session:
        session.scalars(select(Contest)).one().status = "ranking_frozen"
    assert (prepared(), prepared()) == (True, False)
    with store() as session:
        request_report(session, session.scalars(select(Contest)).one(), by=By(CONSOLE, factories.MOMENT))
    assert not prepared()
    with app.app_context():
        assert work_next(JobKind.FIRMNESS)
    assert (prepared(), prepared()) == (True, False)
    secretary.post(f"{AT}/ranking-json")
    assert work(app)


def test_nobody_else_finds_the_file_and_not_the_person_without_the_role(
    app: Flask, store: Store, sign_in: Callable[[int], FlaskClient], secretary: FlaskClient
) -> None:
    secretary.post(f"{AT}/ranking-json")
    assert work(app)
    other = staff(store, sign_in, "chair")
    assert "Подготовленного файла нет" in text_of(other.get(f"{AT}/ranking-json").text)
    assert fetch(other, "ranking-json").headers["Location"] == f"{AT}/ranking-json"
    with store() as session:
        session.delete(session.scalars(select(factories.Grant).where(factories.Grant.role == "secretary")).one())
    assert [fetch(secretary, "ranking-json").status_code, secretary.get(f"{AT}/ranking-json").status_code] == [404, 404]
    assert exported(store) == []


def test_a_file_is_cleared_after_its_day(app: Flask, store: Store, secretary: FlaskClient) -> None:
    secretary.post(f"{AT}/ranking-json")
    assert work(app)
    storage = app.extensions["storage"]
    now = datetime.now(UTC)
    assert storage.clear_prepared(before=now - timedelta(days=1)) == 0
    assert fetch(secretary, "ranking-json").status_code == 200
    assert storage.clear_prepared(before=now + timedelta(days=1)) >= 1
    assert fetch(secretary, "ranking-json").headers["Location"] == f"{AT}/ranking-json"
    assert "Подготовленного файла нет" in text_of(secretary.get(f"{AT}/ranking-json").text)


def test_files_of_a_contest_that_was_replaced_are_found_no_more(
    app: Flask, store: Store, secretary: FlaskClient, contest_id: int
) -> None:
    """Ready, or being prepared at that moment by a worker that read the old contest."""
    secretary.post(f"{AT}/ranking-json")
    assert work(app)
    secretary.post(f"{AT}/ranking-csv")
    in_hand = taken(store, JobKind.EXPORTS, now=datetime.now(UTC))
    assert in_hand is not None
    with store() as session:
        record = contest_record(session, contest_id)
        load_contest(session, record, by=By(CONSOLE, factories.MOMENT), replace=True)
    for key in ("ranking-json", "ranking-csv"):
        assert fetch(secretary, key).headers["Location"] == f"{AT}/{key}"
        assert "Подготовленного файла нет" in text_of(secretary.get(f"{AT}/{key}").text)
        assert secretary.get(f"{AT}/{key}/state").json == {"over": True}
    with pytest.raises(ClaimLost), store() as session:
        finish(session, in_hand, now=datetime.now(UTC))
    assert exported(store) == []
