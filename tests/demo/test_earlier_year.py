"""The demonstration's decided contest of 2025: what it is made of, and what its marks show of its firmness."""

from collections import Counter
from functools import cache
from pathlib import Path

from sqlalchemy import select

from judging.adapters.archive import read_archive
from judging.domain.conflicts import pairs
from judging.domain.firmness import Grade, Report
from judging.domain.lifecycle import ContestStatus
from judging.domain.ranking import rank
from judging.domain.record import ContestRecord, Decision
from judging.extensions import db
from judging.models import Application, Contest, RankingSnapshot
from judging.queries.firmness import WAITED_FOR_ROWS, compute_report
from tests.demo_site import demo_app

DEMO = Path(__file__).resolve().parents[2] / "judging" / "data" / "demo"


@cache
def record(name: str = "2025") -> ContestRecord:
    return read_archive((DEMO / f"contest-{name}.json").read_bytes())


@cache
def report() -> Report:
    return compute_report(record())


def test_forty_five_admitted_applications_have_three_reviews_each_and_an_additional_one_where_they_diverged() -> None:
    admitted = {item.number for item in record().applications if item.status == Decision.ADMITTED}
    rows = {row.number: row for row in rank(record()).rows}
    regular = Counter(review.application for review in record().reviews if not review.additional)
    additional = [review.application for review in record().reviews if review.additional]
    assert Counter(item.status for item in record().applications) == {
        Decision.ADMITTED: 45, Decision.REJECTED: 1, Decision.WITHDRAWN: 1,
    }  # fmt: skip
    assert regular == dict.fromkeys(admitted, 3)
    assert sorted(additional) == sorted(number for number, row in rows.items() if row.diverged)
    assert len(additional) == 8
    assert {row.needs for row in rows.values()} == {None}
    assert Counter(row.outcome for row in rows.values()) == {"winner": 13, "reserve": 9, "below_threshold": 23}


def test_twelve_experts_have_eleven_to_thirteen_counted_reviews_each_and_judge_nothing_they_may_not() -> None:
    loads = Counter(review.expert for review in record().reviews)
    assert set(loads) == {expert.email for expert in record().experts}
    assert Counter(loads.values()) == {11: 3, 12: 7, 13: 2}
    assert {(review.expert, review.application) for review in record().reviews} & pairs(record().conflicts) == set()
    assert sum(len(row.counted) for row in rank(record()).rows) == loads.total() < WAITED_FOR_ROWS


def test_no_project_is_that_of_another_year() -> None:
    titles = Counter(item.title for name in ("2025", "2026", "open") for item in record(name).applications)
    assert [title for title, number in titles.items() if number > 1] == []
    assert titles.total() == 74


def test_the_marks_of_one_expert_do_not_follow_the_projects() -> None:
    assert [item.email for item in report().experts if item.flagged] == ["e.taranovsky@example.org"]
    assert [item.email for item in report().experts if not item.enough or item.refusal] == []


def test_strict_and_generous_experts_differ_from_the_average_one() -> None:
    assert [item.email for item in report().experts if item.hi is not None and item.hi < 0] == [
        "v.gordeychik@example.org", "i.matveenko@example.org",
    ]  # fmt: skip
    assert [item.email for item in report().experts if item.lo is not None and item.lo > 0] == [
        "m.ignatyuk@example.org", "e.nasyrova@example.org",
    ]  # fmt: skip


def test_the_grey_zone_lies_on_both_sides_of_the_line() -> None:
    sides = Counter((item.grade, item.winner) for item in report().projects)
    assert set(sides) == {(Grade.ABOVE, True), (Grade.GREY, True), (Grade.GREY, False), (Grade.BELOW, False)}
    assert [panel.refusal or panel.no_line for panel in report().panels] == [None]


def test_experts_agree_on_two_criteria_differ_on_three_and_hardly_agree_on_one() -> None:
    alphas = {item.code: item.alpha or 0.0 for item in report().agreement if item.code}
    assert [code for code, alpha in alphas.items() if alpha >= 0.6] == ["E1", "E4"]
    assert [code for code, alpha in alphas.items() if 0.4 <= alpha < 0.6] == ["E2", "E3", "E5"]
    assert [code for code, alpha in alphas.items() if alpha < 0.2] == ["E6"]


def test_it_is_loaded_decided_and_published_with_passports() -> None:
    with demo_app() as app, app.app_context():
        contest = db.session.scalars(select(Contest).where(Contest.code == "PP41-2025")).one()
        snapshot = db.session.scalars(select(RankingSnapshot).where(RankingSnapshot.contest_id == contest.id)).one()
        numbered = select(Application).where(Application.contest_id == contest.id)
        applications = db.session.scalars(numbered).all()
        assert contest.status == ContestStatus.RESULTS_PUBLISHED
        assert (snapshot.approved_at is not None, snapshot.revoked_at) == (True, None)
        assert {item.number for item in applications} == {item.number for item in record().applications}
        assert [item.number for item in applications if not (item.goal and item.summary and item.place)] == []
