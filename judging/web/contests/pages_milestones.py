"""The milestones of a contest in one table: their dates, what was noted by hand, and how all that was changed."""

from functools import partial
from typing import Any

from flask import render_template, url_for
from flask_babel import gettext

from judging.domain.access import Permission
from judging.domain.gates import Act, require
from judging.domain.milestones import COLUMNS, SOFT, TABLE, Code
from judging.extensions import db
from judging.models import Contest
from judging.queries import contests, extensions, scopes
from judging.queries import milestones as queries
from judging.services import milestones as services
from judging.web.access import by_request, requires
from judging.web.clock import arrived
from judging.web.contests.blueprint import blueprint
from judging.web.contests.comparison import comparison
from judging.web.contests.milestone_forms import ByHandForm, MilestoneForm, RemovalForm, milestone_data
from judging.web.contests.milestone_rows import (
    change_line,
    extension_line,
    is_announced,
    lines,
    other_milestones,
)
from judging.web.editing import Edit, carry_out
from judging.web.locks import lock_of, locked
from judging.web.offers import acts_in
from judging.web.once import once
from judging.web.templating import translate


@blueprint.get("/staff/contests/<code>/milestones")
@requires(Permission.SEE_CONTEST, scopes.contest_scope)
def milestones(code: str) -> str:
    """Every milestone with its date, more time for one application or expert, and the history of both."""
    contest, moment = contests.by_code(db.session, code), arrived()
    acts = acts_in(contest)
    return render_template(
        "contests/milestones.html",
        contest=contest,
        acts=acts,
        lines=lines(contest, acts, moment),
        extensions=[
            extension_line(contest, row, acts, moment) for row in extensions.of_contest(db.session, contest.id)
        ],
        changes=[change_line(change) for change in queries.changes(db.session, contest.id)],
    )


@blueprint.get("/staff/contests/<code>/milestones/<milestone>")
@requires(Permission.EDIT_CONTEST, scopes.milestone_scope)
def milestone(code: str, milestone: str) -> str:
    """The form of one milestone's date; grey with the reason where it cannot be set any more."""
    contest = contests.by_code(db.session, code)
    known = Code(milestone)
    return _milestone_page(contest, known, _stored_form(contest, known))


@blueprint.post("/staff/contests/<code>/milestones/<milestone>")
@requires(Permission.EDIT_CONTEST, scopes.milestone_scope)
@once
def set_milestone(code: str, milestone: str) -> Any:
    """Set or move a milestone."""
    contest, known = contests.by_code(db.session, code), Code(milestone)
    form = _form(contest, known)
    again = url_for("contests.milestone", code=code, milestone=milestone)
    edit = Edit(
        form,
        show=partial(_milestone_page, contest, known, form),
        compare=lambda: comparison(contest, form, lambda: _stored_form(contest, known), again),
    )
    return carry_out(
        edit,
        lambda: services.set_milestone(
            db.session, contest.id,
            services.MilestonePlan(known, form.plan(), form.reason.data or "", form.stated_version),
            by=by_request(),
        ),
        gettext("The milestone is set."),
        url_for("contests.milestones", code=code),
    )  # fmt: skip


@blueprint.post("/staff/contests/<code>/milestones/<milestone>/removal")
@requires(Permission.EDIT_CONTEST, scopes.milestone_scope)
@once
def remove_milestone(code: str, milestone: str) -> Any:
    """Take a milestone out."""
    contest, known = contests.by_code(db.session, code), Code(milestone)
    form = RemovalForm(announced=is_announced(contest))
    again = url_for("contests.milestone", code=code, milestone=milestone)
    edit = Edit(
        form,
        show=lambda: _milestone_page(contest, known, _stored_form(contest, known), removal=form),
        compare=lambda: comparison(contest, form, lambda: RemovalForm(announced=form.announced, formdata=None), again),
    )
    return carry_out(
        edit,
        lambda: services.remove_milestone(
            db.session, contest.id, known, form.removal_reason.data or "", version=form.stated_version, by=by_request()
        ),
        gettext("The milestone is taken out."),
        url_for("contests.milestones", code=code),
    )


