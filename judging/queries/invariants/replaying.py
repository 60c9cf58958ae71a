"""Checks by replay: the records of each contest, from its start on, lead to the statuses and owners that are stored.

An event that gives a status is named in :data:`GIVES` or handled by a function of :data:`SPECIAL`; a test holds both to
the journal's list of events.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from judging.domain.events import Event
from judging.models import Application, AssignmentPlan, Contest, FirmnessReport, JournalRecord, Review
from judging.queries.invariants.checks import Offence, differs
from judging.queries.invariants.starts import Start, contest_starts, since

Owner = tuple[int, int]
"""(expert id, application id) of a review."""

GIVES: Mapping[str, tuple[str, str]] = {
    Event.CONTEST_CREATED: ("contest", "draft"),
    Event.CONTEST_PUBLISHED: ("contest", "published"),
    Event.CONTEST_CANCELLED: ("contest", "cancelled"),
    Event.RANKING_FROZEN: ("contest", "ranking_frozen"),
    Event.RANKING_UNFROZEN: ("contest", "published"),
    Event.RANKING_APPROVED: ("contest", "approved"),
    Event.RESULTS_PUBLISHED: ("contest", "results_published"),
    Event.APPLICATION_CREATED: ("application", "draft"),
    Event.APPLICATION_SUBMITTED: ("application", "submitted"),
    Event.APPLICATION_RESUBMITTED: ("application", "submitted"),
    Event.APPLICATION_ADMITTED: ("application", "admitted"),
    Event.APPLICATION_REJECTED: ("application", "rejected"),
    Event.APPLICATION_REINSTATED: ("application", "admitted"),
    Event.APPLICATION_WITHDRAWN: ("application", "withdrawn"),
    Event.APPLICATION_RESTORED: ("application", "submitted"),
    Event.APPLICATION_TAKEN_UP: ("application", "draft"),
    Event.ASSIGNMENT_PROPOSED: ("review", "proposed"),
    Event.NO_CONFLICT_DECLARED: ("review", "accepted"),
    Event.REVIEW_SUBMITTED: ("review", "submitted"),
    Event.REVIEW_RETURNED: ("review", "accepted"),
    Event.REVIEW_RECUSED: ("review", "recused"),
    Event.REVIEW_DECLINED: ("review", "declined"),
    Event.REVIEW_ASKED_AGAIN: ("review", "assigned"),
    Event.PLAN_MADE: ("plan", "ready"),
    Event.PLAN_IMPOSSIBLE: ("plan", "impossible"),
    Event.PLAN_FAILED: ("plan", "failed"),
    Event.PLAN_RETRIED: ("plan", "queued"),
    Event.PLAN_OUTDATED: ("plan", "outdated"),
    Event.PLAN_DISCARDED: ("plan", "discarded"),
    Event.FIRMNESS_REQUESTED: ("report", "queued"),
    Event.FIRMNESS_MADE: ("report", "ready"),
    Event.FIRMNESS_FAILED: ("report", "failed"),
    Event.FIRMNESS_RETRIED: ("report", "queued"),
}
"""event → the kind of its subject, and the status that it leads to."""


@dataclass
class World:
    """What the records say there is: statuses by kind and id, whose the reviews are, and which are additional.

    ``unread`` are the records that are not as the system writes them.
    """

    statuses: dict[str, dict[int, str]] = field(default_factory=dict)
    owners: dict[int, Owner] = field(default_factory=dict)
    additional: dict[int, bool] = field(default_factory=dict)
    unread: list[int] = field(default_factory=list)

    def gone(self, reviews: list[int]) -> None:
        """Forget reviews that were taken away."""
        for key in reviews:
            self.statuses["review"].pop(key, None)
            self.owners.pop(key, None)
            self.additional.pop(key, None)


def _proposed(world: World, row: Row[Any]) -> None:
    world.owners[row.subject_id] = (row.state["expert"], row.state["application"])
    _noted(world, row.subject_id, row.details.get("additional"))


def _noted(world: World, review: int, additional: bool | None) -> None:
    """Keep whether the review was made as an additional one; older records of plans do not say."""
    if additional is not None:
        world.additional[review] = additional


def _notified(world: World, row: Row[Any]) -> None:
    world.statuses["review"] |= dict.fromkeys(row.state["reviews"], "assigned")


def _removed(world: World, row: Row[Any]) -> None:
    world.gone(row.state["gone"])


def _application_removed(world: World, row: Row[Any]) -> None:
    world.statuses["application"].pop(row.subject_id, None)


def _plan_requested(world: World, row: Row[Any]) -> None:
    """An older plan that is still open is thrown away by the request of a new one."""
    closed = ("applied", "discarded")
    open_ones = {key: "discarded" for key, status in world.statuses["plan"].items() if status not in closed}
    world.statuses["plan"] |= open_ones | {row.subject_id: "queued"}


def _plan_applied(world: World, row: Row[Any]) -> None:
    world.gone(row.state["gone"])
    world.statuses["plan"][row.subject_id] = "applied"
    for key, expert_id, application_id in row.state["added"]:
        world.statuses["review"][key] = "proposed"
        world.owners[key] = (expert_id, application_id)
        _noted(world, key, row.state.get("additional"))


def _barred(world: World, row: Row[Any]) -> None:
    """A conflict takes the pair's task off the expert: a proposal goes, a task becomes a recusal."""
    key, after = row.state["task"], row.details["task"][1]
    if key is not None and after is None:
        world.gone([key])
    elif key is not None:
        world.statuses["review"][key] = after


