"""A file is taken if its content agrees with its name, it is whole, everybody can open it, and it is no trap."""

import io
import tempfile
from collections.abc import Callable

import pikepdf
import pytest

from judging.adapters.filetypes import WrongFile, media_type, recognise
from tests.hostile.documents import OFFICE_CASES, PDF_CASES, SHEET, WORD, Case, docx, modern, pdf, xlsx

ALL = ["pdf", "docx", "xlsx"]
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<</Root 1 0 R>>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 32
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def refusal(content: bytes, name: str) -> str:
    """The words that a file on the disk is refused with; empty where it is taken."""
    with tempfile.TemporaryFile() as file:
        file.write(content)
        try:
            recognise(file, name, ALL)
        except WrongFile as wrong:
            return str(wrong)
    return ""


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("Паспорт.pdf", PDF, "application/pdf"),
        ("ПЛАН.DOCX", docx(), WORD),
        ("model.xlsx", xlsx(), SHEET),
    ],
)
def test_whole_files_are_taken_with_a_fixed_media_type(name: str, content: bytes, expected: str) -> None:
    assert recognise(io.BytesIO(content), name, ALL).media_type == expected
    assert media_type(name) == expected


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.exe", b"MZ", "is not taken here: upload DOCX, PDF, XLSX"),
        ("a.pdf", b"", "is empty"),
        ("a.pdf", PNG, "is PNG, not PDF"),
        ("a.pdf", PDF[:30], "is cut off"),
        ("a.docx", b"just text", "is not DOCX"),
        ("a.docx", OLE + b"\0" * 100, "is in an old office format"),
        ("a.xlsx", OLE + "EncryptedPackage".encode("utf-16-le"), "is protected by a password"),
        ("a.xlsx", OLE + b"\0" * ((1 << 20) - 20) + "EncryptedPackage".encode("utf-16-le"), "protected by a password"),
    ],
)
def test_other_files_are_refused_with_what_to_do(name: str, content: bytes, words: str) -> None:
    with pytest.raises(WrongFile) as refused:
        recognise(io.BytesIO(content), name, ALL)
    assert words in str(refused.value)
    assert name in str(refused.value)


@pytest.mark.parametrize("case", [*OFFICE_CASES, *PDF_CASES], ids=lambda case: case.title)
def test_hostile_files_are_refused_in_words_and_odd_ones_taken(case: Case) -> None:
    words = refusal(case.make(), case.filename)
    assert (case.words in words) if case.words else words == ""


def encrypted(content: bytes, **passwords: object) -> bytes:
    output = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as document:
        document.save(output, encryption=pikepdf.Encryption(**passwords))  # type: ignore[arg-type]
    return output.getvalue()


@pytest.mark.parametrize("level", [2, 3, 4, 6])
@pytest.mark.parametrize("make", [pdf, lambda: modern(b"<< /Title (x) >>")], ids=["table", "stream"])
def test_only_a_password_that_is_asked_for_refuses_a_pdf(level: int, make: Callable[[], bytes]) -> None:
    old = {"aes": level > 3, "metadata": level > 3}
    restricted = encrypted(make(), owner="владелец" if level > 4 else "owner", user="", R=level, **old)
    closed = encrypted(make(), owner="o", user="u", R=level, **old)
    assert refusal(restricted, "a.pdf") == ""
    assert "is protected by a password" in refusal(closed, "a.pdf")


def test_a_script_within_a_restricted_pdf_is_found() -> None:
    output = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf())) as document:
        action = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
        document.Root.OpenAction = document.make_indirect(action)
        streams = pikepdf.ObjectStreamMode.generate
        document.save(output, encryption=pikepdf.Encryption(owner="o"), object_stream_mode=streams)
    assert b"JavaScript" not in output.getvalue()
    assert "holds a script" in refusal(output.getvalue(), "a.pdf")


def test_a_file_is_left_open_and_is_not_changed() -> None:
    file = io.BytesIO(pdf("[/JavaScript]"))
    before = file.getvalue()
    recognise(file, "a.pdf", ALL)
    assert file.getvalue() == before


def test_a_type_that_the_slot_does_not_list_is_refused() -> None:
    with pytest.raises(WrongFile, match="upload XLSX"):
        recognise(io.BytesIO(PDF), "a.pdf", ["xlsx"])


def test_an_unknown_name_is_sent_as_plain_bytes() -> None:
    assert media_type("note.txt") == "application/octet-stream"
