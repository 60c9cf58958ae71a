"""Lists that are put in order in the program are in the order in which people look names and numbers up."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.models import Application, Contest, Expert
from judging.queries.assignment import applications, experts, places
from judging.queries.assignment.chips import BoardFilter
from judging.queries.assignment.divergences import divergences
from tests import factories

NAMES = ("алюмин", "Елисеев", "Ёлкин", "Яшин")
NUMBERS = ("1", "2", "9", "10")


@pytest.fixture
def contest(session: Session) -> Contest:
    """Applications and experts alike but for their names, made in another order."""
    contest = factories.contest(session)
    for name in ("Яшин", "алюмин", "Ёлкин", "Елисеев"):
        factories.expert(session, contest, user=None, name=name)
    for number in ("10", "1", "9", "2"):
        factories.application(session, contest, number=number)
    return contest


def test_experts_and_applications_that_fit_alike_are_by_name_and_number(session: Session, contest: Contest) -> None:
    loads = places.experts(session, contest.id)
    application_id = session.scalars(select(Application.id)).first() or 0
    row = applications.application_row(session, contest.id, application_id, 2, loads)
    assert row is not None
    assert [one.expert.name for one in applications.candidates(session, row, loads)] == list(NAMES)
    assert [one.expert.name for one in row.offered] == list(NAMES[: len(row.offered)])
    (offered, *_), choice = (
        experts.expert_rows(session, contest.id, loads, lambda: experts.short_by_topics(session, contest.id, 2)),
        BoardFilter(),
    )
    page = experts.open_applications(session, contest.id, 2, offered, choice)
    assert [one.number for one in page.rows] == list(NUMBERS)


def test_diverged_applications_are_by_number(session: Session, contest: Contest) -> None:
    first, second = session.scalars(select(Expert).order_by(Expert.id).limit(2))
    for item in session.scalars(select(Application)):
        factories.review(session, first, item, "submitted", mark=2)
        factories.review(session, second, item, "submitted", mark=9)
    assert [one.number for one in divergences(session, contest.id)] == list(NUMBERS)
