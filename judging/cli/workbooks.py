"""``flask contest check-workbook``: whether a workbook that was edited still says what the system decided."""

import sys
from datetime import UTC, datetime
from typing import BinaryIO

import click
from flask_babel import force_locale, gettext

from judging.cli.facts import LANGUAGE, contest_of
from judging.cli.groups import contest as commands
from judging.cli.refusals import refusals
from judging.cli.tables import printable
from judging.domain.access import CONSOLE
from judging.domain.errors import RuleViolation
from judging.exports import RankingExport
from judging.exports.workbook.comparing import Difference, compare_workbook
from judging.extensions import db
from judging.models import Contest
from judging.queries import rankings

__all__ = ["commands"]

DIFFERS = 1
"""The exit status where the workbook is not what the system has."""


@commands.command()
@click.argument("code")
@click.argument("file", type=click.File("rb"))
@click.option("--snapshot", type=int, help="Compare with the frozen ranking of this number instead of the present.")
def check_workbook(code: str, file: BinaryIO, *, snapshot: int | None) -> None:
    """Compare the ranked workbook FILE with the contest CODE, as it is now or as it was frozen.

    A line for every difference and exit status 1; exit status 2 for a file that is no workbook of this contest.
    """
    with refusals():
        differences = compare_workbook(file, _export(contest_of(code), snapshot))
    with force_locale(LANGUAGE):
        for difference in differences:
            click.echo(printable(_line(difference)))
    if differences:
        click.echo(f"{len(differences)} differences.", err=True)
        sys.exit(DIFFERS)
    click.echo("The workbook says what the system has.")


def _export(contest: Contest, number: int | None) -> RankingExport:
    now = datetime.now(UTC)
    if number is None:
        return RankingExport(*rankings.compute_ranking(db.session, contest.id), made_at=now, made_by=CONSOLE.name)
    stored = rankings.snapshot(db.session, contest.id, number)
    if stored is None:
        raise RuleViolation("There is no snapshot %(number)s of this contest's ranking.", number=number)
    return RankingExport(*rankings.stored_ranking(stored), made_at=now, made_by=CONSOLE.name)


def _line(difference: Difference) -> str:
    """«Оценки экспертов, строка 14 (001, E1, …), Балл: было 7, стало 9»."""
    facts = {
        "sheet": difference.sheet,
        "key": difference.key,
        "column": difference.column or gettext("the whole row"),
        "before": difference.before or "—",
        "after": difference.after or "—",
    }
    if difference.row is None:
        return gettext("%(sheet)s (%(key)s), %(column)s: was %(before)s, now %(after)s", **facts)
    return gettext(
        "%(sheet)s, row %(row)s (%(key)s), %(column)s: was %(before)s, now %(after)s", row=difference.row, **facts
    )
