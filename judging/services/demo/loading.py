"""Load the demonstration contests, their documents and their people; move the open one to the present."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.adapters.archive import read_archive
from judging.adapters.storage import Storage
from judging.domain.access import CONSOLE, By
from judging.domain.record import ContestRecord
from judging.domain.visibility import PLAIN, visibility_document
from judging.models import Application, Contest, Document
from judging.services.archives import load_contest
from judging.services.demo import stages
from judging.services.demo.accounts import EXPERT, ask_for_roles, make_accounts
from judging.services.demo.agreements import agree
from judging.services.demo.deliberation import discuss_an_application
from judging.services.demo.document_templates import give_templates
from judging.services.demo.folder import FOLDER
from judging.services.demo.full_form import give_full_form
from judging.services.demo.public_texts import say_publicly
from judging.services.demo.teamwork import share_work
from judging.services.demo.terms import set_terms
from judging.services.seals import note_accounts, note_state

MOSCOW = ZoneInfo("Europe/Moscow")
OPENED_BEFORE = timedelta(days=10)
ANNOUNCED_BEFORE = timedelta(days=14)
CLOSED_BEFORE = timedelta(days=7)
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
MONEY_FIELDS = ("own_funds", "loans", "other_budget")
DATE_FIELDS = ("starts_on", "ends_on")


def load_demo(session: Session, storage: Storage, *, now: datetime) -> bool:
    """Load the demonstration unless any contest is there already; say whether it was loaded."""
    if session.scalar(select(Contest.id).limit(1)) is not None:
        return False
    shift = _load_contests(session, now)
    _fill_passports(session, shift)
    _add_documents(session, storage)
    give_full_form(session, _by_number(session))
    team = make_accounts(session, now=now)
    stages.give_to_team(session, team)
    session.flush()
    stages.begin_applications(session, storage, team, now)
    stages.begin_reviews(session, now)
    session.flush()
    agree(session, stages.OPEN, EXPERT.email, now)
    set_terms(session, now)
    session.flush()
    say_publicly(session, stages.OPEN, now)
    give_templates(session, stages.OPEN, By(CONSOLE, now))
    stages.begin_contest(session, now)
    stages.begin_trial(session, now)
    stages.begin_distribution(session, now)
    discuss_an_application(session, now)
    stages.finish_earlier_year(session, now)
    ask_for_roles(session, now=now)
    share_work(session, team, now)
    _note_states(session, now)
    return True


def _note_states(session: Session, now: datetime) -> None:
    """What was filled in directly, without an act of anybody, is written down as it stands."""
    session.flush()
    for contest in session.scalars(select(Contest).order_by(Contest.id)).all():
        note_state(session, contest, by=By(CONSOLE, now))
    note_accounts(session, by=By(CONSOLE, now))


SUMMARY = (
    "Отбираются совместные проекты участников промышленных кластеров по выпуску продукции, которая заменяет ввозимую. "
    "Победители получают субсидию на возмещение части затрат: не больше половины затрат по проекту и не больше предела "
    "на одну заявку. Заявку подаёт инициатор вместе с участниками кластера."
)


def _load_contests(session: Session, now: datetime) -> timedelta:
    """Load the two judged contests as they are and the open one moved to the present; return the move in whole days."""
    earlier, finished, opened = (
        read_archive((FOLDER / f"contest-{name}.json").read_bytes()) for name in ("2025", "2026", "open")
    )
    today = now.astimezone(MOSCOW).date()
    shift = (today - OPENED_BEFORE) - opened.contest.applications_open.astimezone(MOSCOW).date()
    load_contest(session, finished, by=By(CONSOLE, now))
    load_contest(session, moved(opened, shift), by=By(CONSOLE, now))
    load_contest(session, earlier, by=By(CONSOLE, now))
    load_contest(session, second_round(finished, today), by=By(CONSOLE, now))
    for contest in session.scalars(select(Contest)):
        contest.published_at = contest.applications_open - ANNOUNCED_BEFORE
        contest.summary = SUMMARY
        contest.visibility = visibility_document(stages.VISIBLE.get(contest.code, PLAIN))
    return shift


def second_round(record: ContestRecord, today: date) -> ContestRecord:
    """Return ``record`` as a second round whose applications are admitted and not judged yet."""
    shift = (today - CLOSED_BEFORE) - record.contest.applications_close.astimezone(MOSCOW).date()
    later, code = moved(record, shift), record.contest.code
    return replace(
        later,
        contest=replace(
            later.contest, code=stages.ROUND, title=later.contest.title.replace("год", "год, второй отбор")
        ),
        applications=tuple(
            replace(item, number=item.number.replace(code, stages.ROUND)) for item in later.applications
        ),
        conflicts=tuple(
            replace(item, application=item.application.replace(code, stages.ROUND)) for item in later.conflicts
        ),
        reviews=(),
    )


def moved(record: ContestRecord, shift: timedelta) -> ContestRecord:
    """Return the contest with every instant moved by ``shift``."""
    terms = replace(
        record.contest,
        applications_open=record.contest.applications_open + shift,
        applications_close=record.contest.applications_close + shift,
        review_close=record.contest.review_close + shift,
    )
    applications = tuple(replace(item, submitted_at=item.submitted_at + shift) for item in record.applications)
    return replace(record, contest=terms, applications=applications)


def _read(name: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((FOLDER / name).read_text("utf-8"))
    return document


def _by_number(session: Session) -> Mapping[str, Sequence[Application]]:
    """The applications by their number in the data; one of the second round has that of the first."""
    found = defaultdict(list)
    for item in session.scalars(select(Application)):
        found[str(item.number).replace(stages.ROUND, "PP41-2026")].append(item)
    return found


def _fill_passports(session: Session, shift: timedelta) -> None:
    """Fill the passport fields that an archive does not hold."""
    applications = _by_number(session)
    for number, passport in _read("passports.json").items():
        for item in applications[number]:
            days = shift if item.contest.code == stages.OPEN else timedelta()
            _fill(item, passport, days)


def _fill(item: Application, passport: dict[str, Any], days: timedelta) -> None:
    for name, value in passport.items():
        if name in MONEY_FIELDS:
            value = int(value.replace(".", ""))
        elif name in DATE_FIELDS:
            value = date.fromisoformat(value) + days
        setattr(item, name, value)
    item.consent_truth = item.consent_personal_data = item.consent_no_double_funding = True


def _add_documents(session: Session, storage: Storage) -> None:
    applications = _by_number(session)
    for number, files in _read("documents.json").items():
        for file in files:
            for application in applications[number]:
                session.add(_document(application, file, storage))


def _document(application: Application, file: dict[str, str], storage: Storage) -> Document:
    path = FOLDER / file["path"]
    with path.open("rb") as content:
        stored = storage.put(content)
    return Document(
        application=application,
        slot=file["slot"],
        filename=file["filename"],
        media_type=MEDIA_TYPES[path.suffix[1:]],
        size=stored.size,
        sha256=stored.sha256,
        storage_key=stored.key,
        uploaded_at=application.submitted_at or application.created_at,
    )
