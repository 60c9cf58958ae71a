"""What has happened before a part of the journey through a contest begins, put into the database without a browser.

The parts meet here: what one of them leaves behind (tests/journeys/test_contest.py asserts it) is what the next one
finds made by these functions.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.adapters.preset import read_preset
from judging.domain.access import CONSOLE, By
from judging.domain.forms.environment import KEY
from judging.domain.forms.form import FieldKind
from judging.models import (
    Application,
    Cluster,
    ClusterMember,
    Contest,
    Criterion,
    Document,
    Expert,
    Letter,
    Review,
    Team,
    User,
)
from judging.queries.actors import actor_of
from judging.queries.answers import section_answers, stored_sections
from judging.services import scoring
from judging.services.applications.application_submit import registration_number
from judging.services.applications.section_save import save_section
from judging.services.contests import ContestTerms, create_contest, publish_contest
from judging.services.experts import ExpertData, add_expert, invite_experts
from tests import factories
from tests.journeys.people import FORM, Person, Project
from tests.journeys.staff import Sheet

CODE, TITLE = "SP-2026", "Конкурс совместных проектов 2026 года"
FIELDS = ("title", "goal", "topics", "total_cost", "own_funds", "loans", "other_budget", "requested", "indicators")
REGION = "16"
PAPERS = ("application_letter", "paper_passport", "business_plan", "financial_model", "paper_schedule",
          "consortium_agreement", "membership_proof")  # fmt: skip


def now() -> datetime:
    return datetime.now(UTC)


def account(session: Session, person: Person, role: str | None = None) -> User:
    """Somebody's account, with a role in all contests."""
    return factories.user(session, role, name=person.name, email=person.email)


def grants_of(session: Session, email: str) -> list[tuple[str, int | None, bool]]:
    """The roles of somebody, with the contest of each, and whether the account can be used."""
    item = session.scalars(select(User).where(User.email == email)).one()
    return [(grant.role, grant.contest_id, item.active) for grant in item.grants]


def published(session: Session, code: str = CODE) -> Contest:
    """The contest as the secretary makes it of the example, with three experts an application."""
    day = timedelta(days=1)
    terms = ContestTerms(
        title=TITLE, summary="Поддержка совместных проектов участников кластеров.", applications_open=now() - 2 * day,
        applications_close=now() + 20 * day, review_close=now() + 40 * day, budget=200_000_000_00,
    )  # fmt: skip
    preset = read_preset()
    preset = replace(preset, rules={**preset.rules, "experts_per_application": 3})
    contest = create_contest(session, code, terms, preset, by=By(CONSOLE, now() - 3 * day), form=FORM)
    contest.visibility = {}  # staff see marks as they come: on this way the reviews never close
    session.flush()
    publish_contest(session, contest.id, version=contest.version, by=By(CONSOLE, now() - 2 * day))
    session.flush()
    return contest


def contest_of(session: Session) -> Contest:
    return session.scalars(select(Contest).where(Contest.code == CODE)).one()


def terms_of(session: Session, code: str) -> dict[str, Any]:
    """Everything of a contest but its code and its dates."""
    contest = session.scalars(select(Contest).where(Contest.code == code)).one()
    names = ("title", "summary", "budget", "status", "rules", "document_slots", "indicators", "partner_roles")
    criteria = session.scalars(select(Criterion).where(Criterion.contest_id == contest.id).order_by(Criterion.position))
    return {name: getattr(contest, name) for name in names} | {"criteria": [one.definition for one in criteria]}


@dataclass(frozen=True)
class Entry:
    """An application as it is stored: what the team of ``project`` typed into its fields."""

    project: Project
    stored: Mapping[str, Any]


def team(session: Session, person: Person, project: Project) -> Team:
    """The team that somebody has registered."""
    return factories.team(session, account(session, person), name=project.team)


def teams(session: Session) -> list[tuple[str, list[tuple[str, str]]]]:
    """The teams, each with its people."""
    found = session.scalars(select(Team).order_by(Team.id))
    return [(one.name, [(member.user.name, member.user.email) for member in one.members]) for one in found]


def described(session: Session, contest: Contest, team: Team, project: Project) -> Cluster:
    """A team's cluster with the organisations of its project; the first of them manages it."""
    manager, *others = (
        factories.organisation(
            session, contest, team, name=one["Наименование"], inn=one["ИНН"], ogrn=one["ОГРН"], region=REGION
        )
        for one in project.organisations
    )
    cluster = factories.cluster(
        session, contest, team, 0, name=project.team, region=REGION, industry=project.cluster["Отрасль"],
        managing_organisation=manager,
    )  # fmt: skip
    cluster.members = [ClusterMember(position=n, organisation=one) for n, one in enumerate((manager, *others))]
    session.flush()
    return cluster


def cluster_of(session: Session) -> dict[str, Any]:
    """The one cluster as it is stored, with its team and its organisations."""
    item = session.scalars(select(Cluster)).one()
    team = session.get_one(Team, item.team_id)
    members = [(one.organisation.name, one.organisation.inn, one.organisation.ogrn) for one in item.members]
    return {
        "name": item.name, "region": item.region, "industry": item.industry, "members": members,
        "manager": item.managing_organisation and item.managing_organisation.inn,
        "team": (team.name, [one.user.email for one in team.members]),
    }  # fmt: skip


