"""``flask judging verify``: whether the facts that must always hold do hold in the stored data."""

import json
import sys
from dataclasses import asdict, dataclass
from datetime import datetime

import click
from flask import current_app
from sqlalchemy.orm import Session

from judging.cli.groups import installation as commands
from judging.cli.refusals import refusals
from judging.cli.tables import printable
from judging.extensions import db
from judging.models.engine import reads_only
from judging.queries.invariants import INVARIANTS, WAITING, Invariant, Offence, lost_files, uncovered

__all__ = ["commands"]

VIOLATED = 1
"""The exit status where a fact does not hold."""
CHAIN = "Found by no check until every record carries the hash of the one before:"


@dataclass
class Report:
    """What was found, and what could not be looked for: contests with the instant since which they are covered."""

    checks: int
    violated: int
    uncovered: list[tuple[str, datetime | None]]


@commands.command()
@click.option("--files", is_flag=True, help="Read every document of the store too and compare its hash.")
@click.option("--format", "as_format", type=click.Choice(["text", "json"]), default="text", show_default=True)
def verify(*, files: bool, as_format: str) -> None:
    """Check the stored data; a line for every row that should not be so, and exit status 1.

    Nothing is changed, and everything is read from one state of the database. Warnings are printed and do not count.
    What is checked is described in docs/verification.md.
    """
    reads_only.set(True)
    invariants = (*INVARIANTS, *([lost_files(current_app.extensions["storage"])] if files else []))
    with refusals():
        _read_one_state(db.session)
        report = _as_json(invariants) if as_format == "json" else _as_text(invariants)
    if report.violated:
        click.echo(f"{report.violated} of {report.checks} checks do not hold.", err=True)
        sys.exit(VIOLATED)


def _read_one_state(session: Session) -> None:
    """Let every check see the same state; SQLite does so by itself within a transaction."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ", "postgresql_readonly": True})


def _as_text(invariants: tuple[Invariant, ...]) -> Report:
    violated = sum(_check(invariant) for invariant in invariants)
    report = Report(len(invariants), violated, list(uncovered(db.session)))
    if not violated:
        click.echo(f"{report.checks} checks hold.")
    for code, since in report.uncovered:
        click.echo(printable(f"not covered {code}: {_coverage(since)}"))
    click.echo(CHAIN)
    for line in WAITING:
        click.echo(f"- {line}")
    return report


def _as_json(invariants: tuple[Invariant, ...]) -> Report:
    """Print one object: every check with what it found, what is not covered, what waits for the chain of hashes."""
    checks = [(invariant, [_facts(offence) for offence in invariant.find(db.session)]) for invariant in invariants]
    violated = sum(1 for invariant, offences in checks if offences and not invariant.warning)
    report = Report(len(invariants), violated, list(uncovered(db.session)))
    document = {
        "violated": violated,
        "checks": [
            {"check": one.code, "sentence": one.sentence, "warning": one.warning, "offences": offences}
            for one, offences in checks
        ],
        "not_covered": [{"contest": code, "before": since and since.isoformat()} for code, since in report.uncovered],
        "waiting": list(WAITING),
    }
    click.echo(json.dumps(document, ensure_ascii=False, indent=1))
    return report


def _facts(offence: Offence) -> dict[str, object]:
    return asdict(offence) | {"sentence": str(offence)}


def _coverage(since: datetime | None) -> str:
    if since is None:
        return "older than the records that verification reads; `flask db upgrade` notes its present state"
    return f"what was done before {since:%Y-%m-%d %H:%M:%S} UTC, when its state was noted, cannot be told"


def _check(invariant: Invariant) -> bool:
    """Print the rows for which a fact does not hold; say whether there are any and it is more than a warning."""
    found = False
    for offence in invariant.find(db.session):
        found = not invariant.warning
        kind = "warning" if invariant.warning else "violated"
        click.echo(printable(f"{kind} {invariant.code}: {invariant.sentence} {offence}"))
    return found
