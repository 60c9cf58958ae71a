"""A trial on its pages and beside others: marked everywhere, seen by the staff alone, of no weight for others.

One world: that of the matrix of access, with a trial beside it that was walked through to its end.
"""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from zipfile import ZipFile

import pytest
from flask import Flask
from sqlalchemy import select

from judging.domain.rehearsals import Step, Until
from judging.exports import CATALOGUE
from judging.exports.firmness import FIGURES
from judging.extensions import db
from judging.jobs.rehearsal import Rehearsal
from judging.models import Application, Conflict, Contest, Document, Expert, Review
from judging.services.trials import create_trial
from tests.databases import database, whole
from tests.pages import MASKED
from tests.trials import TASKS, by, filled_with_few
from tests.web.test_access_matrix import NOT_THERE, World, address, lay_anew, rules, site, verdict

__all__ = ["site"]
SEEN_BY = ("visitor", "team", "expert", "secretary", "administrator")
ITS_OWN = {"trials.index", "trials.new", "journal.everything", "health.jobs", "health.show"}
"""Pages that tell of the trials, of everything that was done, or of the machine."""
MARK, TITLE = "Пробный конкурс: данные вымышлены", "<title>[Проба] "
NEW_EACH_TIME = re.compile(rb"tab=[\w-]+")
"""The name of the page that a score sheet is filled on."""
Answers = dict[tuple[str, str], tuple[int, bytes]]


@pytest.fixture(scope="module")
def world(site: tuple[Flask, World]) -> World:
    return site[1]


@dataclass(frozen=True)
class Walked:
    """The application with a trial that is over, its id, and what everybody was answered before there was one."""

    app: Flask
    trial: int
    before: Answers
    world: World


@pytest.fixture
def walked(walked_once: Walked) -> Walked:
    """As it was when the trial was over, whatever other tests have done since."""
    lay_anew(walked_once.app, walked_once.world)
    return walked_once


@pytest.fixture(scope="module")
def walked_once(site: tuple[Flask, World]) -> Walked:
    """The world with the trial, made once."""
    app, world = site
    lay_anew(app, world)
    before = everything(app, world)
    with app.app_context():
        with db.sessionmaker() as session, session.begin():
            source = session.scalars(select(Contest.id).where(Contest.code == "HERE")).one()
            trial = create_trial(session, source, by=by()).id
        with pytest.MonkeyPatch.context() as patch:
            filled_with_few(patch)
            rehearsal = Rehearsal(trial, db.sessionmaker, app.extensions["storage"], lambda: by().now, TASKS)
            assert rehearsal.walk(Until.END) == list(Step)
        db.engine.dispose()
    path = database("sqlite").path
    whole(path)
    prepared = path.with_name("trial.sqlite3")
    shutil.copyfile(path, prepared)
    return Walked(app, trial, before, replace(world, prepared=prepared))


def client_of(app: Flask, world: World, persona: str):
    client = app.test_client()
    if world.cookies[persona]:
        client.set_cookie("judging", world.cookies[persona])
    return client


def addresses(app: Flask, world: World, **changed: int | str) -> Iterator[tuple[str, str]]:
    """(endpoint, address) of every page and file."""
    for rule in rules(app):
        if "GET" not in rule.methods or rule.endpoint in NOT_THERE or "token" in rule.arguments:
            continue
        if rule.endpoint == "ranking.download":
            yield from ((rule.endpoint, address(app, rule, world, **{**changed, "key": key})) for key in CATALOGUE)
        elif rule.endpoint == "firmness.download":
            yield from ((rule.endpoint, address(app, rule, world, **{**changed, "figure": key})) for key in FIGURES)
        else:
            yield rule.endpoint, address(app, rule, world, **changed)


def everything(app: Flask, world: World) -> Answers:
    """What everybody is answered at every address of the real contest, without keys that are new each time."""
    found: Answers = {}
    for persona in SEEN_BY:
        client = client_of(app, world, persona)
        for endpoint, path in addresses(app, world):
            if endpoint not in ITS_OWN:
                answer = client.get(path, buffered=True)
                found[persona, path] = (
                    answer.status_code,
                    NEW_EACH_TIME.sub(b"tab", MASKED.sub(rb'\1=""', answer.data)),
                )
    return found


def test_a_trial_changes_no_byte_of_what_others_see_and_take(walked: Walked, world: World) -> None:
    app, before = walked.app, walked.before
    after = everything(app, world)
    assert [key for key in before if after[key] != before[key]] == []
    assert len(before) == len(after) > 400


def in_trial(app: Flask, trial: int) -> dict[str, int | str]:
    """Something of every kind in the trial."""
    with app.app_context(), db.sessionmaker() as session:
        contest = session.get_one(Contest, trial)
        found: dict[str, int | str] = {"code": contest.code, "criterion_id": contest.criteria[0].id}
        for name, model in (
            ("application_id", Application), ("expert_id", Expert), ("review_id", Review), ("conflict_id", Conflict),
        ):  # fmt: skip
            found[name] = session.scalars(select(model.id).where(model.contest_id == trial).limit(1)).one()
        files = select(Document.id).join(Application).where(Application.contest_id == trial)
        found["document_id"] = session.scalars(files.limit(1)).one()
    return found | {"draft_id": found["application_id"], "own_document_id": found["document_id"]}


