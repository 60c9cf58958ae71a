"""What a report was made from, as one hash: it changes with whatever may change the report, and with nothing else."""

from typing import Any

from judging.adapters.archive import to_document
from judging.domain.canonical import digest
from judging.domain.record import Application, ContestRecord, Decision, Review
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
    return digest(
        {
            "report": REPORT_VERSION,
            "engine": ENGINE_VERSION,
            "contest": {name: terms.get(name) for name in TERMS} | {"code": record.contest.code},
            "applications": sorted(map(_application, admitted)),
            "reviews": sorted(map(_review, reviews)),
            "experts": sorted([item.email, item.name] for item in record.experts if item.email in heard),
        }
    )


def _application(item: Application) -> list[Any]:
    indicators = {name: f"{value:f}" for name, value in item.indicators.items()}
    return [item.number, item.requested, item.submitted_at.isoformat(), sorted(indicators.items())]


def _review(review: Review) -> list[Any]:
    submitted = None if review.submitted_at is None else review.submitted_at.isoformat()
    marks = {code: f"{mark:f}" for code, mark in review.scores.items()}
    return [review.application, review.expert, review.additional, submitted or "", sorted(marks.items())]
