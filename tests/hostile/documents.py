"""Files for a document slot: honest ones that must be taken, and hostile ones with the words they are refused with."""

import io
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.hostile.zips import MB, Entry, archive, bomb, entry

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TYPES_SPACE = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELATIONS_SPACE = "http://schemas.openxmlformats.org/package/2006/relationships"
_MAIN_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
BODY = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body/></w:document>'
WORKBOOK = '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheets/></workbook>'


@dataclass(frozen=True)
class Case:
    """A file: what it tries, its name, how it is made, and words of the refusal (empty: it is taken)."""

    title: str
    filename: str
    make: Callable[[], bytes]
    words: str


def types(main: str, part: str) -> str:
    return (
        f'<Types xmlns="{_TYPES_SPACE}"><Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/{part}" ContentType="{main}"/></Types>'
    )


def relations(part: str) -> str:
    return (
        f'<Relationships xmlns="{_RELATIONS_SPACE}">'
        f'<Relationship Id="rId1" Type="{_MAIN_RELATION}" Target="{part}"/></Relationships>'
    )


def office(
    *more: Entry, main: str = f"{WORD}.main+xml", part: str = "word/document.xml", body: str = BODY
) -> list[Entry]:
    """The entries of a small document, and ``more``."""
    return [
        entry("[Content_Types].xml", types(main, part)),
        entry("_rels/.rels", relations(part)),
        entry(part, body),
        *more,
    ]


def docx(*more: Entry, **changes: str) -> bytes:
    return archive(office(*more, **changes))


def xlsx(*more: Entry) -> bytes:
    return docx(*more, main=f"{SHEET}.main+xml", part="xl/workbook.xml", body=WORKBOOK)


def pdf(*objects: bytes | str, trailer: str = "", head: bytes = b"", tail: bytes = b"", body: bytes = b"") -> bytes:
    """A PDF of one empty page with a true table of places; ``objects`` are numbered from 4 on."""
    own = ("<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
           "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>")  # fmt: skip
    output, places = io.BytesIO(), []
    output.write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + body)
    for number, content in enumerate([*own, *objects], start=1):
        places.append(output.tell())
        data = content.encode() if isinstance(content, str) else content
        output.write(b"%d 0 obj\n%s\nendobj\n" % (number, data))
    table = output.tell()
    output.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1))
    output.writelines(b"%010d 00000 n \n" % place for place in places)
    output.write(b"trailer\n<< /Size %d /Root 1 0 R %s >>\n" % (len(places) + 1, trailer.encode()))
    output.write(b"startxref\n%d\n%%%%EOF\n" % table)
    return head + output.getvalue() + tail


SCRIPT = "<< /S /JavaScript /JS (app.alert\\(1\\)) >>"


def _mass(name: str, count: int) -> list[Entry]:
    return [Entry(f"{name}{number}", b"", 0, method=0) for number in range(count)]


def _nested(depth: int) -> bytes:
    inner = b"x"
    for number in range(depth):
        inner = archive([entry(f"{number}.zip", inner)])
    return inner


def _overlapping() -> bytes:
    """Many entries that all unpack the same packed bytes."""
    kernel = bomb("kernel", 2 * MB)
    start = len(archive(office())) - len(archive([])) - sum(46 + len(one.name) for one in office())
    return archive([*office(), kernel, *(Entry(f"c{n}", kernel.packed, kernel.size, at=start) for n in range(200))])


def _billion_laughs() -> str:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    return f'<!DOCTYPE t [<!ENTITY e0 "lol">{entities}]><Types xmlns="{_TYPES_SPACE}">&e11;</Types>'


def _quadratic() -> str:
    return f'<!DOCTYPE t [<!ENTITY a "{"a" * 50_000}">]><Types xmlns="{_TYPES_SPACE}">{"&a;" * 50_000}</Types>'


def _with_types(content: str | Entry) -> bytes:
    table = content if isinstance(content, Entry) else entry("[Content_Types].xml", content)
    return archive([table, *office()[1:]])


LARGE, DAMAGED, CUT = "unpacks to more than any document", "is damaged", "its end is missing"
MANY, NOT_DOCX, MACROS = "more parts than any document", "is not DOCX", "has macros"

