"""The secretary's pages of a contest: forms, refusals, conflicts of versions, replays, rights."""

import html
import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from judging.domain.rubric import KINDS
from judging.models import Contest, JournalRecord
from judging.queries import contests
from judging.web.contests.criterion_forms import FORMS
from tests import factories
from tests.conftest import Store
from tests.factories import MOMENT

SignIn = Callable[[int], FlaskClient]
GOLDEN = Path(__file__).resolve().parents[1] / "data" / "golden-1.json"
TERMS = {
    "title": "Конкурс 2026 года",
    "summary": "Кратко",
    "applications_open": "2026-04-01T10:00",
    "applications_close": "30.04.2026 18:00",
    "review_close": "2026-05-30T18:00",
    "budget": "300 000 000,50",
}


@pytest.fixture(autouse=True)
def moment() -> Any:
    with time_machine.travel(MOMENT, tick=False):
        yield


@pytest.fixture
def draft(store: Store) -> str:
    with store() as session:
        factories.contest(session, code="DRAFT", status="draft", published_at=None)
    return "/staff/contests/DRAFT"


def stored(store: Store, code: str = "DRAFT") -> Contest:
    with store() as session:
        contest = contests.by_code(session, code)
        session.expunge_all()
        return contest


def events(store: Store) -> list[str]:
    with store() as session:
        return list(session.scalars(select(JournalRecord.event).order_by(JournalRecord.id)))


def fields_of(page: str) -> dict[str, Any]:
    """What the page's form would send unchanged."""
    form = page[page.index('<form class="sheet') :]
    found: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", form[: form.index("</form>")]):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and 'type="checkbox"' in tag:
            found.setdefault(name[1], []).extend(
                [value[1]] if value and "checked" in tag.replace("checkbox", "") else []
            )
        elif name and ("radio" not in tag or "checked" in tag):
            found[name[1]] = value[1] if value else ""
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'<option selected value="([^"]*)"', options)
        found[name] = chosen[1] if chosen else ""
    for name, text in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>\r?\n?(.*?)</textarea>', form, re.S):
        found[name] = text
    texts = {name: html.unescape(value) for name, value in found.items() if isinstance(value, str)}
    return {name: value for name, value in (found | texts).items() if "__index__" not in name}


def test_a_contest_is_created_from_the_preset_once(secretary: FlaskClient, store: Store) -> None:
    data = TERMS | {"code": "PP41-2026", "request_key": "key-1"}
    for _ in range(2):
        answer = secretary.post("/staff/contests/new", data=data)
        assert (answer.status_code, answer.location) == (303, "/staff/contests/PP41-2026")
    contest = stored(store, "PP41-2026")
    assert (contest.status, contest.budget, contest.applications_close.isoformat()) == (
        "draft", 300_000_000_50, "2026-04-30T15:00:00+00:00",
    )  # fmt: skip
    assert events(store) == ["contest.created"]
    assert secretary.get(answer.location).status_code == 200


def test_a_refused_contest_keeps_what_was_typed(secretary: FlaskClient, store: Store) -> None:
    data = TERMS | {"code": "PP41", "review_close": "2026-04-02T10:00", "budget": "много"}
    answer = secretary.post("/staff/contests/new", data=data)
    assert answer.status_code == 422
    assert 'value="много"' in answer.text
    answer = secretary.post("/staff/contests/new", data=data | {"budget": ""})
    assert answer.status_code == 422
    assert 'id="review_close-error"' in answer.text
    assert 'value="Конкурс 2026 года"' in answer.text
    with store() as session:
        assert session.scalars(select(Contest)).all() == []


def test_only_who_is_secretary_everywhere_creates_contests(store: Store, sign_in: SignIn, client: FlaskClient) -> None:
    with store() as session:
        contest = factories.contest(session, code="PP41")
        people = [
            factories.user(session, "secretary", contest).id,
            factories.user(session, "chair").id,
            factories.user(session).id,
        ]
    answers = [sign_in(person).get("/staff/contests/new").status_code for person in people]
    assert answers == [403, 403, 403]
    assert client.get("/staff/contests/new").status_code == 302


