"""An application that was submitted anew while it was reviewed: the banner, what differs, the press, who is told."""

import copy
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select, update

from judging.domain.events import Event
from judging.models import Application, JournalRecord, Review, ReviewVersion, Submission
from judging.services.scoring import declare_no_conflict
from tests import factories
from tests.conftest import Prepared, Store
from tests.factories import MOMENT
from tests.returned import by, corrected_world
from tests.web.test_versions import compared

DATABASES = ("sqlite",)
SignIn = Callable[[int], FlaskClient]
NOW = MOMENT + timedelta(days=12)
BANNER = "после того как вы её прочли"


@pytest.fixture(autouse=True)
def moment() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def world(prepared: Prepared) -> tuple[int, int]:
    return prepared(reviewed_world)


def reviewed_world(session: Any) -> tuple[int, int]:
    """(account, review) of an expert whose sheet is whole, of an application that was submitted again since."""
    key = corrected_world(session).key
    application = session.get_one(Application, key)
    application.status = "admitted"
    expert = factories.expert(session, application.contest)
    other = factories.review(session, factories.expert(session, application.contest), application, "submitted")
    sheet = {"scores": other.scores, "recommendation": "support", "application_version": 1}
    review = factories.review(session, expert, application, "accepted", **sheet)
    return expert.user_id, review.id


def press(client: FlaskClient, address: str, **more: str) -> Any:
    """Send the form of a page with what it holds."""
    page = client.get(address).text
    form = page[page.index('<form class="sheet"') :]
    fields = dict(re.findall(r'<input[^>]*name="([a-z_]+)"[^>]*value="([^"]*)"', form))
    return client.post(address, data=fields | more)


def events(store: Store, review: int) -> list[Any]:
    with store() as session:
        of_this = JournalRecord.event == Event.REVIEW_CHANGES_CONFIRMED, JournalRecord.subject_id == review
        return [row.details for row in session.scalars(select(JournalRecord).where(*of_this))]


def test_a_change_is_shown_confirmed_once_and_only_then_is_the_review_submitted(
    world: tuple[int, int], store: Store, sign_in: SignIn
) -> None:
    person, review = world
    client, sheet, changes = sign_in(person), f"/reviews/{review}", f"/reviews/{review}/changes"
    assert BANNER in client.get(sheet).text
    refused = client.post(f"{sheet}/summary", data={"version": "1"})
    assert (refused.status_code, f'href="{changes}"' in refused.text) == (422, True)

    parts = compared(client.get(changes).text)
    assert list(parts) == ["Паспорт проекта", "Участники проекта", "Финансирование", "Документы"]
    assert len(parts["Документы"]) == 2

    stale = client.post(changes, data={"number": "1"})
    assert (stale.status_code, events(store, review)) == (409, [])
    assert press(client, changes).headers["Location"] == sheet
    again = client.post(changes, data={"number": "2"})
    assert (again.status_code, events(store, review)) == (303, [{"application_version": [1, 2]}])
    assert BANNER not in client.get(sheet).text
    assert "ничего не изменилось" in client.get(changes).text

    assert client.post(f"{sheet}/summary", data={"version": "1"}).status_code == 303
    with store() as session:
        (kept,) = session.scalars(select(ReviewVersion).where(ReviewVersion.review_id == review))
        assert kept.sheet["application_version"] == 2


def test_a_confirmed_change_overtakes_nothing_that_is_typed_in_another_tab(
    world: tuple[int, int], store: Store, sign_in: SignIn
) -> None:
    person, review = world
    client = sign_in(person)
    press(client, f"/reviews/{review}/changes")
    saved = client.post(
        f"/reviews/{review}/draft?tab=t", data={"version": "1", "mark-E1": "8"}, headers={"X-Requested-With": "fetch"}
    )
    assert (saved.status_code, saved.get_json()["version"]) == (200, 2)


def test_the_declaration_ties_the_review_to_what_was_submitted_by_then(prepared: Prepared, store: Store) -> None:
    _, review = prepared(reviewed_world)
    with store() as session:
        row = session.get_one(Review, review)
        row.status, row.application_version, row.declared_at = "assigned", None, None
    with store() as session:
        row = session.get_one(Review, review)
        declare_no_conflict(session, row, by=by(row.application, NOW))
        assert row.application_version == 2


HIDDEN = ("contact_name", "contact_phone", "contact_email")


def test_what_experts_may_not_read_tells_neither_what_changed_nor_that_it_did(
    world: tuple[int, int], store: Store, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("judging.web.forms.secrets.token_urlsafe", lambda size: "k" * size)
    person, review = world
    client = sign_in(person)
    with store() as session:
        key = session.get_one(Review, review).application_id
        of_this = Submission.application_id == key
        first, second = session.scalars(select(Submission.document).where(of_this).order_by(Submission.number))

    def pages(document: dict[str, Any], **hidden: str) -> list[bytes]:
        """The pages of the expert where the last submission is this with other hidden answers and cluster's region."""
        changed = copy.deepcopy(document)
        changed["answers"] |= hidden
        changed["cluster"]["industry"] = hidden.get("contact_name") or document["cluster"]["industry"]
        with store() as session:
            session.execute(update(Submission).where(of_this, Submission.number == 2).values(document=changed))
        paths = ("", "/changes", "/summary")
        return [client.get(f"/reviews/{review}{path}").data for path in paths]

    others = [dict.fromkeys(HIDDEN, text) for text in ("Иванов Пётр", "Тайна-7")]
    shown = pages(second)
    assert BANNER.encode() in shown[0]
    assert all(pages(second, **hidden) == shown for hidden in others)
    alike = pages(first)
    assert BANNER.encode() not in alike[0]
    assert all(pages(first, **hidden) == alike for hidden in others)
    assert client.post(f"/reviews/{review}/summary", data={"version": "1"}).status_code == 303
