"""``flask contest sheet-at``: what an expert's score sheet said at a moment, and the draft brought back to it."""

import json
from datetime import UTC, datetime

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.cli.groups import contest as commands
from judging.cli.refusals import refusals
from judging.cli.tables import printable
from judging.domain.access import CONSOLE, By
from judging.domain.errors import RuleViolation
from judging.domain.sheet_history import texts_of, without_private
from judging.extensions import db
from judging.models import Application, Contest, Expert, Review
from judging.queries.sheet_histories import saves_of, sheet_at
from judging.services.scoring import restore_sheet


@commands.command("sheet-at")
@click.argument("code")
@click.argument("email")
@click.argument("number")
@click.option("--at", "moment_text", help="The moment, ISO 8601 with an offset; without it the moments are listed.")
@click.option("--restore", is_flag=True, help="Bring the draft back to what it said then.")
def sheet_at_moment(code: str, email: str, number: str, moment_text: str | None, *, restore: bool) -> None:
    """Write what the sheet of the expert EMAIL on the application NUMBER said at a moment, as JSON by field.

    What the expert noted for himself is not written, and is restored with the rest.

    --restore saves the draft as it was then; what it says now stays in the history. A submitted sheet is not touched.
    """
    with refusals():
        review = _review(db.session, code, email, number)
        if moment_text is None:
            for save in saves_of(db.session, review.id):
                click.echo(printable(f"{save.at.isoformat()}  {', '.join(sorted(without_private(save.changes)))}"))
            return
        moment = _moment(moment_text)
        then = texts_of(sheet_at(db.session, review, moment))
        if restore:
            by = By(CONSOLE, datetime.now(UTC))
            restore_sheet(db.session, review, moment=moment, version=review.version, by=by)
            db.session.commit()
    click.echo(json.dumps(dict(sorted(without_private(then).items())), ensure_ascii=False, indent=1))


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise RuleViolation("“%(text)s” is not an instant with an offset, such as 2026-11-30T18:00:00+03:00", text=text)
    return moment


def _review(session: Session, code: str, email: str, number: str) -> Review:
    query = (
        select(Review)
        .join(Contest, Contest.id == Review.contest_id)
        .join(Expert, Expert.id == Review.expert_id)
        .join(Application, Application.id == Review.application_id)
        .where(Contest.code == code, Expert.email == email, Application.number == number)
    )
    review = session.scalar(query)
    if review is None:
        raise RuleViolation("There is no such review in the contest %(code)s.", code=code)
    return review
