"""The acts of a rehearsal, each small enough for one transaction: the product's own services, by invented people.

Whoever looks at a trial in between may have done some of it, so that each act asks what is there and does what is next.
"""

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from judging.adapters.invented_files import MADE, invented_file
from judging.adapters.storage import Storage
from judging.domain.access import Actor, By
from judging.domain.distribution import PlanKind
from judging.domain.lifecycle import Action, ContestStatus, PlanStatus, ReviewStatus
from judging.domain.nominations import is_judged
from judging.domain.rehearsals import APPLICATIONS, EXPERTS
from judging.domain.rubric import computed_criteria, expert_criteria
from judging.domain.stages import Stage, deadline_passed
from judging.domain.trials import FILE_MARK
from judging.models import Application, Cluster, Contest, Review, Team
from judging.queries import agreements
from judging.queries import rehearsals as queries
from judging.queries.answers import circumstances_of
from judging.queries.assignment.plans import current_plan
from judging.queries.contests import criteria_of, rules_of
from judging.queries.dossiers import nomination_of
from judging.queries.forms import form_of
from judging.services.admission import Decision, decide_application
from judging.services.agreements import accept_agreements
from judging.services.applications.application_submit import submit_application
from judging.services.applications.clusters import add_organisation, save_cluster
from judging.services.applications.documents import StoredFile, add_document, store_file
from judging.services.applications.draft_edit import start_application
from judging.services.applications.nomination_choice import open_draft, save_nomination
from judging.services.applications.section_save import save_section
from judging.services.assignment import PlanRequest, apply_plan, notify_assignments, request_plan
from judging.services.conflicts import ConflictKnown, enter_conflict
from judging.services.contests import publish_contest
from judging.services.experts import add_expert
from judging.services.rehearsals import invention
from judging.services.rehearsals.answering import Given, answers_to
from judging.services.scoring import declare_no_conflict, recuse, save_draft, submit_review
from judging.services.trials import hold_trial, move_to

REHEARSER = Actor(user_id=None, name="Репетиция")
"""Whoever does in a rehearsal what the staff and the teams do."""
REJECTED, WITHDRAWN, RECUSED = frozenset({11, 23, 37}), 31, frozenset({5, 14})
"""Applications (from nought) that the formal check rejects, that is withdrawn, that an expert is off."""
DECIDED_AT_ONCE = 10
CONFLICTS = 3
ROOM = 3
"""Applications that an expert may have above an even share."""


def stored_files(contest: Contest, storage: Storage) -> Mapping[str, StoredFile]:
    """Store a file for every slot that is or may be compulsory, outside any transaction: the same for all."""
    asked = {field.code for field in form_of(contest).fields() if field.required is not False}
    files = {}
    for slot in contest.document_slots:
        if slot["code"] in asked:
            extension = next(one for one in MADE if one in slot["extensions"])
            content = BytesIO(invented_file(extension, f"{FILE_MARK}. {slot['title']}."))
            files[str(slot["code"])] = store_file(storage, slot, content, f"Проба – {slot['title']}.{extension}")
    return files


def publish(session: Session, contest_id: int, *, by: By) -> None:
    """Publish a trial that is a draft yet."""
    contest = hold_trial(session, contest_id)
    if not ContestStatus(contest.status).is_draft:
        return
    if deadline_passed(contest.applications_close, by.now):  # it has lain for long
        move_to(session, contest_id, Stage.UPCOMING, by=by)
    publish_contest(session, contest_id, version=contest.version, by=by)


