"""The full form in the demonstration's contests, answered by every application."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from judging.adapters.preset import read_preset_form
from judging.domain.access import CONSOLE, By
from judging.domain.forms.changes import ChangeKind
from judging.domain.forms.compiling import CompiledForm, compile_form
from judging.domain.forms.form import ApplicationForm, FieldKind
from judging.domain.forms.looking import look
from judging.domain.forms.notation import answers_read, text_hash
from judging.models import Application, ApplicationSection, Contest
from judging.queries.answers import circumstances_of
from judging.services.applications.projection import project
from judging.services.demo.full_answers import Sections, full_answers, subject_of
from judging.services.demo.half_answers import half_answers
from judging.services.forms.form_store import store_form

MOSCOW = ZoneInfo("Europe/Moscow")


def give_full_form(session: Session, applications: Mapping[str, Iterable[Application]]) -> None:
    """Put the full form in force in every contest that came with an archive, and answer it in its ``applications``.

    They stand by the number that their answers are drawn from.
    """
    compiled = compile_form(read_preset_form())
    for contest in session.scalars(select(Contest).order_by(Contest.id)).all():
        store_form(session, contest, compiled, ChangeKind.TIGHTER, by=By(CONSOLE, contest.published_at or _never()))
    rows = [
        row
        for number, items in applications.items()
        for item in items
        for row in _answer(session, item, compiled, _whole(item, number, compiled.form))
    ]
    _store(session, rows)


def answer_full_form(session: Session, submitted: Application, draft: Application) -> None:
    """Answer the full form in the team's own two applications: one is whole, the other half filled and at fault."""
    compiled = compile_form(read_preset_form())
    day = draft.created_at.astimezone(MOSCOW).date()
    half = half_answers(subject_of(draft, draft.title, day=day))
    rows = _answer(session, submitted, compiled, _whole(submitted, submitted.title, compiled.form))
    _store(session, [*rows, *_answer(session, draft, compiled, half)])


def _never() -> datetime:
    raise ValueError("a contest of the demonstration was not published")


def _whole(item: Application, seed: str, form: ApplicationForm) -> Sections:
    moment = item.submitted_at or item.created_at
    answers = full_answers(subject_of(item, seed, day=moment.astimezone(MOSCOW).date()))
    return answers | {"consents": _consents(form, moment, item.contact_name)}


def _consents(form: ApplicationForm, moment: datetime, name: str) -> dict[str, Any]:
    return {
        field.code: {"given": True, "text_sha256": text_hash(field), "at": moment.isoformat(), "by": name}
        for field in form.fields()
        if field.kind is FieldKind.CONSENT
    }


def _answer(session: Session, item: Application, compiled: CompiledForm, stored: Sections) -> list[dict[str, Any]]:
    """Write the columns that follow from the answers; return the rows of the sections."""
    moment = item.submitted_at or item.created_at
    answers: dict[str, Any] = {}
    for section in compiled.form.sections:
        answers |= answers_read(section.fields, stored.get(section.code, {}))
    for partner, row in zip(item.partners, answers["partners"], strict=True):
        partner.contribution = row["contribution"]
    seen = look(compiled, answers, circumstances_of(item, moment.astimezone(MOSCOW).date()))
    with session.no_autoflush:
        project(session, item, compiled, answers, seen)
    return [
        {"application_id": item.id, "code": code, "answers": given, "version": 1, "saved_at": moment}
        for code, given in stored.items()
    ]


def _store(session: Session, rows: list[dict[str, Any]]) -> None:
    session.flush()
    session.execute(insert(ApplicationSection), rows)
