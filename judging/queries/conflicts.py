"""Reading conflicts of interest and the facts they are found from."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import CompoundSelect, Select, bindparam, literal, select, union_all
from sqlalchemy.orm import Session

from judging.models import Application, Cluster, Conflict, Expert, LiftedConflict, Organisation, Partner
from judging.models.base import table_of

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


def interests_of(application: Application) -> Sequence[Interest]:
    """Who has an interest in this application, weightiest kind first, by what is read of it; nobody in a draft."""
    if application.number is None:
        return []
    managing = application.cluster.managing_organisation
    who = [("initiator", application.initiator), *(("partner", one.organisation) for one in application.partners)]
    return [
        Interest(application.id, organisation.inn, kind)
        for kind, organisation in [*who, ("managing", managing)]
        if organisation is not None
    ]


def interests(session: Session, contest_id: int, inn: str | None = None) -> Sequence[Interest]:
    """Who has an interest in every numbered application (or whom ``inn`` names), weightiest kind first."""
    asked = {"contest": contest_id} | ({} if inn is None else {"inn": inn})
    rows = session.execute(_interests(inn is not None), asked)
    return [Interest(row.application_id, row.inn, row.kind) for row in rows]


@cache
def _interests(of_inn: bool) -> CompoundSelect[Any]:
    parts, applications = [], table_of(Application).c
    for weight, (kind, statement) in enumerate(_interest_selects()):
        statement = statement.where(applications.contest_id == bindparam("contest"), applications.number.is_not(None))
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
def _employers(of_one: bool, of_these: bool) -> Select[Any]:
    experts, organisations = table_of(Expert), table_of(Organisation)
    columns: tuple[Any, ...] = (experts.c.id, organisations.c.inn)
    statement = (
        select(*columns)
        .join(organisations, organisations.c.id == experts.c.organisation_id)
        .where(experts.c.contest_id == bindparam("contest"))
        .order_by(experts.c.id)
    )
    if of_one:
        statement = statement.where(experts.c.id == bindparam("expert"))
    if of_these:
        statement = statement.where(organisations.c.inn.in_(bindparam("inns", expanding=True)))
    return statement


def lifted(session: Session, contest_id: int) -> frozenset[tuple[int, int, str]]:
    """(expert id, application id, stored reason) of every conflict that the staff checked and struck off."""
    lifting = LiftedConflict
    rows = session.execute(
        select(lifting.expert_id, lifting.application_id, lifting.reason).where(lifting.contest_id == contest_id)
    )
    return frozenset((row.expert_id, row.application_id, row.reason) for row in rows)


def _interest_selects() -> tuple[tuple[str, Select[Any]], ...]:
    applications, organisations, clusters = table_of(Application), table_of(Organisation), table_of(Cluster)
    partners = table_of(Partner)
    columns: tuple[Any, ...] = (applications.c.id.label("application_id"), organisations.c.inn)
    of_application = select(*columns).select_from(applications)
    return (
        ("initiator", of_application.join(organisations, organisations.c.id == applications.c.initiator_id)),
        (
            "partner",
            of_application.join(partners, partners.c.application_id == applications.c.id).join(
                organisations, organisations.c.id == partners.c.organisation_id
            ),
        ),
        (
            "managing",
            of_application.join(clusters, clusters.c.id == applications.c.cluster_id).join(
                organisations, organisations.c.id == clusters.c.managing_organisation_id
            ),
        ),
    )
