"""The left side of the sheet: the application in tabs, and where in it each criterion is to be looked for."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext
from markupsafe import Markup

from judging.domain.forms.compiling import CompiledSection
from judging.domain.forms.form import FieldKind
from judging.domain.forms.readers import Readable
from judging.extensions import db
from judging.queries import dossiers
from judging.queries.expert_reading import read_by_experts, readable
from judging.queries.rubrics import SheetCriterion
from judging.queries.versions_read import Change, change_of
from judging.web.questionnaire.phrases import shown
from judging.web.scoring.dossier import COLUMNS, Dossier, application_of, slot_titles
from judging.web.scoring.opened_review import Desk
from judging.web.scoring.other_answers import EarlierAnswers, OtherSection, earlier_answers, other_answers
from judging.web.scoring.where_to_look import Places

SUMS = frozenset({"total_cost", "requested", "own_funds", "loans", "other_budget"})
"""Columns that the tab of the budget says; the other columns of :data:`COLUMNS` are said of the project."""
PARTIES = frozenset({"initiator", "partners"})


@dataclass(frozen=True)
class Panel:
    """A tab: what every application has in it, and what the form of the contest asks beside.

    ``count`` is the number of documents, and None on the other tabs.
    """

    code: str
    title: str
    own: Markup
    others: Sequence[OtherSection] = ()
    earlier: EarlierAnswers | None = None
    count: int | None = None


@dataclass(frozen=True)
class LeftSide:
    """The tabs that are not empty, where the criteria lead, and what changed since the application was read."""

    panels: Sequence[Panel]
    places: Places
    change: Change | None = None

    @classmethod
    def of(cls, desk: Desk, *, agreed: bool) -> "LeftSide":
        """Read the application of a review; nothing of it for who has yet to agree to the texts in force."""
        if not agreed:
            return cls((), Places({}, {}, ()))
        application, contest = desk.application, desk.contest
        may_read = readable(db.session, contest, application.id)
        reading = read_by_experts(db.session, application, may_read)
        indicators = dossiers.indicators_of(contest, desk.rubric.naming)
        own = application_of(Dossier(application, reading, indicators, may_read))
        others = other_answers(application, may_read)
        figures = frozenset(str(one["code"]) for one in indicators)
        homes = {one.section.code: _home(one, figures) for one in may_read.compiled.sections}
        panels = [
            Panel(
                code,
                title,
                own[code],
                [one for one in others if homes.get(one.code, "answers") == code],
                earlier_answers(application) if code == "answers" else None,
                len(reading.files) if code == "documents" else None,
            )
            for code, title in _titles().items()
        ]
        return cls(
            [one for one in panels if one.own.strip() or one.others],
            Places(
                dict(_anchors(may_read, {one.code for one in others}, figures)),
                slot_titles(contest, may_read),
                reading.files,
            ),
            None if desk.closed() else change_of(db.session, desk.review, last=may_read.number),
        )

    def places_of(self, criterion: SheetCriterion) -> Markup:
        """The links of a criterion to what of the application it names."""
        return self.places.links(criterion.guidance) if self.panels else Markup()


def _titles() -> Mapping[str, str]:
    return {
        "answers": gettext("Answers"),
        "budget": gettext("Budget"),
        "figures": gettext("Figures"),
        "documents": gettext("Documents"),
    }


def _home(part: CompiledSection, figures: frozenset[str]) -> str:
    """The tab on which the answers of a section stand: beside what every application says of the same matter."""
    codes = {one.field.code for one in part.fields}
    if codes & SUMS:
        return "budget"
    return "figures" if codes & figures else "answers"


def _anchors(may_read: Readable, others: set[str], figures: frozenset[str]) -> Iterator[tuple[str, tuple[str, Any]]]:
    """Where each section that this reader sees anything of begins on the page."""
    for part in may_read.compiled.sections:
        code = part.section.code
        read = (one.field for one in part.fields if may_read.reads(one.field.code))
        said = (_said_in(one.code, one.kind, figures) for one in read)
        anchor = next((place for place in said if place), f"answers-{code}" if code in others else None)
        if anchor is not None:
            yield code, (anchor, shown(part.section, "title"))


def _said_in(code: str, kind: FieldKind, figures: frozenset[str]) -> str | None:
    """The part of the page that says the answer of every application that is asked for it; None for all others."""
    if kind is FieldKind.FILE:
        return "application-documents"
    if code in PARTIES:
        return "application-participants"
    if code in figures:
        return "application-indicators"
    if COLUMNS.get(code) is not kind:
        return None
    return "application-finance" if code in SUMS else "application-project"
