from dataclasses import replace

import pytest

from judging.domain.access import (
    AFTER_AGREEMENT,
    AFTER_DECLARATION,
    AFTER_SUBMISSION,
    ANONYMOUS,
    CONSOLE,
    DESK,
    GRANTS,
    ONCE_PUBLIC,
    PUBLIC_PAGE,
    Actor,
    Forbidden,
    Permission,
    Role,
    Scope,
    awaits_agreement,
    may,
    may_approve,
    require,
    roles_at,
)
from judging.domain.teams import ApplicationRole

MATRIX = """
                     public signed_in team team_lead lead contributor head expert secretary chair observer administrator
sign_in                x        .      .       .      .        .       .     .        .       .      .           .
see_public             x        .      .       .      .        .       .     .        x       x      x           .
see_results            x        .      .       .      .        .       .     .        x       x      x           .
manage_own_account     .        x      .       .      .        .       .     .        .       .      .           .
manage_accounts        .        .      .       .      .        .       .     .        .       .      .           x
read_letters           .        .      .       .      .        .       .     .        .       .      .           x
see_journal            .        .      .       .      .        .       .     .        x       x      x           x
see_team               .        .      x       .      .        .       .     .        .       .      .           .
lead_team              .        .      .       x      .        .       .     .        .       .      .           .
edit_team              .        .      .       .      x        x       .     .        .       .      .           .
see_own_applications   .        .      x       .      .        .       .     .        .       .      .           .
create_application     .        .      .       .      x        x       .     .        .       .      .           .
see_application        .        .      x       .      .        .       .     x        x       x      x           .
see_whole_application  .        .      x       .      .        .       .     .        x       x      x           .
edit_application       .        .      .       .      x        x       .     .        .       .      .           .
submit_application     .        .      .       .      x        .       .     .        .       .      .           .
withdraw_application   .        .      .       .      x        .       .     .        x       .      .           .
give_application_roles .        .      .       .      x        .       .     .        .       .      .           .
certify_application    .        .      .       .      .        .       x     .        .       .      .           .
see_own_application    .        .      x       .      .        .       .     .        .       .      .           .
see_documents          .        .      x       .      .        .       .     x        x       x      x           .
see_contests           .        .      .       .      .        .       .     .        x       x      x           .
create_contest         .        .      .       .      .        .       .     .        x       .      .           .
see_contest            .        .      .       .      .        .       .     .        x       x      x           .
edit_contest           .        .      .       .      .        .       .     .        x       .      .           .
publish_contest        .        .      .       .      .        .       .     .        x       .      .           .
cancel_contest         .        .      .       .      .        .       .     .        x       .      .           .
see_register           .        .      .       .      .        .       .     .        x       x      x           .
admit_application      .        .      .       .      .        .       .     .        x       .      .           .
see_experts            .        .      .       .      .        .       .     .        x       x      x           .
manage_experts         .        .      .       .      .        .       .     .        x       .      .           .
see_conflicts          .        .      .       .      .        .       .     .        x       x      x           .
manage_conflicts       .        .      .       .      .        .       .     .        x       .      .           .
see_assignment         .        .      .       .      .        .       .     .        x       x      x           .
assign                 .        .      .       .      .        .       .     .        x       .      .           .
see_monitor            .        .      .       .      .        .       .     .        x       x      x           .
see_queue              .        .      .       .      .        .       .     x        .       .      .           .
agree                  .        .      .       .      .        .       .     x        .       .      .           .
accept_task            .        .      .       .      .        .       .     x        .       .      .           .
declare_conflict       .        .      .       .      .        .       .     x        .       .      .           .
score                  .        .      .       .      .        .       .     x        .       .      .           .
finish_review          .        .      .       .      .        .       .     x        .       .      .           .
see_own_review         .        .      .       .      .        .       .     x        .       .      .           .
see_all_reviews        .        .      .       .      .        .       .     .        x       x      x           .
return_review          .        .      .       .      .        .       .     .        x       .      .           .
see_discussion         .        .      .       .      .        .       .     x        x       x      x           .
discuss                .        .      .       .      .        .       .     x        x       x      .           .
see_agreed_score       .        .      .       .      .        .       .     x        x       x      x           .
name_lead              .        .      .       .      .        .       .     .        x       x      .           .
agree_on_score         .        .      .       .      .        .       .     x        .       .      .           .
look_early             .        .      .       .      .        .       .     .        x       x      x           .
see_early_looks        .        .      .       .      .        .       .     .        .       x      x           .
see_ranking            .        .      .       .      .        .       .     .        x       x      x           .
calculate_firmness     .        .      .       .      .        .       .     .        x       x      x           .
export                 .        .      .       .      .        .       .     .        x       x      x           .
run_trial              .        .      .       .      .        .       .     .        x       .      .           .
decide_by_panel        .        .      .       .      .        .       .     .        x       x      .           .
freeze_ranking         .        .      .       .      .        .       .     .        x       .      .           .
approve_ranking        .        .      .       .      .        .       .     .        .       x      .           .
publish_results        .        .      .       .      .        .       .     .        .       x      .           .
"""


