"""An application given back for correction, and the end of that before its time: each on a page of its own."""

from functools import partial
from typing import Any

from flask import render_template, url_for
from flask_babel import get_locale, gettext

from judging.domain.access import Permission, Scope
from judging.domain.errors import N_
from judging.domain.lifecycle import NotPossible
from judging.extensions import db
from judging.models import Application
from judging.queries import applications, contests, scopes
from judging.queries.forms import form_of
from judging.queries.submissions import pending_line
from judging.services.applications.returns import end_return as close_return
from judging.services.applications.returns import return_application, return_letter
from judging.web.access import by_request, requires
from judging.web.editing import Edit, carry_out
from judging.web.offers import acts_on_application
from judging.web.once import once
from judging.web.register.blueprint import blueprint
from judging.web.register.pages_application import return_rows
from judging.web.register.return_forms import EndForm, ReturnForm, return_form
from judging.web.templating import moscow_short

PATH = "/staff/contests/<code>/applications/<int:application_id>/correction"


@blueprint.get(PATH)
@requires(Permission.ADMIT_APPLICATION, scopes.application_in_contest_scope)
def giving_back(code: str, application_id: int) -> str:
    """The page of a return; nothing is given back yet."""
    application = applications.by_id(db.session, application_id)
    if not acts_on_application(application, Scope(contest_id=application.contest_id)).give_back:
        raise NotPossible(N_("Only an application on which no decision was made can be given back."))
    form = return_form(form_of(application.contest), formdata=None, data={"version": application.version})
    return _page(application, form)


@blueprint.post(PATH)
@requires(Permission.ADMIT_APPLICATION, scopes.application_in_contest_scope)
@once
def give_back(code: str, application_id: int) -> Any:
    """Give the application back for the sections that are ticked."""
    application = applications.by_id(db.session, application_id)
    form = return_form(form_of(application.contest))
    return carry_out(
        Edit(form, show=partial(_page, application, form), compare=partial(_changed_page, application_id, form)),
        lambda: return_application(
            db.session,
            application_id,
            form.remarks(),
            form.until.data,
            version=-1 if form.version.data is None else form.version.data,
            by=by_request(),
        ),
        gettext("The application is given back. Its team is written to."),
        url_for("register.show", code=code, application_id=application_id, _anchor="returns"),
    )


@blueprint.get(PATH + "/end")
@requires(Permission.ADMIT_APPLICATION, scopes.application_in_contest_scope)
def ending_return(code: str, application_id: int) -> str:
    """The page of the end of a return; nothing is ended yet."""
    application = applications.by_id(db.session, application_id)
    if not acts_on_application(application, Scope(contest_id=application.contest_id)).end_return:
        raise NotPossible(N_("The application is not given back."))
    return _end_page(application, EndForm(formdata=None))


@blueprint.post(PATH + "/end")
@requires(Permission.ADMIT_APPLICATION, scopes.application_in_contest_scope)
@once
def end_return(code: str, application_id: int) -> Any:
    """End the return: what was submitted stands."""
    application, form = applications.by_id(db.session, application_id), EndForm()
    return carry_out(
        Edit(form, show=partial(_end_page, application, form)),
        lambda: close_return(db.session, application_id, reason=form.reason.data or "", by=by_request()),
        gettext("The correction is ended. What was submitted stands."),
        url_for("register.show", code=code, application_id=application_id, _anchor="returns"),
    )


def _changed_page(application_id: int, form: ReturnForm) -> str:
    """The application was changed meanwhile: what was typed stays, now over its present version."""
    db.session.expire_all()
    application = applications.by_id(db.session, application_id)
    form.version.data, form.version.raw_data = application.version, None
    return _page(application, form, stale=True)


def _page(application: Application, form: ReturnForm, *, stale: bool = False) -> str:
    remarks = "\n".join(f"{form[f'section-{code}'].label.text}: {text}" for code, text in form.remarks().items())
    subject, body = return_letter(
        application,
        str(get_locale()),
        remarks=remarks or gettext("[the sections and the remarks from the form]"),
        until=moscow_short(form.until.data) or gettext("[the time from the form]"),
    )
    return render_template(
        "register/giving_back.html",
        contest=contests.by_code(db.session, application.contest.code),
        application=application,
        form=form,
        stale=stale,
        subject=subject,
        body=body,
        has_team=application.team_id is not None,
    )


def _end_page(application: Application, form: EndForm) -> str:
    pending = pending_line(db.session, application.id)
    return render_template(
        "register/ending_return.html",
        contest=contests.by_code(db.session, application.contest.code),
        application=application,
        form=form,
        returned=next((one for one in return_rows(application) if pending and one["row"].id == pending.id), None),
    )
