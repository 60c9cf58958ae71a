"""What a team can know of its application before it submits it: the officer's points, computed points, likenesses."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.domain.forms.checklist import Hint, hints, submitted_look
from judging.domain.near_copies import ALIKE, resemblance, shingles
from judging.domain.nominations import judged_criteria
from judging.domain.rubric import RelativeCriterion, computed_criteria
from judging.domain.scoring import round_half_up
from judging.domain.shares import computed_share, full_points
from judging.models import Application, ApplicationSection, Contest, Document
from judging.models.base import table_of
from judging.queries.answers import answers_of, circumstances_of
from judging.queries.applications import current_documents
from judging.queries.contests import criteria_of, rules_of
from judging.queries.dossiers import nomination_of
from judging.queries.extensions import time_to_submit
from judging.queries.forms import compiled_form_of

MOST_COMPARED = 30
"""Other applications of the team that an application is compared with, those last worked on."""


@dataclass(frozen=True)
class ComputedPoints:
    """A computed criterion with what the application's figure brings.

    ``value`` is None where the figure is not given; ``points`` are None where they depend on the other applications.
    ``full`` is what a full score brings.
    """

    code: str
    title: str
    title_en: str
    value: Decimal | None
    points: Decimal | None
    full: Decimal


@dataclass(frozen=True)
class Alike:
    """Another application of the team whose texts are much the same: ``share`` of 1."""

    id: int
    title: str
    number: str | None
    contest_title: str
    share: Fraction


def points_before_submission(session: Session, application: Application, now: datetime) -> tuple[Hint, ...]:
    """Return what the officer's machine would see of every point, were the application submitted now as it is."""
    compiled = compiled_form_of(application.contest)
    today = now.astimezone(ZoneInfo(application.contest.timezone)).date()
    seen = submitted_look(
        compiled,
        answers_of(application, compiled),
        circumstances_of(application, today),
        in_time=now < time_to_submit(session, application, now).window.ends,
    )
    return hints(compiled, seen)


def computed_points(application: Application) -> list[ComputedPoints]:
    """Return the computed criteria of the application's nomination with their points, in the rubric's order."""
    contest, nomination = application.contest, nomination_of(application)
    titles = {row.code: (row.title, row.title_en) for row in contest.criteria}
    decimals = rules_of(contest).rounding
    base = {code: Decimal(value) for code, value in (contest.frozen_base or {}).items()}
    found = []
    for one in computed_criteria(judged_criteria(criteria_of(contest), nomination)):
        written = application.indicators.get(one.indicator)
        value = None if written is None else Decimal(written)
        points = None
        if value is not None and (one.code in base or not isinstance(one, RelativeCriterion)):
            exact = full_points(one) * computed_share(one, value, base.get(one.code))
            points = round_half_up(exact, decimals)
        found.append(ComputedPoints(one.code, *titles[one.code], value, points, one.weight))
    return found


def files_twice(application: Application) -> list[tuple[Document, ...]]:
    """Return the files that stand in more than one place, each with all its places."""
    places: dict[str, list[Document]] = {}
    for file in current_documents(application):
        places.setdefault(file.sha256, []).append(file)
    return [tuple(files) for files in places.values() if len({one.slot for one in files}) > 1]


def alike_of_team(session: Session, application: Application) -> list[Alike]:
    """Return the team's other applications whose texts are at least half the same, the most alike first."""
    if application.team_id is None:
        return []
    mine = shingles(_texts(session, application.id))
    found = [
        Alike(row.id, row.title, row.number, row.contest_title, share)
        for row in _others(session, application)
        if (share := resemblance(mine, shingles(_texts(session, row.id)))) >= ALIKE
    ]
    return sorted(found, key=lambda one: (-one.share, one.id))


def _others(session: Session, application: Application) -> Sequence[Any]:
    mine, contests = table_of(Application).c, table_of(Contest).c
    columns: tuple[Any, ...] = (mine.id, mine.title, mine.number, contests.title.label("contest_title"))
    return session.execute(
        select(*columns)
        .join_from(table_of(Application), table_of(Contest), contests.id == mine.contest_id)
        .where(mine.team_id == application.team_id, mine.id != application.id, contests.trial.is_(False))
        .order_by(mine.updated_at.desc(), mine.id.desc())
        .limit(MOST_COMPARED)
    ).all()


def _texts(session: Session, application_id: int) -> Iterator[str]:
    """Every text of the stored sections, those in the cells of tables too."""
    table = table_of(ApplicationSection).c
    answers: Any = table.answers
    stored = session.scalars(select(answers).where(table.application_id == application_id).order_by(table.code))
    for section in stored:
        yield from _leaves(section)


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _leaves(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner)
