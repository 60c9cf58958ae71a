"""How firm a ranking is: record → scores as arrays → the engine → a report; and the reports that are kept."""

from judging.queries.firmness.digests import digest_of
from judging.queries.firmness.ready import WAITED_FOR_ROWS, is_small, ready_report, ready_reports
from judging.queries.firmness.reports import compute_report
from judging.queries.firmness.stored import (
    Calculation,
    Kept,
    counted_reviews,
    latest_calculation,
    made_at,
    newest_report,
    present_digest,
    stored_report,
)

__all__ = [
    "WAITED_FOR_ROWS", "Calculation", "Kept", "compute_report", "counted_reviews", "digest_of", "is_small",
    "latest_calculation", "made_at", "newest_report", "present_digest", "ready_report", "ready_reports",
    "stored_report",
]  # fmt: skip
