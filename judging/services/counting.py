"""The counters of a contest: raised in the database itself, so that no two transactions get the same number."""

from functools import cache
from typing import Any, cast

from sqlalchemy import Table, bindparam, update

from judging.models import Contest


@cache
def raised(name: str) -> Any:
    """Return the statement that raises the counter ``name`` of the contest ``contest`` by one and gives its value.

    It locks the contest's row until the transaction ends.
    """
    contests = cast(Table, Contest.__table__)
    counter = contests.c[name]
    statement = update(contests).where(contests.c.id == bindparam("contest")).values({counter: counter + 1})
    return statement.returning(counter)
