"""Builders of contest records for tests of the rules: a small reader of the archive's JSON and short constructors."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from judging.domain.record import (
    Application,
    Cluster,
    Conflict,
    ContestRecord,
    ContestTerms,
    Decision,
    Expert,
    Organisation,
    Partner,
    Recommendation,
    Review,
    ReviewState,
)
from judging.domain.rubric import (
    Band,
    BandsCriterion,
    CommentRule,
    Criterion,
    ExpertCriterion,
    LinearCriterion,
    RelativeCriterion,
    Scale,
)
from judging.domain.rules import AdditionalRule, Aggregate, BudgetMode, Divergence, Rules

DATA = Path(__file__).resolve().parent.parent / "data"
START = datetime(2026, 3, 1, 6, 0, tzinfo=UTC)
TEN = Scale(Decimal(0), Decimal(10), Decimal(1))


def golden() -> ContestRecord:
    return record_of(json.loads((DATA / "golden-1.json").read_text(encoding="utf-8")))


def golden_ranking() -> dict[str, Any]:
    return json.loads((DATA / "golden-1.ranking.json").read_text(encoding="utf-8"))


def rules(**changes: Any) -> Rules:
    """Two experts, the mean, no divergence, no threshold, two decimals, strict budget."""
    plain = Rules(2, Aggregate.MEAN, Divergence(), AdditionalRule.MEAN_ALL, None, 2, (), BudgetMode.STRICT)
    return replace(plain, **changes)


def terms(*criteria: Criterion, **changes: Any) -> ContestTerms:
    plain = ContestTerms(
        code="T-1",
        title="Test",
        timezone="Europe/Moscow",
        applications_open=START,
        applications_close=START + timedelta(days=30),
        review_close=START + timedelta(days=60),
        budget=None,
        criteria=criteria,
        rules=rules(),
    )
    return replace(plain, **changes)


def expert_criterion(code: str = "E1", weight: str = "10", **changes: Any) -> ExpertCriterion:
    return replace(ExpertCriterion(code, f"Criterion {code}", Decimal(weight), TEN), **changes)


def linear(code: str = "C1", weight: str = "10", zero_at: str = "0", full_at: str = "10") -> LinearCriterion:
    return LinearCriterion(code, f"Criterion {code}", Decimal(weight), code, Decimal(zero_at), Decimal(full_at))


def relative(code: str = "C1", weight: str = "10", best: Any = "max") -> RelativeCriterion:
    return RelativeCriterion(code, f"Criterion {code}", Decimal(weight), code, best)


def bands(*pairs: tuple[str | None, str], code: str = "C1", weight: str = "10") -> BandsCriterion:
    rows = tuple(Band(None if start is None else Decimal(start), Decimal(score)) for start, score in pairs)
    return BandsCriterion(code, f"Criterion {code}", Decimal(weight), code, rows)


def application(number: str, **changes: Any) -> Application:
    """An admitted application; indicators may be given as text."""
    indicators = {name: Decimal(value) for name, value in changes.pop("indicators", {}).items()}
    plain = Application(
        number=number,
        title=f"Project {number}",
        cluster="K",
        initiator="0000001004",
        partners=(),
        submitted_at=START,
        status=Decision.ADMITTED,
        requested=100,
        total_cost=1000,
        topics=(),
        indicators=indicators,
    )
    return replace(plain, **changes)


def review(expert: str, number: str, scores: Mapping[str, str], **changes: Any) -> Review:
    """A submitted review; marks are given as text."""
    plain = Review(
        expert=f"{expert}@example.org",
        application=number,
        state=ReviewState.SUBMITTED,
        submitted_at=START,
        scores={code: Decimal(mark) for code, mark in scores.items()},
    )
    return replace(plain, **changes)


def record_of(document: Mapping[str, Any]) -> ContestRecord:
    """Read a correct archive; nothing is checked."""
    return ContestRecord(
        contest=_terms(document["contest"]),
        organisations=tuple(Organisation(**row) for row in document["organisations"]),
        clusters=tuple(Cluster(**{**row, "members": tuple(row["members"])}) for row in document["clusters"]),
        applications=tuple(_application(row) for row in document["applications"]),
        experts=tuple(Expert(**{**row, "topics": tuple(row["topics"])}) for row in document["experts"]),
        conflicts=tuple(Conflict(**row) for row in document["conflicts"]),
        reviews=tuple(_review(row) for row in document["reviews"]),
    )


def _terms(row: Mapping[str, Any]) -> ContestTerms:
    instants = ("applications_open", "applications_close", "review_close")
    return ContestTerms(
        code=row["code"],
        title=row["title"],
        timezone=row["timezone"],
        **{name: datetime.fromisoformat(row[name]) for name in instants},
        budget=_kopecks(row["budget"]),
        criteria=tuple(_criterion(item) for item in row["criteria"]),
        rules=_rules(row["rules"]),
    )


def _rules(row: Mapping[str, Any]) -> Rules:
    return Rules(
        experts_per_application=row["experts_per_application"],
        aggregate=Aggregate(row["aggregate"]),
        divergence=Divergence(**{name: _decimal(value) for name, value in row["divergence"].items()}),
        additional_review=AdditionalRule(row["additional_review"]),
        pass_total=_decimal(row["pass_total"]),
        rounding=row["rounding"],
        tie_breakers=tuple(row["tie_breakers"]),
        budget_mode=BudgetMode(row["budget_mode"]),
        max_winners=row["max_winners"],
        cap_per_application=_kopecks(row["cap_per_application"]),
    )


def _criterion(row: Mapping[str, Any]) -> Criterion:
    common = {"code": row["code"], "title": row["title"], "weight": Decimal(row["weight"])}
    if row["kind"] == "expert":
        scale = Scale(*(Decimal(row["scale"][name]) for name in ("min", "max", "step")))
        rule = CommentRule(**{name: Decimal(mark) for name, mark in row["comment_required"].items()})
        return ExpertCriterion(**common, scale=scale, pass_mark=_decimal(row.get("pass")), comment_required=rule)
    common["indicator"] = row["indicator"]
    if row["kind"] == "linear":
        return LinearCriterion(**common, zero_at=Decimal(row["zero_at"]), full_at=Decimal(row["full_at"]))
    if row["kind"] == "relative":
        return RelativeCriterion(**common, best=row["best"])
    return BandsCriterion(**common, bands=tuple(Band(_decimal(b["from"]), Decimal(b["score"])) for b in row["bands"]))


def _application(row: Mapping[str, Any]) -> Application:
    return Application(
        **{name: row[name] for name in ("number", "title", "cluster", "initiator")},
        partners=tuple(Partner(**partner) for partner in row["partners"]),
        submitted_at=datetime.fromisoformat(row["submitted_at"]),
        status=Decision(row["status"]),
        requested=int(Decimal(row["requested"]) * 100),
        total_cost=int(Decimal(row["total_cost"]) * 100),
        topics=tuple(row["topics"]),
        indicators={name: Decimal(value) for name, value in row["indicators"].items()},
    )


def _review(row: Mapping[str, Any]) -> Review:
    return Review(
        expert=row["expert"],
        application=row["application"],
        state=ReviewState(row["state"]),
        submitted_at=datetime.fromisoformat(row["submitted_at"]),
        scores={code: Decimal(mark) for code, mark in row["scores"].items()},
        comments=row["comments"],
        recommendation=Recommendation(row["recommendation"]),
        additional=row.get("additional", False),
        reason=row.get("reason"),
    )


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _kopecks(text: str | None) -> int | None:
    return None if text is None else int(Decimal(text) * 100)
