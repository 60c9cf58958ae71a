"""The table of file types that are taken, and the check of a file against the type that its name claims."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import BinaryIO

from judging.adapters.filetypes.faults import EMPTY, WrongFile
from judging.adapters.filetypes.office import check_office
from judging.adapters.filetypes.pdf import check_pdf
from judging.domain.errors import N_

Check = Callable[[BinaryIO, str], None]
"""Reads a seekable file as one of the extension given; raises :class:`WrongFile` where it cannot be taken."""


@dataclass(frozen=True)
class FileType:
    """A type that the product takes."""

    extension: str
    media_type: str
    check: Check


def recognise(file: BinaryIO, filename: str, extensions: Collection[str]) -> FileType:
    """Return the type of a seekable file; raise :class:`WrongFile` unless it is whole and one of ``extensions``.

    The position in the file is not kept.
    """
    kind = require_extension(filename, extensions)
    file.seek(0)
    if not file.read(1):
        raise WrongFile(EMPTY, name=filename)
    try:
        kind.check(file, kind.extension)
    except WrongFile as fault:
        raise WrongFile(fault.message, name=filename, **fault.params) from fault
    return kind


def require_extension(filename: str, extensions: Collection[str]) -> FileType:
    """Return the type that a name claims; raise :class:`WrongFile` unless it is one of ``extensions``."""
    extension = PurePath(filename).suffix.removeprefix(".").lower()
    kind = TYPES.get(extension)
    if kind is None or extension not in extensions:
        wanted = ", ".join(one.upper() for one in sorted(extensions))
        raise WrongFile(N_("The file “%(name)s” is not taken here: upload %(wanted)s."), name=filename, wanted=wanted)
    return kind


def media_type(filename: str) -> str:
    """Return the media type that a stored file is sent with; plain bytes for a name of no known type."""
    kind = TYPES.get(PurePath(filename).suffix.removeprefix(".").lower())
    return kind.media_type if kind else "application/octet-stream"


_OFFICE = "application/vnd.openxmlformats-officedocument."

TYPES: Mapping[str, FileType] = {
    kind.extension: kind
    for kind in (
        FileType("pdf", "application/pdf", check_pdf),
        FileType("docx", f"{_OFFICE}wordprocessingml.document", check_office),
        FileType("xlsx", f"{_OFFICE}spreadsheetml.sheet", check_office),
    )
}