def test_readers_look_but_do_not_change(store: Store, sign_in: SignIn) -> None:
    with store() as session:
        contest = factories.contest(session, code="PP41", status="draft", published_at=None)
        observer, other = factories.user(session, "observer", contest).id, factories.user(session).id
    reader = sign_in(observer)
    assert reader.get("/staff/contests/PP41/rules").status_code == 200
    assert "/rules/general" not in reader.get("/staff/contests/PP41/rules").text
    changes = ("rules/general", "rules/scoring", "rules/sheet", "publication", "cancellation", "schedule")
    assert [reader.post(f"/staff/contests/PP41/{path}").status_code for path in changes] == [403] * 6
    assert [sign_in(other).get(f"/staff/contests/PP41/{path}").status_code for path in changes] == [404] * 6


def test_every_form_saved_unchanged_changes_nothing(secretary: FlaskClient, draft: str, store: Store) -> None:
    before = stored(store)
    pages = ["rules/general", "rules/scoring", "rules/sheet", *(f"rules/criteria/{row.id}" for row in before.criteria)]
    for page in pages:
        answer = secretary.post(f"{draft}/{page}", data=fields_of(secretary.get(f"{draft}/{page}").text))
        assert (answer.status_code, stored(store).version) == (303, before.version), page
    after = stored(store)
    assert (after.rules, [row.definition for row in after.criteria], after.version) == (
        before.rules, [row.definition for row in before.criteria], before.version,
    )  # fmt: skip
    assert [(row.guidance, row.descriptors) for row in after.criteria] == [
        (row.guidance, row.descriptors) for row in before.criteria
    ]
    assert events(store) == []


def test_where_experts_look_is_ticked_and_what_the_form_does_not_ask_for_stays(
    secretary: FlaskClient, draft: str, store: Store
) -> None:
    row = next(one for one in stored(store).criteria if one.code == "E3")
    assert row.guidance["slots"] == ["financial_model", "schedule", "paper_schedule"]
    page = f"{draft}/rules/criteria/{row.id}"
    sent = fields_of(secretary.get(page).text) | {"sections": ["finance", "participants"], "slots": ["business_plan"]}
    assert secretary.post(page, data=sent | {"page": "0"}).status_code == 422
    assert secretary.post(page, data=sent | {"page": "7"}).status_code == 303
    after = next(one for one in stored(store).criteria if one.code == "E3").guidance
    assert {name: after.get(name) for name in ("text", "sections", "slots", "page")} == {
        "text": row.guidance["text"], "sections": ["finance", "participants"],
        "slots": ["paper_schedule", "business_plan"], "page": 7,
    }  # fmt: skip


def test_an_older_version_gets_both_versions_and_may_go_on(secretary: FlaskClient, draft: str, store: Store) -> None:
    old = fields_of(secretary.get(f"{draft}/rules/general").text)
    secretary.post(f"{draft}/rules/general", data=old | {"title": "Их название", "request_key": "k1"})
    answer = secretary.post(f"{draft}/rules/general", data=old | {"title": "Моё название", "request_key": "k2"})
    assert answer.status_code == 409
    assert "Моё название" in answer.text
    assert "Их название" in answer.text
    assert stored(store).title == "Их название"
    again = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', answer.text.split("<main")[1]))
    assert secretary.post(f"{draft}/rules/general", data=again).status_code == 303
    assert stored(store).title == "Моё название"


