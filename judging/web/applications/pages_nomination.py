"""The choice of the nomination: the first question of an application where the contest has nominations."""

from functools import partial
from typing import Any

from flask import abort, g, redirect, render_template, request, url_for
from flask_babel import gettext

from judging.domain.access import Permission
from judging.extensions import db
from judging.models import Application
from judging.queries import applications, scopes
from judging.queries.contests import nominations_of
from judging.services.applications.nomination_choice import open_draft
from judging.services.applications.nomination_choice import save_nomination as choose
from judging.services.concurrency import Stale
from judging.web.access import by_request, requires
from judging.web.applications.blueprint import blueprint
from judging.web.applications.forms import NominationForm
from judging.web.both_versions import typed_again, version_rows
from judging.web.editing import Edit, carry_out
from judging.web.offers import acts_on_application
from judging.web.once import once
from judging.web.templating import money


@blueprint.get("/applications/<int:application_id>/nomination")
@requires(Permission.EDIT_APPLICATION, scopes.application_scope)
def nomination(application_id: int) -> Any:
    """In which part of the contest the project takes part; a submitted application is led to its own page."""
    application = _asked(application_id)
    if not acts_on_application(application, g.scope).edit:
        return redirect(url_for("applications.show", application_id=application_id))
    return _page(application_id, _stored(application))


@blueprint.post("/applications/<int:application_id>/nomination")
@requires(Permission.EDIT_APPLICATION, scopes.application_scope)
@once
def save_nomination(application_id: int) -> Any:
    """Save the choice."""
    form = NominationForm(_asked(application_id))
    onward = "nomination" if request.form.get("stay") else "check" if request.args.get("from") == "check" else "show"
    return carry_out(
        Edit(form, show=partial(_page, application_id, form), compare=partial(_compared, application_id, form)),
        lambda: _save(application_id, form),
        gettext("The nomination is saved."),
        url_for(f"applications.{onward}", application_id=application_id),
    )


def _save(application_id: int, form: NominationForm) -> Application:
    application = open_draft(db.session, application_id)
    if not form.saw(application.nomination_id):
        raise Stale(application)
    return choose(db.session, application, form.nomination.data, by=by_request())


def _asked(application_id: int) -> Application:
    """The application; 404 where the contest does not ask."""
    application = applications.by_id(db.session, application_id)
    return application if application.contest.nominations else abort(404)


def _stored(application: Application) -> NominationForm:
    chosen = application.nomination_id
    data = {"nomination": chosen, "was": chosen, "version": application.version}
    return NominationForm(application, formdata=None, data=data)


def _page(application_id: int, form: NominationForm) -> str:
    application = applications.by_id(db.session, application_id)
    return render_template(
        "applications/nomination.html", application=application, form=form, hints=_hints(application)
    )


def _compared(application_id: int, mine: NominationForm) -> str:
    db.session.expire_all()
    application = applications.by_id(db.session, application_id)
    theirs = _stored(application)
    return render_template(
        "applications/_conflict.html",
        changed_at=application.updated_at,
        rows=version_rows(mine, theirs),
        address=url_for("applications.nomination", application_id=application_id),
        fields=typed_again(version=application.version, was=application.nomination_id or ""),
    )


def _hints(application: Application) -> dict[str, str]:
    """What is told of each nomination beside its title: the greatest sum that can be asked for, and its budget."""
    hints = {}
    contest = application.contest
    for row, one in zip(contest.nominations, nominations_of(contest), strict=True):
        parts = []
        if one.cap is not None:
            parts.append(gettext("no more than %(sum)s per application", sum=money(one.cap)))
        if one.budget is not None:
            parts.append(gettext("budget %(sum)s", sum=money(one.budget)))
        hints[str(row.id)] = ", ".join(parts)
    return hints
