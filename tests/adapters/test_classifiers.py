"""Classifiers are read as they are published, and searched by the beginnings of codes and words."""

from pathlib import Path

import pytest

from judging.adapters.classifiers import LARGEST, Classifier, read_classifier

SOME = Classifier(
    {
        "24": "Производство металлургическое",
        "24.5": "Литьё металлов",
        "24.51": "Литьё чугуна",
        "24.51.1": "Литьё кронштейнов из чугуна",
        "28.41": "Производство металлообрабатывающего оборудования",
    }
)


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("24.5", ["24.5", "24.51", "24.51.1"]),
        ("28.41", ["28.41"]),
        ("99", []),
        ("лит чуг", ["24.51", "24.51.1"]),
        ("ЛИТЬЕ", ["24.5", "24.51", "24.51.1"]),
        ("металл", ["24", "24.5", "28.41"]),
        ("чугун медь", []),
        ("из чугуна 5", []),
        ("", []),
        ("  ", []),
        ("%(x)s <b>", []),
        ("я" * 10_000, []),
    ],
)
def test_entries_are_found_by_the_beginnings_of_codes_and_words(query: str, codes: list[str]) -> None:
    assert [code for code, _ in SOME.search(query)] == codes


def test_no_more_are_found_than_asked_for() -> None:
    assert [code for code, _ in SOME.search("24", most=2)] == ["24", "24.5"]


@pytest.mark.parametrize(
    "written",
    [
        'Код;Название\n24.51;Литьё чугуна\nне код;текст\n28.11.11.110;"Двигатели, ""судовые""";ещё\n',
        '\ufeff24.51\tЛитьё чугуна\r\n28.11.11.110\t Двигатели, "судовые"\r\n'.replace('"', ""),
    ],
)
def test_a_file_is_read_line_by_line(tmp_path: Path, written: str) -> None:
    path = tmp_path / "okpd2.csv"
    path.write_text(written, "utf-8")
    assert list(read_classifier(path).names) == ["24.51", "28.11.11.110"]
    assert read_classifier(path).names["24.51"] == "Литьё чугуна"


def test_an_old_encoding_is_read_and_what_holds_nothing_or_too_much_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "okved2.csv"
    path.write_bytes("24.51;Литьё чугуна\n".encode("cp1251"))
    assert read_classifier(path).names == {"24.51": "Литьё чугуна"}
    for written in (b"", b"<html>", b"x" * (LARGEST + 1)):
        path.write_bytes(written)
        with pytest.raises(ValueError, match=r"okved2\.csv"):
            read_classifier(path)
