"""The nominations of a contest: their codes and titles, and what each of them judges."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from judging import models
from judging.adapters.archive import read_nomination
from judging.domain import nominations as domain
from judging.domain.nominations import is_judged
from judging.domain.rubric import ComputedCriterion, Criterion, ExpertCriterion, computed_criteria, expert_criteria
from judging.models import Nomination


def marked_by_nomination(session: Session, contest_id: int) -> Mapping[int | None, frozenset[str]]:
    """Return the codes of the criteria that experts mark by the nomination's id; empty without nominations."""
    rows = session.execute(select(Nomination.id, Nomination.definition).where(Nomination.contest_id == contest_id))
    found = {row.id: read_nomination(row.definition) for row in rows}
    if not found:
        return {}
    codes = session.scalars(
        select(models.Criterion.code).where(
            models.Criterion.contest_id == contest_id, models.Criterion.kind == ExpertCriterion.kind
        )
    ).all()
    return {key: frozenset(code for code in codes if is_judged(code, item)) for key, item in found.items()}


class Judged(NamedTuple):
    """The criteria of a nomination: those that experts mark, and those that are computed."""

    marked: tuple[ExpertCriterion, ...]
    computed: tuple[ComputedCriterion, ...]


def judged_in(criteria: Sequence[Criterion], row: models.Nomination) -> Judged:
    """Return what is judged in a nomination."""
    judged = domain.judged_criteria(criteria, read_nomination(row.definition))
    return Judged(expert_criteria(judged), computed_criteria(judged))


def nominations_at(session: Session, ids: Sequence[int]) -> Mapping[int, Nomination]:
    """Return these nominations by id: one select, none without any."""
    return {row.id: row for row in session.scalars(select(Nomination).where(Nomination.id.in_(ids)))} if ids else {}


def title_words(row: models.Nomination) -> dict[str, str]:
    """Return the titles of a nomination by language, as the contest's other words are kept."""
    return {"title": row.title, "title_en": row.title_en}


def codes_by_contest(session: Session) -> Mapping[int, tuple[str, ...]]:
    """Return the codes of the nominations of every contest that has some, in their order."""
    found: dict[int, tuple[str, ...]] = {}
    rows = session.execute(
        select(Nomination.contest_id, Nomination.code).order_by(Nomination.contest_id, Nomination.position)
    )
    for contest_id, code in rows:
        found[contest_id] = (*found.get(contest_id, ()), code)
    return found


def codes_of(session: Session, contest_id: int) -> tuple[str, ...]:
    """Return the codes of a contest's nominations, in their order."""
    query = select(Nomination.code).where(Nomination.contest_id == contest_id).order_by(Nomination.position)
    return tuple(session.scalars(query))
