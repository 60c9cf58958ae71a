import re
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from judging.adapters.slow_work import Aside
from judging.domain.access import ANONYMOUS, CONSOLE, Actor, By, Role
from judging.domain.errors import Refused, RuleViolation
from judging.models import Grant, JournalRecord, Letter, Link, SignIn, Team, User
from judging.queries.sign_ins import Secret, secret_at, secret_behind, secret_of
from judging.services import accounts
from judging.services.accounts import password_hashing
from judging.services.accounts.password_hashing import is_outdated, prove
from judging.services.accounts.password_rules import check_password
from tests import factories as make

NOW = make.MOMENT
BASE = "https://contest.example.org"
PASSWORD = "вишня сад забор луна"
DAY = timedelta(days=1)
ASKED = (Secret(), PASSWORD)
QUICK = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)


@pytest.fixture(autouse=True)
def quick_hashing(monkeypatch):
    """The same algorithm with little work: these tests are about what is done with a hash."""
    monkeypatch.setattr(password_hashing, "_hasher", lambda: QUICK)


def events(session):
    return list(session.scalars(select(JournalRecord.event).order_by(JournalRecord.id)))


def letters(session):
    return [tuple(row) for row in session.execute(select(Letter.recipient, Letter.subject).order_by(Letter.id))]


def token_of(session, path):
    bodies = session.scalars(select(Letter.body).order_by(Letter.id.desc()))
    return next(found[1] for body in bodies if (found := re.search(rf"{BASE}/{path}/(\S+)", body)))


def register(session, **values):
    wanted = {"email": "Team@Example.org", "name": "Ахметов Рустам", "team": "Камский кластер", "password": PASSWORD}
    wanted |= values
    hashed = accounts.hash_password(wanted.pop("password"))
    asked = accounts.Registration(**wanted, hashed=hashed)
    accounts.register_team(session, asked, by=By(ANONYMOUS, NOW), base_url=BASE)


def confirm(session, token, password=PASSWORD, now=NOW):
    link = accounts.usable_link(session, "confirm", token, now=now)
    accounts.confirm_registration(session, token, proof=prove(secret_behind(link), password), by=By(ANONYMOUS, now))


def reset(session, token, password="новая фраза из слов"):
    accounts.reset_password(
        session, token, hashed=accounts.hash_password(password), by=By(ANONYMOUS, NOW), base_url=BASE
    )


def sign_in(session, email, password=PASSWORD):
    proof = prove(secret_at(session, email), password)
    return accounts.sign_in(
        session,
        accounts.SigningIn(email=email, proof=proof, lifetime=DAY, browser="Firefox"),
        by=By(ANONYMOUS, NOW, "10.0.0.1"),
    )


def person(session, **values):
    return make.user(session, **({"password_hash": accounts.hash_password(PASSWORD)} | values))


def faults(refused):
    return [(fault.path, str(fault).partition(": ")[2]) for fault in refused.value.faults]


class TestRegistration:
    def test_makes_account_and_team_when_the_address_is_confirmed(self, session):
        register(session)
        assert session.scalar(select(User)) is None
        assert letters(session) == [("team@example.org", "Подтвердите адрес электронной почты")]
        confirm(session, token_of(session, "confirm"), now=NOW + DAY)
        user = session.scalars(select(User)).one()
        assert (user.email, user.name, user.locale, user.consent_version, user.consent_at, user.email_confirmed_at) == (
            "team@example.org", "Ахметов Рустам", "ru", accounts.CONSENT_VERSION, NOW, NOW + DAY,
        )  # fmt: skip
        assert [(t.name, [m.user_id for m in t.members]) for t in session.scalars(select(Team))] == [
            ("Камский кластер", [user.id])
        ]
        assert events(session) == ["account.registered", "account.confirmed"]
        assert session.scalars(select(Link.payload)).one() == {}
        assert sign_in(session, "TEAM@example.org ") is not None

    def test_a_careless_press_on_a_strangers_registration_makes_no_account(self, session):
        register(session, password="a stranger's own key")
        with pytest.raises(Refused) as refused:
            confirm(session, token_of(session, "confirm"))
        assert faults(refused) == [("password", "This is not the password that was chosen at registration.")]
        assert session.scalar(select(User)) is None

    def test_tells_the_owner_of_a_known_address_at_most_once_an_hour(self, session):
        make.user(session, email="team@example.org")
        register(session)
        register(session)
        assert letters(session) == [("team@example.org", "У вас уже есть учётная запись")]
        assert session.scalar(select(Link)) is None

    def test_the_first_confirmed_of_two_registrations_wins(self, session):
        register(session)
        first = token_of(session, "confirm")
        register(session, team="Другая")
        confirm(session, token_of(session, "confirm"))
        with pytest.raises(accounts.LinkUnusable):
            confirm(session, first)
        assert list(session.scalars(select(Team.name))) == ["Другая"]

    @pytest.mark.parametrize(
        ("later", "text"), [(timedelta(days=2), "This link has expired."), (timedelta(), "already been used")]
    )
    def test_a_link_works_once_and_for_two_days(self, session, later, text):
        register(session)
        token = token_of(session, "confirm")
        if not later:
            confirm(session, token)
        with pytest.raises(accounts.LinkUnusable, match=text):
            confirm(session, token, now=NOW + later)

    @pytest.mark.parametrize("email", ["", "nobody", "a@b", "имя@пример", "a@example.org\nBcc: x@example.org"])
    def test_refuses_what_is_no_address(self, session, email):
        with pytest.raises(Refused) as refused:
            register(session, email=email)
        assert faults(refused) == [("email", "Enter an e-mail address, for example name@example.org")]


