"""The PDF of a document of an office program: made by the program that the settings name, kept among what is prepared.

It is kept by the hash of the document's bytes, has its day there as all that is prepared, and is made anew when
somebody asks for it again: nothing of a document that was cleared stays behind.
"""

from io import BytesIO
from tempfile import TemporaryFile
from typing import BinaryIO, NamedTuple, cast

from judging.adapters.renditions import NoRendition, pdf_of
from judging.adapters.storage import Storage
from judging.domain.renditions import EXTENSIONS, rendition_name
from judging.jobs.kind import Done, JobTask, Means, Refused, Unwanted
from judging.models import Document


class _Source(NamedTuple):
    """The document as it is stored."""

    key: str
    sha256: str
    extension: str


def possible(means: Means) -> bool:
    """Whether there is a store of documents and a program to make PDFs with."""
    return means.storage is not None and means.office is not None


def work(task: JobTask) -> Done:
    """Make the PDF of one document and keep it."""
    storage, office, source = task.means.storage, task.means.office, _source(task)
    if storage is None or office is None or source is None:
        raise Unwanted
    try:
        with TemporaryFile() as file:
            copy = cast(BinaryIO, file)
            _fill(copy, storage, source.key)
            made = pdf_of(office, copy, source.extension)
    except (NoRendition, FileNotFoundError) as fault:
        raise Refused(str(fault), permanent=True) from fault
    storage.put_prepared(rendition_name(source.sha256), BytesIO(made))
    return Done(result={"size": len(made)})


def _source(task: JobTask) -> _Source | None:
    """What is to be rendered; None where the document is gone, or is of a kind of which no PDF is made."""
    with task.reading() as session:
        document = session.get(Document, task.args["document"])
        extension = None if document is None else EXTENSIONS.get(document.media_type)
        if document is None or extension is None or document.swept_at is not None:
            return None
        return _Source(document.storage_key, document.sha256, extension)


def _fill(copy: BinaryIO, storage: Storage, key: str) -> None:
    for piece in storage.read(key):
        copy.write(piece)
    copy.flush()
