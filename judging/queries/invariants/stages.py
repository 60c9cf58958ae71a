"""Checks of contests that are stages of one another, and of what was carried over."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from judging.models import Application, Contest
from judging.queries.invariants.checks import Offence
from judging.queries.stages import chain_of


def strange_stages(session: Session) -> Iterator[Offence]:
    """Yield contests that come before themselves, and applications carried over from another contest or team."""
    for contest_id, previous_id in session.execute(
        select(Contest.id, Contest.previous_id).where(Contest.previous_id.is_not(None)).order_by(Contest.id)
    ):
        if contest_id in chain_of(session, previous_id):
            yield Offence("contest", contest_id, "comes before itself")
    earlier = aliased(Application)
    rows = session.execute(
        select(Application.id, Application.team_id, earlier.contest_id, earlier.team_id, Contest.previous_id)
        .join(earlier, earlier.id == Application.previous_id)
        .join(Contest, Contest.id == Application.contest_id)
        .order_by(Application.id)
    )
    for key, team_id, earlier_contest, earlier_team, previous_id in rows:
        if earlier_contest != previous_id:
            yield Offence("application", key, "was carried over from a contest that is not the stage before")
        if team_id != earlier_team:
            yield Offence("application", key, "was carried over from another team")