OFFICE_CASES: Sequence[Case] = (
    Case("1,000 MB in [Content_Types].xml", "a.docx",
         lambda: _with_types(bomb("[Content_Types].xml", 1000 * MB)), LARGE),
    Case("12 MB in [Content_Types].xml", "a.docx", lambda: _with_types(bomb("[Content_Types].xml", 12 * MB)), LARGE),
    Case("a picture of 400 MB out of 400 KB", "a.docx", lambda: docx(bomb("word/media/a.png", 400 * MB)), LARGE),
    Case("64 parts of 15 MB", "a.docx", lambda: docx(*(bomb(f"word/{n}", 15 * MB) for n in range(64))), LARGE),
    Case("a part that claims 10 bytes and unpacks to 400 MB", "a.docx",
         lambda: docx(Entry("word/a", bomb("", 400 * MB).packed, 10)), DAMAGED),
    Case("a part that claims more than it has", "a.docx", lambda: docx(entry("word/a", "x" * 9, size=90)), DAMAGED),
    Case("a part with another checksum", "a.docx", lambda: docx(entry("word/a", "x" * 9, crc=1)), DAMAGED),
    Case("200 entries over the same bytes", "a.docx", _overlapping, DAMAGED),
    Case("two parts of one name", "a.docx", lambda: docx(entry("word/document.xml", BODY)), DAMAGED),
    Case("two parts whose names differ by case", "a.docx", lambda: docx(entry("WORD/document.xml", BODY)), DAMAGED),
    Case("a document type declared in a part that nobody reads", "a.docx",
         lambda: docx(entry("docProps/core.xml", '<!DOCTYPE a [<!ENTITY x "xx">]><a>&x;</a>')), DAMAGED),
    Case("the same in UTF-16", "a.docx",
         lambda: docx(entry("docProps/core.xml", "<!DOCTYPE a><a/>".encode("utf-16"))), DAMAGED),
    Case("a part that climbs out of its folder", "a.docx", lambda: docx(entry("word/../../x", "x")), DAMAGED),
    Case("60,000 entries", "a.docx", lambda: docx(*_mass("e", 60_000)), MANY),
    Case("a directory of 40 MB", "a.docx", lambda: docx(*_mass("e" * 900, 40_000)), MANY),
    Case("a million laughs", "a.docx", lambda: _with_types(_billion_laughs()), DAMAGED),
    Case("quadratic entities", "a.docx", lambda: _with_types(_quadratic()), DAMAGED),
    Case("100,000 elements deep", "a.docx", lambda: _with_types("<a>" * 100_000), DAMAGED),
    Case("1.9 MB in one attribute", "a.docx", lambda: _with_types(f'<a b="{"x" * 1_900_000}"/>'), NOT_DOCX),
    Case("only [Content_Types].xml", "a.docx", lambda: archive(office()[:1]), DAMAGED),
    Case("a main part of no bytes", "a.docx", lambda: docx(body=""), DAMAGED),
    Case("a main part of nothing but spaces", "a.docx", lambda: docx(body=" " * 9000), DAMAGED),
    Case("a main part of another root", "a.docx", lambda: docx(body="<html/>"), DAMAGED),
    Case("a workbook named .docx", "a.docx", xlsx, "is XLSX, not DOCX"),
    Case("a program before the archive", "a.docx", lambda: archive(office(), before=b"MZ" * 50), "is EXE, not DOCX"),
    Case("an archive of archives", "a.docx", lambda: _nested(50), "is ZIP, not DOCX"),
    Case("macros", "a.docx", lambda: docx(entry("word/vbaProject.bin", "x")), MACROS),
    Case("macros by the content type", "a.xlsx",
         lambda: docx(main="application/vnd.ms-excel.sheet.macroEnabled.main+xml", part="xl/workbook.xml"), MACROS),
    Case("an encrypted entry", "a.docx", lambda: docx(entry("word/a", "x", flags=1)), "protected by a password"),
    Case("a document cut in the middle", "a.docx", lambda: docx()[:300], CUT),
    Case("a workbook cut in its directory", "a.xlsx", lambda: xlsx()[:-40], CUT),
    Case("a document with an archive of archives inside", "a.docx",
         lambda: docx(entry("word/embeddings/a.bin", _nested(50))), ""),
    Case("a document with 20 KB of zeros behind it", "a.docx", lambda: docx() + b"\0" * 20_000, ""),
    Case("a document whose type is that of its extension", "a.docx", lambda: _with_types(
        f'<Types xmlns="{_TYPES_SPACE}"><Default Extension="xml" ContentType="{WORD}.main+xml"/></Types>'), ""),
    Case("a plain document", "a.docx", docx, ""),
    Case("a plain workbook", "a.xlsx", xlsx, ""),
)  # fmt: skip

JAVASCRIPT, LAUNCH, PROGRAM = "holds a script", "starts a program", "has a program attached"
INTRICATE = "too intricate"


def _attached(name: str, content: bytes) -> bytes:
    stream = b"<< /Type /EmbeddedFile /Length %d >>\nstream\n%s\nendstream" % (len(content), content)
    return pdf(f"<< /Type /Filespec /F ({name}) /UF ({name}) /EF << /F 5 0 R >> >>", stream)


