"""An invitation as an expert is accepted on one's own page like by the letter's link, or declined with a reason."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.domain.access import ANONYMOUS, CONSOLE, Actor, By
from judging.domain.distribution import PlanKind
from judging.domain.errors import Refused
from judging.models import Expert, JournalRecord, Letter, Link
from judging.queries.assignment import places
from judging.queries.invitations import open_to
from judging.services import accounts
from judging.services.assignment.plan_input import load_input
from tests import factories
from tests.factories import MOMENT

URL = "https://contest.example.org"
ADDRESS = "anna@example.org"


def invited(session: Session) -> tuple[Expert, Link]:
    contest = factories.contest(session)
    factories.user(session, "secretary", contest, email="secretary@example.org")
    card = factories.expert(session, contest, user=None, email=ADDRESS, name="Петрова Анна")
    return card, invite(session, card)


def invite(session: Session, card: Expert) -> Link:
    wanted = accounts.Invitation(email=ADDRESS, name=card.name, expert_id=card.id)
    return accounts.invite(session, wanted, by=By(CONSOLE, MOMENT), base_url=URL)


def token(session: Session) -> str:
    body = session.scalars(select(Letter.body).where(Letter.recipient == ADDRESS).order_by(Letter.id.desc())).first()
    return str(body).partition("/invitations/")[2].split()[0]


def decline(session: Session, reason: str = "overloaded", words: str = "") -> Expert:
    said = {"reason": reason, "words": words, "experts_url": URL}
    return accounts.decline_invitation(session, token(session), by=By(ANONYMOUS, MOMENT), **said)


def last_event(session: Session) -> tuple[str, object]:
    record = session.scalars(select(JournalRecord).order_by(JournalRecord.id.desc())).first()
    assert record is not None
    return record.event, record.state


def test_accepting_at_home_is_the_act_of_the_letter(session: Session) -> None:
    card, link = invited(session)
    person = factories.user(session, email=ADDRESS, password_hash="-")
    assert [item.link_id for item in open_to(session, person.id, MOMENT)] == [link.id]
    accounts.accept_own(session, link.id, by=By(Actor(person.id, person.name), MOMENT))
    assert (card.user_id, card.accepted_at, link.used_at) == (person.id, MOMENT, MOMENT)
    assert last_event(session) == ("invitation.accepted", {"expert": card.id, "link": link.id})
    assert open_to(session, person.id, MOMENT) == []


@pytest.mark.parametrize("values", [{"email": "other@example.org"}, {"email": ADDRESS, "email_confirmed_at": None}])
def test_nobody_answers_at_home_without_having_confirmed_the_address(session: Session, values: dict[str, str]) -> None:
    card, link = invited(session)
    person = factories.user(session, password_hash="-", **values)
    by = By(Actor(person.id, person.name), MOMENT)
    assert open_to(session, person.id, MOMENT) == []
    with pytest.raises(accounts.LinkUnusable):
        accounts.accept_own(session, link.id, by=by)
    with pytest.raises(accounts.LinkUnusable):
        accounts.decline_own(session, link.id, reason="away", words="", by=by, experts_url=URL)
    assert (card.user_id, card.declined_at, link.used_at) == (None, None, None)


def test_declining_uses_the_link_up_tells_the_secretaries_and_keeps_the_engine_away(session: Session) -> None:
    card, link = invited(session)
    decline(session, "other", "Связан с организатором")
    assert (card.declined_at, card.declined_reason, link.used_at) == (MOMENT, "other:Связан с организатором", MOMENT)
    assert last_event(session) == ("invitation.declined", {"expert": card.id, "link": link.id})
    letter = session.scalars(select(Letter).where(Letter.recipient == "secretary@example.org")).one()
    assert "Связан с организатором" in letter.body
    [load] = places.experts(session, card.contest_id)
    [seen] = load_input(session, card.contest, PlanKind.REGULAR).document["experts"]
    assert (load.room, seen["max_load"]) == (0, 0)
    with pytest.raises(accounts.LinkUnusable):
        decline(session)


def test_inviting_again_clears_the_refusal(session: Session) -> None:
    card, _link = invited(session)
    decline(session)
    invite(session, card)
    [load] = places.experts(session, card.contest_id)
    assert (card.declined_at, card.declined_reason, load.room) == (None, None, 10)


@pytest.mark.parametrize(("reason", "words", "place"), [("", "", "reason"), ("other", " ", "words")])
def test_a_reason_is_compulsory(session: Session, reason: str, words: str, place: str) -> None:
    card, link = invited(session)
    with pytest.raises(Refused) as refused:
        decline(session, reason, words)
    assert ([fault.path for fault in refused.value.faults], card.declined_at, link.used_at) == ([place], None, None)