@blueprint.get("/staff/contests/<code>/milestones/<milestone>/by-hand")
@requires(Permission.EDIT_CONTEST, scopes.milestone_scope)
def by_hand(code: str, milestone: str) -> str:
    """Ask why a milestone comes now, or why such a note is taken back."""
    contest, known = contests.by_code(db.session, code), Code(milestone)
    require(_act(known), contest.status)
    return _by_hand_page(contest, known, ByHandForm(formdata=None, data={"version": contest.version}))


@blueprint.post("/staff/contests/<code>/milestones/<milestone>/by-hand")
@requires(Permission.EDIT_CONTEST, scopes.milestone_scope)
@once
def come_by_hand(code: str, milestone: str) -> Any:
    """Let a milestone come now."""
    return _switched(code, Code(milestone), services.come_by_hand, gettext("It is noted: the milestone has come."))


@blueprint.post("/staff/contests/<code>/milestones/<milestone>/by-hand/withdrawal")
@requires(Permission.EDIT_CONTEST, scopes.milestone_scope)
@once
def take_back_by_hand(code: str, milestone: str) -> Any:
    """Take back that a milestone came by hand."""
    return _switched(code, Code(milestone), services.take_back_by_hand, gettext("The date counts again."))


def _switched(code: str, known: Code, act: Any, done: str) -> Any:
    contest, form = contests.by_code(db.session, code), ByHandForm()
    again = url_for("contests.by_hand", code=code, milestone=known.value)
    edit = Edit(
        form,
        show=partial(_by_hand_page, contest, known, form),
        compare=lambda: comparison(contest, form, lambda: ByHandForm(formdata=None), again),
    )
    return carry_out(
        edit,
        lambda: act(
            db.session, contest.id, known, form.reason.data or "", version=form.stated_version, by=by_request()
        ),
        done,
        url_for("contests.milestones", code=code),
    )


def _act(code: Code) -> Act:
    if code in COLUMNS:
        return Act.MOVE_DATES
    return Act.SET_SOFT_DEADLINE if code in SOFT else Act.PLAN_MILESTONES


def _form(contest: Contest, code: Code, **given: Any) -> MilestoneForm:
    rows = queries.rows_of(db.session, contest.id)
    given = given or {"data": {"at": _at(milestone_data(rows.get(code)))}}
    return MilestoneForm(other_milestones(code, rows), announced=is_announced(contest), **given)


def _at(data: dict[str, Any]) -> Any:
    """The stored instant, by which a posted form knows that it was not touched."""
    return data.get("at")


def _stored_form(contest: Contest, code: Code) -> MilestoneForm:
    data = milestone_data(queries.rows_of(db.session, contest.id).get(code))
    return _form(contest, code, formdata=None, data={**data, "version": contest.version})


def _milestone_page(contest: Contest, code: Code, form: MilestoneForm, removal: RemovalForm | None = None) -> str:
    lock = lock_of(Act.SET_SOFT_DEADLINE if code in SOFT else Act.PLAN_MILESTONES, contest)
    locked(form, lock)
    return render_template(
        "contests/milestone.html",
        contest=contest,
        lock=lock,
        milestone=code.value,
        title=translate(TABLE[code].label),
        effect=translate(TABLE[code].effect),
        form=form,
        announced=is_announced(contest),
        there=code in queries.stored(db.session, contest.id),
        removal=removal
        or RemovalForm(announced=is_announced(contest), formdata=None, data={"version": contest.version}),
    )


def _by_hand_page(contest: Contest, code: Code, form: ByHandForm) -> str:
    row = queries.stored(db.session, contest.id).get(code)
    return render_template(
        "contests/by_hand.html",
        contest=contest,
        milestone=code.value,
        title=translate(TABLE[code].label),
        effect=translate(TABLE[code].effect),
        moves_date=code in COLUMNS,
        came_at=row.came_at if row is not None else None,
        form=form,
    )
