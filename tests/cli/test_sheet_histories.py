"""``flask contest sheet-at``: the sheet of a moment, from the shell."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest

from judging.domain.access import Actor, By
from judging.models import Review
from judging.services.scoring import SheetDraft, save_draft
from tests import factories
from tests.factories import MOMENT

DATABASES = ["sqlite"]
"""The command; tests/services/test_sheet_history.py has what it does on every database."""


@pytest.fixture
def review(store):
    with store() as session:
        contest = factories.contest(session, code="H-1")
        application = factories.application(session, contest, number="H-1-001")
        item = factories.review(session, factories.expert(session, contest), application, "accepted")
        for minutes, marks in ((0, {"E1": Decimal(7)}), (30, {"E1": Decimal(4), "E2": Decimal(9)})):
            by = By(Actor(user_id=item.expert.user_id, name="Эксперт"), MOMENT + timedelta(minutes=minutes))
            save_draft(session, item, SheetDraft(marks, {"E1": "Есть"}, None, item.version), by=by)
            session.flush()
        return item.id, item.expert.email


def said(result):
    return (
        result.exit_code,
        json.loads(result.stdout) if result.stdout.startswith("{") else result.stdout,
        result.stderr,
    )


def test_the_sheet_of_a_moment_is_written_and_brought_back(run, store, review):
    key, email = review
    sheet = ("sheet-at", "H-1", email, "H-1-001")
    then = {"comment-E1": "Есть", "mark-E1": "7"}
    first, second = (MOMENT + timedelta(minutes=minutes) for minutes in (0, 30))
    listed = f"{first.isoformat()}  comment-E1, mark-E1\n{second.isoformat()}  mark-E1, mark-E2\n"
    assert said(run(*sheet)) == (0, listed, "")
    assert said(run(*sheet, "--at", MOMENT.isoformat())) == (0, then, "")
    with store() as session:
        assert session.get_one(Review, key).scores == {"E1": "4", "E2": "9"}
    assert said(run(*sheet, "--at", MOMENT.isoformat(), "--restore")) == (0, then, "")
    with store() as session:
        assert session.get_one(Review, key).scores == {"E1": "7"}


def test_what_is_not_there_is_said_so(run, review):
    _, email = review
    assert said(run("sheet-at", "H-1", "nobody@example.org", "H-1-001")) == (
        2, "", "There is no such review in the contest H-1.\n",
    )  # fmt: skip
    wrong = run("sheet-at", "H-1", email, "H-1-001", "--at", "вчера")
    assert said(wrong) == (
        2, "", "“вчера” is not an instant with an offset, such as 2026-11-30T18:00:00+03:00\n",
    )  # fmt: skip
