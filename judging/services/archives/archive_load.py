"""Load a whole contest: rows are written in bulk, in the caller's transaction; all or nothing."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import Insert, Row, delete, insert, select, update
from sqlalchemy.orm import Session

from judging.adapters.preset import read_preset
from judging.domain.access import By
from judging.domain.conflicts import close_barred
from judging.domain.errors import N_, RuleViolation
from judging.domain.events import Event
from judging.domain.jobs import export_keys
from judging.domain.lifecycle import ContestStatus
from judging.domain.lifecycle.contest import SIGNED
from judging.domain.milestones import notation
from judging.domain.record import ContestRecord
from judging.domain.record import Review as Sheet
from judging.domain.trials import is_trial_code
from judging.models import (
    AgreedScore,
    Application,
    ApplicationSection,
    AssignmentPlan,
    Cluster,
    ClusterMember,
    Conflict,
    Contest,
    Criterion,
    Expert,
    FirmnessReport,
    FormVersion,
    Milestone,
    Nomination,
    Organisation,
    Partner,
    RankingSnapshot,
    Review,
    Submission,
)
from judging.queries.contests import code_taken
from judging.services import audit
from judging.services.archives import archive_rows
from judging.services.archives.preset_questions import asked_values, criterion_values
from judging.services.archives.submitted_rows import Submitted, submission_rows
from judging.services.milestones.milestone_rows import Noted, note, written
from judging.services.queue import drop
from judging.services.seals import seal_contest

CONTENTS = (
    FirmnessReport, AssignmentPlan, Review, Conflict, Application, Nomination, Expert, Cluster, Organisation,
    Criterion, FormVersion, Milestone,
)  # fmt: skip
"""What a contest holds, dependants first."""
BATCH = 500
"""Rows that are made before they are written; documents are large."""
REPLACED = "Конкурс заменён загрузкой архива"
"""The reason that stands beside a revoked snapshot; reasons are kept in the words of those who gave them."""
Accounts = Mapping[str, Row[str, int | None, datetime | None, datetime | None, datetime | None, str | None]]


class ContestExists(RuleViolation):
    """There is a contest with this code, and it was not asked to be replaced."""


class TrialCode(RuleViolation):
    """The archive is of a trial contest."""


class ContestSigned(RuleViolation):
    """The ranking of the contest was approved: nothing may replace it."""


def load_contest(
    session: Session, record: ContestRecord, *, by: By, replace: bool = False, draft: bool = False
) -> Contest:
    """Store everything of ``record``; the contest is published, or with ``draft`` left to be edited.

    With ``replace`` a contest of the same code gives way with all that it holds and the downloads prepared of it, save
    its staff, its journal and the accounts of its experts. An unfinished review of a pair in conflict is closed, as the
    act that enters a conflict does; the record of the loading names them. Raises :class:`ContestExists` or
    :class:`ContestSigned`.
    """
    if is_trial_code(record.contest.code):
        raise TrialCode(N_("%(code)s is the code of a trial contest: it is not loaded as a real one."),
                        code=record.contest.code)  # fmt: skip
    record, closed = close_barred(record)
    contest = _existing(session, record.contest.code)
    clash = None if contest is not None else code_taken(session, record.contest.code)
    if clash is not None:
        raise ContestExists(N_("There is a contest with the code %(code)s already."), code=clash)
    event = Event.CONTEST_LOADED
    accounts: Accounts = {}
    if contest is None:
        contest = Contest(code=record.contest.code, created_at=by.now)
        session.add(contest)
    else:
        _require_replaceable(session, contest, replace=replace)
        event = Event.CONTEST_REPLACED
        accounts = _accounts(session, contest.id)
        _empty(session, contest.id, by.now)
        drop(session, export_keys(contest.id))
    submitted = Submitted(record.contest)
    _describe(contest, record, submitted, now=by.now, draft=draft)
    session.flush()
    _store(session, archive_rows.Place(contest.id, by.now), record, submitted)
    _reconnect(session, contest.id, accounts)
    audit.record(
        session, event, by=by, subject=contest, label=contest.title, contest_id=contest.id,
        details=_counts(record) | _closed(closed), state={"seal": seal_contest(session, contest, now=by.now)},
    )  # fmt: skip
    _plan(session, contest, record, by)
    session.expire_all()
    return contest


def _existing(session: Session, code: str) -> Contest | None:
    found: Contest | None = session.scalar(select(Contest).where(Contest.code == code).with_for_update())
    return found


def _require_replaceable(session: Session, contest: Contest, *, replace: bool) -> None:
    if not replace:
        raise ContestExists(N_("There is a contest with the code %(code)s already."), code=contest.code)
    approved = select(RankingSnapshot.id).where(
        RankingSnapshot.contest_id == contest.id, RankingSnapshot.approved_at.is_not(None)
    )
    if contest.status in SIGNED or session.scalar(approved.limit(1)) is not None:
        message = N_("The ranking of the contest %(code)s is approved: the contest cannot be replaced.")
        raise ContestSigned(message, code=contest.code)


def _accounts(session: Session, contest_id: int) -> Accounts:
    """Return what ties the contest's experts to their accounts, by e-mail."""
    found = session.execute(
        select(
            Expert.email, Expert.user_id, Expert.invited_at, Expert.accepted_at, Expert.declined_at,
            Expert.declined_reason,
        ).where(Expert.contest_id == contest_id)
    )  # fmt: skip
    return {row.email: row for row in found}


