"""Telephones: taken as people write them, told apart, bounded."""

import pytest

from judging.domain.errors import Unfit
from judging.domain.fields.telephone import Telephone, read_telephone, telephones

MOSCOW = Telephone("+74951234567")


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("8 (495) 123-45-67", [MOSCOW]),
        ("+7 495 123 45 67", [MOSCOW]),
        ("8(495)1234567", [MOSCOW]),
        ("495 123-45-67", [MOSCOW]),
        ("+7.495.123.45.67", [MOSCOW]),
        ("8 495 123–45–67", [MOSCOW]),
        ("8(495)123\u201145\u201167", [MOSCOW]),
        ("8\u00a0495\u2009123−45—67", [MOSCOW]),
        ("тел.: 8-495-123-45-67", [MOSCOW]),
        ("8 (495) 123-45-67 доб. 123", [Telephone("+74951234567", "123")]),
        ("8 (495) 123-45-67, доб.123", [Telephone("+74951234567", "123")]),
        ("8 (495) 123-45-67 (вн. 12)", [Telephone("+74951234567", "12")]),
        ("+7 495 123-45-67 ext. 9", [Telephone("+74951234567", "9")]),
        ("(8512) 22-33-44 (доб. 5)", [Telephone("+78512223344", "5")]),
        ("+7 495 123-45-67, +7 916 000-00-00", [MOSCOW, Telephone("+79160000000")]),
        ("+7 495 123-45-67; моб. 8 916 000-00-00", [MOSCOW, Telephone("+79160000000")]),
        ("8 (495) 123-45-67/68", [MOSCOW, Telephone("+74951234568")]),
        ("8 (495) 123-45-67 и 8 (916) 000-00-00", [MOSCOW, Telephone("+79160000000")]),
        ("22-33-44", [Telephone("223344")]),
        ("+375 17 200-00-00", [Telephone("+375172000000")]),
        ("+1 (212) 555-0100 x12", [Telephone("+12125550100", "12")]),
        ("тел./факс: 8 (495) 123-45-67", [MOSCOW]),
        ("Тел/факс 8 (495) 123-45-67", [MOSCOW]),
        ("т/ф 8 (495) 123-45-67", [MOSCOW]),
        ("т./ф.: 8 (495) 123-45-67", [MOSCOW]),
        ("телефакс 8 (495) 123-45-67", [MOSCOW]),
        ("факс/тел. 8 (495) 123-45-67/68", [MOSCOW, Telephone("+74951234568")]),
        ("fax 22-33-44", [Telephone("223344")]),
        ("fax 223344", [Telephone("223344")]),
        ("моб. тел. 8 495 123-45-67", [MOSCOW]),
        ("8 (495) 123-45-67 (моб.)", [MOSCOW]),
        ("8 (495) 123-45-67 (тел./факс)", [MOSCOW]),
        ("8 (495) 123-45-67 раб.", [MOSCOW]),
        ("8 (495) 123-45-67 доб. 5 (раб.)", [Telephone("+74951234567", "5")]),
        ("8 (495) 123-45-67 (раб.) доб. 5", [Telephone("+74951234567", "5")]),
        ("+7 (3952) 12-34-56 добавочный номер 7", [Telephone("+73952123456", "7")]),
        ("8 (495) 123-45-67 внутренний № 12", [Telephone("+74951234567", "12")]),
        ("8 (495) 123-45-67 доб. 123, 124", [Telephone("+74951234567", "123, 124")]),
        ("8 (495) 123-45-67 доб 1, 2", [Telephone("+74951234567", "1, 2")]),
        ("8 (495) 123-45-67 (доб. 1/2 или 3)", [Telephone("+74951234567", "1, 2, 3")]),
        ("8 (495) 123-45-67 доб. 1, 2, 3, 4, 5, 6", [Telephone("+74951234567", "1, 2, 3, 4, 5, 6")]),
        ("8 (495) 123-45-67 (12), 13", [Telephone("+74951234567", "12, 13")]),
        (
            "8 (495) 123-45-67 доб. 1, 2, 8 (916) 000-00-00 (моб.)",
            [Telephone("+74951234567", "1, 2"), Telephone("+79160000000")],
        ),
        ("8 (495) 123-45-67 доб. 5, 22-33-44", [Telephone("+74951234567", "5"), Telephone("223344")]),
        ("8 (495) 123-45-67 доб. 5, 223344", [Telephone("+74951234567", "5"), Telephone("223344")]),
        ("8 (495) 123-45-67, 68", [MOSCOW, Telephone("+74951234568")]),
        ("8 (495) 123-45-67 (123)", [Telephone("+74951234567", "123")]),
        ("495 123-45-67 (123)", [Telephone("+74951234567", "123")]),
        ("22-33-44 (12)", [Telephone("223344", "12")]),
        ("+1 (212) 555-0100 (12)", [Telephone("+12125550100", "12")]),
        ("8 495 123 (4567)", [MOSCOW]),
        ("+375 17 200 (0000)", [Telephone("+375172000000")]),
    ],
)
def test_telephones_are_read_as_people_write_them(typed, found):
    assert list(telephones(typed)) == found


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("+7495123456789012345678901234567890", r"11 digits with \+7 or 8, here are 34"),
        ("8 (495) 123-45-6", r"11 digits with \+7 or 8, here are 10"),
        ("+123456789012345678", "6 to 15 digits, here are 18"),
        ("12345", "6 to 15 digits, here are 5"),
        ("нет", "Enter a telephone"),
        ("", "Enter a telephone"),
        ("8 (495 123-45-67", "Enter a telephone"),
        ("8 495 123-45-6O", "Enter a telephone"),
        ("8 495 т 123-45-67", "Enter a telephone"),
        ("(моб.)", "Enter a telephone"),
        ("доб. 5", "Enter a telephone"),
        ("8 (495) 123-45-6 (123)", r"11 digits with \+7 or 8, here are 10"),
        ("8 (495) 123-45-67 доб. 5, 68-69", "6 to 15 digits, here are 4"),
        ("; ".join(["8 (495) 123-45-67"] * 5), "more than 4"),
        ("8" * 100_000, "Enter a telephone"),
    ],
)
def test_what_is_no_telephone_is_refused_in_words(typed, said):
    with pytest.raises(Unfit) as unfit:
        telephones(typed)
    assert unfit.match(said)


def test_what_was_typed_is_kept():
    assert read_telephone("  8 (495)\u200b  123–45–67 доб. 5 ") == "8 (495) 123–45–67 доб. 5"
