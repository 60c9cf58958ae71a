"""The figures of an application beside those of its spreadsheet, where cells are named."""

import io
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.workbook.defined_name import DefinedName
from sqlalchemy.orm import Session

from judging.adapters.spreadsheets import Book
from judging.adapters.storage import Storage
from judging.queries.models_of_finance import compared_models
from tests import factories
from tests.factories import MOMENT
from tests.services.test_applications import whole_draft

NAMES = {
    "total_cost": "'Баланс, всего'!$B$2",
    "REQUESTED": "Лист!$A$1",
    "own_funds": "Лист!$A$2",
    "other": "Лист!$A$1:$A$2",
}


def workbook(**cells: Any) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Лист"
    balance = book.create_sheet("Баланс, всего")
    balance["B2"], sheet["A1"], sheet["A2"] = cells["total_cost"], cells["requested"], cells["own_funds"]
    for name, place in NAMES.items():
        book.defined_names[name] = DefinedName(name, attr_text=place)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def test_names_of_single_cells_are_read_and_others_are_not() -> None:
    book = Book(io.BytesIO(workbook(total_cost=1, requested=2, own_funds=3)))
    assert book.names == {
        "total_cost": ("Баланс, всего", "B2"), "requested": ("Лист", "A1"), "own_funds": ("Лист", "A2"),
    }  # fmt: skip


def test_named_figures_are_compared_and_a_file_that_cannot_be_read_says_why(session: Session) -> None:
    storage = Storage.from_url("memory:///")
    draft = whole_draft(session, factories.contest(session))
    whole = workbook(total_cost=360_000_000, requested="сто двадцать", own_funds=140_000_000.02)
    for name, content in (("Модель.xlsx", whole), ("Битая.xlsx", b"PK"), ("Письмо.pdf", b"%PDF")):
        stored = storage.put(io.BytesIO(content))
        factories.document(
            session, draft, filename=name, size=stored.size, sha256=stored.sha256, storage_key=stored.key
        )
    session.expire(draft, ["documents"])
    good, bad = compared_models(draft, storage, MOMENT.date())
    assert [(one.code, one.place, one.answered, one.held, one.agrees) for one in good.figures] == [
        ("own_funds", "Лист!A2", Decimal("140000000.00"), Decimal("140000000.02"), False),
        ("requested", "Лист!A1", Decimal("120000000.00"), None, False),
        ("total_cost", "Баланс, всего!B2", Decimal("360000000.00"), Decimal(360000000), True),
    ]
    assert (good.filename, bad.filename, bad.figures, bad.fault is not None) == ("Модель.xlsx", "Битая.xlsx", (), True)
