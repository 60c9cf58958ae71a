"""From a divergence to an agreed score in Chromium: confirmed, discussed with a mention, put down and submitted."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from judging.domain.access import CONSOLE, By
from judging.domain.jobs import JobKind
from judging.extensions import db
from judging.models import AgreedScore, DiscussionRules, Review
from judging.services import scoring
from tests import factories
from tests.browser import live_server
from tests.journeys.people import Person, Stage
from tests.working import work_next

pytestmark = pytest.mark.browser
EIGHTS = {one["code"]: "8" for one in factories.PRESET["criteria"] if one["kind"] == "expert"}


@pytest.fixture(scope="module")
def world(app: Flask) -> dict[str, int | str]:
    """Two reviews that diverge and a third expert who is proposed; experts discuss, and a score is agreed on."""
    now = datetime.now(UTC)
    with app.app_context():
        session = db.session
        contest = factories.contest(session, rules={**factories.PRESET["rules"], "agreed_score": "counts"})
        contest.applications_open, contest.applications_close, contest.review_close = (
            now.replace(year=now.year - 1), now, now.replace(year=now.year + 1),
        )  # fmt: skip
        session.add(DiscussionRules(contest_id=contest.id, circle="experts", edit_minutes=15, version=1))
        application = factories.application(session, contest, number="041")
        factories.user(session, "secretary", contest, email="staff@example.org", name="Соколова Елена")
        cards = {}
        for name in ("first", "second", "third"):
            person = factories.user(session, email=f"{name}@example.org", name=f"Эксперт-человек {name}")
            cards[name] = factories.expert(session, contest, person, name=person.name, email=person.email)
        factories.review(session, cards["first"], application, "submitted", mark=2)
        last = factories.review(
            session, cards["second"], application, "accepted", scores=EIGHTS, recommendation="support"
        )
        session.commit()
        scoring.submit_review(session, last, version=last.version, by=By(CONSOLE, now), base_url="https://example.org")
        session.commit()
        assert work_next(JobKind.ADDITIONAL)
        return {"code": contest.code, "application": application.id, "contest": contest.id}


@pytest.fixture
def stage(app: Flask, browser: Browser) -> Iterator[Stage]:
    with live_server(app) as base:
        stage = Stage(browser, base)
        yield stage
        stage.close()


def submit_additional(app: Flask) -> None:
    """The additional expert declares, judges and submits."""
    with app.app_context():
        review = db.session.scalars(select(Review).where(Review.additional)).one()
        assert review.status == "assigned"
        review.status, review.scores, review.recommendation = "submitted", dict.fromkeys(EIGHTS, "7"), "support"
        review.declared_at = review.submitted_at = datetime.now(UTC)
        db.session.commit()


def test_a_divergence_leads_to_a_discussion_and_an_agreed_score(
    app: Flask, stage: Stage, world: dict[str, int | str]
) -> None:
    code, key = world["code"], world["application"]
    staff = Person(stage, "Секретарь", "staff@example.org").comes_in(
        app, f"/staff/contests/{code}/progress/divergences"
    )
    staff.met("Расхождения")
    staff.page.get_by_role("link", name="Подтвердить дополнительного эксперта").click()
    staff.met("Расхождение по заявке № 041")
    staff.press("Назначить и уведомить")
    staff.told("Дополнительная экспертиза назначена")
    submit_additional(app)

    staff.open(f"/applications/{key}/discussion")
    staff.met("Обсуждение заявки № 041")
    staff.page.get_by_label("Также эксперты заявки").check()
    staff.page.locator("#text").fill("Просим пояснить оценку 2.")
    staff.page.get_by_role("button", name="@Эксперт-человек first").click()
    staff.press("Отправить сообщение")
    staff.told("Сообщение отправлено")

    expert = Person(stage, "Эксперт", "first@example.org", width=390).comes_in(app, "/reviews")
    expert.met("Мои заключения")
    expect(expert.page.locator("#discussions td[data-label='Новое']")).to_have_text("1")
    expert.page.locator("#discussions").get_by_role("link", name="№ 041").click()
    expert.met("Обсуждение заявки № 041")
    expect(expert.page.locator(".message__mention")).to_have_text(f"@Эксперт {_own_number(expert)}")
    expect(expert.page.locator("[data-read-mark]")).to_be_hidden()
    expert.page.locator("#text").fill("Смета не подтверждена, готов обсудить.")
    expert.press("Отправить сообщение")
    expert.told("Сообщение отправлено")

    staff.open(f"/applications/{key}/agreed-score")
    staff.met("Согласованная оценка заявки № 041")
    staff.page.get_by_label("Ведущий эксперт").select_option(index=0)
    staff.press("Назначить ведущего эксперта")
    staff.told("Ведущий эксперт назначен")
    with app.app_context():
        lead_email = db.session.scalars(select(AgreedScore)).one().expert.email

    lead = Person(stage, "Ведущий", lead_email).comes_in(app, "/reviews")
    lead.met("Мои заключения")
    lead.page.locator("#led").get_by_role("link", name="№ 041").click()
    lead.met("Согласованная оценка заявки № 041")
    for mark in EIGHTS:
        lead.page.locator(f"#mark-{mark}").fill("6")
    lead.page.locator("#rationale").fill("После обсуждения сошлись на 6: смета подтверждена письмами.")
    expect(lead.page.locator("[data-autosave-status]")).to_contain_text("Черновик сохранён")
    lead.press("Проверить и отправить…")
    lead.met("Проверьте согласованную оценку перед отправкой")
    lead.press("Отправить согласованную оценку")
    lead.told("Согласованная оценка отправлена")

    staff.open(f"/staff/contests/{code}/applications/{key}")
    expect(staff.page.locator("main")).to_contain_text("30,00")
    assert stage.faults == []


def _own_number(expert: Person) -> str:
    """The number of the reader's own label: the one that is not among those who may be mentioned."""
    others = expert.page.locator("[data-mention^='Эксперт ']").evaluate_all(
        "all => all.map(one => one.dataset.mention)"
    )
    (own,) = {"Эксперт 1", "Эксперт 2", "Эксперт 3"} - set(others)
    return own.removeprefix("Эксперт ")
