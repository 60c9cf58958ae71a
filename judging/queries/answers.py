"""What an application answers: its stored sections, and where one was never saved, its columns."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session, object_session

from judging.domain.forms.columns import LEVEL, LEVEL_PREFIX, PLAIN
from judging.domain.forms.compiling import CompiledForm
from judging.domain.forms.environment import KEY, Circumstances
from judging.domain.forms.form import Field, FieldKind, Section
from judging.domain.forms.looking import Answers
from judging.domain.forms.notation import answers_read
from judging.models import Application, ApplicationSection
from judging.models.base import table_of
from judging.queries.applications import current_documents
from judging.queries.dossiers import kopecks, member_inns, nomination_of


@dataclass(frozen=True)
class StoredSection:
    """A section as it was saved last; ``answers`` and ``edits`` are JSON by field."""

    answers: Mapping[str, Any]
    version: int
    saved_at: datetime
    edits: Mapping[str, Any]


def stored_sections(session: Session, application_id: int) -> dict[str, StoredSection]:
    """Return the sections that were ever saved, by code."""
    rows = session.execute(_sections(), {"application": application_id})
    return {row.code: StoredSection(row.answers, row.version, row.saved_at, row.edits) for row in rows}


@cache
def _sections() -> Select[Any]:
    table = table_of(ApplicationSection).c
    columns: tuple[Any, ...] = (table.code, table.answers, table.version, table.saved_at, table.edits)
    return select(*columns).where(table.application_id == bindparam("application"))


def section_version(application: Application, code: str) -> int:
    """Return the version of a section that a form is filled from; 0 where it was never saved."""
    stored = stored_sections(_session(application), application.id).get(code)
    return 0 if stored is None else stored.version


def answers_of(
    application: Application, compiled: CompiledForm, sections: Mapping[str, StoredSection] | None = None
) -> Answers:
    """Return everything that the application answers, typed; the files of its documents among it.

    ``sections``: the stored ones, where they have been read already.
    """
    if sections is None:
        sections = stored_sections(_session(application), application.id)
    answers: dict[str, Any] = {}
    for section in compiled.form.sections:
        answers |= section_answers(application, section, sections.get(section.code))
    files: dict[str, list[str]] = {}
    for file in current_documents(application):
        files.setdefault(file.slot, []).append(file.sha256)
    return answers | {slot: tuple(hashes) for slot, hashes in files.items()}


def section_answers(application: Application, section: Section, stored: StoredSection | None) -> dict[str, Any]:
    """Return the answers of one section, typed, without its files."""
    if stored is not None:
        return answers_read(section.fields, stored.answers)
    found = {field.code: column_answer(application, field) for field in section.fields}
    return {code: answer for code, answer in found.items() if answer is not None}


def column_answer(application: Application, field: Field) -> Any:
    """Return what the columns answer to a field; None where they do not know it."""
    if PLAIN.get(field.code) is field.kind:
        value = getattr(application, field.code)
        return None if value is False or value == "" else value
    other = _OTHERS.get((field.code, field.kind))
    return _figure(application, field) if other is None else other(application)


def _figure(application: Application, field: Field) -> Any:
    """An indicator of the application: a number, or money in kopecks; the share that is computed is no answer."""
    text = application.indicators.get(field.code)
    if text is None or field.kind not in (FieldKind.NUMBER, FieldKind.MONEY):
        return None
    return Decimal(text) if field.kind is FieldKind.NUMBER else int(Decimal(text) * 100)


def _level(application: Application) -> str | None:
    level = application.readiness_level
    return None if level is None else f"{LEVEL_PREFIX}{level}"


def _partners(application: Application) -> tuple[dict[str, str], ...]:
    return tuple(
        {KEY: f"p{one.position}", "organisation": one.organisation.inn, "role": one.role,
         "contribution": one.contribution}
        for one in application.partners
    )  # fmt: skip


_OTHERS: Mapping[tuple[str, FieldKind], Any] = {
    (LEVEL, FieldKind.CHOICE): _level,
    ("topics", FieldKind.OKVED): lambda application: tuple(application.topics),
    ("initiator", FieldKind.ORGANISATION): lambda application: application.initiator and application.initiator.inn,
    ("partners", FieldKind.TABLE): _partners,
}


def circumstances_of(application: Application, today: date) -> Circumstances:
    """Return what the rules of the form are asked with, beside the answers; dates in the contest's time zone."""
    nomination = nomination_of(application)
    if nomination is None:
        cap = kopecks(application.contest.rules.get("cap_per_application"))
        return Circumstances(today, cap=cap, cluster=member_inns(application.cluster))
    cluster = member_inns(application.cluster)
    return Circumstances(today, cap=nomination.cap, cluster=cluster, nomination=nomination.code)


def _session(application: Application) -> Session:
    session = object_session(application)
    if session is None:
        raise ValueError("the application is not in a session")
    return session
