"""A contest becomes the next stage of another one, while it is a draft."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from judging.domain.access import By
from judging.domain.errors import N_, Fault, Refused
from judging.domain.events import Event
from judging.models import Contest
from judging.queries.stages import chain_of
from judging.services import audit
from judging.services.contests.contest_hold import draft


@dataclass(frozen=True)
class StageLink:
    """The stage before (None: there is none), whether only those who passed it apply, and the version looked at."""

    previous_id: int | None
    only_passed: bool
    version: int


def link_stage(session: Session, contest_id: int, wanted: StageLink, *, by: By) -> Contest:
    """Link a draft to the stage before it; raise ``GateClosed``, ``Stale``, or ``Refused`` at ``previous``."""
    contest = draft(session, contest_id, wanted.version)
    previous = None if wanted.previous_id is None else session.get(Contest, wanted.previous_id)
    if wanted.previous_id is not None and previous is None:
        raise Refused([Fault("previous", N_("There is no such contest."))])
    if previous is not None and previous.trial != contest.trial:
        raise Refused([Fault("previous", N_("A trial contest and a real one are no stages of each other."))])
    if contest.id in chain_of(session, wanted.previous_id):
        raise Refused([Fault("previous", N_("A contest cannot come before itself."))])
    before, after = (contest.previous_id, contest.previous_only), (wanted.previous_id, wanted.only_passed)
    if before == after:
        return contest
    known = None if contest.previous_id is None else session.get(Contest, contest.previous_id)
    contest.previous_id, contest.previous_only = after
    details: dict[str, list[object]] = {
        "previous_stage": [known and known.code, previous and previous.code],
        "only_passed": [before[1], after[1]],
    }
    audit.record(
        session, Event.CONTEST_CHANGED, by=by, subject=contest, label=contest.title, contest_id=contest.id,
        details={name: pair for name, pair in details.items() if pair[0] != pair[1]},
    )  # fmt: skip
    return contest
