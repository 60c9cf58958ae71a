"""The discussion of an application: who is let in, to whom a message is addressed, what may be done with one's own."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from judging.domain.access import Role
from judging.domain.errors import N_, Fault

LONGEST_MESSAGE = 4000
MOST_MESSAGES = 500
"""Messages about one application, those taken back too."""
MOST_MINUTES = 24 * 60


class Circle(StrEnum):
    """Who discusses the applications of a contest."""

    NOBODY = "nobody"
    COMMISSION = "commission"
    EXPERTS = "experts"


class MessageAudience(StrEnum):
    """To whom a message is addressed; each is let in beside those before it."""

    STAFF = "staff"
    COMMISSION = "commission"
    EXPERTS = "experts"


CIRCLE_LABELS: Mapping[Circle, str] = {
    Circle.NOBODY: N_("There is no discussion"),
    Circle.COMMISSION: N_("The secretariat and the chair"),
    Circle.EXPERTS: N_("The experts of the application, too, after their own review is submitted"),
}
AUDIENCE_LABELS: Mapping[MessageAudience, str] = {
    MessageAudience.STAFF: N_("The secretariat alone"),
    MessageAudience.COMMISSION: N_("The secretariat and the chair"),
    MessageAudience.EXPERTS: N_("The experts of the application, too"),
}

_ALL = frozenset(MessageAudience)
_COMMISSION = frozenset({MessageAudience.COMMISSION, MessageAudience.EXPERTS})
_EXPERTS = frozenset({MessageAudience.EXPERTS})
READ_BY: Mapping[Role, frozenset[MessageAudience]] = {
    Role.SECRETARY: _ALL, Role.CHAIR: _COMMISSION, Role.OBSERVER: _COMMISSION, Role.EXPERT: _EXPERTS,
}  # fmt: skip
"""What each role reads; an observer reads what is addressed to the commission, and writes nothing."""
WRITTEN_BY: Mapping[Role, frozenset[MessageAudience]] = {
    Role.SECRETARY: _ALL, Role.CHAIR: _COMMISSION, Role.EXPERT: _EXPERTS,
}  # fmt: skip
RANKS = (Role.SECRETARY, Role.CHAIR, Role.OBSERVER, Role.EXPERT)
"""As what somebody speaks who is several: the first of these."""


@dataclass(frozen=True)
class DiscussionRules:
    """The rules of one contest; these defaults hold until the staff change them (``version`` 0: never changed).

    ``edit_minutes``: so long an author may change a message.
    """

    circle: Circle = Circle.NOBODY
    edit_minutes: int = 15
    version: int = 0


def rules_faults(rules: DiscussionRules) -> tuple[Fault, ...]:
    """Name everything that is wrong with the rules, by their fields."""
    if 0 <= rules.edit_minutes <= MOST_MINUTES:
        return ()
    return (Fault("edit_minutes", N_("From 0 to %(limit)s"), {"limit": MOST_MINUTES}),)


def read_by(roles: Iterable[Role]) -> frozenset[MessageAudience]:
    """Return what somebody of these roles reads; what was written stays readable when the circle is made smaller."""
    return _open_to(roles, READ_BY, _ALL)


def written_by(roles: Iterable[Role], circle: Circle) -> frozenset[MessageAudience]:
    """Return to whom somebody of these roles may address a message."""
    within = {Circle.NOBODY: frozenset[MessageAudience](), Circle.COMMISSION: _ALL - _EXPERTS, Circle.EXPERTS: _ALL}
    return _open_to(roles, WRITTEN_BY, within[circle])


def _open_to(
    roles: Iterable[Role], table: Mapping[Role, frozenset[MessageAudience]], within: frozenset[MessageAudience]
) -> frozenset[MessageAudience]:
    return frozenset().union(*(table.get(role, frozenset()) for role in roles)) & within


def speaks_as(roles: Iterable[Role]) -> Role | None:
    """Return as what somebody of these roles speaks; None: they are nobody here."""
    held = set(roles)
    return next((role for role in RANKS if role in held), None)


def may_be_edited(written_at: datetime, minutes: int, now: datetime) -> bool:
    """Say whether an author may still change a message written at that instant."""
    return now < written_at + timedelta(minutes=minutes)


def text_faults(text: str) -> Iterator[Fault]:
    """Name what is wrong with the text of a message."""
    if not text.strip():
        yield Fault("text", N_("Write the message."))
    elif len(text) > LONGEST_MESSAGE:
        yield Fault(
            "text", N_("The message is too long: no more than %(limit)s characters"), {"limit": LONGEST_MESSAGE}
        )
