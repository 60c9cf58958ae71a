"""A trial contest: made of the settings of another, its dates moved as one likes, and wiped with all that it held.

Nothing but a trial's own rows is ever touched: what it holds is told by its contest alone, and the teams in it are
those that nobody is in.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, exists, func, or_, select
from sqlalchemy.orm import Session

from judging.domain.access import By
from judging.domain.errors import N_, Fault, Refused
from judging.domain.events import Event
from judging.domain.gates import Act, require
from judging.domain.jobs import JobKind, export_keys, key_of, trial_files_key
from judging.domain.lifecycle import ContestStatus, NotPossible
from judging.domain.stages import Calendar, Stage, calendar_faults, stage_at
from judging.domain.trials import CODE_MARK, is_trial_code, marked_title, trial_code
from judging.models import (
    Agreement,
    Application,
    AssignmentPlan,
    AssignmentRules,
    Cluster,
    Conflict,
    Contest,
    Criterion,
    Document,
    Expert,
    FirmnessReport,
    FormVersion,
    Job,
    Letter,
    Link,
    Nomination,
    Organisation,
    RankingSnapshot,
    Review,
    ScheduleChange,
    Team,
    TeamMember,
)
from judging.queries.contests import calendar_of, codes_beginning
from judging.services import audit
from judging.services.agreements import copy_agreements
from judging.services.assignment.additional_call import additional_prefix
from judging.services.concurrency import check_version
from judging.services.contests.contest_edit import as_json
from judging.services.contests.contest_launch import MOVABLE_DATES
from judging.services.holding import hold
from judging.services.queue import ask, drop

COPIED = (
    "summary", "label", "label_en", "timezone", "budget", "rules", "frozen_base", "document_slots", "indicators",
    "partner_roles", "visibility",
)  # fmt: skip
"""Settings that a trial takes over as they are."""
OF_CRITERION = ("position", "code", "title", "title_en", "kind", "definition", "guidance", "descriptors")
OF_NOMINATION = ("position", "code", "title", "title_en", "definition")
BEFORE_OPENING = timedelta(days=1)
AFTER_OPENING = timedelta(days=7)
"""How much time a window that is opened again has at least."""
MOVED = "Проба: часы конкурса передвинуты"
"""The reason that stands beside a date of a trial; reasons are kept in the words of those who gave them."""
SWEPT_AFTER = timedelta(hours=2)
"""When the files of a wiped trial go: what was put within the last hour may be about to be named again."""
KEYS_AT_ONCE = 200
DIRECT = (
    FirmnessReport, AssignmentPlan, Review, Conflict, Application, Nomination, Expert, Cluster, Organisation, Criterion,
    RankingSnapshot, ScheduleChange, Letter, Link, Agreement,
)  # fmt: skip
"""What names its contest, dependants first."""
BESIDE = {"synchronize_session": False}


class NoTrial(NotPossible):
    """The contest is a real one."""


def create_trial(session: Session, source_id: int, *, by: By) -> Contest:
    """Make a trial of the settings of a contest, of whatever status; its acceptance opens tomorrow at the earliest."""
    source = session.get_one(Contest, source_id)
    if source.trial:
        raise NotPossible(N_("A trial is made of a real contest, not of another trial."))
    code = trial_code(source.code, codes_beginning(session, CODE_MARK))
    dates = _moved_calendar(calendar_of(source), by.now)
    trial = Contest(
        code=code,
        title=marked_title(source.title),
        trial=True,
        status=ContestStatus.DRAFT.value,
        created_at=by.now,
        applications_open=dates.applications_open,
        applications_close=dates.applications_close,
        review_close=dates.review_close,
        **{name: getattr(source, name) for name in COPIED},
    )
    trial.criteria = [Criterion(**{name: getattr(row, name) for name in OF_CRITERION}) for row in source.criteria]
    trial.nominations = [
        Nomination(**{name: getattr(row, name) for name in OF_NOMINATION}) for row in source.nominations
    ]
    session.add(trial)
    session.flush()
    rules = session.get(AssignmentRules, source.id)
    if rules is not None:
        session.add(_rules_of(trial, rules))
    copy_agreements(session, source.id, trial)
    form = _form_of(session, source.id)
    if form is not None:
        session.add(_first_version(trial, form, by))
    audit.record(
        session, Event.CONTEST_CREATED, by=by, subject=trial, label=trial.title, contest_id=trial.id,
        details={"code": code, "trial_of": source.code},
    )  # fmt: skip
    return trial


def _moved_calendar(dates: Calendar, now: datetime) -> Calendar:
    """The same windows at the same hours, by whole days so much later that none of them has begun."""
    behind = now + BEFORE_OPENING - dates.applications_open
    days = timedelta(days=max(0, -(-behind // timedelta(days=1))))
    return Calendar(dates.applications_open + days, dates.applications_close + days, dates.review_close + days)


def _form_of(session: Session, contest_id: int) -> FormVersion | None:
    """The form that the contest stores; none where it follows from its settings."""
    mine = select(FormVersion).where(FormVersion.contest_id == contest_id)
    return session.scalars(mine.order_by(FormVersion.number.desc(), FormVersion.revision.desc()).limit(1)).first()


def _first_version(trial: Contest, form: FormVersion, by: By) -> FormVersion:
    """The same form, as the first version of the trial's own."""
    return FormVersion(
        contest_id=trial.id, number=1, document=form.document, sha256=form.sha256, created_at=by.now,
        created_by_id=by.actor.user_id,
    )  # fmt: skip


