"""The table of the documents of a section: for each its state in words, its files, and why it is asked for or not."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext
from markupsafe import Markup

from judging.adapters.arriving import Arrival
from judging.domain.forms.compiling import CompiledField
from judging.domain.forms.looking import Look
from judging.domain.papers import Standing
from judging.models import Application, Document
from judging.queries import applications
from judging.queries.evidence import Evidence
from judging.services.applications.documents import LARGEST_FILE
from judging.web.applications.at_hand import AtHand
from judging.web.applications.proofs import proof_lines
from judging.web.questionnaire.pages import Files, Note
from judging.web.questionnaire.phrases import said as said_of
from judging.web.questionnaire.phrases import shown
from judging.web.questionnaire.words import said

PDF = "application/pdf"


@dataclass(frozen=True)
class Around:
    """What the rows of a page have in common.

    Names of ``people`` by id, uploads that broke off, refusals by place, and the names of the organiser's templates.
    """

    hand: AtHand
    evidence: Evidence
    people: Mapping[int, str]
    broken_off: Sequence[Arrival]
    refused: Mapping[str, Sequence[str]]
    templates: Mapping[str, str]


@dataclass(frozen=True)
class Row:
    """A document as the table shows it; ``former`` are its replaced and removed files, the newest first."""

    item: Files
    tone: str
    state: str
    why: str
    files: list[dict[str, Any]]
    former: list[dict[str, Any]]
    place: dict[str, Any]

    @property
    def code(self) -> str:
        """The code of the field."""
        return self.item.asked.code

    @property
    def title(self) -> Markup:
        """What the document is called."""
        return shown(self.item.asked, "label")

    @property
    def hint(self) -> Markup:
        """What is to be known of it."""
        return shown(self.item.asked, "hint")

    @property
    def notes(self) -> Sequence[Note]:
        """What is found about it."""
        return self.item.notes


def document_row(around: Around, item: Files, one: CompiledField) -> Row:
    """Put a row together."""
    application, code = around.hand.application, item.asked.code
    files = [_file(around, file) for file in applications.current_documents(application, code)]
    former = [file for file in reversed(application.documents) if file.removed_at is not None and file.slot == code]
    tone, state = _state(item, files)
    why = reason(around.hand, one, around.hand.seen)
    return Row(item, tone, state, why, files, [former_file(around, one) for one in former], _place(around, item))


def counted(rows: Iterable[Row]) -> tuple[int, int]:
    """How many of the required documents are there, and how many there are."""
    needed = [row for row in rows if row.item.needed and row.item.visible]
    return sum(bool(row.files) for row in needed), len(needed)


def reason(hand: AtHand, one: CompiledField, seen: Look) -> str:
    """Why a document that hangs on other answers is asked for, or is not; empty where nothing decides it."""
    rules = [rule for rule in (one.shown, one.required) if rule is not None and not isinstance(rule, bool)]
    names = dict.fromkeys(name for rule in rules for name in sorted(rule.names))
    facts = "; ".join(_facts(hand, names, seen))
    if not facts:
        return ""
    if one.field.code not in seen.shown:
        return gettext("Not asked for, as answered: %(answers)s", answers=facts)
    if isinstance(one.required, bool):
        return gettext("Asked for, as answered: %(answers)s", answers=facts)
    needed = one.required.evaluate(seen.environment) is True
    if needed:
        return gettext("Required, as answered: %(answers)s", answers=facts)
    return gettext("Not required, as answered: %(answers)s", answers=facts)


def _facts(hand: AtHand, names: Iterable[str], seen: Look) -> Iterator[str]:
    """The questions that decide, each with its answer."""
    fields = {other.field.code: other for part in hand.compiled.sections for other in part.fields}
    for name in names:
        if name in fields:
            answer = said(fields[name], hand.answers.get(name), hand.around)
            words = answer.striptags() if isinstance(answer, Markup) else answer if isinstance(answer, str) else ""
            words = words or gettext("no answer yet")
            yield f"{said_of(fields[name].field, 'label')} – {words}"


def _state(item: Files, files: Sequence[Mapping[str, Any]]) -> tuple[str, str]:
    """The tone and the word of a document as a whole."""
    if not files:
        return ("warning", gettext("Missing")) if item.needed else ("neutral", gettext("Optional"))
    proofs = [file["proof"] for file in files if file["proof"]]
    if any(note.stop for note in item.notes) or any(one["tone"] == "danger" for p in proofs for one in p["signatures"]):
        return "danger", gettext("To be corrected")
    if any(file["outdated"] for file in files):
        return "warning", gettext("To be corrected")
    if any(proof["asked"] and not proof["signatures"] for proof in proofs):
        return "warning", gettext("Signature needed")
    if proofs and all(proof["signatures"] for proof in proofs):
        return "success", gettext("Signed")
    return "success", gettext("Uploaded")


def _file(around: Around, file: Document) -> dict[str, Any]:
    ids: dict[str, Any] = {"application_id": file.application_id, "document_id": file.id}
    compared = around.evidence.of(file.id).compared
    return {
        **_facts_of(around, file),
        "remove_url": url_for("applications.remove", **ids),
        "application_id": file.application_id,
        "proof": proof_lines(around.evidence, file.id),
        "outdated": compared is not None and compared.standing in (Standing.CHANGED, Standing.OTHER),
    }


def former_file(around: Around, file: Document) -> dict[str, Any]:
    """A replaced or removed file: when, by whom and what for, and the way back where its bytes are kept."""
    taken_over = any(
        other.slot == file.slot and other.filename == file.filename and other.uploaded_at == file.removed_at
        for other in around.hand.application.documents
    )
    ids: dict[str, Any] = {"application_id": file.application_id, "document_id": file.id}
    return {
        **_facts_of(around, file),
        "slot": file.slot,
        "replaced": taken_over,
        "removed_at": file.removed_at,
        "removed_by": around.people.get(file.removed_by_id or 0, ""),
        "swept_at": file.swept_at,
        "restore_url": None if file.swept_at else url_for("applications.restore", **ids),
    }


def _facts_of(around: Around, file: Document) -> dict[str, Any]:
    seen = file.media_type == PDF and file.swept_at is None
    return {
        "id": file.id,
        "name": file.filename,
        "href": url_for("applications.document", document_id=file.id),
        "preview": url_for("applications.preview", document_id=file.id) if seen else None,
        "size": file.size,
        "pages": file.pages,
        "sha256": file.sha256,
        "uploaded_at": file.uploaded_at,
        "uploaded_by": around.people.get(file.uploaded_by_id or 0, ""),
    }


def _place(around: Around, item: Files) -> dict[str, Any]:
    """What is taken here, where it goes, what broke off on its way, and the paper that is made for it."""
    application, code, extensions = around.hand.application, item.asked.code, item.asked.extensions
    ids: dict[str, Any] = {"application_id": application.id, "slot": code}
    papers = ("pdf", "docx") if item.asked.paper else ()
    given = around.templates.get(code)
    contest = application.contest.code
    return {
        "template": given and {"name": given, "href": url_for("form_editor.template", code=contest, slot=code)},
        "types": ", ".join(one.upper() for one in extensions),
        "accept": ",".join(f".{one}" for one in extensions),
        "max_bytes": item.asked.max_bytes or LARGEST_FILE,
        "errors": around.refused.get(code, ()),
        "upload_url": url_for("applications.upload", **ids),
        "pieces_url": url_for("applications.begin_upload", **ids),
        "paper": [
            {"label": one.upper(), "href": url_for("applications.paper", **ids, extension=one)} for one in papers
        ],
        "broken_off": [_arrival(application, one) for one in around.broken_off if one.claim.slot == code],
    }


def _arrival(application: Application, one: Arrival) -> dict[str, Any]:
    ids: dict[str, Any] = {"application_id": application.id, "slot": one.claim.slot, "upload": one.token}
    return {
        "name": one.claim.name,
        "size": one.claim.size,
        "received": one.received,
        "remove_url": url_for("applications.drop_upload", **ids),
    }
