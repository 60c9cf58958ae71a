"""The audit journal: all of it for the administrator, a contest's for its staff."""

from flask import render_template, request
from sqlalchemy import select

from judging.domain.access import DESK, Permission, Scope
from judging.extensions import db
from judging.models import Contest
from judging.queries import journal as queries
from judging.queries import scopes
from judging.web.access import allowed, requires, sight_of
from judging.web.journal.blueprint import blueprint
from judging.web.journal.sentences import CONTENT, detail_lines, event_choices, event_label
from judging.web.listing import day_of, page_of, search_of

LONGEST_EVENT = 60
"""Characters of a name of an event; one that is no longer in use is looked for, too."""


@blueprint.get("/journal")
@requires(Permission.MANAGE_ACCOUNTS, DESK)
def everything() -> str:
    """What everybody did."""
    return render_template("journal/everything.html", **_page(None))


@blueprint.get("/staff/contests/<code>/journal")
@requires(Permission.SEE_JOURNAL, scopes.contest_scope)
def contest(code: str) -> str:
    """What was done in one contest."""
    item = db.session.scalars(select(Contest).where(Contest.code == code)).one()
    return render_template("journal/contest.html", contest=item, **_page(item.id))


def _page(contest_id: int | None) -> dict[str, object]:
    wanted = _wanted()
    return {
        "page": queries.journal_page(db.session, wanted, contest_id=contest_id),
        "wanted": wanted,
        "choices": event_choices(),
        "event_label": event_label,
        "detail_lines": detail_lines,
        "readable": _is_readable,
        "sealed": _is_sealed,
    }


def _wanted() -> queries.JournalFilter:
    args = request.args
    return queries.JournalFilter(
        event=args.get("event", "")[:LONGEST_EVENT],
        person=search_of(args, "person"),
        since=day_of(args, "since"),
        until=day_of(args, "until"),
        page=page_of(args),
    )


def _is_sealed(row: queries.JournalRow) -> bool:
    """Whether the marks of the record's contest are not open to this reader yet."""
    contest = None if row.contest_id is None else db.session.get(Contest, row.contest_id)
    return contest is not None and not sight_of(contest).shows(None)


def _is_readable(row: queries.JournalRow) -> bool:
    """Whether this reader may know more of the record than who did what kind of thing."""
    if row.unsubmitted:
        return False
    return row.subject_type not in CONTENT or allowed(Permission.SEE_REGISTER, Scope(contest_id=row.contest_id))
