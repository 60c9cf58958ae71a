"""Checks of what belongs together: everything in a contest is of that contest, everything of a team is the team's."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from judging.domain.events import Event
from judging.models import (
    Application,
    Cluster,
    ClusterMember,
    Conflict,
    Contest,
    Expert,
    Extension,
    JournalRecord,
    Organisation,
    Partner,
    Review,
)
from judging.queries.invariants.checks import Offence

OTHER = aliased(Organisation)


def strangers(session: Session) -> Iterator[Offence]:
    """Yield rows that tie things of two contests together, and applications of another team than their cluster's."""
    for subject, words, query in (*_pairs(), *_applications(), *_organisations()):
        yield from (Offence(subject, row.id, words) for row in session.execute(query))


def moved_records(session: Session) -> Iterator[Offence]:
    """Yield applications that are in another contest than their last record says, or have another number."""
    submitted = (
        select(JournalRecord.id, JournalRecord.subject_id, JournalRecord.contest_id, JournalRecord.subject_label)
        .where(JournalRecord.event == Event.APPLICATION_SUBMITTED, JournalRecord.subject_type == "application")
        .subquery()
    )
    later = aliased(JournalRecord)
    replaced = (
        select(later.id)
        .where(later.event.in_((Event.CONTEST_LOADED, Event.CONTEST_REPLACED)))
        .where(later.contest_id == submitted.c.contest_id, later.id > submitted.c.id)
        .exists()
    )
    rows = session.execute(
        select(Application.id, Application.number, Application.contest_id, submitted.c.subject_label,
               submitted.c.contest_id.label("recorded"))
        .join(submitted, submitted.c.subject_id == Application.id)
        .where(~replaced)
        .where(or_(Application.number != submitted.c.subject_label, Application.contest_id != submitted.c.contest_id))
        .order_by(Application.id)
    )  # fmt: skip
    for row in rows:
        if row.number != row.subject_label:
            found = f"the number is {row.number}, it was submitted as {row.subject_label}"
            yield Offence("application", row.id, found, row.number, row.subject_label)
        if row.contest_id != row.recorded:
            found = f"is in contest {row.contest_id}, it was submitted in contest {row.recorded}"
            yield Offence("application", row.id, found, str(row.contest_id), str(row.recorded))


def _pairs() -> Iterator[tuple[str, str, Any]]:
    """Yield (subject, what is wrong, select of the ids)."""
    review = select(Review.id).join(Application, Application.id == Review.application_id).join(Expert)
    yield (
        "review",
        "its expert or application is of another contest",
        _wrong(review, Review.id, Review.contest_id != Application.contest_id, Review.contest_id != Expert.contest_id),
    )
    conflict = select(Conflict.id).join(Application, Application.id == Conflict.application_id).join(Expert)
    yield (
        "conflict",
        "its expert or application is of another contest",
        _wrong(
            conflict,
            Conflict.id,
            Conflict.contest_id != Application.contest_id,
            Conflict.contest_id != Expert.contest_id,
        ),
    )
    of_application = select(Extension.id).join(Application, Application.id == Extension.application_id)
    yield (
        "extension",
        "its application is of another contest",
        _wrong(of_application, Extension.id, Extension.contest_id != Application.contest_id),
    )
    of_expert = select(Extension.id).join(Expert, Expert.id == Extension.expert_id)
    yield (
        "extension",
        "its expert is of another contest",
        _wrong(of_expert, Extension.id, Extension.contest_id != Expert.contest_id),
    )


def _applications() -> Iterator[tuple[str, str, Any]]:
    """Yield what an application may not be tied to, as :func:`_pairs` does."""
    application = select(Application.id).join(Cluster)
    yield (
        "application",
        "its cluster is of another contest",
        _wrong(application, Application.id, Application.contest_id != Cluster.contest_id),
    )
    yield (
        "application",
        "its team is not the team of its cluster",
        _wrong(application, Application.id, Application.team_id.is_distinct_from(Cluster.team_id)),
    )
    initiator = select(Application.id).join(Organisation, Organisation.id == Application.initiator_id)
    yield (
        "application",
        "its initiator is of another contest",
        _wrong(initiator, Application.id, Application.contest_id != Organisation.contest_id),
    )
    partner = select(Application.id).join(Partner).join(Organisation, Organisation.id == Partner.organisation_id)
    yield (
        "application",
        "a partner is of another contest",
        _wrong(partner.distinct(), Application.id, Application.contest_id != Organisation.contest_id),
    )


def _organisations() -> Iterator[tuple[str, str, Any]]:
    """Yield what organisations may not be tied to, as :func:`_pairs` does."""
    member = select(Cluster.id).join(ClusterMember).join(OTHER, OTHER.id == ClusterMember.organisation_id)
    yield "cluster", "a member is of another contest or team", _wrong(
        member.distinct(), Cluster.id, Cluster.contest_id != OTHER.contest_id,
        Cluster.team_id.is_distinct_from(OTHER.team_id),
    )  # fmt: skip
    expert = select(Expert.id).join(Contest).join(OTHER, OTHER.id == Expert.organisation_id)
    yield (
        "expert",
        "the employer is of another contest",
        _wrong(expert, Expert.id, Expert.contest_id != OTHER.contest_id),
    )


def _wrong(query: Any, key: Any, *faults: Any) -> Any:
    return query.where(or_(*faults)).order_by(key)