def modern(inner: bytes, *, extra: bytes = b"", packed: bytes | None = None) -> bytes:
    """A PDF with a stream of places instead of a table; its one object stream (4) holds ``inner`` as object 5."""
    data = zlib.compress(b"5 0 " + inner) if packed is None else packed
    keys = b"/Type /ObjStm /N 1 /First 4 /Length %d /Filter /FlateDecode %s" % (len(data), extra)
    stream = b"<< %s >>\nstream\n%s\nendstream" % (keys, data)
    plain = pdf(stream)
    body = plain[: plain.rindex(b"xref\n0")]
    places = [body.index(b"\n%d 0 obj" % number) + 1 for number in range(1, 5)]
    rows = [(0, 0, 0), *((1, place, 0) for place in places), (2, 4, 0), (1, len(body), 0)]
    table = b"".join(bytes([kind]) + place.to_bytes(4) + bytes([index]) for kind, place, index in rows)
    head = b"<< /Type /XRef /Size 7 /W [1 4 1] /Root 1 0 R /Length %d >>" % len(table)
    end = b"startxref\n%d\n%%%%EOF\n" % len(body)
    return body + b"6 0 obj\n" + head + b"\nstream\n" + table + b"\nendstream\nendobj\n" + end


PDF_CASES: Sequence[Case] = (
    Case("a script", "a.pdf", lambda: pdf(SCRIPT), JAVASCRIPT),
    Case("a script whose name is spelled by numbers", "a.pdf",
         lambda: pdf("<< /S /J#61va#53cript /JS (1) >>"), JAVASCRIPT),
    Case("a script within an annotation", "a.pdf", lambda: pdf(f"<< /Type /Annot /A {SCRIPT} >>"), JAVASCRIPT),
    Case("a script whose kind stands apart", "a.pdf", lambda: pdf("<< /S 5 0 R /JS (1) >>", "/JavaScript"), JAVASCRIPT),
    Case("a program started", "a.pdf", lambda: pdf("<< /S /Launch /F (cmd.exe) >>"), LAUNCH),
    Case("a program attached", "a.pdf", lambda: _attached("a.exe", b"x"), PROGRAM),
    Case("a program attached under a harmless name", "a.pdf", lambda: _attached("a.txt", b"MZ\x90\0"), PROGRAM),
    Case("a page of nothing cut off", "a.pdf", lambda: pdf()[:-6], CUT),
    Case("a new revision cut off", "a.pdf", lambda: pdf(tail=b"4 0 obj\n<< /Length 9 >>\nstream\n"), CUT),
    Case("a linearised file cut off", "a.pdf",
         lambda: pdf(body=b"9 0 obj\n<< /Linearized 1 /L 99999 /H [1 2] >>\nendobj\n"), CUT),
    Case("a picture named .pdf", "a.pdf", lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * 99, "is PNG, not PDF"),
    Case("nested 100,000 lists deep beside a script's name", "a.pdf",
         lambda: pdf("[" * 100_000 + "]" * 100_000, "[/JavaScript]"), ""),
    Case("an object stream of 1,000 MB", "a.pdf", lambda: modern(b"", packed=_deflated_bomb(1000 * MB)), INTRICATE),
    Case("a script in an object stream", "a.pdf", lambda: modern(SCRIPT.encode()), JAVASCRIPT),
    Case("an object stream that cannot be unpacked", "a.pdf", lambda: modern(b"", packed=b"x" * 99), ""),
    Case("a modern file", "a.pdf", lambda: modern(b"<< /Title (x) >>"), ""),
    Case("a table of places that points at itself", "a.pdf",
         lambda: pdf(SCRIPT).replace(b"trailer\n<<", b"trailer\n<< /Prev 9"), JAVASCRIPT),
    Case("400,000 objects beside a script's name", "a.pdf",
         lambda: pdf("[/JavaScript]", *("<< /A [<< /B [] >>] >>" for _ in range(400_000))), INTRICATE),
    Case("the words of a script in a comment", "a.pdf",
         lambda: pdf(body=b"% << /S /JavaScript /JS (1) >> /Launch /EF\n"), ""),
    Case("the words of a script in a text", "a.pdf", lambda: pdf("<< /Title (<< /S /JavaScript >>) >>"), ""),
    Case("the words of encryption in a comment", "a.pdf", lambda: pdf(body=b"% /Encrypt 1 0 R\n"), ""),
    Case("8 KB of zeros behind it", "a.pdf", lambda: pdf(tail=b"\0" * 8192), ""),
    Case("a page of the web behind it", "a.pdf", lambda: pdf(tail=b"<html>" + b"x" * 9000 + b"</html>"), ""),
    Case("lines of the web server before it", "a.pdf", lambda: pdf(head=b"HTTP/1.1 200 OK\r\n\r\n"), ""),
    Case("a whole new revision", "a.pdf", lambda: pdf(tail=pdf()[9:]), ""),
    Case("a linearised file", "a.pdf",
         lambda: pdf(body=b"9 0 obj\n<< /Linearized 1 /L 300 /H [1 2] >>\nendobj\n"), ""),
    Case("a table attached", "a.pdf", lambda: _attached("budget.xlsx", b"PK\x03\x04"), ""),
    Case("a plain page", "a.pdf", pdf, ""),
)  # fmt: skip


def _deflated_bomb(size: int) -> bytes:
    """A zlib stream that unpacks to ``size`` spaces; its checksum is wrong, which no reader sees before the end."""
    return b"\x78\xda" + bomb("", size).packed + b"\0\0\0\0"