def read_matrix(text):
    head, *lines = text.strip("\n").splitlines()
    roles = [Role(name) for name in head.split()]
    rows = [line.split() for line in lines]
    return {
        Permission(name): frozenset(role for role, cell in zip(roles, cells, strict=True) if cell == "x")
        for name, *cells in rows
    }


def person(**facts):
    return Actor(user_id=7, name="Ivanova", **facts)


def staff(role, contest=1):
    return person(grants={contest: frozenset({role})})


def test_grants_are_the_matrix():
    assert read_matrix(MATRIX) == GRANTS


def test_every_permission_has_its_row():
    assert set(GRANTS) == set(Permission)


def test_visitor_sees_only_what_is_public():
    allowed = {permission for permission in Permission if may(ANONYMOUS, permission, PUBLIC_PAGE)}
    assert allowed == {Permission.SIGN_IN, Permission.SEE_PUBLIC, Permission.SEE_RESULTS}


@pytest.mark.parametrize("permission", sorted(ONCE_PUBLIC))
def test_visitor_does_not_see_what_is_not_published(permission):
    assert not may(ANONYMOUS, permission, Scope(contest_id=1))


def test_account_without_any_role_has_only_itself():
    allowed = {permission for permission in Permission if may(person(), permission, Scope(contest_id=1))}
    assert allowed == {Permission.SIGN_IN, Permission.MANAGE_OWN_ACCOUNT}


def test_team_role_holds_only_at_its_own_application():
    member = person(team_ids=frozenset({3}))
    own = {Role.PUBLIC, Role.SIGNED_IN, Role.TEAM, Role.CONTRIBUTOR}
    assert roles_at(member, Scope(contest_id=1, team_id=3)) == own
    assert roles_at(member, Scope(contest_id=1, team_id=4)) == {Role.PUBLIC, Role.SIGNED_IN}
    assert roles_at(member, Scope(contest_id=1)) == {Role.PUBLIC, Role.SIGNED_IN}


AT_OWN_APPLICATION = {
    ("lead", None): {Role.TEAM_LEAD, Role.LEAD},
    ("lead", ApplicationRole.READER): {Role.TEAM_LEAD, Role.LEAD},
    ("member", None): {Role.CONTRIBUTOR},
    ("member", ApplicationRole.LEAD): {Role.LEAD},
    ("member", ApplicationRole.CONTRIBUTOR): {Role.CONTRIBUTOR},
    ("member", ApplicationRole.READER): set(),
    ("head", None): {Role.HEAD},
    ("head", ApplicationRole.LEAD): {Role.HEAD},
}
"""What somebody is at an application of their team, by what they are in the team and what they were made there."""


def of_team(team_role):
    mine = frozenset({3})
    return person(
        team_ids=mine,
        leads=mine if team_role == "lead" else frozenset(),
        heads=mine if team_role == "head" else frozenset(),
    )


def test_what_somebody_is_at_an_application_follows_from_the_team_and_from_what_they_were_made_there():
    everybody = {Role.PUBLIC, Role.SIGNED_IN}
    for (team_role, given), roles in AT_OWN_APPLICATION.items():
        scope = Scope(contest_id=1, team_id=3, role=given)
        assert roles_at(of_team(team_role), scope) == everybody | {Role.TEAM} | roles
        assert roles_at(of_team(team_role), replace(scope, team_id=4)) == everybody


def test_whoever_certifies_never_submits():
    for (team_role, given), _ in AT_OWN_APPLICATION.items():
        scope = Scope(contest_id=1, team_id=3, role=given)
        acts = [Permission.SUBMIT_APPLICATION, Permission.CERTIFY_APPLICATION]
        assert sum(may(of_team(team_role), act, scope) for act in acts) < 2


def test_expert_role_holds_only_at_its_own_review_without_conflict():
    expert = person(expert_ids=frozenset({5}))
    assert Role.EXPERT in roles_at(expert, Scope(contest_id=1, expert_id=5))
    assert Role.EXPERT not in roles_at(expert, Scope(contest_id=1, expert_id=6))
    assert Role.EXPERT not in roles_at(expert, Scope(contest_id=1, expert_id=5, in_conflict=True, declared=True))


@pytest.mark.parametrize("permission", sorted(AFTER_DECLARATION))
def test_expert_reads_and_scores_only_after_the_declaration(permission):
    expert = person(expert_ids=frozenset({5}))
    assert not may(expert, permission, Scope(contest_id=1, expert_id=5))
    assert may(expert, permission, Scope(contest_id=1, expert_id=5, declared=True, submitted=True))
    after = may(expert, permission, Scope(contest_id=1, expert_id=5, declared=True))
    assert after == (permission not in AFTER_SUBMISSION)


