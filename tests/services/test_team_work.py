"""A team at work on one application: roles, sections, and the certification by the head of the organisation."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.domain.access import By, Permission, may
from judging.domain.certification import CertificationState
from judging.domain.errors import Refused, RuleViolation
from judging.domain.lifecycle import NotPossible
from judging.domain.teams import ApplicationRole
from judging.models import Application, ApplicationSection, JournalRecord, Letter, SubmissionReturn, User
from judging.queries.actors import actor_of
from judging.queries.applications import by_id
from judging.queries.certifications import certified, fingerprint
from judging.queries.forms import form_of
from judging.queries.journal import JournalFilter, history_of, journal_page
from judging.queries.scopes import application_scope, organisation_scope, team_cluster_scope
from judging.queries.section_works import leads_of, mates_of, works_of
from judging.services.accounts import hand_over_lead
from judging.services.applications.application_roles import NotYours, give_role
from judging.services.applications.application_submit import Incomplete, submit_application
from judging.services.applications.certification import (
    HasStops,
    ask_certification,
    certify_application,
    return_certification,
)
from judging.services.applications.draft_edit import start_application
from judging.services.applications.returns import resubmit_application
from judging.services.applications.section_work import assign_section, mark_section
from judging.services.concurrency import Stale
from tests import factories
from tests.factories import MOMENT

BASE = "https://contest.example.org"
HOUR = timedelta(hours=1)


class Team:
    """A draft that may be submitted, with a lead, two mates and a head of the organisation."""

    def __init__(self, session: Session, **contest: object) -> None:
        people = [factories.user(session, name=name) for name in ("Лидова", "Первый", "Второй", "Главин")]
        self.lead, self.first, self.second, self.head = people
        self.session, self.team = session, factories.team(session, *people)
        self.team.members[-1].role = "head"
        self.contest = factories.contest(session, **contest)
        cluster = factories.cluster(session, self.contest, self.team)
        self.draft = factories.application(session, self.contest, cluster, status="draft", summary="О" * 200)
        for slot in self.contest.document_slots:
            if slot["required"]:
                factories.document(session, self.draft, slot=slot["code"])

    def by(self, user: User, now=MOMENT) -> By:
        return By(actor_of(self.session, user), now)

    def may(self, user: User, permission: Permission) -> bool:
        actor = actor_of(self.session, user)
        scope = application_scope(self.session, actor, application_id=self.draft.id)
        return scope is not None and may(actor, permission, scope)

    def work(self, code: str):
        self.session.expire_all()
        return works_of(self.session, by_id(self.session, self.draft.id), form_of(self.contest))[code]

    def state(self) -> CertificationState | None:
        self.session.flush()
        found = certified(self.session, by_id(self.session, self.draft.id))
        return None if found is None else found.state

    def fingerprint(self) -> str:
        return fingerprint(self.session, by_id(self.session, self.draft.id))

    def change(self, title: str = "Другое", now=MOMENT) -> None:
        self.draft.cluster.name = title
        self.session.flush()


@pytest.fixture
def work(session: Session) -> Team:
    return Team(session)


@pytest.fixture
def asked(session: Session) -> Team:
    return Team(session, certification="required")


EDIT, SUBMIT, SEE = Permission.EDIT_APPLICATION, Permission.SUBMIT_APPLICATION, Permission.SEE_APPLICATION


def test_the_role_given_at_an_application_decides_what_may_be_done_there(work: Team) -> None:
    give_role(work.session, work.draft.id, work.first.id, ApplicationRole.LEAD, by=work.by(work.lead))
    give_role(work.session, work.draft.id, work.second.id, ApplicationRole.READER, by=work.by(work.first))
    people = (work.lead, work.first, work.second, work.head)
    assert [[work.may(one, act) for act in (SEE, EDIT, SUBMIT)] for one in people] == [
        [True, True, True], [True, True, True], [True, False, False], [True, False, False],
    ]  # fmt: skip
    assert leads_of(work.session, work.draft) == ["Первый", "Лидова"]


def test_roles_are_given_by_a_lead_to_members_alone_and_the_same_one_is_no_record(work: Team) -> None:
    with pytest.raises(NotYours):
        give_role(work.session, work.draft.id, work.second.id, ApplicationRole.LEAD, by=work.by(work.first))
    for fixed in (work.lead, work.head):
        with pytest.raises(RuleViolation):
            give_role(work.session, work.draft.id, fixed.id, ApplicationRole.READER, by=work.by(work.lead))
    stranger = factories.user(work.session)
    with pytest.raises(RuleViolation):
        give_role(work.session, work.draft.id, stranger.id, ApplicationRole.READER, by=work.by(work.lead))
    give_role(work.session, work.draft.id, work.first.id, ApplicationRole.CONTRIBUTOR, by=work.by(work.lead))
    assert work.session.scalars(select(JournalRecord)).all() == []


def test_whoever_begins_an_application_leads_it(work: Team) -> None:
    begun = start_application(work.session, work.contest, work.draft.cluster, by=work.by(work.first))
    roles = {one.name: one.role.value for one in mates_of(work.session, begun)}
    assert roles == {"Лидова": "lead", "Первый": "lead", "Второй": "contributor", "Главин": "reader"}


def test_who_only_reads_every_application_of_a_contest_does_not_change_its_cluster(work: Team) -> None:
    give_role(work.session, work.draft.id, work.second.id, ApplicationRole.READER, by=work.by(work.lead))

    def edits(user: User) -> bool:
        actor = actor_of(work.session, user)
        scope = team_cluster_scope(work.session, actor, code=work.contest.code)
        return scope is not None and may(actor, Permission.EDIT_TEAM, scope)

    assert [edits(one) for one in (work.lead, work.first, work.second, work.head)] == [True, True, False, False]
    factories.application(work.session, work.contest, work.draft.cluster, status="draft")
    assert edits(work.second)


def test_a_section_is_taken_by_oneself_and_given_by_the_lead(work: Team) -> None:
    draft = work.draft.id
    assign_section(work.session, draft, "passport", work.first.id, by=work.by(work.first))
    with pytest.raises(RuleViolation):
        assign_section(work.session, draft, "passport", work.second.id, by=work.by(work.second))
    assign_section(work.session, draft, "passport", work.second.id, by=work.by(work.lead))
    for nobody in (work.head, factories.user(work.session)):
        with pytest.raises(RuleViolation):
            assign_section(work.session, draft, "passport", nobody.id, by=work.by(work.lead))
    with pytest.raises(RuleViolation):
        assign_section(work.session, draft, "no-such", work.first.id, by=work.by(work.lead))
    with pytest.raises(NotYours):
        assign_section(work.session, draft, "finance", work.head.id, by=work.by(work.head))
    assert work.work("passport").assignee == "Второй"
    details = work.session.scalars(select(JournalRecord.details).order_by(JournalRecord.id)).all()
    assert details == [
        {"section": "passport", "assignee": [None, "Первый"]},
        {"section": "passport", "assignee": ["Первый", "Второй"]},
    ]


def saved(work: Team, user: User, at) -> None:
    row = work.session.get(ApplicationSection, (work.draft.id, "passport"))
    if row is None:
        row = ApplicationSection(application_id=work.draft.id, code="passport", version=1, answers={})
        work.session.add(row)
    row.saved_at, row.saved_by_id = at, user.id
    work.session.flush()


def test_a_change_by_another_after_the_mark_is_told_and_the_mark_put_again_covers_it(work: Team) -> None:
    draft = work.draft.id
    saved(work, work.first, MOMENT)
    mark_section(work.session, draft, "passport", done=True, by=work.by(work.first, MOMENT + HOUR))
    assert (work.work("passport").done_by, work.work("passport").changed) == ("Первый", False)
    saved(work, work.first, MOMENT + 2 * HOUR)
    assert work.work("passport").changed is False
    saved(work, work.second, MOMENT + 3 * HOUR)
    assert work.work("passport").changed is True
    mark_section(work.session, draft, "passport", done=True, by=work.by(work.second, MOMENT + 4 * HOUR))
    assert (work.work("passport").done_by, work.work("passport").changed) == ("Второй", False)


def test_a_file_of_the_section_that_another_brought_after_the_mark_is_a_change(work: Team) -> None:
    form = form_of(work.contest)
    section = next(one for one in form.sections if any(field.code == "passport" for field in one.fields)).code
    mark_section(work.session, work.draft.id, section, done=True, by=work.by(work.first))
    assert work.work(section).changed is False
    late = MOMENT + HOUR
    factories.document(work.session, work.draft, uploaded_at=late, uploaded_by_id=work.second.id)
    assert work.work(section).changed is True


def test_a_mark_is_taken_back_by_who_put_it_or_by_the_lead(work: Team) -> None:
    draft = work.draft.id
    for taking in (work.first, work.lead):
        mark_section(work.session, draft, "passport", done=True, by=work.by(work.first))
        with pytest.raises(RuleViolation):
            mark_section(work.session, draft, "passport", done=False, by=work.by(work.second))
        mark_section(work.session, draft, "passport", done=False, by=work.by(taking))
        assert work.work("passport").done_at is None


def ask(team: Team, user: User | None = None) -> None:
    ask_certification(team.session, team.draft.id, by=team.by(user or team.lead), base_url=BASE)


def certify(team: Team, user: User | None = None, seen: str | None = None) -> None:
    by = team.by(user or team.head)
    certify_application(team.session, team.draft.id, seen=seen or team.fingerprint(), by=by, base_url=BASE)


def submit(team: Team) -> Application:
    version = team.draft.version
    return submit_application(team.session, team.draft.id, version=version, by=team.by(team.lead))


def test_an_application_is_submitted_once_it_is_certified_as_it_is(asked: Team) -> None:
    states = [asked.state()]
    for step in (ask, certify, Team.change, ask, certify):
        if states[-1] is not CertificationState.CERTIFIED:
            with pytest.raises(Incomplete):
                submit(asked)
        step(asked)
        states.append(asked.state())
    assert [state.value for state in states if state] == [
        "not_asked", "waiting", "certified", "changed", "waiting", "certified",
    ]  # fmt: skip
    assert submit(asked).status == "submitted"
    told = asked.session.execute(select(Letter.recipient, Letter.subject).order_by(Letter.id)).all()[:2]
    assert [tuple(row) for row in told] == [
        (asked.head.email, "Заявка ждёт вашего утверждения"), (asked.lead.email, "Заявка утверждена"),
    ]  # fmt: skip


def test_what_a_team_does_among_itself_is_in_no_history_that_others_read(asked: Team) -> None:
    session, draft = asked.session, asked.draft.id
    give_role(session, draft, asked.first.id, ApplicationRole.READER, by=asked.by(asked.lead))
    assign_section(session, draft, "passport", asked.second.id, by=asked.by(asked.lead))
    mark_section(session, draft, "passport", done=True, by=asked.by(asked.second))
    ask(asked)
    return_certification(
        session, draft, seen=asked.fingerprint(), remarks="Не то", by=asked.by(asked.head), base_url=BASE
    )  # fmt: skip
    ask(asked)
    certify(asked)
    submit(asked)
    session.flush()
    read = [row.event for row in history_of(session, draft)]
    read += [row.event for row in journal_page(session, JournalFilter(), contest_id=asked.contest.id).rows]
    assert read == ["application.submitted", "application.certified"] * 2


def test_a_contest_that_asks_for_none_takes_an_application_as_before(work: Team) -> None:
    assert work.state() is None
    with pytest.raises(NotPossible):
        ask(work)
    assert submit(work).status == "submitted"


def test_only_the_head_certifies_and_only_what_was_read(asked: Team) -> None:
    with pytest.raises(NotYours):
        ask(asked, asked.first)
    ask(asked)
    with pytest.raises(NotYours):
        certify(asked, asked.lead)
    seen = asked.fingerprint()
    asked.change()
    with pytest.raises(Stale):
        certify(asked, seen=seen)
    with pytest.raises(Stale):
        certify(asked)
    asked.draft.documents[0].removed_at = MOMENT
    asked.session.flush()
    with pytest.raises(HasStops):
        ask(asked)


def test_what_is_sent_back_says_why_and_is_handed_over_again(asked: Team) -> None:
    ask(asked)
    ask(asked)
    by, seen = asked.by(asked.head), asked.fingerprint()
    with pytest.raises(Refused):
        return_certification(asked.session, asked.draft.id, seen=seen, remarks=" ", by=by, base_url=BASE)
    return_certification(asked.session, asked.draft.id, seen=seen, remarks="Уточните смету", by=by, base_url=BASE)
    assert asked.state() is CertificationState.RETURNED
    with pytest.raises(RuleViolation):
        certify(asked)
    ask(asked)
    certify(asked)
    events = asked.session.scalars(select(JournalRecord.event).order_by(JournalRecord.id)).all()
    assert events == [
        "application.certification_asked", "application.certification_returned", "application.certification_asked",
        "application.certified",
    ]  # fmt: skip


def test_a_correction_is_certified_anew(asked: Team) -> None:
    ask(asked)
    certify(asked)
    submit(asked)
    asked.session.add(
        SubmissionReturn(
            application_id=asked.draft.id, submission=1, sections=["passport"], remarks={"passport": "Уточните"},
            until=MOMENT + HOUR, at=MOMENT,
        )
    )  # fmt: skip
    saved(asked, asked.lead, MOMENT)
    with pytest.raises(Incomplete):
        resubmit_application(asked.session, asked.draft.id, version=asked.draft.version, by=asked.by(asked.lead))


def test_without_a_head_nothing_can_be_handed_over(asked: Team) -> None:
    asked.team.members[-1].role = "member"
    asked.session.flush()
    with pytest.raises(NotPossible):
        ask(asked)


def test_who_certified_as_the_head_does_not_submit_as_the_lead(asked: Team) -> None:
    ask(asked)
    certify(asked)
    asked.session.flush()
    hand_over_lead(asked.session, asked.team.id, asked.head.id, by=asked.by(asked.lead))
    asked.session.flush()
    version = asked.draft.version
    with pytest.raises(NotPossible):
        submit_application(asked.session, asked.draft.id, version=version, by=asked.by(asked.head))
    give_role(asked.session, asked.draft.id, asked.first.id, ApplicationRole.LEAD, by=asked.by(asked.head))
    asked.session.flush()
    submitted = submit_application(asked.session, asked.draft.id, version=version, by=asked.by(asked.first))
    assert submitted.number is not None


def test_what_one_is_in_another_team_says_nothing_of_the_cluster_of_this_one(work: Team) -> None:
    other = factories.team(work.session, work.second)
    factories.application(work.session, work.contest, factories.cluster(work.session, work.contest, other))
    work.session.flush()
    give_role(work.session, work.draft.id, work.second.id, ApplicationRole.READER, by=work.by(work.lead))
    work.session.flush()
    actor, organisation = actor_of(work.session, work.second), work.draft.cluster.members[0].organisation
    scopes = (
        team_cluster_scope(work.session, actor, code=work.contest.code),
        organisation_scope(work.session, actor, organisation_id=organisation.id),
    )
    assert [one is not None and may(actor, Permission.EDIT_TEAM, one) for one in scopes] == [False, False]
