"""The formal check on its pages: marks of people beside the hints of the machine, with faults at their points."""

import re
from collections.abc import Callable, Iterator

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from judging.domain.access import CONSOLE, By
from judging.domain.forms.checklist import Verdict
from judging.models import Application, JournalRecord
from judging.queries.applications import current_documents
from judging.queries.checklists import marks_of
from judging.services.applications.returns import resubmit_application
from judging.services.checklist import MarkDraft, mark_points
from tests.conftest import Prepared, Store
from tests.factories import MOMENT
from tests.returned import World, by, give_back, submitted_world

DATABASES = ("sqlite",)
"""The services have tests of their own on every database, and tests of junk open every page on each."""

SignIn = Callable[[int], FlaskClient]
HIDDEN = re.compile(r'<input[^>]*name="((?:seen-[^"]+|submission|request_key))"[^>]*value="([^"]*)"')


@pytest.fixture(autouse=True)
def moment() -> Iterator[None]:
    with time_machine.travel(MOMENT, tick=False):
        yield


@pytest.fixture
def world(prepared: Prepared) -> World:
    return prepared(submitted_world)


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of the page, as a browser would send them."""
    return dict(HIDDEN.findall(page))


def kept(store: Store, world: World, submission: int = 1) -> dict[str, tuple[str, str, int | None]]:
    with store() as session:
        marks = marks_of(session, world.key, submission)
        return {code: (mark.verdict.value, mark.remark, mark.document_id) for code, mark in marks.items()}


def told(store: Store) -> int:
    with store() as session:
        return len(session.scalars(select(JournalRecord).where(JournalRecord.event == "application.checked")).all())


def another(store: Store, world: World, code: str, draft: MarkDraft) -> None:
    """Somebody else marks a point."""
    with store() as session:
        mark_points(session, world.key, {code: draft}, by=By(CONSOLE, MOMENT))


def test_marks_are_kept_once_and_stand_beside_the_hints(store: Store, sign_in: SignIn, world: World) -> None:
    client, path = sign_in(world.secretary), world.staff + "/marks"
    assert f'href="{path}"' in client.get(world.staff).text
    with store() as session:
        file = current_documents(session.get_one(Application, world.key))[0]
        document, name = file.id, file.filename
    typed = hidden(client.get(path).text) | {
        "verdict-K1": "yes", "document-K1": str(document), "verdict-K2": "remark", "remark-K2": "Выписка старая",
    }  # fmt: skip
    answers = [client.post(path, data=typed) for _ in range(2)]
    assert [(one.status_code, one.location) for one in answers] == [(303, world.staff + "#check")] * 2
    assert kept(store, world) == {"K1": ("yes", "", document), "K2": ("remark", "Выписка старая", None)}
    assert told(store) == 1
    table = client.get(world.staff).text.split('id="checks"')[1].split("</table>")[0]
    assert ("Выписка старая" in table, f'href="/documents/{document}">{name}</a>' in table) == (True, True)
    typed = hidden(client.get(path).text) | {"verdict-K1": "", "document-K1": ""}
    assert client.post(path, data=typed).status_code == 303
    assert kept(store, world) == {"K2": ("remark", "Выписка старая", None)}


def test_no_hint_is_taken_for_a_mark(store: Store, sign_in: SignIn, world: World) -> None:
    client, path = sign_in(world.secretary), world.staff + "/marks"
    page = client.get(path).text
    points = re.findall(r'name="verdict-([^"]+)"[^>]*value=""', page)
    checked = re.findall(r'<input checked[^>]*name="verdict-([^"]+)"[^>]*value="([^"]*)"', page)
    assert (len(points) > 3, checked) == (True, [(code, "") for code in points])
    assert client.post(path, data=hidden(page)).status_code == 303
    assert (kept(store, world), told(store)) == ({}, 0)


def test_faults_stand_at_their_points_and_all_that_was_typed_stays(store: Store, sign_in: SignIn, world: World) -> None:
    client, path = sign_in(world.secretary), world.staff + "/marks"
    typed = {
        "verdict-K1": "yes", "remark-K1": "Сверено", "verdict-K2": "no", "remark-K3": "Без отметки",
        "verdict-K4": "perhaps", "verdict-K5": "yes", "document-K5": "99999",
    }  # fmt: skip
    answer = client.post(path, data=hidden(client.get(path).text) | typed)
    assert answer.status_code == 422
    assert set(re.findall(r'id="(?:verdict|document)-(K\d)-error"', answer.text)) >= {"K4", "K5"}
    del typed["verdict-K4"], typed["document-K5"]
    answer = client.post(path, data=hidden(client.get(path).text) | typed)
    errors = dict(re.findall(r'id="verdict-(K\d)-error"><span[^>]*>[^<]*</span>([^<]*)', answer.text))
    assert (answer.status_code, errors) == (
        422, {"K2": "Напишите, что не так.", "K3": "Выберите, выполнен ли пункт, или уберите замечание."},
    )  # fmt: skip
    assert [words in answer.text for words in ("Сверено", "Без отметки")] == [True, True]
    assert kept(store, world) == {}


def test_who_marked_meanwhile_is_not_overwritten_unseen(store: Store, sign_in: SignIn, world: World) -> None:
    client, path = sign_in(world.secretary), world.staff + "/marks"
    before = hidden(client.get(path).text)
    another(store, world, "K1", MarkDraft(Verdict.YES))
    another(store, world, "K3", MarkDraft(Verdict.NO, "Нет письма"))
    typed = {"verdict-K1": "no", "remark-K1": "Не тот кластер", "verdict-K2": "yes"}
    untouched = {"verdict-K3": "", "remark-K3": ""}
    answer = client.post(path, data=before | typed | untouched)
    errors = re.findall(r'id="verdict-(K\d)-error"', answer.text)
    assert (answer.status_code, errors, "Не тот кластер" in answer.text) == (422, ["K1"], True)
    assert kept(store, world) == {"K1": ("yes", "", None), "K3": ("no", "Нет письма", None)}
    assert client.post(path, data=hidden(answer.text) | typed | untouched).status_code == 303
    assert kept(store, world) == {
        "K1": ("no", "Не тот кластер", None), "K2": ("yes", "", None), "K3": ("no", "Нет письма", None),
    }  # fmt: skip


def test_marks_of_one_submission_are_not_given_to_the_next_unseen(store: Store, sign_in: SignIn, world: World) -> None:
    client, path = sign_in(world.secretary), world.staff + "/marks"
    another(store, world, "K1", MarkDraft(Verdict.NO, "Нет письма"))
    before = hidden(client.get(path).text)
    with store() as session:
        give_back(session, world)
        application = session.get_one(Application, world.key)
        resubmit_application(session, world.key, version=application.version, by=by(application))
    typed = {"verdict-K1": "no", "remark-K1": "Нет письма", "verdict-K2": "yes"}
    answer = client.post(path, data=before | typed)
    assert (answer.status_code, "Заявку тем временем подали снова" in answer.text) == (409, True)
    assert (kept(store, world, 2), "Нет письма" in answer.text) == ({}, True)
    assert client.post(path, data=hidden(answer.text) | typed).status_code == 303
    assert kept(store, world, 2) == {"K1": ("no", "Нет письма", None), "K2": ("yes", "", None)}
    assert kept(store, world) == {"K1": ("no", "Нет письма", None)}


def test_an_observer_reads_the_marks_and_makes_none(store: Store, sign_in: SignIn, world: World) -> None:
    another(store, world, "K1", MarkDraft(Verdict.REMARK, "Выписка старая"))
    client = sign_in(world.observer)
    page = client.get(world.staff).text
    assert ("Выписка старая" in page, "/marks" in page) == (True, False)
    assert [client.get(world.staff + "/marks").status_code, client.post(world.staff + "/marks").status_code] == [
        403,
        403,
    ]
