"""Load both demonstration contests, their documents and their people; move the open one to the present."""

import json
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.adapters.archive import read_archive
from judging.adapters.storage import Storage
from judging.domain.access import CONSOLE
from judging.domain.record import ContestRecord
from judging.models import Application, Cluster, Contest, Document, Expert, Partner, Review, Team
from judging.services.archives import load_contest
from judging.services.demo.accounts import EXPERT, make_accounts

FOLDER = Path(__file__).resolve().parents[2] / "data" / "demo"
MOSCOW = ZoneInfo("Europe/Moscow")
OPENED_BEFORE = timedelta(days=10)
OWN_CLUSTER = "KAM"
"""The cluster that the demonstration's team owns in both contests."""
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
    team = make_accounts(session, now=now)
    _give_to_team(session, team)
    _begin_reviews(session, now)
    _begin_draft(session, team, now)
    return True


def _load_contests(session: Session, now: datetime) -> timedelta:
    """Load the finished contest as it is and the open one moved to the present; return the move in whole days."""
    finished = read_archive((FOLDER / "contest-2026.json").read_bytes())
    opened = read_archive((FOLDER / "contest-open.json").read_bytes())
    today = now.astimezone(MOSCOW).date()
    shift = (today - OPENED_BEFORE) - opened.contest.applications_open.astimezone(MOSCOW).date()
    load_contest(session, finished, actor=CONSOLE, now=now)
    load_contest(session, moved(opened, shift), actor=CONSOLE, now=now)
    undecided = session.scalars(select(Application).where(Application.number == "PP41-2027-002")).one()
    undecided.status = "submitted"
    return shift


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


def _by_number(session: Session) -> dict[str, Application]:
    return {str(item.number): item for item in session.scalars(select(Application))}


def _fill_passports(session: Session, shift: timedelta) -> None:
    """Fill the passport fields that an archive does not hold."""
    applications = _by_number(session)
    for number, passport in _read("passports.json").items():
        item = applications[number]
        days = shift if item.contest.code == "PP41-2027" else timedelta()
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
            session.add(_document(applications[number], file, storage))


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


def _give_to_team(session: Session, team: Team) -> None:
    """Make the team the owner of its cluster and of the cluster's applications in both contests."""
    for cluster in session.scalars(select(Cluster).where(Cluster.code == OWN_CLUSTER)):
        cluster.team_id = team.id
        for application in session.scalars(select(Application).where(Application.cluster_id == cluster.id)):
            application.team_id = team.id


def _begin_reviews(session: Session, now: datetime) -> None:
    """Give three experts of the open contest a task each, so that their pages are not empty."""
    item = session.scalars(select(Application).where(Application.number == "PP41-2027-001")).one()
    experts = session.scalars(select(Expert).where(Expert.contest_id == item.contest_id).order_by(Expert.id)).all()
    chosen = [*(e for e in experts if e.email == EXPERT.email), *(e for e in experts if e.email != EXPERT.email)][:3]
    for expert in chosen:
        session.add(
            Review(
                contest_id=item.contest_id,
                expert=expert,
                application=item,
                status="assigned",
                created_at=now,
                notified_at=now,
            )
        )


def _begin_draft(session: Session, team: Team, now: datetime) -> None:
    """Begin an application of the team in the open contest, half filled."""
    cluster = session.scalars(
        select(Cluster).join(Contest, Contest.id == Cluster.contest_id)
        .where(Cluster.team_id == team.id, Contest.code == "PP41-2027")
    ).one()  # fmt: skip
    members = [member.organisation for member in cluster.members]
    draft = Application(
        contest_id=cluster.contest_id,
        cluster=cluster,
        team_id=team.id,
        initiator=members[0],
        status="draft",
        title="Локализация производства электрических усилителей руля для малотоннажных грузовиков",
        goal="Наладить в кластере выпуск усилителей руля вместо импортных.",
        topics=["29.31", "29.32"],
        readiness_level=6,
        place="г. Набережные Челны, Республика Татарстан",
        total_cost=240_000_000_00,
        own_funds=90_000_000_00,
        loans=60_000_000_00,
        other_budget=0,
        requested=90_000_000_00,
        created_at=now,
        updated_at=now,
    )
    draft.partners = [Partner(position=0, organisation=members[1], role="supplier")]
    draft.search_text = draft.title.casefold()
    draft.sort_title = draft.title.casefold()
    session.add(draft)
