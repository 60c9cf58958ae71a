"""One set of rules for what is typed and what is loaded; what was not touched does not change."""

import io
import json
import re
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import ClassVar

import pytest
import time_machine
from sqlalchemy import select

from judging.domain.fields.codes import RESERVED_CODES
from judging.exports import CATALOGUE
from judging.exports.firmness import FIGURES
from judging.models import Application, Contest, Expert, JournalRecord, Review
from tests import factories
from tests.factories import MOMENT
from tests.services.test_applications import whole_draft

DATABASES = ("sqlite",)
"""Pages and forms: their services are tried on both databases, and test_never_500 asks both for every page."""

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


def whole_form(client, path):
    """What a browser would send of the page's form that nobody touched: inputs, texts and choices."""
    page = re.sub(r"<template.*?</template>", "", client.get(path).text, flags=re.DOTALL)
    page = page[page.index("<main") :]
    found = {}
    for tag in re.findall(r"<input[^>]*>", page):
        names = dict(re.findall(r'([a-z]+)="([^"]*)"', tag))
        if "name" in names and (names.get("type") not in ("radio", "checkbox") or " checked" in tag):
            found[names["name"]] = unescape(names.get("value", ""))
    for name, text in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>(.*?)</textarea>', page, re.DOTALL):
        found[name] = unescape(text).strip()
    for name, body in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'<option[^>]*selected[^>]*value="([^"]*)"|<option[^>]*value="([^"]*)"[^>]*selected', body)
        chosen = chosen or re.search(r'<option[^>]*value="([^"]*)"()', body)
        found[name] = unescape(chosen[1] or chosen[2])
    return found


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
            "тел./факс: 8 (495) 123-45-67", "8 (495) 123-45-67 доб. 123, 124", "8 (495) 123-45-67 (моб.)",
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
        ("topics", "28. 41, 25.62"),
        ("contact_phone", "нет"),
        ("contact_email", "анна@завод.рф"),
        ("starts_on", "31.02.2027"),
        ("place", "я" * 20_001),
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
        data = hidden(client, path) | {"jobs": "1 200", "payback_years": "долго"}
        assert client.post(path, data=data).status_code == 422
        stored = only_application(store).indicators
        assert (stored["jobs"], stored["payback_years"]) == ("1200", before)


