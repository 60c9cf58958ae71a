"""One row is written by one statement as a flush would write it, and never over another's change."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from judging.models import Review, SignIn
from judging.models.storing import store
from tests import factories as make
from tests.recording import statements


@pytest.fixture
def review(session: Session) -> Review:
    contest = make.contest(session)
    return make.review(session, make.expert(session, contest), make.application(session, contest))


def _sign_in(session: Session) -> SignIn:
    person = make.user(session)
    times = {"created_at": make.MOMENT, "expires_at": make.MOMENT + timedelta(hours=1)}
    row = SignIn(user=person, token_hash=person.email, address="", browser="", **times)
    session.add(row)
    return row


def test_columns_and_object_say_the_same_and_the_version_grows(session: Session, review: Review) -> None:
    before = review.version
    store(session, review, comments={"E1": "Обосновано"}, saved_at=make.MOMENT)
    assert (review.comments, review.saved_at, review.version) == ({"E1": "Обосновано"}, make.MOMENT, before + 1)
    assert review not in session.dirty
    columns = select(Review.comments, Review.saved_at, Review.version).where(Review.id == review.id)
    assert session.execute(columns).one() == ({"E1": "Обосновано"}, make.MOMENT, before + 1)


def test_one_statement_is_sent(session: Session, review: Review) -> None:
    session.flush()
    with statements() as sent:
        store(session, review, saved_at=make.MOMENT)
        session.flush()
    assert [statement.split()[0] for statement in sent] == ["UPDATE"]


def test_what_waits_in_the_session_is_written_first(session: Session, review: Review) -> None:
    session.flush()
    review.comments = {"E2": "Раньше"}
    store(session, review, saved_at=make.MOMENT)
    session.expire(review)
    assert (review.comments, review.saved_at) == ({"E2": "Раньше"}, make.MOMENT)


def test_a_row_without_a_version_is_written_by_its_key(session: Session) -> None:
    mine, other = (_sign_in(session) for _ in range(2))
    session.flush()
    used = make.MOMENT + timedelta(minutes=5)
    store(session, mine, seen_at=used)
    session.expire_all()
    assert (mine.seen_at, other.seen_at) == (used, None)


@pytest.mark.parametrize("meanwhile", ["changed", "deleted"])
def test_another_transactions_change_is_not_written_over(session: Session, review: Review, meanwhile: str) -> None:
    session.flush()
    row = Review.__table__.c.id == review.id
    change = update(Review.__table__).where(row).values(version=Review.__table__.c.version + 1)
    session.execute(change if meanwhile == "changed" else Review.__table__.delete().where(row))
    with pytest.raises(StaleDataError):
        store(session, review, saved_at=make.MOMENT)
