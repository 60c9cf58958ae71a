"""Papers: those that are made of the answers to be signed, and the PDF of a submission and of its receipt.

They are made in a process beside this one, with no transaction open.
"""

from typing import Any

from flask import abort
from werkzeug.wrappers import Response

from judging.adapters.papers import MEDIA, set_paper
from judging.domain.access import Permission
from judging.domain.canonical import digest
from judging.domain.events import Event
from judging.domain.forms.form import Field
from judging.exports.papers import Source, receipt_sheet, sheet_of, submitted_sheet
from judging.extensions import db
from judging.models import Application
from judging.queries import applications, scopes
from judging.queries.evidence import paper_now
from judging.queries.forms import form_of
from judging.queries.receipts import receipt_facts
from judging.web.access import requires
from judging.web.applications.blueprint import blueprint
from judging.web.applications.versions import document_of, kept_of
from judging.web.clock import arrived
from judging.web.downloads import file_answer, log_download
from judging.web.incoming_files import release


@blueprint.get("/applications/<int:application_id>/papers/<slot>/<any(pdf, docx):extension>")
@requires(Permission.EDIT_APPLICATION, scopes.application_scope)
def paper(application_id: int, slot: str, extension: str) -> Response:
    """The paper of a place for files, made of the answers of now."""
    application = applications.by_id(db.session, application_id)
    asked = _paper_field(application, slot)
    made, form, data = paper_now(application, asked, arrived())
    sheet = sheet_of(made, Source.of(application.contest.title, form.form, data, submitted=False))
    return paper_file_answer(application, f"{made.code}.{extension}", sheet, extension, sha256=made.sha256)


@blueprint.get("/applications/<int:application_id>/submissions/<int:number>/application.pdf")
@requires(Permission.SEE_WHOLE_APPLICATION, scopes.application_scope)
def submitted_pdf(application_id: int, number: int) -> Response:
    """The application as it was submitted, by what was stored then; ``number`` 0: the last one."""
    application, source, sha256 = _submitted(application_id, number)
    return paper_file_answer(application, f"Заявка {_name(source, number)}.pdf", submitted_sheet(source, sha256), "pdf")


@blueprint.get("/applications/<int:application_id>/submissions/<int:number>/receipt.pdf")
@requires(Permission.SEE_WHOLE_APPLICATION, scopes.application_scope)
def receipt_pdf(application_id: int, number: int) -> Response:
    """The receipt of a submission with the hash of every file; ``number`` 0: of the last one."""
    application, source, sha256 = _submitted(application_id, number)
    sheet = receipt_sheet(source, receipt_facts(dict(source.document)), sha256)
    return paper_file_answer(application, f"Расписка {_name(source, number)}.pdf", sheet, "pdf")


def _paper_field(application: Application, slot: str) -> Field:
    field = form_of(application.contest).field(slot)
    return field if field is not None and field.paper is not None else abort(404)


def _submitted(application_id: int, number: int) -> tuple[Application, Source, str]:
    application = applications.by_id(db.session, application_id)
    if application.submitted_at is None:
        abort(404)
    kept = kept_of(application, number or None)
    document = document_of(application, kept)
    source = Source.of(application.contest.title, kept.form.form, document, submitted=True)
    return application, source, kept.sha256 or application.receipt_sha256 or digest(document)


def _name(source: Source, number: int) -> str:
    plain = str(source.document["number"])
    return f"{plain}-{number}" if number else plain


def paper_file_answer(application: Application, name: str, sheet: Any, extension: str, **facts: str) -> Response:
    """Set the paper, note who took it, and send it."""
    application_id = application.id
    release()
    content = set_paper(sheet, extension)
    log_download(Event.DOCUMENT_DOWNLOADED, application=application_id, file=name, **facts)
    return file_answer(content, MEDIA[extension], name)
