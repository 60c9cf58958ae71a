"""Lists of contests, the board's figures, and how many queries they take."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from judging.domain.access import ANONYMOUS, Actor, Role
from judging.queries import boards, contests, journal
from tests import factories
from tests.recording import queries


def staff(**grants: frozenset[Role]) -> Actor:
    return Actor(1, "Секретарь", {None if k == "everywhere" else int(k[1:]): v for k, v in grants.items()})


def test_a_contest_is_found_by_its_code(session: Session) -> None:
    contest = factories.contest(session, code="PP41")
    assert contests.by_code(session, "PP41") is contest
    with pytest.raises(NoResultFound):
        contests.by_code(session, "pp41")


def test_beyond_the_last_page_of_contests_is_the_last_one(session: Session) -> None:
    one = factories.contest(session, code="ONE")
    page = contests.visible_to(session, staff(everywhere=frozenset({Role.SECRETARY})), 999)
    assert ([row.code for row in page.rows], page.total, page.number) == ([one.code], 1, 1)


def test_staff_see_the_contests_where_they_hold_a_role(session: Session) -> None:
    one, two = factories.contest(session, code="ONE"), factories.contest(session, code="TWO")
    one.applications_close += timedelta(days=1)
    session.flush()
    secretary = frozenset({Role.SECRETARY})
    pages = [
        contests.visible_to(session, actor)
        for actor in (
            staff(everywhere=secretary),
            staff(**{f"c{two.id}": frozenset({Role.OBSERVER})}),
            staff(everywhere=frozenset({Role.ADMINISTRATOR})),
            ANONYMOUS,
        )
    ]
    assert [([row.code for row in page.rows], page.total) for page in pages] == [
        (["ONE", "TWO"], 2), (["TWO"], 1), ([], 0), ([], 0),
    ]  # fmt: skip


def test_the_public_list_leaves_out_drafts_and_counts_applications(session: Session) -> None:
    contest = factories.contest(session, code="OPEN")
    factories.application(session, contest, status="submitted")
    factories.application(session, contest, status="draft")
    factories.contest(session, code="DRAFT", status="draft", published_at=None)
    factories.contest(session, code="GONE", status="cancelled", published_at=None)
    factories.contest(session, code="DONE", status="results_published")
    assert [(row.code, row.received) for row in contests.public(session)] == [("OPEN", 1), ("DONE", 0)]


def test_lists_take_as_many_queries_for_thirty_as_for_one(session: Session) -> None:
    actor = staff(everywhere=frozenset({Role.SECRETARY}))
    counts = []
    for more in (1, 29):
        for _ in range(more):
            factories.contest(session)
        session.flush()
        counts.append((queries(lambda: contests.public(session)),
                       queries(lambda: contests.visible_to(session, actor))))  # fmt: skip
    assert counts == [(2, 2), (2, 2)]


def test_the_board_counts_every_stage(session: Session) -> None:
    contest = factories.contest(session)
    statuses = ("draft", "submitted", "submitted", "rejected", "withdrawn", "admitted", "admitted", "admitted")
    items = [factories.application(session, contest, status=status) for status in statuses]
    experts = [factories.expert(session, contest) for _ in range(2)]
    factories.expert(session, contest, user=None)
    full, barred, bare = items[-3:]
    factories.review(session, experts[0], full, "submitted")
    factories.review(session, experts[1], full, "accepted")
    factories.review(session, experts[0], barred, "assigned")
    factories.review(session, experts[1], barred, "proposed")
    factories.review(session, experts[0], bare, "recused")
    factories.conflict(session, experts[0], barred)
    factories.review(session, factories.expert(session, factories.contest(session)), factories.application(
        session, factories.contest(session)), "submitted")  # fmt: skip
    assert boards.board(session, contest.id, boards.reviewing(session, contest.id, 2)) == boards.Board(
        drafts=1, submitted=2, admitted=3, rejected=1, withdrawn=1, proposed=1, waiting=1, in_work=1, handed_in=1,
        recused=1, understaffed=2, experts=3, experts_not_joined=1, conflicts=1,
    )  # fmt: skip


def test_the_latest_change_of_dates_comes_first(session: Session) -> None:
    contest = factories.contest(session)
    assert contests.schedule_changes(session, contest.id) == []
    assert journal.last_instant(session, contest.id) is None
    assert contests.published_snapshot(session, contest.id) is None
