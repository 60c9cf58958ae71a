"""``flask contest trial`` and ``trial-wipe``: a trial made, walked through and wiped from the server."""

from datetime import UTC, datetime

import click
from flask import current_app
from sqlalchemy.orm import Session

from judging.cli.groups import contest as commands
from judging.cli.refusals import refusals
from judging.cli.tables import printable
from judging.domain.access import CONSOLE, By
from judging.domain.errors import RuleViolation
from judging.domain.rehearsals import STEP_LABELS, Until
from judging.extensions import db
from judging.jobs.kind import utc_now
from judging.jobs.rehearsal import Rehearsal
from judging.models import Contest
from judging.queries.contests import with_code
from judging.services.trials import create_trial, wipe_trial


@commands.command()
@click.argument("code")
@click.option("--fill", is_flag=True, help="Walk it through to the end: applications, experts, reviews, results.")
def trial(code: str, *, fill: bool) -> None:
    """Make a trial of the contest CODE with its rules and rubric; of a trial CODE, go on with it by --fill.

    Everything in a trial is invented and marked, no letter of it is sent, and trial-wipe deletes it.
    """
    with refusals():
        contest = _contest(code)
        if not contest.trial:
            contest = _made(db.session, contest)
        key, made = contest.id, contest.code
        db.session.rollback()
        steps = _rehearsal(key).walk(Until.END) if fill else []
    for step in steps:
        click.echo(STEP_LABELS[step])
    click.echo(printable(f"Trial contest: {made}"))


@commands.command("trial-wipe")
@click.argument("code")
def trial_wipe(code: str) -> None:
    """Delete the trial contest CODE with everything in it; a real contest is never touched."""
    with refusals():
        counts = wipe_trial(db.session, _contest(code).id, by=By(CONSOLE, datetime.now(UTC)))
        db.session.commit()
    words = ", ".join(f"{number} {name}" for name, number in counts.items() if number)
    click.echo(printable(f"Wiped {code}: {words or 'nothing was in it'}."))


def _contest(code: str) -> Contest:
    found = with_code(db.session, code)
    if found is None:
        raise RuleViolation("There is no contest with the code %(code)s.", code=code)
    return found


def _made(session: Session, source: Contest) -> Contest:
    contest = create_trial(session, source.id, by=By(CONSOLE, datetime.now(UTC)))
    session.commit()
    return contest


def _rehearsal(contest_id: int) -> Rehearsal:
    config = current_app.config["JUDGING"]
    tasks = f"{config.public_url or f'http://127.0.0.1:{config.port}'}/reviews"
    return Rehearsal(contest_id, db.sessionmaker, current_app.extensions["storage"], utc_now, tasks)
