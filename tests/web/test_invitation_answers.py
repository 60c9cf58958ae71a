"""Open invitations on the home page of an expert, and declining by the link of the letter without an account."""

import pytest
import time_machine
from sqlalchemy import select

from judging.models import Expert, Link
from judging.services.accounts.tokens import token_hash
from tests import factories
from tests.factories import MOMENT

pytestmark = pytest.mark.databases("sqlite")


@pytest.fixture
def invited(store):
    """The ids of a person who is an expert of another contest, of the link, of the card and of the secretary."""
    with time_machine.travel(MOMENT, tick=False), store() as session:
        person = factories.user(session, password_hash="-")
        factories.expert(session, factories.contest(session), person)
        contest = factories.contest(session, title="Новый конкурс")
        secretary = factories.user(session, "secretary", contest)
        card = factories.expert(session, contest, user=None, email=person.email, invited_at=MOMENT)
        link = Link(
            purpose="invite", token_hash=token_hash("word"), email=person.email, contest_id=contest.id,
            payload={"name": person.name, "inviter": "Секретарь", "expert_id": card.id}, created_at=MOMENT,
            expires_at=factories.MOMENT.replace(year=MOMENT.year + 1),
        )  # fmt: skip
        session.add(link)
        session.flush()
        ids = person.id, link.id, card.id, secretary.id, contest.code
    with time_machine.travel(MOMENT, tick=False):
        yield ids


def card_of(store, key):
    with store() as session:
        card = session.get_one(Expert, key)
        return card.user_id, card.declined_reason, session.scalars(select(Link.used_at)).one()


def test_home_shows_the_invitation_and_one_press_accepts_it(store, sign_in, invited):
    person, link, card, *_ = invited
    client = sign_in(person)
    page = client.get("/reviews").text
    assert all(words in page for words in ("Новый конкурс", "Принять", "Отказаться…"))
    answer = client.post(f"/account/invitations/{link}/acceptance")
    assert (answer.status_code, card_of(store, card)) == (303, (person, None, MOMENT))
    assert "own-invitations" not in client.get("/reviews").text


def test_home_declines_with_a_reason_that_staff_see(store, sign_in, invited):
    person, link, card, secretary, code = invited
    client, path = sign_in(person), f"/account/invitations/{link}/refusal"
    assert (client.get(path).status_code, client.post(path).status_code) == (200, 422)
    assert client.post(path, data={"reason": "overloaded"}).status_code == 303
    assert card_of(store, card) == (None, "overloaded", MOMENT)
    staff = sign_in(secretary)
    for page in (f"/staff/contests/{code}/experts?state=declined", f"/staff/contests/{code}/experts/{card}"):
        assert "Перегрузка: я не успею к сроку" in staff.get(page).text


def test_who_has_no_card_yet_answers_on_the_account_page_and_a_replayed_press_does_it_once(store, sign_in, invited):
    _person, link, card, *_ = invited
    with store() as session:
        newcomer = factories.user(session, password_hash="-")
        for row in (session.get_one(Expert, card), session.get_one(Link, link)):
            row.email = newcomer.email
        key = newcomer.id
    client, path = sign_in(key), f"/account/invitations/{link}/refusal"
    assert "Новый конкурс" in client.get("/account").text
    sent = {"reason": "away", "request_key": "a" * 32}
    for _ in range(2):
        answer = client.post(path, data=sent)
        assert (answer.status_code, answer.location) == (303, "/account")
    assert card_of(store, card) == (None, "away", MOMENT)
    assert "Новый конкурс" not in client.get("/account").text


def test_the_letter_declines_by_a_press_and_not_by_being_opened(store, client, invited):
    _person, _link, card, *_ = invited
    assert "/invitations/word/refusal" in client.get("/invitations/word").text
    assert client.get("/invitations/word/refusal").status_code == 200
    assert card_of(store, card) == (None, None, None)
    answer = client.post("/invitations/word/refusal", data={"reason": "other", "words": "Учредитель"})
    assert (answer.status_code, card_of(store, card)) == (303, (None, "other:Учредитель", MOMENT))
    assert client.post("/invitations/word/refusal", data={"reason": "away"}).status_code != 303


def test_a_stranger_finds_no_invitation_of_others(store, sign_in, invited):
    _person, link, card, secretary, _code = invited
    client = sign_in(secretary)
    assert client.get(f"/account/invitations/{link}/refusal").status_code == 404
    assert client.post(f"/account/invitations/{link}/acceptance").status_code == 404
    assert card_of(store, card) == (None, None, None)
