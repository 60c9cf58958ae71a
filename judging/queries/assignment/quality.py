"""The sheets of a contest as the hints about experts' work look at them (:mod:`judging.domain.hints`)."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from judging.domain.hints import JudgedSheet, Panel
from judging.domain.lifecycle import ReviewStatus
from judging.domain.rubric import ExpertCriterion, Scale, expert_criteria, in_total
from judging.domain.shares import mark_share
from judging.models import Application, Cluster, Expert, Review, Submission
from judging.queries.assignment.places import admitted
from judging.queries.records import contest_terms

WITH_A_MIDDLE = 4
"""A scale of so many marks or more has something between its ends."""
LONG_ENOUGH = 40
"""Characters of an answer that somebody could copy a reason from."""


def judged_panel(session: Session, contest_id: int) -> Panel:
    """Every sheet that was handed in on an admitted application: three selects."""
    criteria = expert_criteria(contest_terms(session, contest_id).criteria)
    query = (
        select(
            Review.id, Review.expert_id, Review.application_id, Cluster.region, Review.scores, Review.comments,
            Review.declared_at, Review.submitted_at,
        )
        .join(Application, Application.id == Review.application_id)
        .join(Cluster, Cluster.id == Application.cluster_id)
        .where(admitted(contest_id), Review.status == ReviewStatus.SUBMITTED, Review.submitted_at.is_not(None))
        .order_by(Review.id)
    )  # fmt: skip
    by_code = {item.code: item for item in criteria}
    sheets = [_sheet(row, by_code) for row in session.execute(query)]
    ends = {
        item.code: (item.scale.minimum, item.scale.maximum) for item in criteria if _steps(item.scale) >= WITH_A_MIDDLE
    }
    return Panel(sheets, ends)


def _sheet(row: Any, criteria: Mapping[str, ExpertCriterion]) -> JudgedSheet:
    marks = {code: Decimal(text) for code, text in row.scores.items() if code in criteria}
    counting = [(criteria[code], mark) for code, mark in marks.items() if in_total(criteria[code])]
    most = float(sum(item.weight for item, _ in counting)) or 1.0
    return JudgedSheet(
        review=row.id,
        expert=row.expert_id,
        application=row.application_id,
        region=row.region,
        marks=marks,
        reasons={code: str(text) for code, text in row.comments.items()},
        total=sum(float(item.weight) * float(mark_share(item, mark)) for item, mark in counting) / most,
        declared_at=row.declared_at,
        submitted_at=row.submitted_at,
    )


def _steps(scale: Scale) -> int:
    return int((scale.maximum - scale.minimum) / scale.step) + 1


def texts_judged_by(session: Session, expert_id: int) -> Mapping[int, str]:
    """The words of the applications that an expert has judged, as they were submitted last."""
    own = select(Review.application_id).where(Review.expert_id == expert_id, Review.status == ReviewStatus.SUBMITTED)
    last = (
        select(Submission.application_id, func.max(Submission.number).label("number"))
        .where(Submission.application_id.in_(own))
        .group_by(Submission.application_id)
        .subquery()
    )
    rows = session.execute(
        select(Submission.application_id, Submission.document).join(
            last, (last.c.application_id == Submission.application_id) & (last.c.number == Submission.number)
        )
    )
    return {row.application_id: "\n".join(_texts(row.document)) for row in rows}


def _texts(value: Any) -> Iterator[str]:
    """Every text of a document that is long enough, however deep it stands."""
    if isinstance(value, str):
        yield from [value] if len(value) >= LONG_ENOUGH else []
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)


def names_of_experts(session: Session, contest_id: int) -> Mapping[int, str]:
    """The names of the contest's experts by their cards, in the order of names."""
    rows = session.execute(
        select(Expert.id, Expert.name).where(Expert.contest_id == contest_id).order_by(Expert.sort_name, Expert.id)
    )
    return {row.id: row.name for row in rows}


def numbers_of_reviews(session: Session, contest_id: int) -> Mapping[int, str]:
    """The number of the application of each review that was handed in."""
    rows = session.execute(
        select(Review.id, Application.number)
        .join(Application, Application.id == Review.application_id)
        .where(Review.contest_id == contest_id, Review.status == ReviewStatus.SUBMITTED)
    )
    return {row.id: row.number for row in rows}
