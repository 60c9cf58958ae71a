"""One letter to every secretary of a contest about one event."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from judging.domain.access import Role
from judging.models import Contest, User
from judging.queries.grants import holders
from judging.services import letters


def tell_secretaries(
    session: Session,
    contest: Contest,
    wording: letters.Wording,
    said: Callable[[User], Mapping[str, Any]],
    *,
    key: str,
    now: datetime,
) -> None:
    """Write to every secretary of the contest, once for a ``key``.

    ``said``: what the wording says beside the person's ``name`` and the contest's title (``contest``), as the person
    reads it.
    """
    for person in holders(session, Role.SECRETARY, contest.id):
        letters.write(
            session,
            wording,
            key=f"{key}-{person.id}",
            recipient=person.email,
            locale=person.locale,
            params={"name": person.name, "contest": contest.title, **said(person)},
            now=now,
            contest_id=contest.id,
        )
