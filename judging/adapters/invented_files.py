"""Small whole files of the types that contests ask for, which say of themselves that their content is invented."""

from collections.abc import Mapping
from io import BytesIO
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "application/vnd.openxmlformats-officedocument"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'


def invented_file(extension: str, words: str) -> bytes:
    """Return a file of the type ``extension`` (pdf, docx or xlsx) with these words; raise KeyError for another.

    A PDF says so in Latin letters, which its plain fonts have. The same words always give the same bytes.
    """
    return {"pdf": _pdf, "docx": _docx, "xlsx": _xlsx}[extension](words)


MADE = ("pdf", "docx", "xlsx")
"""The types that can be made, the preferred one first."""


def _pdf(_words: str) -> bytes:
    drawn = b"BT /F1 18 Tf 72 760 Td (PROBA - TRIAL CONTEST) Tj 0 -28 Td (The content of this file is invented.) Tj ET"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    written, places = BytesIO(), []
    written.write(b"%PDF-1.4\n")
    for number, body in enumerate(objects, start=1):
        places.append(written.tell())
        written.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = written.tell()
    written.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    written.writelines(b"%010d 00000 n \n" % place for place in places)
    written.write(b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start))
    return written.getvalue()


def _docx(words: str) -> bytes:
    main = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = (
        f'<w:document xmlns:w="{main}"><w:body><w:p><w:r><w:t>{escape(words)}</w:t></w:r></w:p></w:body></w:document>'
    )
    return _package("word/document.xml", f"{_MAIN}.wordprocessingml.document.main+xml", {"word/document.xml": body})


def _xlsx(words: str) -> bytes:
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    cell = f'<c r="A1" t="inlineStr"><is><t>{escape(words)}</t></is></c>'
    parts = {
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{_OFFICE}"><sheets>'
        '<sheet name="Проба" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData><row r="1">{cell}</row>'
        "</sheetData></worksheet>",
    }
    others = {"xl/worksheets/sheet1.xml": f"{_MAIN}.spreadsheetml.worksheet+xml"}
    return _package("xl/workbook.xml", f"{_MAIN}.spreadsheetml.sheet.main+xml", parts, others)


def _package(main: str, kind: str, parts: Mapping[str, str], others: Mapping[str, str] | None = None) -> bytes:
    """Put the parts of an Office file together, ``main`` being the one that all begins with."""
    named = {main: kind, **(others or {})}
    overrides = "".join(f'<Override PartName="/{name}" ContentType="{value}"/>' for name, value in named.items())
    types = (
        f'<Types xmlns="{_TYPES}"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package'
        '.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
        f"{overrides}</Types>"
    )
    root = (
        f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="rId1" Type="{_OFFICE}/officeDocument" '
        f'Target="{main}"/></Relationships>'
    )
    written = BytesIO()
    with ZipFile(written, "w", ZIP_DEFLATED) as package:
        for name, text in {"[Content_Types].xml": types, "_rels/.rels": root, **parts}.items():
            package.writestr(ZipInfo(name), f"{_HEAD}{text}".encode(), ZIP_DEFLATED)
    return written.getvalue()
