"""Letters about an application to everybody of its team: of each step what came of it, and of no other team."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from judging.models import Application
from judging.queries import applications
from judging.services import letters


def tell_team(
    session: Session,
    application: Application,
    wording: letters.Wording,
    *,
    now: datetime,
    key: str = "",
    base_url: str = "",
    **params: object,
) -> None:
    """Write to everybody of the team; ``key`` names the occasion, by default what the application has come to.

    ``link`` is the page of the application under ``base_url``, ``receipt`` that of its last receipt.
    """
    page = f"{base_url}/applications/{application.id}"
    facts = {
        "number": application.number,
        "contest": application.contest.title,
        "title": application.title,
        "at": now.astimezone(ZoneInfo("Europe/Moscow")).strftime("%d.%m.%Y %H:%M:%S"),
        "files": len(applications.current_documents(application)),
        "sha256": application.receipt_sha256,
        "link": page,
        "receipt": f"{page}/receipt",
    }
    for person in applications.readers_of(session, application):
        letters.write(
            session,
            wording,
            key=f"{key or f'application-{application.id}-{application.status}'}-{person.id}",
            recipient=person.email,
            locale=person.locale,
            params={**facts, **params},
            now=now,
            contest_id=application.contest_id,
        )
