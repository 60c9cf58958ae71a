"""The reference columns of the ranking page, taken from the report on firmness and shown on request."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from flask_babel import gettext

from judging.domain.firmness import GRADE_LABELS, REFUSAL_LABELS, Grade, Project, Report
from judging.extensions import db
from judging.models import Contest
from judging.web.firmness.reasons import remarks_on_places
from judging.web.firmness.words import percent, place_range
from judging.web.reports import report_of
from judging.web.standings import Standing
from judging.web.templating import translate


@dataclass(frozen=True)
class Aside:
    """One application's words in the reference columns; empty where the data do not carry them.

    ``note`` says of which panel the places are, where there are several; ``zone`` that it may be on either side.
    """

    places: str = ""
    note: str = ""
    chance: str = ""
    zone: str = ""


@dataclass(frozen=True)
class Reference:
    """The reference columns as asked for; ``report`` is None where a large contest has to be calculated first."""

    report: Report | None

    @property
    def shown(self) -> bool:
        """Whether there are columns to show."""
        return self.report is not None and self.report.refusal is None

    @property
    def refusal(self) -> str:
        """Why there is nothing to show though it was calculated; empty where this is not so."""
        refusal = self.report.refusal if self.report else None
        return translate(REFUSAL_LABELS[refusal]) if refusal else ""

    @property
    def remarks(self) -> Sequence[str]:
        """What has to be known of the columns: why some are empty, where they are no more than a hint."""
        return remarks_on_places(self.report) if self.report else ()

    @cached_property
    def _projects(self) -> Mapping[str, Project]:
        return {item.number: item for item in self.report.projects} if self.report else {}

    def beside(self, number: str) -> Aside:
        """Return the words beside an application."""
        item = self._projects.get(number)
        if item is None or item.lo is None:
            return Aside(note=gettext("not enough data"))
        return Aside(
            places=place_range(item.lo, item.hi),
            note=self._panel(item),
            chance=percent(item.p_line),
            zone=translate(GRADE_LABELS[item.grade]) if item.grade is Grade.GREY else "",
        )

    def _panel(self, item: Project) -> str:
        if self.report is None or len(self.report.panels) < 2:
            return ""
        return gettext("in panel %(panel)s, where it is %(place)s", panel=item.panel, place=item.panel_place)


def reference_of(contest: Contest, standing: Standing, args: Mapping[str, str]) -> Reference | None:
    """Return the reference columns where the address asks for them, otherwise None."""
    if args.get("reference") != "on":
        return None
    report = report_of(db.session, contest.id, standing.record, standing.ranking, digest=standing.digest)
    return Reference(report)
