import re
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from judging.domain.access import ANONYMOUS, CONSOLE, Actor, By
from judging.domain.events import Event
from judging.domain.lifecycle import STATUS_LABELS, ApplicationStatus, Subject
from judging.models import Contest
from judging.services import audit
from judging.web.journal.sentences import LABELS, detail_lines, event_label
from judging.web.templating import translate
from tests import factories as make

NOW = make.MOMENT


@pytest.fixture
def world(store):
    """Two contests with a secretary each, an administrator, and five records."""
    with store() as session:
        first, second = make.contest(session, code="K-1"), make.contest(session, code="K-2")
        people = {
            "admin": make.user(session, "administrator", name="Админ").id,
            "first": make.user(session, "secretary", first, name="Пётр Первый").id,
            "second": make.user(session, "secretary", second, name="Вторая").id,
        }
        peter = Actor(people["first"], "Пётр Первый")
        add(session, Event.APPLICATION_ADMITTED, peter, first, "Заявка 1", {"title": ["Было", "Стало"]})
        add(session, Event.APPLICATION_REJECTED, Actor(people["second"], "Вторая"), second, "Заявка 2", {})
        add(session, Event.CONTEST_PUBLISHED, CONSOLE, first, "К-1", {}, NOW + timedelta(days=1))
        audit.record(session, Event.SIGN_IN_REFUSED, by=By(ANONYMOUS, NOW, "10.0.0.9"), subject=first)
        add(session, Event.DOCUMENT_ADDED, peter, first, "<b>файл</b>", {"filename": "а.pdf"}, NOW + timedelta(days=2))
        return people


def add(session, event, actor, contest, label, details, at=NOW):
    audit.record(session, event, by=By(actor, at), subject=contest, label=label, contest_id=contest.id, details=details)


def found(browser, path):
    return re.findall(r'<th scope="row"[^>]*>(.*?)<', browser.get(path).text)


def test_the_administrator_sees_everything_newest_first(world, sign_in):
    browser = sign_in(world["admin"])
    labels = [
        "Добавлен документ", "Отказ во входе: неверный адрес или пароль", "Конкурс опубликован, правила зафиксированы",
        "Заявка отклонена", "Заявка допущена",
    ]  # fmt: skip
    text = browser.get("/journal").text
    positions = [text.rindex(label) for label in labels]
    assert positions == sorted(positions)
    assert "&lt;b&gt;файл&lt;/b&gt;" in text
    assert "<del>Было</del> → <ins>Стало</ins>" in text
    assert "10.0.0.9" in text


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 5), ("?event=application.admitted", 1), ("?event=nothing", 0), ("?person=петр", 2), ("?person=console", 1),
        ("?since=2026-03-16", 2), ("?until=2026-03-15", 3), ("?since=2026-03-16&until=2026-03-16", 1),
        ("?since=nonsense", 5),
        ("?since=0001-01-01", 5), ("?until=9999-12-31", 5), ("?since=16.03.2026", 2), ("?page=2", 5), ("?page=-1", 5),
    ],
)  # fmt: skip
def test_filters(world, sign_in, query, count):
    assert len(found(sign_in(world["admin"]), f"/journal{query}")) == count


def test_records_of_a_contest_that_is_gone_are_on_no_other_contests_page(world, sign_in, store):
    """A contest is deleted by hand only; the next one gets another number, and only the administrator reads on."""
    with store() as session:
        gone = session.scalars(select(Contest).where(Contest.code == "K-2")).one()
        number = gone.id
        session.execute(text("DELETE FROM contests WHERE id = :id"), {"id": number})
    with store() as session:
        third = make.contest(session, code="K-3")
        secretary = make.user(session, "secretary", third).id
        assert third.id > number
    assert found(sign_in(secretary), "/staff/contests/K-3/journal") == []
    assert len(found(sign_in(world["first"]), "/staff/contests/K-1/journal")) == 3
    assert len(found(sign_in(world["admin"]), "/journal")) == 5
    assert sign_in(world["second"]).get("/journal").status_code == 403


def test_staff_see_their_contest_only(world, sign_in, client):
    browser = sign_in(world["first"])
    text = browser.get("/staff/contests/K-1/journal").text
    assert [words in text for words in ("Заявка 1", "Заявка 2")] == [True, False]
    assert browser.get("/staff/contests/K-2/journal").status_code == 404
    assert browser.get("/journal").status_code == 403
    assert sign_in(world["admin"]).get("/staff/contests/K-2/journal").status_code == 200
    assert client.get("/journal").status_code == 302


