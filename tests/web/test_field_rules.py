"""One set of rules for what is typed and what is loaded; what was not touched does not change."""

import io
import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import select

from judging.domain.fields.codes import RESERVED_CODES
from judging.exports import CATALOGUE
from judging.exports.firmness import FIGURES
from judging.models import Application, Contest, JournalRecord, Review
from tests import factories
from tests.factories import MOMENT
from tests.services.test_applications import whole_draft

GOLDEN = json.loads((Path(__file__).parents[1] / "data" / "golden-1.json").read_text("utf-8"))
DATES = ("applications_open", "applications_close", "review_close")


@pytest.fixture(autouse=True)
def moment():
    with time_machine.travel(MOMENT, tick=False):
        yield


@pytest.fixture
def secretary(store, sign_in):
    with store() as session:
        user_id = factories.user(session, "secretary", None).id
    return sign_in(user_id)


@pytest.fixture
def draft(store, sign_in):
    """A team's browser and the address of the passport of its whole draft."""
    with store() as session:
        application = whole_draft(session, factories.contest(session, code="PP41-2027"))
        person, ident = application.team.members[0].user_id, application.id
    return sign_in(person), f"/applications/{ident}/passport"


def hidden(client, path):
    page = client.get(path).text
    return dict(re.findall(r'<input[^>]*name="(version|fingerprint|request_key)"[^>]*value="([^"]*)"', page))


def shown(client, path, names):
    page = client.get(path).text
    return {name: re.search(rf'<input[^>]*name="{name}"[^>]*value="([^"]*)"', page)[1] for name in names}


def load(client, document, state="published"):
    data = {"archive": (io.BytesIO(json.dumps(document).encode()), "contest.json"), "state": state}
    return client.post("/staff/contests/from-archive", data=data, follow_redirects=True)


def archive(**contest):
    document = json.loads(json.dumps(GOLDEN))
    document["contest"] |= contest
    return document


def only_application(store):
    with store() as session:
        return session.scalars(select(Application)).one()


class TestCodes:
    def test_every_word_at_the_place_of_a_code_is_reserved(self, app):
        starts = [rule.rule.split("<code>")[0] for rule in app.url_map.iter_rules() if "<code>" in rule.rule]
        words = {
            rule.rule.removeprefix(start).split("/")[0]
            for rule in app.url_map.iter_rules()
            for start in starts
            if rule.rule.startswith(start) and not rule.rule.removeprefix(start).startswith("<")
        }
        assert words <= RESERVED_CODES

    @pytest.mark.parametrize("code", ["ПП41-А", "new", "New", "from-archive", ".", "..", "a b", "ab/c"])
    def test_form_and_archive_refuse_the_same_codes(self, secretary, store, code):
        typed = {
            "code": code, "title": "Конкурс", "applications_open": "2027-01-01T10:00",
            "applications_close": "2027-02-01T10:00", "review_close": "2027-03-01T10:00",
        }  # fmt: skip
        answers = [secretary.post("/staff/contests/new", data=typed), load(secretary, archive(code=code))]
        assert [answer.status_code for answer in answers] == [422, 422]
        assert "contest.code" in answers[1].text
        with store() as session:
            assert session.scalars(select(Contest.code)).all() == []

    def test_codes_that_differ_by_case_alone_are_one(self, secretary, store):
        assert load(secretary, archive(code="PP41-A")).status_code == 200
        again = load(secretary, archive(code="pp41-a"))
        assert (again.status_code, "PP41-A" in again.text) == (422, True)
        typed = {"code": "Pp41-a", "title": "К"} | dict.fromkeys(DATES, "2027-01-01T10:00")
        assert "Конкурс с кодом PP41-A уже есть" in secretary.post("/staff/contests/new", data=typed).text
        with store() as session:
            assert session.scalars(select(Contest.code)).all() == ["PP41-A"]

    def test_a_contest_with_an_old_russian_code_is_downloaded_whole(self, secretary, store):
        load(secretary, archive(code="OLD"))
        with store() as session:
            session.scalars(select(Contest)).one().code = "ПП41-А"
        base = "/staff/contests/ПП41-А"
        paths = [f"{base}/ranking/downloads/{key}" for key in CATALOGUE]
        answers = [secretary.post(path) for path in [*paths, *(f"{base}/firmness/downloads/{n}" for n in FIGURES)]]
        assert {answer.status_code for answer in answers} == {200}
        assert all("filename*=UTF-8''" in answer.headers["Content-Disposition"] for answer in answers)


