"""The progress of an application: the task list of a draft, the line of stages after submission."""

from typing import Any

from flask_babel import gettext, ngettext

from judging.domain.completeness import (
    PROGRESS_LABELS,
    SECTION_LABELS,
    Finding,
    Progress,
    Section,
    progress,
    stops,
)
from judging.domain.errors import N_
from judging.domain.lifecycle import ApplicationStatus, ContestStatus
from judging.domain.lifecycle.application import CHECKED, OUT
from judging.models import Application
from judging.queries.dossiers import dossier_of
from judging.web.applications.places import section_url
from judging.web.templating import moscow_exact, moscow_short, translate

TONES = {Progress.NOT_STARTED: "neutral", Progress.IN_PROGRESS: "info", Progress.DONE: "success"}
HINTS = {
    Section.NOMINATION: N_("In which part of the contest the project takes part"),
    Section.CLUSTER: N_("The cluster, its managing organisation and members with INN and OGRN"),
    Section.PASSPORT: N_("Goal, summary, place in the functional map, dates, contact person"),
    Section.PARTICIPANTS: N_("The initiator and the partners with their roles"),
    Section.FINANCE: N_("Cost, sources and the requested subsidy"),
    Section.INDICATORS: N_("Figures from which the computed criteria are scored"),
    Section.DOCUMENTS: N_("Files by the contest's list"),
    Section.CONSENTS: N_("Assurances of the applicant"),
}


def task_rows(application: Application, found: tuple[Finding, ...]) -> list[dict[str, Any]]:
    """The sections with their statuses; a section in work says how much it lacks."""
    states = progress(dossier_of(application), found, nominations=bool(application.contest.nominations))
    return [
        {
            "label": translate(SECTION_LABELS[section]),
            "href": section_url(application, section),
            "status": translate(PROGRESS_LABELS[state]),
            "tone": TONES[state],
            "done": state is Progress.DONE,
            "hint": _hint(section, state, found),
        }
        for section, state in states.items()
    ]


def _hint(section: Section, state: Progress, found: tuple[Finding, ...]) -> str:
    if state is not Progress.IN_PROGRESS:
        return translate(HINTS[section])
    left = sum(one.section is section for one in stops(found))
    return ngettext("%(num)d thing left to fill in or correct", "%(num)d things left to fill in or correct", left)


def stage_steps(application: Application) -> list[dict[str, Any]]:
    """Submitted, formal check, review, results: what an applicant may know, with dates."""
    contest, status = application.contest, ApplicationStatus(application.status)
    published = ContestStatus(contest.status).has_results
    checked = status in CHECKED
    steps: list[dict[str, Any]] = [
        {"label": gettext("Application received"), "state": "done", "date": moscow_exact(application.submitted_at)},
        {"label": gettext("Formal check"), "state": "done" if checked else "current"},
    ]
    if checked and application.decided_at:
        steps[1]["date"] = moscow_short(application.decided_at)
    if status.is_admitted:
        steps[1]["note"] = gettext("Admitted")
    if status in OUT:
        return [steps[0], _ending(application)]
    review = "ahead" if not checked else "done" if published else "current"
    until = gettext("until %(date)s", date=moscow_short(contest.review_close))
    steps.append({"label": gettext("Expert review"), "state": review, "date": until})
    steps.append({"label": gettext("Contest results"), "state": "done" if published else "ahead"})
    return steps


def _ending(application: Application) -> dict[str, Any]:
    rejected = ApplicationStatus(application.status).is_rejected
    return {
        "label": gettext("Rejected at the formal check") if rejected else gettext("Withdrawn"),
        "state": "current",
        "date": moscow_short(application.decided_at),
    }
