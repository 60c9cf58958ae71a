"""The criteria of a contest as score sheets need them: what is stored in the same words is read once."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache, cached_property, lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Select, Text, bindparam, cast, select
from sqlalchemy.orm import Session

from judging.adapters.archive import read_criterion, read_nomination
from judging.domain import nominations as domain
from judging.domain.guidance import Guidance
from judging.domain.nominations import is_judged
from judging.domain.rubric import ExpertCriterion, marks
from judging.models import Criterion, Nomination
from judging.models.base import table_of

CRITERIA = table_of(Criterion)


@dataclass(frozen=True)
class SheetLevel:
    """What the marks from ``first`` to ``last`` mean, in both languages."""

    first: Decimal
    last: Decimal
    text: str
    text_en: str


@dataclass(frozen=True, eq=False)
class SheetCriterion:
    """A criterion of the score sheet with its rule, every mark of its scale, and its words in both languages.

    What is stored in the same words is the same object, and nothing else is equal to it: what is made of a criterion
    alone can be kept by it.
    """

    rule: ExpertCriterion
    title: str
    title_en: str
    guidance: Guidance
    levels: tuple[SheetLevel, ...]

    @property
    def code(self) -> str:
        """The criterion's code."""
        return self.rule.code

    @cached_property
    def marks(self) -> tuple[Decimal, ...]:
        """Every mark that may be given, ascending."""
        return marks(self.rule.scale)


class Rubric(NamedTuple):
    """The criteria of a contest in their order: those that experts mark, and which indicators the others name.

    ``naming``: (indicator, title, English title) of each criterion that names one.
    """

    marked: tuple[SheetCriterion, ...]
    naming: tuple[tuple[str, str, str], ...]


def rubric(session: Session, contest_id: int, nomination_id: int | None) -> Rubric:
    """Return what the sheets of a contest, or of one of its nominations, are made of: one select, or two."""
    nomination = None if nomination_id is None else nomination_at(session, nomination_id)
    rows = [
        row for row in session.execute(_criteria(), {"contest": contest_id}).all() if is_judged(row.code, nomination)
    ]
    return Rubric(
        tuple(weighed(_sheet_criterion(*row[1:]), nomination) for row in rows if row.kind == ExpertCriterion.kind),
        tuple((name, row.title, row.title_en) for row in rows if (name := _indicator(row.definition))),
    )


def sheet_criteria(session: Session, contest_id: int, nomination_id: int | None) -> tuple[SheetCriterion, ...]:
    """Return the criteria that experts mark (in a nomination, where there are some), in the rubric's order."""
    return rubric(session, contest_id, nomination_id).marked


def nomination_at(session: Session, nomination_id: int) -> domain.Nomination:
    """Return a nomination by the id of its row; raise ``NoResultFound`` where there is none."""
    return _nomination(session.execute(_nominations(), {"id": nomination_id}).scalar_one())


def weighed(criterion: SheetCriterion, nomination: domain.Nomination | None) -> SheetCriterion:
    """Return a criterion with the weight that it has in a nomination that judges it."""
    weight = None if nomination is None else nomination.weights.get(criterion.code)
    return criterion if weight is None else _with_weight(criterion, weight)


@lru_cache(maxsize=512)
def _with_weight(criterion: SheetCriterion, weight: Decimal) -> SheetCriterion:
    return replace(criterion, rule=replace(criterion.rule, weight=weight))


@cache
def _nominations() -> Select[str]:
    table = table_of(Nomination).c
    definition: Any = cast(table.definition, Text)
    return select(definition).where(table.id == bindparam("id"))


@lru_cache(maxsize=512)
def _nomination(definition: str) -> domain.Nomination:
    """Read a nomination from the text that is stored of it; the same text is read once."""
    return read_nomination(json.loads(definition))


@cache
def _criteria() -> Select[Any]:
    criterion = CRITERIA.c
    documents = (cast(column, Text) for column in (criterion.definition, criterion.guidance, criterion.descriptors))
    columns: tuple[Any, ...] = (criterion.kind, criterion.code, criterion.title, criterion.title_en, *documents)
    return select(*columns).where(criterion.contest_id == bindparam("contest")).order_by(criterion.position)


@lru_cache(maxsize=512)
def _indicator(definition: str) -> str | None:
    """Return the indicator that the text of a criterion names."""
    return json.loads(definition).get("indicator") or None


def rules_of(criteria: Sequence[SheetCriterion]) -> tuple[ExpertCriterion, ...]:
    """Return the bare rules of the sheet's criteria."""
    return tuple(item.rule for item in criteria)


@lru_cache(maxsize=512)
def _sheet_criterion(
    code: str, title: str, title_en: str, definition: str, guidance: str | None, descriptors: str | None
) -> SheetCriterion:
    """Read a criterion from the texts that are stored of it; the same texts are read once."""
    rule = read_criterion(json.loads(definition))
    if not isinstance(rule, ExpertCriterion):
        raise TypeError(f"criterion {code} is stored as one of experts and is none")
    return SheetCriterion(
        rule=rule,
        title=title,
        title_en=title_en,
        guidance=json.loads(guidance or "null") or {},
        levels=tuple(_level(one) for one in json.loads(descriptors or "null") or ()),
    )


def _level(described: Mapping[str, str]) -> SheetLevel:
    return SheetLevel(
        first=Decimal(described["from"]),
        last=Decimal(described["to"]),
        text=described["text"],
        text_en=described.get("text_en", ""),
    )
