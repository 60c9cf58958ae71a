"""``flask db upgrade``: the database is brought up, and what cannot be told of older data is noted."""

from datetime import UTC, datetime

import click
from alembic import command
from flask import current_app

from judging.cli.database import alembic_config
from judging.cli.groups import database as commands
from judging.domain.access import CONSOLE, By
from judging.extensions import db
from judging.services.seals import note_older_data


@commands.command()
@click.argument("revision", default="head")
def upgrade(revision: str) -> None:
    """Bring the database up to REVISION (default: the newest)."""
    upgrade_database(current_app.config["JUDGING"].database_url, revision)


def upgrade_database(url: str, revision: str = "head") -> None:
    """Migrate; data from before verification could compare anything are sealed as they stand."""
    command.upgrade(alembic_config(url), revision)
    if revision != "head":
        return
    sealed = note_older_data(db.session, by=By(CONSOLE, datetime.now(UTC)))
    db.session.commit()
    if sealed:
        click.echo(f"Contests whose present state was noted for `judging verify`: {sealed}")
