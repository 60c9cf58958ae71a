"""A contest as the next stage of another one: linked while it is a draft, then those who passed are carried over."""

from functools import partial
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext, ngettext

from judging.domain.access import Permission
from judging.domain.errors import RuleViolation
from judging.domain.gates import Act, is_open
from judging.extensions import db
from judging.models import Contest
from judging.queries import contests, scopes
from judging.queries.stages import is_approved, previous_of
from judging.services.applications.stage_carry import Who, carry_over, count_carrying, prepare_carrying
from judging.services.contests import StageLink, link_stage
from judging.web.access import by_request, current_actor, public_url, requires
from judging.web.contests.blueprint import blueprint
from judging.web.contests.comparison import comparison
from judging.web.contests.forms import CarryForm, StageForm
from judging.web.editing import Edit, carry_out
from judging.web.forms import SelectChoice
from judging.web.once import once
from judging.web.phases import begin_reading, begin_writing, prepares
from judging.web.templating import translate


@blueprint.get("/staff/contests/<code>/stage")
@requires(Permission.SEE_CONTEST, scopes.contest_scope)
def stage(code: str) -> str:
    """The stage before, who would be carried over from it, and who was."""
    contest = contests.by_code(db.session, code)
    return _page(contest, _stored(contest), CarryForm(formdata=None))


@blueprint.post("/staff/contests/<code>/stage")
@requires(Permission.EDIT_CONTEST, scopes.contest_scope)
@once
def link(code: str) -> Any:
    """Link a draft to the stage before it; only contests where the person is on the staff can be chosen."""
    contest, form = contests.by_code(db.session, code), StageForm()
    form.previous.choices = _choices(contest)
    again = url_for("contests.stage", code=code)
    edit = Edit(
        form,
        show=lambda: _page(contest, form, CarryForm(formdata=None)),
        compare=lambda: comparison(contest, form, partial(_stored, contest), again),
    )
    return carry_out(
        edit,
        lambda: link_stage(
            db.session,
            contest.id,
            StageLink(form.previous_id, bool(form.only_passed.data), form.stated_version),
            by=by_request(),
        ),
        gettext("The stage before is saved."),
        again,
    )


@blueprint.post("/staff/contests/<code>/stage/carrying-over")
@requires(Permission.EDIT_CONTEST, scopes.contest_scope)
@once
@prepares
def carry(code: str) -> Any:
    """Make a draft of each that passed; what they bring is read before anything is locked."""
    contest, form = contests.by_code(db.session, code), CarryForm()
    if not form.validate():
        return _page(contest, _stored(contest), form), 422
    try:
        prepared = prepare_carrying(db.session, contest, Who(form.who.data))
        begin_writing()
        made = carry_over(db.session, contest.id, prepared, by=by_request(), base_url=public_url())
    except RuleViolation as refusal:
        begin_reading()
        form.who.errors = [translate(refusal.message, **refusal.params)]
        contest = contests.by_code(db.session, code)
        return _page(contest, _stored(contest), form), 409
    db.session.commit()
    words = ngettext(
        "%(num)d application is carried over; its team is written to.",
        "%(num)d applications are carried over; their teams are written to.",
        made,
    )
    flash(words if made else gettext("Everybody is carried over already: nothing was done."), "success")
    return redirect(url_for("contests.stage", code=code), code=303)


def _stored(contest: Contest) -> StageForm:
    previous = "" if contest.previous_id is None else str(contest.previous_id)
    data = {"previous": previous, "only_passed": contest.previous_only, "version": contest.version}
    form = StageForm(formdata=None, data=data)
    form.previous.choices = _choices(contest)
    return form


def _choices(contest: Contest) -> list[SelectChoice]:
    """No stage before, or any other contest that the person may open; the one that is linked stays among them."""
    staffed = contests.staffed_by(db.session, current_actor())
    offered = [one for one in staffed if one.id != contest.id and one.trial == contest.trial]
    linked = previous_of(db.session, contest)
    if linked is not None and linked not in offered:
        offered.append(linked)
    none = SelectChoice("", gettext("None: this is a first stage"))
    return [none, *(SelectChoice(str(one.id), f"{one.code}: {one.title}") for one in offered)]


def _page(contest: Contest, form: StageForm, carrying: CarryForm) -> str:
    previous = previous_of(db.session, contest)
    return render_template(
        "contests/stage.html",
        contest=contest,
        form=form,
        carrying=carrying,
        previous=previous,
        editable=is_open(Act.EDIT_RULES, contest.status),
        takes=is_open(Act.APPLY, contest.status),
        approved=previous is not None and is_approved(db.session, previous.id),
        counts={who.value: count_carrying(db.session, contest, who) for who in Who} if previous else {},
    )
