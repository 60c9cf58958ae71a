"""``flask judging prepare``: what ``make run`` does before it serves."""

from datetime import UTC, datetime

import click
from flask import current_app
from sqlalchemy import select

from judging.cli.groups import installation as commands
from judging.cli.upgrading import upgrade_database
from judging.domain.access import ROLE_LABELS
from judging.extensions import db
from judging.models import User
from judging.services.demo import PASSWORD, demo_accounts, load_demo

__all__ = ["commands"]


@commands.command()
@click.option("--demo/--no-demo", default=True, help="Load the demonstration contests into an empty database.")
def prepare(demo: bool) -> None:
    """Migrate the database, load the demonstration if it is empty, print the address and the demo accounts.

    In production the demonstration is never loaded.
    """
    config = current_app.config["JUDGING"]
    upgrade_database(config.database_url)
    if config.production:
        _keep_demonstration_out(wanted=demo)
    elif demo and load_demo(db.session, current_app.extensions["storage"], now=datetime.now(UTC)):
        db.session.commit()
        click.echo("The demonstration contests are loaded.")
    click.echo(f"\nJudging is at {config.public_url or f'http://127.0.0.1:{config.port}'}\n")
    if not config.production and db.session.scalar(select(User.id).where(User.email == demo_accounts()[0].email)):
        _print_accounts()


def _keep_demonstration_out(*, wanted: bool) -> None:
    """In production its accounts, whose password everybody can read, are neither made nor left open."""
    if wanted:
        click.echo("PRODUCTION=yes: the demonstration is not loaded: the password of its accounts is published.")
    emails = [account.email for account in demo_accounts()]
    open_ones = db.session.scalars(select(User.email).where(User.email.in_(emails), User.active)).all()
    if open_ones:
        raise click.ClickException(
            f"This database holds the demonstration's accounts ({', '.join(sorted(open_ones))}), whose passwords are "
            "published. Use another database in production, or block them first."
        )


def _print_accounts() -> None:
    click.echo(f"Demonstration accounts, all with the password {PASSWORD}")
    for account in demo_accounts():
        click.echo(f"  {ROLE_LABELS[account.role]:<14} {account.email:<28} {account.name}")
    click.echo("")
