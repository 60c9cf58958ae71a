import pytest
import time_machine
from sqlalchemy import select

from judging.domain.letters import MAX_ATTEMPTS
from judging.models import Job
from judging.services import letters
from tests import factories as make

NOW = make.MOMENT


@pytest.fixture
def admin(store, sign_in):
    """The administrator's browser, and a clock that stands."""
    with store() as session:
        user_id = make.user(session, "administrator", name="Админ").id
    with time_machine.travel(NOW, tick=False):
        yield sign_in(user_id)


def where(response):
    return response.status_code, response.headers.get("Location")


def test_without_a_mail_server_letters_are_read_here(store, admin):
    with store() as session:
        letter_id = letters.queue(
            session, key="k", recipient="a@example.org", subject="Тема", now=NOW,
            body="Строка <b>\n\nhttp://x/reset-password/abc\n",
        )  # fmt: skip
    page = admin.get("/letters?q=A@EXAMPLE&state=waiting").text
    assert ("Почтовый сервер не настроен" in page, "Ожидает отправки" in page, "Тема" in page) == (True,) * 3
    assert "Писем нет." in admin.get("/letters?state=sent").text
    assert admin.get("/letters", query_string={"q": ".,;"}).status_code == 200  # no word to look for
    text = admin.get(f"/letters/{letter_id}").text
    assert "<p>Строка &lt;b&gt;</p>" in text
    assert ("http://x/reset-password/abc" in text, "http://x/reset-password/…" in text) == (False, True)


def test_with_one_the_links_are_the_readers_alone(app, store, admin, monkeypatch):
    config = app.config["JUDGING"]
    monkeypatch.setitem(app.config, "JUDGING", type(config)(**{**vars(config), "mail_url": "smtp://localhost"}))
    with store() as session:
        letter_id = letters.queue(
            session, key="k", recipient="a@example.org", subject="s", body="http://x/confirm/abc", now=NOW
        )
        letters.mark_failed(session, letter_id, error="550 нет", attempts=MAX_ATTEMPTS)
    page = admin.get(f"/letters/{letter_id}").text
    assert ("confirm/abc" in page, "confirm/…" in page, "550 нет" in page) == (False, True, True)
    assert where(admin.post(f"/letters/{letter_id}/retry")) == (303, f"/letters/{letter_id}")
    with store() as session:
        assert letters.unsent(session, letter_id).attempts == 0
        job = session.scalars(select(Job)).one()
        assert (job.key, job.state, job.attempt, job.run_at) == (f"letters:{letter_id}", "waiting", 0, None)
    assert admin.post("/letters/999/retry").status_code == 404
