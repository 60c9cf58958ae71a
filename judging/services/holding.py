"""One order in which rows are locked: the contest first, then what belongs to it.

Whoever locks one thing of a contest and then the contest waits for somebody who did it the other way round, and
PostgreSQL ends one of the two. So every act takes hold of its contest before anything else, and asks the gates
(``domain/gates.py``) about the contest as it then is. Acts that move the ranking, or count places and numbers, hold it
alone; those that only rely on its status share it with each other, and keep it from being frozen in the same moment. A
shared hold is never made an exclusive one.

On SQLite one transaction writes at a time: it waits at its beginning, and what it has read stays true to its end.
"""

from functools import cache
from typing import Any, Protocol, TypeVar

from sqlalchemy import Select, bindparam, select
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from judging.domain.gates import Act, require
from judging.models import Application, Contest
from judging.models.engine import one_writer
from judging.queries import applications


class OfContest(Protocol):
    """What belongs to one contest, and never to another."""

    contest_id: Any


Row = TypeVar("Row", bound=OfContest)


def hold(session: Session, contest_id: int, act: Act | None = None, *, shared: bool = False) -> Contest:
    """Return the contest as it is now, its row locked until the transaction ends; what was changed is written first.

    Raises ``GateClosed`` where its status does not allow the ``act``.
    """
    session.flush()
    if one_writer(session):
        contest = session.get_one(Contest, contest_id)
    else:
        contest = session.scalars(_held(shared), {"id": contest_id}).one()
    if act is not None:
        require(act, contest.status)
    return contest


def hold_application(
    session: Session, application_id: int, act: Act | None = None, *, shared: bool = False
) -> Application:
    """Return an application with all that its pages show, afresh; its contest is held first, then its own row.

    Raises ``NoResultFound`` where it is not there, ``GateClosed`` where the contest does not allow the ``act``.
    """
    if not one_writer(session):
        contest_id = session.scalars(select(Application.contest_id).where(Application.id == application_id)).one()
        hold(session, contest_id, shared=shared)
    application = applications.for_change(session, application_id)
    if act is not None:
        require(act, application.contest.status)
    return application


def hold_with(session: Session, row: Row, act: Act | None = None, *, shared: bool = False) -> Row:
    """Return a row of a contest (a review, an expert, a conflict …) afresh; its contest is held first, then the row.

    Raises ``StaleDataError`` where somebody has deleted it meanwhile, ``GateClosed`` where the contest does not allow
    the ``act``.
    """
    hold(session, row.contest_id, act, shared=shared)
    if not one_writer(session):
        try:
            session.refresh(row, with_for_update={"of": type(row)})
        except InvalidRequestError as gone:
            raise StaleDataError("the row was deleted meanwhile") from gone
    return row


@cache
def _held(shared: bool) -> Select[Contest]:
    statement = select(Contest).where(Contest.id == bindparam("id")).with_for_update(read=shared)
    return statement.execution_options(populate_existing=True)
