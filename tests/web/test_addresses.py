"""One address in two spellings is one person at every door: signing in, resetting, registering, being invited."""

import re
import unicodedata

import pytest
import time_machine
from argon2 import PasswordHasher
from sqlalchemy import select

from judging.models import Expert, Letter, User
from judging.services import accounts
from judging.services.accounts import password_hashing
from tests import factories as make

PASSWORD = "вишня сад забор луна"
QUICK = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
STORED = "user@мой-завод.рф"
WIRE = "user@" + "мой-завод.рф".encode("idna").decode()
"""As an <input type=email> sends it."""
SPELLINGS = [STORED, WIRE, WIRE.upper(), unicodedata.normalize("NFD", STORED), f" {STORED}\u200b"]


@pytest.fixture(autouse=True)
def settled(monkeypatch):
    monkeypatch.setattr(password_hashing, "_hasher", lambda: QUICK)
    with time_machine.travel(make.MOMENT, tick=False):
        yield


@pytest.fixture
def member(store):
    with store() as session:
        user = make.user(session, email=STORED, password_hash=accounts.hash_password(PASSWORD))
        make.team(session, user)
        return user.id


def last_link(store, path):
    with store() as session:
        body = session.scalars(select(Letter.body).order_by(Letter.id.desc())).first()
    return re.search(rf"/{path}/\S+", body)[0]


def recipients(store):
    with store() as session:
        return list(session.scalars(select(Letter.recipient).order_by(Letter.id)))


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_one_signs_in_with_any_spelling_of_the_address(client, member, spelling):
    answer = client.post("/sign-in", data={"email": spelling, "password": PASSWORD})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/applications")


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_forgotten_password_is_reset_by_any_spelling(client, store, member, spelling):
    client.post("/forgot-password", data={"email": spelling})
    assert recipients(store) == [STORED]


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_second_registration_in_another_spelling_is_told_to_the_owner(client, store, member, spelling):
    form = {"team": "Кластер", "name": "Ахметов", "email": spelling, "password": PASSWORD, "consent": "y"}
    assert client.post("/register", data=form).status_code == 303
    with store() as session:
        letter = session.scalars(select(Letter)).one()
    assert (letter.key.partition(":")[0], letter.recipient) == ("already-registered", STORED)


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_an_expert_invited_in_any_spelling_accepts(client, store, sign_in, spelling):
    with store() as session:
        contest = make.contest(session)
        card = make.expert(session, contest, user=None, email=spelling)
        code, card_id = contest.code, card.id
        secretary = make.user(session, "secretary", contest).id
    sign_in(secretary).post(f"/staff/contests/{code}/experts/{card_id}/invitation")
    assert recipients(store) == [STORED]
    answer = client.post(last_link(store, "invitations"), data={"name": "Иванов", "password": PASSWORD})
    with store() as session:
        user_id = session.scalars(select(User.id).where(User.email == STORED)).one()
        assert (answer.status_code, session.get_one(Expert, card_id).user_id) == (303, user_id)


def test_an_address_that_no_server_takes_is_named_beside_its_field(client, store):
    form = {"team": "Кластер", "name": "Ахметов", "email": "анна@завод.рф", "password": PASSWORD, "consent": "y"}
    answer = client.post("/register", data=form)
    assert (answer.status_code, recipients(store)) == (422, [])
    assert "почтовые серверы принимают перед @ только латинские буквы" in answer.text
    assert "анна@завод.рф" in answer.text


def test_two_old_accounts_of_one_address_are_each_found_by_its_own_spelling(client, store):
    with store() as session:
        make.user(session, email=STORED, password_hash=accounts.hash_password(PASSWORD))
        make.user(session, email=WIRE, password_hash=accounts.hash_password("другой пароль здесь"))
    found = [
        client.post("/sign-in", data={"email": email, "password": password}).status_code
        for email, password in ((STORED, PASSWORD), (WIRE, "другой пароль здесь"))
    ]
    assert found == [303, 303]


@pytest.fixture
def cards(store, sign_in):
    """A contest with an expert whom letters reach and two whom none does; the secretary's browser and the base."""
    with store() as session:
        contest = make.contest(session)
        for number, email in enumerate(("good@example.org", "анна@завод.рф", "vera@mail")):
            make.expert(session, contest, user=None, email=email, name=f"Эксперт {number}")
        base, secretary = f"/staff/contests/{contest.code}", make.user(session, "secretary", contest).id
        ids = ",".join(str(card.id) for card in session.scalars(select(Expert).order_by(Expert.search_text)))
    return sign_in(secretary), base, ids


def test_a_card_that_no_letter_reaches_stops_no_other_invitation_and_is_named(cards, store):
    client, base, ids = cards
    page = client.get(f"{base}/experts/invitations").text
    assert "До адресов этих карточек письма не доходят" in page
    assert "Отправить 1 приглашение" in page
    answer = client.post(f"{base}/experts/invitations", data={"chosen": ids}, follow_redirects=True)
    assert (answer.status_code, recipients(store)) == (200, ["good@example.org"])
    assert "До этих адресов письма не доходят, исправьте карточки: анна@завод.рф, vera@mail" in answer.text
    with store() as session:
        invited = list(session.scalars(select(Expert.email).where(Expert.invited_at.is_not(None))))
    assert invited == ["good@example.org"]


def test_the_secretary_is_not_told_that_a_letter_waits_which_never_goes(store, sign_in):
    with store() as session:
        contest = make.contest(session)
        application = make.application(session, contest)
        people = [make.expert(session, contest, email=email) for email in ("good@example.org", "анна@завод.рф")]
        for expert in people:
            make.review(session, expert, application, "assigned")
        base, secretary = f"/staff/contests/{contest.code}", make.user(session, "secretary", contest).id
    client = sign_in(secretary)
    page = client.get(f"{base}/progress/reminder").text
    assert "письма до адреса не доходят" in page
    marks = re.findall(r'name="expert" value="([^"]+)"', page)
    answer = client.post(f"{base}/progress/reminder", data={"expert": marks}, follow_redirects=True)
    assert "Письмо 1 эксперту поставлено в очередь на отправку." in answer.text
    assert recipients(store) == ["good@example.org"]
