"""A file is taken if its content agrees with its name, it is whole, and everybody can open it."""

import io
import zipfile

import pytest

from judging.adapters.filetypes import WrongFile, media_type, recognise

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<</Root 1 0 R>>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 32
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def package(main: str, *names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr("[Content_Types].xml", f'<Types><Override ContentType="{main}"/></Types>')
        for name in names:
            file.writestr(name, "x")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("Паспорт.pdf", PDF, "application/pdf"),
        ("ПЛАН.DOCX", package(f"{WORD}.main+xml", "word/document.xml"), WORD),
        ("model.xlsx", package(f"{SHEET}.main+xml", "xl/workbook.xml"), SHEET),
    ],
)
def test_whole_files_are_taken_with_a_fixed_media_type(name: str, content: bytes, expected: str) -> None:
    assert recognise(io.BytesIO(content), name, ["pdf", "docx", "xlsx"]).media_type == expected
    assert media_type(name) == expected


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.exe", b"MZ", "is not taken here: upload DOCX, PDF, XLSX"),
        ("a.pdf", b"", "is empty"),
        ("a.pdf", PNG, "is PNG, not PDF"),
        ("a.pdf", PDF[:30], "is cut off"),
        ("a.pdf", PDF.replace(b"/Root 1 0 R", b"/Encrypt 5 0 R"), "is protected by a password"),
        ("a.docx", b"just text", "is not DOCX"),
        ("a.docx", package(f"{SHEET}.main+xml"), "is not DOCX"),
        ("a.xlsx", package("application/vnd.ms-excel.sheet.macroEnabled.main+xml"), "has macros"),
        ("a.docx", package(f"{WORD}.main+xml", "word/vbaProject.bin"), "has macros"),
        ("a.docx", OLE + b"\0" * 100, "is in an old office format"),
        ("a.xlsx", OLE + "EncryptedPackage".encode("utf-16-le"), "is protected by a password"),
    ],
)
def test_other_files_are_refused_with_what_to_do(name: str, content: bytes, words: str) -> None:
    with pytest.raises(WrongFile) as refusal:
        recognise(io.BytesIO(content), name, ["pdf", "docx", "xlsx"])
    assert words in str(refusal.value)
    assert name in str(refusal.value)


def test_a_type_that_the_slot_does_not_list_is_refused() -> None:
    with pytest.raises(WrongFile, match="upload XLSX"):
        recognise(io.BytesIO(PDF), "a.pdf", ["xlsx"])


def test_an_unknown_name_is_sent_as_plain_bytes() -> None:
    assert media_type("note.txt") == "application/octet-stream"
