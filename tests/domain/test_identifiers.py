import pytest

from judging.domain.identifiers import common_digits, is_kpp, is_okved, is_region
from judging.domain.regions import REGIONS


@pytest.mark.parametrize("code", ["28", "28.4", "28.41", "28.41.1", "28.41.12"])
def test_okved_codes(code):
    assert is_okved(code)


@pytest.mark.parametrize("code", ["", "2", "284", "28.", "28.411", "28.41.123", "28.41.1.1", "٢٨", "28.41\n", " 28"])
def test_what_is_no_okved_code(code):
    assert not is_okved(code)


def test_kpp_codes():
    assert is_kpp("770101001")
    assert is_kpp("7701AB001")
    assert not is_kpp("77010100")
    assert not is_kpp("7701аб001")


def test_there_are_89_subjects_of_the_federation():
    assert len(REGIONS) == len(set(REGIONS.values())) == 89
    assert all(len(code) == 2 and code.isdecimal() for code in REGIONS)


def test_region_codes():
    assert is_region("01")
    assert is_region("77")
    assert not is_region("1")
    assert not is_region("99")


@pytest.mark.parametrize(
    ("one", "other", "digits"),
    [("28.41", "28.41.1", 4), ("28.41", "28.49", 3), ("28.41", "28", 2), ("28.41", "29.32", 1), ("28", "01", 0)],
)
def test_codes_share_leading_digits(one, other, digits):
    assert common_digits(one, other) == digits
