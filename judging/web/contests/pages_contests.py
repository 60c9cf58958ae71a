"""The list of contests and the board of one."""

from dataclasses import replace
from datetime import datetime

from flask import render_template, request

from judging.domain.access import DESK, Permission, Scope, roles_at
from judging.domain.discussion import read_by
from judging.domain.lifecycle import ContestStatus
from judging.extensions import db
from judging.queries import boards, contests, discussions, extensions, scopes
from judging.queries.old_years import old_years
from judging.services.contests import publication_faults, publication_warnings
from judging.web.access import current_actor, requires
from judging.web.clock import arrived
from judging.web.contests.blueprint import blueprint
from judging.web.contests.board import launch_tasks, stat_groups, waiting_acts
from judging.web.contests.faults import FaultLine, fault_lines
from judging.web.contests.settings_words import year_lines
from judging.web.home.calendar import Phase, stage_of, stage_tag, steps_of
from judging.web.kept_counts import Tally
from judging.web.listing import page_of
from judging.web.offers import acts_in


@blueprint.get("/staff/contests")
@requires(Permission.SEE_CONTESTS, DESK)
def index() -> str:
    """The contests where the person is on the staff."""
    page = contests.visible_to(db.session, current_actor(), page_of(request.args))
    return render_template("contests/index.html", page=page, now=arrived(), stage_tag=stage_tag)


@blueprint.get("/staff/contests/<code>")
@requires(Permission.SEE_CONTEST, scopes.contest_scope)
def overview(code: str) -> str:
    """What there is at each stage, and what waits for an act."""
    contest, moment = contests.by_code(db.session, code), arrived()
    rules = contests.rules_of(contest)
    reviews = Tally(contest).get(
        "reviewing", lambda: boards.reviewing(db.session, contest.id, rules.experts_per_application)
    )
    board = boards.board(db.session, contest.id, reviews)
    if contest.trial:
        board = replace(board, experts_not_joined=0)  # the invented are not waited for
    status = ContestStatus(contest.status)
    faults: list[FaultLine] = (
        fault_lines(contest, publication_faults(db.session, contest, moment)) if status.is_draft else []
    )
    stage = stage_of(contest.status, contests.calendar_of(contest), moment)
    return render_template(
        "contests/overview.html",
        contest=contest,
        contest_status=status,
        acts=acts_in(contest),
        stage=stage,
        now=moment,
        steps=steps_of(contest.status, contests.calendar_of(contest), contest.published_at, moment),
        groups=stat_groups(contest, board),
        waiting=waiting_acts(contest, board, stage, _awaited(contest.id, stage, moment)),
        tasks=launch_tasks(contest, board, faults) if status.is_draft else [],
        faults=faults,
        warnings=fault_lines(contest, publication_warnings(contest)) if status.is_draft else [],
        years=year_lines(contest, old_years(db.session, contest)),
        changes=contests.schedule_changes(db.session, contest.id),
        unread=_unread(contest.id),
    )


def _unread(contest_id: int) -> int:
    """How many messages of the discussions of a contest are new to the person."""
    actor = current_actor()
    audiences = read_by(roles_at(actor, Scope(contest_id=contest_id)))
    return sum(one.unread for one in discussions.of_contest(db.session, contest_id, audiences, actor.user_id))


def _awaited(contest_id: int, stage: Phase, moment: datetime) -> int:
    """How many reviews are awaited by extensions although the time for everybody is over."""
    return extensions.still_awaited(db.session, contest_id, moment).reviews if stage is Phase.DECISION else 0
