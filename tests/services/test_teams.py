"""Teams: people come in by invitation or by request, lead, leave, are removed; what each act writes and tells."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from judging.domain.access import ANONYMOUS, CONSOLE, By
from judging.domain.errors import Refused, RuleViolation
from judging.domain.teams import INVITATION_LASTS, MOST_INVITATIONS, MOST_MEMBERS, TeamRole
from judging.models import ApplicationMember, JournalRecord, Letter, SectionWork, TeamInvitation, TeamMember, User
from judging.queries.actors import actor_of
from judging.queries.invariants.people import false_accounts
from judging.queries.invariants.teams import false_members, unled
from judging.queries.teams import members_of, open_invitations, open_requests, requests_of
from judging.services import accounts
from judging.services.accounts.mailed_links import LinkUnusable
from judging.services.accounts.team_members import NoMember, NotLead
from judging.services.accounts.team_requests import ask_to_join
from judging.services.seals import note_accounts
from tests import factories as make

NOW = make.MOMENT
BASE = "https://contest.example.org"


def by(session, user, now=NOW):
    return By(actor_of(session, user), now)


def events(session):
    return list(session.scalars(select(JournalRecord.event).order_by(JournalRecord.id)))


def letters(session):
    return [tuple(row) for row in session.execute(select(Letter.recipient, Letter.subject).order_by(Letter.id))]


def token(session):
    bodies = session.scalars(select(Letter.body).order_by(Letter.id.desc()))
    return next(found[1] for body in bodies if (found := re.search(rf"{BASE}/team-invitations/(\S+)", body)))


def roles(session, team):
    return {one.name: one.role for one in members_of(session, team.id)}


def invite(session, team, user, email="mate@example.org", **values):
    mate = accounts.Mate(email=email, **{"name": "Гилязов Ренат", **values})
    return accounts.invite_mate(session, team.id, mate, by=by(session, user), base_url=BASE)


@pytest.fixture
def lead(session):
    return make.user(session, name="Лидова Анна")


@pytest.fixture
def mate(session):
    return make.user(session, name="Матвеев Иван")


@pytest.fixture
def team(session, lead, mate):
    return make.team(session, lead, mate, name="Камский кластер")


def accept(session, key, actor=ANONYMOUS, hashed="hash", now=NOW):
    new = None if hashed is None else accounts.Newcomer("Гилязов Ренат Ильдарович", hashed)
    return accounts.accept_team_invitation(session, key, new=new, by=By(actor, now))


def test_a_newcomer_comes_into_the_team_by_the_link_once_with_an_account_and_a_consent(session, team, lead):
    note_accounts(session, by=By(CONSOLE, NOW))
    invite(session, team, lead)
    key = token(session)
    user = accept(session, key)
    assert (user.email, user.name, user.consent_version, user.email_confirmed_at) == (
        "mate@example.org", "Гилязов Ренат Ильдарович", accounts.CONSENT_VERSION, NOW,
    )  # fmt: skip
    assert roles(session, team)["Гилязов Ренат Ильдарович"] is TeamRole.MEMBER
    assert events(session)[-2:] == ["team.invited", "team.member_added"]
    assert letters(session)[-1] == (lead.email, "Гилязов Ренат Ильдарович теперь в команде «Камский кластер»")
    with pytest.raises(LinkUnusable):
        accept(session, key)
    assert [*false_members(session), *false_accounts(session), *unled(session)] == []


def test_who_has_an_account_accepts_only_while_signed_in_to_it(session, team, lead):
    person, other = make.user(session, password_hash="x"), make.user(session, password_hash="y")
    invite(session, team, lead, email=person.email)
    key = token(session)
    for actor in (ANONYMOUS, actor_of(session, other)):
        with pytest.raises(accounts.NotTheirs):
            accept(session, key, actor)
    accept(session, key, actor_of(session, person), hashed=None)
    assert roles(session, team)[person.name] is TeamRole.MEMBER
    assert person.password_hash == "x"


def test_the_letter_and_the_record_are_the_same_whether_or_not_the_address_has_an_account(session, team, lead):
    known = make.user(session, name="Гилязов Ренат", password_hash="x")
    for email in (known.email, "nobody@example.org"):
        invite(session, team, lead, email=email)
    first, second = session.execute(select(Letter.subject, Letter.body).order_by(Letter.id)).all()
    plain = [re.sub(r"team-invitations/\S+", "", body) for body in (first.body, second.body)]
    assert (first.subject, plain[0]) == (second.subject, plain[1])
    details = session.scalars(select(JournalRecord.details).where(JournalRecord.event == "team.invited")).all()
    assert details[0] == details[1]


def test_a_link_stops_working_when_it_is_replaced_revoked_or_old(session, team, lead):
    invitation = invite(session, team, lead)
    first = token(session)
    accounts.resend_invitation(session, team.id, invitation.id, by=by(session, lead), base_url=BASE)
    second = token(session)
    again = invite(session, team, lead)
    third = token(session)
    assert len({first, second, third}) == 3
    for dead in (first, second):
        with pytest.raises(LinkUnusable):
            accept(session, dead)
    with pytest.raises(LinkUnusable):
        accept(session, third, now=NOW + INVITATION_LASTS)
    accounts.revoke_invitation(session, team.id, again.id, by=by(session, lead))
    with pytest.raises(LinkUnusable):
        accept(session, third)
    assert open_invitations(session, team.id, now=NOW) == []
    with pytest.raises(RuleViolation):
        accounts.revoke_invitation(session, team.id, again.id, by=by(session, lead))


def test_members_and_waiting_invitations_are_bounded(session, team, lead):
    for _ in range(MOST_INVITATIONS):
        make.team_invitation(session, team)
    with pytest.raises(Refused):
        invite(session, team, lead)
    session.execute(TeamInvitation.__table__.delete())
    invite(session, team, lead)
    for _ in range(MOST_MEMBERS - 2):
        session.add(TeamMember(team_id=team.id, user_id=make.user(session).id, joined_at=NOW, role="member"))
    session.flush()
    with pytest.raises(RuleViolation):
        accept(session, token(session))


def test_only_the_lead_invites_the_head_of_the_organisation(session, team, lead, mate):
    with pytest.raises(NotLead):
        invite(session, team, mate, role=TeamRole.HEAD)
    invite(session, team, mate)
    invite(session, team, lead, email="head@example.org", role=TeamRole.HEAD)
    user = accept(session, token(session))
    assert (actor_of(session, user).heads, actor_of(session, user).leads) == ({team.id}, set())


def test_two_leads_who_remove_each_other_the_second_is_too_late(session, team, lead, mate):
    session.get(TeamMember, (team.id, mate.id)).role = "lead"
    one, other = by(session, lead), by(session, mate)
    accounts.remove_member(session, team.id, mate.id, by=one)
    with pytest.raises(NotLead):
        accounts.remove_member(session, team.id, lead.id, by=other)
    with pytest.raises(NoMember):
        accounts.remove_member(session, team.id, mate.id, by=one)
    assert roles(session, team) == {"Лидова Анна": TeamRole.LEAD}
    assert letters(session) == [(mate.email, "Вы больше не в команде «Камский кластер»")]


def test_removed_is_gone_from_roles_and_sections_at_once(session, team, lead, mate):
    contest = make.contest(session)
    application = make.application(session, contest, make.cluster(session, contest, team), status="draft")
    session.add(ApplicationMember(application_id=application.id, user_id=mate.id, role="lead", given_at=NOW))
    session.add(SectionWork(application_id=application.id, code="passport", assignee_id=mate.id))
    session.flush()
    accounts.remove_member(session, team.id, mate.id, by=by(session, lead))
    assert actor_of(session, mate).team_ids == frozenset()
    assert session.scalars(select(ApplicationMember)).all() == []
    assert session.scalars(select(SectionWork.assignee_id)).all() == [None]


def test_the_last_lead_hands_over_before_leaving(session, team, lead, mate):
    with pytest.raises(RuleViolation):
        accounts.leave_team(session, team.id, by=by(session, lead))
    accounts.hand_over_lead(session, team.id, mate.id, by=by(session, lead))
    assert roles(session, team) == {"Матвеев Иван": TeamRole.LEAD, "Лидова Анна": TeamRole.MEMBER}
    with pytest.raises(NotLead):
        accounts.hand_over_lead(session, team.id, mate.id, by=by(session, lead))
    accounts.leave_team(session, team.id, by=by(session, lead))
    assert roles(session, team) == {"Матвеев Иван": TeamRole.LEAD}
    assert letters(session) == [
        (mate.email, "Теперь вы руководите командой «Камский кластер»"),
        (mate.email, "Лидова Анна больше не в команде «Камский кластер»"),
    ]


def test_the_last_person_leaves_no_application_behind(session):
    alone = make.user(session)
    team = make.team(session, alone)
    contest = make.contest(session)
    application = make.application(session, contest, make.cluster(session, contest, team), status="draft")
    with pytest.raises(RuleViolation):
        accounts.leave_team(session, team.id, by=by(session, alone))
    application.status = "withdrawn"
    session.flush()
    accounts.leave_team(session, team.id, by=by(session, alone))
    assert members_of(session, team.id) == []


def waiting(session, team):
    return sorted(one.email for one in open_invitations(session, team.id, now=NOW))


def test_no_link_that_waits_leads_a_removed_person_back(session, team, lead, mate):
    for user, email in ((lead, "lead.knows@example.org"), (mate, "accomplice@example.org")):
        invite(session, team, user, email=email)
    make.team_invitation(session, team, email=mate.email)
    accounts.remove_member(session, team.id, mate.id, by=by(session, lead))
    assert waiting(session, team) == ["lead.knows@example.org"]


def test_who_comes_by_a_request_leaves_no_link_behind(session, team, lead):
    newcomer = make.user(session)
    make.team_invitation(session, team, email=newcomer.email)
    (request,) = ask_to_join(session, newcomer, team.name, by=by(session, newcomer), base_url=BASE)
    accounts.accept_request(session, team.id, request, by=by(session, lead), base_url=BASE)
    assert waiting(session, team) == []


def test_into_a_team_that_nobody_is_left_in_no_link_leads_but_one_to_lead_it(session, lead):
    alone = make.team(session, lead)
    invite(session, alone, lead)
    make.team_invitation(session, alone, email="next.lead@example.org", role="lead")
    accounts.leave_team(session, alone.id, by=by(session, lead))
    assert waiting(session, alone) == ["next.lead@example.org"]


def test_a_lead_whose_account_is_blocked_is_no_lead_to_leave_a_team_to(session, team, lead, mate):
    session.get(TeamMember, (team.id, mate.id)).role = "lead"
    mate.active = False
    with pytest.raises(RuleViolation):
        accounts.leave_team(session, team.id, by=by(session, lead))


def test_a_request_goes_to_every_team_of_the_name_in_any_spelling_and_one_acceptance_closes_all(session, team, lead):
    namesake = make.team(session, name="«КАМСКИЙ  кластер»")
    make.team(session, name="Камский кластер 2")
    newcomer = make.user(session, name="Новиков Олег")
    note_accounts(session, by=By(CONSOLE, NOW))
    first, second = ask_to_join(session, newcomer, "камский кластер", by=by(session, newcomer), base_url=BASE)
    assert [row.name for row in open_requests(session, namesake.id, now=NOW)] == ["Новиков Олег"]
    assert [one.open for one in requests_of(session, newcomer.id, now=NOW)] == [True]
    accounts.accept_request(session, team.id, first, by=by(session, lead), base_url=BASE)
    assert roles(session, team)["Новиков Олег"] is TeamRole.MEMBER
    other_lead = session.get(User, namesake.members[0].user_id)
    with pytest.raises(RuleViolation):
        accounts.accept_request(session, namesake.id, second, by=by(session, other_lead), base_url=BASE)
    assert letters(session)[-1] == (newcomer.email, "Вы в команде «Камский кластер»")
    assert [*false_members(session), *unled(session)] == []


def test_only_a_lead_answers_a_request_and_only_of_the_own_team(session, team, lead, mate):
    other = make.team(session)
    request = make.team_request(session, other)
    with pytest.raises(NotLead):
        accounts.refuse_request(session, team.id, request.id, by=by(session, mate), base_url=BASE)
    with pytest.raises(RuleViolation):
        accounts.accept_request(session, team.id, request.id, by=by(session, lead), base_url=BASE)
    assert request.outcome is None


def test_refused_one_makes_a_team_of_their_own(session, team, lead):
    person = make.user(session)
    note_accounts(session, by=By(CONSOLE, NOW))
    request = make.team_request(session, team, person)
    accounts.refuse_request(session, team.id, request.id, by=by(session, lead), base_url=BASE)
    own = accounts.create_team(session, "Своя команда", by=by(session, person))
    assert roles(session, own) == {person.name: TeamRole.LEAD}
    with pytest.raises(RuleViolation):
        accounts.create_team(session, "Ещё одна", by=by(session, person))
    assert events(session)[-2:] == ["team.request_ended", "team.created"]
    assert [*false_members(session), *unled(session)] == []


def test_an_administrator_gives_a_team_whose_person_is_gone_a_new_lead_and_its_people_are_told(
    session, team, lead, mate
):
    lead.active = False
    administrator = make.user(session, "administrator")
    wanted = accounts.Mate("new@example.org", "Новый Лидер", TeamRole.LEAD, " ")
    with pytest.raises(Refused):
        accounts.mend_team(session, team.id, wanted, by=by(session, administrator), base_url=BASE)
    wanted = accounts.Mate("new@example.org", "Новый Лидер", TeamRole.LEAD, "Руководитель уволился")
    accounts.mend_team(session, team.id, wanted, by=by(session, administrator), base_url=BASE)
    assert letters(session) == [
        ("new@example.org", "Приглашение в команду «Камский кластер»"),
        (mate.email, "Администратор приглашает в вашу команду «Камский кластер»"),
    ]
    details = session.scalars(select(JournalRecord.details).where(JournalRecord.event == "team.invited")).one()
    assert details == {"team": "Камский кластер", "team_role": "lead", "reason": "Руководитель уволился"}
    user = accept(session, token(session))
    assert actor_of(session, user).leads == {team.id}


def test_nobody_is_invited_into_a_team_of_a_trial(session, team):
    contest = make.contest(session, trial=True)
    make.cluster(session, contest, team)
    wanted = accounts.Mate("new@example.org", "Новый Лидер", TeamRole.LEAD, "Причина")
    with pytest.raises(RuleViolation):
        accounts.mend_team(session, team.id, wanted, by=By(CONSOLE, NOW), base_url=BASE)


def test_requests_end_by_themselves(session, team, lead):
    request = make.team_request(session, team)
    late = NOW + timedelta(days=31)
    assert open_requests(session, team.id, now=late) == []
    with pytest.raises(RuleViolation):
        accounts.accept_request(session, team.id, request.id, by=by(session, lead, late), base_url=BASE)


def test_a_team_that_nobody_leads_is_found(session, team, lead):
    session.get(TeamMember, (team.id, lead.id)).role = "member"
    session.flush()
    assert [(one.subject, one.id) for one in unled(session)] == [("team", team.id)]
