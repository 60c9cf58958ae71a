from datetime import timedelta
from email import message_from_bytes, policy
from socket import socket
from threading import Barrier, Thread

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import select

from judging import jobs
from judging.adapters.mail import MailRefused, SmtpTransport, compose
from judging.domain.letters import LEASE, MAX_ATTEMPTS, PAUSES, LetterState, letter_state
from judging.models import Letter, RateHit, RequestKey
from judging.services import letters
from tests import factories as make

NOW = make.MOMENT
MINUTE = timedelta(minutes=1)


def queue(session, key="k1", **values):
    wanted = {"recipient": "person@example.org", "subject": "Заявка допущена", "body": "Здравствуйте!\n"}
    return letters.queue(session, key=key, **(wanted | values), now=NOW)


class Recording:
    """A transport that remembers what it was given, and refuses what it is told to refuse."""

    def __init__(self, refusal=None):
        self.refusal, self.keys = refusal, []

    def send(self, *, key, recipient, subject, body):
        self.keys.append(key)
        if self.refusal:
            raise self.refusal


def test_one_key_is_one_letter(session):
    first = queue(session, subject="Тема\r\nBcc: x@example.org")
    assert queue(session, subject="Другая") == first
    assert session.scalars(select(Letter.subject)).all() == ["Тема Bcc: x@example.org"]


def test_a_letter_is_in_its_readers_language(session):
    wording = letters.Wording("Your password has been changed", "You cannot block yourself.")
    for locale in ("ru", "en"):
        letters.write(session, wording, key=locale, recipient="a@example.org", locale=locale, params={}, now=NOW)
    assert session.scalars(select(Letter.subject).order_by(Letter.id)).all() == [
        "Ваш пароль изменён", "Your password has been changed",
    ]  # fmt: skip


def test_a_claimed_letter_is_nobody_elses_until_the_lease_ends(session):
    queue(session)
    claimed = letters.claim(session, now=NOW)
    assert (claimed.attempts, claimed.leased_until) == (1, NOW + LEASE)
    assert letters.claim(session, now=NOW + LEASE - MINUTE) is None
    assert letters.claim(session, now=NOW + LEASE).attempts == 2


def test_a_failure_waits_longer_each_time_and_is_given_up(session):
    queue(session)
    moment, waits = NOW, []
    while (letter := letters.claim(session, now=moment)) is not None:
        letters.mark_failed(session, letter.id, error="451 greylisted", permanent=False, now=moment)
        waits.append(letter.leased_until - moment)
        moment = letter.leased_until
    assert tuple(waits) == PAUSES
    letter = session.scalars(select(Letter)).one()
    assert letter_state(letter.sent_at, letter.attempts, letter.last_error) is LetterState.FAILED
    letters.retry_letter(session, letter.id)
    session.expire_all()
    assert letters.claim(session, now=moment).attempts == 1


def test_a_permanent_refusal_is_not_tried_again(session):
    queue(session)
    letters.mark_failed(session, letters.claim(session, now=NOW).id, error="550 no such user", permanent=True, now=NOW)
    letter = session.scalars(select(Letter)).one()
    assert (letter.attempts, letter.last_error) == (MAX_ATTEMPTS, "550 no such user")
    assert letters.claim(session, now=NOW + timedelta(days=30)) is None


def test_a_sent_letter_keeps_no_one_time_link(session):
    queue(session, body="Откройте https://x.example.org/reset-password/abc_-9 сейчас")
    letters.mark_sent(session, letters.claim(session, now=NOW).id, now=NOW)
    letter = session.scalars(select(Letter)).one()
    assert (letter.body, letter.sent_at) == ("Откройте https://x.example.org/reset-password/… сейчас", NOW)


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        ((None, 0, None), LetterState.WAITING), ((NOW, 1, None), LetterState.SENT),
        ((None, 1, "451"), LetterState.DELAYED), ((None, MAX_ATTEMPTS, "451"), LetterState.FAILED),
    ],
)  # fmt: skip
def test_states(facts, state):
    assert letter_state(*facts) is state


