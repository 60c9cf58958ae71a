from datetime import timedelta
from email import message_from_bytes, policy
from socket import socket
from threading import Barrier, Thread

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import func, select, update

from judging import jobs
from judging.adapters.mail import MailRefused, SmtpTransport, compose
from judging.domain.access import CONSOLE, By
from judging.domain.jobs import JobKind
from judging.domain.letters import MAX_ATTEMPTS, PAUSES, LetterState, letter_state
from judging.jobs import Means
from judging.jobs.letters import INTERRUPTED
from judging.models import Job, JournalRecord, Letter, RateHit, RequestKey
from judging.services import letters
from judging.services.queue import SYSTEM, ask, instant
from tests import factories as make
from tests.working import LONG_AGO, impatient, interrupted, settle, work_next, worker_of

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


def sent_by(transport, *, rounds=1):
    """How many jobs a worker ended by sending a letter, in so many rounds without any pause between."""
    worker = worker_of(JobKind.LETTERS, means=Means(transport=transport), clock=lambda: NOW)
    return [sum(one.done for one in worker.drain()) for _ in range(rounds)]


def facts(store):
    with store() as session:
        letter, job = session.scalars(select(Letter)).one(), session.scalars(select(Job)).one()
        state = letter_state(letter.sent_at, letter.attempts, letter.last_error)
        return state, letter.attempts, letter.last_error, job.state, job.attempt


def hurry(store):
    """Let the pause be over."""
    with store() as session:
        pause = session.scalars(select(Job.run_at)).one() - instant(session, NOW)
        session.execute(update(Job).values(run_at=LONG_AGO))
        return pause


def test_a_letter_is_a_job_in_the_transaction_that_writes_it(session):
    letter_id = queue(session)
    job = session.scalars(select(Job)).one()
    assert (job.kind, job.key, job.args, job.state) == (
        "letters",
        f"letters:{letter_id}",
        {"letter": letter_id},
        "waiting",
    )
    queue(session)
    assert session.scalar(select(func.count(Job.id))) == 1


def test_a_failure_waits_longer_each_time_and_is_given_up(app, store):
    with store() as session:
        letter_id = queue(session)
    refusing, waits = Recording(MailRefused("451 greylisted", permanent=False)), []
    with app.app_context():
        for attempt in range(1, MAX_ATTEMPTS):
            assert sent_by(refusing, rounds=2) == [0, 0]
            assert facts(store) == (LetterState.DELAYED, attempt, "451 greylisted", "waiting", attempt)
            waits.append(hurry(store))
        assert sent_by(refusing, rounds=2) == [0, 0]
        assert facts(store) == (LetterState.FAILED, MAX_ATTEMPTS, "451 greylisted", "failed", MAX_ATTEMPTS)
        assert [round(one / MINUTE) for one in waits] == [round(one / MINUTE) for one in PAUSES[:-1]]
        assert len(refusing.keys) == MAX_ATTEMPTS
        with store() as session:
            letters.retry_letter(session, letter_id, by=By(CONSOLE, NOW))
        assert sent_by(Recording()) == [1]
    assert facts(store) == (LetterState.SENT, 1, None, "done", 1)


def test_a_permanent_refusal_is_not_tried_again(app, store):
    with store() as session:
        queue(session)
    refusing = Recording(MailRefused("550 no such user", permanent=True))
    with app.app_context():
        assert sent_by(refusing, rounds=2) == [0, 0]
    assert facts(store) == (LetterState.FAILED, MAX_ATTEMPTS, "550 no such user", "failed", 1)
    assert refusing.keys == ["k1"]


def test_a_letter_given_up_is_sent_again_from_the_list_of_jobs_too(app, store):
    with store() as session:
        queue(session)
    with app.app_context():
        sent_by(Recording(MailRefused("550 no such user", permanent=True)))
        with store() as session:
            jobs.retry_job(session, session.scalars(select(Job.id)).one(), by=By(CONSOLE, NOW))
        assert sent_by(Recording()) == [1]
    with store() as session:
        recorded = session.scalars(select(JournalRecord)).one()
        assert (recorded.event, recorded.details["kind"]) == ("job.retried", "letters")


def test_a_letter_whose_worker_was_interrupted_each_time_is_given_up(app, store):
    with store() as session:
        letter_id = queue(session)
    interrupted(store, JobKind.LETTERS, letter_id)
    with app.app_context():
        worker = worker_of(JobKind.LETTERS, means=Means(transport=Recording()), clock=lambda: NOW, pace=impatient())
        assert not settle(worker)
    assert facts(store) == (LetterState.FAILED, MAX_ATTEMPTS, INTERRUPTED, "failed", MAX_ATTEMPTS)


def test_without_a_mail_server_letters_wait(app, store):
    with store() as session:
        queue(session)
    with app.app_context():
        assert sent_by(None) == [0]
    assert facts(store) == (LetterState.WAITING, 0, None, "waiting", 0)


def test_a_sent_letter_keeps_no_one_time_link(session):
    letter_id = queue(session, body="Откройте https://x.example.org/reset-password/abc_-9 сейчас")
    letters.mark_sent(session, letter_id, attempts=1, now=NOW)
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
            counts.extend(sent_by(transport))

    workers = [Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(transport.keys) == sorted(f"k{number}" for number in range(12))
    assert sum(counts) == 12


def test_sweep_forgets_what_has_had_its_time(app, store):
    with store() as session:
        session.add(RateHit(key="old", hits=1, expires_at=0.0))
        session.add(RateHit(key="new", hits=1, expires_at=1e12))
        session.add(RequestKey(key="old", location="/", created_at=NOW - timedelta(days=8)))
        session.add(RequestKey(key="new", location="/", created_at=NOW))
        for key, state, days in (("a", "done", 8), ("b", "done", 6), ("c", "failed", 91), ("d", "failed", 8)):
            over = {"state": state, "finished_at": NOW - timedelta(days=days), "error_code": "broken"}
            ask(session, JobKind.PLANS, {}, key=key, by=By(SYSTEM, NOW))
            session.execute(update(Job).where(Job.key == key).values(over))
        ask(session, JobKind.PLANS, {}, key="e", by=By(SYSTEM, NOW - timedelta(days=365)))
        ask(session, JobKind.SWEEP, {}, key="sweep", by=By(SYSTEM, NOW))
    with app.app_context():
        assert work_next(JobKind.SWEEP, clock=lambda: NOW)
    with store() as session:
        assert session.scalars(select(Job.key).order_by(Job.id)).all() == ["b", "d", "e", "sweep"]
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
    assert session.scalar(select(func.count(Job.id))) == 0
