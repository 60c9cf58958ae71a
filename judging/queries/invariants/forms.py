"""Forms and answers: every stored form is the one of its hash and can be used, and columns follow from answers."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.adapters.archive import read_nomination
from judging.adapters.forms import read_form_object
from judging.domain.canonical import digest
from judging.domain.errors import Refused
from judging.domain.forms.compiling import compile_form
from judging.domain.forms.environment import Circumstances
from judging.domain.forms.looking import look
from judging.models import Application, ApplicationSection, FormVersion
from judging.models.base import table_of
from judging.queries.answers import circumstances_of
from judging.queries.applications import all_whole
from judging.queries.invariants.checks import Offence, differs
from judging.queries.invariants.receipts import nomination_named, submitted_in
from judging.queries.nominations import codes_by_contest
from judging.queries.projection import columns_of, participants_of
from judging.queries.submissions import last_submitted

CHUNK = 100


def false_forms(session: Session) -> Iterator[Offence]:
    """Yield stored forms whose document does not give their hash, or which cannot be used."""
    table = table_of(FormVersion).c
    columns: tuple[Any, ...] = (
        table.id, table.contest_id, table.number, table.revision, table.sha256, table.document,
    )  # fmt: skip
    nominations = codes_by_contest(session)
    for row in session.execute(select(*columns).order_by(table.id)):
        name = f"{row.number}.{row.revision}"
        if (found := digest(row.document)) != row.sha256:
            yield differs("formversion", row.id, f"{name}: the hash", row.sha256, found)
            continue
        try:
            compile_form(read_form_object(row.document), nominations.get(row.contest_id, ()))
        except Refused as refused:
            yield Offence("formversion", row.id, f"{name}: {refused.faults[0]}")


def unlike_columns(session: Session) -> Iterator[Offence]:
    """Yield applications with a column that is not what their stored answers give."""
    moved = submitted_in(session)
    for application in _answered(session):
        counting = last_submitted(session, application)  # of a draft, what is stored of it
        compiled, answers = counting.form.compiled, counting.answers
        here: Circumstances = circumstances_of(application, datetime.now(UTC).date())
        if application.receipt_sha256 is None and counting.document is not None:  # it came with an archive
            here = _in_nomination(application, here, nomination_named(counting.document))
        elif application.id in moved:
            here = _in_nomination(application, here, moved[application.id])
        seen = look(compiled, answers, here)
        given = columns_of(application, compiled, answers, seen) | participants_of(answers, seen)
        stored = {name: _stored(application, name) for name in given}
        for name in sorted(given):
            if given[name] != stored[name]:
                label = f"{application.number or 'draft'}: {name}"
                yield differs("application", application.id, label, stored[name], given[name])


def _in_nomination(application: Application, here: Circumstances, code: str | None) -> Circumstances:
    """The circumstances of the nomination that a moved application was submitted in."""
    row = next((one for one in application.contest.nominations if one.code == code), None)
    return here if row is None else replace(here, nomination=code, cap=read_nomination(row.definition).cap)


def _stored(application: Application, name: str) -> Any:
    if name == "initiator":
        return application.initiator.inn if application.initiator else None
    if name == "partners":
        return [[one.organisation.inn, one.role, one.contribution] for one in application.partners]
    return getattr(application, name)


def _answered(session: Session) -> Iterator[Application]:
    """The applications with a section of their own, a hundred at a time."""
    last = 0
    while True:
        owners = select(ApplicationSection.application_id).where(ApplicationSection.application_id > last)
        keys = session.scalars(owners.distinct().order_by(ApplicationSection.application_id).limit(CHUNK)).all()
        if not keys:
            return
        yield from session.scalars(all_whole(keys)).all()
        last = keys[-1]
