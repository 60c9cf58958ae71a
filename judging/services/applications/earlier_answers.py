"""A draft that is begun with the answers of an earlier application, and with its cluster.

Files and consents are never among them (:mod:`judging.domain.forms.carrying`).
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from judging.domain.access import By
from judging.domain.errors import N_, RuleViolation
from judging.domain.events import Event
from judging.domain.forms.carrying import carried_answers
from judging.domain.forms.columns import PLAIN
from judging.domain.forms.form import Field, FieldKind
from judging.domain.forms.looking import look
from judging.domain.forms.notation import answers_json
from judging.domain.gates import Act
from judging.domain.lifecycle import ApplicationStatus, NotPossible
from judging.models import Application, ApplicationSection, Cluster, Contest
from judging.models.base import table_of
from judging.queries.answers import circumstances_of, section_answers
from judging.queries.earlier_work import last_answers
from judging.queries.forms import compiled_form_of, form_of
from judging.services.applications.application_roles import lead_of_start
from judging.services.applications.clusters import bring_cluster
from judging.services.applications.draft_edit import require_entry
from judging.services.applications.journal_notes import note
from judging.services.applications.projection import project
from judging.services.applications.section_save import keyed_answers
from judging.services.holding import hold
from judging.services.search_texts import index_application
from judging.services.trial_guard import refuse_people

Sections = Mapping[str, Mapping[str, Any]]
"""Typed answers by section and field."""

LENGTHS = {
    name: length
    for name in PLAIN
    if (length := getattr(table_of(Application).c[name].type, "length", None)) is not None
}
"""The most characters of a column that is the answer to the field of its name."""


@dataclass(frozen=True)
class Base:
    """What a draft begins with: the earlier application, typed answers, and what the journal is to say of it.

    ``previous_id`` names the application of the contest's stage before, where the draft belongs to the next stage.
    """

    earlier: Application
    answers: Sections
    details: Mapping[str, Any]
    previous_id: int | None = None


def begin_from(session: Session, contest: Contest, earlier: Application, *, by: By) -> Application:
    """Begin a draft, led by who begins it, with the answers of an earlier application of the team, submitted or not.

    The team's cluster of that time comes with it, or the organisations that this contest's one lacks. Raises
    ``GateClosed`` where the contest takes no applications, :class:`RuleViolation` after its deadline,
    :class:`NotPossible` where it is a next stage that the team did not pass into, or where the application is of no
    team or of a trial.
    """
    refuse_people(hold(session, contest.id, Act.APPLY), by)
    if by.now >= contest.applications_close:
        raise RuleViolation(N_("This contest takes no applications any more."))
    require_entry(session, contest, earlier.team_id)
    if earlier.team_id is None or earlier.contest.trial:
        raise NotPossible(N_("This application cannot be taken over."))
    form, answers = last_answers(session, earlier)
    taken = carried_answers(form, answers, form_of(contest))
    count = sum(len(one) for one in taken.values())
    name = earlier.number or earlier.title
    details = {"begun_from": name, "copied_from": earlier.contest.code, "count": count}
    draft = begin_with(session, contest, Base(earlier, taken, details), by=by)
    lead_of_start(session, draft, by=by)
    return draft


def begin_with(session: Session, contest: Contest, base: Base, *, by: By) -> Application:
    """Make a draft with the earlier application's cluster and the answers; its columns follow from the answers."""
    cluster = bring_cluster(session, contest, session.get_one(Cluster, base.earlier.cluster_id), by=by)
    application = Application(
        contest=contest, cluster=cluster, team_id=cluster.team_id, status=ApplicationStatus.DRAFT, title="",
        created_at=by.now, updated_at=by.now, previous_id=base.previous_id,
    )  # fmt: skip
    index_application(application)
    session.add(application)
    session.flush()
    compiled = compiled_form_of(contest)
    typed: dict[str, Any] = {}
    members = {member.organisation.inn for member in cluster.members}
    for section in compiled.form.sections:
        given = keyed_answers(section.fields, _within(section.fields, base.answers.get(section.code, {}), members))
        typed |= given or section_answers(application, section, None)
        if given:
            session.add(
                ApplicationSection(
                    application_id=application.id, code=section.code, answers=answers_json(section.fields, given),
                    version=1, saved_at=by.now, saved_by_id=by.actor.user_id,
                )
            )  # fmt: skip
    seen = look(compiled, typed, circumstances_of(application, _day(contest, by.now)))
    with session.no_autoflush:
        project(session, application, compiled, typed, seen)
    session.flush()
    note(session, application, Event.APPLICATION_CREATED, by=by, details=dict(base.details))
    return application


def _within(fields: Sequence[Field], answers: Mapping[str, Any], members: Set[str]) -> dict[str, Any]:
    """The answers that this draft can hold: organisations of its cluster alone, and texts that fit their columns."""
    kept = dict(answers)
    for field in fields:
        answer = kept.get(field.code)
        outside = field.kind is FieldKind.ORGANISATION and field.of == "cluster" and answer not in members
        if outside or (field.code in LENGTHS and isinstance(answer, str) and len(answer) > LENGTHS[field.code]):
            kept.pop(field.code, None)
        elif field.kind is FieldKind.TABLE and answer:
            kept[field.code] = tuple(_within(field.columns, row, members) for row in answer)
    return kept


def _day(contest: Contest, now: datetime) -> date:
    return now.astimezone(ZoneInfo(contest.timezone)).date()
