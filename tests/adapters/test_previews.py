"""Pages of PDF files are counted and drawn within bounds; what cannot be is said, and nothing of it gets further."""

import io
import struct
import zlib

import pytest

from judging.adapters.invented_files import invented_file
from judging.adapters.previews import NoPicture, page_count, page_picture
from tests.adapters.test_filetypes import PDF
from tests.hostile import documents


def pixels(picture: bytes) -> tuple[int, int, set[bytes]]:
    """The size of a picture, and the colours of its first row."""
    width, height = struct.unpack(">II", picture[16:24])
    begin = picture.index(b"IDAT")
    length = struct.unpack(">I", picture[begin - 4 : begin])[0]
    rows = zlib.decompress(picture[begin + 4 : begin + 4 + length])
    assert len(rows) == height * (3 * width + 1)
    return width, height, {rows[place : place + 3] for place in range(1, 3 * width, 3)}


def test_a_page_is_a_picture_of_bounded_size() -> None:
    paper = io.BytesIO(invented_file("pdf", ""))
    assert page_count(paper) == 1
    width, height, top = pixels(page_picture(paper, 1))
    assert ((width, height), top) == ((900, 1274), {b"\xff\xff\xff"})


def test_pages_that_are_very_tall_are_drawn_narrower() -> None:
    long = documents.pdf().replace(b"[0 0 595 842]", b"[0 0 10 9000]")
    assert pixels(page_picture(io.BytesIO(long), 1))[:2] == (2, 1800)


@pytest.mark.parametrize("content", [b"", b"text", PDF, documents.pdf()[:200]])
def test_what_is_no_pdf_has_no_pages(content: bytes) -> None:
    assert page_count(io.BytesIO(content)) is None
    with pytest.raises(NoPicture):
        page_picture(io.BytesIO(content), 1)


def test_there_is_no_page_beyond_the_last() -> None:
    for number in (0, 2, 10**9):
        with pytest.raises(NoPicture):
            page_picture(io.BytesIO(documents.pdf()), number)
