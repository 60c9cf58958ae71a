"""The look at the whole set before submission: what the officer's points, computed points and files come to."""

from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app, g, redirect, render_template, request, url_for

from judging.domain.access import Permission
from judging.extensions import db
from judging.models import Application
from judging.queries import applications, kits, scopes
from judging.queries.forms import form_of
from judging.queries.models_of_finance import ComparedModel, compared_models
from judging.web.access import requires
from judging.web.applications.blueprint import blueprint
from judging.web.check_points import point_row
from judging.web.clock import arrived
from judging.web.offers import acts_on_application
from judging.web.questionnaire.phrases import shown


@blueprint.get("/applications/<int:application_id>/kit")
@requires(Permission.EDIT_APPLICATION, scopes.application_scope)
def kit(application_id: int) -> Any:
    """The points that the officer will check, with what a machine sees of them now; nothing is stored."""
    application = applications.by_id(db.session, application_id)
    acts = acts_on_application(application, g.scope)
    if not acts.edit and not acts.correct:
        return redirect(url_for("applications.show", application_id=application_id))
    points = [point_row(hint) for hint in kits.points_before_submission(db.session, application, arrived())]
    return render_template(
        "applications/kit.html",
        application=application,
        points=points,
        to_look=sum(row["edge"] is not None for row in points),
        computed=kits.computed_points(application),
        twice=_twice(application),
        models=_models(application) if request.args.get("model") else None,
        has_model=any(file.filename.lower().endswith(".xlsx") for file in applications.current_documents(application)),
        alike=kits.alike_of_team(db.session, application),
    )


def _models(application: Application) -> list[ComparedModel]:
    """The spreadsheets of the application with their named figures; read when they are asked for."""
    today = arrived().astimezone(ZoneInfo(application.contest.timezone)).date()
    return compared_models(application, current_app.extensions["storage"], today)


def _twice(application: Application) -> list[dict[str, Any]]:
    """The files that stand in several places, with what those places are called."""
    called = {field.code: shown(field, "label") for field in form_of(application.contest).fields()}
    return [
        {"name": files[0].filename, "places": [called.get(file.slot, file.slot) for file in files]}
        for files in kits.files_twice(application)
    ]