def test_only_the_staff_of_every_contest_see_a_trial(walked: Walked, world: World) -> None:
    app, trial = walked.app, walked.trial
    own = in_trial(app, trial)
    inside = {"code", "application_id", "review_id", "expert_id", "conflict_id", "document_id"}
    seen = {}
    for persona in ("visitor", "stranger", "team", "expert", "elsewhere", "administrator"):
        client = client_of(app, world, persona)
        for rule in rules(app):
            if "GET" in rule.methods and rule.endpoint not in NOT_THERE and rule.arguments & inside:
                path = address(app, rule, world, **own)
                if verdict(client.get(path)) != "out":
                    seen[persona, rule.endpoint] = path
    assert [key for key in seen if key[1] != "journal.contest" or key[0] != "administrator"] == []


def test_every_page_and_file_of_a_trial_says_what_it_is(walked: Walked, world: World) -> None:
    app, trial = walked.app, walked.trial
    own, client = in_trial(app, trial), client_of(app, world, "secretary")
    code, unmarked, looked = str(own["code"]), [], 0
    for endpoint, path in addresses(app, world, **own):
        if code not in path and "/applications/" not in path and "/reviews/" not in path:
            continue
        answer = client.get(path, buffered=True)
        if answer.status_code != 200:
            continue
        looked += 1
        if answer.mimetype == "text/html":
            marked = MARK in answer.text and TITLE in answer.text
        elif endpoint in ("ranking.download", "firmness.download"):
            marked = "PROBA-HERE" in answer.headers["Content-Disposition"] and says(answer.data)
        else:
            marked = True  # data for scripts, and a file of a team as the team made it
        if not marked:
            unmarked.append(path)
    assert unmarked == []
    assert looked > 40


def says(content: bytes) -> bool:
    """Whether a file has the code of the trial in it; a workbook has it in one of its parts."""
    if content[:2] != b"PK":
        return b"PROBA-HERE" in content
    with ZipFile(BytesIO(content)) as book:
        parts = b"".join(book.read(name) for name in book.namelist())
    return b"PROBA-HERE" in parts and "вымышлены".encode() in parts


@pytest.mark.parametrize("persona", ["visitor", "stranger", "team", "expert", "elsewhere", "chair", "observer"])
def test_who_may_not_run_a_trial(walked: Walked, world: World, persona: str) -> None:
    app, trial = walked.app, walked.trial
    code, client = in_trial(app, trial)["code"], client_of(app, world, persona)
    paths = ("trial/wiping", "trial/rehearsal", "trial/clock")
    assert {verdict(client.post(f"/staff/contests/{code}/{path}")) for path in paths} == {"out"}
    with app.app_context(), db.sessionmaker() as session:
        assert session.get(Contest, trial) is not None


def test_the_secretary_makes_walks_and_wipes_a_trial(site: tuple[Flask, World], world: World) -> None:
    app, _ = site
    lay_anew(app, world)
    client = client_of(app, world, "secretary")
    answer = client.post("/staff/contests/HERE/trial/new", data={"request_key": "k1"})
    again = client.post("/staff/contests/HERE/trial/new", data={"request_key": "k1"})
    place = "/staff/contests/PROBA-HERE/trial"
    assert (answer.status_code, answer.location, again.location) == (303, place, place)
    assert "Следующий этап" in client.get(place).text
    assert client.post(f"{place}/rehearsal", data={"until": "next", "request_key": "k2"}).location == place
    page = client.get(place).text
    assert "Репетиция ждёт очереди." in page
    assert "Следующий этап" not in page
    assert client.get(f"{place}/state").json == {
        "text": "Репетиция ждёт очереди.", "figure": "", "done": 0, "of": 0, "over": False,
    }  # fmt: skip
    assert client.post(f"{place}/clock", data={"stage": "accepting", "request_key": "k3"}).location == place
    assert "Часы пробы передвинуты: Идёт приём заявок." in client.get(place).text
    assert getattr(app.view_functions["trials.wipe"], "reconfirms", False) is True
    sent = {"request_key": "k4"}
    assert client.post(f"{place}/wiping", data=sent).location == "/staff/trials"
    assert [client.get(path).status_code for path in (place, "/staff/contests/PROBA-HERE")] == [404, 404]
    assert "Пробных конкурсов нет" in client.get("/staff/trials").text


def test_a_page_of_a_trial_is_not_there_for_a_real_contest(site: tuple[Flask, World], world: World) -> None:
    app, _ = site
    lay_anew(app, world)
    client = client_of(app, world, "secretary")
    pages = ("trial", "trial/state", "trial/letters", "trial/wiping")
    assert [client.get(f"/staff/contests/HERE/{page}").status_code for page in pages] == [404] * 4
    page = client.get("/staff/contests/HERE").text
    assert MARK not in page
    assert re.search(r"<title>\[Проба\]", page) is None