class TestPasswords:
    @pytest.mark.parametrize(
        ("password", "text"),
        [
            ("коротко", "The password must have at least 12 characters."),
            ("п" * 201, "The password must have at most 200 characters."),
            ("123456789012", "This password is too easy to guess. Choose another, for example several words in a row."),
            ("АБАБАБАБАБАБ", "This password is too easy to guess. Choose another, for example several words in a row."),
            ("мой Ахметов 2026", "The password must not contain your name or your e-mail address."),
            ("F[vtnjd cfl pf,jh", "The password must not contain your name or your e-mail address."),
            ("my rustam secret", "The password must not contain your name or your e-mail address."),
        ],
    )
    def test_refuses_the_weak_and_the_personal(self, password, text):
        with pytest.raises(Refused) as refused:
            check_password(password, email="rustam@example.org", name="Ахметов Р. И.")
        assert faults(refused) == [("password", text)]

    def test_needs_no_composition(self):
        assert check_password(PASSWORD, email="rustam@example.org", name="Ахметов Рустам") is None

    def test_hash_is_argon2id(self):
        stored = accounts.hash_password(PASSWORD)
        assert stored.startswith("$argon2id$")
        proofs = [prove(Secret(1, s), p) for s, p in ((stored, PASSWORD), (stored, "x"), (None, PASSWORD), ("?", "x"))]
        assert proofs == [accounts.Proof(1, stored, stored), None, None, None]
        assert not is_outdated(stored)

    def test_one_password_typed_on_two_keyboards_is_one(self):
        composed, decomposed = "Йогурт и ёлка 2026", "И\u0306огурт и е\u0308лка 2026"
        assert prove(Secret(1, accounts.hash_password(composed)), decomposed) is not None
        assert prove(Secret(1, accounts.hash_password(decomposed)), composed) is not None

    def test_a_hash_made_before_passwords_were_normalised_still_fits_and_is_made_anew(self):
        decomposed = "И\u0306огурт и е\u0308лка 2026"
        proof = prove(Secret(1, QUICK.hash(decomposed)), decomposed)
        assert proof.kept != proof.stored
        assert prove(Secret(1, proof.kept), "Йогурт и ёлка 2026").kept == proof.kept

    def test_nothing_is_cut_off(self):
        longest = "длинная фраза " * 14 + "конец."
        stored = accounts.hash_password(longest)
        assert check_password(longest[:200], email="a@example.org", name="") is None
        assert prove(Secret(1, stored), longest) is not None
        assert prove(Secret(1, stored), longest + "x") is None
        assert prove(Secret(1, stored), longest + "x" * 5000) is None

    def test_the_parameters_are_those_of_owasp(self, monkeypatch):
        monkeypatch.undo()
        assert accounts.hash_password("x").startswith("$argon2id$v=19$m=19456,t=2,p=1$")

    def test_hashing_has_its_turn_or_says_that_it_has_not(self, monkeypatch):
        monkeypatch.setattr(password_hashing, "_aside", Aside(1, places=1))
        refused = []

        def ask_meanwhile(_stored, _typed):
            with pytest.raises(accounts.Busy) as busy:
                prove(*ASKED)
            refused.append(str(busy.value))
            return False

        monkeypatch.setattr(password_hashing, "_fits", ask_meanwhile)
        assert prove(*ASKED) is None
        assert refused == ["Too many people are signing in at this moment. Try again in half a minute."]


