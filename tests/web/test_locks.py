"""What is locked stands grey on its page with the reason, what is not stays open, and what is forged stores nothing."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from lxml import html

from judging.models import Contest
from judging.queries.contest_settings import settings_of_contest
from judging.queries.contests import by_code
from tests import factories
from tests.conftest import Store
from tests.factories import MOMENT

DATABASES = ("sqlite",)
"""Pages and forms: their services are tried on both databases."""
SignIn = Callable[[int], FlaskClient]
FROZEN = "Конкурс объявлен: его правила больше не меняются."
PLACE = "/staff/contests/HERE"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MOMENT, tick=False) as traveller:
        yield traveller


def made(store: Store, status: str = "published", **values: Any) -> dict[str, int]:
    with store() as session:
        published = None if status == "draft" else MOMENT
        contest = factories.contest(session, code="HERE", status=status, published_at=published, **values)
        nomination = factories.nomination(session, contest)
        return {"criterion": contest.criteria[0].id, "nomination": nomination.id}


def controls(page: str) -> tuple[set[str], set[str], set[str]]:
    """The names of the controls that are locked and described by a reason, of those that are open, and the reasons."""
    main = html.fromstring(page).get_element_by_id("main")
    shut, loose, reasons = set(), set(), set()
    for control in main.xpath(
        ".//form//input | .//form//select | .//form//textarea | .//div//input | .//div//textarea"
    ):
        name = control.get("name")
        if not name or control.get("type") == "hidden":
            continue
        around = [control, *control.xpath("ancestor::fieldset[@disabled]")]
        if not any("disabled" in one.attrib for one in around):
            loose.add(name)
            continue
        shut.add(name)
        notes = " ".join(one.get("aria-describedby", "") for one in around).split()
        told = [main.xpath(f'.//*[@id="{note}"]')[0].text_content() for note in notes if note.startswith("locked-")]
        assert len(told) == 1, name
        reasons |= set(told)
    return shut, loose, reasons


def settings(store: Store) -> object:
    with store() as session:
        return settings_of_contest(session, by_code(session, "HERE"))


PAGES = ("rules/scoring", "rules/criteria/{criterion}", "rules/nominations/{nomination}")


@pytest.mark.parametrize("page", PAGES)
def test_frozen_rules_stand_grey_with_the_reason_and_a_forged_form_stores_nothing(
    secretary: FlaskClient, store: Store, page: str
) -> None:
    ids = made(store)
    path, before = f"{PLACE}/{page.format(**ids)}", settings(store)
    answer = secretary.get(path)
    shut, loose, reasons = controls(answer.text)
    assert (answer.status_code, bool(shut), loose, reasons) == (200, True, set(), {FROZEN})
    assert "Сохранить" not in answer.text
    forged = dict.fromkeys(shut, "7") | {"version": "1", "code": "E1", "title": "Иначе"}
    refused = secretary.post(path, data=forged)
    assert refused.status_code == 422
    assert settings(store) == before


@pytest.mark.parametrize("page", PAGES)
def test_in_a_draft_the_same_pages_are_open(secretary: FlaskClient, store: Store, page: str) -> None:
    ids = made(store, "draft")
    shut, loose, reasons = controls(secretary.get(f"{PLACE}/{page.format(**ids)}").text)
    assert (shut, bool(loose), reasons) == (set(), True, set())


def test_of_a_published_contest_the_words_and_the_money_are_locked_and_the_dates_move_with_a_reason(
    secretary: FlaskClient, store: Store
) -> None:
    made(store)
    path, before = f"{PLACE}/rules/general", settings(store)
    shut, loose, reasons = controls(secretary.get(path).text)
    dates = {"applications_open", "applications_close", "review_close", "reason"}
    assert (shut, loose, reasons) == ({"title", "summary", "budget"}, dates, {FROZEN})
    forged = secretary.post(path, data={"title": "Подмена", "version": "1", **_dates(store)})
    assert (forged.status_code, FROZEN in forged.text, settings(store)) == (422, True, before)


def _dates(store: Store) -> dict[str, str]:
    with store() as session:
        contest: Contest = by_code(session, "HERE")
        names = ("applications_open", "applications_close", "review_close")
        return {name: f"{getattr(contest, name):%Y-%m-%dT%H:%M}" for name in names}


def test_once_the_ranking_is_frozen_the_dates_are_locked_too_with_a_reason_of_their_own(
    secretary: FlaskClient, store: Store
) -> None:
    made(store, "ranking_frozen")
    shut, loose, reasons = controls(secretary.get(f"{PLACE}/rules/general").text)
    moving = "Сроки переносят, пока конкурс объявлен и рейтинг не зафиксирован."
    assert (loose, reasons) == (set(), {FROZEN, moving})
    assert shut >= {"title", "budget", "applications_close"}


@pytest.mark.parametrize(
    ("status", "milestone", "locked"),
    [("published", "meeting", False), ("cancelled", "meeting", True), ("ranking_frozen", "review_soft", True)],
)
def test_a_milestone_is_locked_as_its_gate_says(
    secretary: FlaskClient, store: Store, status: str, milestone: str, locked: bool
) -> None:
    made(store, status)
    path = f"{PLACE}/milestones/{milestone}"
    shut, loose, reasons = controls(secretary.get(path).text)
    assert (bool(shut), bool(loose), len(reasons)) == (locked, not locked, int(locked))
    if locked:
        answer = secretary.post(path, data={"way": "at", "at": "2026-06-01T10:00", "reason": "x", "version": "1"})
        assert answer.status_code == 422


@pytest.mark.parametrize(("status", "locked"), [("draft", True), ("published", False), ("approved", True)])
def test_the_rules_of_the_assignment_are_locked_as_their_gate_says(
    secretary: FlaskClient, store: Store, status: str, locked: bool
) -> None:
    made(store, status)
    path, before = f"{PLACE}/assignment/rules", settings(store)
    shut, loose, reasons = controls(secretary.get(path).text)
    assert (bool(shut), bool(loose), len(reasons)) == (locked, not locked, int(locked))
    if locked:
        assert secretary.post(path, data={"goal": "leximin", "seed": "7", "version": "0"}).status_code == 422
        assert settings(store) == before


FIELD = "form/fields/title"
WORDS = {"label", "label_en", "hint", "hint_en", "advised", "lines", "autocomplete", "half", "group", "group_en"}


@pytest.mark.parametrize(
    ("opened", "closes", "still_open", "reason"),
    [
        (5, 35, {"most", "required-mode", "format", "seen_by", "personal"}, None),
        (-5, 25, {"most", "required-mode", "format"}, "Приём заявок начался"),
        (-25, -5, set(), "Приём заявок законче"),
    ],
)
def test_of_the_form_what_can_change_depends_on_the_stage(
    secretary: FlaskClient, store: Store, opened: int, closes: int, still_open: set[str], reason: str | None
) -> None:
    made(
        store, applications_open=MOMENT + timedelta(days=opened), applications_close=MOMENT + timedelta(days=closes),
        review_close=MOMENT + timedelta(days=60),
    )  # fmt: skip
    page = secretary.get(f"{PLACE}/{FIELD}").text
    shut, loose, reasons = controls(page)
    named = {"most", "required-mode", "format", "seen_by", "personal"}
    assert loose & (WORDS | named) == WORDS | still_open
    assert shut & named == named - still_open
    assert [one[:20] for one in reasons] == ([] if reason is None else [reason[:20]])


def test_words_are_corrected_while_the_rest_is_locked_and_what_is_forged_is_refused(
    secretary: FlaskClient, store: Store
) -> None:
    made(
        store, applications_open=MOMENT - timedelta(days=25), applications_close=MOMENT - timedelta(days=5),
        review_close=MOMENT + timedelta(days=60),
    )  # fmt: skip
    path = f"{PLACE}/{FIELD}"
    form = html.fromstring(secretary.get(path).text).xpath('//form[.//textarea[@name="hint"]]')[0]
    shut = {one.get("name") for one in form.xpath(".//*[@disabled]")}
    sent = [(name, value) for name, value in form.form_values() if name not in shut or value]
    hidden = {one.get("name"): one.get("value") for one in form.xpath('.//input[@type="hidden"]')}
    typed = dict(sent) | hidden | {"hint": "Как в уставе", "confirmed": "1", "reason": "Опечатка"}
    answer = secretary.post(path, data=typed)
    assert answer.status_code == 303
    before = settings(store)
    with store() as session:
        version = str(by_code(session, "HERE").version)
    again = dict(typed) | {"most": "5", "version": version, "request_key": "another"}
    refused = secretary.post(path, data=again)
    assert (refused.status_code, settings(store)) == (422, before)


def test_the_rules_lead_to_the_locked_fields_for_whoever_edits_contests(secretary: FlaskClient, store: Store) -> None:
    ids = made(store)
    page = secretary.get(f"{PLACE}/rules").text
    found = set(re.findall(rf'href="{PLACE}/rules/([^"#]+)"', page))
    assert found >= {"general", "scoring", f"criteria/{ids['criterion']}", f"nominations/{ids['nomination']}"}
