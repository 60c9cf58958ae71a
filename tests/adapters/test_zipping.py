"""Several files as one ZIP that is sent while it is made."""

import io
from datetime import datetime
from zipfile import ZipFile

from hypothesis import given
from hypothesis import strategies as st

from judging.adapters.zipping import FORBIDDEN, LONGEST, Packed, own_paths, safe_name, zipped

AT = datetime(2026, 3, 15, 12, 0, 2)  # noqa: DTZ001 -- a ZIP knows no zone


def test_what_was_packed_is_unpacked_to_the_byte() -> None:
    files = {"Опись.txt": [b"one"], "01 Заявление/письмо.pdf": [b"%PDF", b"-" * 70_000, b""], "пусто": []}
    whole = b"".join(zipped(Packed(path, AT, pieces) for path, pieces in files.items()))
    with ZipFile(io.BytesIO(whole)) as book:
        assert {name: book.read(name) for name in book.namelist()} == {
            path: b"".join(pieces) for path, pieces in files.items()
        }
        assert {info.date_time for info in book.infolist()} == {(2026, 3, 15, 12, 0, 2)}
        assert book.testzip() is None


def test_a_file_is_read_when_its_turn_comes_and_sent_as_it_is_read() -> None:
    read: list[int] = []

    def pieces() -> "list[bytes]":
        for place in range(3):
            read.append(place)
            yield b"x" * 10

    parts = zipped([Packed("a", AT, pieces())])
    next(parts)
    assert read == [0]


@given(st.text(max_size=300))
def test_a_name_is_one_that_every_system_takes(name: str) -> None:
    safe = safe_name(name)
    assert 0 < len(safe) <= LONGEST
    assert FORBIDDEN.search(safe) is None
    assert safe == safe_name(safe)


def test_an_extension_stays() -> None:
    assert safe_name("а" * 300 + ".pdf") == "а" * 96 + ".pdf"
    assert safe_name("../../etc/passwd") == "etc passwd"
    assert [safe_name(name) for name in ("CON.pdf", "nul", "console.pdf")] == ["_CON.pdf", "_nul", "console.pdf"]


@given(st.lists(st.sampled_from(["a.pdf", "A.pdf", "b/a.pdf", "a", "a (2).pdf"]), max_size=12))
def test_no_path_is_there_twice(paths: list[str]) -> None:
    found = [path.casefold() for path in own_paths(paths)]
    assert (len(found), len(set(found))) == (len(paths), len(paths))