class TestSignIn:
    def test_opens_a_session_and_keeps_only_the_hash_of_its_token(self, session):
        user = person(session)
        row, token = sign_in(session, user.email)
        assert (row.user_id, row.expires_at, row.address, row.browser) == (user.id, NOW + DAY, "10.0.0.1", "Firefox")
        assert token not in row.token_hash
        assert events(session) == ["session.signed_in"]

    @pytest.mark.parametrize("known", [True, False])
    def test_refuses_and_records_without_keeping_what_was_typed(self, session, known):
        user = person(session)
        assert sign_in(session, user.email if known else "typed secret", "неверно") is None
        record = session.scalars(select(JournalRecord)).one()
        assert (record.event, record.subject_label, record.address) == (
            "session.refused", user.email if known else "", "10.0.0.1",
        )  # fmt: skip

    def test_makes_an_outdated_hash_anew(self, session):
        user = person(session, password_hash=PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD))
        sign_in(session, user.email)
        assert not is_outdated(user.password_hash)
        assert sign_in(session, user.email) is not None

    def test_a_proof_of_a_password_changed_meanwhile_opens_nothing(self, session):
        user = person(session)
        proof = prove(secret_of(user), PASSWORD)
        user.password_hash = accounts.hash_password("новая фраза из слов")
        asked = accounts.SigningIn(user.email, proof, DAY, "")
        assert accounts.sign_in(session, asked, by=By(ANONYMOUS, NOW)) is None
        assert events(session) == ["session.refused"]

    def test_tells_a_blocked_person_only_with_the_right_password(self, session):
        user = person(session, active=False)
        assert sign_in(session, user.email, "неверно") is None
        with pytest.raises(accounts.AccountBlocked):
            sign_in(session, user.email)

    def test_an_account_without_a_password_cannot_sign_in(self, session):
        assert sign_in(session, person(session, password_hash=None).email) is None

    def test_sign_out_everywhere_ends_every_session(self, session):
        user = person(session)
        rows = [sign_in(session, user.email)[0] for _ in range(3)]
        accounts.sign_out(session, rows[0].id, by=By(ANONYMOUS, NOW))
        assert accounts.sign_out_everywhere(session, user, by=By(Actor(user.id, user.name), NOW)) == 2
        session.expire_all()
        assert [row.revoked_at for row in rows] == [NOW] * 3


class TestRecovery:
    def test_a_link_sets_a_password_once_and_ends_sessions(self, session):
        user = person(session)
        row, _token = sign_in(session, user.email)
        accounts.ask_reset(session, email=user.email.upper(), by=By(ANONYMOUS, NOW), base_url=BASE)
        token = token_of(session, "reset-password")
        reset(session, token)
        session.expire_all()
        assert row.revoked_at == NOW
        assert sign_in(session, user.email) is None
        assert sign_in(session, user.email, "новая фраза из слов") is not None
        assert [subject for _to, subject in letters(session)] == ["Новый пароль", "Ваш пароль изменён"]
        with pytest.raises(accounts.LinkUnusable, match="used"):
            reset(session, token)

    def test_a_link_lives_two_hours_and_a_new_one_replaces_it(self, session):
        user = person(session)
        for _ in range(2):
            accounts.ask_reset(session, email=user.email, by=By(ANONYMOUS, NOW), base_url=BASE)
        ends = list(session.scalars(select(Link.expires_at).order_by(Link.id)))
        assert ends == [NOW, NOW + timedelta(hours=2)]

    @pytest.mark.parametrize("way", ["change", "block", "other address"])
    def test_a_link_ends_with_what_it_was_asked_for(self, session, way):
        user = person(session)
        accounts.ask_reset(session, email=user.email, by=By(ANONYMOUS, NOW), base_url=BASE)
        token, actor = token_of(session, "reset-password"), Actor(user.id, user.name)
        if way == "change":
            accounts.change_password(
                session, user, proof=prove(secret_of(user), PASSWORD), hashed="x", keep_session=0, by=By(actor, NOW),
                base_url=BASE,
            )  # fmt: skip
        elif way == "block":
            accounts.block_account(session, user, by=By(CONSOLE, NOW))
            accounts.unblock_account(session, user, by=By(CONSOLE, NOW))
        else:
            user.email = "moved@example.org"
            session.flush()
        with pytest.raises(accounts.LinkUnusable):
            reset(session, token)

    @pytest.mark.parametrize("values", [{"email": "other@example.org"}, {"active": False}])
    def test_writes_nothing_to_the_unknown_and_the_blocked(self, session, values):
        person(session, **values)
        email = "asked@example.org" if "email" in values else session.scalars(select(User.email)).one()
        accounts.ask_reset(session, email=email, by=By(ANONYMOUS, NOW), base_url=BASE)
        assert (letters(session), events(session)) == ([], [])

    def test_changing_keeps_this_session_and_ends_the_others(self, session):
        user = person(session)
        kept, other = (sign_in(session, user.email)[0] for _ in range(2))
        change = {"keep_session": kept.id, "by": By(Actor(user.id, user.name), NOW), "base_url": BASE}
        hashed = accounts.hash_password("новая фраза из слов")
        with pytest.raises(Refused) as refused:
            accounts.change_password(session, user, proof=None, hashed=hashed, **change)
        assert faults(refused) == [("current", "This is not your present password.")]
        proof = prove(secret_of(user), PASSWORD)
        accounts.change_password(session, user, proof=proof, hashed=hashed, **change)
        session.expire_all()
        assert (kept.revoked_at, other.revoked_at) == (None, NOW)


