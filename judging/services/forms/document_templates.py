"""Templates of documents: files that the organiser gives for places of the form, put, replaced and taken away."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy.orm import Session

from judging.domain.access import By
from judging.domain.errors import N_, RuleViolation
from judging.domain.events import Event
from judging.domain.forms.form import FieldKind
from judging.domain.gates import Act
from judging.models import Contest, DocumentTemplate
from judging.queries.document_templates import template_files
from judging.queries.forms import form_of
from judging.services import audit
from judging.services.holding import hold

LARGEST_TEMPLATE = 5 << 20
"""Bytes: a template is a form to be filled in, and is kept in the database."""


class NoSuchPlace(RuleViolation):
    """The form asks for no such document."""


@dataclass(frozen=True)
class NewTemplate:
    """A file that was found whole."""

    name: str
    media_type: str
    content: bytes


def require_place(contest: Contest, slot: str) -> None:
    """Raise :class:`NoSuchPlace` unless the form asks for files there."""
    field = form_of(contest).field(slot)
    if field is None or field.kind is not FieldKind.FILE:
        raise NoSuchPlace(N_("The contest asks for no such document."))


def put_template(session: Session, contest_id: int, slot: str, new: NewTemplate, *, by: By) -> None:
    """Give a document a template, in the place of an earlier one; the very same file again changes nothing."""
    contest = hold(session, contest_id, Act.CHANGE_PUBLIC_PAGE)
    require_place(contest, slot)
    row, digest = session.get(DocumentTemplate, (contest_id, slot)), sha256(new.content).hexdigest()
    if row is not None and (row.filename, row.sha256) == (new.name, digest):
        return
    before = {} if row is None else {"before": row.filename}
    if row is None:
        row = DocumentTemplate(contest_id=contest_id, slot=slot)
        session.add(row)
    row.filename, row.media_type, row.size, row.sha256 = new.name, new.media_type, len(new.content), digest
    row.content, row.uploaded_at, row.uploaded_by_id = new.content, by.now, by.actor.user_id
    _note(session, contest, {"slot": slot, "filename": new.name, "sha256": digest, **before}, by)


def remove_template(session: Session, contest_id: int, slot: str, *, by: By) -> bool:
    """Take a template away; say whether there was one."""
    contest = hold(session, contest_id, Act.CHANGE_PUBLIC_PAGE)
    row = session.get(DocumentTemplate, (contest_id, slot))
    if row is None:
        return False
    session.delete(row)
    _note(session, contest, {"slot": slot, "before": row.filename, "sha256": row.sha256}, by)
    return True


def copy_templates(session: Session, base_id: int, contest: Contest, *, by: By) -> None:
    """Give a contest that is copied the templates of its base."""
    kept = ("slot", "filename", "media_type", "size", "sha256", "content")
    for row in template_files(session, base_id):
        values = {name: getattr(row, name) for name in kept}
        session.add(
            DocumentTemplate(contest_id=contest.id, **values, uploaded_at=by.now, uploaded_by_id=by.actor.user_id)
        )


def _note(session: Session, contest: Contest, details: dict[str, Any], by: By) -> None:
    audit.record(
        session, Event.TEMPLATE_CHANGED, by=by, subject=contest, label=contest.title, contest_id=contest.id,
        details=details,
    )  # fmt: skip