def submitted(session: Session, contest: Contest, person: Person, entry: Entry, status: str = "submitted") -> str:
    """The application of a team that has sent it in; returns its number."""
    application = session.get_one(Application, filled_in(session, contest, person, entry, entry.project.answers))
    consents = {field.code: True for field in FORM.fields() if field.kind is FieldKind.CONSENT}
    save_section(session, application.id, "consents", consents, seen=0, by=By(CONSOLE, now()))
    for slot in PAPERS:
        factories.document(session, application, slot=slot)
    contest.applications_received += 1
    application.number = registration_number(contest.code, contest.applications_received)
    application.submitted_at, application.status = now() - timedelta(days=1), status
    session.flush()
    return application.number


def filled_in(session: Session, contest: Contest, person: Person, entry: Entry, codes: Iterable[str]) -> int:
    """A draft with these sections saved, without papers and assurances; returns its id."""
    cluster = described(session, contest, team(session, person, entry.project), entry.project)
    draft = Application(
        contest_id=contest.id, cluster=cluster, team_id=cluster.team_id, status="draft", created_at=now(),
        updated_at=now(),
    )  # fmt: skip
    session.add(draft)
    session.flush()
    for code in codes:
        save_section(session, draft.id, code, entry.project.answers[code], seen=0, by=By(CONSOLE, now()))
        session.flush()
    return draft.id


def entered(entry: Entry, codes: Iterable[str]) -> dict[str, Any]:
    """What :func:`drafted` says of an application with these sections saved."""
    return {"papers": [], "answers": {code: dict(entry.project.answers[code]) for code in codes}}


def drafted(session: Session) -> dict[str, Any]:
    """The one draft as it is stored: its sections, with the rows of tables without what they are known by."""
    item = session.scalars(select(Application).where(Application.status == "draft")).one()
    papers = session.scalars(select(Document.slot).where(Document.application_id == item.id))
    sections = stored_sections(session, item.id)
    read = {one.code: section_answers(item, one, sections[one.code]) for one in FORM.sections if one.code in sections}
    return {"papers": sorted(papers), "answers": {code: dict(map(_without_keys, given.items()))
                                                  for code, given in read.items()}}  # fmt: skip


def _without_keys(answer: tuple[str, Any]) -> tuple[str, Any]:
    code, value = answer
    if isinstance(value, tuple) and value and isinstance(value[0], dict):
        value = tuple({name: one for name, one in row.items() if name != KEY} for row in value)
    return code, value


def stored(session: Session, number: str) -> dict[str, Any]:
    """An application as it is stored: its fields, its status and the papers that are with it."""
    item = session.scalars(select(Application).where(Application.number == number)).one()
    papers = session.scalars(select(Document.slot).where(Document.application_id == item.id))
    return {name: getattr(item, name) for name in FIELDS} | {"status": item.status, "papers": sorted(papers)}


def joined(session: Session, contest: Contest, experts: Sequence[Person]) -> list[Expert]:
    """The experts have accepted their invitations."""
    return [
        factories.expert(session, contest, account(session, person), topics=["28.41", "25.62"], max_load=5)
        for person in experts
    ]


def invited(session: Session, contest: Contest, experts: Sequence[Person]) -> None:
    """The experts' cards are made, and their invitations are on their way."""
    data = [ExpertData(person.email, person.name, "77", ("28.41", "25.62"), 5) for person in experts]
    made = [add_expert(session, contest, one, by=By(CONSOLE, now())) for one in data]
    session.flush()
    invite_experts(session, made, by=By(CONSOLE, now()), base_url="http://localhost")
    session.flush()


def letters(session: Session) -> list[tuple[str, str]]:
    """To whom letters were written, and about what."""
    return [(one.recipient, one.subject) for one in session.scalars(select(Letter).order_by(Letter.id))]


def cards(session: Session) -> list[tuple[Any, ...]]:
    """The experts' cards as they are stored, and whose accounts they have."""
    found = session.execute(select(Expert, User.email).outerjoin(User, User.id == Expert.user_id).order_by(Expert.id))
    return [(one.name, one.email, one.region, one.topics, one.max_load, email) for one, email in found]


def assigned(session: Session, contest: Contest, experts: Sequence[Person], numbers: Sequence[str]) -> None:
    """The experts have joined and have been told to review all of these applications."""
    applications = session.scalars(select(Application).where(Application.number.in_(numbers))).all()
    for expert in joined(session, contest, experts):
        for application in applications:
            factories.review(session, expert, application, "assigned")


def review_of(session: Session, expert: Person, number: str) -> Review:
    return session.scalars(
        select(Review).join(Review.application).join(Review.expert).where(
            Application.number == number, Expert.email == expert.email
        )
    ).one()  # fmt: skip


def hand_in(session: Session, expert: Person, number: str, made: Sheet) -> None:
    """What an expert does with a sheet, without a browser: declare, save, hand in."""
    review = review_of(session, expert, number)
    actor, marks = actor_of(session, review.expert.user), {code: Decimal(mark) for code, mark in made.marks.items()}
    scoring.declare_no_conflict(session, review, by=By(actor, now()))
    session.flush()
    scoring.save_draft(
        session,
        review,
        scoring.SheetDraft(
            scores=marks, comments=made.comments, recommendation=made.recommendation, version=review.version
        ),
        by=By(actor, now()),
    )
    session.flush()
    scoring.submit_review(session, review, version=review.version, by=By(actor, now()))
    session.flush()
