"""The pages that several modules of pages show: the board's frame, an application, an expert."""

import secrets
from typing import Any

from flask import abort, render_template, request
from flask_babel import gettext

from judging.domain.affinity import LEVEL_LABELS
from judging.domain.gates import Act, is_open
from judging.domain.regions import REGIONS
from judging.domain.staffing import SHORTAGE_LABELS
from judging.extensions import db
from judging.models import Contest
from judging.queries.assignment import applications, experts, places
from judging.queries.assignment.divergences import divergences, without_figures
from judging.queries.contests import rules_of
from judging.web.access import sight_of
from judging.web.assignment.choices import choice_of
from judging.web.assignment.forms import ProposalForm, RemovalForm
from judging.web.offers import acts_in
from judging.web.regions import region_options


def common(contest: Contest) -> dict[str, Any]:
    """What every page of the area needs; ``new_key`` makes the key of one form, of which a page has many."""
    return {
        "contest": contest,
        "open": is_open(Act.ASSIGN, contest.status),
        "acts": acts_in(contest),
        "levels": LEVEL_LABELS,
        "shortages": SHORTAGE_LABELS,
        "regions": REGIONS,
        "new_key": lambda: secrets.token_urlsafe(24),
    }


def board_context(contest: Contest, wanted: int, counted: places.Overview) -> dict[str, Any]:
    """The frame of the board: coverage and loads."""
    coverage = counted.coverage
    return {
        **common(contest),
        "wanted": wanted,
        "coverage": coverage,
        "experts": len(counted.loads),
        "region_options": region_options(counted.regions),
        "coverage_rows": [
            {"label": gettext("Place filled (proposals included)"), "counts": coverage.filled},
            {"label": gettext("Task accepted or review handed in"), "counts": coverage.accepted},
        ],
    }


def application_page(contest: Contest, application_id: int, form: ProposalForm | RemovalForm | None = None) -> str:
    """The page of one admitted application; ``form`` is a refused one of its forms."""
    wanted = rules_of(contest).experts_per_application
    loads = places.experts(db.session, contest.id)
    row = applications.application_row(db.session, contest.id, application_id, wanted, loads) or abort(404)
    found = without_figures(divergences(db.session, contest.id, application_id), sight_of(contest))
    return render_template(
        "assignment/application.html",
        row=row,
        candidates=[one for one in applications.candidates(db.session, row, loads) if not (one.barred or one.tasked)],
        divergence=found[0] if found else None,
        form=form if isinstance(form, ProposalForm) else ProposalForm(formdata=None, application_id=application_id),
        removal=form if isinstance(form, RemovalForm) else RemovalForm(formdata=None),
        refused=form,
        **common(contest),
    )


def expert_page(contest: Contest, expert_id: int) -> str:
    """The page of one expert."""
    wanted = rules_of(contest).experts_per_application
    choice = choice_of(request.args)
    loads = [one for one in places.experts(db.session, contest.id) if one.id == expert_id]
    row = experts.expert_rows(db.session, contest.id, loads, dict)[0]
    return render_template(
        "assignment/expert.html",
        row=row,
        choice=choice,
        page=experts.open_applications(db.session, contest.id, wanted, row, choice),
        **common(contest),
    )
