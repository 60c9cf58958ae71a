"""Checks of reviews: marks, declarations, conflicts, versions handed in, experts' loads."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from judging.domain.canonical import digest
from judging.domain.lifecycle import ReviewStatus
from judging.domain.lifecycle.review import DECLARED, OCCUPIED, OPEN
from judging.domain.rubric import ExpertCriterion, expert_criteria
from judging.domain.sheets import scale_faults
from judging.models import Application, Conflict, Expert, Review, ReviewVersion, Submission, TeamMember
from judging.queries.invariants.checks import Offence, decimals_of, loading_instants
from judging.queries.invariants.contests import rubrics_of
from judging.queries.sheets import FURTHER_ANSWERS, further_answers, further_columns

SHEET = ("scores", "comments", "recommendation", "additional", "submitted_at")
"""What a review's row and the kept version of its sheet both say."""


def undated(session: Session) -> Iterator[Offence]:
    """Yield submitted reviews without a time of submission."""
    rows = session.scalars(
        select(Review.id).where(Review.status == ReviewStatus.SUBMITTED, Review.submitted_at.is_(None))
    )
    return (Offence("review", key) for key in rows)


def marks_off_scale(session: Session) -> Iterator[Offence]:
    """Yield reviews, drafts too, with a mark that is no decimal, not on its scale, or of no criterion of experts."""
    criteria = {key: expert_criteria(rubric.criteria) for key, rubric in rubrics_of(session).items()}
    for key, contest_id, scores in session.execute(select(Review.id, Review.contest_id, Review.scores)):
        wrong = tuple(_wrong_marks(criteria[contest_id], scores))
        if wrong:
            yield Offence("review", key, ", ".join(wrong))


def _wrong_marks(criteria: tuple[ExpertCriterion, ...], scores: object) -> Iterator[str]:
    read, unread = decimals_of(scores)
    yield from unread
    for fault in scale_faults(criteria, read):
        yield f"{fault.path.removeprefix('mark-')} {read[fault.path.removeprefix('mark-')]}"


def undeclared(session: Session) -> Iterator[Offence]:
    """Yield reviews in work or handed in here whose expert did not declare that there is no conflict."""
    loaded = loading_instants(session)
    rows = session.execute(
        select(Review.id, Review.contest_id, Review.created_at).where(
            Review.status.in_(DECLARED), Review.declared_at.is_(None)
        )
    )
    return (Offence("review", row.id) for row in rows if row.created_at not in loaded.get(row.contest_id, ()))


def of_no_submission(session: Session) -> Iterator[Offence]:
    """Yield reviews that are said to be written on a submission which their application does not have."""
    last = (
        select(Submission.application_id, func.max(Submission.number).label("number"))
        .group_by(Submission.application_id)
        .subquery()
    )
    known = func.coalesce(last.c.number, 0)
    rows = session.execute(
        select(Review.id, Review.application_version, known.label("last"))
        .outerjoin(last, last.c.application_id == Review.application_id)
        .where(Review.application_version.is_not(None))
        .where((Review.application_version < 0) | (Review.application_version > known))
    )
    return (Offence("review", row.id, "", str(row.application_version), str(row.last)) for row in rows)


def in_conflict(session: Session) -> Iterator[Offence]:
    """Yield reviews that are still to be done by an expert who is in conflict with the application.

    A pair that came in conflict and assigned with an archive is left as it came: such a review never counts.
    """
    loaded = loading_instants(session)
    rows = session.execute(
        select(Review.id, Review.contest_id, Review.created_at, Review.status, Conflict.created_at.label("barred_at"))
        .join(
            Conflict,
            (Conflict.expert_id == Review.expert_id) & (Conflict.application_id == Review.application_id),
        )
        .where(Review.status.in_(OPEN))
    )
    for row in rows:
        archived = row.created_at == row.barred_at and row.created_at in loaded.get(row.contest_id, ())
        if not archived:
            yield Offence("review", row.id, row.status)


def of_own_team(session: Session) -> Iterator[Offence]:
    """Yield reviews, to be done or done, of an application whose team the expert is in."""
    rows = session.execute(
        select(Review.id, Expert.name, Application.number)
        .join(Expert, Expert.id == Review.expert_id)
        .join(Application, Application.id == Review.application_id)
        .join(TeamMember, (TeamMember.user_id == Expert.user_id) & (TeamMember.team_id == Application.team_id))
        .where(Review.status.in_(OCCUPIED))
        .order_by(Review.id)
    )
    return (Offence("review", row.id, f"{row.number}: {row.name} is in its team") for row in rows)


def false_versions(session: Session) -> Iterator[Offence]:
    """Yield score sheets handed in whose hash is not the one that was stored with them."""
    rows = session.execute(
        select(ReviewVersion.id, ReviewVersion.sheet, ReviewVersion.sha256).execution_options(yield_per=1000)
    )
    return (Offence("version", row.id, row.sha256) for row in rows if digest(row.sheet) != row.sha256)


def changed_sheets(session: Session) -> Iterator[Offence]:
    """Yield submitted reviews that are not what was handed in last; those of an archive have no version to compare."""
    loaded = loading_instants(session)
    for row in session.execute(_submitted()).all():
        if row.sheet is None:
            if row.created_at not in loaded.get(row.contest_id, ()):
                yield Offence("review", row.id, "no version was kept")
            continue
        changed = [name for name in SHEET if name in row.sheet and _stored(row, name) != _kept(row.sheet, name)]
        now, then = further_answers(row), {name: row.sheet[name] for name in FURTHER_ANSWERS if name in row.sheet}
        changed += sorted(name for name in now.keys() | then.keys() if now.get(name) != then.get(name))
        if changed:
            yield Offence("review", row.id, ", ".join(changed))


def _submitted() -> Any:
    """Select submitted reviews with the sheet that was handed in last."""
    last = (
        select(ReviewVersion.review_id, func.max(ReviewVersion.number).label("number"))
        .group_by(ReviewVersion.review_id)
        .subquery()
    )
    return (
        select(
            Review.id, Review.contest_id, Review.created_at, Review.scores, Review.comments, Review.recommendation,
            Review.additional, Review.submitted_at, *further_columns(), ReviewVersion.sheet,
        )
        .outerjoin(last, last.c.review_id == Review.id)
        .outerjoin(ReviewVersion, (ReviewVersion.review_id == Review.id) & (ReviewVersion.number == last.c.number))
        .where(Review.status == ReviewStatus.SUBMITTED)
        .order_by(Review.id)
    )  # fmt: skip


def _stored(row: Row[*tuple[Any, ...]], name: str) -> object:
    value = getattr(row, name)
    return dict(value) if isinstance(value, Mapping) else value


def _kept(sheet: Mapping[str, Any], name: str) -> object:
    """What the version says; an instant is compared as one, in whatever zone it was written."""
    value = sheet[name]
    return datetime.fromisoformat(value) if name == "submitted_at" and value else value


def overloaded(session: Session) -> Iterator[Offence]:
    """Yield experts with more applications than their limit."""
    load = func.count(Review.id)
    rows = session.execute(
        select(Expert.id, Expert.max_load, load.label("load"))
        .join(Review, Review.expert_id == Expert.id)
        .where(Review.status.in_(OCCUPIED))
        .group_by(Expert.id, Expert.max_load)
        .having(load > Expert.max_load)
        .order_by(Expert.id)
    )
    return (Offence("expert", row.id, f"{row.load} > {row.max_load}") for row in rows)
