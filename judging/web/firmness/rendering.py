"""Rendering of the pages on firmness: the context of each, in whatever state the report is."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from flask import redirect, render_template, request, url_for

from judging.domain.firmness import (
    CAUTION_LABELS,
    GRADE_LABELS,
    REFUSAL_LABELS,
    SCENARIO_LABELS,
    Grade,
    Report,
)
from judging.domain.gates import Act, is_open
from judging.domain.lifecycle import ContestStatus
from judging.domain.lifecycle.contest import UNDECIDED
from judging.exports.firmness import FIGURES
from judging.extensions import db
from judging.models import Contest
from judging.queries.firmness.marks import counted_of, sameness
from judging.queries.paging import cut
from judging.web.firmness import words
from judging.web.firmness.criteria import LEVELS, make_criteria
from judging.web.firmness.experts import SHOWN, make_experts, parts_of
from judging.web.firmness.forms import CalculateForm
from judging.web.firmness.names import Names
from judging.web.firmness.places import UNREVIEWED, make_places
from judging.web.firmness.reasons import why_no_review, why_not_compared
from judging.web.firmness.residuals import make_residuals
from judging.web.firmness.sensitivity import make_scenarios
from judging.web.firmness.state import State, names_of, progress_of, state_of
from judging.web.firmness.summary import copied, statements
from judging.web.listing import page_of
from judging.web.nominations import nomination_tabs, shown_part
from judging.web.offers import acts_in
from judging.web.standings import standing_of
from judging.web.templating import translate

Context = Mapping[str, Any]
PANELS = 20
"""Listed on a page of the main page's list."""


def show_page(contest: Contest) -> str:
    """The main page, in whatever state the report is."""
    state = state_of(contest)
    report = state.report
    found: dict[str, Any] = {"statements": (), "places": None, "panels": None, "unreviewed": 0}
    if report is not None and report.refusal is None:
        said = statements(report)
        found = {
            "statements": said,
            "copied": copied(contest.title, report, said, state.made_at if state.outdated else None),
            "undecided": contest.status in UNDECIDED,
            "greys": Counter(item.panel for item in report.projects if item.grade is Grade.GREY),
            "places": make_places(report, names_of(contest), request.args),
            "panels": cut(report.panels, page_of(request.args, "panels"), PANELS),
            "unreviewed": unreviewed(report),
        }
    return _rendered("show", contest, state, **found)


def unreviewed(report: Report) -> int:
    """How many projects have no review that counts."""
    return sum(item.panel is None for item in report.projects)


def experts_page(contest: Contest) -> Any:
    """How strict each expert is, and what the differences between scores are made of."""

    def found(report: Report, names: Names) -> Context:
        return {
            "found": make_experts(report, names, request.args),
            "panels": [(panel, parts_of(panel)) for panel in report.panels if panel.variances is not None][:SHOWN],
            "listed": SHOWN,
            "expert_ids": names.expert_ids,
        }

    return _page("experts", contest, found)


def residuals_page(contest: Contest) -> Any:
    """The map of deviations, or the list."""

    def found(report: Report, names: Names) -> Context:
        return {"found": make_residuals(report, names, request.args), "reasons": why_not_compared(report)}

    return _page("residuals", contest, found)


def criteria_page(contest: Contest) -> Any:
    """Agreement by criterion."""

    def found(report: Report, _names: Names) -> Context:
        standing = shown_part(standing_of(db.session, contest))
        marks = sameness(standing.record.contest.criteria, counted_of(standing.record, standing.scores.values()))
        return {"found": make_criteria(report, marks), "levels": LEVELS}

    return _page("criteria", contest, found)


def sensitivity_page(contest: Contest) -> Any:
    """Who crosses the line in which scenario."""

    def found(report: Report, names: Names) -> Context:
        known = report.sensitivity
        return {"found": None if known is None else make_scenarios(report, known, names, request.args)}

    return _page("sensitivity", contest, found)


def next_reviews_page(contest: Contest) -> Any:
    """Where one more review is worth most."""

    def found(report: Report, names: Names) -> Context:
        projects = {item.number: item for item in report.projects}
        return {
            "rows": [
                {
                    "next": item,
                    "project": projects[item.number],
                    "title": names.title(item.number),
                    "application_id": names.applications.get(item.number),
                }
                for item in report.next_reviews
            ],
            "reasons": why_no_review(report),
            "unreviewed": unreviewed(report),
            "open": is_open(Act.ASSIGN, contest.status),
            "acts": acts_in(contest),
            "frozen": ContestStatus(contest.status).is_frozen,
        }

    return _page("next_reviews", contest, found)


def _page(name: str, contest: Contest, found: Callable[[Report, Names], Context]) -> Any:
    """One of the further pages; without a report that says something there is only the main page."""
    state = state_of(contest)
    if state.report is None or state.report.refusal is not None:
        return redirect(url_for("firmness.show", code=contest.code), code=303)
    return _rendered(name, contest, state, **found(state.report, names_of(contest)))


def _rendered(name: str, contest: Contest, state: State, **found: Any) -> str:
    report = state.report
    panels = report.panels if report is not None else ()
    standing = standing_of(db.session, contest)
    return render_template(
        f"firmness/{name}.html",
        contest=contest,
        state=state,
        nominations=nomination_tabs(standing, shown_part(standing)),
        report=report,
        calculate=CalculateForm(formdata=None),
        running=progress_of(state.calculation) if state.calculation is not None and state.running else None,
        catalogue=FIGURES,
        alarmed=[panel for panel in panels if panel.alarm],
        many=len(panels) > 1,
        reviews=sum(panel.scores for panel in panels),
        w=words,
        grades=GRADE_LABELS,
        grade_options=[(grade.value, translate(label)) for grade, label in GRADE_LABELS.items()],
        refusals=REFUSAL_LABELS,
        cautions=CAUTION_LABELS,
        scenarios=SCENARIO_LABELS,
        unreviewed_panel=UNREVIEWED,
        **found,
    )