class TestParticipantsInPart:
    LONG = "я" * 20_001

    @pytest.fixture
    def section(self, draft, store):
        """The browser, the address, the ИНН of three members; two are partners, in this order; and their rows."""
        client, path = draft[0], draft[1].replace("passport", "participants")
        with store() as session:
            members = [one.organisation.inn for one in session.scalars(select(Application)).one().cluster.members]
        rows = {"initiator": members[0]}
        for place, member in enumerate(members[1:3]):
            rows |= {f"partners-{place}-organisation": member, f"partners-{place}-role": "buyer"}
        assert client.post(path, data=hidden(client, path) | rows).status_code == 303
        keys = dict(re.findall(r'name="(partners-\d-_key)" value="(\w+)"', client.get(path).text))
        return client, path, members, rows | keys

    def partners(self, store):
        with store() as session:
            one = session.scalars(select(Application)).one()
            initiator = one.initiator and one.initiator.inn
            return initiator, [(row.organisation.inn, row.role, row.contribution) for row in one.partners]

    @pytest.mark.parametrize(
        ("wrong", "typed", "kept"),
        [
            ({"partners-0-contribution": LONG}, LONG, ""),
            ({"partners-0-role": "stranger"}, "", ""),
            ({"partners-0-organisation": "999999", "partners-0-contribution": "Литьё"}, "Литьё", "Литьё"),
        ],
    )
    def test_one_bad_cell_costs_neither_what_is_stored_of_it_nor_the_others(self, section, store, wrong, typed, kept):
        client, path, members, rows = section
        new = {"initiator": "", "partners-1-role": "supplier", "partners-1-contribution": "Отливки"} | wrong
        answer = client.post(path, data=hidden(client, path) | rows | new)
        assert (answer.status_code, "Сохранено всё, кроме" in answer.text, typed in answer.text) == (422, True, True)
        stored = [(members[1], "buyer", kept), (members[2], "supplier", "Отливки")]
        assert self.partners(store) == (None, stored)

    def test_a_row_without_its_organisation_is_kept_by_the_draft_and_is_no_partner_yet(self, section, store):
        client, path, members, rows = section
        new = {"partners-0-organisation": "", "partners-0-contribution": "Литьё", "stay": "1"}
        assert client.post(path, data=hidden(client, path) | rows | new).status_code == 303
        page = client.get(path).text.replace("\r", "")
        assert (">\nЛитьё</textarea>" in page, 'href="#partners-0-organisation"' in page) == (True, True)
        assert self.partners(store) == (members[0], [(members[2], "buyer", "")])

    def test_a_bad_new_row_waits_typed_until_it_is_right(self, section, store):
        client, path, members, rows = section
        new = {"partners-2-organisation": members[0], "partners-2-role": "buyer", "partners-0-role": ""}
        new |= {"partners-2-contribution": self.LONG}
        answer = client.post(path, data=hidden(client, path) | rows | new)
        stored = [(members[1], "", ""), (members[2], "buyer", ""), (members[0], "buyer", "")]
        assert (answer.status_code, self.LONG in answer.text, self.partners(store)) == (422, True, (members[0], stored))
        fields = dict(
            re.findall(r'<input[^>]*name="(version|fingerprint|request_key)"[^>]*value="([^"]*)"', answer.text)
        )
        again = client.post(path, data=rows | new | fields | {"partners-2-contribution": "Отливки"})
        stored[2] = (members[0], "buyer", "Отливки")
        assert (again.status_code, self.partners(store)) == (303, (members[0], stored))

    def test_a_bad_initiator_costs_no_row(self, section, store):
        client, path, members, rows = section
        new = {"initiator": "999999", "partners-1-contribution": "Отливки"}
        assert client.post(path, data=hidden(client, path) | rows | new).status_code == 422
        stored = [(members[1], "buyer", ""), (members[2], "buyer", "Отливки")]
        assert self.partners(store) == (members[0], stored)

    def test_more_rows_than_can_be_kept_are_shown_and_refused_and_change_nothing(self, section, store):
        client, path, members, rows = section
        before = self.partners(store)
        many = {f"partners-{n}-organisation": members[n % 3] for n in range(501)}
        last = {"partners-500-contribution": "Последняя"}
        answer = client.post(path, data=hidden(client, path) | rows | many | last)
        assert (answer.status_code, "не больше 500 строк" in answer.text, "Последняя" in answer.text) == (
            422,
            True,
            True,
        )
        assert self.partners(store) == before
        assert client.post(path, data=hidden(client, path) | rows | many | {"add": "partners"}).status_code == 200

    def test_more_rows_than_the_form_takes_are_kept_and_forbid_submission(self, section, store):
        client, path, members, rows = section
        many = {f"partners-{n}-organisation": members[n % 3] for n in range(101)}
        assert client.post(path, data=hidden(client, path) | rows | many | {"stay": "1"}).status_code == 303
        assert "Участники проекта, кроме инициатора: строк не больше 100" in client.get(path).text
        assert len(self.partners(store)[1]) == 101

    @pytest.mark.parametrize("index", ["²", "9" * 5000, "٣", "-1", "", "00001"])
    def test_a_row_with_a_strange_number_is_no_row(self, section, store, index):
        client, path, members, rows = section
        strange = {f"partners-{index}-organisation": members[0], f"partners-{index}-role": "buyer"}
        assert client.post(path, data=hidden(client, path) | rows | strange).status_code == 303
        assert self.partners(store) == (members[0], [(members[1], "buyer", ""), (members[2], "buyer", "")])


