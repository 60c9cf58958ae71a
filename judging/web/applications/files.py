"""The documents of a section, as the template of its page draws them."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import current_app

from judging.domain.errors import N_
from judging.domain.forms.form import FieldKind
from judging.domain.quotas import UploadRules
from judging.extensions import db
from judging.queries import uploads
from judging.queries.accounts import names_of
from judging.queries.document_templates import templates_of
from judging.queries.evidence import evidence_now
from judging.services.applications.documents import FileRefused
from judging.web.access import current_actor
from judging.web.applications.at_hand import AtHand
from judging.web.applications.document_rows import Around, counted, document_row, former_file
from judging.web.questionnaire.pages import SectionPage
from judging.web.questionnaire.phrases import said

SIGNATURES = (".sig", ".p7s", ".sgn", ".sign")
"""How the names of signatures end."""


def upload_rules() -> UploadRules:
    """What the installation lets a team store."""
    rules: UploadRules = current_app.config["JUDGING"].upload_rules
    return rules


def refuse_signature(wanted: Mapping[str, Any], name: str) -> None:
    """Say where a signature belongs that is put among the documents."""
    if wanted["signed"] and name.lower().endswith(SIGNATURES):
        words = N_("“%(name)s” is a signature: upload the document here first, and its signature in the box beside it.")
        raise FileRefused(words, name=name)


def file_context(hand: AtHand, page: SectionPage, refused: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """What the template needs beside the page where the section asks for files; ``refused``: why some were not taken.

    On the last section with files those replaced and removed files are listed too whose place the form has no more.
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
    people = {key for file in application.documents for key in (file.uploaded_by_id, file.removed_by_id) if key}
    around = Around(
        hand,
        evidence_now(db.session, application, hand.moment),
        names_of(db.session, people),
        current_app.extensions["arriving"].of(application.id, current_actor().user_id),
        refused,
        {slot: row.filename for slot, row in templates_of(db.session, application.contest_id).items()},
    )
    fields = {one.field.code: one for one in page.part.fields}
    rows = [document_row(around, item, fields[item.asked.code]) for item in page.files]
    astray = [file for file in reversed(application.documents) if file.removed_at and file.slot not in titles]
    done, of = counted(rows)
    return {
        "file_errors": errors,
        "rows": [row for row in rows if row.item.visible],
        "left_out": [row for row in rows if not row.item.visible and (row.why or row.former)],
        "required_there": done,
        "required_of": of,
        "used": uploads.team_usage(db.session, application),
        "rules": upload_rules(),
        "astray": [former_file(around, file) for file in astray] if page.part.section.code == with_files[-1] else [],
    }
