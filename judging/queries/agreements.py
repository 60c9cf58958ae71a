"""Agreements of experts: which are in force, who accepted which version, and who is still to accept one."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.orm import Session

from judging.domain import agreements as domain
from judging.models import Agreement, AgreementAcceptance, AgreementVersion, Contest, Expert, User
from judging.models.base import table_of

AGREEMENTS, ACCEPTANCES = table_of(Agreement), table_of(AgreementAcceptance)


class Line(NamedTuple):
    """An agreement beside one expert: the version in force, and the last one that the expert accepted, if any."""

    code: str
    title: str
    in_force: int
    accepted: int | None
    at: datetime | None

    @property
    def current(self) -> bool:
        """Whether the version in force is accepted."""
        return self.accepted == self.in_force


def awaiting(contest_id: Any, expert_id: Any) -> ColumnElement[bool]:
    """Say whether an agreement of the contest is in force whose version the expert has not accepted."""
    agreement, acceptance = AGREEMENTS.c, ACCEPTANCES.c
    accepted = (
        exists()
        .where(
            acceptance.expert_id == expert_id,
            acceptance.agreement_id == agreement.id,
            acceptance.number == agreement.number,
        )
        .correlate_except(ACCEPTANCES)
    )
    return exists().where(
        agreement.contest_id == contest_id, agreement.number > 0, agreement.withdrawn_at.is_(None), ~accepted
    )


def asked_contests(session: Session, expert_ids: Collection[int]) -> Mapping[str, bool]:
    """Return whether these cards have an agreement to accept by the contests that have some in force: one select."""
    if not expert_ids:
        return {}
    in_force = exists().where(
        Agreement.contest_id == Expert.contest_id, Agreement.number > 0, Agreement.withdrawn_at.is_(None)
    )
    found = (
        select(Contest.code, awaiting(Expert.contest_id, Expert.id))
        .join(Expert, Expert.contest_id == Contest.id)
        .where(Expert.id.in_(expert_ids), in_force)
    )
    return {code: bool(waits) for code, waits in session.execute(found)}


def of_contest(session: Session, contest_id: int) -> Sequence[Agreement]:
    """Return the contest's agreements in their order, those that were withdrawn last."""
    query = select(Agreement).where(Agreement.contest_id == contest_id)
    order = (Agreement.withdrawn_at.is_not(None), Agreement.position, Agreement.id)
    return session.scalars(query.order_by(*order)).all()


def kept(session: Session, contest_id: int) -> Sequence[Agreement]:
    """Return those that are not withdrawn: drafts and those in force."""
    return [row for row in of_contest(session, contest_id) if row.withdrawn_at is None]


def by_id(session: Session, agreement_id: int) -> Agreement:
    """Return an agreement; raise NoResultFound where there is none."""
    return session.scalars(select(Agreement).where(Agreement.id == agreement_id)).one()


def value_of(row: Agreement | AgreementVersion, code: str) -> domain.Agreement:
    """Return the words of a row as a value of the domain."""
    return domain.Agreement(code, row.title, row.text, row.title_en, row.text_en)


def values_of(session: Session, contest_id: int) -> tuple[domain.Agreement, ...]:
    """Return the contest's agreements that are not withdrawn, as values of the domain."""
    return tuple(value_of(row, row.code) for row in kept(session, contest_id))


def versions_of(session: Session, agreement_ids: Collection[int]) -> Mapping[int, Sequence[AgreementVersion]]:
    """Return the versions of these agreements, the newest first: one select."""
    found = defaultdict[int, list[AgreementVersion]](list)
    query = select(AgreementVersion).where(AgreementVersion.agreement_id.in_(agreement_ids))
    for version in session.scalars(query.order_by(AgreementVersion.number.desc())):
        found[version.agreement_id].append(version)
    return found


class Asked(NamedTuple):
    """A version in force that an expert is asked to accept, or has accepted ``at``."""

    agreement: Agreement
    version: AgreementVersion
    at: datetime | None

    @property
    def code(self) -> str:
        """The agreement's code."""
        return self.agreement.code


