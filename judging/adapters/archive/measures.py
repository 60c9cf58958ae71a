"""The bounds of the web's fields, applied to what stands in a file: sums, numbers, lengths, lists.

What is within them can be saved unchanged by the form that shows it. The schema's own bounds are wider: documents that
were stored before these came are read by it alone.
"""

from collections.abc import Callable, Iterator
from typing import Any

from judging.adapters.strict_json.bounds import TOO_MANY
from judging.adapters.strict_json.faults import MESSAGES
from judging.adapters.strict_json.notation import kopecks_value, path_text
from judging.domain.errors import Fault, Unfit
from judging.domain.fields.bounds import (
    GREATEST_LOAD,
    LONGEST_REASON,
    MOST_BANDS,
    MOST_EXPERTS,
    MOST_FORMS,
    MOST_NOMINATIONS,
    MOST_PARTNERS,
    MOST_SUBMISSIONS,
    MOST_TIE_BREAKERS,
    MOST_TOPICS,
    MOST_WINNERS,
)
from judging.domain.fields.numbers import GREATEST_SUM, MOST_DIGITS, TOO_LONG, bounded_sum
from judging.domain.milestones import Code
from judging.domain.record import ReviewState
from judging.domain.sheets import LONGEST_COMMENT, LONGEST_DRAFT_COMMENT

Names = tuple[str, ...]
Measure = Callable[[Any], None]

SHORT = len(str(GREATEST_SUM // 100)) - 1
"""A text of no more characters is within every bound; the first that is not is a sum of whole roubles."""
NUMBERS = frozenset({"weight", "min", "max", "step", "pass", "at_most", "at_least", "zero_at", "full_at", "from",
                     "score", "total_share", "criterion_range", "pass_total"})  # fmt: skip
"""The keys of decimals in criteria and rules."""
NUMBERS_BY_CODE = frozenset({"frozen_base", "indicators", "scores", "weights"})
"""The objects whose values are decimals."""
COMMENTS = ("comments", "to_applicant")
"""The objects of a review whose values are comments."""


def measured(names: Names, value: Any) -> None:
    """Raise :class:`Unfit` where a value is beyond the bound of its field; another type is the schema's to name."""
    measure = MEASURES.get(names)
    if measure is not None:
        measure(value)
    elif isinstance(value, str) and _is_number(names):
        _number(value)


def comment_faults(document: dict[str, Any]) -> Iterator[Fault]:
    """Name every comment that is longer than its sheet takes: one handed in takes less than one in work."""
    reviews = document.get("reviews")
    for place, review in enumerate(reviews if isinstance(reviews, list) else []):
        if not isinstance(review, dict):
            continue
        most = LONGEST_COMMENT if review.get("state") == ReviewState.SUBMITTED else LONGEST_DRAFT_COMMENT
        for name in COMMENTS:
            comments = review.get(name)
            for code, text in comments.items() if isinstance(comments, dict) else ():
                if isinstance(text, str) and len(text) > most:
                    yield Fault(path_text("reviews", place, name, code), LONGER, {"max_length": most})


def _is_number(names: Names) -> bool:
    if names[-2:-1] and names[-2] in NUMBERS_BY_CODE:
        return True
    return names[-1] in NUMBERS and names[0] == "contest"


def _number(text: str) -> None:
    if sum(sign.isdigit() for sign in text) > MOST_DIGITS:
        raise Unfit(TOO_LONG, most=MOST_DIGITS)


def _sum(value: Any) -> None:
    try:
        kopecks = kopecks_value(value)
    except Unfit:
        return
    bounded_sum(kopecks)


def _at_most(greatest: int) -> Measure:
    def measure(value: Any) -> None:
        if isinstance(value, int) and value > greatest:
            raise Unfit(GREATER, le=greatest)

    return measure


def _rows(most: int) -> Measure:
    def measure(value: Any) -> None:
        if isinstance(value, list) and len(value) > most:
            raise Unfit(TOO_MANY, most=most)

    return measure


def _length(longest: int) -> Measure:
    def measure(value: Any) -> None:
        if isinstance(value, str) and len(value) > longest:
            raise Unfit(LONGER, max_length=longest)

    return measure


GREATER, LONGER = MESSAGES["less_than_equal"], MESSAGES["string_too_long"]
MEASURES: dict[Names, Measure] = {
    ("contest", "budget"): _sum,
    ("contest", "rules", "cap_per_application"): _sum,
    ("contest", "nominations"): _rows(MOST_NOMINATIONS),
    ("contest", "forms"): _rows(MOST_FORMS),
    ("contest", "milestones"): _rows(len(Code)),
    ("applications", "submissions"): _rows(MOST_SUBMISSIONS),
    ("contest", "nominations", "budget"): _sum,
    ("contest", "nominations", "cap_per_application"): _sum,
    ("contest", "nominations", "max_winners"): _at_most(MOST_WINNERS),
    ("applications", "requested"): _sum,
    ("applications", "total_cost"): _sum,
    ("contest", "rules", "experts_per_application"): _at_most(MOST_EXPERTS),
    ("contest", "rules", "max_winners"): _at_most(MOST_WINNERS),
    ("experts", "max_load"): _at_most(GREATEST_LOAD),
    ("contest", "rules", "tie_breakers"): _rows(MOST_TIE_BREAKERS),
    ("contest", "criteria", "bands"): _rows(MOST_BANDS),
    ("applications", "topics"): _rows(MOST_TOPICS),
    ("applications", "partners"): _rows(MOST_PARTNERS),
    ("experts", "topics"): _rows(MOST_TOPICS),
    ("conflicts", "reason"): _length(LONGEST_REASON),
    ("reviews", "reason"): _length(LONGEST_REASON),
    ("reviews", "scope_reason"): _length(LONGEST_REASON),
    ("reviews", "set_aside"): _length(LONGEST_REASON),
    ("applications", "panel", "reason"): _length(LONGEST_REASON),
    ("agreed", "rationale"): _length(LONGEST_COMMENT),
}
"""The bound of a field by its path without places in lists."""