def test_faults_of_the_domain_stand_next_to_their_fields(secretary: FlaskClient, draft: str, store: Store) -> None:
    version = str(stored(store).version)
    expert = {
        "code": "E9", "title": "Новый", "weight": "-1", "scale_min": "0", "scale_max": "10", "scale_step": "3",
        "pass_mark": "11", "version": version,
    }  # fmt: skip
    page = secretary.post(f"{draft}/rules/criteria/new/expert", data=expert)
    assert page.status_code == 422
    assert [f'id="{name}-error"' in page.text for name in ("weight", "scale_step", "pass_mark", "code")] == [
        True, True, True, False,
    ]  # fmt: skip
    bands = {
        "code": "C9", "title": "Новый", "weight": "5", "indicator": "jobs", "version": version,
        "bands-0-start": "", "bands-0-score": "0", "bands-1-start": "5", "bands-1-score": "11",
        "bands-2-start": "5", "bands-2-score": "3",
    }  # fmt: skip
    page = secretary.post(f"{draft}/rules/criteria/new/bands", data=bands)
    assert page.status_code == 422
    assert [f'id="bands-{place}-error"' in page.text for place in ("1-score", "2-start", "0-start")] == [
        True, True, False,
    ]  # fmt: skip
    assert 'href="#bands-2-start"' in page.text
    assert len(stored(store).criteria) == 12


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_criterion_of_every_kind_is_added_and_removed(
    secretary: FlaskClient, draft: str, store: Store, kind: str
) -> None:
    own = {
        "expert": {"scale_min": "0", "scale_max": "4", "scale_step": "0,5"},
        "linear": {"indicator": "jobs", "zero_at": "0", "full_at": "10"},
        "relative": {"indicator": "jobs", "best": "min"},
        "bands": {"indicator": "jobs", "bands-0-start": "", "bands-0-score": "2,5"},
    }[kind]
    page = f"{draft}/rules/criteria/new/{kind}"
    assert secretary.get(page).status_code == 200
    data = {"code": "N1", "title": "Новый", "weight": "7,5", "version": str(stored(store).version)} | own
    assert secretary.post(page, data=data).status_code == 303
    contest = stored(store)
    added = contest.criteria[-1]
    assert (added.code, added.kind, added.definition["weight"]) == ("N1", kind, "7.5")
    assert "Сумма весов — 107,5, а не 100" in secretary.get(f"{draft}/rules").text
    removal = f"{draft}/rules/criteria/{added.id}/removal"
    assert secretary.post(removal, data={"version": str(contest.version)}).status_code == 303
    assert len(stored(store).criteria) == 12


def test_rows_are_added_and_removed_without_scripts(secretary: FlaskClient, draft: str, store: Store) -> None:
    data = fields_of(secretary.get(f"{draft}/rules/scoring").text)
    more = secretary.post(f"{draft}/rules/scoring", data=data | {"add": "tie_breakers"})
    assert (more.status_code, 'name="tie_breakers-3-rule"' in more.text) == (200, True)
    fewer = secretary.post(f"{draft}/rules/scoring", data=data | {"remove": "0"})
    assert secretary.post(f"{draft}/rules/scoring", data=fields_of(fewer.text)).status_code == 303
    assert stored(store).rules["tie_breakers"] == ["criterion:C3", "submitted_at"]


def test_a_criterion_moves_up(secretary: FlaskClient, draft: str, store: Store) -> None:
    contest = stored(store)
    path = f"{draft}/rules/criteria/{contest.criteria[1].id}/position"
    secretary.post(path, data={"version": str(contest.version), "direction": "up"})
    assert [row.code for row in stored(store).criteria][:2] == ["C2", "C1"]


def main_of(page: str) -> str:
    return page[page.index("<main") : page.index("</main>")]


def test_publication_says_what_freezes_and_locks_it(secretary: FlaskClient, draft: str, store: Store) -> None:
    page = secretary.get(f"{draft}/publication")
    assert "Что будет зафиксировано" in page.text
    data = {"version": str(stored(store).version), "request_key": "k"}
    for _ in range(2):
        assert secretary.post(f"{draft}/publication", data=data).location == draft
    assert (stored(store).status, events(store)) == ("published", ["contest.published"])
    rules = secretary.get(f"{draft}/rules")
    assert "Правила зафиксированы" in rules.text
    assert "Изменить" not in main_of(rules.text)


def test_what_stands_in_the_way_of_publication_is_named(secretary: FlaskClient, draft: str, store: Store) -> None:
    with store() as session:
        contests.by_code(session, "DRAFT").indicators = []
    version = str(stored(store).version)
    answer = secretary.post(f"{draft}/publication", data={"version": version})
    assert answer.status_code == 422
    assert "/staff/contests/DRAFT/rules/criteria/" in answer.text
    assert "Опубликовать и зафиксировать правила" not in answer.text
    assert stored(store).status == "draft"
    assert "Нужно исправить" in secretary.get(draft).text


