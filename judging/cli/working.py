"""``flask judging work``: what runs beside the requests is done here."""

import signal
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from threading import Lock, Thread
from types import FrameType

import click
from flask import current_app
from sqlalchemy.exc import SQLAlchemyError

from judging import jobs
from judging.adapters.clock_steps import ClockWatch
from judging.adapters.heartbeat import beat
from judging.adapters.mail import SmtpTransport
from judging.adapters.serving.memory import settle
from judging.cli.groups import installation as commands
from judging.domain.access import CONSOLE, By
from judging.domain.jobs import JobKind
from judging.extensions import db
from judging.jobs import Ended, Kind, Means, Worker
from judging.services.clock import note_set_back, note_steps

__all__ = ["commands"]

TROUBLE = (SQLAlchemyError, OSError)
"""The database is away, moved or busy; the disk is full or broken."""
SPEAKING = Lock()
"""Held by the thread that prints, so that its lines stay together."""
SAID: Mapping[str, Callable[[int], str]] = {
    JobKind.PLANS: lambda number: "\n".join(["A plan was worked out."] * number),
    JobKind.FIRMNESS: lambda number: "\n".join(["A report on the firmness of a ranking was worked out."] * number),
    JobKind.LETTERS: lambda number: f"letters sent: {number}",
}


@commands.command()
@click.option("--watch", is_flag=True, help="Stay and look every few seconds until stopped.")
@click.option("--every", default=2.0, show_default=True, help="Seconds between looks with --watch.")
@click.option("--only", default="", metavar="KINDS", help=f"Only these kinds, comma between: {', '.join(jobs.KINDS)}.")
@click.option("--threads", default=1, show_default=True, type=click.IntRange(1, 64), help="Jobs at once with --watch.")
def work(*, watch: bool, every: float, only: str, threads: int) -> None:
    """Do what waits beside the requests: plans, reports on firmness, letters where MAIL_URL is set, what is swept.

    Without --watch it does what waits and ends. Several may run beside each other, on several machines too. SIGTERM
    ends it after the current step of each job, which is then taken up again by another worker.
    """
    worker = Worker(chosen(only), db.sessionmaker, means_of_work())
    if watch:
        _watch(worker, timedelta(seconds=every), threads)
    else:
        _do_what_waits(worker)


@commands.command()
@click.option("--watch", is_flag=True, help="Stay and look every few seconds until stopped.")
@click.option("--every", default=10.0, show_default=True, help="Seconds between looks with --watch.")
def deliver(watch: bool, every: float) -> None:
    """Send the letters that are due through the mail server of MAIL_URL: the same as work --only letters."""
    worker = Worker(chosen(JobKind.LETTERS), db.sessionmaker, means_of_work())
    if not worker.kinds:
        raise click.ClickException("MAIL_URL is not set: letters stay in the outbox, for the administrator to read.")
    if watch:
        _watch(worker, timedelta(seconds=every), 1)
    else:
        sent = sum(one.done for one in worker.drain())
        click.echo(f"letters sent: {sent}")


def chosen(only: str) -> Mapping[str, Kind]:
    """The kinds that are named; all where none is."""
    names = [name.strip() for name in only.split(",") if name.strip()]
    unknown = [name for name in names if name not in jobs.KINDS]
    if unknown:
        raise click.BadParameter(f"{unknown[0]!r} is none of {', '.join(jobs.KINDS)}", param_hint="--only")
    return {name: kind for name, kind in jobs.KINDS.items() if not names or name in names}


def means_of_work() -> Means:
    """What the settings give the work."""
    config = current_app.config["JUDGING"]
    return Means(
        storage=current_app.extensions["storage"],
        arriving=current_app.extensions["arriving"],
        transport=SmtpTransport.from_url(config.mail_url, config.mail_sender) if config.mail_url else None,
        keep_replaced=timedelta(days=config.keep_replaced_days),
        public_url=config.public_url or f"http://127.0.0.1:{config.port}",
        office=config.office,
    )


def _do_what_waits(worker: Worker) -> None:
    note_gap(datetime.now(UTC))
    worker.ask_due()
    while True:
        _say(worker.drain())
        if not worker.must_look_again():
            return
        worker.stopping.wait(1)


def _watch(worker: Worker, every: timedelta, threads: int) -> None:
    """Let threads do the work; this one shows that it is alive, watches the clock and waits for a signal."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        worker.stopping.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    for kind in worker.kinds.values():
        kind.ready()
    settle()
    clock, begun = ClockWatch(), False
    running = [Thread(target=worker.watch_on, args=(every, _say), name=f"worker {i}") for i in range(threads)]
    for thread in running:
        thread.start()
    while any(thread.is_alive() for thread in running):
        begun = _look_around(clock, begun=begun)
        worker.stopping.wait(min(every.total_seconds(), 2))
        if worker.stopping.is_set():
            running[0].join(0.2)


def _look_around(clock: ClockWatch, *, begun: bool) -> bool:
    """Give a sign of life, and note what was done to the clock; return whether the beginning is noted.

    What the database or the disk refuses now may go well in a moment: a worker that stays tries again.
    """
    try:
        beat(current_app.config["JUDGING"].instance_dir)
        note_clock(clock)
        if not begun:
            note_gap(datetime.now(UTC))
    except TROUBLE as error:
        db.session.rollback()
        click.echo(f"Refused, trying again: {getattr(error, 'orig', None) or error}", err=True)
        return begun
    return True


def note_clock(clock: ClockWatch) -> None:
    """Put it into the journal, once, where somebody set the clock since the last look."""
    step = clock.look()
    if step is None:
        return
    note_steps(db.session, [step])
    db.session.commit()


def note_gap(now: datetime) -> None:
    """Put it into the journal, once, where the clock was set back while nothing ran."""
    try:
        if note_set_back(db.session, by=By(CONSOLE, now)):
            db.session.commit()
    finally:
        db.session.rollback()


def _say(ended: Sequence[Ended]) -> None:
    """Print what was done."""
    done = Counter(one.kind for one in ended if one.done)
    lines = [SAID[kind](number) for kind, number in done.items() if kind in SAID]
    cleared = Counter[str]()
    for one in ended:
        if one.done and one.kind == JobKind.FILES:
            cleared.update(one.result or {})
    if cleared.total():
        lines.append(f"replaced files cleared: {cleared['marked']}, removed from the store: {cleared['removed']}")
    with SPEAKING:
        for line in lines:
            click.echo(line)
