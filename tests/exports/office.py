"""LibreOffice as the judge of the formulas: recalculates workbooks without a screen."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

import openpyxl
from openpyxl.workbook import Workbook

ALWAYS_RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse">
<value>0</value></prop></item>
</oor:items>
"""
MISSING = "LibreOffice is needed to check the workbook's formulas: apt-get install libreoffice-calc-nogui"


def recalculated(books: Mapping[str, bytes], folder: Path) -> dict[str, Workbook]:
    """Recalculate every formula of ``books`` in one run; returns workbooks that hold values."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    assert program, MISSING
    given, made, profile = folder / "given", folder / "made", folder / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(ALWAYS_RECALCULATE)
    given.mkdir()
    for name, content in books.items():
        (given / f"{name}.xlsx").write_bytes(content)
    files = [str(given / f"{name}.xlsx") for name in books]
    command = [program, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", "xlsx"]
    run = subprocess.run(
        [*command, "--outdir", str(made), *files],
        capture_output=True,
        text=True,
        timeout=240,
        env={**os.environ, "HOME": str(folder)},
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return {name: opened((made / f"{name}.xlsx").read_bytes()) for name in books}


def opened(content: bytes) -> Workbook:
    """Open a workbook for its values: as cached by whoever wrote it."""
    return openpyxl.load_workbook(BytesIO(content), data_only=True)


def rows(book: Workbook, sheet: str) -> list[dict[str, object]]:
    """Return the rows of a sheet by heading."""
    head, *body = book[sheet].iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in body]
