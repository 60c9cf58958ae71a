"""The agreed score: a lead expert is named, puts marks and a rationale down after the reviews, and submits them once.

The experts' own reviews are read for it and never touched. Whether it counts is a rule of the contest.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.domain.access import By, Role
from judging.domain.agreed_scores import agreed_faults, draft_faults
from judging.domain.canonical import digest
from judging.domain.errors import N_, Refused
from judging.domain.events import Event
from judging.domain.gates import Act
from judging.domain.lifecycle import ApplicationStatus, NotPossible, ReasonMissing
from judging.domain.rubric import ExpertCriterion
from judging.domain.rules import AgreedScore as Rule
from judging.models import AgreedScore, Application, Contest, Expert, Review
from judging.queries.agreed_scores import agreed_of, awaited, stands
from judging.queries.contests import rules_of
from judging.queries.rubrics import rules_of as criteria_of
from judging.queries.rubrics import sheet_criteria
from judging.queries.staff import staff_of
from judging.services import letters
from judging.services.audit import record
from judging.services.concurrency import check_version
from judging.services.holding import hold

NAMED = letters.Wording(
    N_("You lead the agreed score of an application"),
    N_(
        "Hello, %(name)s!\n\n"
        "In the contest “%(contest)s” you were named the lead expert of application %(number)s. After the discussion "
        "please put down the agreed marks and say how they were agreed on. The reviews of the experts stay as they "
        "are.\n\n"
        "The agreed score: %(link)s\n"
    ),
)
SUBMITTED = letters.Wording(
    N_("The agreed score of an application is submitted"),
    N_(
        "Hello, %(name)s!\n\n"
        "In the contest “%(contest)s” the lead expert has submitted the agreed score of application %(number)s.\n\n"
        "Look at it: %(link)s\n"
    ),
)
RETURNED = letters.Wording(
    N_("The agreed score was returned to you"),
    N_(
        "Hello, %(name)s!\n\n"
        "In the contest “%(contest)s” the agreed score of application %(number)s was returned to you.\n\n"
        "The reason: %(reason)s\n\n"
        "What you put down is kept as a draft. Correct it and submit it again: %(link)s\n"
    ),
)


class NotAllowed(NotPossible):
    """The rules of the contest know no agreed score, or the expert cannot lead it."""


class TooEarly(NotPossible):
    """Reviews of the application are still to come."""


@dataclass(frozen=True)
class Naming:
    """Who is to lead, and over which version of the agreed score it was decided; 0 where nobody led yet."""

    expert: Expert
    version: int


@dataclass(frozen=True)
class AgreedDraft:
    """The marks and the rationale as they stand on the lead's screen, and the version that they were filled on."""

    scores: Mapping[str, Decimal]
    rationale: str
    version: int


def name_lead(session: Session, application: Application, naming: Naming, *, by: By, base_url: str) -> AgreedScore:
    """Name the expert who puts the agreed score down, or another one than before; what is written stays as a draft.

    Raises ``GateClosed``, :class:`NotAllowed`, ``NotPossible`` once it is submitted, ``Stale``.
    """
    contest = hold(session, application.contest_id, Act.NAME_LEAD)
    _require_wanted(contest, application)
    if not _has_review(session, application.id, naming.expert.id):
        raise NotAllowed(N_("Only an expert with a submitted review of this application can lead the agreed score."))
    agreed, before = _fresh(session, application), None
    if agreed is None:
        if naming.version != 0:
            raise NotPossible(N_("There is no agreed score of this application any more."))
        agreed = AgreedScore(application=application, expert=naming.expert, created_at=by.now)
        session.add(agreed)
    else:
        check_version(agreed, naming.version)
        _require_open(agreed)
        before, agreed.expert = agreed.expert.email, naming.expert
    session.flush()
    _record(session, Event.LEAD_NAMED, agreed, {"expert": [before, naming.expert.email]}, by=by)
    _tell_lead(session, NAMED, agreed, by=by, base_url=base_url)
    return agreed


def save_agreed(session: Session, agreed: AgreedScore, draft: AgreedDraft, *, by: By) -> AgreedScore:
    """Keep the draft; equal to what is stored it changes nothing, whatever version it comes from.

    Raises ``GateClosed``, ``Stale``, ``NotPossible`` once submitted, :class:`TooEarly`, ``Refused``.
    """
    _held(session, agreed)
    scores, rationale = {code: f"{mark:f}" for code, mark in draft.scores.items()}, _plain(draft.rationale)
    if (scores, rationale) == (agreed.scores, agreed.rationale) and agreed.submitted_at is None:
        return agreed
    _require_open(agreed)
    check_version(agreed, draft.version)
    _require_complete(session, agreed)
    faults = draft_faults(_criteria(session, agreed), draft.scores, rationale)
    if faults:
        raise Refused(faults)
    changed = sorted(code for code in {*scores, *agreed.scores} if scores.get(code) != agreed.scores.get(code))
    length = [len(agreed.rationale), len(rationale)]
    agreed.scores, agreed.rationale, agreed.saved_at = scores, rationale, by.now
    session.flush()
    details: dict[str, Any] = {"criteria": changed} if changed else {}
    details |= {"rationale": length} if length[0] != length[1] else {}
    _record(session, Event.AGREED_SAVED, agreed, details, by=by)
    return agreed