def test_two_workers_send_every_letter_once(app, store):
    with store() as session:
        for number in range(12):
            queue(session, key=f"k{number}")
    transport, barrier, counts = Recording(), Barrier(2), []

    def work():
        with app.app_context():
            barrier.wait()
            counts.append(jobs.deliver_letters(transport, clock=lambda: NOW))

    workers = [Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(transport.keys) == sorted(f"k{number}" for number in range(12))
    assert sum(counts) == 12


def test_a_refused_letter_keeps_the_answer_and_the_next_goes_on(app, store):
    with store() as session:
        queue(session)
    with app.app_context():
        assert jobs.deliver_letters(Recording(MailRefused("451 later", permanent=False)), clock=lambda: NOW) == 0
        assert jobs.deliver_letters(Recording(), clock=lambda: NOW + MINUTE) == 1
    with store() as session:
        letter = session.scalars(select(Letter)).one()
        assert (letter.sent_at, letter.attempts, letter.last_error) == (NOW + MINUTE, 2, None)


def test_sweep_forgets_what_has_had_its_time(app, store):
    with store() as session:
        session.add(RateHit(key="old", hits=1, expires_at=0.0))
        session.add(RateHit(key="new", hits=1, expires_at=1e12))
        session.add(RequestKey(key="old", location="/", created_at=NOW - timedelta(days=8)))
        session.add(RequestKey(key="new", location="/", created_at=NOW))
    with app.app_context():
        jobs.sweep(now=NOW)
    with store() as session:
        assert session.scalars(select(RateHit.key)).all() == ["new"]
        assert session.scalars(select(RequestKey.key)).all() == ["new"]


class Mailbox:
    """An SMTP server's handler: takes everything but letters to nobody@."""

    def __init__(self):
        self.taken = []

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):  # noqa: N802 -- aiosmtpd's name
        if address.startswith("nobody@"):
            return "550 5.1.1 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 -- aiosmtpd's name
        self.taken.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"


@pytest.fixture
def mailbox():
    handler = Mailbox()
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    handler.url = f"smtp://127.0.0.1:{port}"
    yield handler
    controller.stop()


def test_smtp_carries_russian_letters_whole(mailbox):
    transport = SmtpTransport.from_url(mailbox.url, "Конкурс <judging@example.org>")
    body = "Здравствуйте, Пётр!\n\nСсылка: https://example.org/confirm/abc\n"
    transport.send(key="k1", recipient="person@пример.рф", subject="Заявка № 5 допущена — «Камский кластер»", body=body)
    message = mailbox.taken[0]
    assert (message["Subject"], message["To"], message["From"], message["Auto-Submitted"]) == (
        "Заявка № 5 допущена — «Камский кластер»", "person@xn--e1afmkfd.xn--p1ai", "Конкурс <judging@example.org>",
        "auto-generated",
    )  # fmt: skip
    assert message.get_content().replace("\r\n", "\n") == body
    assert message["Message-ID"] == compose(
        key="k1", sender="judging@example.org", recipient="a@example.org", subject="", body=""
    )["Message-ID"]  # fmt: skip


def test_smtp_says_which_refusals_are_permanent(mailbox):
    send = {"key": "k", "subject": "s", "body": "b"}
    with pytest.raises(MailRefused, match=r"550 5\.1\.1 no such user") as refused:
        SmtpTransport.from_url(mailbox.url, "a@example.org").send(recipient="nobody@example.org", **send)
    assert refused.value.permanent is True
    with pytest.raises(MailRefused) as unreachable:
        SmtpTransport.from_url("smtp://127.0.0.1:9", "a@example.org").send(recipient="a@example.org", **send)
    assert unreachable.value.permanent is False


def test_a_sender_with_a_russian_domain_sends(mailbox):
    transport = SmtpTransport.from_url(mailbox.url, "Конкурс <info@пример.рф>")
    transport.send(key="k", recipient="a@example.org", subject="s", body="b")
    assert mailbox.taken[0]["From"] == "Конкурс <info@xn--e1afmkfd.xn--p1ai>"


def test_an_address_that_no_server_takes_is_refused_for_good_and_not_sent(mailbox):
    with pytest.raises(MailRefused, match="Latin letters") as refused:
        SmtpTransport.from_url(mailbox.url, "a@example.org").send(
            key="k", recipient="анна@завод.рф", subject="s", body="b"
        )
    assert (refused.value.permanent, mailbox.taken) == (True, [])


def test_addresses_of_servers():
    wanted = SmtpTransport("smtp+starttls", "mail.example.org", 587, "u@x", "p:w", "a@example.org")
    assert SmtpTransport.from_url("smtp+starttls://u%40x:p%3Aw@mail.example.org", "a@example.org") == wanted


def test_a_letter_to_an_address_that_no_server_takes_is_given_up_at_once(session):
    letter = session.get_one(Letter, queue(session, recipient="анна@завод.рф"))
    assert letter_state(letter.sent_at, letter.attempts, letter.last_error) is LetterState.FAILED
    assert letters.claim(session, now=NOW) is None