def _empty(session: Session, contest_id: int, now: datetime) -> None:
    """Delete what the contest holds; a frozen ranking stays as a revoked snapshot."""
    for model in CONTENTS:
        statement = delete(model).where(model.contest_id == contest_id)
        session.execute(statement, execution_options={"synchronize_session": False})
    session.execute(
        update(RankingSnapshot)
        .where(RankingSnapshot.contest_id == contest_id, RankingSnapshot.revoked_at.is_(None))
        .values(revoked_at=now, revoked_reason=REPLACED)
    )


def _describe(contest: Contest, record: ContestRecord, submitted: Submitted, *, now: datetime, draft: bool) -> None:
    values = archive_rows.terms_values(record) | asked_values(record.contest.criteria, read_preset())
    values |= submitted.settings()
    for name, value in values.items():
        setattr(contest, name, value)
    contest.status = (ContestStatus.DRAFT if draft else ContestStatus.PUBLISHED).value
    contest.published_at = None if draft else contest.published_at or now
    contest.cancelled_reason = None


def _store(session: Session, place: archive_rows.Place, record: ContestRecord, submitted: Submitted) -> None:
    """Write the rows of every table, each after those it refers to."""
    preset = read_preset()
    criteria = [criterion_values(criterion, preset) for criterion in record.contest.criteria]
    places = ({"contest_id": place.contest_id, "position": position} for position in range(len(criteria)))
    _insert(session, insert(Criterion), (own | values for own, values in zip(places, criteria, strict=True)))
    _insert(session, insert(Nomination), archive_rows.nomination_rows(place, record.contest.nominations))
    homes = _ids(session, Nomination, "code", place)
    _insert(session, insert(FormVersion), submitted.form_rows(place.contest_id))
    _insert(session, insert(Organisation), archive_rows.organisation_rows(place, record.organisations))
    inns = _ids(session, Organisation, "inn", place)
    _insert(session, insert(Cluster), archive_rows.cluster_rows(place, record.clusters, inns))
    codes = _ids(session, Cluster, "code", place)
    _insert(session, insert(ClusterMember), archive_rows.member_rows(record.clusters, codes, inns))
    known = archive_rows.Known(codes, inns, homes)
    _insert(session, insert(Application), archive_rows.application_rows(place, record, known, submitted))
    numbers = _ids(session, Application, "number", place)
    _insert(session, insert(Partner), archive_rows.partner_rows(record.applications, numbers, inns))
    _insert(session, insert(Submission), submission_rows(record.applications, numbers))
    _insert(session, insert(ApplicationSection), submitted.section_rows(record.applications, numbers))
    _insert(session, insert(Expert), archive_rows.expert_rows(place, record, inns))
    emails = _ids(session, Expert, "email", place)
    _insert(session, insert(Conflict), archive_rows.conflict_rows(place, record.conflicts, emails, numbers))
    _insert(session, insert(Review), archive_rows.review_rows(place, record.reviews, emails, numbers))
    _insert(session, insert(AgreedScore), archive_rows.agreed_rows(place, record.agreed, emails, numbers))


def _plan(session: Session, contest: Contest, record: ContestRecord, by: By) -> None:
    """Store the milestones, each with its record: its history begins with the loading."""
    for item in record.contest.milestones:
        milestone = Milestone(contest_id=contest.id, code=item.code.value, came_at=item.came_at, reason=item.reason)
        written(milestone, item.plan)
        session.add(milestone)
        note(session, contest, Noted(item.code, None, notation(item.plan), ""), by=by)
        if item.came_at is not None:
            came = Noted(item.code, None, item.came_at.isoformat(), item.reason, by_hand=True)
            note(session, contest, came, by=by)


def _insert(session: Session, statement: Insert, values: Iterable[archive_rows.Values]) -> None:
    rest = iter(values)
    while batch := list(islice(rest, BATCH)):
        session.connection().execute(statement, batch)


def _ids(session: Session, model: Any, key: str, place: archive_rows.Place) -> dict[str, int]:
    found = session.execute(select(getattr(model, key), model.id).where(model.contest_id == place.contest_id))
    return dict(found.all())


def _reconnect(session: Session, contest_id: int, accounts: Accounts) -> None:
    """Give the experts who were there before the replacement their accounts back."""
    for email, row in accounts.items():
        session.execute(
            update(Expert)
            .where(Expert.contest_id == contest_id, Expert.email == email)
            .values({name: value for name, value in row._mapping.items() if name != "email"})
        )


def _closed(reviews: Iterable[Sheet]) -> dict[str, str]:
    """What the journal says of the tasks that were closed; nothing where there were none."""
    pairs = "; ".join(f"{review.application} / {review.expert}" for review in reviews)
    return {"closed_in_conflict": pairs} if pairs else {}


def _counts(record: ContestRecord) -> dict[str, int]:
    lists = ("organisations", "clusters", "applications", "experts", "conflicts", "reviews")
    terms = record.contest
    added = {
        "nominations": len(terms.nominations),
        "forms": len(terms.forms),
        "milestones": len(terms.milestones),
        "submissions": sum(len(item.submissions) for item in record.applications),
        "agreed": len(record.agreed),
    }
    return {name: count for name, count in added.items() if count} | {
        name: len(getattr(record, name)) for name in lists
    }