def next_expert(session: Session, contest_id: int, *, by: By) -> bool:
    """Add the next expert; False where all are there."""
    contest = hold_trial(session, contest_id)
    place = queries.experts(session, contest_id)
    if place >= EXPERTS:
        return False
    wanted = rules_of(contest).experts_per_application
    load = -(-APPLICATIONS * wanted // EXPERTS) + ROOM
    add_expert(session, contest, invention.expert_data(place, load=load), by=by)
    return True


def next_application(session: Session, contest_id: int, files: Mapping[str, StoredFile], *, by: By) -> bool:
    """Have the next application written and handed in by its team; False where all are there."""
    contest = hold_trial(session, contest_id)
    number = contest.applications_received
    if number >= APPLICATIONS:
        return False
    cluster = _cluster(session, contest, invention.cluster_of(number), by)
    application = start_application(session, contest, cluster, by=by)
    session.flush()
    rows = contest.nominations
    if rows:
        save_nomination(session, open_draft(session, application.id), rows[number % len(rows)].id, by=by)
        session.flush()
    _fill(session, application, number, by)
    for slot, file in files.items():
        add_document(session, application.id, slot, file, by=by)
    session.flush()
    submit_application(session, application.id, version=application.version, by=by)
    return True


def _cluster(session: Session, contest: Contest, place: int, by: By) -> Cluster:
    """The cluster of an invented team, which is entered with its organisations where it is not there yet."""
    data = invention.cluster_data(place)
    known = queries.cluster_named(session, contest.id, data.name)
    if known is not None:
        return known
    team = Team(name=invention.team_name(place)[:300], created_at=by.now)
    session.add(team)
    session.flush()
    cluster = save_cluster(session, contest, team.id, data, version=None, by=by)
    for organisation in invention.organisations(place):
        add_organisation(session, cluster, organisation, by=by)
    session.flush()
    return cluster


def _fill(session: Session, application: Application, number: int, by: By) -> None:
    contest = application.contest
    today = by.now.astimezone(ZoneInfo(contest.timezone)).date()
    given = Given(
        number=number,
        today=today,
        members=[member.organisation.inn for member in application.cluster.members],
        cap=circumstances_of(application, today).cap,
        criteria={item.indicator: item for item in computed_criteria(criteria_of(contest))},
    )
    for code, answers in answers_to(form_of(contest), given).items():
        save_section(session, application.id, code, answers, seen=0, by=by)
        session.flush()


def decide_next(session: Session, contest_id: int, *, by: By) -> bool:
    """Decide on the next applications; False where none waits."""
    hold_trial(session, contest_id)
    waiting = queries.undecided(session, contest_id, DECIDED_AT_ONCE)
    for application in waiting:
        decide_application(session, application, _decision(application), by=by)
    return bool(waiting)


def _decision(application: Application) -> Decision:
    words, place, version = invention.words(), place_of(application), application.version
    if place in REJECTED:
        return Decision(Action.REJECT, version=version, reason=words["rejection"], clause=words["clause"])
    if place == WITHDRAWN:
        return Decision(Action.WITHDRAW, version=version, reason=words["withdrawal"])
    return Decision(Action.ADMIT, version=version)


def place_of(application: Application) -> int:
    """The place of an application in the order of submission, from nought."""
    return int((application.number or "0").rpartition("-")[2]) - 1


def enter_conflicts(session: Session, contest_id: int, *, by: By) -> None:
    """Enter a few conflicts of interest, as the staff do who have learnt of them."""
    hold_trial(session, contest_id)
    if queries.entered_conflicts(session, contest_id):
        return
    experts = queries.last_experts(session, contest_id, CONFLICTS)
    for expert, application in zip(experts, queries.admitted(session, contest_id, CONFLICTS), strict=False):
        try:
            enter_conflict(session, expert=expert, application=application, reason=invention.words()["conflict"], by=by)
        except ConflictKnown:
            continue


def ask_plan(session: Session, contest_id: int, kind: PlanKind, *, by: By) -> int:
    """Ask for a plan and return its number."""
    contest = hold_trial(session, contest_id)
    return request_plan(session, contest, PlanRequest(kind=kind, keep=True, partial=True), by=by).id


def apply_and_tell(session: Session, contest_id: int, *, tasks_url: str, by: By) -> bool:
    """Apply the plan that is ready and tell the experts of every proposal; False where nobody got a task by it."""
    contest = hold_trial(session, contest_id)
    plan = current_plan(session, contest_id)
    if plan is not None and PlanStatus(plan.status).is_ready:
        apply_plan(session, contest, plan, version=plan.version, by=by)
    if not queries.has_proposals(session, contest_id):
        return False
    notify_assignments(session, contest, by=by, tasks_url=tasks_url)
    return True


def next_review(session: Session, contest_id: int, *, by: By) -> bool:
    """Let an expert do the next task from the declaration to the handing in; False where none is left."""
    contest = hold_trial(session, contest_id)
    review = queries.next_task(session, contest_id)
    if review is None:
        return False
    expert = Actor(user_id=None, name=review.expert.name, expert_ids=frozenset({review.expert_id}))
    by = by.with_actor(expert)
    place = place_of(review.application)
    if place in RECUSED and not review.additional and not queries.has_recusal(session, review.application_id):
        recuse(session, review, reason="other", words=invention.words()["recusal"], by=by)
        return True
    asked = agreements.asked_of(session, contest.id, review.expert_id)
    if any(one.at is None for one in asked):
        accept_agreements(session, review.expert, {one.code: one.version.sha256 for one in asked}, by=by)
    if review.status == ReviewStatus.ASSIGNED:
        declare_no_conflict(session, review, by=by)
        session.flush()
    _hand_in(session, contest, review, by)
    return True


def _hand_in(session: Session, contest: Contest, review: Review, by: By) -> None:
    criteria: Sequence[Any] = expert_criteria(criteria_of(contest))
    nomination = nomination_of(review.application)
    if nomination is not None:
        criteria = [item for item in criteria if is_judged(item.code, nomination)]
    place, version = place_of(review.application), review.version
    apart = place in invention.APART and not queries.has_review(session, review.application_id)
    draft = invention.sheet(criteria, place, review.expert_id, apart=apart, version=version)
    save_draft(session, review, draft, by=by)
    submit_review(session, review, version=review.version, by=by)