SPECIAL: Mapping[str, Callable[[World, Row[Any]], None]] = {
    Event.APPLICATION_REMOVED: _application_removed,
    Event.ASSIGNMENT_PROPOSED: _proposed,
    Event.ASSIGNMENT_NOTIFIED: _notified,
    Event.ASSIGNMENT_REMOVED: _removed,
    Event.PLAN_REQUESTED: _plan_requested,
    Event.PLAN_APPLIED: _plan_applied,
    Event.CONFLICT_FOUND: _barred,
    Event.CONFLICT_DECLARED: _barred,
    Event.CONFLICT_ENTERED: _barred,
}
"""Events that change the status of other rows than their subject, or more than the status."""

MODELS: Mapping[str, Any] = {
    "application": Application,
    "review": Review,
    "plan": AssignmentPlan,
    "report": FirmnessReport,
}
SWEPT = {"report"}
"""Kinds whose rows go without a record when newer ones come."""


def false_statuses(session: Session) -> Iterator[Offence]:
    """Yield rows with another status than the records lead to, rows without a record, records without their row."""
    for contest_id, start in contest_starts(session):
        world = replayed(session, contest_id, start)
        yield from (Offence("record", key, "does not say what such a record always says") for key in world.unread)
        yield from _contest(session, contest_id, world)
        for kind, model in MODELS.items():
            rows = session.execute(
                select(model.id, model.status).where(model.contest_id == contest_id).order_by(model.id)
            )
            yield from _compared(kind, world.statuses[kind], dict(rows.all()))


def false_owners(session: Session) -> Iterator[Offence]:
    """Yield reviews that are of another expert or application than they were made for, or additional and were not."""
    for contest_id, start in contest_starts(session):
        world = replayed(session, contest_id, start)
        rows = session.execute(
            select(Review.id, Review.expert_id, Review.application_id, Review.additional)
            .where(Review.contest_id == contest_id)
            .order_by(Review.id)
        )
        for row in rows:
            expert_id, application_id = world.owners.get(row.id, (row.expert_id, row.application_id))
            if row.expert_id != expert_id:
                yield differs("review", row.id, "the expert", row.expert_id, expert_id)
            if row.application_id != application_id:
                yield differs("review", row.id, "the application", row.application_id, application_id)
            if row.additional != world.additional.get(row.id, row.additional):
                yield differs("review", row.id, "whether it is additional", row.additional, world.additional[row.id])


def replayed(session: Session, contest_id: int, start: Start) -> World:
    """Return what the contest's records lead to from its start."""
    world = _sealed(contest_id, start)
    events = (*GIVES, *SPECIAL)
    records = session.execute(
        since(
            session, contest_id, start, JournalRecord.id,
            JournalRecord.event, JournalRecord.subject_id, JournalRecord.details, JournalRecord.state,
        ).where(JournalRecord.event.in_(events))
    )  # fmt: skip
    for row in records:
        _apply(world, contest_id, row)
    return world


def _apply(world: World, contest_id: int, row: Row[Any]) -> None:
    given = GIVES.get(row.event)
    if given is not None:
        kind, status = given
        world.statuses[kind][contest_id if kind == "contest" else row.subject_id] = status
    special = SPECIAL.get(row.event)
    if special is None:
        return
    try:
        special(world, row)
    except (KeyError, TypeError, ValueError, IndexError):
        world.unread.append(row.id)


def _sealed(contest_id: int, start: Start) -> World:
    reviews = start.rows("reviews")
    return World(
        statuses={
            "contest": {contest_id: start.document["status"]} if start.document else {},
            "application": {key: row[0] for key, row in start.rows("applications").items()},
            "review": {key: row[0] for key, row in reviews.items()},
            "plan": _waiting(start.rows("plans")),
            "report": _waiting(start.rows("reports")),
        },
        owners={key: (row[2], row[1]) for key, row in reviews.items()},
        additional={key: row[4] for key, row in reviews.items() if len(row) > 4},
    )


def _waiting(statuses: Mapping[int, str]) -> dict[int, str]:
    """What was being worked out when an older version wrote the statuses down waits now, and its job tells the rest."""
    return {key: "queued" if status == "running" else status for key, status in statuses.items()}


def _contest(session: Session, contest_id: int, world: World) -> Iterator[Offence]:
    stored = session.scalar(select(Contest.status).where(Contest.id == contest_id))
    expected = world.statuses["contest"].get(contest_id)
    if expected is not None and stored != expected:
        yield differs("contest", contest_id, "the status", stored, expected)


def _compared(kind: str, expected: Mapping[int, str], stored: Mapping[int, str]) -> Iterator[Offence]:
    for key, status in stored.items():
        recorded = expected.get(key)
        if recorded is None:
            yield Offence(kind, key, "no record of how it came to be", status, "none")
        elif recorded != status:
            yield differs(kind, key, "the status", status, recorded)
    if kind not in SWEPT:
        for key in sorted(expected.keys() - stored.keys()):
            yield Offence(kind, key, "is gone without a record", "none", expected[key])
