"""What is read of an account before a password is checked, outside the write transaction."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from judging.models import Link, User
from judging.queries.accounts import user_by_email


@dataclass(frozen=True)
class Secret:
    """The hash that a password has to fit and whose it is; both None where there is nobody by what was asked for."""

    user_id: int | None = None
    stored: str | None = None


def secret_at(session: Session, email: str) -> Secret:
    """The secret of the account at an address as it was typed."""
    user = user_by_email(session, email)
    return secret_of(user) if user else Secret()


def secret_of(user: User) -> Secret:
    """The secret of a person's own account."""
    return Secret(user.id, user.password_hash)


def secret_behind(link: Link) -> Secret:
    """The secret of an account that waits behind the link of its registration."""
    return Secret(None, link.payload["password_hash"])
