"""``flask judging backup`` and ``restore-check``: a backup, and whether one can be relied on."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import click
from flask import current_app

from judging.cli.groups import installation as commands
from judging.cli.refusals import refusals
from judging.cli.tables import printable
from judging.extensions import db
from judging.jobs.backup import check_backup, make_backup, newest

__all__ = ["commands"]

FAULTY = 1
"""The exit status where a backup is not to be relied on."""


@commands.command("backup")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def make(folder: Path) -> None:
    """Back up database, documents and log of downloads into FOLDER, while the server goes on.

    Again into the same FOLDER, only new documents are copied; earlier generations stay until somebody removes them.
    The secret key is not in it: keep that elsewhere.
    """
    config = current_app.config["JUDGING"]
    with refusals():
        made = make_backup(
            folder,
            database_url=config.database_url,
            storage=current_app.extensions["storage"],
            downloads=config.instance_dir / "downloads.jsonl",
            session=db.session,
            now=datetime.now(UTC),
        )
    click.echo(f"{made.folder}: {made.documents} documents, {made.copied} of them copied now.")


@commands.command("restore-check")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def check(folder: Path) -> None:
    """Check the newest backup in FOLDER: every file by its hash, the database whole, the facts that must always hold.

    Nothing is restored and nothing changed. A line for everything that is wrong, and exit status 1.
    """
    with refusals():
        place = newest(folder)
        faults = list(check_backup(place))
    for fault in faults:
        click.echo(printable(fault))
    if faults:
        click.echo(f"{place}: not to be relied on.", err=True)
        sys.exit(FAULTY)
    click.echo(f"{place}: whole.")
