"""``flask contest form-check``: whether a file is a form of applications that a contest could publish."""

from typing import BinaryIO

import click

from judging.adapters.forms import read_form
from judging.cli.groups import contest as commands
from judging.cli.refusals import refusals
from judging.cli.tables import printable
from judging.domain.forms.compiling import compile_form


@commands.command("form-check")
@click.argument("file", type=click.File("rb"))
@click.option("--nomination", "nominations", multiple=True, help="A nomination of the contest; repeatable.")
def form_check(file: BinaryIO, nominations: tuple[str, ...]) -> None:
    """Read the form of applications FILE ("-": standard input) and type its rules; nothing is stored.

    Every fault is listed with its place, and for a rule with the character, and the exit status is 2.
    """
    with refusals():
        form = read_form(file.read())
        compile_form(form, nominations)
    rules = len(form.checks) + sum(len(field.row_checks) for field in form.fields())
    counted = f"{len(form.sections)} sections, {sum(1 for _ in form.fields())} fields, {rules} checks"
    click.echo(printable(f"The form is well made: {counted}, {len(form.checklist)} points of the formal check."))
