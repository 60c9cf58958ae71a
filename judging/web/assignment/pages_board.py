"""The pages of the assignment: the board from both sides, one application, one expert, progress, divergences."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import render_template, request

from judging.domain.access import Permission
from judging.domain.stages import deadline_passed
from judging.extensions import db
from judging.models import Contest
from judging.queries import extensions, scopes
from judging.queries.assignment import applications, experts, places, plans, progress
from judging.queries.assignment.divergences import calls_of, divergences, without_figures
from judging.queries.assignment.outside import outsiders
from judging.queries.assignment.pool import Pool
from judging.queries.contests import by_code, rules_of
from judging.queries.sheets import sheet_rules
from judging.web.access import requires, sight_of
from judging.web.assignment.blueprint import blueprint
from judging.web.assignment.board_rendering import application_page, board_context, expert_page
from judging.web.assignment.choices import BOARD_SORTS, PROGRESS_SORTS, VIEWS, choice_of
from judging.web.assignment.plan_rendering import banner
from judging.web.clock import arrived
from judging.web.kept_counts import Tally
from judging.web.listing import one_of
from judging.web.offers import acts_in


@blueprint.get("/staff/contests/<code>/assignment")
@requires(Permission.SEE_ASSIGNMENT, scopes.contest_scope)
def board(code: str) -> str:
    """Who judges what: by application or, with ``?view=experts``, by expert."""
    contest = by_code(db.session, code)
    wanted = rules_of(contest).experts_per_application
    view = one_of(request.args, "view", VIEWS, VIEWS[0])
    choice = choice_of(request.args, BOARD_SORTS[view])
    tally = Tally(contest)
    counted = tally.get("overview", lambda: places.overview(db.session, contest.id, wanted))
    pool = tally.get("pool", lambda: Pool(counted.loads))
    page: Any = (
        experts.experts_page(
            db.session, contest.id, choice, pool.by_id,
            lambda: tally.get("short", lambda: experts.short_by_topics(db.session, contest.id, wanted)),
        )
        if view == "experts"
        else applications.applications_page(
            db.session, contest.id, wanted, pool, choice, admitted=counted.coverage.applications
        )
    )  # fmt: skip
    context = board_context(contest, wanted, counted)
    context |= banner(plans.current_plan(db.session, contest.id))
    return render_template("assignment/board.html", view=view, choice=choice, page=page, **context)


@blueprint.get("/staff/contests/<code>/assignment/applications/<int:application_id>")
@requires(Permission.SEE_ASSIGNMENT, scopes.application_in_contest_scope)
def application(code: str, application_id: int) -> str:
    """One application: its experts, and everybody who could be added, the best match first."""
    return application_page(by_code(db.session, code), application_id)


@blueprint.get("/staff/contests/<code>/assignment/experts/<int:expert_id>")
@requires(Permission.SEE_ASSIGNMENT, scopes.expert_in_contest_scope)
def expert(code: str, expert_id: int) -> str:
    """One expert: their tasks, and every application they could take, the best match first."""
    return expert_page(by_code(db.session, code), expert_id)


@blueprint.get("/staff/contests/<code>/progress")
@requires(Permission.SEE_MONITOR, scopes.contest_scope)
def monitor(code: str) -> str:
    """How far each expert is. Marks of sheets that are not handed in are not shown to anybody."""
    contest = by_code(db.session, code)
    choice = choice_of(request.args, PROGRESS_SORTS)
    tally, wanted = Tally(contest), rules_of(contest).experts_per_application
    totals = tally.get("progress", lambda: progress.totals(db.session, contest.id))
    judged = tally.get("judged", lambda: places.judged(db.session, contest.id, wanted))
    moment = arrived()
    late = deadline_passed(contest.review_close, moment)
    given = extensions.until_of_experts(db.session, contest.id)
    until = {key: end for key, end in given.items() if end > moment}
    awaited = extensions.still_awaited(db.session, contest.id, moment) if late and until else None
    return render_template(
        "assignment/monitor.html",
        contest=contest,
        acts=acts_in(contest),
        choice=choice,
        totals=totals,
        page=progress.progress_page(db.session, contest.id, choice, experts=totals.experts),
        judged=judged,
        late=late,
        overdue=_days_over(contest, given, moment),
        until=until,
        awaited=awaited.experts if awaited else 0,
        outside=outsiders(db.session, contest.id) if sheet_rules(contest).scope else (),
    )


def _days_over(contest: Contest, until: Mapping[int, datetime], moment: datetime) -> Callable[[int], int]:
    """How many days ago the time of an expert ended, by the calendar of the contest's place."""
    zone = ZoneInfo(contest.timezone)

    def days(expert_id: int) -> int:
        end = extensions.later(contest.review_close, until.get(expert_id))
        return (moment.astimezone(zone).date() - end.astimezone(zone).date()).days

    return days


@blueprint.get("/staff/contests/<code>/progress/divergences")
@requires(Permission.SEE_MONITOR, scopes.contest_scope)
def diverged(code: str) -> str:
    """The applications whose reviews differ too much, and what has been done about each."""
    contest = by_code(db.session, code)
    found = Tally(contest).get("divergences", lambda: divergences(db.session, contest.id))
    return render_template(
        "assignment/diverged.html",
        contest=contest,
        acts=acts_in(contest),
        rules=rules_of(contest),
        rows=without_figures(found, sight_of(contest)),
        calls=calls_of(db.session, contest.id),
    )
