"""Criteria of a draft contest: add, change, remove, put in another order."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from judging.adapters.archive import criterion_object
from judging.domain import rubric
from judging.domain.access import By
from judging.domain.errors import N_, Fault, Refused, RuleViolation
from judging.domain.events import Event
from judging.domain.launch import WordedLevel, level_faults
from judging.domain.rubric_faults import criterion_faults
from judging.domain.rules import Tiebreak, tiebreak_of
from judging.models import Contest, Criterion
from judging.services import audit
from judging.services.contests.contest_hold import draft, touch
from judging.services.contests.nomination_edit import reweigh
from judging.services.contests.row_order import move_row, next_position, number_rows


@dataclass(frozen=True)
class CriterionTexts:
    """What an archive has no place for: the English title, guidance and the levels in words (the model's notation)."""

    title_en: str = ""
    guidance: dict[str, Any] = field(default_factory=dict)
    descriptors: list[dict[str, str]] = field(default_factory=list)


class NoSuchCriterion(RuleViolation):
    """The criterion was removed meanwhile."""


@dataclass(frozen=True)
class CriterionChange:
    """A criterion as it is to be, with its texts; ``version`` is that of the contest which was looked at."""

    criterion: rubric.Criterion
    texts: CriterionTexts
    version: int


def add_criterion(session: Session, contest_id: int, change: CriterionChange, *, by: By) -> Criterion:
    """Add a criterion at the end of a draft's rubric; raise ``Refused`` (paths start at the criterion)."""
    contest = draft(session, contest_id, change.version)
    _refuse_faults(contest, change.criterion, change.texts, None)
    row = Criterion(position=next_position(contest.criteria), **_values(change.criterion, change.texts))
    contest.criteria.append(row)
    _record(session, contest, row.code, None, _journal(row), by)
    return row


def change_criterion(
    session: Session, contest_id: int, criterion_id: int, change: CriterionChange, *, by: By
) -> Criterion:
    """Change a criterion of a draft's rubric; raise ``Refused`` (paths start at the criterion)."""
    contest = draft(session, contest_id, change.version)
    row = _row(contest, criterion_id)
    _refuse_faults(contest, change.criterion, change.texts, row)
    before = _journal(row)
    _follow_code(contest, row.code, change.criterion.code)
    for name, value in _values(change.criterion, change.texts).items():
        setattr(row, name, value)
    after = _journal(row)
    if before != after:
        _record(session, contest, row.code, before, after, by)
    return row


def remove_criterion(session: Session, contest_id: int, criterion_id: int, *, version: int, by: By) -> Contest:
    """Remove a criterion from a draft's rubric, and the tie breakers that name it."""
    contest = draft(session, contest_id, version)
    row = _row(contest, criterion_id)
    before = _journal(row)
    contest.criteria.remove(row)
    kept = [text for text in contest.rules["tie_breakers"] if tiebreak_of(text) != (Tiebreak.CRITERION, row.code)]
    contest.rules = contest.rules | {"tie_breakers": kept}
    reweigh(contest, row.code, None)
    number_rows(contest.criteria)
    _record(session, contest, row.code, before, None, by)
    return contest


def move_criterion(
    session: Session, contest_id: int, criterion_id: int, places: int, *, version: int, by: By
) -> Contest:
    """Move a criterion of a draft's rubric by ``places`` (negative: up); past an end it stays at the end."""
    contest = draft(session, contest_id, version)
    row = _row(contest, criterion_id)
    before, after = move_row(contest.criteria, row, places)
    if after != before:
        _record(session, contest, "order", before, after, by)
    return contest


def _row(contest: Contest, criterion_id: int) -> Criterion:
    for row in contest.criteria:
        if row.id == criterion_id:
            return row
    raise NoSuchCriterion(N_("This criterion is no longer in the rubric."))


def _follow_code(contest: Contest, old: str, new: str) -> None:
    """Let tie breakers and weights of nominations that name a criterion follow its new code."""
    if old == new:
        return
    reweigh(contest, old, new)
    renamed = [
        f"{Tiebreak.CRITERION}:{new}" if tiebreak_of(text) == (Tiebreak.CRITERION, old) else text
        for text in contest.rules["tie_breakers"]
    ]
    contest.rules = contest.rules | {"tie_breakers": renamed}


def _values(criterion: rubric.Criterion, texts: CriterionTexts) -> dict[str, Any]:
    return {
        "code": criterion.code,
        "title": criterion.title,
        "title_en": texts.title_en,
        "kind": criterion.kind,
        "definition": dict(criterion_object(criterion)),
        "guidance": texts.guidance,
        "descriptors": texts.descriptors,
    }


def _journal(row: Criterion) -> dict[str, Any]:
    return {
        "definition": row.definition,
        "title_en": row.title_en,
        "guidance": row.guidance,
        "descriptors": row.descriptors,
    }


def _refuse_faults(contest: Contest, criterion: rubric.Criterion, texts: CriterionTexts, row: Criterion | None) -> None:
    faults = [*_code_faults(contest, criterion.code, row), *criterion_faults(criterion)]
    if isinstance(criterion, rubric.ExpertCriterion) and not faults:
        faults += level_faults(criterion.scale, [_level(item) for item in texts.descriptors])
    if faults:
        raise Refused(faults)


def _code_faults(contest: Contest, code: str, row: Criterion | None) -> Iterator[Fault]:
    if any(other.code == code for other in contest.criteria if other is not row):
        yield Fault("code", N_("The code %(code)s is used twice"), {"code": code})


def _level(item: dict[str, str]) -> WordedLevel:
    return WordedLevel(Decimal(item["from"]), Decimal(item["to"]), item["text"])


def _record(session: Session, contest: Contest, name: str, before: object, after: object, by: By) -> None:
    touch(contest)
    audit.record(
        session,
        Event.RUBRIC_CHANGED,
        by=by,
        subject=contest,
        label=contest.title,
        contest_id=contest.id,
        details={name: [before, after]},
    )
