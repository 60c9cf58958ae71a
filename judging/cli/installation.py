"""``flask judging …``: work on a whole installation."""

import time
from datetime import UTC, datetime, timedelta

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy.exc import SQLAlchemyError

from judging import jobs
from judging.adapters.clock_steps import ClockWatch
from judging.adapters.heartbeat import beat
from judging.adapters.mail import SmtpTransport
from judging.cli.tables import printable
from judging.domain.access import CONSOLE
from judging.domain.errors import RuleViolation
from judging.extensions import db
from judging.queries.uploads import sweepable
from judging.services import accounts
from judging.services.clock import note_set_back, note_steps

SWEEP_EVERY = timedelta(minutes=1)
CLEAR_EVERY = timedelta(hours=1)
TROUBLE = (SQLAlchemyError, OSError)
"""The database is away, moved or busy; the disk is full or broken."""

commands = AppGroup("judging", help="Work on a whole installation.")


@commands.command("create-administrator")
@click.argument("email")
@click.option("--name", default="Администратор", help="The person's name; an existing account keeps its own.")
def create_administrator(email: str, name: str) -> None:
    """Make EMAIL an administrator and print the address of a page that sets the password."""
    config = current_app.config["JUDGING"]
    try:
        link = accounts.create_administrator(
            db.session,
            email=email,
            name=name,
            actor=CONSOLE,
            now=datetime.now(UTC),
            base_url=config.public_url or f"http://127.0.0.1:{config.port}",
        )
    except RuleViolation as refusal:
        raise click.ClickException(str(refusal)) from refusal
    db.session.commit()
    click.echo(f"{email} is an administrator. Set the password within two hours at {link}")


@commands.command()
@click.option("--watch", is_flag=True, help="Stay and look every few seconds until stopped.")
@click.option("--every", default=2.0, show_default=True, help="Seconds between looks with --watch.")
def work(watch: bool, every: float) -> None:
    """Do what waits in the background: plans of the assignment, reports on firmness, letters where MAIL_URL is set."""
    config = current_app.config["JUDGING"]
    transport = SmtpTransport.from_url(config.mail_url, config.mail_sender) if config.mail_url else None
    chores, clock = _Chores(), ClockWatch()
    if watch:
        jobs.get_ready()
    while True:
        if watch:
            beat(config.instance_dir)
        try:
            note_clock(clock)
            chores.do(datetime.now(UTC))
            _work(transport)
        except TROUBLE as error:
            _go_on(error, watch)
        if not watch:
            return
        time.sleep(every)


def _go_on(error: Exception, watch: bool) -> None:
    """What the database or the disk refuses now may go well in a moment: who stays tries again."""
    if not watch:
        raise error
    db.session.rollback()
    click.echo(f"Refused, trying again: {getattr(error, 'orig', None) or error}", err=True)


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
        if note_set_back(db.session, now=now):
            db.session.commit()
    finally:
        db.session.rollback()


class _Chores:
    """What is done now and then; each was done last at its instant."""

    def __init__(self) -> None:
        self.swept = self.cleared = datetime.min.replace(tzinfo=UTC)
        self.begun = False

    def do(self, now: datetime) -> None:
        """Do what is due."""
        if not self.begun:
            note_gap(now)
            self.begun = True
        if now - self.swept > SWEEP_EVERY:
            jobs.sweep(now=now)
            self.swept = now
        if now - self.cleared > CLEAR_EVERY:
            _clear(now)
            self.cleared = now


def _clear(now: datetime) -> None:
    keep = timedelta(days=current_app.config["JUDGING"].keep_replaced_days)
    marked, removed = jobs.sweep_files(current_app.extensions["storage"], keep=keep, now=now)
    if marked or removed:
        click.echo(f"replaced files cleared: {marked}, removed from the store: {removed}")


def _work(transport: SmtpTransport | None) -> None:
    while jobs.plan_next():
        click.echo("A plan was worked out.")
    while jobs.firmness_next():
        click.echo("A report on the firmness of a ranking was worked out.")
    sent = jobs.deliver_letters(transport) if transport else 0
    if sent:
        click.echo(f"letters sent: {sent}")


@commands.command("sweep")
@click.option("--dry-run", is_flag=True, help="Only say what would be cleared.")
def sweep_command(dry_run: bool) -> None:
    """Clear the bytes of files that were replaced or removed KEEP_REPLACED_DAYS ago, before their application came in.

    Never what a receipt names, the last file of its place, or bytes that another file still needs. Their rows stay.
    """
    now = datetime.now(UTC)
    if not dry_run:
        _clear(now)
        return
    keep = timedelta(days=current_app.config["JUDGING"].keep_replaced_days)
    files = sweepable(db.session, removed_before=now - keep)
    for file in files:
        click.echo(printable(f"document {file.id} of application {file.application_id}: {file.filename}, {file.size}"))
    click.echo(f"to be cleared: {len(files)} files, {sum(file.size for file in files)} bytes")


@commands.command()
@click.option("--watch", is_flag=True, help="Stay and look every few seconds until stopped.")
@click.option("--every", default=10.0, show_default=True, help="Seconds between looks with --watch.")
def deliver(watch: bool, every: float) -> None:
    """Send the letters that are due through the mail server of MAIL_URL."""
    config = current_app.config["JUDGING"]
    if not config.mail_url:
        raise click.ClickException("MAIL_URL is not set: letters stay in the outbox, for the administrator to read.")
    transport = SmtpTransport.from_url(config.mail_url, config.mail_sender)
    while True:
        try:
            jobs.sweep(now=datetime.now(UTC))
            sent = jobs.deliver_letters(transport)
            if sent or not watch:
                click.echo(f"letters sent: {sent}")
        except TROUBLE as error:
            _go_on(error, watch)
        if not watch:
            return
        time.sleep(every)
