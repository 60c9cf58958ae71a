"""Sections and classes of ОКВЭД2."""

import pytest

from judging.domain.okved import CLASSES, SECTIONS, section_of, title_of


def test_no_class_lies_in_two_sections() -> None:
    classes = [number for numbers, _ in SECTIONS.values() for number in numbers]
    assert classes == sorted(set(classes))


def test_the_sections_run_from_a_to_u() -> None:
    assert "".join(SECTIONS) == "ABCDEFGHIJKLMNOPQRSTU"


def test_the_named_classes_are_all_those_of_the_first_three_sections() -> None:
    numbers = [number for letter in "ABC" for number in SECTIONS[letter][0]]
    assert list(CLASSES) == [f"{number:02d}" for number in numbers]


@pytest.mark.parametrize(
    ("code", "section", "title"),
    [
        ("28.41", "C", "Manufacture of machinery and equipment n.e.c."),
        ("10", "C", "Manufacture of food products"),
        ("62.01", "J", "Information and communication"),
        ("99", "U", "Activities of extraterritorial organisations and bodies"),
        ("04.10", "", ""),
        ("34", "", ""),
        ("2", "", ""),
        ("", "", ""),
        ("ab", "", ""),
    ],
)
def test_a_code_lies_in_its_section(code: str, section: str, title: str) -> None:
    assert (section_of(code), title_of(code)) == (section, title)