def asked_of(session: Session, contest_id: int, expert_id: int) -> Sequence[Asked]:
    """Return every version in force with the instant at which the expert accepted it: one select."""
    mine = and_(
        AgreementAcceptance.agreement_id == Agreement.id,
        AgreementAcceptance.number == Agreement.number,
        AgreementAcceptance.expert_id == expert_id,
    )
    current = and_(AgreementVersion.agreement_id == Agreement.id, AgreementVersion.number == Agreement.number)
    rows: Any = session.execute(
        select(Agreement, AgreementVersion, AgreementAcceptance.at)
        .join(AgreementVersion, current)
        .outerjoin(AgreementAcceptance, mine)
        .where(Agreement.contest_id == contest_id, Agreement.withdrawn_at.is_(None))
        .order_by(Agreement.position, Agreement.id)
    )
    return [Asked(*row) for row in rows]


def lines_of(session: Session, contest_id: int, expert_ids: Collection[int]) -> Mapping[int, Sequence[Line]]:
    """Return what each of these experts accepted of what is in force; empty without agreements: two selects."""
    in_force = [row for row in kept(session, contest_id) if row.number]
    if not in_force:
        return {}
    last: dict[tuple[int, int], tuple[int, datetime]] = {}
    rows = session.execute(
        select(
            AgreementAcceptance.expert_id, AgreementAcceptance.agreement_id, AgreementAcceptance.number,
            AgreementAcceptance.at,
        )
        .where(AgreementAcceptance.expert_id.in_(expert_ids))
        .order_by(AgreementAcceptance.number)
    )  # fmt: skip
    for expert_id, agreement_id, number, at in rows:
        last[expert_id, agreement_id] = (number, at)
    return {
        expert_id: [
            Line(one.code, one.title, one.number, *last.get((expert_id, one.id), (None, None))) for one in in_force
        ]
        for expert_id in expert_ids
    }


class Acceptance(NamedTuple):
    """An acceptance as it stands in the register."""

    expert: str
    email: str
    account: str | None
    code: str
    title: str
    number: int
    sha256: str
    at: datetime
    address: str


def register(session: Session, contest_id: int) -> Iterable[Acceptance]:
    """Yield every acceptance in a contest, by expert, agreement and version: one select."""
    version = and_(
        AgreementVersion.agreement_id == AgreementAcceptance.agreement_id,
        AgreementVersion.number == AgreementAcceptance.number,
    )
    rows: Any = session.execute(
        select(
            Expert.name, Expert.email, User.email, Agreement.code, AgreementVersion.title, AgreementAcceptance.number,
            AgreementAcceptance.sha256, AgreementAcceptance.at, AgreementAcceptance.address,
        )
        .select_from(AgreementAcceptance)
        .join(Agreement, Agreement.id == AgreementAcceptance.agreement_id)
        .join(AgreementVersion, version)
        .join(Expert, Expert.id == AgreementAcceptance.expert_id)
        .outerjoin(User, User.id == AgreementAcceptance.user_id)
        .where(Agreement.contest_id == contest_id)
        .order_by(Expert.sort_name, Expert.id, Agreement.position, AgreementAcceptance.number)
    )  # fmt: skip
    return (Acceptance(*row) for row in rows)


def accepted_counts(session: Session, contest_id: int) -> Mapping[int, int]:
    """Return how many experts accepted the version in force, by the agreement's id: one select."""
    rows = session.execute(
        select(Agreement.id, func.count(AgreementAcceptance.id))
        .join(AgreementAcceptance, AgreementAcceptance.agreement_id == Agreement.id)
        .where(Agreement.contest_id == contest_id, AgreementAcceptance.number == Agreement.number)
        .group_by(Agreement.id)
    )
    return dict(rows.all())


def joined_experts(session: Session, contest_id: int) -> int:
    """Return how many experts of the contest have an account and can accept."""
    mine = (Expert.contest_id == contest_id, Expert.user_id.is_not(None))
    return session.scalar(select(func.count(Expert.id)).where(*mine)) or 0