class TestBounds:
    """What the archive lets in at its bounds, every form that shows it saves unchanged."""

    TIES: ClassVar = ["requested", "submitted_at"] * 10
    BANDS: ClassVar = [{"from": None, "score": "0"}, *({"from": str(n), "score": "1"} for n in range(1, 30))]

    @pytest.fixture
    def bounded(self, secretary):
        """The secretary's browser; a draft is loaded whose every bounded field is at its bound."""
        document = archive(code="BOUND", title="Я" * 500, budget="9999999999999.99")
        document["contest"]["rules"] |= {
            "experts_per_application": 20, "max_winners": 10_000, "tie_breakers": self.TIES,
            "cap_per_application": "9999999999999.99", "pass_total": "1." + "0" * 29,
        }  # fmt: skip
        document["contest"]["criteria"][4] |= {
            "code": "C-5_" + "x" * 36, "title": "Я" * 500, "bands": self.BANDS, "weight": "7." + "0" * 29
        }  # fmt: skip
        document["organisations"][0]["name"] = "Я" * 500
        document["experts"][0] |= {
            "name": "Я" * 200, "max_load": 1000, "topics": [f"28.{number}" for number in range(10, 30)],
            "organisation": document["organisations"][0]["inn"],
        }  # fmt: skip
        answer = load(secretary, document, "draft")
        assert (answer.status_code, "BOUND" in answer.text) == (200, True)
        return secretary

    def state(self, store):
        """Everything that the forms show, as it is stored."""
        with store() as session:
            contest = session.scalars(select(Contest)).one()
            terms = {name: getattr(contest, name) for name in ("title", "budget", "rules", *DATES)}
            expert = session.scalars(select(Expert).order_by(Expert.id)).first()
            card = {name: getattr(expert, name) for name in ("name", "email", "topics", "max_load", "organisation_id")}
            return terms, [row.definition for row in contest.criteria], card

    def saved(self, client, path):
        return client.post(path, data=whole_form(client, path)).status_code

    @pytest.mark.parametrize("form", ["rules/general", "rules/scoring", "criterion", "expert"])
    def test_a_form_at_every_bound_is_saved_unchanged(self, bounded, store, form):
        with store() as session:
            criterion = session.scalars(select(Contest)).one().criteria[4].id
            expert = session.scalars(select(Expert.id).order_by(Expert.id)).first()
        form = {"criterion": f"rules/criteria/{criterion}", "expert": f"experts/{expert}"}.get(form, form)
        before = self.state(store)
        assert (self.saved(bounded, f"/staff/contests/BOUND/{form}"), self.state(store)) == (303, before)

    def test_beyond_the_bounds_nothing_is_loaded_and_every_place_is_told(self, secretary, store):
        document = archive(code="BEYOND", budget="10000000000000.00")
        document["experts"][0] |= {"max_load": 5000, "topics": [f"28.{number}" for number in range(10, 35)]}
        answer = load(secretary, document, "draft")
        places = ("contest.budget", "experts[0].max_load", "experts[0].topics")
        assert (answer.status_code, [place in answer.text for place in places]) == (422, [True] * 3)
        with store() as session:
            assert session.scalars(select(Contest.code)).all() == []

    @pytest.mark.parametrize("form", ["general", "scoring"])
    def test_a_sum_stored_before_there_was_a_bound_stays_where_it_was_not_touched(self, bounded, store, form):
        with store() as session:
            contest = session.scalars(select(Contest)).one()
            contest.budget = 10**16
            contest.rules = contest.rules | {"cap_per_application": "100000000000000.00"}
        before, path = self.state(store), f"/staff/contests/BOUND/rules/{form}"
        assert (self.saved(bounded, path), self.state(store)) == (303, before)
        name = {"general": "budget", "scoring": "cap_per_application"}[form]
        data = whole_form(bounded, path) | {name: "100 000 000 000 001"}
        assert (bounded.post(path, data=data).status_code, self.state(store)) == (422, before)


class TestCriteria:
    FINE: ClassVar = {
        "C1": {"weight": "10.123456", "zero_at": "50.000001", "full_at": "80.123456"},
        "C5": {"bands": [{"from": None, "score": "0"}, {"from": "10.123456", "score": "3.123"},
                         {"from": "25.5", "score": "6"}, {"from": "50.123457", "score": "10"}]},
        "E1": {"weight": "10.123456", "scale": {"min": "0", "max": "9.375", "step": "0.375"}, "pass": "3.375",
               "comment_required": {"at_most": "2.625", "at_least": "9.375"}},
    }  # fmt: skip

    @pytest.fixture
    def pages(self, secretary, store):
        """The address of each criterion's form by its code."""
        document = archive(code="FINE")
        for criterion in document["contest"]["criteria"]:
            criterion |= self.FINE.get(criterion["code"], {})
        document["applications"], document["reviews"], document["conflicts"] = [], [], []
        assert load(secretary, document, "draft").status_code == 200
        with store() as session:
            rows = session.scalars(select(Contest)).one().criteria
            return {row.code: f"/staff/contests/FINE/rules/criteria/{row.id}" for row in rows}

    def definition(self, store, code):
        with store() as session:
            return next(row.definition for row in session.scalars(select(Contest)).one().criteria if row.code == code)

    @pytest.mark.parametrize("code", FINE)
    def test_numbers_finer_than_the_form_takes_stay_where_they_were_not_touched(self, secretary, store, pages, code):
        before, data = self.definition(store, code), whole_form(secretary, pages[code])
        answer = secretary.post(pages[code], data=data | {"title": "Новое название"})
        assert (answer.status_code, self.definition(store, code)) == (303, before | {"title": "Новое название"})

    def test_a_fine_number_is_known_in_the_row_that_it_has_moved_to(self, secretary, store, pages):
        before, data = self.definition(store, "C5"), whole_form(secretary, pages["C5"])
        moved = {name: text for name, text in data.items() if not name.startswith(("bands-1-", "bands-3-"))}
        moved |= {name.replace("bands-3-", "bands-1-"): text for name, text in data.items() if "bands-3-" in name}
        moved |= {"bands-1-score": data["bands-1-score"], "bands-2-start": data["bands-3-start"]}
        moved["bands-1-start"] = data["bands-1-start"]
        answer = secretary.post(pages["C5"], data=moved)
        bands = [before["bands"][0], before["bands"][1], before["bands"][3] | {"score": "6"}]
        assert (answer.status_code, self.definition(store, "C5")["bands"]) == (303, bands)

    def test_a_fine_number_that_was_typed_is_refused(self, secretary, store, pages):
        before, data = self.definition(store, "C1"), whole_form(secretary, pages["C1"])
        answer = secretary.post(pages["C1"], data=data | {"weight": "10,654321"})
        assert (answer.status_code, self.definition(store, "C1")) == (422, before)
