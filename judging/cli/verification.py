"""``flask judging verify``: whether the facts that must always hold do hold in the stored data."""

import sys

import click
from flask import current_app

from judging.cli.installation import commands
from judging.cli.refusals import refusals
from judging.cli.tables import printable
from judging.extensions import db
from judging.models.engine import reads_only
from judging.queries.invariants import INVARIANTS, Invariant, lost_files

__all__ = ["commands"]

VIOLATED = 1
"""The exit status where a fact does not hold."""


@commands.command()
@click.option("--files", is_flag=True, help="Read every document of the store too and compare its hash.")
def verify(*, files: bool) -> None:
    """Check the stored data; a line for every row that should not be so, and exit status 1.

    Nothing is changed. Warnings are printed and do not count.
    """
    reads_only.set(True)
    invariants = (*INVARIANTS, *([lost_files(current_app.extensions["storage"])] if files else []))
    with refusals():
        violated = sum(_check(invariant) for invariant in invariants)
    if violated:
        click.echo(f"{violated} of {len(invariants)} checks do not hold.", err=True)
        sys.exit(VIOLATED)
    click.echo(f"{len(invariants)} checks hold.")


def _check(invariant: Invariant) -> bool:
    """Print the rows for which a fact does not hold; say whether there are any and it is more than a warning."""
    found = False
    for offence in invariant.find(db.session):
        found = not invariant.warning
        kind = "warning" if invariant.warning else "violated"
        click.echo(printable(f"{kind} {invariant.code}: {invariant.sentence} {offence}"))
    return found
