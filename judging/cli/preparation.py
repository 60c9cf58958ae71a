"""``flask judging prepare``: what ``make run`` does before it serves."""

from datetime import UTC, datetime

import click
from flask import current_app
from sqlalchemy import select

from judging.cli.database import upgrade_database
from judging.cli.installation import commands
from judging.domain.access import ROLE_LABELS
from judging.extensions import db
from judging.models import User
from judging.services.demo import PASSWORD, demo_accounts, load_demo

__all__ = ["commands"]


@commands.command()
@click.option("--demo/--no-demo", default=True, help="Load the demonstration contests into an empty database.")
def prepare(demo: bool) -> None:
    """Migrate the database, load the demonstration if it is empty, print the address and the demo accounts."""
    config = current_app.config["JUDGING"]
    upgrade_database(config.database_url)
    if demo and load_demo(db.session, current_app.extensions["storage"], now=datetime.now(UTC)):
        db.session.commit()
        click.echo("The demonstration contests are loaded.")
    click.echo(f"\nJudging is at {config.public_url or f'http://127.0.0.1:{config.port}'}\n")
    if db.session.scalar(select(User.id).where(User.email == demo_accounts()[0].email)):
        _print_accounts()


def _print_accounts() -> None:
    click.echo(f"Demonstration accounts, all with the password {PASSWORD}")
    for account in demo_accounts():
        click.echo(f"  {ROLE_LABELS[account.role]:<14} {account.email:<28} {account.name}")
    click.echo("")
