"""The PDF of a document of an office program is asked for: made beside the requests, once, and kept for a day."""

from sqlalchemy.orm import Session

from judging.domain.access import By
from judging.domain.jobs import JobKind, rendition_key
from judging.models import Document
from judging.services import queue


def ask_for_rendition(session: Session, document: Document, *, by: By) -> None:
    """Have the PDF made; where it is being made already, that goes on. Whoever reads the document may ask."""
    key = rendition_key(document.sha256)
    queue.ask_again(session, JobKind.RENDITIONS, {"document": document.id}, key=key, by=by)
