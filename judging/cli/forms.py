"""``flask contest form``, ``form-check``, ``form-load``: the form of a contest as a file, out, looked at, and in."""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, BinaryIO

import click

from judging.adapters.forms import form_object, read_form
from judging.cli.addresses import public_url
from judging.cli.facts import contest_of
from judging.cli.groups import contest as commands
from judging.cli.refusals import refusals
from judging.cli.tables import printable
from judging.domain.access import CONSOLE, By
from judging.domain.forms.change_places import worth_a_letter
from judging.domain.forms.changes import Change, changes_between, kind_of
from judging.domain.forms.compiling import compile_form
from judging.domain.forms.form import Check, Field, Point, Section
from judging.domain.forms.pieces import title_of
from judging.domain.forms.readers import compile_given
from judging.domain.lifecycle import ContestStatus
from judging.extensions import db
from judging.models.engine import reads_only
from judging.queries.form_readers import teams_concerned
from judging.queries.forms import form_of, nomination_codes
from judging.services.forms.change_letters import Telling
from judging.services.forms.form_store import FormChange, change_form, require_allowed


@commands.command("form")
@click.argument("code")
@click.option("--output", type=click.File("wb", atomic=True), default="-", help="A file; default: standard output.")
def form(code: str, output: BinaryIO) -> None:
    """Write the form that applications to the contest CODE have, as a file that form-check reads.

    A contest that came with an archive may have codes that no form can have: they are listed, and nothing is written.
    """
    with refusals():
        asked = form_of(contest_of(code))
        compile_form(asked)
        output.write(json.dumps(form_object(asked), ensure_ascii=False, indent=1).encode() + b"\n")


@commands.command("form-check")
@click.argument("file", type=click.File("rb"))
@click.option("--nomination", "nominations", multiple=True, help="A nomination of the contest; repeatable.")
def form_check(file: BinaryIO, nominations: tuple[str, ...]) -> None:
    """Read the form of applications FILE ("-": standard input) and type its rules; nothing is stored.

    Every fault is listed with its place, and for a rule with the character, and the exit status is 2.
    """
    with refusals():
        read = read_form(file.read())
        compile_given(read, nominations)
    rules = len(read.checks) + sum(len(field.row_checks) for field in read.fields())
    counted = f"{len(read.sections)} sections, {sum(1 for _ in read.fields())} fields, {rules} checks"
    click.echo(printable(f"The form is well made: {counted}, {len(read.checklist)} points of the formal check."))


@commands.command("form-load")
@click.argument("code")
@click.argument("file", type=click.File("rb"))
@click.option("--dry-run", is_flag=True, help="Only look at the file and print the difference.")
@click.option("--reason", default="", help="Why a published contest's form changes.")
def form_load(code: str, file: BinaryIO, *, dry_run: bool, reason: str) -> None:
    """Put the form of FILE in the place of the form of the contest CODE; print the difference.

    FILE may be "-" for standard input. A file that does not fit is refused with every fault listed, and so is a change
    that a published contest does not allow at this time; the exit status is 2 then, and nothing is stored.
    """
    with refusals():
        contest, now = contest_of(code), datetime.now(UTC)
        read = read_form(file.read())
        compile_given(read, nomination_codes(contest))
        changes = changes_between(form_of(contest), read)
        for line in _told(changes):
            click.echo(printable(line))
        if dry_run:
            if contest.status != ContestStatus.DRAFT:
                require_allowed(contest, changes, now)
                if worth_a_letter(changes):
                    click.echo(f"Teams that would be written to: {teams_concerned(db.session, contest)}")
            stored = None
        else:
            change = FormChange(read, contest.version, reason, Telling(public_url()))
            db.session.commit()  # from here on it writes; the version tells whether anybody was faster
            reads_only.set(False)
            stored = change_form(db.session, contest.id, change, by=By(CONSOLE, now))
            db.session.commit()
        done = "Nothing was stored" if stored is None else f"Stored as version {stored.number}.{stored.revision}"
        click.echo(f"{done}; {len(changes)} differences.")


def _told(changes: Sequence[Change]) -> Iterator[str]:
    """A line for every difference, and what kind of change they are together."""
    for change in changes:
        yield f"{change.path} ({change.kind.name.lower()}): {_said(change.before)} -> {_said(change.after)}"
    kind = kind_of(changes)
    yield f"Kind of change: {kind.name.lower()}" if kind else "The forms are the same."


def _said(value: Any) -> str:
    """A value in one line; a whole part by its words."""
    if isinstance(value, Section | Field | Check | Point):
        return title_of(value)
    if value is None:
        return "nothing"
    return json.dumps(_plain(value), ensure_ascii=False)


def _plain(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    return value if isinstance(value, str | bool | int) else getattr(value, "label", str(value))
