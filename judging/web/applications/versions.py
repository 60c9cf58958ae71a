"""Every submission of an application: the list of them, two beside each other, and the receipt of each.

The pages of the team and of the staff show the same.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import abort
from werkzeug.wrappers import Response

from judging.domain.canonical import canonical_json
from judging.extensions import db
from judging.models import Application, Document
from judging.queries.receipts import receipt_data, receipt_facts
from judging.queries.submissions import Submitted, last_submitted, submissions_of, submitted
from judging.web.applications.comparison import compared
from judging.web.downloads import file_answer
from judging.web.listing import id_of
from judging.web.questionnaire.phrases import shown


def versions_context(application: Application, args: Mapping[str, str]) -> dict[str, Any]:
    """What the list of submissions shows; of two or more the last two are compared where ``args`` choose none."""
    lines = submissions_of(db.session, application.id)
    numbers = [line.number for line in lines]
    pair = [chosen if (chosen := id_of(args, name)) in numbers else None for name in ("from", "to")]
    before, after = (pair[0] or numbers[-2], pair[1] or numbers[-1]) if len(numbers) > 1 else (None, None)
    parts = None
    if before is not None and after is not None:
        parts = compared(*(submitted(db.session, application, number) for number in (before, after)))
    return {"lines": lines, "before": before, "after": after, "parts": parts}


def receipt_context(application: Application, number: int | None = None) -> dict[str, Any]:
    """What the page of a receipt shows: of the last submission, or of that ``number``; 404 where there is none."""
    kept = kept_of(application, number)
    document = document_of(application, kept)
    received = datetime.fromisoformat(document["submitted_at"])
    return {
        "receipt": document,
        "facts": receipt_facts(document),
        "submission": kept if kept.number else None,
        "received_at": received,
        "sha256": kept.sha256 or application.receipt_sha256,
        "several": len(submissions_of(db.session, application.id)) > 1,
        "titles": {one.code: shown(one, "label") for one in kept.form.form.fields()},
        "numbers": {(file.slot, file.filename, file.sha256): file.id for file in _best_last(application, received)},
    }


def receipt_file(application: Application, number: int | None = None) -> Response:
    """The canonical JSON of a receipt: the file whose SHA-256 it names."""
    name = application.number if number is None else f"{application.number}-{number}"
    content = canonical_json(document_of(application, kept_of(application, number)))
    return file_answer(content, "application/json", f"{name}.json")


def kept_of(application: Application, number: int | None) -> Submitted:
    """The last submission, or that ``number``; 404 where there is none."""
    if number is None:
        return last_submitted(db.session, application)
    if number not in {line.number for line in submissions_of(db.session, application.id)}:
        abort(404)
    return submitted(db.session, application, number)


def document_of(application: Application, kept: Submitted) -> Any:
    """The receipt as it was kept; of an application that came with an archive, what it holds."""
    return receipt_data(application) if kept.document is None else kept.document


def _best_last(application: Application, received: datetime) -> list[Document]:
    """The files; of equal ones those that were there when it was submitted come last, the one that counts after all."""
    return sorted(application.documents, key=lambda file: (file.uploaded_at <= received, file.removed_at is None))
