"""More time for one application or one expert: granted for a reason that both sides read, and taken back."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from judging.domain.access import By
from judging.domain.errors import N_, Fault, Refused
from judging.domain.events import Event
from judging.domain.gates import Act
from judging.domain.lifecycle import ApplicationStatus, NotPossible
from judging.domain.milestones import INSTANT, Code
from judging.domain.stages import deadline_passed
from judging.models import Application, Contest, Expert, Extension
from judging.queries import applications, extensions
from judging.services import letters
from judging.services.accounts.mailed_links import moscow_text
from judging.services.audit import record
from judging.services.holding import hold_application, hold_with
from judging.services.milestones.milestone_rows import required

FOR_TEAM = letters.Wording(
    N_("You have more time to submit the application"),
    N_(
        "The time for submitting your draft application was extended.\n\nContest: %(contest)s\nCluster: %(cluster)s\n"
        "Until: %(until)s\nGranted by: %(by)s\nReason: %(reason)s\n\n"
        "The extension is for this application alone. Submit it before the instant named."
    ),
)
FOR_EXPERT = letters.Wording(
    N_("You have more time for your reviews"),
    N_(
        "%(name)s,\n\nyour time for reviews in the contest “%(contest)s” was extended.\n\n"
        "Until: %(until)s\nGranted by: %(by)s\nReason: %(reason)s\n\n"
        "The extension is for you alone. Submit your reviews before the instant named.\n"
    ),
)
TEAM_REVOKED = letters.Wording(
    N_("The extension for your application was taken back"),
    N_(
        "The extension until %(until)s for your draft application was taken back.\n\nContest: %(contest)s\n"
        "Cluster: %(cluster)s\nBy: %(by)s\nReason: %(reason)s"
    ),
)
EXPERT_REVOKED = letters.Wording(
    N_("The extension for your reviews was taken back"),
    N_(
        "%(name)s,\n\nthe extension until %(until)s of your time for reviews in the contest “%(contest)s” was taken "
        "back.\n\nBy: %(by)s\nReason: %(reason)s\n"
    ),
)


@dataclass(frozen=True)
class ExtensionRequest:
    """Until when, exclusive, and why."""

    until: datetime
    reason: str


def extend_application(session: Session, application_id: int, wanted: ExtensionRequest, *, by: By) -> Extension:
    """Let the draft of one team be submitted until another instant than the contest's close; its people are written to.

    Raises ``Refused`` with the field ``until``, ``NotPossible`` where it is no draft, ``GateClosed`` and
    ``ReasonMissing``.
    """
    application = hold_application(session, application_id, Act.MOVE_DATES)
    if application.status != ApplicationStatus.DRAFT:
        raise NotPossible(N_("Only a draft can be given more time: this application has been submitted."))
    contest, reason = application.contest, required(wanted.reason)
    known = extensions.of_application(session, application.id, by.now)
    faults = _faults(wanted.until, contest.applications_close, known, by.now)
    if not faults and wanted.until >= contest.review_close:
        faults = [Fault("until", N_("It must be before the reviews close: the experts need time for the application"))]
    if faults:
        raise Refused(faults)
    made = _made(session, contest, Code.APPLICATIONS_CLOSE, wanted, reason, by)
    made.application_id = application.id
    _record(session, Event.EXTENSION_GRANTED, made, application.cluster.name, reason, by)
    _tell_team(session, application, made, FOR_TEAM, reason, by)
    return made


def extend_expert(session: Session, expert_id: int, wanted: ExtensionRequest, *, by: By) -> Extension:
    """Let one expert hand in reviews until another instant than the contest's close; the expert is written to.

    Raises ``Refused`` with the field ``until``, ``GateClosed``, ``ReasonMissing``.
    """
    expert = hold_with(session, session.get_one(Expert, expert_id), Act.MOVE_DATES)
    contest, reason = expert.contest, required(wanted.reason)
    faults = _faults(wanted.until, contest.review_close, extensions.of_expert(session, expert.id, by.now), by.now)
    if faults:
        raise Refused(faults)
    made = _made(session, contest, Code.REVIEW_CLOSE, wanted, reason, by)
    made.expert_id = expert.id
    _record(session, Event.EXTENSION_GRANTED, made, expert.name, reason, by)
    _tell_expert(session, expert, made, FOR_EXPERT, reason, by)
    return made


def revoke_extension(session: Session, extension: Extension, reason: str, *, by: By) -> Extension:
    """Take an extension back: what was handed in by it stays, and the row stays with the reason.

    It counts until the press arrived; what an expert handed in later, while the press waited, stays in time as well.
    Raises ``NotPossible`` where it was taken back, was used or has passed already, ``GateClosed``, ``ReasonMissing``.
    """
    hold_with(session, extension, Act.MOVE_DATES)
    said = required(reason)
    latest = extensions.latest_by(session, extension)
    by = by if latest is None else replace(by, now=max(by.now, latest + INSTANT))
    if extension.revoked_at is not None:
        raise NotPossible(N_("This extension was taken back already."))
    if deadline_passed(extension.until, by.now):
        raise NotPossible(N_("This extension has passed: there is nothing to take back."))
    if extension.application is not None and extension.application.status != ApplicationStatus.DRAFT:
        raise NotPossible(N_("The application is a draft no more: there is nothing to take back."))
    extension.revoked_at, extension.revoked_by_id, extension.revoked_reason = by.now, by.actor.user_id, said
    application, expert = extension.application, extension.expert
    label = application.cluster.name if application is not None else expert.name if expert is not None else ""
    _record(session, Event.EXTENSION_REVOKED, extension, label, said, by)
    if application is not None:
        _tell_team(session, application, extension, TEAM_REVOKED, said, by)
    if expert is not None:
        _tell_expert(session, expert, extension, EXPERT_REVOKED, said, by)
    return extension


def _faults(until: datetime, close: datetime, known: extensions.Granted | None, now: datetime) -> list[Fault]:
    if until <= close:
        return [Fault("until", N_("An extension must end after the date that holds for everybody"))]
    if known is not None and until <= known.until:
        return [Fault("until", N_("There is an extension until then already: it can only be made longer"))]
    if deadline_passed(until, now):
        return [Fault("until", N_("The new date must be in the future"))]
    return []


def _made(session: Session, contest: Contest, code: Code, wanted: ExtensionRequest, reason: str, by: By) -> Extension:
    made = Extension(
        contest_id=contest.id, code=code.value, until=wanted.until, reason=reason, granted_at=by.now,
        granted_by_id=by.actor.user_id,
    )  # fmt: skip
    session.add(made)
    return made


def _record(session: Session, event: Event, extension: Extension, label: str, reason: str, by: By) -> None:
    """Put it on record under the cluster's or the expert's name: what a draft is called is its team's alone."""
    details = {
        "milestone": extension.code, "until": extension.until.astimezone(UTC).isoformat(), "reason": reason,
        **({"application_id": extension.application_id} if extension.application_id else {}),
        **({"expert_id": extension.expert_id} if extension.expert_id else {}),
    }  # fmt: skip
    record(
        session, event, by=by, subject=extension, label=label, contest_id=extension.contest_id, details=details,
    )  # fmt: skip


