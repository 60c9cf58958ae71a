"""Codes of activities, numbers kept as text."""

import re

import pytest

from judging.domain.errors import Unfit
from judging.domain.fields.codes import ONE_OR_TWO, digits, read_okveds, require_digits


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("28.41", ["28.41"]), ("28,41", ["28.41"]), ("28,41,1", ["28.41.1"]), ("28, 41", ["28", "41"]), ("28", ["28"]),
        ("28.41, 25.62; 26", ["28.41", "25.62", "26"]), ("28.41,25.62", ["28.41", "25.62"]),
        ("28,41; 25,62", ["28.41", "25.62"]), ("28.41\n25.62", ["28.41", "25.62"]), ("28.41 28.41", ["28.41"]),
        ("ОКВЭД2: 28.41 и 25.62.", ["28.41", "25.62"]), ("\u200b28.41\u00a0", ["28.41"]), ("", []), (" , ", []),
        ("28.41 25.62", ["28.41", "25.62"]), ("28.41 ,25.62", ["28.41", "25.62"]), ("28 41", ["28", "41"]),
        ("28.41 , 25.62", ["28.41", "25.62"]), ("28.41. 25.62", ["28.41", "25.62"]), (". 28.41 .", ["28.41"]),
        ("28.41,\n25.62", ["28.41", "25.62"]), ("28., 41", ["28", "41"]),
    ],
)  # fmt: skip
def test_codes_of_activities_are_what_was_meant(typed, codes):
    assert read_okveds(typed) == codes


@pytest.mark.parametrize(
    ("typed", "torn"),
    [
        ("28 ,41", "28 ,41"), ("28. 41", "28. 41"), ("28 .41", "28 .41"), ("28 , 41", "28 , 41"),
        ("28 . 41", "28 . 41"),
        ("28. 41, 25.62", "28. 41"), ("25.62, 28 .41; 26", "28 .41"), ("28\u00a0,41", "28\u00a0,41"),
        ("28\n.41", "28 .41"), ("28. 41.10", "28. 41.10"), ("28.41. 1", "28.41. 1"), ("28.41 ,25", "28.41 ,25"),
        ("28, .41", "28, .41"), ("28. 41,25,62", "28. 41,25,62"), ("28,41,25 ,62", "28,41,25 ,62"),
    ],
)  # fmt: skip
def test_a_code_that_a_space_may_have_torn_apart_is_asked_about(typed, torn):
    with pytest.raises(Unfit) as unfit:
        read_okveds(typed)
    assert (unfit.value.message, unfit.value.params) == (ONE_OR_TWO, {"typed": torn})


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("28,41,25,62", "one code or several"), ("28.41,25", "one code or several"), ("28,41.5", "one code or several"),
        ("станки", "Not an OKVED2 code: станки"), ("2841", "Not an OKVED2 code: 2841"), ("28.4l", "Not an OKVED2 code"),
        ("34", "no such class in OKVED2: 34"), ("04.11", "no such class"), ("00", "no such class"),
        (" ".join(f"28.{n}" for n in range(10, 40)), "No more than 20"),
    ],
)  # fmt: skip
def test_what_is_no_code_is_named(typed, said):
    with pytest.raises(Unfit) as unfit:
        read_okveds(typed)
    assert unfit.match(said)


def test_numbers_kept_as_text_keep_their_noughts_and_lose_their_spaces():
    assert digits(" 0105\u00a0000\u2009015\u200b ") == "0105000015"


@pytest.mark.parametrize("sign", ["О", "З", "l", "٧", "７", "-", "."])
def test_a_sign_that_only_looks_like_a_digit_is_named(sign):
    with pytest.raises(Unfit) as unfit:
        require_digits(f"0105{sign}00015")
    assert unfit.match(re.escape(f"“{sign}”"))
