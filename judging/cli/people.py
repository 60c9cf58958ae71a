"""``flask judging grant`` and ``outbox``: what one administrator alone may not do on the pages."""

from datetime import UTC, datetime

import click
from sqlalchemy import select

from judging.cli.addresses import public_url
from judging.cli.groups import installation as commands
from judging.cli.refusals import refusals, refuse
from judging.cli.tables import printable
from judging.domain.access import CONSOLE, STAFF_ROLES, By, Role
from judging.extensions import db
from judging.models import Contest, Letter
from judging.queries.accounts import user_by_email
from judging.services import accounts

__all__ = ["commands"]


@commands.command()
@click.argument("email")
@click.argument("role", type=click.Choice([role.value for role in STAFF_ROLES]))
@click.option("--contest", "code", help="The code of the one contest; left out: all contests.")
@click.option("--name", help="The person's name in the invitation, where there is no account yet.")
def grant(email: str, role: str, code: str | None, name: str | None) -> None:
    """Give EMAIL a staff ROLE, or send an invitation to it where there is no account yet."""
    with refusals():
        _grant(email, Role(role), _contest_id(code), name)


def _grant(email: str, role: Role, contest_id: int | None, name: str | None) -> None:
    moment, user = datetime.now(UTC), user_by_email(db.session, email)
    if user is not None:
        given = accounts.grant_role(
            db.session, user, accounts.RoleGrant(role, contest_id=contest_id), by=By(CONSOLE, moment)
        )
        db.session.commit()
        click.echo(f"{user.email} is {role.value} now." if given else f"{user.email} is {role.value} already.")
        return
    link = accounts.invite(
        db.session,
        accounts.Invitation(email=email, name=name or email, role=role, contest_id=contest_id),
        by=By(CONSOLE, moment),
        base_url=public_url(),
    )
    db.session.commit()
    number = db.session.scalars(select(Letter.id).where(Letter.key == f"invite:{link.id}")).one()
    click.echo(f"There is no account of {link.email}: the invitation is letter {number} of the outbox.")


def _contest_id(code: str | None) -> int | None:
    if code is None:
        return None
    found = db.session.scalar(select(Contest.id).where(Contest.code == code))
    return refuse(f"There is no contest {code}.") if found is None else found


@commands.command()
@click.argument("number", type=int, required=False)
def outbox(number: int | None) -> None:
    """Show letter NUMBER as it is, with its one-time link; without a number list the letters that were not sent."""
    if number is not None:
        _show(number)
        return
    waiting = db.session.scalars(select(Letter).where(Letter.sent_at.is_(None)).order_by(Letter.id)).all()
    for letter in waiting:
        at = letter.created_at.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
        click.echo(printable(f"{letter.id:>6}  {at}  {letter.recipient}  {letter.subject}"))
    if not waiting:
        click.echo("No letters wait.")


def _show(number: int) -> None:
    letter = db.session.get(Letter, number)
    if letter is None:
        refuse(f"There is no letter {number}.")
    click.echo(printable(f"To: {letter.recipient}\nSubject: {letter.subject}"))
    click.echo("")
    for line in letter.body.splitlines():
        click.echo(printable(line))