def _tell_team(
    session: Session, application: Application, extension: Extension, wording: letters.Wording, reason: str, by: By
) -> None:
    if application.team_id is None:
        return
    for person in applications.people_of_team(session, application.team_id):
        letters.write(
            session, wording, key=_key(extension, person.id), recipient=person.email, locale=person.locale,
            params={
                "contest": application.contest.title, "cluster": application.cluster.name, "reason": reason,
                "until": moscow_text(extension.until), "by": by.actor.name,
            },
            now=by.now, contest_id=extension.contest_id,
        )  # fmt: skip


def _tell_expert(
    session: Session, expert: Expert, extension: Extension, wording: letters.Wording, reason: str, by: By
) -> None:
    letters.write(
        session, wording, key=_key(extension, 0), recipient=expert.user.email if expert.user else expert.email,
        locale=expert.user.locale if expert.user else "ru",
        params={
            "name": expert.name, "contest": expert.contest.title, "reason": reason,
            "until": moscow_text(extension.until), "by": by.actor.name,
        },
        now=by.now, contest_id=extension.contest_id,
    )  # fmt: skip


def _key(extension: Extension, person_id: int) -> str:
    taken_back = "-revoked" if extension.revoked_at is not None else ""
    return f"extension-{extension.id}{taken_back}-{person_id}"
