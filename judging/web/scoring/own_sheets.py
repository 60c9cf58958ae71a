"""An expert's own sheets of one contest beside each other: by nomination, with what each is worth and still lacks."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any

from flask import g

from judging.domain.errors import Fault, RuleViolation
from judging.domain.lifecycle import ReviewStatus
from judging.domain.lifecycle.review import DECLARED
from judging.domain.scoring import round_half_up
from judging.domain.sheets import sheet_faults
from judging.extensions import db
from judging.models import Nomination
from judging.queries.nominations import nominations_at
from judging.queries.own_sheets import own_sheets
from judging.queries.rubrics import Rubric, SheetCriterion, rubric
from judging.queries.versions_read import changed_since_read
from judging.services.scoring.version_read import CHANGED
from judging.web.access import current_actor
from judging.web.clock import arrived
from judging.web.scoring.opened_review import Desk
from judging.web.scoring.summary_words import place_of
from judging.web.templating import translate


@dataclass(frozen=True)
class Spread:
    """The least, the mean and the greatest of several figures."""

    least: Decimal
    mean: Decimal
    most: Decimal


@dataclass(frozen=True)
class OwnSheet:
    """A sheet with what keeps it from being handed in; ``changed``: its application did, unseen by the expert."""

    desk: Desk
    late: RuleViolation | None
    changed: bool = False

    @cached_property
    def marks(self) -> Mapping[str, Decimal]:
        """The marks by code."""
        return self.desk.sheet.scores

    @cached_property
    def abstained(self) -> frozenset[str]:
        """The codes of the criteria that the expert cannot judge."""
        return self.desk.sheet.abstained

    @cached_property
    def total(self) -> Decimal | None:
        """The points so far; None where the project is outside the scope, or nothing that counts can be judged."""
        return None if self.desk.outside else self.desk.total

    @property
    def compared(self) -> Decimal | None:
        """The points where anything is marked."""
        return self.total if self.marks else None

    @cached_property
    def faults(self) -> tuple[Fault, ...]:
        """What the sheet lacks; nothing of one that is handed in."""
        if self.desk.submitted:
            return ()
        own = sheet_faults(self.desk.rules, self.desk.sheet, self.desk.asked)
        return (*own, CHANGED) if self.changed else own

    @property
    def lacking(self) -> Mapping[str, Sequence[str]]:
        """What it lacks in words, each with the criteria and the groups that it is about."""
        found: dict[str, list[str]] = {}
        for fault in self.faults:
            found.setdefault(translate(fault.message, **fault.params), []).extend(
                filter(None, [place_of(self.desk, fault)])
            )
        return found

    @property
    def ready(self) -> bool:
        """Whether it can be handed in now."""
        return not (self.desk.submitted or self.faults or self.late)


@dataclass(frozen=True)
class Part:
    """The sheets of one nomination, or of the whole contest."""

    nomination: Nomination | None
    criteria: tuple[SheetCriterion, ...]
    sheets: tuple[OwnSheet, ...]

    def spread(self, code: str) -> Spread | None:
        """How the marks of one criterion are spread over the sheets; None without any."""
        return _spread(None if sheet.desk.outside else sheet.marks.get(code) for sheet in self.sheets)

    @property
    def totals(self) -> Spread | None:
        """How the totals are spread over the sheets on which something is marked."""
        return _spread(sheet.compared for sheet in self.sheets)


def parts(statuses: Sequence[ReviewStatus] = DECLARED, sort: str = "number") -> list[Part]:
    """The sheets of the expert at hand by nomination: a select each for the sheets, the criteria and the time."""
    reviews = own_sheets(db.session, g.scope.expert_id, statuses=statuses, but_teams=current_actor().team_ids)
    groups: dict[int | None, list[Any]] = {}
    for review in reviews:
        groups.setdefault(review.application.nomination_id, []).append(review)
    late = _too_late(reviews)
    changed = changed_since_read(db.session, [one for one in reviews if one.status != ReviewStatus.SUBMITTED])
    homes = nominations_at(db.session, [key for key in groups if key is not None])
    found = []
    for nomination_id, group in groups.items():
        known = rubric(db.session, group[0].contest_id, nomination_id)
        sheets = [OwnSheet(Desk(review, known), late, review.id in changed) for review in group]
        home = None if nomination_id is None else homes[nomination_id]
        found.append(Part(home, known.marked, tuple(_sorted(sheets, sort))))
    return sorted(found, key=lambda part: part.nomination.position if part.nomination else 0)


def _too_late(reviews: Sequence[Any]) -> RuleViolation | None:
    """Why nothing can be handed in now: the time is that of the contest and of the one expert."""
    return Desk(reviews[0], Rubric((), ())).too_late(arrived()) if reviews else None


def _sorted(sheets: Iterable[OwnSheet], sort: str) -> list[OwnSheet]:
    """By number, or by total; those that have none, and those on which nothing is marked, come after all others."""
    kept = list(sheets)
    if sort.removeprefix("-") == "total":
        sign = -1 if sort.startswith("-") else 1
        return sorted(kept, key=lambda one: (one.compared is None, sign * (one.compared or 0)))
    return kept[::-1] if sort == "-number" else kept


def _spread(values: Iterable[Decimal | None]) -> Spread | None:
    known = [value for value in values if value is not None]
    if not known:
        return None
    return Spread(min(known), round_half_up(Fraction(sum(known)) / len(known), 2), max(known))
