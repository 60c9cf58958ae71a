"""Read the authored content: clusters with their organisations, experts, projects, sentences of the comments."""

import tomllib
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
MARK = " (демонстрационные данные)"
EXPERT_WEIGHTS = {"E1": 10, "E2": 10, "E3": 10, "E4": 8, "E5": 6, "E6": 6}


@dataclass(frozen=True)
class Company:
    """An invented organisation; ИНН and ОГРН have valid check digits in a tax office that does not exist."""

    key: str
    inn: str
    ogrn: str
    name: str
    region: str


@dataclass(frozen=True)
class ClusterCard:
    """A cluster: a real name, invented members; ``managing`` and ``members`` are companies."""

    code: str
    name: str
    region: str
    industry: str
    place: str
    managing: Company
    members: tuple[Company, ...]


@dataclass(frozen=True)
class Panellist:
    """An invented expert; ``severity`` shifts the marks by −1, 0 or 1."""

    email: str
    name: str
    employer: Company
    topics: tuple[str, ...]
    max_load: int
    severity: int


@dataclass(frozen=True)
class Project:
    """A joint project. Money is in kopecks; percentages and ratios are decimals as they are printed."""

    number: str
    title: str
    of: str
    cluster: ClusterCard
    initiator: Company
    partners: tuple[tuple[Company, str], ...]
    topics: tuple[str, ...]
    status: str
    submitted: datetime
    total: int
    share: Decimal
    indicators: dict[str, str]
    marks: tuple[int, ...]
    goal: str
    position: str
    readiness: int
    months: int
    plus: tuple[str, ...] = field(repr=False)
    minus: tuple[str, ...] = field(repr=False)

    @cached_property
    def private(self) -> int:
        """Own and borrowed funds: exactly ``share`` per cent of the total."""
        kopecks = self.total * self.share / 100
        if kopecks != int(kopecks):
            raise ValueError(f"{self.number}: {self.share} % of the total is not a whole number of kopecks")
        return int(kopecks)

    @cached_property
    def requested(self) -> int:
        """What the subsidy is asked for: all that is not private."""
        return self.total - self.private

    @cached_property
    def companies(self) -> tuple[Company, ...]:
        """Initiator and partners."""
        return self.initiator, *(company for company, _ in self.partners)


def check_digit(digits: str, weights: tuple[int, ...]) -> str:
    """Return the check digit of an ИНН: the weighted sum modulo 11 modulo 10."""
    return str(sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True)) % 11 % 10)


def company(key: str, serial: int, name: str, region: str) -> Company:
    """Invent an organisation; tax office 0000 and region 00 of the ОГРН exist nowhere."""
    body = f"0000{serial:05d}"
    inn = body + check_digit(body, (2, 4, 10, 3, 5, 9, 4, 6, 8))
    stem = f"1000000{serial:05d}"
    return Company(key, inn, stem + str(int(stem) % 11 % 10), name, region)


class Content:
    """Everything that was authored, with its references resolved."""

    def __init__(self) -> None:
        self.clusters = {card.code: card for card in self._clusters()}
        members = [one for card in self.clusters.values() for one in (card.managing, *card.members)]
        raw = read("experts")
        self.employers = [
            company(key, 90000 + 7 * place, name, region)
            for place, (key, (name, region)) in enumerate(raw["employers"].items(), 1)
        ]
        self.companies = {one.key: one for one in (*members, *self.employers)}
        self.panel = [self.panellist(row) for row in raw["expert"]]
        self.sentences = read("comments")
        self.finished = self.projects("PP41-2026", "projects-1", "projects-2")
        self.open = self.projects("PP41-2027", "projects-open")

    def _clusters(self) -> list[ClusterCard]:
        cards = []
        for place, row in enumerate(read("clusters")["cluster"], 1):
            firms = [
                company(key, 1000 * place + 37 * serial, name, row["region"])
                for serial, (key, name) in enumerate(row["organisations"].items(), 1)
            ]
            facts = {key: row[key] for key in ("code", "region", "industry", "place")}
            cards.append(ClusterCard(name=row["name"] + MARK, managing=firms[0], members=tuple(firms[1:]), **facts))
        return cards

    def panellist(self, row: dict) -> Panellist:
        """Make an expert of a row of experts.toml."""
        employer = self.companies[row["works_at"]]
        facts = {key: row[key] for key in ("email", "name", "max_load", "severity")}
        return Panellist(employer=employer, topics=tuple(row["topics"]), **facts)

    def projects(self, prefix: str, *files: str) -> list[Project]:
        """Read projects and number them by the instant of submission."""
        return self.numbered(prefix, [row for file in files for row in read(file)["project"]])

    def numbered(self, prefix: str, rows: list[dict]) -> list[Project]:
        """Make projects of ``rows``, numbered by the instant of submission."""
        rows = sorted(rows, key=lambda row: row["submitted"])
        return [self._project(f"{prefix}-{place:03d}", row) for place, row in enumerate(rows, 1)]

    def _project(self, number: str, row: dict) -> Project:
        indicators = {
            "private_share": row["share"],
            "jobs": str(row["jobs"]),
            "import_reduction": row["import_reduction"],
            "payback_years": row["payback"],
            "cluster_share": row["cluster_share"],
            "tax_ratio": row["tax"],
        }
        return Project(
            number=number,
            cluster=self.clusters[row["cluster"]],
            initiator=self.companies[row["initiator"]],
            partners=tuple((self.companies[key], role) for key, role in row["partners"]),
            status=row.get("status", "admitted"),
            submitted=datetime.fromisoformat(row["submitted"] + "+03:00"),
            total=int(Decimal(row["total"]) * 100_000_000),
            share=Decimal(row["share"]),
            indicators=indicators,
            **{key: tuple(row[key]) for key in ("topics", "marks", "plus", "minus")},
            **{key: row[key] for key in ("title", "of", "goal", "position", "readiness", "months")},
        )


def read(name: str) -> dict:
    """Read ``name``.toml of the authored content."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def money(kopecks: int) -> str:
    """Write kopecks as the archive does: roubles with two decimals."""
    return f"{kopecks // 100}.{kopecks % 100:02d}"


def millions(kopecks: int) -> str:
    """Write kopecks as millions of roubles for a sentence: «412,5»."""
    return f"{Decimal(kopecks) / 100_000_000:.2f}".rstrip("0").rstrip(".").replace(".", ",")


def comma(number: str) -> str:
    """Write a decimal with the comma of Russian text."""
    return number.replace(".", ",")