class TestInvitations:
    def invite(self, session, **values):
        wanted = {"email": "Chair@Example.org", "name": "Председателев Пётр", "role": Role.CHAIR}
        return accounts.invite(session, accounts.Invitation(**(wanted | values)), by=By(CONSOLE, NOW), base_url=BASE)

    def accept(self, session, **values):
        wanted = {
            "hashed": accounts.hash_password(PASSWORD),
            "name": "Председателев Пётр Ильич",
            "by": By(ANONYMOUS, NOW),
        }
        return accounts.accept_invitation(session, token_of(session, "invitations"), **(wanted | values))

    def test_accepting_makes_the_account_with_the_role(self, session):
        contest = make.contest(session)
        self.invite(session, contest_id=contest.id)
        user = self.accept(session)
        assert (user.email, user.name, user.email_confirmed_at) == (
            "chair@example.org",
            "Председателев Пётр Ильич",
            NOW,
        )
        assert [(g.role, g.contest_id) for g in user.grants] == [("chair", contest.id)]
        assert events(session) == ["invitation.sent", "invitation.accepted"]

    def test_an_existing_account_keeps_its_password_and_name(self, session):
        user = person(session, email="chair@example.org", name="Старое Имя")
        before = user.password_hash
        self.invite(session)
        assert self.accept(session, hashed=None, name=None) is user
        assert (user.name, user.password_hash, [g.role for g in user.grants]) == ("Старое Имя", before, ["chair"])

    def test_an_expert_is_linked_to_the_card(self, session):
        card = make.expert(session, make.contest(session), user=None, email="chair@example.org")
        link = self.invite(session, role=None, expert_id=card.id)
        assert (card.invited_at, link.contest_id) == (NOW, card.contest_id)
        user = self.accept(session)
        session.expire_all()
        assert (card.user_id, card.accepted_at) == (user.id, NOW)

    def test_a_removed_card_makes_the_link_useless(self, session):
        card = make.expert(session, make.contest(session), user=None, email="chair@example.org")
        self.invite(session, role=None, expert_id=card.id)
        session.delete(card)
        session.flush()
        with pytest.raises(accounts.LinkUnusable):
            self.accept(session)

    def test_who_was_invited_by_a_mistaken_address_cannot_become_the_expert(self, session):
        card = make.expert(session, make.contest(session), user=None, email="chair@example.org")
        self.invite(session, role=None, expert_id=card.id)
        card.email = "corrected@example.org"
        session.flush()
        with pytest.raises(accounts.LinkUnusable):
            self.accept(session)
        assert (card.user_id, card.accepted_at) == (None, None)

    def test_a_second_invitation_replaces_the_first(self, session):
        self.invite(session)
        first = token_of(session, "invitations")
        self.invite(session)
        with pytest.raises(accounts.LinkUnusable, match="expired"):
            accounts.accept_invitation(session, first, hashed="x", name="Имя", by=By(ANONYMOUS, NOW))
        self.invite(session, role=Role.OBSERVER)
        assert session.scalars(select(Link).where(Link.expires_at > NOW)).all() != []

    def test_without_a_password_nothing_is_used_up(self, session):
        self.invite(session)
        with pytest.raises(Refused) as refused:
            self.accept(session, hashed=None)
        assert faults(refused) == [("password", "Enter a password")]
        session.rollback()

    def test_a_blocked_person_cannot_accept(self, session):
        person(session, email="chair@example.org", active=False)
        self.invite(session)
        with pytest.raises(RuleViolation, match="blocked"):
            self.accept(session)

    @pytest.mark.parametrize(
        ("role", "path"), [(Role.EXPERT, "role"), (None, "role"), (Role.ADMINISTRATOR, "contest_id")]
    )
    def test_refuses_what_is_no_staff_role_or_an_administrator_of_one_contest(self, session, role, path):
        contest = make.contest(session)
        with pytest.raises(Refused) as refused:
            self.invite(session, role=role, contest_id=contest.id)
        assert [fault.path for fault in refused.value.faults] == [path]


