"""Publication, extension and cancellation: each on a page of its own that says what it does."""

from functools import partial
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext

from judging.domain.access import Permission
from judging.domain.errors import Refused
from judging.domain.gates import Act, require
from judging.domain.lifecycle import Action, ContestStatus, Subject, advance
from judging.extensions import db
from judging.models import Contest
from judging.queries import contests, scopes
from judging.services import contests as services
from judging.web.access import by_request, requires
from judging.web.clock import arrived
from judging.web.contests.blueprint import blueprint
from judging.web.contests.comparison import comparison
from judging.web.contests.faults import fault_lines
from judging.web.contests.forms import ReasonForm, ScheduleForm, StoredForm, stored_dates
from judging.web.contests.milestone_rows import announced_lines
from judging.web.editing import Edit, carry_out
from judging.web.home.terms import criterion_cards, nomination_columns, reachable_total, rule_facts
from judging.web.once import once


@blueprint.get("/staff/contests/<code>/publication")
@requires(Permission.PUBLISH_CONTEST, scopes.contest_scope)
def publication(code: str) -> str:
    """What freezes on publication, and what stands in its way."""
    contest = contests.by_code(db.session, code)
    advance(Subject.CONTEST, ContestStatus(contest.status), Action.PUBLISH)
    return _publication_page(contest)


@blueprint.post("/staff/contests/<code>/publication")
@requires(Permission.PUBLISH_CONTEST, scopes.contest_scope)
@once
def publish(code: str) -> Any:
    """Publish the contest and freeze its rules."""
    contest, form = contests.by_code(db.session, code), StoredForm()
    try:
        services.publish_contest(db.session, contest.id, version=form.stated_version, by=by_request())
    except Refused:
        return _publication_page(contest), 422
    db.session.commit()
    flash(gettext("The contest is published. Everybody can see its page now."), "success")
    return redirect(url_for("contests.overview", code=code), code=303)


@blueprint.get("/staff/contests/<code>/schedule")
@requires(Permission.EDIT_CONTEST, scopes.contest_scope)
def extension(code: str) -> str:
    """The form that moves dates of a published contest."""
    contest = contests.by_code(db.session, code)
    require(Act.MOVE_DATES, contest.status)
    return _extension_page(contest, ScheduleForm(obj=contest))


@blueprint.post("/staff/contests/<code>/schedule")
@requires(Permission.EDIT_CONTEST, scopes.contest_scope)
@once
def reschedule(code: str) -> Any:
    """Move dates; the reason is shown to everybody."""
    contest = contests.by_code(db.session, code)
    form = ScheduleForm(data=stored_dates(contest))
    again = url_for("contests.extension", code=code)
    edit = Edit(
        form,
        show=partial(_extension_page, contest, form),
        compare=lambda: comparison(contest, form, lambda: ScheduleForm(formdata=None, obj=contest), again),
    )
    return carry_out(
        edit,
        lambda: services.extend_schedule(
            db.session, contest.id, form.calendar(), form.reason.data or "",
            version=form.stated_version, by=by_request(),
        ),
        gettext("The dates are moved. The contest's page shows the reason."),
        url_for("contests.overview", code=code),
    )  # fmt: skip


@blueprint.get("/staff/contests/<code>/cancellation")
@requires(Permission.CANCEL_CONTEST, scopes.contest_scope)
def cancellation(code: str) -> str:
    """The form that asks why a contest is cancelled."""
    contest = contests.by_code(db.session, code)
    advance(Subject.CONTEST, ContestStatus(contest.status), Action.CANCEL, reason="-")
    return _cancellation_page(contest, ReasonForm(data={"version": contest.version}))


@blueprint.post("/staff/contests/<code>/cancellation")
@requires(Permission.CANCEL_CONTEST, scopes.contest_scope)
@once
def cancel(code: str) -> Any:
    """Cancel the contest for the reason given."""
    contest, form = contests.by_code(db.session, code), ReasonForm()
    again = url_for("contests.cancellation", code=code)
    edit = Edit(
        form,
        show=partial(_cancellation_page, contest, form),
        compare=lambda: comparison(contest, form, lambda: ReasonForm(formdata=None), again),
    )
    return carry_out(
        edit,
        lambda: services.cancel_contest(
            db.session,
            contest.id,
            form.reason.data or "",
            version=form.stated_version,
            by=by_request(),
        ),
        gettext("The contest is cancelled."),
        url_for("contests.overview", code=code),
    )


def _publication_page(contest: Contest) -> str:
    moment = arrived()
    return render_template(
        "contests/publication.html",
        contest=contest,
        form=StoredForm(formdata=None, data={"version": contest.version}),
        faults=fault_lines(contest, services.publication_faults(db.session, contest, moment)),
        warnings=fault_lines(contest, services.publication_warnings(contest)),
        cards=criterion_cards(contest),
        facts=rule_facts(contests.rules_of(contest), nominated=bool(contest.nominations)),
        nominations=nomination_columns(contest),
        total=reachable_total(contest),
    )


def _extension_page(contest: Contest, form: ScheduleForm) -> str:
    return render_template(
        "contests/extension.html", contest=contest, form=form, announced=announced_lines(contest),
    )  # fmt: skip


def _cancellation_page(contest: Contest, form: ReasonForm) -> str:
    return render_template("contests/cancellation.html", contest=contest, form=form)