def _rules_of(trial: Contest, rules: AssignmentRules) -> AssignmentRules:
    names = [column.name for column in AssignmentRules.__table__.columns if column.name != "contest_id"]
    return AssignmentRules(contest_id=trial.id, **{name: getattr(rules, name) for name in names})


def hold_trial(session: Session, contest_id: int) -> Contest:
    """Return the trial, held; raise :class:`NoTrial` for a real contest."""
    contest = hold(session, contest_id)
    if not contest.trial or not is_trial_code(contest.code):
        raise NoTrial(N_("This is a real contest, not a trial."))
    return contest


def move_clock(session: Session, contest_id: int, dates: Calendar, *, version: int, by: By) -> Contest:
    """Move the dates of a trial to where they are wanted, sooner or later, so that its clock seems to have moved.

    The instants of acts stay those of their arrival: it is the windows that move under them. Each date that moves is
    kept with its reason, as in a real contest. Raises ``Refused`` with faults at the dates, ``GateClosed`` once the
    ranking is frozen.
    """
    contest = hold_trial(session, contest_id)
    check_version(contest, version)
    if not ContestStatus(contest.status).is_draft:
        require(Act.MOVE_DATES, contest.status)
    moved = {name: (getattr(contest, name), getattr(dates, name)) for name in MOVABLE_DATES}
    moved = {name: pair for name, pair in moved.items() if pair[0] != pair[1]}
    faults = calendar_faults(dates) if moved else (Fault("", N_("No date was changed")),)
    if faults:
        raise Refused(faults)
    for name, (before, after) in moved.items():
        setattr(contest, name, after)
        session.add(
            ScheduleChange(
                contest_id=contest.id, field=name, before=before, after=after, reason=MOVED, changed_at=by.now,
                changed_by_id=by.actor.user_id,
            )
        )  # fmt: skip
    details: dict[str, Any] = {name: [as_json(before), as_json(after)] for name, (before, after) in moved.items()}
    audit.record(
        session, Event.SCHEDULE_CHANGED, by=by, subject=contest, label=contest.title, contest_id=contest.id,
        details=details | {"reason": MOVED},
    )  # fmt: skip
    return contest


def move_to(session: Session, contest_id: int, stage: Stage, *, by: By) -> Contest:
    """Move the dates of a trial so that ``stage`` is what it is in now; nothing where it is in it already."""
    contest = hold_trial(session, contest_id)
    dates = calendar_of(contest)
    if stage_at(dates, by.now) is stage:
        return contest
    return move_clock(session, contest_id, _dates_for(dates, stage, by.now), version=contest.version, by=by)


