"""Experts and applications at a glance: the heat map with its twin as a list, and what one more expert would give."""

from collections import defaultdict
from typing import Any

from flask import render_template, request
from flask_babel import gettext

from judging.domain.access import Permission
from judging.domain.affinity import MatchLevel
from judging.extensions import db
from judging.queries import scopes
from judging.queries.assignment import heat, plans
from judging.queries.contests import by_code, rules_of
from judging.web.access import requires
from judging.web.assignment.blueprint import blueprint
from judging.web.assignment.plan_rendering import plan_common, status_of
from judging.web.assignment.plan_words import insight_rows
from judging.web.listing import one_of, page_of
from judging.web.templating import translate

MARKED = (heat.CellState.ASSIGNED, heat.CellState.PROPOSED, heat.CellState.PLANNED, heat.CellState.LEAVING)
"""States with a mark of their own on the map."""
BARRED = (heat.CellState.CONFLICT, heat.CellState.RECUSED)


@blueprint.get("/staff/contests/<code>/assignment/heat-map")
@requires(Permission.SEE_ASSIGNMENT, scopes.contest_scope)
def heat_map(code: str) -> str:
    """How well every expert fits every application; with ``?view=list`` the same as a list."""
    contest = by_code(db.session, code)
    plan = plans.current_plan(db.session, contest.id)
    found = heat.heat_map(
        db.session,
        contest.id,
        rules_of(contest).experts_per_application,
        plan_id=None if plan is None else plan.id,
        applications_page=page_of(request.args),
        experts_page=page_of(request.args, "experts"),
    )
    view = one_of(request.args, "view", ("map", "list"), "map")
    return render_template(
        "assignment/heat_map.html",
        map=found,
        plan=plan,
        view=view,
        lines=[_line(row, found.experts) for row in found.rows] if view == "list" else [],
        per_page={"applications": heat.APPLICATIONS, "experts": heat.EXPERTS},
        states=heat.CELL_LABELS,
        marked=MARKED,
        level_order=sorted(MatchLevel),
        cell_text=_cell_text,
        **plan_common(contest),
    )


@blueprint.get("/staff/contests/<code>/assignment/insights")
@requires(Permission.SEE_ASSIGNMENT, scopes.contest_scope)
def insights(code: str) -> str:
    """What one more expert of a field would give, by the draft as it was calculated."""
    contest = by_code(db.session, code)
    plan = plans.current_plan(db.session, contest.id)
    rows = insight_rows(plan) if plan is not None else []
    return render_template(
        "assignment/insights.html", plan=plan, plan_status=status_of(plan), rows=rows, **plan_common(contest)
    )


def _line(row: heat.HeatRow, experts: tuple[heat.HeatExpert, ...]) -> dict[str, Any]:
    """A row of the map as a line of the list: who is on it, how well the others fit, who cannot take it."""
    pairs = list(zip(experts, row.cells, strict=True))
    others: defaultdict[MatchLevel, list[str]] = defaultdict(list)
    for expert, cell in pairs:
        if cell.state == heat.CellState.NONE:
            others[cell.level].append(expert.name)
    return {
        "row": row,
        "marked": [(expert, cell) for expert, cell in pairs if cell.state in MARKED],
        "others": sorted(others.items(), reverse=True),
        "barred": [(expert, cell) for expert, cell in pairs if cell.state in BARRED],
    }


@blueprint.app_template_filter("initials")
def initials(name: str) -> str:
    """A full name as it stands in narrow places: «Суховерхова-Штейнберг Н. К.»."""
    first, *others = name.split() or [name]
    return " ".join([first, *(f"{other[0]}." for other in others[:2])])


def _cell_text(row: Any, expert: Any, cell: Any, levels: Any) -> str:
    """A cell in words: what colour and mark say."""
    said = [translate(levels[cell.level])]
    if cell.state != heat.CellState.NONE:
        said.append(translate(heat.CELL_LABELS[cell.state]))
    return str(
        gettext(
            "%(name)s, application %(number)s: %(words)s", name=expert.name, number=row.number, words="; ".join(said)
        )
    )