def test_every_event_has_its_words():
    assert set(LABELS) == set(Event)


def test_a_status_is_worded_for_its_subject(app):
    with app.test_request_context():
        lines = detail_lines({"status": ["submitted", "admitted"]}, "application")
        words = [translate(STATUS_LABELS[Subject.APPLICATION][ApplicationStatus(s)]) for s in ("submitted", "admitted")]
        assert lines == [{"label": "Статус", "before": words[0], "after": words[1]}]


def test_details_are_before_and_after(app):
    with app.test_request_context():
        assert detail_lines(
            {"role": "chair", "name": ["Было", None], "locale": "ru", "odd": {"a": 1}, "flag": True}
        ) == [
            {"label": "Роль", "before": None, "after": translate("Chair")},
            {"label": "Имя", "before": "Было", "after": "–"},
            {"label": "Язык", "before": None, "after": "Русский"},
            {"label": "odd", "before": None, "after": '{"a": 1}'},
            {"label": "flag", "before": None, "after": "Да"},
        ]
        assert event_label("of.another.version") == "of.another.version"


def test_days_and_instants_are_as_a_person_reads_them(app):
    with app.test_request_context():
        dates = {"starts_on": ["2026-09-01", "2026-02-30"], "applications_close": "2026-12-20T15:00:00+00:00"}
        assert [(one["before"], one["after"]) for one in detail_lines(dates)] == [
            ("01.09.2026", "2026-02-30"), (None, "20.12.2026 18:00:00 МСК"),
        ]  # fmt: skip


def test_what_a_team_has_not_handed_in_is_in_no_reading_of_the_journal(store, sign_in):
    with store() as session:
        contest, team = make.contest(session, code="K-1"), make.team(session, make.user(session))
        cluster = make.cluster(session, contest, team)
        draft = make.application(session, contest, cluster, status="draft")
        for event, subject in ((Event.APPLICATION_CHANGED, draft), (Event.CLUSTER_CHANGED, cluster)):
            audit.record(
                session, event, by=By(CONSOLE, NOW), subject=subject, label="Тайный замысел",
                contest_id=contest.id, details={"title": ["Тайна", "Секрет"]},
            )  # fmt: skip
        secretary, administrator = make.user(session, "secretary").id, make.user(session, "administrator").id
    assert found(sign_in(secretary), "/staff/contests/K-1/journal") == []
    text = sign_in(administrator).get("/journal").text
    assert [words in text for words in ("Заявка изменена", "Тайный замысел", "Тайна", "Секрет")] == [
        True, False, False, False,
    ]  # fmt: skip
    with store() as session:
        make.application(
            session, session.get_one(type(contest), contest.id), session.get_one(type(cluster), cluster.id)
        )
    assert len(found(sign_in(secretary), "/staff/contests/K-1/journal")) == 1


def test_marks_of_a_sheet_that_is_not_handed_in_are_shown_to_nobody(store, sign_in):
    with store() as session:
        contest = make.contest(session, code="K-1")
        review = make.review(session, make.expert(session, contest), make.application(session, contest), "accepted")
        saved = {"marks": {"А1": [None, "7.31"]}, "recommendation": [None, "support"], "comments": {"А1": [0, 4]}}
        removed = {"reason": "Болен", "draft": {"scores": {"А1": "7.31"}}, "handed_in": [{"sheet": {"А1": "7.31"}}]}
        for event, details in ((Event.REVIEW_SAVED, saved), (Event.ASSIGNMENT_REMOVED, removed)):
            audit.record(session, event, by=By(CONSOLE, NOW), subject=review, contest_id=contest.id, details=details)
        secretary, administrator = make.user(session, "secretary").id, make.user(session, "administrator").id
    staff = sign_in(secretary).get("/staff/contests/K-1/journal").text
    assert [words in staff for words in ("7.31", "support", "Болен")] == [False, False, True]
    for address in ("/journal", "/staff/contests/K-1/journal"):
        text = sign_in(administrator).get(address).text
        assert [words in text for words in ("7.31", "support", "Болен")] == [False, False, False]
