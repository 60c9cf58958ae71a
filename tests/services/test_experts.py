"""Experts' cards: added, changed, removed and invited; a change of employer finds conflicts at once."""

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.domain.access import CONSOLE, By
from judging.domain.errors import Refused, RuleViolation
from judging.domain.gates import GateClosed
from judging.models import Conflict, Expert, JournalRecord, Letter, Link, Organisation
from judging.services.concurrency import Stale
from judging.services.conflicts import detect_all, lift_conflict
from judging.services.experts import Employer, ExpertData, add_expert, change_expert, invite_experts, remove_expert
from tests import factories
from tests.factories import MOMENT

ASIDE = By(CONSOLE, MOMENT)
CARD = ExpertData(email=" Anna@Example.org ", name="Белова  Анна", region="77", topics=("28.41",), max_load=5)


def events(session: Session) -> list[str]:
    return list(session.scalars(select(JournalRecord.event).order_by(JournalRecord.id)))


def test_a_card_is_stored_in_order_and_recorded(session: Session) -> None:
    contest = factories.contest(session)
    expert = add_expert(session, contest, CARD, by=ASIDE)
    session.flush()
    assert (expert.email, expert.name, expert.topics, expert.max_load, expert.version, expert.invited_at) == (
        "anna@example.org", "Белова Анна", ["28.41"], 5, 1, None,
    )  # fmt: skip
    assert events(session) == ["expert.added"]


def test_a_new_employer_is_stored_once_and_its_conflict_found(session: Session) -> None:
    contest = factories.contest(session)
    application = factories.application(session, contest, factories.cluster(session, contest, factories.team(session)))
    interested = application.initiator
    assert interested is not None
    employer = Employer(factories.inn(900), factories.ogrn(900), "АО «Работодатель»", "16")
    first = add_expert(session, contest, replace(CARD, employer=employer), by=ASIDE)
    second = add_expert(session, contest, replace(CARD, email="b@example.org", employer=employer), by=ASIDE)
    assert (first.organisation_id == second.organisation_id, second.organisation.name) == (True, "АО «Работодатель»")
    change_expert(session, second, replace(CARD, email="b@example.org", employer=interested.inn), version=1, by=ASIDE)
    found = session.scalars(select(Conflict)).all()
    assert [(c.expert_id, c.reason) for c in found] == [(second.id, f"employer_initiator:{interested.inn}")]
    assert events(session) == ["expert.added", "expert.added", "expert.changed", "conflict.found"]
    assert len(session.scalars(select(Organisation).where(Organisation.inn == employer.inn)).all()) == 1


def test_a_lifted_conflict_is_not_found_again(session: Session) -> None:
    contest = factories.contest(session)
    application = factories.application(session, contest)
    assert application.initiator is not None
    add_expert(session, contest, replace(CARD, employer=application.initiator.inn), by=ASIDE)
    lift_conflict(session, session.scalars(select(Conflict)).one(), reason="Однофамилец", by=ASIDE)
    assert detect_all(session, contest.id, by=ASIDE) == ()


def test_faults_are_named_at_their_fields(session: Session) -> None:
    contest = factories.contest(session)
    factories.expert(session, contest, user=None, email="anna@example.org")
    with pytest.raises(Refused) as refused:
        add_expert(session, contest, replace(CARD, topics=("28.41", "станки"), max_load=-1), by=ASIDE)
    assert [fault.path for fault in refused.value.faults] == ["email", "topics", "max_load"]


def test_an_expert_who_joined_keeps_the_address(session: Session) -> None:
    expert = factories.expert(session, factories.contest(session))
    with pytest.raises(Refused) as refused:
        change_expert(session, expert, CARD, version=1, by=ASIDE)
    assert [fault.path for fault in refused.value.faults] == ["email"]


def test_another_address_needs_another_invitation(session: Session) -> None:
    expert = factories.expert(session, factories.contest(session), user=None, invited_at=MOMENT)
    change_expert(session, expert, CARD, version=1, by=ASIDE)
    assert (expert.email, expert.invited_at) == ("anna@example.org", None)


def test_nothing_changed_is_nothing_recorded(session: Session) -> None:
    expert = add_expert(session, factories.contest(session), CARD, by=ASIDE)
    change_expert(session, expert, CARD, version=1, by=ASIDE)
    assert events(session) == ["expert.added"]


def test_a_stale_card_is_refused(session: Session) -> None:
    expert = factories.expert(session, factories.contest(session), user=None)
    with pytest.raises(Stale):
        change_expert(session, expert, CARD, version=9, by=ASIDE)


def test_an_expert_with_a_task_is_not_removed(session: Session) -> None:
    contest = factories.contest(session)
    expert = factories.expert(session, contest)
    factories.review(session, expert, factories.application(session, contest), status="recused")
    with pytest.raises(RuleViolation):
        remove_expert(session, expert, version=1, by=ASIDE)
    idle = factories.expert(session, contest)
    factories.conflict(session, idle, factories.application(session, contest))
    remove_expert(session, idle, version=1, by=ASIDE)
    assert session.scalars(select(Expert.id)).all() == [expert.id]
    assert session.scalars(select(Conflict)).all() == []


def test_invitations_go_to_those_who_have_not_joined(session: Session) -> None:
    contest = factories.contest(session)
    waiting, joined = factories.expert(session, contest, user=None), factories.expert(session, contest)
    invited = invite_experts(session, [waiting, joined], base_url="https://contest.example", by=ASIDE)
    session.flush()
    assert (invited.written, waiting.invited_at, joined.invited_at) == ([waiting], MOMENT, None)
    assert session.scalars(select(Letter.recipient)).all() == [waiting.email]
    assert session.scalars(select(Link)).one().payload["expert_id"] == waiting.id


def test_a_frozen_ranking_locks_the_experts(session: Session) -> None:
    expert = factories.expert(session, factories.contest(session, status="ranking_frozen"), user=None)
    with pytest.raises(GateClosed):
        add_expert(session, expert.contest, CARD, by=ASIDE)
    with pytest.raises(GateClosed):
        change_expert(session, expert, CARD, version=1, by=ASIDE)
    with pytest.raises(GateClosed):
        remove_expert(session, expert, version=1, by=ASIDE)
    with pytest.raises(GateClosed):
        detect_all(session, expert.contest_id, by=ASIDE)