class TestDates:
    @pytest.mark.parametrize("close", ["23:59:59", "23:59:59.999999", "18:00", "18:00:00.5"])
    def test_dates_that_were_not_touched_are_saved_as_they_are(self, secretary, store, close):
        zone = "+03:00"
        load(secretary, archive(
            code="SEC1", applications_close=f"2027-02-01T{close}{zone}", review_close=f"2027-03-01T{close}{zone}",
        ), "draft")  # fmt: skip
        path = "/staff/contests/SEC1/rules/general"
        with store() as session:
            contest = session.scalars(select(Contest)).one()
            before, title = {name: getattr(contest, name) for name in DATES}, contest.title
        data = (
            hidden(secretary, path) | shown(secretary, path, (*DATES, "budget")) | {"title": title, "summary": "Новое"}
        )
        assert secretary.post(path, data=data).status_code == 303
        with store() as session:
            contest = session.scalars(select(Contest)).one()
            changed = session.scalars(select(JournalRecord.details).order_by(JournalRecord.id.desc())).first()
            assert ({name: getattr(contest, name) for name in DATES}, list(changed)) == (before, ["summary"])

    def test_one_date_is_moved_while_another_keeps_its_seconds(self, secretary, store):
        load(secretary, archive(
            code="SEC2", applications_close="2027-02-01T23:59:59+03:00", review_close="2027-03-01T23:59:59.25+03:00",
        ))  # fmt: skip
        path = "/staff/contests/SEC2/schedule"
        with store() as session:
            before = session.scalars(select(Contest)).one().review_close
        data = hidden(secretary, path) | shown(secretary, path, DATES)
        data |= {"applications_close": "2027-02-08T23:59:59", "reason": "По просьбам участников"}
        assert secretary.post(path, data=data).status_code == 303
        with store() as session:
            contest = session.scalars(select(Contest)).one()
            assert contest.review_close == before
            assert contest.applications_close.isoformat() == "2027-02-08T20:59:59+00:00"

    def test_numbers_finer_than_the_form_takes_stay_where_they_were_not_touched(self, secretary, store):
        document = archive(code="FINE")
        document["contest"]["rules"]["divergence"]["total_share"] = "0.123456"
        load(secretary, document, "draft")
        path = "/staff/contests/FINE/rules/scoring"
        page = secretary.get(path).text
        rules = document["contest"]["rules"]
        data = hidden(secretary, path) | shown(
            secretary, path, ("experts_per_application", "total_share", "criterion_range", "pass_total", "rounding")
        )
        data |= {name: rules[name] for name in ("aggregate", "additional_review", "budget_mode")}
        data |= {f"tie_breakers-{n}-rule": rule for n, rule in enumerate(rules["tie_breakers"])}
        data |= {"max_winners": "7"}
        answer = secretary.post(path, data=data)
        assert (answer.status_code, "12,3456" in page) == (303, True)
        with store() as session:
            stored = session.scalars(select(Contest)).one().rules
        assert stored == rules | {"max_winners": 7, "cap_per_application": stored["cap_per_application"]}


class TestPassport:
    @pytest.mark.parametrize(
        ("typed", "stored"),
        [
            ("28,41", ["28.41"]),
            ("28.41, 25.62; 26", ["28.41", "25.62", "26"]),
            ("28,41; 25,62", ["28.41", "25.62"]),
            ("28, 41", ["28", "41"]),
        ],
    )
    def test_codes_of_activities_are_what_was_meant(self, draft, store, typed, stored):
        client, path = draft
        data = hidden(client, path) | {"topics": typed, "title": "Проект"}
        assert (client.post(path, data=data).status_code, only_application(store).topics) == (303, stored)

    @pytest.mark.parametrize(
        "typed",
        [
            "8 (495) 123-45-67 доб. 123", "(8512) 22-33-44 (доб. 5)", "8 495 123–45–67", "8(495)123‑45‑67",
            "+7 495 123-45-67, +7 916 000-00-00", "8 (495) 123-45-67/68", "+7.495.123.45.67",
            "8 (495) 123-45-67 доб. 1234, моб. 8 (916) 000-00-00 доб. 5678",
        ],
    )  # fmt: skip
    def test_telephones_are_kept_as_people_write_them(self, draft, store, typed):
        client, path = draft
        data = hidden(client, path) | {"contact_phone": typed}
        assert (client.post(path, data=data).status_code, only_application(store).contact_phone) == (303, typed)


