"""``flask contest …``: a whole contest in from a file, out to a file, its ranking and its milestones.

What does not fit is refused with exit status 2 and a line on standard error for everything that is wrong; nothing is
stored then.
"""

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import BinaryIO

import click

from judging.adapters.archive import VERSIONS, Received, dropped, dumped, receive_archive, version_of
from judging.adapters.strict_json.bounds import OF_CONSOLE
from judging.cli.facts import contest_of, export_of, with_firmness
from judging.cli.groups import contest as commands
from judging.cli.milestone_tables import milestones_document, milestones_table
from judging.cli.refusals import refusals, refuse
from judging.cli.tables import printable, ranking_table
from judging.domain.access import CONSOLE, By
from judging.domain.conflicts import close_barred
from judging.exports import CATALOGUE, RankingExport
from judging.extensions import db
from judging.queries import milestones as queries
from judging.queries.whole_records import whole_contest_record
from judging.services.archives import ContestExists, load_contest

MOST_TOLD = 20
"""How many changed values of a file are listed; a file in another normal form has thousands."""

Writer = Callable[[RankingExport], Iterable[bytes]]


@commands.command()
@click.argument("file", type=click.File("rb"))
@click.option("--replace", is_flag=True, help="Put the archive in the place of the contest that has its code.")
def load(file: BinaryIO, *, replace: bool) -> None:
    """Create the contest of the archive FILE ("-": standard input) with everything in it, or nothing at all.

    A file that does not fit is refused with every fault listed. --replace deletes what the contest held before,
    drafts and documents too; a contest whose ranking is approved is never replaced.
    """
    with refusals(), _many_objects():
        received = receive_archive(file.read(), OF_CONSOLE)
        record = received.record
        try:
            load_contest(db.session, record, by=By(CONSOLE, datetime.now(UTC)), replace=replace)
        except ContestExists as refusal:
            refuse(f"{refusal} Give --replace to put the archive in its place.")
        db.session.commit()
    size = f"{len(record.applications)} applications, {len(record.experts)} experts, {len(record.reviews)} reviews"
    click.echo(printable(f"Loaded {record.contest.code}: {size}."))
    for line in _told(received):
        click.echo(printable(line), err=True)


def _told(received: Received) -> Iterator[str]:
    """Say what the file and the contest do not have in common."""
    changes = [str(change) for change in received.changes]
    yield from changes[:MOST_TOLD]
    if len(changes) > MOST_TOLD:
        yield f"… and {len(changes) - MOST_TOLD} more values"
    for review in close_barred(received.record)[1]:
        yield f"Closed, the pair is in conflict: {review.application} / {review.expert}"


@commands.command()
@click.argument("code")
@click.option(
    "--version", type=click.Choice([str(number) for number in VERSIONS]), help="Default: the lowest that fits."
)
def dump(code: str, version: str | None) -> None:
    """Write the archive of the contest CODE to standard output.

    It is written in the lowest version of the format that loses nothing. In a lower one, what that version has no word
    for is left out and named on standard error.

    It holds everything, the sheets that experts have begun and not handed in and the contacts in the answers of
    applicants too: keep it where nobody reads them.
    """
    with refusals(), _many_objects():
        record = whole_contest_record(db.session, contest_of(code).id)
        wanted = version_of(record) if version is None else int(version)
        for text in dumped(record, wanted):
            click.echo(text.encode(), nl=False)
    for item in dropped(record, wanted):
        click.echo(printable(f"Left out, version {wanted} has no word for it: {item}"), err=True)


@commands.command()
@click.argument("code")
@click.option("--format", "form", type=click.Choice(["json", "xlsx", "text"]), default="text", show_default=True)
@click.option("--output", type=click.File("wb", atomic=True), default="-", help="A file; default: standard output.")
def ranking(code: str, form: str, output: BinaryIO) -> None:
    """Write the ranking of the contest CODE: the frozen one where there is one, else as things stand now."""
    with refusals(), _many_objects():
        contest = contest_of(code)
        export = export_of(db.session, contest, datetime.now(UTC))
        if form == "xlsx":
            export = with_firmness(db.session, contest, export)
        output.writelines(WRITERS[form](export))


@commands.command()
@click.argument("code")
@click.option("--format", "form", type=click.Choice(["json", "text"]), default="text", show_default=True)
def milestones(code: str, form: str) -> None:
    """Write the milestones of the contest CODE: when each comes by Moscow time, and what is provisional."""
    with refusals():
        contest = contest_of(code)
        rows = queries.rows_of(db.session, contest.id)
        comes = queries.resolved(db.session, contest)
    click.echo((milestones_document if form == "json" else milestones_table)(contest.code, comes, rows), nl=False)


def _text(export: RankingExport) -> Iterator[bytes]:
    yield ranking_table(export.record, export.ranking).encode()


def _json(export: RankingExport) -> Iterator[bytes]:
    """Write the JSON to the letter of the format's example, which has no line end after the last brace."""
    yield b"".join(CATALOGUE["ranking-json"].parts(export)).rstrip(b"\n")


WRITERS: Mapping[str, Writer] = {
    "json": _json,
    "xlsx": CATALOGUE["ranking-xlsx"].parts,
    "text": _text,
}


@contextmanager
def _many_objects() -> Iterator[None]:
    """Leave the garbage alone: a large contest is many small objects, all in use, and searching them takes a third."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
