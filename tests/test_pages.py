"""What the look at every page finds."""

import pytest

from tests.pages import page_faults

WHOLE = (
    '<!doctype html><html lang="ru"><head><title>Заявка</title></head><body><h1>Заявка</h1>'
    '<form><label for="a">Название</label><input id="a" name="a">{}</form></body></html>'
)


def faults(more: str, page: str = WHOLE) -> list[str]:
    return list(page_faults(page.format(more).encode()))


@pytest.mark.parametrize(
    "more",
    [
        "",
        "<p>Подана 03.03.2026, файл otchet_itog.pdf, адрес secretary_one@example.org</p>",
        '<input name="b" aria-label="Сумма"><label>Вид <select name="c"></select></label>',
        "<code>2026-03-03 in_review None</code><textarea aria-label='Текст'>None 2026-03-03</textarea>",
        '<fieldset><label for="b">Название</label><input id="b"></fieldset>',
        "<p>показатель «private_share»</p>",
    ],
)
def test_a_page_as_it_should_be(more: str) -> None:
    assert faults(more) == []


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ("<h1>Ещё</h1>", "2 headings of the first rank"),
        ('<p id="a">Второй</p>', "the id a stands 2 times"),
        ('<input name="b">', "a control without a name: b"),
        ('<label for="z">Нет</label>', "the label «Нет» is for nothing"),
        ('<label for="b">Название</label><input id="b">', "the label «Название» stands 2 times"),
        ("<p>Место: None</p>", "nothing: Место: None"),
        ("<p>Состояние: <b>ranking_frozen</b></p>", "a name from the code: ranking_frozen"),
        ("<p>Подана <span>2026-03-03</span> в срок</p>", "a date as programs write it: 2026-03-03"),
        ("<p><code>x</code> с 2026-03-03</p>", "a date as programs write it: с 2026-03-03"),
    ],
)
def test_a_fault_is_named(more: str, fault: str) -> None:
    assert faults(more) == [fault]


def test_a_page_without_title_and_heading_is_named() -> None:
    assert faults("", "<!doctype html><html><body>{}</body></html>") == [
        "it has no title",
        "0 headings of the first rank",
    ]
