"""Those who passed a stage are carried over into the next one: a draft each, with the answers that it can take over.

What is taken over is read before anything is locked; the act then makes the drafts of those who are not there yet, so
that it can be carried out again without making anything twice.
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
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
from judging.models import Application, ApplicationSection, Cluster, Contest, TeamMember, User
from judging.models.base import table_of
from judging.queries import applications
from judging.queries.answers import circumstances_of, section_answers
from judging.queries.forms import compiled_form_of, form_in_force
from judging.queries.stages import carried_ids, passed_of, previous_of
from judging.queries.submissions import last_submitted
from judging.services import audit, letters
from judging.services.accounts.mailed_links import moscow_text
from judging.services.applications.clusters import bring_cluster
from judging.services.applications.journal_notes import note
from judging.services.applications.projection import project
from judging.services.applications.section_save import keyed_answers
from judging.services.holding import hold
from judging.services.letters import Wording
from judging.services.search_texts import index_application

LENGTHS = {
    name: length
    for name in PLAIN
    if (length := getattr(table_of(Application).c[name].type, "length", None)) is not None
}
"""The most characters of a column that is the answer to the field of its name."""
MOST_NAMED = 100
"""Numbers that a record of the journal names."""
CARRIED = Wording(
    N_("Your application passed to the next stage"),
    N_(
        "Hello, %(name)s!\n\n"
        "Application %(number)s of your team passed the contest “%(previous)s”.\n"
        "A draft with the answers that could be taken over is ready in the contest “%(contest)s”.\n"
        "Files and consents are not taken over: add them, check the draft and submit it.\n"
        "Applications are accepted from %(opens)s to %(closes)s.\n\n"
        "The draft: %(link)s\n"
    ),
)


class Who(StrEnum):
    """Who is carried over."""

    WINNERS = "winners"
    PASSED = "passed"


WHO_LABELS: Mapping[Who, str] = {
    Who.WINNERS: N_("Winners: those that the money suffices for"),
    Who.PASSED: N_("All that reached the passing marks"),
}


@dataclass(frozen=True)
class Carried:
    """One that is to be carried over: the earlier application and its answers by section of the form, typed."""

    application_id: int
    number: str
    answers: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Carrying:
    """What was read for the act: by which form, who is carried over, and who cannot be: their team is not known."""

    who: Who
    form: str
    carried: tuple[Carried, ...]
    without_team: tuple[str, ...]


@dataclass(frozen=True)
class Counted:
    """How many would be carried over, how many are there already, and the numbers of those without a team."""

    new: int
    there: int
    without_team: tuple[str, ...]


def count_carrying(session: Session, contest: Contest, who: Who) -> Counted | None:
    """Say whom the act would carry over; None where the ranking of the stage before is not approved yet."""
    passed = None if contest.previous_id is None else passed_of(session, contest.previous_id)
    if passed is None:
        return None
    there = carried_ids(session, contest.id)
    chosen = [one for one in passed if one.winner or who is Who.PASSED]
    return Counted(
        new=sum(one.team_id is not None and one.id not in there for one in chosen),
        there=sum(one.id in there for one in chosen),
        without_team=tuple(one.number for one in chosen if one.team_id is None),
    )


def prepare_carrying(session: Session, contest: Contest, who: Who) -> Carrying:
    """Read who is to be carried over with what; raise :class:`NotPossible` before the approval. Reads only."""
    passed = None if contest.previous_id is None else passed_of(session, contest.previous_id)
    if contest.previous_id is None:
        raise NotPossible(N_("This contest is no next stage of another one."))
    if passed is None:
        raise NotPossible(N_("The ranking of the stage before is not approved yet."))
    form, there = form_in_force(contest), carried_ids(session, contest.id)
    chosen = [one for one in passed if one.winner or who is Who.PASSED]
    wanted = [one for one in chosen if one.team_id is not None and one.id not in there]
    carried = []
    for one in wanted:
        last = last_submitted(session, applications.by_id(session, one.id))
        answers = carried_answers(last.form.form, last.answers, form.form)
        carried.append(Carried(one.id, one.number, answers))
    return Carrying(who, form.sha256, tuple(carried), tuple(one.number for one in chosen if one.team_id is None))


def carry_over(session: Session, contest_id: int, prepared: Carrying, *, by: By, base_url: str) -> int:
    """Make a draft of each that is not there yet, write to its team; return how many were made.

    Raises ``GateClosed`` where the contest takes no applications, :class:`NotPossible` after its deadline or where its
    form was changed since the answers were read.
    """
    contest = hold(session, contest_id, Act.APPLY)
    previous = previous_of(session, contest)
    if by.now >= contest.applications_close:
        raise RuleViolation(N_("This contest takes no applications any more."))
    if previous is None or form_in_force(contest).sha256 != prepared.form:
        raise NotPossible(N_("The contest was changed at this very moment. Nothing was carried over: try again."))
    there = carried_ids(session, contest.id)
    made = [_carry(session, contest, one, by=by) for one in prepared.carried if one.application_id not in there]
    for application, number in made:
        _tell(session, (contest, previous), application, number, by=by, base_url=base_url)
    if made:
        numbers = [number for _, number in made]
        details: dict[str, Any] = {"previous_stage": previous.code, "who": prepared.who.value, "count": len(made)}
        details["numbers"] = numbers[:MOST_NAMED]
        audit.record(
            session, Event.STAGE_CARRIED, by=by, subject=contest, label=contest.title, contest_id=contest.id,
            details=details,
        )  # fmt: skip
    return len(made)


def _carry(session: Session, contest: Contest, one: Carried, *, by: By) -> tuple[Application, str]:
    """Make one draft with its cluster and its answers; its columns follow from the answers."""
    earlier = session.get_one(Application, one.application_id)
    cluster = bring_cluster(session, contest, session.get_one(Cluster, earlier.cluster_id), by=by)
    application = Application(
        contest=contest, cluster=cluster, team_id=cluster.team_id, status=ApplicationStatus.DRAFT, title="",
        created_at=by.now, updated_at=by.now, previous_id=earlier.id,
    )  # fmt: skip
    index_application(application)
    session.add(application)
    session.flush()
    compiled = compiled_form_of(contest)
    typed: dict[str, Any] = {}
    members = {member.organisation.inn for member in cluster.members}
    for section in compiled.form.sections:
        given = keyed_answers(section.fields, _within(section.fields, one.answers.get(section.code, {}), members))
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
    taken = sum(len(answers) for answers in one.answers.values())
    note(session, application, Event.APPLICATION_CREATED, by=by, details={"carried_from": one.number, "count": taken})
    return application, one.number


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


def _tell(
    session: Session,
    stages: tuple[Contest, Contest],
    application: Application,
    number: str,
    *,
    by: By,
    base_url: str,
) -> None:
    """Write to everybody of the team whose account is open; each person once an application."""
    contest, previous = stages
    people = session.scalars(
        select(User)
        .join(TeamMember, TeamMember.user_id == User.id)
        .where(TeamMember.team_id == application.team_id, User.active.is_(True))
        .order_by(User.id)
    ).all()
    for person in people:
        params = {
            "name": person.name, "number": number, "previous": previous.title, "contest": contest.title,
            "opens": moscow_text(contest.applications_open), "closes": moscow_text(contest.applications_close),
            "link": f"{base_url}/applications/{application.id}",
        }  # fmt: skip
        letters.write(
            session, CARRIED, key=f"carried:{application.id}:{person.id}", recipient=person.email,
            locale=person.locale, params=params, now=by.now, contest_id=contest.id,
        )  # fmt: skip
