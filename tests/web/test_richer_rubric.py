"""The editors of what a criterion and a score sheet ask, the words of it, and what the explanation of a total tells."""

import re
from collections.abc import Iterator

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.domain.access import CONSOLE, By
from judging.models import AgreedScore, Application, Contest, JournalRecord, Review
from judging.queries.contests import by_code, sheet_of
from judging.services.contest_settings import ContestCopy, copy_contest
from tests import factories
from tests.conftest import Prepared, Store
from tests.factories import MOMENT
from tests.web.test_contests import fields_of
from tests.web.test_panel import SignIn
from tests.web.test_ranking import World, populate

RULES = "/staff/contests/DRAFT/rules"
DATABASES = ("sqlite",)


@pytest.fixture(autouse=True)
def moment() -> Iterator[None]:
    with time_machine.travel(MOMENT, tick=False):
        yield


@pytest.fixture
def first(store: Store) -> int:
    """The id of the criterion E1 of a draft contest."""
    with store() as session:
        contest = factories.contest(session, code="DRAFT", status="draft", published_at=None)
        return next(row.id for row in contest.criteria if row.code == "E1")


def definition(store: Store, code: str = "E1") -> dict[str, object]:
    with store() as session:
        return next(row.definition for row in by_code(session, "DRAFT").criteria if row.code == code)


def test_a_check_has_the_scale_of_its_answers_and_no_levels(secretary: FlaskClient, first: int, store: Store) -> None:
    page = f"{RULES}/criteria/{first}"
    data = fields_of(secretary.get(page).text) | {
        "answers": "yes_no", "pass_mark": "1", "below_pass": "panel", "may_abstain": "y", "comment_every": "y",
        "comment_shortest": "40", "comment_at_least": "", "comment_at_most": "",
    }  # fmt: skip
    assert secretary.post(page, data=data).status_code == 303
    kept = definition(store)
    assert {name: kept.get(name) for name in ("scale", "answers", "pass", "below_pass", "may_abstain", "required")} == {
        "scale": {"min": "0", "max": "1", "step": "1"}, "answers": "yes_no", "pass": "1", "below_pass": "panel",
        "may_abstain": True, "required": None,
    }  # fmt: skip
    assert kept["comment_required"] == {"at_most": "1", "shortest": 40}
    words = re.sub(r"\s+", " ", secretary.get(RULES).text)
    for told in ("«да» приносит все баллы", "решает комиссия", "«не могу оценить»", "К каждой оценке нужен комментарий",
                 "Комментарий — не короче 40 знаков"):  # fmt: skip
        assert told in words
    again = fields_of(secretary.get(page).text)
    assert (again["answers"], again["comment_every"], again["comment_at_most"]) == ("yes_no", ["y"], "")
    assert secretary.post(page, data=again).status_code == 303
    assert definition(store) == kept


def test_an_optional_criterion_with_a_passing_mark_is_refused_beside_its_field(
    secretary: FlaskClient, first: int, store: Store
) -> None:
    page, before = f"{RULES}/criteria/{first}", definition(store)
    data = fields_of(secretary.get(page).text) | {"optional": "y", "pass_mark": "4"}
    answer = secretary.post(page, data=data)
    assert (answer.status_code, "Критерий с проходной оценкой обязателен" in answer.text) == (422, True)
    assert secretary.post(page, data=data | {"comment_shortest": "1001"}).status_code == 422
    assert definition(store) == before
    assert secretary.post(page, data=data | {"pass_mark": ""}).status_code == 303
    assert definition(store)["required"] is False


def test_what_the_sheet_asks_is_kept_shown_copied_and_on_record(
    secretary: FlaskClient, first: int, store: Store
) -> None:
    data = fields_of(secretary.get(f"{RULES}/sheet").text)
    asked = data | {"confidence": "required", "scope": "y", "to_applicant": "y", "private": "y", "groups": "y"}
    assert secretary.post(f"{RULES}/sheet", data=asked).status_code == 303
    document = {"confidence": "required", "scope": True, "audiences": ["applicant", "private"], "groups": True}
    with store() as session:
        contest = by_code(session, "DRAFT")
        assert contest.sheet == document
        record = session.scalars(select(JournalRecord).where(JournalRecord.event == "contest.rubric_changed")).one()
        assert record.details == {"sheet": [{}, document]}
        copied = copy_contest(session, contest.id, ContestCopy("NEXT", MOMENT), by=By(CONSOLE, MOMENT))
        assert sheet_of(copied) == sheet_of(contest)
    page = secretary.get(RULES).text
    assert "заявителю, личные заметки эксперта" in page
    assert secretary.post(f"{RULES}/sheet", data=asked | {"request_key": "other", "groups": ""}).status_code == 409
    again = fields_of(secretary.get(f"{RULES}/sheet").text)
    assert (again["confidence"], again["groups"]) == ("required", ["y"])


def test_consequences_and_the_agreed_score_are_told_with_the_rules(
    secretary: FlaskClient, first: int, store: Store
) -> None:
    page = f"{RULES}/scoring"
    data = fields_of(secretary.get(page).text) | {
        "pass_total": "60", "below_pass": "panel", "agreed_score": "counts"
    }  # fmt: skip
    assert secretary.post(page, data=data).status_code == 303
    words = secretary.get(RULES).text
    assert "ниже решает комиссия" in words
    assert "она учитывается вместо заключений" in words


def with_richer_sheets(session: Session) -> World:
    """Of the best application one expert abstained and the other one was set aside; the middle one has an agreed score.

    Of the last one an expert says that it is out of scope.
    """
    made = populate(session)
    contest = session.get_one(Contest, made["contest"])
    contest.rules = {**contest.rules, "agreed_score": "counts"}
    best, middle, last = session.scalars(select(Application).order_by(Application.id))
    first, second = session.scalars(select(Review).where(Review.application_id == best.id).order_by(Review.id))
    first.abstained, first.scores = ["E2"], {code: mark for code, mark in first.scores.items() if code != "E2"}
    second.set_aside_at, second.set_aside_reason = MOMENT, "Оценён другой проект"
    out = session.scalars(select(Review).where(Review.application_id == last.id)).all()[0]
    out.in_scope, out.scope_reason = False, "Это не промышленный проект"
    judged = session.scalars(select(Review).where(Review.application_id == middle.id)).all()[0]
    agreed = AgreedScore(application_id=middle.id, expert_id=judged.expert_id, scores=dict(judged.scores))
    agreed.rationale, agreed.created_at, agreed.submitted_at = "Сошлись на семи", MOMENT, MOMENT
    session.add(agreed)
    return {**made, "middle": middle.id, "last": last.id}


def test_an_explanation_tells_what_does_not_count_and_why(prepared: Prepared, sign_in: SignIn) -> None:
    made = prepared(with_richer_sheets)
    reader = sign_in(made["observer"])

    def told(name: str) -> str:
        return re.sub(r"\s+", " ", reader.get(f"/staff/contests/R-1/ranking/{made[name]}").text)

    assert "не может оценить" in told("best")
    assert "исключено организатором: Оценён другой проект" in told("best")
    assert "эксперт считает, что проект не по профилю: Это не промышленный проект" in told("last")
    assert "Вместо заключений учитывается согласованная оценка" in told("middle")
    assert "Сошлись на семи" in told("middle")