def _dates_for(dates: Calendar, stage: Stage, now: datetime) -> Calendar:
    """The dates that put ``now`` into the stage, moving no date that is right already."""
    opened, closed, over = dates.applications_open, dates.applications_close, dates.review_close
    instant = timedelta(microseconds=1)
    if stage is Stage.UPCOMING:
        return _moved_calendar(dates, now)
    opened = min(opened, now if stage is Stage.ACCEPTING else now - 2 * instant)
    if stage is Stage.ACCEPTING:
        closed = closed if closed > now else now + AFTER_OPENING
        return Calendar(opened, closed, max(over, closed + AFTER_OPENING))
    closed = min(closed, now if stage is Stage.REVIEW else now - instant)
    if stage is Stage.REVIEW:
        return Calendar(opened, closed, over if over > now else now + AFTER_OPENING)
    return Calendar(opened, closed, min(over, now))


def wipe_trial(session: Session, contest_id: int, *, by: By) -> Mapping[str, int]:
    """Delete a trial with everything that it held; the journal keeps its records and what was wiped, by numbers.

    Its files go by a job, as far as nothing else names the same bytes. Raises :class:`NoTrial` for a real contest.
    """
    contest = hold_trial(session, contest_id)
    counts, keys = _counts(session, contest_id), _storage_keys(session, contest_id)
    teams = session.scalars(_own_teams(contest_id)).all()
    audit.record(
        session, Event.TRIAL_WIPED, by=by, subject=contest, label=f"{contest.code}: {contest.title}",
        contest_id=contest.id, details={"code": contest.code, **counts, "files": len(keys), "teams": len(teams)},
    )  # fmt: skip
    _drop_jobs(session, contest_id)
    for model in DIRECT:
        session.execute(delete(model).where(model.contest_id == contest_id), execution_options=BESIDE)
    session.execute(delete(Contest).where(Contest.id == contest_id), execution_options=BESIDE)
    session.execute(delete(Team).where(Team.id.in_(teams)), execution_options=BESIDE)
    session.expire_all()
    for start in range(0, len(keys), KEYS_AT_ONCE):
        part = keys[start : start + KEYS_AT_ONCE]
        key = trial_files_key(contest_id, start)
        ask(session, JobKind.TRIAL_FILES, {"keys": part}, key=key, run_at=by.now + SWEPT_AFTER, by=by)
    return counts | {"files": len(keys), "teams": len(teams)}


def _counts(session: Session, contest_id: int) -> dict[str, int]:
    counted: dict[str, Any] = {
        "applications": Application, "experts": Expert, "reviews": Review, "conflicts": Conflict, "clusters": Cluster,
        "organisations": Organisation, "letters": Letter, "snapshots": RankingSnapshot,
    }  # fmt: skip
    return {
        name: session.scalar(select(func.count()).select_from(model).where(model.contest_id == contest_id)) or 0
        for name, model in counted.items()
    }


def _storage_keys(session: Session, contest_id: int) -> list[str]:
    query = select(Document.storage_key).join(Document.application).where(Application.contest_id == contest_id)
    return list(session.scalars(query.distinct().order_by(Document.storage_key)))


def _own_teams(contest_id: int) -> Any:
    """The teams that work in this trial, that nobody is in, and that nothing of another contest is of."""
    here = select(Cluster.team_id).where(Cluster.contest_id == contest_id, Cluster.team_id.is_not(None))
    elsewhere = [
        exists().where(model.team_id == Team.id, model.contest_id != contest_id)
        for model in (Cluster, Organisation, Application)
    ]
    peopled = exists().where(TeamMember.team_id == Team.id)
    return select(Team.id).where(Team.id.in_(here), ~peopled, *(~other for other in elsewhere)).order_by(Team.id)


def _drop_jobs(session: Session, contest_id: int) -> None:
    """Forget what runs beside the requests for this trial; a worker that is at it loses its claim."""
    drop(session, export_keys(contest_id))
    keys = [key_of(JobKind.REHEARSAL, contest_id)]
    for kind, model in ((JobKind.PLANS, AssignmentPlan), (JobKind.FIRMNESS, FirmnessReport)):
        rows = session.scalars(select(model.id).where(model.contest_id == contest_id))
        keys += [key_of(kind, row_id) for row_id in rows]
    searches = Job.key.startswith(additional_prefix(contest_id), autoescape=True)
    session.execute(delete(Job).where(or_(Job.key.in_(keys), searches)), execution_options=BESIDE)
