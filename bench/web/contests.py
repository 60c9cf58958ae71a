"""A contest of so many applications, written into an SQLite file past the services: always the same one.

A fifth as many experts as applications, fifteen tasks each, and one expert («the judge») with three tasks for every
hundred applications; three reviews an application, eight marks with a comment each, four fifths of them handed in.
"""

import json
import random
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any

from alembic import command
from sqlalchemy import create_engine, insert
from sqlalchemy.orm import Session

from judging.cli.database import alembic_config
from judging.domain.collation import search_key, sort_key
from judging.domain.regions import REGIONS
from judging.models import (
    Application,
    Cluster,
    ClusterMember,
    Conflict,
    Contest,
    Criterion,
    Document,
    Expert,
    Grant,
    JournalRecord,
    Organisation,
    Partner,
    Review,
    ReviewVersion,
    User,
)
from judging.services.accounts.password_hashing import hash_password
from judging.services.search_texts import application_text, expert_text
from tests.factories import PRESET, inn, ogrn

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / "build" / "bench-web"
CODE = "BENCH"
PASSWORD = "вишня сад забор луна"  # noqa: S105 -- of people who live for a minute
OPENED, CLOSED = datetime(2026, 3, 1, 6, tzinfo=UTC), datetime(2026, 4, 1, 6, tzinfo=UTC)
REVIEWED = datetime(2099, 12, 31, 6, tzinfo=UTC)
WEIGHTS = (10, 8, 7, 6, 6, 5, 4, 4)
TOPICS = ("28.41", "28.99", "29.32", "25.62", "26.51", "20.16", "24.10", "22.29")
WORDS = (
    "линия", "литьё", "сборка", "редуктор", "подшипник", "насос", "кабель", "станок", "покрытие", "сплав", "фильтр",
    "датчик", "привод", "корпус", "узел", "модуль", "испытания", "стенд", "оснастка", "пресс", "форма", "печь", "цех",
)  # fmt: skip
BATCH = 5_000
FIRST_OF_JUDGE = 34
CHAIR, SECRETARY, JUDGE = 1, 2, 3
"""The numbers of the people who look at the pages; the expert with the number ``n`` is the person ``n + 2``."""