def test_dates_of_a_published_contest_move_with_a_reason(secretary: FlaskClient, store: Store) -> None:
    with store() as session:
        factories.contest(session, code="PP41")
    path = "/staff/contests/PP41/schedule"
    data = fields_of(secretary.get(path).text) | {"applications_close": "2026-03-28T18:00"}
    for empty in ("reason", "applications_open", "review_close"):
        refused = secretary.post(path, data=data | {"reason": "Сбой связи", empty: " \u200b "})
        assert (refused.status_code, f'id="{empty}-error"' in refused.text) == (422, True)
    assert secretary.post(path, data=data | {"reason": "Сбой связи"}).status_code == 303
    assert stored(store, "PP41").applications_close.isoformat() == "2026-03-28T15:00:00+00:00"
    assert events(store) == ["contest.schedule_changed"]


def test_a_contest_is_cancelled_with_a_reason(secretary: FlaskClient, draft: str, store: Store) -> None:
    data = fields_of(secretary.get(f"{draft}/cancellation").text)
    assert secretary.post(f"{draft}/cancellation", data=data).status_code == 422
    assert secretary.post(f"{draft}/cancellation", data=data | {"reason": "Нет средств"}).status_code == 303
    assert (stored(store).status, stored(store).cancelled_reason) == ("cancelled", "Нет средств")


def test_an_archive_is_loaded_whole_or_its_faults_are_listed(secretary: FlaskClient, store: Store) -> None:
    path, text = "/staff/contests/from-archive", GOLDEN.read_bytes()
    broken = text.replace(b'"requested": "', b'"requested": "x', 1)
    answer = secretary.post(path, data=_upload(broken), content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "applications[0].requested" in answer.text
    answer = secretary.post(path, data=_upload(text), content_type="multipart/form-data")
    assert answer.status_code == 303
    again = secretary.post(path, data=_upload(text), content_type="multipart/form-data")
    assert (again.status_code, 'id="archive-error"' in again.text) == (422, True)
    assert events(store) == ["contest.loaded"]


def test_the_board_shows_what_waits(secretary: FlaskClient, store: Store) -> None:
    with store() as session:
        contest = factories.contest(session, code="PP41")
        factories.application(session, contest, status="submitted")
    page = secretary.get("/staff/contests/PP41").text
    assert "1 заявка ждёт решения о допуске" in page
    assert "/staff/contests/PP41/applications?status=submitted" in page


def test_the_list_has_an_empty_and_a_full_state(secretary: FlaskClient, store: Store) -> None:
    assert "Конкурсов пока нет" in secretary.get("/staff/contests").text
    with store() as session:
        factories.contest(session, title="Очень " * 60)
    assert "Очень Очень" in secretary.get("/staff/contests").text


def test_kinds_of_criteria_forms_and_macros_are_the_same(app: Any) -> None:
    with app.test_request_context():
        fields = app.jinja_env.get_template("contests/_kinds.html").make_module({"_": str}).FIELDS
    assert FORMS.keys() == KINDS.keys() == fields.keys()


def _upload(content: bytes) -> dict[str, Any]:
    return {"archive": (io.BytesIO(content), "contest.json"), "state": "draft"}


def test_what_waits_for_nobody_is_counted_nowhere(store: Store, sign_in: SignIn) -> None:
    """Of four applications one is rejected and one withdrawn: their tasks are no load, and wait for no one."""
    with store() as session:
        contest = factories.contest(session, code="WD-1")
        cluster = factories.cluster(session, contest)
        experts = [factories.expert(session, contest, max_load=10) for _ in range(3)]
        for status in ("admitted", "rejected", "withdrawn", "admitted"):
            application = factories.application(session, contest, cluster, status=status)
            for expert in experts:
                factories.review(session, expert, application, "assigned")
        secretary = factories.user(session, "secretary").id
    client = sign_in(secretary)

    def text(page: str) -> str:
        words = html.unescape(re.sub("<[^>]*>", " ", client.get(f"/staff/contests/WD-1{page}").text))
        return " ".join(words.split())

    assert "0 из 6 заключений сдано" in text("")
    assert "4 получено" in text("")
    assert "Поступило 4 заявки" in text("/applications")
    assert text("/experts").count("2 из 10") == text("/assignment?view=experts").count("2 из 10") == 3
