"""A contest's form is put in the place of another one: freely before publication, later as far as its kind allows.

What kind of change it is says the program (:mod:`judging.domain.forms.changes`). Words may always change; looser rules
until acceptance closes; tighter ones, and any letter of a consent, only before acceptance opens. Each time with a
reason, and each time a version of its own, so that what was submitted keeps the form that it answered.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.adapters.forms import form_object
from judging.domain.access import By
from judging.domain.canonical import digest
from judging.domain.errors import N_, RuleViolation
from judging.domain.events import Event
from judging.domain.forms.change_places import worth_a_letter
from judging.domain.forms.changes import Change, ChangeKind, changes_between, kind_of
from judging.domain.forms.compiling import CompiledForm
from judging.domain.forms.form import ApplicationForm, Field, FieldKind
from judging.domain.forms.indicators import figures
from judging.domain.forms.readers import compile_given
from judging.domain.lifecycle import ContestStatus, NotPossible, ReasonMissing
from judging.models import Contest, FormVersion
from judging.queries.forms import form_of
from judging.queries.nominations import codes_of
from judging.services import audit
from judging.services.concurrency import check_version
from judging.services.forms.change_letters import NOTHING_TOLD, Telling, tell_teams
from judging.services.holding import hold

MOST_BYTES = 50 << 20
"""Of a file whose field sets no limit of its own."""
MOST_NAMED = 50
"""Changes that a record of the journal names."""


class TooLate(RuleViolation):
    """The change is of a kind that is not allowed any more; ``changes`` are those that stand in the way."""

    def __init__(self, message: str, changes: tuple[Change, ...]) -> None:
        super().__init__(message)
        self.changes = changes


@dataclass(frozen=True)
class FormChange:
    """A form as it is to be; ``version`` is that of the contest which was looked at, ``telling`` for the letters."""

    form: ApplicationForm
    version: int
    reason: str = ""
    telling: Telling = NOTHING_TOLD


def change_form(session: Session, contest_id: int, change: FormChange, *, by: By) -> FormVersion | None:
    """Put a form in force; None where it is the one that is in force already.

    Teams with an application in a published contest are written to, unless words alone are others.

    Raises :class:`Refused` with every fault of the form, :class:`ReasonMissing` and :class:`TooLate` once the contest
    is published, :class:`Stale` where the contest was changed meanwhile.
    """
    compiled = compile_given(change.form, codes_of(session, contest_id))
    contest = hold(session, contest_id)
    check_version(contest, change.version)
    before = form_of(contest)
    changes = changes_between(before, change.form)
    kind = kind_of(changes)
    if kind is None and form_object(before) == form_object(change.form):
        return None
    if contest.status != ContestStatus.DRAFT:
        require_allowed(contest, changes, by.now)
        if not change.reason.strip():
            raise ReasonMissing(N_("Give the reason."))
        publish_form(session, contest, by=by)  # what was submitted keeps its form, also one that was never stored
    row = store_form(session, contest, compiled, kind or ChangeKind.WORDS, note=change.reason.strip(), by=by)
    contest.version += 1
    details: dict[str, Any] = {
        "form_version": f"{row.number}.{row.revision}", "kind_of_change": (kind or ChangeKind.WORDS).name.lower(),
    }  # fmt: skip
    details["changes"] = [one.path for one in changes[:MOST_NAMED]]
    details |= {"reason": row.note} if row.note else {}
    if contest.status != ContestStatus.DRAFT and worth_a_letter(changes):
        told = tell_teams(session, contest, row, changes, (before, change.form), change.telling, by=by)
        details |= {"teams": told} if told else {}
    audit.record(
        session, Event.FORM_CHANGED, by=by, subject=contest, label=contest.title, contest_id=contest.id,
        details=details,
    )  # fmt: skip
    return row


def require_allowed(contest: Contest, changes: tuple[Change, ...], now: datetime) -> None:
    """Raise :class:`TooLate` where a published contest allows no such changes at this instant."""
    if contest.status not in (ContestStatus.DRAFT, ContestStatus.PUBLISHED):
        raise NotPossible(N_("The ranking is made up: the form does not change any more."))
    kind = kind_of(changes) or ChangeKind.WORDS
    if kind is ChangeKind.TIGHTER and now >= contest.applications_open:
        message = N_("Acceptance has begun: what is asked cannot become more, nor the text of a consent another.")
        raise TooLate(message, tuple(one for one in changes if one.kind is ChangeKind.TIGHTER))
    if kind is ChangeKind.LOOSER and now >= contest.applications_close:
        message = N_("Acceptance is over: only words can be corrected.")
        raise TooLate(message, tuple(one for one in changes if one.kind is not ChangeKind.WORDS))


def store_form(
    session: Session, contest: Contest, compiled: CompiledForm, kind: ChangeKind, *, note: str = "", by: By
) -> FormVersion:
    """Store the form as the contest's version in force, and what other pages read of it in the contest's settings."""
    document = form_object(compiled.form)
    sha256 = digest(document)
    last = _last(session, contest)
    if last is None or last.published_at is not None:
        row = FormVersion(contest_id=contest.id, **_next(last, kind), created_at=by.now, created_by_id=by.actor.user_id)
        row.published_at = None if contest.status == ContestStatus.DRAFT else by.now
        session.add(row)
    else:
        row = last
    row.document, row.sha256, row.note = document, sha256, note
    for name, value in settings_of_form(compiled).items():
        setattr(contest, name, value)
    session.flush()
    return row


def publish_form(session: Session, contest: Contest, *, by: By) -> None:
    """Freeze the contest's form under its hash; one that follows from the settings is stored as its first version."""
    last = _last(session, contest)
    if last is not None:
        last.published_at = last.published_at or by.now
        return
    document = form_object(form_of(contest))
    session.add(
        FormVersion(
            contest_id=contest.id, number=1, revision=0, document=document, sha256=digest(document), created_at=by.now,
            created_by_id=by.actor.user_id, published_at=by.now,
        )
    )  # fmt: skip


