"""Every submission of an application as the staff see it: the list, two beside each other, the receipt of each."""

from functools import partial

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from judging.domain.access import Permission
from judging.extensions import db
from judging.queries import applications, contests, scopes
from judging.web.access import requires
from judging.web.applications.versions import receipt_context, receipt_file, versions_context
from judging.web.register.blueprint import blueprint

PATH = "/staff/contests/<code>/applications/<int:application_id>/submissions"


@blueprint.get(PATH)
@requires(Permission.SEE_REGISTER, scopes.application_in_contest_scope)
def submissions(code: str, application_id: int) -> str:
    """Every submission, and two of them beside each other."""
    application = applications.by_id(db.session, application_id)
    return render_template(
        "register/submissions.html",
        contest=contests.by_code(db.session, code),
        application=application,
        receipt_address=partial(url_for, "register.submission", code=code, application_id=application_id),
        data_address=partial(url_for, "register.submission_data", code=code, application_id=application_id),
        **versions_context(application, request.args),
    )


@blueprint.get(PATH + "/<int:number>")
@requires(Permission.SEE_REGISTER, scopes.application_in_contest_scope)
def submission(code: str, application_id: int, number: int) -> str:
    """The receipt of one submission."""
    application = applications.by_id(db.session, application_id)
    return render_template(
        "register/submission.html",
        contest=contests.by_code(db.session, code),
        application=application,
        **receipt_context(application, number),
    )


@blueprint.get(PATH + "/<int:number>/data")
@requires(Permission.SEE_REGISTER, scopes.application_in_contest_scope)
def submission_data(code: str, application_id: int, number: int) -> Response:
    """The canonical JSON of one submission's receipt."""
    return receipt_file(applications.by_id(db.session, application_id), number)
