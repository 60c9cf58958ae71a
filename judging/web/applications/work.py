"""Who works on an application, in words: on the list of its sections and on the page of a section."""

from typing import Any

from flask import g
from flask_babel import gettext

from judging.domain.access import Permission
from judging.extensions import db
from judging.queries.section_works import Work, works_of
from judging.web.access import allowed
from judging.web.applications.at_hand import AtHand
from judging.web.templating import moscow_short


def with_work(rows: list[dict[str, Any]], hand: AtHand) -> list[dict[str, Any]]:
    """The sections with who is to fill them in and who marked them as done."""
    works = works_of(db.session, hand.application, hand.compiled.form)
    return [{**row, "notes": _notes(works[row["code"]])} if row["code"] in works else row for row in rows]


def _notes(work: Work) -> list[str]:
    notes = [gettext("Responsible: %(name)s", name=work.assignee)] if work.assignee_id else []
    if work.done_at is not None:
        notes.append(done_words(work))
    return notes


def done_words(work: Work) -> str:
    """Who marked a section as done and when; and that another changed it since then."""
    facts = {"name": work.done_by or "–", "at": moscow_short(work.done_at)}
    if work.changed:
        return gettext("Changed after %(name)s marked it as done on %(at)s", **facts)
    return gettext("Marked as done by %(name)s on %(at)s", **facts)


def work_context(hand: AtHand, code: str) -> dict[str, Any]:
    """What the page of a section says of who works on it."""
    work = works_of(db.session, hand.application, hand.compiled.form).get(code, Work())
    leads = allowed(Permission.GIVE_APPLICATION_ROLES, g.scope)
    return {"work": work, "leads": leads, "done_words": done_words(work) if work.done_at else "", "section_code": code}
