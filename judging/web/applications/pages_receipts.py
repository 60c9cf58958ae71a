"""The receipts of a team's application: of its last submission, of every earlier one, and what they differ in."""

from functools import partial

from flask import abort, g, render_template, request, url_for
from werkzeug.wrappers import Response

from judging.domain.access import Permission
from judging.extensions import db
from judging.models import Application
from judging.queries import applications, scopes
from judging.queries.extensions import time_to_change
from judging.web.access import requires
from judging.web.applications.blueprint import blueprint
from judging.web.applications.versions import receipt_context, receipt_file, versions_context
from judging.web.clock import arrived
from judging.web.offers import acts_on_application

PATH = "/applications/<int:application_id>"


@blueprint.get(PATH + "/receipt")
@requires(Permission.SEE_OWN_APPLICATION, scopes.application_scope)
def receipt(application_id: int) -> str:
    """The receipt of the last submission, to be printed."""
    return _receipt_page(application_id, None)


@blueprint.get(PATH + "/receipt/data")
@requires(Permission.SEE_OWN_APPLICATION, scopes.application_scope)
def receipt_data(application_id: int) -> Response:
    """The receipt's canonical JSON: the file whose SHA-256 the receipt names."""
    return receipt_file(_submitted(application_id))


@blueprint.get(PATH + "/receipts")
@requires(Permission.SEE_OWN_APPLICATION, scopes.application_scope)
def receipts(application_id: int) -> str:
    """Every submission, and two of them beside each other."""
    application = _submitted(application_id)
    return render_template(
        "applications/receipts.html",
        application=application,
        receipt_address=partial(url_for, "applications.numbered_receipt", application_id=application_id),
        data_address=partial(url_for, "applications.numbered_receipt_data", application_id=application_id),
        **versions_context(application, request.args),
    )


@blueprint.get(PATH + "/receipts/<int:number>")
@requires(Permission.SEE_OWN_APPLICATION, scopes.application_scope)
def numbered_receipt(application_id: int, number: int) -> str:
    """The receipt of one submission."""
    return _receipt_page(application_id, number)


@blueprint.get(PATH + "/receipts/<int:number>/data")
@requires(Permission.SEE_OWN_APPLICATION, scopes.application_scope)
def numbered_receipt_data(application_id: int, number: int) -> Response:
    """The canonical JSON of one submission's receipt."""
    return receipt_file(_submitted(application_id), number)


def _receipt_page(application_id: int, number: int | None) -> str:
    application = _submitted(application_id)
    can_change = acts_on_application(application, g.scope).change
    return render_template(
        "applications/receipt.html",
        application=application,
        change_until=time_to_change(db.session, application, arrived()) if can_change else None,
        **receipt_context(application, number),
    )


def _submitted(application_id: int) -> Application:
    """The application; 404 for one that was never submitted."""
    application = applications.by_id(db.session, application_id)
    return application if application.submitted_at is not None else abort(404)