@dataclass(frozen=True)
class Size:
    """How much there is of everything in a contest of so many ``applications``."""

    applications: int

    @property
    def experts(self) -> int:
        """Experts, the judge among them."""
        return self.applications // 5 + 4

    @property
    def clusters(self) -> int:
        """Clusters: there are only so many in the country."""
        return min(self.applications // 50 + 2, 60)

    @property
    def organisations(self) -> int:
        """Legal entities."""
        return self.applications // 2 + 40


def contest_file(applications: int, target: Path) -> None:
    """Put the database of a contest of so many applications at ``target``; it is made once and kept under build/."""
    made_by = Path(__file__).read_bytes() + b"".join(
        path.name.encode() for path in sorted((ROOT / "migrations" / "versions").glob("*.py"))
    )
    kept = CACHE / f"{applications}-{sha256(made_by).hexdigest()[:12]}.sqlite3"
    if not kept.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        making = kept.with_suffix(".making")
        making.unlink(missing_ok=True)
        _make(applications, making)
        making.rename(kept)
    shutil.copyfile(kept, target)


def _make(applications: int, path: Path) -> None:
    url = f"sqlite:///{path}"
    command.upgrade(alembic_config(url), "head")
    engine = create_engine(url)
    draw, size = random.Random(applications), Size(applications)  # noqa: S311 -- made-up data, nothing secret
    with Session(engine) as session:
        for model, rows in _tables(draw, size):
            left = iter(rows)
            while some := list(islice(left, BATCH)):
                session.execute(insert(model), some)
        session.commit()
        session.connection().exec_driver_sql("PRAGMA journal_mode=DELETE")
    engine.dispose()


def _tables(draw: random.Random, size: Size) -> Iterator[tuple[type[Any], Iterable[dict[str, Any]]]]:
    """Every table with its rows, in an order in which each finds what it refers to."""
    reviews = list(_reviews(draw, size))
    yield User, _users(size)
    yield Contest, [_contest(size)]
    yield Criterion, _criteria()
    yield Grant, [_grant(CHAIR, "chair"), _grant(SECRETARY, "secretary")]
    yield Organisation, _organisations(draw, size)
    yield Cluster, _clusters(draw, size)
    yield ClusterMember, _members(draw, size)
    yield Application, _applications(draw, size)
    yield Partner, _partners(draw, size)
    yield Document, _documents(size)
    yield Expert, _experts(draw, size)
    yield Conflict, _conflicts(draw, size)
    yield Review, reviews
    yield ReviewVersion, [_version(row) for row in reviews if row["status"] == "submitted"]
    yield JournalRecord, [_record(row) for row in reviews if row["status"] == "submitted"]


def _text(draw: random.Random, least: int, most: int) -> str:
    return " ".join(draw.choices(WORDS, k=draw.randint(least, most))).capitalize()


def _users(size: Size) -> Iterator[dict[str, Any]]:
    hashed = hash_password(PASSWORD)
    for number in range(1, size.experts + JUDGE):
        name = {CHAIR: "Председатель", SECRETARY: "Секретарь"}.get(number, f"Эксперт {number - SECRETARY}")
        email = f"person{number:05}@example.org"
        yield {
            "id": number, "email": email, "name": name, "password_hash": hashed, "created_at": OPENED,
            "email_confirmed_at": OPENED, "search_text": search_key(f"{name} {email}"), "sort_name": sort_key(name),
        }  # fmt: skip


def _grant(user: int, role: str) -> dict[str, Any]:
    return {"user_id": user, "role": role, "contest_id": 1, "granted_at": OPENED}


def _contest(size: Size) -> dict[str, Any]:
    return {
        "id": 1, "code": CODE, "title": f"Большой конкурс: {size.applications} заявок", "timezone": "Europe/Moscow",
        "applications_open": OPENED, "applications_close": CLOSED, "review_close": REVIEWED,
        "budget": size.applications * 20_000_000_00, "rules": PRESET["rules"] | {"experts_per_application": 3},
        "label": PRESET["label"], "label_en": PRESET["label_en"], "document_slots": PRESET["documents"],
        "indicators": PRESET["indicators"], "partner_roles": PRESET["partner_roles"], "status": "published",
        "created_at": OPENED, "published_at": OPENED, "applications_received": size.applications,
    }  # fmt: skip


def _criteria() -> Iterator[dict[str, Any]]:
    """The computed criteria of the preset, and eight that experts mark."""
    computed = [item for item in PRESET["criteria"] if item["kind"] != "expert"]
    marked = [item for item in PRESET["criteria"] if item["kind"] == "expert"]
    more = [marked[place % len(marked)] for place in range(len(WEIGHTS))]
    given = [item | {"code": f"E{n}", "weight": str(WEIGHTS[n - 1])} for n, item in enumerate(more, 1)]
    for position, (definition, source) in enumerate(zip([*computed, *given], [*computed, *more], strict=True)):
        yield {
            "contest_id": 1, "position": position, "code": definition["code"], "title": definition["title"],
            "title_en": PRESET["criteria_en"][source["code"]], "kind": definition["kind"], "definition": definition,
            "guidance": PRESET["guidance"].get(source["code"], {}),
            "descriptors": PRESET["descriptors"].get(source["code"], []),
        }  # fmt: skip


def _organisations(draw: random.Random, size: Size) -> Iterator[dict[str, Any]]:
    for number in range(1, size.organisations + 1):
        name = f"ООО «{_text(draw, 1, 2)} {number}»"
        yield {
            "id": number, "contest_id": 1, "inn": inn(number), "ogrn": ogrn(number), "name": name,
            "region": draw.choice(tuple(REGIONS)), "sort_name": sort_key(name),
        }  # fmt: skip


def _clusters(draw: random.Random, size: Size) -> Iterator[dict[str, Any]]:
    for number in range(1, size.clusters + 1):
        name = f"Кластер {number}: {_text(draw, 2, 3)}"
        yield {
            "id": number, "contest_id": 1, "code": f"K{number:04}", "name": name, "sort_name": sort_key(name),
            "region": draw.choice(tuple(REGIONS)), "industry": _text(draw, 1, 2), "managing_organisation_id": number,
        }  # fmt: skip


def _members(draw: random.Random, size: Size) -> Iterator[dict[str, Any]]:
    for number in range(1, size.clusters + 1):
        for position, one in enumerate(draw.sample(range(1, size.organisations + 1), 30)):
            yield {"cluster_id": number, "organisation_id": one, "position": position}


def _applications(draw: random.Random, size: Size) -> Iterator[dict[str, Any]]:
    """So many admitted applications, and a few more that are drafts, rejected or wait for a decision."""
    others = ["submitted", "rejected", "draft", "withdrawn"] * (size.applications // 100 + 1)
    for number, status in enumerate(["admitted"] * size.applications + others, 1):
        cluster, title = (number - 1) % size.clusters + 1, _text(draw, 6, 14)
        at = OPENED + timedelta(seconds=draw.randrange(30 * 86_400))
        shown = None if status == "draft" else f"{number:05}"
        requested = draw.randint(1_000, 150_000) * 1_000_00
        yield {
            "id": number, "contest_id": 1, "cluster_id": cluster, "number": shown, "status": status, "title": title,
            "initiator_id": number % size.organisations + 1, "goal": _text(draw, 20, 40),
            "summary": _text(draw, 60, 120), "topics": draw.sample(TOPICS, 2), "total_cost": requested * 3,
            "requested": requested, "indicators": _indicators(draw), "created_at": at, "updated_at": at,
            "submitted_at": None if shown is None else at, "decided_at": CLOSED if status == "rejected" else None,
            "search_text": application_text(shown, title, f"Кластер {cluster}"), "sort_title": sort_key(title),
            "sort_number": sort_key(shown or ""),
        }  # fmt: skip


def _indicators(draw: random.Random) -> dict[str, str]:
    return {
        "private_share": str(draw.randint(50, 90)), "jobs": str(draw.randint(0, 300)),
        "import_reduction": str(draw.randint(0, 70)), "payback_years": f"{draw.randint(20, 120) / 10}",
        "cluster_share": str(draw.randint(0, 100)), "tax_ratio": f"{draw.randint(0, 400) / 100}",
    }  # fmt: skip


def _partners(draw: random.Random, size: Size) -> Iterator[dict[str, Any]]:
    for number in range(1, size.applications + 1):
        for position in range(3):
            one = draw.randint(1, size.organisations)
            yield {"application_id": number, "organisation_id": one, "position": position, "role": "supplier"}


def _documents(size: Size) -> Iterator[dict[str, Any]]:
    slots = [slot["code"] for slot in PRESET["documents"] if slot["required"]]
    for number in range(1, size.applications + 1):
        for slot in slots:
            yield {
                "application_id": number, "slot": slot, "filename": f"{slot}.pdf", "media_type": "application/pdf",
                "size": 123_456, "sha256": "0" * 64, "storage_key": f"bench/{number}-{slot}", "uploaded_at": OPENED,
            }  # fmt: skip


def _experts(draw: random.Random, size: Size) -> Iterator[dict[str, Any]]:
    for number in range(1, size.experts + 1):
        name, email, topics = f"Эксперт {number}", f"person{number + SECRETARY:05}@example.org", draw.sample(TOPICS, 3)
        yield {
            "id": number, "contest_id": 1, "user_id": number + SECRETARY, "email": email, "name": name,
            "organisation_id": draw.randint(1, size.organisations), "region": draw.choice(tuple(REGIONS)),
            "topics": topics, "max_load": 25 if number > 1 else size.applications, "invited_at": OPENED,
            "accepted_at": OPENED, "search_text": expert_text(name, email, "", topics), "sort_name": sort_key(name),
        }  # fmt: skip


def _conflicts(draw: random.Random, size: Size) -> Iterator[dict[str, Any]]:
    """Every twentieth application has a conflict, now and then with an expert who has a task on it."""
    for number in range(20, size.applications + 1, 20):
        expert = _panel(number, size)[2] if number % 200 == 0 else draw.randint(2, size.experts)
        yield {
            "contest_id": 1, "expert_id": expert, "application_id": number, "kind": "entered",
            "reason": "Работа у участника проекта", "created_at": CLOSED,
        }  # fmt: skip


def _panel(number: int, size: Size) -> list[int]:
    """The three experts of an application."""
    others = [((number - 1) * 3 + place) % (size.experts - 1) + 2 for place in range(3)]
    return [1, *others[:2]] if number * 3 % 100 < 3 else others


def _reviews(draw: random.Random, size: Size) -> Iterator[dict[str, Any]]:
    review = 0
    for number in range(1, size.applications + 1):
        level = draw.randint(3, 8)
        for place, expert in enumerate(_panel(number, size)):
            review += 1
            yield _review(draw, review, number, expert, _status(number, place), level)


def _status(number: int, place: int) -> str:
    if place == 0 and (number % 3 == 0 or number == FIRST_OF_JUDGE):
        return "accepted"
    return "assigned" if number % 5 == 0 and place == 1 else "submitted"


def _review(draw: random.Random, key: int, number: int, expert: int, status: str, level: int) -> dict[str, Any]:
    given = {"submitted": len(WEIGHTS), "accepted": 4, "assigned": 0}[status]
    marks = {f"E{n}": str(min(10, max(0, level + draw.randint(-2, 2)))) for n in range(1, given + 1)}
    at = CLOSED + timedelta(days=1, seconds=draw.randrange(28 * 86_400))
    return {
        "id": key, "contest_id": 1, "expert_id": expert, "application_id": number, "status": status, "scores": marks,
        "comments": {code: _text(draw, 8, 20) + "." for code in marks}, "created_at": CLOSED, "notified_at": CLOSED,
        "recommendation": None if status != "submitted" else "support" if level > 5 else "do_not_support",
        "declared_at": None if status == "assigned" else CLOSED, "saved_at": at if given else None,
        "submitted_at": at if status == "submitted" else None,
    }  # fmt: skip


def _version(row: dict[str, Any]) -> dict[str, Any]:
    sheet = {"scores": row["scores"], "comments": row["comments"], "version": 1}
    digest = sha256(json.dumps(sheet).encode()).hexdigest()
    return {"review_id": row["id"], "number": 1, "sheet": sheet, "sha256": digest, "made_at": row["submitted_at"]}


def _record(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "at": row["submitted_at"], "event": "review.submitted", "actor_id": row["expert_id"] + SECRETARY,
        "actor_name": f"Эксперт {row['expert_id']}", "contest_id": 1, "subject_type": "review",
        "subject_id": row["id"], "subject_label": f"Эксперт {row['expert_id']} / {row['application_id']:05}",
        "details": {"status": ["accepted", "submitted"], "version": 1}, "previous_id": 0,
    }  # fmt: skip