class TestBarredTasks:
    @pytest.fixture
    def loaded(self, secretary, store):
        document = archive(code="BAR")
        review = document["reviews"][0]
        review |= {"state": "assigned", "submitted_at": None, "scores": {}, "comments": {}, "recommendation": None}
        pair = {name: review[name] for name in ("expert", "application")}
        document["conflicts"].append(pair | {"reason": "relative:Родственник"})
        return load(secretary, document), pair

    def test_an_unfinished_review_of_a_pair_in_conflict_is_closed_at_loading_and_told(self, loaded, store):
        answer, pair = loaded
        with store() as session:
            review = session.scalars(
                select(Review).join(Review.expert).join(Review.application)
                .where(Review.expert.property.mapper.class_.email == pair["expert"],
                       Application.number == pair["application"])
            ).one()  # fmt: skip
            record = session.scalars(select(JournalRecord).where(JournalRecord.event == "contest.loaded")).one()
            assert (review.status, review.reason) == ("recused", "relative:Родственник")
            assert record.details["closed_in_conflict"] == f"{pair['application']} / {pair['expert']}"
        assert "1 незавершённое заключение закрыто" in answer.text

    def test_an_older_open_task_of_a_pair_in_conflict_is_not_waited_for(self, secretary, store):
        with store() as session:
            contest = factories.contest(session, code="OLDBAR")
            application = factories.application(session, contest)
            expert = factories.expert(session, contest)
            factories.review(session, expert, application, "assigned")
            factories.conflict(session, expert, application)
        base = "/staff/contests/OLDBAR"
        assert "Напомнить: 1" not in secretary.get(f"{base}/progress").text
        with time_machine.travel(MOMENT + timedelta(days=1), tick=False):
            assert "Несданные заключения: 1" not in secretary.get(f"{base}/ranking").text


class TestDraftsInPart:
    WRONG = (
        ("topics", "станки"),
        ("contact_phone", "нет"),
        ("contact_email", "анна@завод.рф"),
        ("starts_on", "31.02.2027"),
        ("place", "я" * 301),
    )

    @pytest.mark.parametrize(("name", "typed"), WRONG)
    def test_one_bad_field_of_a_passport_costs_no_other(self, draft, store, name, typed):
        client, path = draft
        before = getattr(only_application(store), name)
        first = hidden(client, path) | {"goal": "Новая цель", "title": "Новое имя", name: typed}
        answer = client.post(path, data=first)
        application = only_application(store)
        assert (answer.status_code, application.goal, application.title) == (422, "Новая цель", "Новое имя")
        assert getattr(application, name) == before
        assert ("Сохранено всё, кроме" in answer.text, typed in answer.text) == (True, True)
        fields = dict(
            re.findall(r'<input[^>]*name="(version|fingerprint|request_key)"[^>]*value="([^"]*)"', answer.text)
        )
        again = client.post(path, data=first | fields | {name: ""})
        assert (again.status_code, bool(getattr(only_application(store), name))) == (303, False)

    def test_one_bad_sum_costs_no_other(self, draft, store):
        client, path = draft[0], draft[1].replace("passport", "finance")
        before = only_application(store).total_cost
        data = hidden(client, path) | {"total_cost": "12 50 000", "requested": "1 250 000 ₽"}
        answer = client.post(path, data=data)
        application = only_application(store)
        assert (answer.status_code, application.total_cost, application.requested) == (422, before, 125_000_000)
        assert ("12 50 000" in answer.text, "Цифры группируются по три" in answer.text) == (True, True)

    def test_one_bad_indicator_costs_no_other(self, draft, store):
        client, path = draft[0], draft[1].replace("passport", "indicators")
        before = only_application(store).indicators["payback_years"]
        data = hidden(client, path) | {"value-jobs": "1 200", "value-payback_years": "4,55"}
        assert client.post(path, data=data).status_code == 422
        stored = only_application(store).indicators
        assert (stored["jobs"], stored["payback_years"]) == ("1200", before)
