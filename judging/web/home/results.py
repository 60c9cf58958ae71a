"""Published results: read from the published snapshot alone, organisations and not people."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from judging.domain.ranking import Outcome
from judging.models import RankingSnapshot
from judging.web.templating import localized

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
    nomination: str | None = None


@dataclass(frozen=True)
class ResultPart:
    """The results of one nomination; ``title`` is empty where the contest has none. ``budget`` in kopecks."""

    title: str
    budget: int | None
    rows: list[ResultRow]

    @property
    def awarded(self) -> int:
        """Kopecks given to its winners."""
        return awarded(self.rows)


def result_parts(snapshot: RankingSnapshot, rows: list[ResultRow]) -> list[ResultPart]:
    """The lines by nomination, in the order of the nominations; all in one where the contest has none."""
    nominations = snapshot.record.get("contest", {}).get("nominations", ())
    if not nominations:
        return [ResultPart("", None, rows)]
    return [
        ResultPart(
            localized(one, "title"), _kopecks(one["budget"]), [row for row in rows if row.nomination == one["code"]]
        )
        for one in nominations
    ]


def _kopecks(roubles: str | None) -> int | None:
    return None if roubles is None else int(Decimal(roubles) * KOPECKS_IN_ROUBLE)


def result_rows(snapshot: RankingSnapshot) -> list[ResultRow]:
    """The lines of a snapshot in the order of places, nomination after nomination."""
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
        nomination=line.get("nomination"),
    )