class TestPeople:
    def test_a_role_is_given_once_and_taken_away(self, session):
        user, contest = make.user(session), make.contest(session)
        grant = accounts.grant_role(
            session, user, accounts.RoleGrant(Role.SECRETARY, contest_id=contest.id), by=By(CONSOLE, NOW)
        )
        again = accounts.grant_role(
            session, user, accounts.RoleGrant(Role.SECRETARY, contest_id=contest.id), by=By(CONSOLE, NOW)
        )
        assert (grant.role, again) == ("secretary", None)
        accounts.grant_role(session, user, accounts.RoleGrant(Role.SECRETARY, contest_id=None), by=By(CONSOLE, NOW))
        accounts.revoke_role(session, grant, by=By(CONSOLE, NOW))
        assert [(g.role, g.contest_id) for g in session.scalars(select(Grant))] == [("secretary", None)]
        assert events(session) == ["role.granted", "role.granted", "role.revoked"]

    def test_the_last_administrator_stays(self, session):
        admin = make.user(session, "administrator")
        make.user(session, "administrator", active=False)
        with pytest.raises(accounts.LastAdministrator):
            accounts.revoke_role(session, admin.grants[0], by=By(CONSOLE, NOW))
        with pytest.raises(accounts.LastAdministrator):
            accounts.block_account(session, admin, by=By(CONSOLE, NOW))
        make.user(session, "administrator")
        accounts.revoke_role(session, admin.grants[0], by=By(CONSOLE, NOW))
        assert admin.grants == []

    def test_blocking_ends_sessions_and_is_undone(self, session):
        user = person(session)
        row, _token = sign_in(session, user.email)
        accounts.block_account(session, user, by=By(CONSOLE, NOW))
        accounts.block_account(session, user, by=By(CONSOLE, NOW))
        session.refresh(row)
        assert (user.active, row.revoked_at) == (False, NOW)
        accounts.unblock_account(session, user, by=By(CONSOLE, NOW))
        assert user.active is True
        assert events(session) == ["session.signed_in", "account.blocked", "account.unblocked"]

    def test_nobody_blocks_himself(self, session):
        user = make.user(session)
        with pytest.raises(RuleViolation, match="yourself"):
            accounts.block_account(session, user, by=By(Actor(user.id, user.name), NOW))

    def test_a_changed_profile_says_what_was_before(self, session):
        user = make.user(session, name="Было")
        actor = Actor(user.id, user.name)
        accounts.change_profile(session, user, name="Стало", locale="ru", by=By(actor, NOW))
        accounts.change_profile(session, user, name="Стало", locale="ru", by=By(actor, NOW))
        assert session.scalars(select(JournalRecord.details)).all() == [{"name": ["Было", "Стало"]}]

    def test_the_first_administrator_sets_the_password_by_a_link(self, session):
        link = accounts.create_administrator(
            session, email="Admin@Example.org", name="Админ", by=By(CONSOLE, NOW), base_url=BASE
        )
        reset(session, link.rpartition("/")[2], PASSWORD)
        user = sign_in(session, "admin@example.org")[0].user
        assert [(g.role, g.contest_id) for g in user.grants] == [("administrator", None)]
        assert session.scalar(select(SignIn.id)) is not None
