"""The places for files on the page of a section, as its template draws them."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import current_app, url_for

from judging.domain.forms.form import FieldKind
from judging.domain.quotas import UploadRules
from judging.extensions import db
from judging.models import Application
from judging.queries import applications, uploads
from judging.queries.evidence import Evidence, evidence_now
from judging.services.applications.documents import LARGEST_FILE
from judging.web.applications.at_hand import AtHand
from judging.web.applications.proofs import proof_lines
from judging.web.questionnaire.pages import Files, SectionPage
from judging.web.questionnaire.phrases import said


def upload_rules() -> UploadRules:
    """What the installation lets a team store."""
    rules: UploadRules = current_app.config["JUDGING"].upload_rules
    return rules


def file_context(hand: AtHand, page: SectionPage, refused: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """What the template needs beside the page where the section asks for files; ``refused``: why some were not taken.

    Of files that were replaced or removed those are listed that nobody can find elsewhere: of this section's places,
    and, on the last section with files, of places that the form has no more.
    """
    errors = [{"text": text, "href": f"#slot-{code}-file"} for code, texts in refused.items() for text in texts]
    if not page.files:
        return {"file_errors": errors}
    application = hand.application
    titles = {one.field.code: said(one.field, "label") for part in hand.compiled.sections for one in part.fields}
    with_files = [
        part.section.code
        for part in hand.compiled.sections
        if any(one.field.kind is FieldKind.FILE for one in part.fields)
    ]
    evidence = evidence_now(db.session, application, hand.moment)
    here = {item.asked.code for item in page.files}
    last = page.part.section.code == with_files[-1]
    former = [file for file in reversed(application.documents) if file.removed_at is not None]
    return {
        "file_errors": errors,
        "slots": {
            item.asked.code: _slot(application, item, evidence, refused.get(item.asked.code, ())) for item in page.files
        },
        "titles": titles,
        "used": uploads.team_usage(db.session, application),
        "rules": upload_rules(),
        "former": [file for file in former if file.slot in here or (last and file.slot not in titles)],
    }


def _slot(application: Application, item: Files, evidence: Evidence, errors: Sequence[str]) -> dict[str, Any]:
    code, extensions = item.asked.code, item.asked.extensions
    return {
        "types": ", ".join(one.upper() for one in extensions),
        "accept": ",".join(f".{one}" for one in extensions),
        "max_bytes": item.asked.max_bytes or LARGEST_FILE,
        "errors": errors,
        "paper": [
            {
                "label": extension.upper(),
                "href": url_for("applications.paper", application_id=application.id, slot=code, extension=extension),
            }
            for extension in (("pdf", "docx") if item.asked.paper else ())
        ],
        "upload_url": url_for("applications.upload", application_id=application.id, slot=code),
        "files": [
            {
                "name": file.filename,
                "href": url_for("applications.document", document_id=file.id),
                "size": file.size,
                "sha256": file.sha256,
                "uploaded_at": file.uploaded_at,
                "remove_url": url_for("applications.remove", application_id=application.id, document_id=file.id),
                "id": file.id,
                "application_id": application.id,
                "proof": proof_lines(evidence, file.id),
            }
            for file in applications.current_documents(application, code)
        ],
    }
