"""What richer score sheets added to version 2: every key, how often a record has it, and the record without it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from judging.adapters.archive.additions import Addition
from judging.domain.record import Application, ContestRecord, Review
from judging.domain.rubric import AnswerStyle, BelowPass, CommentRule, ExpertCriterion, expert_criteria
from judging.domain.rules import AgreedScore
from judging.domain.sheet_rules import GROUP, SheetRules

VERSION = 2
Change = Callable[[ExpertCriterion], ExpertCriterion]


def _criterion(key: str, usual: Any) -> Addition:
    """An addition to expert criteria; ``usual``: what they have without it."""
    return _marking(key, lambda item: replace(item, **{key: usual}))


def _marking(key: str, without: Change) -> Addition:
    def count(record: ContestRecord) -> int:
        return sum(without(item) != item for item in expert_criteria(record.contest.criteria))

    def reduced(record: ContestRecord) -> ContestRecord:
        criteria = record.contest.criteria
        left = tuple(without(item) if isinstance(item, ExpertCriterion) else item for item in criteria)
        return replace(record, contest=replace(record.contest, criteria=left))

    return Addition(VERSION, f"contest.criteria.{key}", count, reduced)


def _any_length(item: ExpertCriterion) -> ExpertCriterion:
    rule = item.comment_required
    if rule is None:
        return item
    return replace(item, comment_required=CommentRule(at_most=rule.at_most, at_least=rule.at_least))


def _rule(key: str, usual: Any) -> Addition:
    def count(record: ContestRecord) -> int:
        return int(getattr(record.contest.rules, key) != usual)

    def reduced(record: ContestRecord) -> ContestRecord:
        rules = replace(record.contest.rules, **{key: usual})
        return replace(record, contest=replace(record.contest, rules=rules))

    return Addition(VERSION, f"contest.rules.{key}", count, reduced)


def _review(key: str, usual: Any) -> Addition:
    def count(record: ContestRecord) -> int:
        return sum(getattr(item, key) != usual for item in record.reviews)

    def reduced(record: ContestRecord) -> ContestRecord:
        return replace(record, reviews=tuple(replace(item, **{key: usual}) for item in record.reviews))

    return Addition(VERSION, f"reviews.{key}", count, reduced)


def _without_sheet(record: ContestRecord) -> ContestRecord:
    return replace(record, contest=replace(record.contest, sheet=SheetRules()))


def _panel(record: ContestRecord) -> int:
    return sum(item.panel is not None for item in record.applications)


def _without_panel(record: ContestRecord) -> ContestRecord:
    def left(item: Application) -> Application:
        return replace(item, panel=None)

    return replace(record, applications=tuple(map(left, record.applications)))


def _on_groups(review: Review) -> Iterator[str]:
    return (place for place in review.comments if place.startswith(GROUP))


def _group_comments(record: ContestRecord) -> int:
    return sum(1 for item in record.reviews for _ in _on_groups(item))


def _without_group_comments(record: ContestRecord) -> ContestRecord:
    def left(review: Review) -> Review:
        comments = {place: text for place, text in review.comments.items() if not place.startswith(GROUP)}
        return replace(review, comments=comments)

    return replace(record, reviews=tuple(map(left, record.reviews)))


def _without_agreed(record: ContestRecord) -> ContestRecord:
    return replace(record, agreed=())


SHEET_ADDITIONS: tuple[Addition, ...] = (
    Addition(VERSION, "contest.sheet", lambda record: int(record.contest.sheet != SheetRules()), _without_sheet),
    _criterion("answers", AnswerStyle.MARKS),
    _criterion("required", usual=True),
    _criterion("may_abstain", usual=False),
    _criterion("below_pass", BelowPass.REJECT),
    _marking("comment_required.shortest", _any_length),
    _rule("below_pass", BelowPass.REJECT),
    _rule("agreed_score", AgreedScore.NONE),
    Addition(VERSION, "applications.panel", _panel, _without_panel),
    _review("abstained", frozenset()),
    _review("confidence", None),
    _review("in_scope", None),
    _review("scope_reason", ""),
    _review("to_applicant", {}),
    _review("set_aside", None),
    Addition(VERSION, "reviews.comments of groups", _group_comments, _without_group_comments),
    Addition(VERSION, "agreed", lambda record: len(record.agreed), _without_agreed),
)
