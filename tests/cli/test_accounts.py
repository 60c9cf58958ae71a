import re
from socket import socket

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message
from sqlalchemy import select

from judging.models import Contest, Grant, JournalRecord, Letter, User
from judging.services import letters
from tests import factories as make


class Box(Message):
    """Keeps the subjects of what it was given."""

    def __init__(self):
        super().__init__()
        self.subjects = []

    def handle_message(self, message):
        self.subjects.append(message["Subject"])


@pytest.fixture
def mail_server(app, monkeypatch):
    """A mail server that the application's settings name."""
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    box = Box()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    config = app.config["JUDGING"]
    settings = vars(config) | {"mail_url": f"smtp://127.0.0.1:{port}"}
    monkeypatch.setitem(app.config, "JUDGING", type(config)(**settings))
    yield box
    controller.stop()


def run(app, *arguments):
    return app.test_cli_runner().invoke(args=["judging", *arguments])


def test_the_first_administrator(app, store, client):
    result = run(app, "create-administrator", "Admin@Example.org", "--name", "Админ")
    assert result.exit_code == 0
    path = re.search(r"/reset-password/\S+", result.output)[0]
    assert client.get(path).status_code == 200
    with store() as session:
        user = session.scalars(select(User)).one()
        assert (user.email, user.name) == ("admin@example.org", "Админ")
        assert [(g.role, g.contest_id) for g in session.scalars(select(Grant))] == [("administrator", None)]
        assert session.scalars(select(JournalRecord.actor_name)).all() == ["console"]


def test_production_is_prepared_without_the_demonstration(app, store, monkeypatch):
    config = app.config["JUDGING"]
    monkeypatch.setitem(app.config, "JUDGING", type(config)(**vars(config) | {"production": True}))
    result = run(app, "prepare")
    assert (result.exit_code, "PRODUCTION=yes: the demonstration is not loaded" in result.output) == (0, True)
    assert "klaster" not in result.output
    with store() as session:
        assert (session.scalar(select(User.id)), session.scalar(select(Contest.id))) == (None, None)
        make.user(session, "administrator", email="admin@example.org")
    result = run(app, "prepare")
    assert (result.exit_code, "accounts (admin@example.org), whose passwords are published" in result.output) == (
        1,
        True,
    )


def test_no_address_no_administrator(app, store):
    result = run(app, "create-administrator", "nobody")
    assert (result.exit_code, "Enter an e-mail address" in result.output) == (1, True)
    with store() as session:
        assert session.scalar(select(User.id)) is None


def test_deliver_sends_what_is_due(app, store, mail_server):
    with store() as session:
        letters.queue(session, key="k", recipient="a@example.org", subject="Subject", body="Body", now=make.MOMENT)
    assert [run(app, "deliver").output for _ in range(2)] == ["letters sent: 1\n", "letters sent: 0\n"]
    assert mail_server.subjects == ["Subject"]
    with store() as session:
        assert session.scalars(select(Letter.sent_at)).one() is not None


def test_deliver_without_a_mail_server_says_so(app):
    result = run(app, "deliver")
    assert (result.exit_code, "MAIL_URL is not set" in result.output) == (1, True)
