"""Experts of a contest: added, changed, removed and invited by the secretary.

After every change of employer the expert is compared with all applications, so that a conflict of interest by ИНН is on
the list at once. Nothing changes once the ranking is frozen.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from judging.adapters.addresses import reachable
from judging.domain.access import By
from judging.domain.errors import N_, Fault, Refused, RuleViolation
from judging.domain.events import Event
from judging.domain.fields.bounds import GREATEST_LOAD
from judging.domain.gates import Act
from judging.domain.identifiers import is_okved
from judging.domain.trials import is_reserved
from judging.models import Contest, Expert, Organisation
from judging.queries import experts as queries
from judging.queries.contests import is_trial
from judging.services.accounts import Invitation, invite, normal_email
from judging.services.audit import record
from judging.services.concurrency import check_version
from judging.services.conflicts import detect_for_expert
from judging.services.holding import hold, hold_with
from judging.services.search_texts import expert_text


@dataclass(frozen=True)
class Employer:
    """A legal entity that is not among the contest's organisations yet."""

    inn: str
    ogrn: str
    name: str
    region: str


@dataclass(frozen=True)
class ExpertData:
    """An expert's card as it was typed. ``employer``: the ИНН of an organisation of the contest, a new one, or None.

    ``methodologist``: knows the rules of the contest rather than a branch of industry.
    """

    email: str
    name: str
    region: str
    topics: tuple[str, ...]
    max_load: int
    employer: str | Employer | None = None
    methodologist: bool = False


@dataclass(frozen=True)
class Invited:
    """Who was written to, and whose address no letter reaches."""

    written: list[Expert]
    unreached: list[Expert]


def add_expert(session: Session, contest: Contest, data: ExpertData, *, by: By) -> Expert:
    """Add an expert's card, uninvited; raise :class:`Refused` with faults at the fields."""
    hold(session, contest.id, Act.CHANGE_EXPERTS)
    _refuse_faults(session, contest.id, data, None)
    expert = Expert(contest=contest, contest_id=contest.id, version=1)
    _fill(session, expert, data)
    session.add(expert)
    _note(session, Event.EXPERT_ADDED, expert, _facts(expert), by=by)
    detect_for_expert(session, expert, by=by)
    return expert


def change_expert(session: Session, expert: Expert, data: ExpertData, *, version: int, by: By) -> Expert:
    """Correct an expert's card. An expert who has joined keeps the address they joined with.

    Raises ``Stale`` for an old version and :class:`Refused` with faults at the fields.
    """
    hold_with(session, expert, Act.CHANGE_EXPERTS)
    check_version(expert, version)
    _refuse_faults(session, expert.contest_id, data, expert)
    before = _facts(expert)
    _fill(session, expert, data)
    after = _facts(expert)
    changes = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    if changes:
        if "email" in changes:
            expert.invited_at = expert.declined_at = expert.declined_reason = None
        _note(session, Event.EXPERT_CHANGED, expert, changes, by=by)
    if "employer_inn" in changes:
        detect_for_expert(session, expert, by=by)
    return expert


def remove_expert(session: Session, expert: Expert, *, version: int, by: By) -> None:
    """Strike an expert off who has no review of any state; their conflicts go with the card."""
    hold_with(session, expert, Act.CHANGE_EXPERTS)
    check_version(expert, version)
    if queries.has_reviews(session, expert.id):
        raise RuleViolation(N_("The expert has reviews in this contest. Remove their assignments first."))
    _note(session, Event.EXPERT_REMOVED, expert, _facts(expert), by=by)
    session.delete(expert)
    session.flush()


def invite_experts(session: Session, experts: Iterable[Expert], *, by: By, base_url: str) -> Invited:
    """Send each of them an invitation (again, if there was one), save those who have joined.

    A card whose address no letter reaches stops none of the others; it stays uninvited. Nobody is invited to a trial.
    """
    invited = Invited([], [])
    for expert in experts:
        if hold(session, expert.contest_id, Act.CHANGE_EXPERTS, shared=True).trial:
            raise RuleViolation(N_("The experts of a trial contest are invented: there is nobody to invite."))
        if expert.user_id is not None:
            continue
        if not reachable(expert.email):
            invited.unreached.append(expert)
            continue
        invite(session, Invitation(email=expert.email, name=expert.name, expert_id=expert.id), by=by, base_url=base_url)
        invited.written.append(expert)
    return invited


def _refuse_faults(session: Session, contest_id: int, data: ExpertData, itself: Expert | None) -> None:
    faults = []
    email = normal_email(data.email)
    if itself is not None and itself.user_id is not None and email != itself.email:
        faults.append(Fault("email", N_("The expert has joined with this address; it can no longer be changed.")))
    elif queries.id_of_email(session, contest_id, email) not in (None, itself.id if itself else None):
        faults.append(Fault("email", N_("There is an expert with this address in the contest already.")))
    if is_trial(session, contest_id) and not is_reserved(email):
        message = N_("In a trial contest addresses end in example.org: no real person is in it.")
        faults.append(Fault("email", message))
    faults += [
        Fault("topics", N_("Not a code of OKVED2: %(code)s"), {"code": code})
        for code in data.topics
        if not is_okved(code)
    ]
    if not 0 <= data.max_load <= GREATEST_LOAD:
        faults.append(Fault("max_load", N_("From 0 to %(limit)s"), {"limit": GREATEST_LOAD}))
    if faults:
        raise Refused(faults)


def _fill(session: Session, expert: Expert, data: ExpertData) -> None:
    expert.email, expert.name = normal_email(data.email), " ".join(data.name.split())
    expert.region, expert.max_load, expert.methodologist = data.region, data.max_load, data.methodologist
    expert.topics = list(dict.fromkeys(data.topics))
    expert.organisation = _employer(session, expert.contest_id, data.employer)
    employer = expert.organisation.name if expert.organisation else ""
    expert.search_text = expert_text(expert.name, expert.email, employer, expert.topics)


def _employer(session: Session, contest_id: int, employer: str | Employer | None) -> Organisation | None:
    """The contest's organisation with this ИНН, or a new one that is no team's own."""
    if employer is None:
        return None
    known = queries.organisation(session, contest_id, employer if isinstance(employer, str) else employer.inn)
    if known is not None or isinstance(employer, str):
        return known
    added = Organisation(
        contest_id=contest_id, inn=employer.inn, ogrn=employer.ogrn, name=employer.name, region=employer.region
    )
    session.add(added)
    session.flush()
    return added


def _facts(expert: Expert) -> dict[str, Any]:
    return {
        "email": expert.email,
        "name": expert.name,
        "region": expert.region,
        "topics": ", ".join(expert.topics),
        "max_load": expert.max_load,
        "methodologist": bool(expert.methodologist),
        "employer_inn": expert.organisation.inn if expert.organisation else None,
    }


def _note(session: Session, event: Event, expert: Expert, details: dict[str, Any], *, by: By) -> None:
    record(
        session,
        event,
        by=by,
        subject=expert,
        label=f"{expert.name} <{expert.email}>",
        contest_id=expert.contest_id,
        details=details,
    )
