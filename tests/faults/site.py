"""What the people of a fault test work on: sheets to be filled and whole drafts to be submitted, by the services."""

import io
import secrets
import shutil
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from alembic import command
from flask import Flask
from sqlalchemy import make_url, select
from sqlalchemy.orm import Session

from config import Config
from judging.adapters.storage import Stored
from judging.app import create_app
from judging.cli.database import alembic_config
from judging.domain.access import CONSOLE, By
from judging.domain.lifecycle import Action
from judging.extensions import db
from judging.models import Application, Contest, Expert, Review, SignIn, User
from judging.services.admission import Decision, decide_application
from judging.services.applications.application_submit import submit_application
from judging.services.scoring.review_declare import declare_no_conflict
from judging.services.seals import note_accounts, note_state
from judging.web.access import token_hash
from tests import factories
from tests.adapters.test_filetypes import PDF
from tests.databases import migrated


@dataclass
class Site:
    """An installation in ``folder`` with the settings of ``environment``, and who works on what.

    ``sheets`` and ``drafts`` are (cookie, id) of reviews in work and of whole drafts; ``uploads`` of drafts to fill.
    """

    folder: Path
    environment: dict[str, str]
    app: Flask
    sheets: list[tuple[str, int]] = field(default_factory=list)
    drafts: list[tuple[str, int]] = field(default_factory=list)
    uploads: list[tuple[str, int]] = field(default_factory=list)


def make_site(folder: Path, database_url: str = "", *, sheets: int = 3, drafts: int = 40, uploads: int = 2) -> Site:
    """Make an installation in an empty folder; without an address its database is an SQLite file."""
    environment = {
        "INSTANCE_DIR": str(folder), "SECRET_KEY": "f" * 40, "DATABASE_URL": database_url, "TRUSTED_PROXIES": "0",
    }  # fmt: skip
    config = Config.from_environment(environment)
    if database_url:
        command.upgrade(alembic_config(config.database_url), "head")
    else:
        shutil.copyfile(migrated(), make_url(config.database_url).database or "")
    site = Site(folder, environment, create_app(config))
    with site.app.app_context():
        _fill(db.session, site, sheets, drafts, uploads)
        for contest in db.session.scalars(select(Contest)).all():  # made past the services: noted as it stands
            note_state(db.session, contest, by=By(CONSOLE, datetime.now(UTC)))
        note_accounts(db.session, by=By(CONSOLE, datetime.now(UTC)))
        db.session.commit()
        db.engine.dispose()
    return site


def _fill(session: Session, site: Site, sheets: int, drafts: int, uploads: int) -> None:
    now = datetime.now(UTC)
    paper = site.app.extensions["storage"].put(io.BytesIO(PDF))
    for _ in range(sheets):
        expert, review = _sheet(session, paper, now)
        site.sheets.append((cookie(session, site.app, expert.user), review.id))
    contest = factories.contest(
        session,
        applications_open=now - timedelta(days=9),
        applications_close=now + timedelta(days=1),
        review_close=now + timedelta(days=9),
    )
    for number in range(drafts + uploads):
        draft = whole_draft(session, contest, paper, now)
        place = site.drafts if number < drafts else site.uploads
        place.append((cookie(session, site.app, draft.team.members[0].user), draft.id))


def _sheet(session: Session, paper: Stored, now: datetime) -> tuple[Expert, Review]:
    """A declared task of an expert, on an application that was submitted in time and admitted."""
    contest = factories.contest(
        session,
        applications_open=now - timedelta(days=9),
        applications_close=now - timedelta(days=2),
        review_close=now + timedelta(days=9),
    )
    draft = whole_draft(session, contest, paper, now - timedelta(days=5))
    submit_application(session, draft.id, version=draft.version, by=By(CONSOLE, now - timedelta(days=4)))
    session.flush()
    decide_application(
        session, draft, Decision(Action.ADMIT, version=draft.version), by=By(CONSOLE, now - timedelta(days=1))
    )
    expert = factories.expert(session, contest)
    review = factories.review(session, expert, draft, "assigned", created_at=now, notified_at=now)
    declare_no_conflict(session, review, by=By(CONSOLE, now))
    session.flush()
    return expert, review


def whole_draft(session: Session, contest: Contest, paper: Stored, now: datetime) -> Application:
    """A draft that may be submitted; all its documents are the one ``paper``."""
    cluster = factories.cluster(session, contest, factories.team(session))
    draft = factories.application(
        session, contest, cluster, status="draft", summary="О" * 200, created_at=now, updated_at=now,
        starts_on=(now + timedelta(days=90)).date(), ends_on=(now + timedelta(days=900)).date(),
    )  # fmt: skip
    for slot in contest.document_slots:
        if slot["required"]:
            factories.document(
                session, draft, slot=slot["code"], size=paper.size, sha256=paper.sha256, storage_key=paper.key,
                uploaded_at=now,
            )  # fmt: skip
    return draft


def cookie(session: Session, app: Flask, person: User | None) -> str:
    """Sign somebody in; return the session cookie as ``name=value``."""
    assert person is not None
    token, moment = secrets.token_urlsafe(32), datetime.now(UTC)
    session.add(
        SignIn(user=person, token_hash=token_hash(token), created_at=moment, expires_at=moment + timedelta(days=9))
    )
    session.flush()
    signer = app.session_interface.get_signing_serializer(app)
    assert signer is not None
    return f"{app.config['SESSION_COOKIE_NAME']}={signer.dumps({'_user_id': token, '_fresh': True})}"
