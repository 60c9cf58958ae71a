"""Papers are set as PDF and Word files whose stamp is found again, and texts of strangers are read within bounds."""

import io
from threading import BoundedSemaphore
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from judging.adapters.papers import NotSet, set_paper, setting, text_of
from judging.domain.papers import Reading, Stamp, stamp_in
from tests.hostile import documents

SHA256 = "0123456789abcdef" * 4
LONG = "Общество с ограниченной ответственностью «Научно-производственное объединение „Прикамские ведущие мосты“»"
PAPER: dict[str, Any] = {
    "title": "ЗАЯВКА", "subtitle": "на участие «в конкурсе»", "over": ["В комиссию"], "place": "г. Казань",
    "date": "1 марта", "author": "Система", "code": "ЗАЯВКА-7-01234567", "sha256": SHA256,
    "blocks": [
        {"kind": "heading", "text": "#set page(fill: red) $x$ *звёзды* _и_ <b>"},
        {"kind": "text", "text": ["Строка 1", "Строка 2"], "indent": True},
        {"kind": "facts", "rows": [["Что", ["Раз", "Два"]], ["Файл", {"text": ["a.pdf"], "hash": SHA256}]]},
        {"kind": "label", "text": "Таблица:"},
        {"kind": "table", "head": ["Один", "Два"], "rows": [[[LONG], [str(n)]] for n in range(90)],
         "foot": ["Всего", "4 005,00"], "widths": [3.0, 1.0], "numeric": [1], "whole": True},
        {"kind": "signatures", "rows": [["Директор\nООО «А»", "Лисицына О. П."]], "sealed": True},
        {"kind": "small", "text": ["01:1a2b3c4d – Кластер; 02:5e6f7a8b – Проект."]},
    ],
}  # fmt: skip
WORDS = ("на участие «в конкурсе»", "#set page(fill: red) $x$ *звёзды* _и_ <b>", "Строка 2", "4 005,00", "расшифровка")


@pytest.mark.parametrize("extension", ["pdf", "docx"])
def test_a_paper_holds_its_words_as_they_are_and_its_stamp_is_found_again(extension: str) -> None:
    text = text_of(io.BytesIO(set_paper(PAPER, extension)), extension) or ""
    assert [words for words in WORDS if words.replace(" ", "") not in "".join(text.split())] == []
    assert stamp_in(text) == Stamp(
        Reading.STAMPED, SHA256, "ЗАЯВКА-7-01234567", ("01:1a2b3c4d", "02:5e6f7a8b")
    )  # fmt: skip
    assert text.count("SHA-256") >= (5 if extension == "pdf" else 2), "it stands on every page"


def test_a_paper_that_takes_too_long_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setting, "LONGEST", 0.01)
    with pytest.raises(NotSet):
        set_paper(PAPER, "pdf")


def test_nobody_waits_for_papers_behind_many_others(monkeypatch: pytest.MonkeyPatch) -> None:
    full = BoundedSemaphore(1)
    monkeypatch.setattr(setting, "ASKED", full)
    with full, pytest.raises(NotSet):
        set_paper(PAPER, "pdf")
    assert set_paper(PAPER, "pdf")[:5] == b"%PDF-"


def test_a_picture_and_a_file_that_is_none_have_no_text() -> None:
    picture = text_of(io.BytesIO(documents.pdf()), "pdf")
    assert stamp_in(picture).reading is Reading.UNREAD
    assert [text_of(io.BytesIO(b"%PDF-1.7 cut"), "pdf"), text_of(io.BytesIO(b"PK"), "docx"),
            text_of(io.BytesIO(b"PK"), "xlsx")] == [None, None, None]  # fmt: skip


def test_the_bounds_of_a_word_document_are_those_of_all_its_parts_together() -> None:
    empty = b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">%s</w:document>'
    whole = io.BytesIO()
    with ZipFile(whole, "w", ZIP_DEFLATED) as package:
        for number in range(3):
            package.writestr(f"word/header{number}.xml", empty % (b"<w:r/>" * 200_000))
    assert text_of(whole, "docx") is None
