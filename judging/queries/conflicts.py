"""Reading conflicts of interest and the facts they are found from."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import CompoundSelect, Select, bindparam, literal, select, union_all
from sqlalchemy.orm import Session, aliased

from judging.models import Application, Cluster, Conflict, Expert, LiftedConflict, Organisation, Partner

Pair = tuple[int, int]
"""(expert id, application id)."""


@dataclass(frozen=True)
class Interest:
    """An organisation with an interest in an application; ``kind`` is initiator, partner or managing."""

    application_id: int
    inn: str
    kind: str


def barred_pairs(session: Session, contest_id: int) -> frozenset[Pair]:
    """Every (expert, application) of the contest that may not meet."""
    rows = session.execute(select(Conflict.expert_id, Conflict.application_id).where(Conflict.contest_id == contest_id))
    return frozenset((row.expert_id, row.application_id) for row in rows)


def are_barred(session: Session, *, expert_id: int, application_id: int) -> bool:
    """Whether this one pair is in conflict."""
    statement = select(Conflict.id).where(Conflict.expert_id == expert_id, Conflict.application_id == application_id)
    return session.scalar(statement) is not None


def interests(
    session: Session, contest_id: int, application_id: int | None = None, inn: str | None = None
) -> Sequence[Interest]:
    """Who has an interest in every numbered application (or in one; or whom ``inn`` names), weightiest kind first."""
    asked = {"contest": contest_id, "application": application_id, "inn": inn}
    statement = _interests(application_id is not None, inn is not None)
    rows = session.execute(statement, {name: value for name, value in asked.items() if value is not None})
    return [Interest(row.application_id, row.inn, row.kind) for row in rows]


@cache
def _interests(of_one: bool, of_inn: bool) -> CompoundSelect[Any]:
    parts = []
    for weight, (kind, statement) in enumerate(_interest_selects()):
        statement = statement.where(Application.contest_id == bindparam("contest"), Application.number.is_not(None))
        if of_one:
            statement = statement.where(Application.id == bindparam("application"))
        if of_inn:
            statement = statement.where(statement.selected_columns.inn == bindparam("inn"))
        parts.append(statement.add_columns(literal(kind).label("kind"), literal(weight).label("weight")))
    return union_all(*parts).order_by("weight", "application_id")


def employers(
    session: Session, contest_id: int, expert_id: int | None = None, inns: Collection[str] | None = None
) -> Sequence[tuple[int, str]]:
    """(expert id, employer's ИНН) of every expert of the contest who has an employer, of one, or of these employers."""
    asked = {"contest": contest_id, "expert": expert_id, "inns": None if inns is None else sorted(inns)}
    statement = _employers(expert_id is not None, inns is not None)
    rows = session.execute(statement, {name: value for name, value in asked.items() if value is not None})
    return [(row.id, row.inn) for row in rows]


@cache
def _employers(of_one: bool, of_these: bool) -> Select[int, str]:
    statement = (
        select(Expert.id, Organisation.inn)
        .join(Organisation, Organisation.id == Expert.organisation_id)
        .where(Expert.contest_id == bindparam("contest"))
        .order_by(Expert.id)
    )
    if of_one:
        statement = statement.where(Expert.id == bindparam("expert"))
    if of_these:
        statement = statement.where(Organisation.inn.in_(bindparam("inns", expanding=True)))
    return statement


def lifted(session: Session, contest_id: int) -> frozenset[tuple[int, int, str]]:
    """(expert id, application id, stored reason) of every conflict that the staff checked and struck off."""
    lifting = LiftedConflict
    rows = session.execute(
        select(lifting.expert_id, lifting.application_id, lifting.reason).where(lifting.contest_id == contest_id)
    )
    return frozenset((row.expert_id, row.application_id, row.reason) for row in rows)


_ID = Application.id.label("application_id")


def _interest_selects() -> tuple[tuple[str, Select[int, str]], ...]:
    managing = aliased(Organisation)
    return (
        (
            "initiator",
            select(_ID, Organisation.inn).join(Organisation, Organisation.id == Application.initiator_id),
        ),
        (
            "partner",
            select(_ID, Organisation.inn)
            .join(Partner, Partner.application_id == Application.id)
            .join(Organisation, Organisation.id == Partner.organisation_id),
        ),
        (
            "managing",
            select(_ID, managing.inn)
            .join(Cluster, Cluster.id == Application.cluster_id)
            .join(managing, managing.id == Cluster.managing_organisation_id),
        ),
    )
