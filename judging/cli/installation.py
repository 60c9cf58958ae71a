"""``flask judging …``: work on a whole installation."""

from datetime import UTC, datetime, timedelta

import click
from flask import current_app

from judging import jobs
from judging.cli.addresses import public_url
from judging.cli.groups import installation as commands
from judging.cli.tables import printable
from judging.domain.access import CONSOLE, By
from judging.domain.errors import RuleViolation
from judging.extensions import db
from judging.queries.uploads import sweepable
from judging.services import accounts


@commands.command("create-administrator")
@click.argument("email")
@click.option("--name", default="Администратор", help="The person's name; an existing account keeps its own.")
def create_administrator(email: str, name: str) -> None:
    """Make EMAIL an administrator and print the address of a page that sets the password."""
    try:
        link = accounts.create_administrator(
            db.session,
            email=email,
            name=name,
            by=By(CONSOLE, datetime.now(UTC)),
            base_url=public_url(),
        )
    except RuleViolation as refusal:
        raise click.ClickException(str(refusal)) from refusal
    db.session.commit()
    click.echo(f"{email} is an administrator. Set the password within two hours at {link}")


def _clear(now: datetime) -> None:
    keep = timedelta(days=current_app.config["JUDGING"].keep_replaced_days)
    marked, removed = jobs.sweep_files(current_app.extensions["storage"], keep=keep, now=now)
    if marked or removed:
        click.echo(f"replaced files cleared: {marked}, removed from the store: {removed}")


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
