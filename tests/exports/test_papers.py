"""What stands on papers: sums in words, answers of every kind, and the whole of a small agreement."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging.domain.forms.form import FieldKind, PaperKind
from judging.domain.papers import paper_of
from judging.exports.papers import Source, receipt_sheet, sheet_of, submitted_sheet
from judging.exports.papers.amounts import LARGEST, figures, sum_in_words, sum_said
from judging.exports.papers.wording import SAY, plain_number
from tests.domain.test_papers import CONTENT
from tests.pp41 import pp41

DATABASES = ("sqlite",)


@pytest.mark.parametrize(
    ("kopecks", "words"),
    [
        (0, "ноль рублей 00 копеек"),
        (1, "ноль рублей 01 копейка"),
        (1_00, "один рубль 00 копеек"),
        (22_02, "двадцать два рубля 02 копейки"),
        (1_111_14, "одна тысяча сто одиннадцать рублей 14 копеек"),
        (2_000_005_00, "два миллиона пять рублей 00 копеек"),
        (150_000_000_00, "сто пятьдесят миллионов рублей 00 копеек"),
        (1_021_572_000_21, "один миллиард двадцать один миллион пятьсот семьдесят две тысячи рублей 21 копейка"),
    ],
)
def test_a_sum_in_words(kopecks: int, words: str) -> None:
    assert sum_in_words(kopecks) == words


@given(st.integers(0, LARGEST))
def test_different_sums_have_different_words_that_end_as_the_figures_do(kopecks: int) -> None:
    words = sum_in_words(kopecks)
    assert words != sum_in_words(kopecks + 1)
    assert f" {kopecks % 100:02d} копе" in words
    assert "  " not in words
    assert sum_said(kopecks) == f"{figures(kopecks)}\u00a0руб. ({words})"


def test_a_sum_without_words_stands_in_figures() -> None:
    assert (sum_said(-105), figures(1_234_567_05)) == ("−1,05\u00a0руб.", "1\u00a0234\u00a0567,05")
    assert [plain_number(Decimal(one)) for one in ("2027", "12000.50", "-3")] == ["2027", "12\u00a0000,50", "−3"]


def test_every_kind_of_answer_that_is_said_in_lines_is_in_the_table() -> None:
    assert set(FieldKind) - set(SAY) == {FieldKind.FILE, FieldKind.CONSENT, FieldKind.TABLE}


def source(**document: Any) -> Source:
    return Source.of("Отбор", pp41().form, {**CONTENT, **document}, submitted="version" in document)


def test_an_agreement_names_every_participant_and_leaves_a_line_to_each() -> None:
    paper = paper_of(PaperKind.AGREEMENT, 7, pp41().form, CONTENT)
    sheet = sheet_of(paper, source())
    blocks = sheet["blocks"]
    assert [block["rows"] for block in blocks if block["kind"] == "signatures"] == [
        [["Руководитель\nООО «Литейный дом»", "Лисицына О. П."], ["Руководитель\nАО «Партнёр»", ""]]
    ]
    assert next(block["rows"] for block in blocks if block["kind"] == "facts") == [
        ["Запрашиваемая субсидия",
         ["1\u00a0500\u00a0000,00\u00a0руб. (один миллион пятьсот тысяч рублей 00 копеек)"]]
    ]  # fmt: skip
    assert [row[1][0] for block in blocks if block["kind"] == "table" for row in block["rows"]] == [
        "ООО «Литейный дом»", "АО «Партнёр»",
    ]  # fmt: skip
    assert (sheet["code"], sheet["sha256"], blocks[-1]["text"][0].count(";")) == (paper.code, paper.sha256, 3)


@pytest.mark.parametrize("kind", PaperKind)
def test_an_empty_draft_has_papers_with_lines_to_fill_in(kind: PaperKind) -> None:
    empty = {**CONTENT, "answers": {}, "computed": {}, "organisations": []}
    paper = paper_of(kind, 7, pp41().form, empty)
    sheet = sheet_of(paper, replace(source(), answers={}, computed={}, organisations={}))
    assert "________________" in str(sheet["blocks"])


def test_the_receipt_lists_every_file_and_its_signatures_by_their_hashes() -> None:
    signature = {"filename": "a.pdf.sig", "sha256": "2" * 64}
    file = {**CONTENT["documents"][0], "signatures": [signature]}
    kept = {"version": 2, "number": "PP41-1", "submitted_at": "2027-01-02T09:00:05+00:00", "documents": [file]}
    facts = {"title": "Кронштейны", "initiator": None, "requested": 150}
    sheet = receipt_sheet(source(**kept), facts, "f" * 64)
    assert sheet["blocks"][0]["rows"][:2] == [
        ["Регистрационный номер", "PP41-1"], ["Получена", "02.01.2027 в 12:00:05 (московское время)"],
    ]  # fmt: skip
    files = [block["rows"] for block in sheet["blocks"] if block["kind"] == "table"]
    assert files == [[
        [["Договоры и письма покупателей"], {"text": ["a.pdf, 3 байт"], "hash": "1" * 64}],
        [["электронная подпись"], {"text": ["a.pdf.sig"], "hash": "2" * 64}],
    ]]  # fmt: skip
    whole = submitted_sheet(source(**kept), "f" * 64)
    assert (whole["code"], whole["sha256"], files[0] in [block.get("rows") for block in whole["blocks"]]) == (
        "ЗАЯВКА-PP41-1", "f" * 64, True,
    )  # fmt: skip
