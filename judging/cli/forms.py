"""``flask contest form``, ``form-check``: the form of a contest as a file, and whether a file is such a form."""

import json
from typing import BinaryIO

import click

from judging.adapters.forms import form_object, read_form
from judging.cli.facts import contest_of
from judging.cli.groups import contest as commands
from judging.cli.refusals import refusals
from judging.cli.tables import printable
from judging.domain.forms.compiling import compile_form
from judging.queries.forms import form_of


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
        compile_form(read, nominations)
    rules = len(read.checks) + sum(len(field.row_checks) for field in read.fields())
    counted = f"{len(read.sections)} sections, {sum(1 for _ in read.fields())} fields, {rules} checks"
    click.echo(printable(f"The form is well made: {counted}, {len(read.checklist)} points of the formal check."))
