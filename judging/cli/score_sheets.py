"""``flask contest sheets`` and ``sheets-load``: an expert's score sheets as a workbook, out and back.

What is refused ends with exit status 2 and a line on standard error; nothing is stored then.
"""

import json
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any, BinaryIO, NoReturn, cast

import click
from flask import current_app
from flask_babel import force_locale, gettext

from judging.cli.facts import LANGUAGE, contest_of
from judging.cli.groups import contest as commands
from judging.cli.refusals import refusals, refuse
from judging.cli.tables import printable
from judging.domain.access import CONSOLE, By
from judging.domain.errors import RuleViolation
from judging.domain.offline.comparing import Compared, Keep, Row, State
from judging.domain.sheet_rules import GROUP
from judging.exports.score_sheets import Layout, expert_workbook
from judging.exports.score_sheets.reading import LARGEST, read_workbook
from judging.exports.score_sheets.words import number
from judging.extensions import db
from judging.models import Expert
from judging.models.engine import reads_only
from judging.queries.offline_sheets import expert_by_email
from judging.services.scoring import SheetsLoad, all_kept, assess_sheets, load_sheets

CHOOSE = "Some places were changed both in the file and on the site: give --keep online or --keep file."


@commands.command("sheets")
@click.argument("code")
@click.argument("email")
@click.option("--output", type=click.File("wb", atomic=True), default="-", help="A file; default: standard output.")
@click.option(
    "--layout", type=click.Choice(["sheets", "table"]), default="sheets", show_default=True,
    help="A sheet an application and an overview, or one table of all.",
)  # fmt: skip
def sheets(code: str, email: str, output: BinaryIO, layout: str) -> None:
    """Write the score sheets of the expert EMAIL in the contest CODE that are open, as a workbook to be filled offline.

    Those are in it whose declaration is made and that are not handed in. It holds the expert's own marks and comments:
    give it to nobody else.
    """
    with refusals():
        expert = _expert(code, email)
        output.write(
            expert_workbook(
                db.session, expert, keys=_keys(), made_at=datetime.now(UTC), layout=cast(Layout, layout)
            )
        )  # fmt: skip


@commands.command("sheets-load")
@click.argument("code")
@click.argument("email")
@click.argument("file", type=click.File("rb"))
@click.option("--dry-run", is_flag=True, help="Say what would change, and store nothing.")
@click.option("--keep", type=click.Choice(["online", "file"]), help="What stays where both were changed.")
@click.option("--format", "form", type=click.Choice(["json", "text"]), default="text", show_default=True)
def sheets_load(code: str, email: str, file: BinaryIO, *, dry_run: bool, keep: str | None, form: str) -> None:
    """Save the workbook FILE ("-": standard input) of the expert EMAIL in the contest CODE as drafts, or nothing.

    What was changed on the site after the file was made is never overwritten unasked: where both were changed, --keep
    decides, and without it nothing is stored. Nothing is handed in. The exit status is 2 where something is refused; a
    dry run that can say what each cell would do ends with 0.
    """
    with refusals():
        returned = read_workbook(BytesIO(file.read(LARGEST + 1)), _keys())
        expert = _expert(code, email)
        if not dry_run:
            expert = _to_be_written(expert.id)
        compared = assess_sheets(db.session, expert, returned)
        _tell(compared, form)
        if dry_run:
            return
        if compared.conflicts and keep is None:
            _nothing(CHOOSE)
        load = SheetsLoad(compared) if keep is None else all_kept(compared, Keep(keep))
        count = load_sheets(db.session, load, by=By(CONSOLE, datetime.now(UTC)))
        db.session.commit()
    if form == "text":
        click.echo(f"Saved {count} drafts.")


def _expert(code: str, email: str) -> Expert:
    contest = contest_of(code)
    expert = expert_by_email(db.session, contest.id, email)
    if expert is None:
        raise RuleViolation("The contest %(code)s has no expert with the address %(email)s.", code=code, email=email)
    return expert


def _to_be_written(expert_id: int) -> Expert:
    """The same expert in a transaction that writes."""
    db.session.rollback()
    reads_only.set(False)
    return db.session.get_one(Expert, expert_id)


def _keys() -> list[str]:
    return list(current_app.config["SIGNING_KEYS"])


def _nothing(reason: str) -> NoReturn:
    db.session.rollback()
    refuse(reason, "Nothing was stored.")


def _tell(compared: Compared, form: str) -> None:
    with force_locale(LANGUAGE):
        if form == "json":
            click.echo(json.dumps(document(compared), ensure_ascii=False, indent=1))
            return
        for row in compared.rows:
            if row.why is not None:
                click.echo(printable(f"{row.cell}: {row.state}: {_why(row)}"))
    counts = ", ".join(f"{compared.count(state)} {state}" for state in State)
    click.echo(f"{counts}.")


def document(compared: Compared) -> dict[str, Any]:
    """Return what a file would do, as the JSON of the command has it."""
    rows = [
        {
            "application": row.number,
            "criterion": None if row.place.code.startswith(GROUP) else row.place.code or None,
            "state": row.state.value,
            "cell": row.cell,
            "why": _why(row),
        }
        for row in compared.rows
    ]
    return {**{state.value: compared.count(state) for state in State}, "rows": rows}


def _why(row: Row) -> str | None:
    if row.why is None:
        return None
    params = {name: number(one) if isinstance(one, Decimal) else one for name, one in row.why.params.items()}
    return gettext(row.why.message, **params)
