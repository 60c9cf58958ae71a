"""What a report was made from, as one hash: it changes with whatever may change the report, and with nothing else."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from judging.adapters.archive import to_document
from judging.domain.canonical import digest
from judging.domain.record import AgreedReview, Application, ContestRecord, Decision, Review
from judging.domain.scoring import countable_reviews

REPORT_VERSION = 6
"""Changes whenever the same contest may give another report."""
TERMS = ("budget", "criteria", "rules", "frozen_base")


def digest_of(record: ContestRecord) -> str:
    """Return the SHA-256 of the canonical JSON of marks, indicators, money, rubric, rules and versions."""
    from judging.engines.calibration import ENGINE_VERSION

    admitted = [item for item in record.applications if item.status is Decision.ADMITTED]
    grouped = countable_reviews(record.reviews, record.conflicts)
    reviews = [review for item in admitted for review in grouped[item.number]]
    heard = {review.expert for review in reviews}
    bare = ContestRecord(record.contest, (), (), (), (), (), ())
    terms = to_document(bare)["contest"]
    numbers = {item.number for item in admitted}
    agreed = [item for item in record.agreed if item.application in numbers]
    return digest(
        {
            "report": REPORT_VERSION,
            "engine": ENGINE_VERSION,
            "contest": {name: terms.get(name) for name in TERMS} | {"code": record.contest.code},
            "applications": sorted(map(_application, admitted)),
            "reviews": sorted(map(_review, reviews)),
            "experts": sorted([item.email, item.name] for item in record.experts if item.email in heard),
            **({"agreed": sorted(map(_agreed, agreed))} if agreed else {}),
        }
    )


def _application(item: Application) -> list[Any]:
    indicators = {name: f"{value:f}" for name, value in item.indicators.items()}
    panel = [] if item.panel is None else [item.panel.verdict.value]
    return [item.number, item.requested, item.submitted_at.isoformat(), sorted(indicators.items()), *panel]


def _review(review: Review) -> list[Any]:
    submitted = None if review.submitted_at is None else review.submitted_at.isoformat()
    abstained = [sorted(review.abstained)] if review.abstained else []
    return [review.application, review.expert, review.additional, submitted or "", _marks(review.scores), *abstained]


def _agreed(item: AgreedReview) -> list[Any]:
    return [item.application, item.expert, _marks(item.scores)]


def _marks(scores: Mapping[str, Decimal]) -> list[tuple[str, str]]:
    return sorted((code, f"{mark:f}") for code, mark in scores.items())
