"""What the tables of milestones, extensions and the calendar refuse, whoever writes to them."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests import factories


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO milestones (contest_id, code, reason) VALUES (:contest, 'meeting', '')",
        "INSERT INTO milestones (contest_id, code, after, reason) VALUES (:contest, 'meeting', 'results', '')",
        "INSERT INTO milestones (contest_id, code, after, days, unit, reason) "
        "VALUES (:contest, 'meeting', 'meeting', 1, 'working', '')",
        "INSERT INTO milestones (contest_id, code, after, days, unit, reason) "
        "VALUES (:contest, 'meeting', 'results', 0, 'working', '')",
        "INSERT INTO milestones (contest_id, code, after, days, unit, reason) "
        "VALUES (:contest, 'meeting', 'results', 1, 'lunar', '')",
        "INSERT INTO extensions (contest_id, code, until, reason, granted_at) "
        "VALUES (:contest, 'review_close', '2026-05-01', 'x', '2026-04-01')",
        "INSERT INTO extensions (contest_id, code, expert_id, until, reason, granted_at) "
        "VALUES (:contest, 'applications_close', :expert, '2026-05-01', 'x', '2026-04-01')",
        "INSERT INTO extensions (contest_id, code, expert_id, until, reason, granted_at, revoked_at) "
        "VALUES (:contest, 'review_close', :expert, '2026-05-01', 'x', '2026-04-01', '2026-04-02')",
        "INSERT INTO calendar_years (year, act, added_at) VALUES (20, 'x', '2026-04-01')",
    ],
)
def test_the_tables_take_nothing_that_the_rules_do_not_know(session: Session, statement: str) -> None:
    contest = factories.contest(session)
    ids = {"contest": contest.id, "expert": factories.expert(session, contest).id}
    given = {name: value for name, value in ids.items() if f":{name}" in statement}
    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(text(statement), given)
