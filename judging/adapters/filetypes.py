"""Checks of files on arrival: the content agrees with the name, the file is whole and everybody can open it.

What a browser says of a file's type is not asked: the name gives the type, the content has to agree, and downloads
carry the media type of this table.
"""

import re
import zipfile
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import BinaryIO

import filetype

from judging.domain.errors import N_, RuleViolation

HEAD = 8192
UNPACKED_LIMIT = 1 << 30
"""An office file that would unpack to more bytes than this is refused unread."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_OLE = "EncryptedPackage".encode("utf-16-le")
_ENCRYPTED_PDF = re.compile(rb"/Encrypt\s*(?:\d+\s+\d+\s+R|<<)")


class WrongFile(RuleViolation):
    """The file cannot be taken; the text says what to do."""


@dataclass(frozen=True)
class FileType:
    """A type that the product takes. ``main`` is the content type of an office file's main part."""

    extension: str
    media_type: str
    check: Callable[[BinaryIO, "FileType"], None]
    main: str = ""


def recognise(file: BinaryIO, filename: str, extensions: Collection[str]) -> FileType:
    """Return the type of a seekable file; raise :class:`WrongFile` unless it is whole and one of ``extensions``.

    The position in the file is not kept.
    """
    kind = require_extension(filename, extensions)
    file.seek(0)
    if not file.read(1):
        raise WrongFile(
            N_("The file “%(name)s” is empty. Check it on your computer and upload it again."), name=filename
        )
    try:
        kind.check(file, kind)
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


def _check_pdf(file: BinaryIO, kind: FileType) -> None:
    file.seek(0)
    content = file.read()
    if b"%PDF-" not in content[:1024]:
        raise _not_the_type(content[:HEAD], kind)
    if b"%%EOF" not in content[-4096:]:
        raise WrongFile(N_("The file “%(name)s” is cut off: its end is missing. Save it anew and upload it again."))
    if _ENCRYPTED_PDF.search(content):
        raise _encrypted()


def _check_office(file: BinaryIO, kind: FileType) -> None:
    file.seek(0)
    head = file.read(HEAD)
    if head.startswith(_OLE):
        raise _encrypted() if _ENCRYPTED_OLE in head + file.read() else _old_format(kind)
    if not zipfile.is_zipfile(file):
        raise _not_the_type(head, kind)
    with zipfile.ZipFile(file) as package:
        _check_package(package, kind)


def _check_package(package: zipfile.ZipFile, kind: FileType) -> None:
    entries = package.infolist()
    names = {entry.filename for entry in entries}
    if sum(entry.file_size for entry in entries) > UNPACKED_LIMIT:
        raise WrongFile(N_("The file “%(name)s” unpacks to more than a gigabyte and is not taken."))
    if any(entry.flag_bits & 1 for entry in entries):
        raise _encrypted()
    if "[Content_Types].xml" not in names:
        raise _not_the_type(b"", kind)
    types = _content_types(package)
    if "macroEnabled" in types or any(name.lower().endswith("vbaproject.bin") for name in names):
        raise WrongFile(N_("The file “%(name)s” has macros. Save it without them and upload it again."))
    if kind.main not in types:
        raise _not_the_type(b"", kind)


def _content_types(package: zipfile.ZipFile) -> str:
    try:
        return package.read("[Content_Types].xml").decode("utf-8", "replace")
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise WrongFile(N_("The file “%(name)s” is damaged and does not open. Save it anew.")) from error


def _not_the_type(head: bytes, kind: FileType) -> WrongFile:
    wanted, found = kind.extension.upper(), filetype.guess(head) if head else None
    if found is not None:
        return WrongFile(
            N_("By its content the file “%(name)s” is %(found)s, not %(wanted)s. Save it in the right format."),
            found=found.extension.upper(),
            wanted=wanted,
        )
    return WrongFile(
        N_("The content of the file “%(name)s” is not %(wanted)s. Save it in the right format."), wanted=wanted
    )


def _old_format(kind: FileType) -> WrongFile:
    return WrongFile(
        N_("The file “%(name)s” is in an old office format. Save it as %(wanted)s."), wanted=kind.extension.upper()
    )


def _encrypted() -> WrongFile:
    return WrongFile(N_("The file “%(name)s” is protected by a password. Save it without protection."))


_OFFICE = "application/vnd.openxmlformats-officedocument."
_WORD, _SHEET = f"{_OFFICE}wordprocessingml.document", f"{_OFFICE}spreadsheetml.sheet"

TYPES: Mapping[str, FileType] = {
    kind.extension: kind
    for kind in (
        FileType("pdf", "application/pdf", _check_pdf),
        FileType("docx", _WORD, _check_office, main=f"{_WORD}.main+xml"),
        FileType("xlsx", _SHEET, _check_office, main=f"{_SHEET}.main+xml"),
    )
}