@pytest.mark.parametrize("permission", sorted(AFTER_AGREEMENT))
def test_expert_goes_on_only_after_accepting_what_is_in_force(permission):
    expert = person(expert_ids=frozenset({5}))
    asked = Scope(contest_id=1, expert_id=5, declared=True, submitted=True, agreed=False)
    assert (may(expert, permission, asked), awaits_agreement(expert, permission, asked)) == (False, True)
    agreed = Scope(contest_id=1, expert_id=5, declared=True, submitted=True)
    assert (may(expert, permission, agreed), awaits_agreement(expert, permission, agreed)) == (True, False)


@pytest.mark.parametrize("permission", [Permission.FINISH_REVIEW, Permission.DECLARE_CONFLICT, Permission.AGREE])
def test_expert_who_has_something_to_accept_keeps_the_sheet_steps_back_and_accepts(permission):
    asked = Scope(contest_id=1, expert_id=5, declared=True, agreed=False)
    assert may(person(expert_ids=frozenset({5})), permission, asked)


def test_whoever_would_be_refused_anyway_is_not_led_to_agreements():
    in_conflict = Scope(contest_id=1, expert_id=5, in_conflict=True, declared=True, agreed=False)
    assert not awaits_agreement(person(expert_ids=frozenset({5})), Permission.SEE_APPLICATION, in_conflict)
    assert not awaits_agreement(person(), Permission.SEE_APPLICATION, Scope(contest_id=1, expert_id=5, agreed=False))


def test_expert_may_declare_before_the_declaration():
    assert may(person(expert_ids=frozenset({5})), Permission.DECLARE_CONFLICT, Scope(contest_id=1, expert_id=5))


def test_staff_role_holds_in_its_contest_alone():
    secretary = staff(Role.SECRETARY)
    assert may(secretary, Permission.EDIT_CONTEST, Scope(contest_id=1))
    assert not may(secretary, Permission.EDIT_CONTEST, Scope(contest_id=2))
    assert not may(secretary, Permission.CREATE_CONTEST, Scope())


def test_role_for_all_contests_holds_in_each():
    secretary = staff(Role.SECRETARY, contest=None)
    assert may(secretary, Permission.EDIT_CONTEST, Scope(contest_id=2))
    assert may(secretary, Permission.CREATE_CONTEST, Scope())


def test_administrator_is_never_made_by_one_contest():
    assert Role.ADMINISTRATOR not in roles_at(staff(Role.ADMINISTRATOR, contest=1), Scope(contest_id=1))


def test_administrator_sees_no_application_mark_or_ranking():
    administrator = staff(Role.ADMINISTRATOR, contest=None)
    scope = Scope(contest_id=1, team_id=3, expert_id=5)
    allowed = {permission for permission in Permission if may(administrator, permission, scope)}
    assert allowed == {
        Permission.SIGN_IN,
        Permission.MANAGE_OWN_ACCOUNT,
        Permission.MANAGE_ACCOUNTS,
        Permission.READ_LETTERS,
        Permission.SEE_JOURNAL,
    }


def test_desk_opens_to_a_role_held_anywhere():
    everything = person(grants={4: frozenset({Role.CHAIR})}, team_ids=frozenset({3}), expert_ids=frozenset({5}))
    held = {Role.PUBLIC, Role.SIGNED_IN, Role.TEAM, Role.CONTRIBUTOR, Role.EXPERT, Role.CHAIR}
    assert roles_at(everything, DESK) == held
    assert roles_at(person(), DESK) == {Role.PUBLIC, Role.SIGNED_IN}


def test_desk_shows_no_expert_an_application():
    assert not may(person(expert_ids=frozenset({5})), Permission.SEE_DOCUMENTS, DESK)


def test_require_names_what_is_missing():
    with pytest.raises(Forbidden) as refusal:
        require(ANONYMOUS, Permission.SCORE, PUBLIC_PAGE)
    assert refusal.value.permission is Permission.SCORE
    assert str(refusal.value) == "You have no right to this page or action."


def test_require_lets_through_who_may():
    assert require(staff(Role.CHAIR), Permission.APPROVE_RANKING, Scope(contest_id=1)) is None


def test_nobody_approves_what_they_froze():
    chair = person(grants={1: frozenset({Role.SECRETARY, Role.CHAIR})})
    assert not may_approve(frozen_by=7, actor=chair)
    assert may_approve(frozen_by=8, actor=chair)
    assert may_approve(frozen_by=None, actor=chair)
    assert may_approve(frozen_by=None, actor=CONSOLE)