def _last(session: Session, contest: Contest) -> FormVersion | None:
    mine = select(FormVersion).where(FormVersion.contest_id == contest.id)
    return session.scalars(mine.order_by(FormVersion.number.desc(), FormVersion.revision.desc()).limit(1)).first()


def settings_of_form(compiled: CompiledForm) -> dict[str, Any]:
    """Return the settings of a contest that follow from its form: documents, figures for criteria, roles of partners.

    In the notation of the preset.
    """
    partners = compiled.form.field("partners")
    role = partners and partners.column("role")
    return {
        "document_slots": [_slot(field) for field in compiled.form.fields() if field.kind is FieldKind.FILE],
        "indicators": [_figure(one.field) for one in figures(compiled).values()],
        "partner_roles": [
            {"code": one.code, "title": one.label, "title_en": one.label_en} for one in (role.options if role else ())
        ],
    }


def _slot(field: Field) -> dict[str, Any]:
    return {"code": field.code, **_titles(field), "required": field.required is True,
            "extensions": list(field.extensions), "max_bytes": field.max_bytes or MOST_BYTES}  # fmt: skip


def _figure(field: Field) -> dict[str, Any]:
    bounds = {"min": field.least, "max": field.greatest}
    return {
        "code": field.code, **_titles(field), "unit": field.unit, "unit_en": field.unit_en, "hint": field.hint,
        "hint_en": field.hint_en, "decimals": field.decimals,
        **{name: None if bound is None else str(bound) for name, bound in bounds.items()},
    }  # fmt: skip


def _titles(field: Field) -> dict[str, str]:
    return {"title": field.label, "title_en": field.label_en}


def _next(last: FormVersion | None, kind: ChangeKind) -> dict[str, int]:
    if last is None:
        return {"number": 1, "revision": 0}
    if kind is ChangeKind.WORDS:
        return {"number": last.number, "revision": last.revision + 1}
    return {"number": last.number + 1, "revision": 0}