def submit_agreed(session: Session, agreed: AgreedScore, *, version: int, by: By, base_url: str) -> AgreedScore:
    """Submit the stored draft, once. Raises what saving raises; ``Refused`` names everything that is missing."""
    _held(session, agreed)
    _require_open(agreed)
    check_version(agreed, version)
    _require_complete(session, agreed)
    marks = {code: Decimal(mark) for code, mark in agreed.scores.items()}
    faults = agreed_faults(_criteria(session, agreed), marks, agreed.rationale)
    if faults:
        raise Refused(faults)
    agreed.submitted_at, agreed.reason = by.now, None
    session.flush()
    kept = {"scores": dict(agreed.scores), "rationale": agreed.rationale, "expert": agreed.expert.email}
    _record(session, Event.AGREED_SUBMITTED, agreed, {"version": agreed.version, "sha256": digest(kept)}, by=by)
    for one in staff_of(session, agreed.contest_id, (Role.SECRETARY,)):
        _write(session, SUBMITTED, agreed, (one.user_id, one.name, one.email, one.locale), by=by, base_url=base_url)
    return agreed


def return_agreed(
    session: Session, agreed: AgreedScore, *, reason: str, version: int, by: By, base_url: str
) -> AgreedScore:
    """Give a submitted agreed score back to its lead for a reason; what was submitted stays as the draft.

    Raises ``GateClosed``, ``NotPossible`` unless it is submitted, ``ReasonMissing``, ``Stale``.
    """
    _held(session, agreed)
    if agreed.submitted_at is None:
        raise NotPossible(N_("Only a submitted agreed score can be returned."))
    if not reason.strip():
        raise ReasonMissing(N_("Give the reason."))
    check_version(agreed, version)
    agreed.submitted_at, agreed.reason = None, reason.strip()
    session.flush()
    _record(session, Event.AGREED_RETURNED, agreed, {"reason": agreed.reason}, by=by)
    _tell_lead(session, RETURNED, agreed, by=by, base_url=base_url)
    return agreed


def _held(session: Session, agreed: AgreedScore) -> None:
    """Hold the contest, and read the agreed score as it is now."""
    contest = hold(session, agreed.contest_id, Act.AGREE_ON_SCORE)
    session.refresh(agreed, with_for_update={"of": AgreedScore})
    _require_wanted(contest, agreed.application)


def _fresh(session: Session, application: Application) -> AgreedScore | None:
    agreed = agreed_of(session, application.id)
    if agreed is not None:
        session.refresh(agreed)
    return agreed


def _require_wanted(contest: Contest, application: Application) -> None:
    if rules_of(contest).agreed_score is Rule.NONE:
        raise NotAllowed(N_("The rules of this contest know no agreed score."))
    if application.status != ApplicationStatus.ADMITTED:
        raise NotPossible(N_("The application has left the contest: its agreed score is no longer needed."))


def _require_open(agreed: AgreedScore) -> None:
    if agreed.submitted_at is not None:
        raise NotPossible(N_("The agreed score is submitted; only the secretary can return it."))


def _require_complete(session: Session, agreed: AgreedScore) -> None:
    if not _has_review(session, agreed.application_id, agreed.expert_id):
        raise NotAllowed(N_("Only an expert with a submitted review of this application can lead the agreed score."))
    if awaited(session, agreed.application_id):
        raise TooEarly(N_("The agreed score opens after all reviews of the application are submitted."))


def _has_review(session: Session, application_id: int, expert_id: int) -> bool:
    query = select(Review.id).where(Review.application_id == application_id, Review.expert_id == expert_id, *stands())
    return session.scalar(query) is not None


def _criteria(session: Session, agreed: AgreedScore) -> tuple[ExpertCriterion, ...]:
    return criteria_of(sheet_criteria(session, agreed.contest_id, agreed.application.nomination_id))


def _plain(text: str) -> str:
    """One kind of line end, and none of the character that databases refuse."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")


def _record(session: Session, event: Event, agreed: AgreedScore, details: dict[str, Any], *, by: By) -> None:
    record(
        session, event, by=by, subject=agreed.application, label=f"№ {agreed.application.number}",
        contest_id=agreed.contest_id, details=details,
    )  # fmt: skip


def _tell_lead(session: Session, text: letters.Wording, agreed: AgreedScore, *, by: By, base_url: str) -> None:
    expert = agreed.expert
    email, locale = (expert.user.email, expert.user.locale) if expert.user else (expert.email, "ru")
    _write(session, text, agreed, (f"lead-{expert.id}", expert.name, email, locale), by=by, base_url=base_url)


def _write(
    session: Session, text: letters.Wording, agreed: AgreedScore, to: tuple[object, str, str, str], *, by: By,
    base_url: str,
) -> None:  # fmt: skip
    who, name, email, locale = to
    application = agreed.application
    letters.write(
        session,
        text,
        key=f"agreed:{agreed.id}:{agreed.version}:{who}",
        recipient=email,
        locale=locale,
        params={
            "name": name,
            "contest": application.contest.title,
            "number": application.number,
            "reason": agreed.reason or "",
            "link": f"{base_url}/applications/{application.id}/agreed-score",
        },
        now=by.now,
        contest_id=application.contest_id,
    )
