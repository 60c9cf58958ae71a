"""The counters of a contest: raised in the database itself, so that no two transactions get the same number."""

from functools import cache
from typing import Any, cast

from sqlalchemy import Table, bindparam, exists, insert, select, update
from sqlalchemy.orm import Session

from judging.models import AssignmentPlan, AssignmentRevision, Contest


@cache
def raised(name: str) -> Any:
    """Return the statement that raises the counter ``name`` of the contest ``contest`` by one and gives its value.

    It locks the contest's row until the transaction ends.
    """
    contests = cast(Table, Contest.__table__)
    counter = contests.c[name]
    statement = update(contests).where(contests.c.id == bindparam("contest")).values({counter: counter + 1})
    return statement.returning(counter)


def assignment_revision(session: Session, contest_id: int) -> int:
    """Return the revision at which a plan of the contest is asked for now; the caller holds the contest."""
    found = session.scalar(select(AssignmentRevision.revision).where(AssignmentRevision.contest_id == contest_id))
    if found is None:
        session.execute(insert(AssignmentRevision).values(contest_id=contest_id, revision=0))
    return found or 0


@cache
def assignment_moved() -> Any:
    """Return the statement that raises the revision of the contest ``contest`` where a plan was asked for at it.

    So the first thing that happens after a plan raises it, and what follows finds nothing to do and waits for nobody.
    """
    contest: Any = bindparam("contest")
    revisions, plans = cast(Table, AssignmentRevision.__table__), cast(Table, AssignmentPlan.__table__)
    asked = exists().where(plans.c.contest_id == contest, plans.c.revision == revisions.c.revision)
    statement = update(revisions).where(revisions.c.contest_id == contest, asked)
    return statement.values(revision=revisions.c.revision + 1)
