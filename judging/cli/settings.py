"""``flask contest copy``, ``settings``, ``settings-load``: what was decided of a contest, for another year, as a file.

What does not fit is refused with exit status 2 and a line on standard error for everything that is wrong.
"""

import json
from datetime import UTC, date, datetime, time
from typing import Any, BinaryIO
from zoneinfo import ZoneInfo

import click

from judging.adapters.settings import LARGEST, dump_settings, read_settings
from judging.cli.addresses import public_url
from judging.cli.facts import contest_of
from judging.cli.groups import contest as commands
from judging.cli.refusals import refusals, refuse
from judging.cli.tables import printable
from judging.domain.access import CONSOLE, By
from judging.domain.errors import Unfit
from judging.domain.fields.instants import read_date, read_instant
from judging.domain.settings.documents import Difference
from judging.extensions import db
from judging.models import Contest
from judging.models.engine import reads_only
from judging.queries.contest_settings import settings_of_contest
from judging.queries.old_years import old_years
from judging.services.contest_settings import (
    Assessment,
    ContestCopy,
    SettingsChange,
    SettingsRefused,
    apply_settings,
    assess_settings,
    copy_contest,
)
from judging.services.forms.change_letters import Telling

LONGEST_SHOWN = 200


@commands.command("copy")
@click.argument("base", metavar="FROM")
@click.argument("code", metavar="TO")
@click.option("--opens", required=True, help="When applications open: 2027-02-01 (at the old hour) or with the hour.")
@click.option("--staff/--no-staff", default=True, show_default=True, help="Give the staff the roles that they had.")
def copy(base: str, code: str, *, opens: str, staff: bool) -> None:
    """Make a draft contest TO with the settings of the contest FROM: no applications, no scores, no experts.

    Dates are as far from the new opening as they were from the old one. Texts that name a year of the old contest are
    listed on standard error; they are not changed.
    """
    with refusals():
        known = contest_of(base)
        wanted = ContestCopy(code, _opening(opens, known), staff)
        _begin_writing()
        made = copy_contest(db.session, known.id, wanted, by=By(CONSOLE, datetime.now(UTC)))
        db.session.commit()
        named = old_years(db.session, made)
    click.echo(printable(f"Created the draft {made.code} with the settings of {base}."))
    for one in named:
        click.echo(printable(f"{one.path}: names {', '.join(one.years)}: {_shown(one.text)}"), err=True)


def _begin_writing() -> None:
    """End the reading: the transaction that follows writes."""
    db.session.rollback()
    reads_only.set(False)


def _opening(text: str, base: Contest) -> datetime:
    """Read a date, which begins at the hour of the old opening, or an instant."""
    zone = ZoneInfo(base.timezone)
    try:
        day: date = read_date(text)
        hour: time = base.applications_open.astimezone(zone).time()
    except Unfit:
        try:
            return read_instant(text, zone)
        except Unfit as unfit:
            refuse(f"--opens: {unfit}")
    return datetime.combine(day, hour, tzinfo=zone)


@commands.command("settings")
@click.argument("code")
@click.option("--output", type=click.File("wb", atomic=True), default="-", help="A file; default: standard output.")
def settings(code: str, output: BinaryIO) -> None:
    """Write everything that was decided of the contest CODE, as a file that settings-load reads."""
    with refusals():
        output.write(dump_settings(settings_of_contest(db.session, contest_of(code))))


@commands.command("settings-load")
@click.argument("code")
@click.argument("file", type=click.File("rb"))
@click.option("--dry-run", is_flag=True, help="Say what would change, and store nothing.")
@click.option("--reason", default="", help="Why dates are moved or the form is changed after publication.")
@click.option("--allowed-only", is_flag=True, help="Store what may still change, though the rest may not.")
def settings_load(code: str, file: BinaryIO, *, dry_run: bool, reason: str, allowed_only: bool) -> None:
    """Put the settings of FILE ("-": standard input) in force in the contest CODE, all of them or none.

    Every difference is listed. What may not change any more is listed on standard error, and nothing is stored then,
    unless --allowed-only is given.
    """
    with refusals():
        wanted = read_settings(file.read(LARGEST + 1))
        contest, now = contest_of(code), datetime.now(UTC)
        found = assess_settings(db.session, contest, wanted, now)
        _tell(found)
        if dry_run or (found.refused and not allowed_only):
            _end(found)
        change = SettingsChange(wanted, found.seen, reason, allowed_only, Telling(public_url()))
        _begin_writing()
        try:
            apply_settings(db.session, contest.id, change, by=By(CONSOLE, now))
        except SettingsRefused as refusal:
            refuse(str(refusal))
        db.session.commit()
    click.echo(printable(f"Changed {len(found.allowed)} settings of {code}."))


def _tell(found: Assessment) -> None:
    for one in found.allowed:
        click.echo(printable(_line(one)))
    for refusal in found.refused:
        click.echo(printable(f"{_line(refusal.difference)}: {refusal.reason}"), err=True)


def _end(found: Assessment) -> None:
    """End without storing: with an error where something may not change any more."""
    if found.refused:
        refuse("Nothing was stored.")
    click.echo("Nothing was stored." if found.allowed else "There is no difference.")
    raise click.exceptions.Exit(0)


def _line(one: Difference) -> str:
    return f"{one.path}: {_shown(one.before)} → {_shown(one.after)}"


def _shown(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"
