"""The session that a browser's cookie names: what every request asks of it, in one statement."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session

from judging.models import SignIn, User
from judging.models.base import table_of

SIGN_INS, USERS = table_of(SignIn), table_of(User)


@dataclass(frozen=True)
class Present:
    """A session and whose it is; ``active``: the account is not blocked.

    ``last_seen``: when the person was last active in it, to a few minutes; ``last_confirmed``: when the password was
    last given in it.
    """

    id: int
    user_id: int
    name: str
    locale: str
    active: bool
    expires_at: datetime
    revoked_at: datetime | None
    last_seen: datetime
    last_confirmed: datetime

    @classmethod
    def of(cls, row: SignIn) -> "Present":
        """The same of a session that has just begun."""
        user = row.user
        whose = (row.id, user.id, user.name, user.locale, user.active)
        return cls(*whose, row.expires_at, row.revoked_at, row.last_seen, row.last_confirmed)


def present_sign_in(session: Session, token_hash: str) -> Present | None:
    """The session with this hash of its token, whether it is over or not; None where there is none."""
    row = session.execute(_present(), {"token_hash": token_hash}).first()
    return None if row is None else Present(*row)


@cache
def _present() -> Select[Any]:
    ins, users = SIGN_INS.c, USERS.c
    whose = (ins.id, users.id, users.name, users.locale, users.active)
    seen, confirmed = (func.coalesce(one, ins.created_at) for one in (ins.seen_at, ins.confirmed_at))
    statement = select(*whose, ins.expires_at, ins.revoked_at, seen, confirmed)
    return statement.join(USERS, users.id == ins.user_id).where(ins.token_hash == bindparam("token_hash"))
