"""Publication freezes the rules; afterwards only dates move, never silently. A contest may be cancelled."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from judging.domain.access import By
from judging.domain.errors import N_, Fault, Refused
from judging.domain.events import Event
from judging.domain.form_launch import form_faults, form_warnings
from judging.domain.forms.form import ApplicationForm
from judging.domain.gates import Act
from judging.domain.launch import launch_faults
from judging.domain.lifecycle import Action, ContestStatus, ReasonMissing, Subject, advance
from judging.domain.milestones import misplaced
from judging.domain.nominations import Nomination, judged_criteria, nominations_faults, nominations_launch_faults
from judging.domain.rubric import Criterion, computed_criteria
from judging.domain.stages import Calendar, calendar_faults, deadline_passed
from judging.models import Contest, ScheduleChange
from judging.queries import milestones
from judging.queries.contests import calendar_of, criteria_of, nominations_of, rules_of
from judging.queries.forms import form_in_force
from judging.services import audit
from judging.services.agreements import force_drafts
from judging.services.concurrency import check_version
from judging.services.contests.contest_edit import as_json
from judging.services.forms.form_store import publish_form
from judging.services.holding import hold
from judging.services.own_edit_times import follow_the_close

FORM = "form"
"""The path of a fault of the form as a whole."""
MOVABLE_DATES = ("applications_open", "applications_close", "review_close")


def publish_contest(session: Session, contest_id: int, *, version: int, by: By) -> Contest:
    """Publish a draft and freeze its rules; raise ``Refused`` with everything that stands in the way."""
    contest = hold(session, contest_id)
    status = advance(Subject.CONTEST, ContestStatus(contest.status), Action.PUBLISH)
    check_version(contest, version)
    faults = publication_faults(session, contest, by.now)
    if faults:
        raise Refused(faults)
    contest.status = status.value
    contest.published_at = by.now
    publish_form(session, contest, by=by)
    force_drafts(session, contest, by=by)
    details = {"rules": contest.rules, "criteria": [row.definition for row in contest.criteria]}
    if contest.nominations:
        details["nominations"] = [row.definition for row in contest.nominations]
    _record(session, Event.CONTEST_PUBLISHED, contest, details, by)
    return contest


def publication_faults(session: Session, contest: Contest, now: datetime) -> tuple[Fault, ...]:
    """Name everything that stands in the way of publishing the contest at ``now``."""
    criteria, nominations = criteria_of(contest), nominations_of(contest)
    asked, own = {str(item["code"]) for item in contest.indicators}, list[Fault]()
    try:
        known = form_in_force(contest)
    except Refused as refused:
        own = [Fault(FORM, fault.message, fault.params) for fault in refused.faults]
    else:
        own = [*form_faults(criteria, known.compiled), *hidden_indicators(known.form, nominations, criteria)]
        if known.number is not None:
            asked = {field.code for field in known.form.fields()}
    faults = launch_faults(criteria, rules_of(contest), calendar_of(contest), asked, now)
    return (
        *faults,
        *misplaced(calendar_of(contest), milestones.resolved(session, contest)),
        *nominations_faults(nominations, criteria),
        *nominations_launch_faults(nominations, criteria, contest.budget),
        *own,
    )


def hidden_indicators(
    form: ApplicationForm, nominations: Sequence[Nomination], criteria: Sequence[Criterion]
) -> Iterator[Fault]:
    """Name what a nomination scores by and the form does not ask there."""
    places = {
        field.code: (section.nominations, field.nominations) for section in form.sections for field in section.fields
    }
    for index, nomination in enumerate(nominations):
        for item in computed_criteria(judged_criteria(criteria, nomination)):
            if any(codes and nomination.code not in codes for codes in places.get(item.indicator, ())):
                message = N_("Nomination “%(nomination)s”: the form does not ask there for what “%(criterion)s” needs")
                params = {"nomination": nomination.title, "criterion": item.title}
                yield Fault(f"nominations[{index}].weights.{item.code}", message, params)


def publication_warnings(contest: Contest) -> tuple[Fault, ...]:
    """Name what should be looked at again before publication and does not stand in its way."""
    try:
        form = form_in_force(contest).form
    except Refused:
        return ()
    return form_warnings(form, contest.applications_open.astimezone(ZoneInfo(contest.timezone)).year)


def cancel_contest(session: Session, contest_id: int, reason: str, *, version: int, by: By) -> Contest:
    """Cancel a contest for a stated reason; what was submitted stays readable."""
    contest = hold(session, contest_id)
    before = contest.status
    status = advance(Subject.CONTEST, ContestStatus(before), Action.CANCEL, reason=reason)
    check_version(contest, version)
    contest.status = status.value
    contest.cancelled_reason = reason.strip()
    details = {"status": [before, contest.status], "reason": contest.cancelled_reason}
    _record(session, Event.CONTEST_CANCELLED, contest, details, by)
    return contest


def extend_schedule(
    session: Session, contest_id: int, dates: Calendar, reason: str, *, version: int, by: By
) -> Contest:
    """Move dates of a published contest for a stated reason, which everybody sees on the contest's page.

    An announced deadline that stays where it is keeps its place between the opening and its close.
    """
    contest = hold(session, contest_id, Act.MOVE_DATES)
    check_version(contest, version)
    if not reason.strip():
        raise ReasonMissing(N_("Give the reason."))
    moved = moved_dates(contest, dates)
    faults = move_faults(dates, moved, by.now) or _newly_misplaced(session, contest, dates)
    if faults:
        raise Refused(faults)
    for name, (before, after) in moved.items():
        setattr(contest, name, after)
        session.add(
            ScheduleChange(
                contest_id=contest.id, field=name, before=before, after=after, reason=reason.strip(), changed_at=by.now,
                changed_by_id=by.actor.user_id,
            )
        )  # fmt: skip
    follow_the_close(session, contest, by.now)
    details: dict[str, Any] = {name: [as_json(before), as_json(after)] for name, (before, after) in moved.items()}
    _record(session, Event.SCHEDULE_CHANGED, contest, details | {"reason": reason.strip()}, by)
    return contest


def _newly_misplaced(session: Session, contest: Contest, dates: Calendar) -> tuple[Fault, ...]:
    known = misplaced(calendar_of(contest), milestones.resolved(session, contest))
    found = misplaced(dates, milestones.resolved(session, contest, dates))
    return tuple(fault for fault in found if fault not in known)


def moved_dates(contest: Contest, dates: Calendar) -> dict[str, tuple[datetime, datetime]]:
    """Return the dates that are others than the contest's, before and after, by name."""
    pairs = {name: (getattr(contest, name), getattr(dates, name)) for name in MOVABLE_DATES}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def move_faults(dates: Calendar, moved: dict[str, tuple[datetime, datetime]], now: datetime) -> tuple[Fault, ...]:
    """A date is moved to the future and never brought nearer; what has passed may be opened again for everybody."""
    if not moved:
        return (Fault("", N_("No date was changed")),)
    faults = list(calendar_faults(dates))
    for name, (before, after) in moved.items():
        if name == "applications_open" and deadline_passed(before, now):
            faults.append(Fault(name, N_("Acceptance has begun already: its beginning cannot be moved")))
        elif name != "applications_open" and after < before:
            faults.append(Fault(name, N_("A date that was announced can only be moved to a later time")))
        elif deadline_passed(after, now):
            faults.append(Fault(name, N_("The new date must be in the future")))
    return tuple(faults)


def _record(session: Session, event: Event, contest: Contest, details: dict[str, Any], by: By) -> None:
    audit.record(
        session, event, by=by, subject=contest, label=contest.title, contest_id=contest.id,
        details=details,
    )  # fmt: skip
