"""Published results: read from the published snapshot alone, organisations and not people."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from judging.domain.ranking import Outcome
from judging.models import RankingSnapshot

KOPECKS_IN_ROUBLE = 100


@dataclass(frozen=True)
class ResultRow:
    """A line of the published ranking; ``amount`` in kopecks, ``total`` with the contest's decimals."""

    place: int
    tied: bool
    number: str
    title: str
    cluster: str
    initiator: str
    total: str
    outcome: Outcome
    amount: int


def result_rows(snapshot: RankingSnapshot) -> list[ResultRow]:
    """The lines of a snapshot in the order of places."""
    projects = {item["number"]: item for item in snapshot.record["applications"]}
    clusters = {item["code"]: item["name"] for item in snapshot.record["clusters"]}
    names = {item["inn"]: item["name"] for item in snapshot.record["organisations"]}
    return [_row(line, projects[line["number"]], clusters, names) for line in snapshot.ranking["rows"]]


def awarded(rows: list[ResultRow]) -> int:
    """Kopecks given to all winners."""
    return sum(row.amount for row in rows)


def _row(line: dict[str, Any], project: dict[str, Any], clusters: dict[str, str], names: dict[str, str]) -> ResultRow:
    return ResultRow(
        place=line["place"],
        tied=line["tied"],
        number=line["number"],
        title=project["title"],
        cluster=clusters[project["cluster"]],
        initiator=names[project["initiator"]],
        total=line["total"],
        outcome=Outcome(line["outcome"]),
        amount=int(Decimal(line["amount"]) * KOPECKS_IN_ROUBLE),
    )
