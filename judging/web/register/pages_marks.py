"""The marks of the formal check: every point with what the machine sees, and what a person says of it."""

from functools import partial
from typing import Any

from flask import render_template, url_for
from flask_babel import gettext

from judging.domain.access import Permission, Scope
from judging.domain.errors import N_
from judging.domain.lifecycle import NotPossible
from judging.extensions import db
from judging.models import Application
from judging.queries import applications, contests, scopes
from judging.queries.checklists import checklist_of, last_submission
from judging.queries.submissions import submitted_files
from judging.services.checklist import mark_points
from judging.web.access import by_request, requires
from judging.web.editing import Edit, carry_out
from judging.web.offers import acts_on_application
from judging.web.once import once
from judging.web.register.blueprint import blueprint
from judging.web.register.mark_forms import MarksForm, marks_form
from judging.web.register.pages_application import check_rows

PATH = "/staff/contests/<code>/applications/<int:application_id>/marks"


@blueprint.get(PATH)
@requires(Permission.ADMIT_APPLICATION, scopes.application_in_contest_scope)
def marking(code: str, application_id: int) -> str:
    """Every point with its mark."""
    application = applications.by_id(db.session, application_id)
    if not acts_on_application(application, Scope(contest_id=application.contest_id)).mark:
        raise NotPossible(N_("Only a submitted application that is in the contest is checked."))
    return _page(application, _form(application, formdata=None))


@blueprint.post(PATH)
@requires(Permission.ADMIT_APPLICATION, scopes.application_in_contest_scope)
@once
def mark(code: str, application_id: int) -> Any:
    """Keep the marks that are new; where one is refused, none is kept and all stay typed."""
    application = applications.by_id(db.session, application_id)
    form = _form(application)
    return carry_out(
        Edit(form, show=partial(_again, application_id, form), compare=partial(_of_another, application_id, form)),
        lambda: mark_points(db.session, application_id, form.drafts(), by=by_request(), seen=form.was_seen()),
        gettext("The marks are kept."),
        url_for("register.show", code=code, application_id=application_id, _anchor="check"),
    )


def _form(application: Application, **values: Any) -> MarksForm:
    files = submitted_files(db.session, application)
    number = last_submission(db.session, application.id)
    return marks_form(checklist_of(db.session, application), files, number, **values)


def _again(application_id: int, form: MarksForm) -> str:
    db.session.expire_all()
    application = applications.by_id(db.session, application_id)
    form.renew({one.hint.point.code: one.mark for one in checklist_of(db.session, application)})
    return _page(application, form)


def _of_another(application_id: int, form: MarksForm) -> str:
    """The application was submitted again meanwhile: what is typed stays, to be looked at over the new submission."""
    db.session.expire_all()
    application = applications.by_id(db.session, application_id)
    form.begin_anew(last_submission(db.session, application_id))
    return _page(application, form, stale=True)


def _page(application: Application, form: MarksForm, *, stale: bool = False) -> str:
    known = {row["code"]: row for row in check_rows(application)}
    return render_template(
        "register/marking.html",
        contest=contests.by_code(db.session, application.contest.code),
        application=application,
        form=form,
        rows=[(one, known[one.code]) for one in form.points() if one.code in known],
        stale=stale,
    )
