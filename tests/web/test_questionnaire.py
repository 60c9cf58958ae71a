"""Any form as pages: every kind is drawn, read and said; what was typed stays, whatever of it can be kept."""

import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, render_template_string, session
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from judging.domain.fields.texts import line, paragraphs
from judging.domain.forms.compiling import CompiledField, CompiledForm, CompiledSection, compile_form
from judging.domain.forms.environment import Circumstances
from judging.domain.forms.findings import form_findings
from judging.domain.forms.form import MOST_ROWS, FieldKind
from judging.domain.forms.looking import answered, look
from judging.domain.forms.merging import base_of, base_of_field
from judging.web.questionnaire import finding_words, light, tables, words
from judging.web.questionnaire.building import (
    NO_CONTROL,
    SectionForm,
    asked_of,
    base_of_page,
    base_text,
    section_form,
)
from judging.web.questionnaire.drawn_rows import RowPattern
from judging.web.questionnaire.kinds import KINDS
from judging.web.questionnaire.pages import SectionPage, look_answer, section_page
from judging.web.questionnaire.reading import legible_answers, over_stored, reshaped
from judging.web.questionnaire.surroundings import Given, Surroundings
from judging.web.questionnaire.tables import TableField
from tests.forms import TODAY, document, field, read, sample
from tests.pp41 import TEXT, pp41
from tests.strategies import decimals, inn, texts

DATABASES = ("sqlite",)
ONE, TWO, GONE = inn(1), inn(2), inn(3)
AROUND = Surroundings({ONE: "ООО «Литьё» & Ко", TWO: "АО <Завод>"}, {GONE: "ООО «Ушло»"}, cap=150_000_000_00)
OPTIONS = [{"code": code, "label": f"Вариант {code}"} for code in "abcde"]
LINE = re.compile(r"<input|<select|<textarea")
EVERY = [
    field("t_plain", "text", "Строка", most=300),
    field("t_long", "text", "Абзацы", lines=3, most=1000),
    field("t_light", "text", "Разметка", format="light"),
    field("t_tel", "text", "Телефон", format="telephone"),
    field("t_mail", "text", "Почта", format="email"),
    field("t_inn", "text", "ИНН", format="inn"),
    field("t_ogrn", "text", "ОГРН", format="ogrn"),
    field("t_words", "text", "Слова", lines=3, most=5, advised=3, counts="words"),
    field("t_okpd", "text", "ОКПД2", format="okpd2"),
    field("n_whole", "number", "Число", decimals=0, unit="шт."),
    field("m_sum", "money", "Сумма"),
    field("d_day", "date", "День"),
    field("y_yes", "yes", "Да ли"),
    field("c_few", "choice", "Из двух", options=OPTIONS[:2]),
    field("c_many", "choice", "Из пяти", options=OPTIONS),
    field("cs_some", "choices", "Несколько", options=OPTIONS),
    field("o_member", "organisation", "Участник"),
    field("o_any", "organisation", "Любая", of="any"),
    field("k_codes", "okved", "Коды"),
    field("f_file", "file", "Файл", extensions=["pdf"]),
    field("a_agree", "consent", "Согласие", text="Согласны."),
    field("version", "text", "Имя поля формы"),
    field("data", "number", "Имя свойства формы"),
    field("r_sum", "computed", "Сумма дважды", formula="m_sum + m_sum"),
    field("tab", "table", "Таблица", look="grid", columns=[
        field("key", "text", "Текст", most=300), field("n", "number", "Число", total=True),
        field("m", "money", "Деньги", total=True), field("d", "date", "День"), field("y", "yes", "Да ли"),
        field("c", "choice", "Выбор", options=OPTIONS), field("o", "organisation", "Участник"),
        field("x", "text", "Длинный", lines=3), field("inn", "text", "ИНН", format="inn")]),
    field("cards", "table", "Карточки", columns=[field("n", "text", "Имя"), field("m", "money", "Деньги")]),
]  # fmt: skip


def made(fields: list[dict[str, Any]], **more: Any) -> CompiledForm:
    """A form whose last section is ``own`` with these fields."""
    raw = document()
    raw["sections"].append({"code": "own", "title": "Свои", "fields": fields})
    raw["checks"] = more.pop("checks", [])
    return compile_form(read(raw | more))


EVERYTHING = made([one for one in EVERY if one["code"] != "tab"] + [
    next(one for one in EVERY if one["code"] == "tab") | {"columns": [
        column | ({"code": "name"} if column["code"] == "key" else {})
        for column in next(one for one in EVERY if one["code"] == "tab")["columns"]]}])  # fmt: skip


@pytest.fixture
def asked(app: Flask) -> Any:
    """A request in which forms are made and drawn."""
    with app.test_request_context("/applications/1/sections/own", method="POST"):
        session["locale"] = "ru"
        yield app


def own(compiled: CompiledForm) -> CompiledSection:
    return compiled.sections[-1]


def form_of(
    compiled: CompiledForm, answers: Any = None, typed: Any = None, around: Surroundings = AROUND
) -> SectionForm:
    """The form of the section ``own`` over ``answers``, with what was ``typed``."""
    sent = None if typed is None else MultiDict(typed)
    return section_form(own(compiled))(answers or {}, formdata=sent, around=around, meta={"csrf": False})


def page_of(compiled: CompiledForm, form: SectionForm, stored: Any = None) -> SectionPage:
    answers = over_stored(form, stored or {})
    seen = look(compiled, answers, Circumstances(TODAY, cluster=frozenset(AROUND.members)))
    return section_page(form, compiled.sections, seen, form_findings(compiled, seen), answers)


def drawn(page: SectionPage) -> str:
    """The page's questions as HTML."""
    return render_template_string(
        '{% from "components/answer.html" import answer with context %}<form>'
        "{% for group in page.groups %}{% for line in group.lines %}{% for item in line %}{{ answer(item) }}"
        "{% endfor %}{% endfor %}{% endfor %}</form>",
        page=page,
        section_address=lambda code: f"/{code}",
    )


def sent_by(html: str) -> list[tuple[str, str]]:
    """What a browser sends of a page: every control as it stands."""
    root = etree.fromstring(html.encode(), etree.HTMLParser(encoding="utf-8"))
    found: list[tuple[str, str]] = []
    for one in root.xpath("//input | //select | //textarea"):
        if one.xpath("ancestor::template"):
            continue
        kind = one.get("type")
        if one.tag == "select":
            options = one.xpath("option[@selected]") or one.xpath("option")[:1]
            found.append((one.get("name"), options[0].get("value")))
        elif one.tag == "textarea":
            found.append((one.get("name"), (one.text or "").removeprefix("\n")))
        elif kind not in ("checkbox", "radio") or one.get("checked") is not None:
            found.append((one.get("name"), one.get("value", "")))
    return found


def test_every_kind_is_built_read_drawn_and_said(asked: Flask) -> None:
    macro = (Path(__file__).resolve().parents[2] / "templates" / "components" / "answer.html").read_text("utf-8")
    fields = [one.field for one in own(EVERYTHING).fields]
    controls = {KINDS[one.kind].control(one) for one in fields} - {"file"}
    assert set(KINDS) == set(words.SAY) == set(FieldKind) == {one.kind for one in fields}
    assert {kind for kind, page in KINDS.items() if page.read is None} == {*NO_CONTROL, FieldKind.TABLE}
    assert {name for name in controls if f'"{name}"' not in macro} == set()
    form = form_of(EVERYTHING)
    assert [one.asked.code for one in form.answers()] == [one.code for one in fields if one.kind not in NO_CONTROL]
    names = {name for name, _ in sent_by(drawn(page_of(EVERYTHING, form)))}
    shown = {name.partition("-")[0] for name in names}
    expected = {one.name for one in form.answers()} - {"y_yes", "c_few", "cs_some", "a_agree"}  # nothing is chosen yet
    assert shown == expected


NOTHING = (None, "", (), False)
CELL = {
    FieldKind.TEXT: texts().map(line),
    FieldKind.NUMBER: decimals(-10**6, 10**6, 3),
    FieldKind.MONEY: st.integers(0, 10**14),
    FieldKind.DATE: st.dates(date(1980, 1, 1), date(2100, 1, 1)),
    FieldKind.YES: st.booleans(),
    FieldKind.CHOICE: st.sampled_from("abcde"),
    FieldKind.ORGANISATION: st.sampled_from([ONE, TWO]),
}  # fmt: skip
FORMATS = {
    "t_tel": st.just("+7 (495) 123-45-67, доб. 12"), "t_mail": st.just("kto@example.org"), "t_inn": st.just(ONE),
    "t_ogrn": st.sampled_from(["1027700132195", "304500116000157"]), "inn": st.just(TWO),
    "t_okpd": st.sampled_from(["28.41", "28.41.11.000"]), "t_long": texts().map(paragraphs),
    "t_light": texts().map(paragraphs), "c_few": st.sampled_from("ab"), "k_codes": st.just(("28.41", "01")),
    "cs_some": st.sets(st.sampled_from("abcde")).map(lambda some: tuple(sorted(some))), "a_agree": st.booleans(),
}  # fmt: skip


def answer_to(one: CompiledField) -> st.SearchStrategy[Any]:
    asked = one.field
    if asked.kind is FieldKind.TABLE:
        row = st.fixed_dictionaries({part.field.code: st.none() | answer_to(part) for part in one.columns})
        return st.lists(row, max_size=4).map(
            lambda rows: tuple({**some, "key": f"r{n}"} for n, some in enumerate(rows) if any(
                answered(part.field, some[part.field.code]) for part in one.columns))
        )  # fmt: skip
    if asked.lines and asked.code not in FORMATS:
        return texts().map(paragraphs)
    return FORMATS[asked.code] if asked.code in FORMATS else CELL[asked.kind]


ANSWERS = st.fixed_dictionaries(
    {one.field.code: st.none() | answer_to(one) for one in own(EVERYTHING).fields if one.field.kind not in NO_CONTROL}
)


def plain(answer: Any) -> Any:
    """An answer as one that says the same is equal to it."""
    if isinstance(answer, tuple) and answer and isinstance(answer[0], dict):
        return [{code: value for code, value in row.items() if value not in NOTHING or (value is False and code == "y")}
                for row in answer]  # fmt: skip
    return None if answer in ("", (), None) else answer


def test_what_is_read_from_the_page_is_what_it_was_drawn_from(asked: Flask) -> None:
    @settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
    @given(ANSWERS)
    def same(answers: dict[str, Any]) -> None:
        shown = form_of(EVERYTHING, answers)
        html = drawn(page_of(EVERYTHING, shown, answers))
        again = form_of(EVERYTHING, answers, [*sent_by(html), ("fingerprint", seen_by_page(answers))])
        assert again.validate(), again.errors
        got = legible_answers(again)
        expected = {code: plain(value) for code, value in answers.items()}
        for code in ("a_agree",):
            expected[code] = bool(expected[code])
        keep = {code for code in ("y_yes", "c_few") if answers[code] in NOTHING and answers[code] is not False}
        assert {code: plain(value) for code, value in got.items()} == {
            code: value for code, value in expected.items() if code not in keep
        }
        assert touched(again) == frozenset()

    same()


def one_text(code: str) -> Callable[[Any, str], tuple[Any, list[str]]]:
    def typed(_app: Any, text: str) -> tuple[Any, list[str]]:
        form = form_of(EVERYTHING, {}, {code: text})
        form.validate()
        answer = form.answer(code)
        assert answer is not None
        assert answer.text == text
        return legible_answers(form).get(code, "—"), list(answer.errors)

    return typed


@pytest.mark.parametrize(
    ("code", "text", "answer"),
    [
        ("m_sum", "1 250 000 ₽", 1_250_000_00),
        ("m_sum", "1\u2009250\u00a0000,50 руб.", 1_250_000_50),
        ("m_sum", "12 50 000", "—"),
        ("m_sum", "много", "—"),
        ("m_sum", " ", None),
        ("n_whole", "12,5 шт.", Decimal("12.5")),
        ("n_whole", "двенадцать", "—"),
        ("d_day", "31.03.2026", date(2026, 3, 31)),
        ("d_day", "2026-03-31", date(2026, 3, 31)),
        ("d_day", "31.02.2026", "—"),
        ("t_mail", "без собаки", "—"),
        ("t_tel", "12", "—"),
        ("t_inn", "7707083894", "—"),
        ("t_inn", " 7707\u00a0083893 ", "7707083893"),
        ("t_inn", "500100732259", "500100732259"),
        ("t_inn", "1027700132195", "—"),
        ("t_ogrn", "1 02 77 00132195", "1027700132195"),
        ("t_ogrn", "304500116000157", "304500116000157"),
        ("t_ogrn", "1027700132196", "—"),
        ("t_ogrn", "304500116000158", "—"),
        ("t_ogrn", "7707083893", "—"),
        ("t_ogrn", "ОГРН 1027700132195", "—"),
        ("t_ogrn", "", ""),
        ("t_okpd", "28.41.11.0", "—"),
        ("t_okpd", "28.41.11.000", "28.41.11.000"),
        ("t_okpd", "34.10", "—"),
        ("k_codes", "28.41, станки", "—"),
        ("c_few", "z", "—"),
        ("y_yes", "maybe", "—"),
        ("o_member", GONE, "—"),
        ("o_any", GONE, GONE),
        ("t_plain", "я" * 20_001, "—"),
        ("t_plain", "я" * 20_000, "я" * 20_000),
    ],
)
def test_only_what_cannot_be_kept_is_refused_and_stays_typed(asked: Flask, code: str, text: str, answer: Any) -> None:
    got, errors = one_text(code)(asked, text)
    assert (got, bool(errors)) == (answer, answer == "—")


def test_a_number_of_a_register_says_what_is_wrong_beside_it_also_in_a_table(asked: Flask) -> None:
    sent = {"t_inn": "7707083894", "t_ogrn": "12345", "tab-0-inn": "77070838", "tab-0-name": "Завод"}
    form = form_of(EVERYTHING, {}, sent)
    assert not form.validate()
    page = page_of(EVERYTHING, form)
    assert page.errors() == [
        {"text": "ИНН: Контрольная цифра ИНН не сходится", "href": "#t_inn"},
        {"text": "ОГРН: В ОГРН 13 цифр, в ОГРНИП — 15", "href": "#t_ogrn"},
        {"text": "Таблица, строка 1, ИНН: В ИНН организации 10 цифр, в ИНН предпринимателя — 12", "href": "#tab-0-inn"},
    ]
    html = drawn(page)
    assert {name: value for name, value in sent_by(html) if name in sent} == sent
    for name in ("t_inn", "t_ogrn", "tab-0-inn"):
        assert 'inputmode="numeric"' in re.search(rf'<input[^>]* name="{name}"[^>]*>', html)[0]  # type: ignore[index]


@pytest.mark.parametrize(
    ("text", "notes"),
    [
        ("раз два — три", []),
        ("раз два три четыре", ["Слов больше, чем советуем (3)"]),
        ("раз два три четыре пять шесть семь", ["Лишних слов 2"]),
    ],
)
def test_a_limit_in_words_warns_and_then_stops_and_cuts_nothing(asked: Flask, text: str, notes: list[str]) -> None:
    form = form_of(EVERYTHING, {}, {"t_words": text})
    assert form.validate()
    page = page_of(EVERYTHING, form)
    field = form.answer("t_words")
    assert field is not None
    assert legible_answers(form)["t_words"] == field.text == text
    assert [note.text for note in field.notes] == notes
    assert [note.stop for note in field.notes] == (["Лишних" in one for one in notes])
    html = drawn(page)
    assert 'data-count="words" data-count-limit="5"' in html
    assert 'data-left-few="осталось 2 слова"' in html
    assert 'data-over-few="лишних 2 слова"' in html


def test_a_date_that_is_none_is_shown_as_it_was_typed(asked: Flask) -> None:
    form = form_of(EVERYTHING, {"d_day": date(2026, 1, 2)}, {"d_day": "31.02.2026"})
    form.validate()
    html = drawn(page_of(EVERYTHING, form))
    assert re.search(r'<input[^>]*name="d_day"[^>]*>', html)[0].count('value="31.02.2026"') == 1  # type: ignore[index]


def test_what_is_not_offered_any_more_may_stay_and_be_sent_again(asked: Flask) -> None:
    stored = {"c_many": "gone", "o_member": GONE, "cs_some": ("gone", "a")}
    html = drawn(page_of(EVERYTHING, form_of(EVERYTHING, stored), stored))
    again = form_of(EVERYTHING, stored, sent_by(html))
    assert again.validate()
    got = legible_answers(again)
    assert (got["c_many"], got["o_member"], set(got["cs_some"])) == ("gone", GONE, {"gone", "a"})
    assert "gone (больше не предлагается)" in html


ROWS = ({"name": "Один", "m": 100, "key": "r1"}, {"name": "Два", "m": 200, "key": "r2"}, {"name": "Три", "key": "r3"})


def cells(*rows: dict[str, str], table: str = "tab") -> dict[str, str]:
    return {f"{table}-{index}-{code}": text for index, row in enumerate(rows) for code, text in row.items()}


def table_of(form: SectionForm, code: str = "tab") -> TableField:
    found = form.answer(code)
    assert isinstance(found, TableField)
    return found


def test_a_cell_that_cannot_be_kept_leaves_what_is_stored_and_the_rest_is_kept(asked: Flask) -> None:
    typed = cells(
        {"_key": "r1", "name": "Первый", "m": "12 50 000"}, {"_key": "", "name": "Новый", "m": "?"}, {"m": " "}
    )
    form = form_of(EVERYTHING, {"tab": ROWS}, typed)
    assert form.validate() is False
    table = table_of(form)
    assert [row["name"] for row in table.data] == ["Первый", "Новый"]
    assert [(row.get("m"), row.get("key")) for row in table.data] == [(100, "r1"), (None, None)]
    assert legible_answers(form)["tab"] == table.data
    assert [(row.index, cell.column.code, cell.text) for row, cell in table.wrong_cells()] == [
        (0, "m", "12 50 000"), (1, "m", "?"),
    ]  # fmt: skip
    page = page_of(EVERYTHING, form)
    assert [one["href"] for one in page.errors()] == ["#tab-0-m", "#tab-1-m"]
    assert page.errors()[0]["text"].startswith("Таблица, строка 1, Деньги: ")


def seen_by_page(stored: Mapping[str, Any]) -> str:
    """What a page says that shows these answers."""
    return base_text(base_of(asked_of(own(EVERYTHING)), stored))


def touched(form: SectionForm) -> set[str]:
    """The codes whose answer is another than the page was filled from."""
    base = base_of_page(form) or {}
    sent = [one for one in form.answers() if one.sent]
    return {
        one.asked.code for one in sent if not one.legible or base[one.asked.code] != base_of_field(one.asked, one.data)
    }


def test_rows_are_addressed_by_their_keys_wherever_they_stand(asked: Flask) -> None:
    typed = cells({"_key": "r3", "name": "Три"}, {"_key": "r1", "m": "5"})
    form = form_of(EVERYTHING, {"tab": ROWS}, typed)
    assert [(row["key"], row["name"], row["m"]) for row in table_of(form).data] == [
        ("r3", "Три", None),
        ("r1", "Один", 500),
    ]


def test_a_new_row_has_the_key_that_the_page_gave_it(asked: Flask) -> None:
    typed = cells({"_key": "0a1b2c3d", "name": "Новая"}, {"_key": "0a1b2c3d", "name": "Ещё"})
    assert [row.get("key") for row in table_of(form_of(EVERYTHING, {"tab": ROWS}, typed)).data] == ["0a1b2c3d", None]


@pytest.mark.parametrize("key", ["r1", "nobody", "r1" * 40, "<b>"])
def test_a_key_that_stands_twice_or_that_nobody_gave_is_none(asked: Flask, key: str) -> None:
    typed = cells({"_key": "r1", "name": "Один"}, {"_key": key, "name": "Ещё"})
    form = form_of(EVERYTHING, {"tab": ROWS}, typed)
    assert [row.get("key") for row in table_of(form).data] == ["r1", None]


def test_the_buttons_of_two_tables_hit_their_own(asked: Flask) -> None:
    stored = {"tab": ROWS, "cards": ({"n": "А", "key": "k1"}, {"n": "Б", "key": "k2"})}
    typed = sent_by(drawn(page_of(EVERYTHING, form_of(EVERYTHING, stored), stored)))

    def after(**pressed: str) -> tuple[list[str], list[str]]:
        form = form_of(EVERYTHING, stored, typed)
        assert reshaped(form, pressed)
        return [r.cells[0].text for r in table_of(form).rows], [r.cells[0].text for r in table_of(form, "cards").rows]

    three, two = ["Один", "Два", "Три"], ["А", "Б"]
    assert after(remove="cards:0") == (three, ["Б"])
    assert after(remove="tab:1") == (["Один", "Три"], two)
    assert after(add="cards") == (three, ["А", "Б", ""])
    assert after(move="tab:2:up") == (["Один", "Три", "Два"], two)
    assert (
        after(move="tab:0:up") == after(remove="tab:99") == after(remove="nothing:0") == after(move="?") == (three, two)
    )
    assert reshaped(form_of(EVERYTHING, stored, typed), {"stay": "1"}) is False


AWKWARD = (
    "",
    "\n  ",
    '"><b>',
    "a &amp; b",
    "{{ x }} %s",
    "\ue000index;",
    "</textarea>",
    "5",
    "много",
    ONE,
    GONE,
    "gone",
    "a",
    "no",
)


def test_every_row_is_filled_in_to_the_letter_as_the_template_draws_it(
    asked: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def plainly(self: RowPattern, row: Any, number: Any) -> str:
        return str(self._line(self._field, row, number))

    codes = [
        column.field.code for column in next(one for one in own(EVERYTHING).fields if one.field.code == "tab").columns
    ]
    rows = [{code: AWKWARD[(place + shift) % len(AWKWARD)] for place, code in enumerate(codes)} for shift in range(30)]
    sent = cells(*rows) | cells({"n": '"<i>', "m": "5"}, {"n": "\n"}, table="cards")
    pages = {}
    for name in ("filled", "plainly"):
        form = form_of(EVERYTHING, {"tab": ROWS}, sent)
        form.validate()
        pages[name] = [drawn(page_of(EVERYTHING, form)), drawn(page_of(EVERYTHING, form_of(EVERYTHING, {"tab": ROWS})))]
        monkeypatch.setattr(RowPattern, "drawn", plainly)
    assert pages["filled"] == pages["plainly"]
    assert pages["filled"][0].count("field__error") > 5
    assert pages["filled"][0].count("<tr data-row>") == 31


def test_a_moved_row_takes_its_key_along(asked: Flask) -> None:
    form = form_of(EVERYTHING, {"tab": ROWS}, sent_by(drawn(page_of(EVERYTHING, form_of(EVERYTHING, {"tab": ROWS})))))
    reshaped(form, {"move": "tab:0:down"})
    again = form_of(EVERYTHING, {"tab": ROWS}, sent_by(drawn(page_of(EVERYTHING, form))))
    assert [row["key"] for row in table_of(again).data] == ["r2", "r1", "r3"]


def test_a_table_that_was_on_the_page_and_has_no_rows_is_empty_and_one_that_was_not_stays(asked: Flask) -> None:
    assert legible_answers(form_of(EVERYTHING, {"tab": ROWS}, {"tab": "rows"}))["tab"] == ()
    assert "tab" not in legible_answers(form_of(EVERYTHING, {"tab": ROWS}, {"t_plain": "x"}))


def test_hostile_rows_are_bounded_and_worded(asked: Flask) -> None:
    many = cells(*({"name": str(n)} for n in range(MOST_ROWS + 300)))
    odd = {"tab-99999-name": "x", "tab-٣-name": "x", "tab--1-name": "x", "tab-1": "x", "tab-0-nothing": "x",
           "-0-name": "x", "nothing-0-name": "x", "tab-0-name-more": "x"}  # fmt: skip
    form = form_of(EVERYTHING, {"tab": ROWS}, many)
    assert form.validate() is False
    table = table_of(form)
    assert (len(table.rows), table.data, "tab" in legible_answers(form)) == (MOST_ROWS + 300, ROWS, False)
    assert page_of(EVERYTHING, form).errors() == [
        {"text": "Таблица: Можно сохранить не больше 500 строк; таблица не сохранена", "href": "#tab"}
    ]
    strange = form_of(EVERYTHING, {"tab": ROWS}, odd)
    assert strange.validate()
    assert [row.counts for row in table_of(strange).rows] == [False]


def test_a_repeated_name_counts_once(asked: Flask) -> None:
    form = form_of(EVERYTHING, {}, [("m_sum", "1"), ("m_sum", "2"), ("tab-0-m", "3"), ("tab-0-m", "4")])
    assert (legible_answers(form)["m_sum"], [row["m"] for row in table_of(form).data]) == (100, [300])


def test_a_long_text_on_a_card_has_several_lines_to_be_typed_in(asked: Flask) -> None:
    columns = [field("c", "text", "Вклад", most=1000), field("s", "text", "Номер", most=300)]
    compiled = made([field("tab", "table", "Таблица", columns=columns)])
    html = drawn(page_of(compiled, form_of(compiled, {"tab": ({"c": "Литьё", "s": "1"},)})))
    assert re.findall(r'<(\w+) class="input[^>]* id="tab-0-(\w)"', html) == [("textarea", "c"), ("input", "s")]


CHAIN = made(
    [
        field("a", "yes", "Первый?"),
        field("b", "choice", "Второй", options=OPTIONS[:2], shown_when="a", required=True),
        field("c", "money", "Третий", shown_when='b == "a"', required=True),
        field("sum", "computed", "Итог", formula="c + c"),
    ],
    checks=[{"code": "big", "at": "c", "rule": "c <= 10 ₽", "message": "Больше на {c - 10 ₽}", "level": "warning"}],
)


def test_a_hidden_question_hides_what_it_shows_and_keeps_what_was_typed(asked: Flask) -> None:
    stored = {"a": True, "b": "a", "c": 1_500}
    off = form_of(CHAIN, stored, {"a": "no", "b": "a", "c": "15"})
    page = page_of(CHAIN, off, stored)
    told = look_answer(page)
    assert (told["shown"], told["computed"], told["notes"]) == (["a", "sum"], {"sum": "0\u00a0₽"}, {})
    assert (legible_answers(off), [one for one in page.lacking if one["href"] in ("#b", "#c")]) == (
        {"a": False, "b": "a", "c": 1_500}, [],
    )  # fmt: skip
    html = drawn(page)
    assert re.findall(r'data-answer="(\w+)" hidden', html) == ["b", "c"]
    assert dict(sent_by(html))["c"] == "15"
    on = look_answer(page_of(CHAIN, form_of(CHAIN, stored, {"a": "yes", "b": "a", "c": "15"}), stored))
    assert (on["shown"], on["computed"]["sum"]) == (["a", "b", "c", "sum"], "30\u00a0₽")
    assert on["notes"] == {"c": [{"text": "Больше на 5\u00a0₽", "look": "note"}]}
    assert (on["begun"], on["lacking"], [one["href"] for one in on["warnings"]]) == (True, [], ["#c"])


def test_findings_stand_at_their_cells_and_lead_to_them(asked: Flask) -> None:
    compiled = made([field("when", "date", "Когда"), field(
        "tab", "table", "Таблица", look="grid",
        columns=[field("n", "text", "Имя", required=True, most=5), field("d", "date", "День")],
        row_checks=[{"code": "late", "at": "d", "rule": "row.d <= when", "message": "Позже {when}"}],
    )])  # fmt: skip
    typed = {"when": "2026-01-01", **cells({"n": ""}, {"n": "Длинное", "d": "01.02.2026"}, {"d": "01.01.2026"})}
    page = page_of(compiled, form_of(compiled, {}, typed))
    assert look_answer(page)["notes"] == {
        "tab-1-n": [{"text": "Лишних знаков 2", "look": "note note--stop note--length"}],
        "tab-1-d": [{"text": "Позже 01.01.2026", "look": "note note--stop"}],
        "tab-2-n": [{"text": "Заполните", "look": "note note--stop"}],
    }
    assert [(one["href"], one["text"]) for one in page.lacking] == [
        ("#tab-1-n", "Таблица, строка 1: Имя: лишних знаков 2"),
        ("#tab-1-d", "Таблица, строка 1: Позже 01.01.2026"),
        ("#tab-2-n", "Таблица, строка 2: Заполните: Имя"),
    ]


def test_sums_stand_in_the_foot_of_the_columns_that_have_one(asked: Flask) -> None:
    form = form_of(EVERYTHING, {}, cells({"n": "1,5", "m": "10"}, {"n": "2", "m": "20,50"}, {"m": "?"}))
    assert look_answer(page_of(EVERYTHING, form))["totals"]["tab"] == {"n": "3,5", "m": "30,50"}


def test_english_words_and_russian_ones_marked_as_such(asked: Flask) -> None:
    session["locale"] = "en"
    compiled = made([
        field("one", "text", "Первый", label_en="First", hint="Подсказка"),
        field("two", "choice", "Второй", options=[
            {"code": "a", "label": "Да", "label_en": "Yes"}, {"code": "b", "label": "Нет"}]),
        field("n", "number", "Число", unit="шт.", required=True),
    ])  # fmt: skip
    html = drawn(page_of(compiled, form_of(compiled)))
    assert '<label class="field__label" for="one">First ' in html
    assert '<p class="field__hint" id="one-hint"><span lang="ru">Подсказка</span></p>' in html
    assert '<legend class="field__label"><span lang="ru">Второй</span> ' in html
    assert re.findall(r'for="two-\d">(.*?)</label>', html) == ["Yes", '<span lang="ru">Нет</span>']
    assert '<span lang="ru">шт.</span></span>' in html


def test_a_consent_is_shown_in_full_with_who_gave_it_and_when(asked: Flask) -> None:
    long = made(
        [
            field("agree", "consent", "Данные", text="Согласны " * 60),
            field("short", "consent", "Кратко", text="Согласны."),
        ]
    )
    given_at = datetime(2026, 11, 30, 9, 2, tzinfo=UTC)
    around = Surroundings(consents={"agree": Given(given_at, "Иванов Пётр")})
    html = drawn(page_of(long, form_of(long, {"agree": True}, around=around)))
    assert ("Согласны " * 60).strip() in html
    assert "30.11.2026 12:02, Иванов Пётр" in html
    assert re.search(r'<label class="choice__label" for="short">Согласны.</label>', html)
    sent = form_of(long, {"agree": True, "short": True}, {"version": "1"}, around)
    assert legible_answers(sent) == {"agree": False, "short": False}


def test_answers_are_said_as_people_read_them(asked: Flask) -> None:
    answers = {
        "t_plain": "<b>", "t_long": "а\nб", "t_light": "**в**", "n_whole": Decimal("1.50"), "m_sum": 1_250_000_50,
        "d_day": date(2026, 3, 31), "y_yes": False, "c_few": "a", "cs_some": ("a", "gone"), "o_member": ONE,
        "o_any": GONE, "k_codes": ("28.41",), "f_file": ("x",), "a_agree": True, "tab": ROWS,
    }  # fmt: skip
    seen = look(EVERYTHING, answers, Circumstances(TODAY))
    rows = {row.code: row for row in words.summary_rows(own(EVERYTHING), answers, seen, AROUND)}
    said = {code: str(row.said) for code, row in rows.items() if row.said is not None and not row.is_table}
    assert said == {
        "t_plain": "&lt;b&gt;", "t_long": "а<br>б", "t_light": "<p><strong>в</strong></p>", "n_whole": "1,50",
        "m_sum": "1\u00a0250\u00a0000,50\u00a0₽", "d_day": "31.03.2026", "y_yes": "Нет", "c_few": "Вариант a",
        "cs_some": "Вариант a<br>gone", "o_member": f"ООО «Литьё» &amp; Ко<br><small>ИНН {ONE}</small>",
        "o_any": f"ООО «Ушло»<br><small>ИНН {GONE}</small>",
        "k_codes": "28.41 <small>Производство машин и оборудования, не включенных в другие группировки</small>",
        "f_file": "1", "a_agree": "Подтверждено", "r_sum": "2\u00a0500\u00a0001\u00a0₽",
    }  # fmt: skip
    table = rows["tab"].said
    assert [str(label) for label in table.labels[:3]] == ["Текст", "Число", "Деньги, ₽"]
    assert ([str(cell) for cell in table.rows[1][:3]], table.totals[:4], table.summed) == (
        ["Два", "None", "2"], ("", "0", "3", ""), True,
    )  # fmt: skip
    assert str(rows["n_whole"].label) == "Число, шт."


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("", ""),
        ("а\nб\n\nв", "<p>а<br>б</p><p>в</p>"),
        ("до\n- раз\n- два\nпосле", "<p>до</p><ul><li>раз</li><li>два</li></ul><p>после</p>"),
        ("**<i>** и ** не жирно **", "<p><strong>&lt;i&gt;</strong> и ** не жирно **</p>"),
        ("-нет\n5 - 3", "<p>-нет<br>5 - 3</p>"),
        ("***да*** и ****", "<p><strong>*да</strong>* и ****</p>"),
        ("**а " * 50_000, f"<p>{('**а ' * 50_000).strip()}</p>"),
    ],
)
def test_light_marks_make_paragraphs_lists_and_bold_and_nothing_else(text: str, html: str) -> None:
    assert light.rendered(text) == Markup(html)


def test_the_whole_example_is_said_without_fault(asked: Flask) -> None:
    assert TEXT.count("**") == 2
    for part in pp41().sections:
        form = section_form(part)({}, formdata=None, around=AROUND, meta={"csrf": False})
        seen = look(pp41(), {}, Circumstances(TODAY))
        page = section_page(form, pp41().sections, seen, form_findings(pp41(), seen), {})
        assert json.loads(json.dumps(look_answer(page)))["shown"] == [
            item.name for item in page.items if item.control != "file" and item.visible
        ]


def test_the_class_of_a_form_is_made_once_a_language(asked: Flask) -> None:
    part = own(EVERYTHING)
    again = compile_form(EVERYTHING.form)
    assert section_form(part) is section_form(part)
    assert section_form(own(again)) is not section_form(part)


def test_a_finding_of_the_form_is_worded_with_its_figures(asked: Flask) -> None:
    compiled = sample()
    seen = look(
        compiled, {"total_cost": 100_000_00, "own_funds": 49_995_00, "requested": 50_005_00}, Circumstances(TODAY)
    )
    told = {one.path: finding_words.finding_text(one) for one in form_findings(compiled, seen) if one.check}
    assert told == {"private_share": "Доля 49,995 % меньше 50 %", "stages": "Этапы не сходятся со стоимостью"}
    assert tables.KEY not in {column.field.code for one in own(EVERYTHING).fields for column in one.columns}


def test_nought_and_no_are_answers_that_were_touched(asked: Flask) -> None:
    stored = {"m_sum": None, "y_yes": None, "t_plain": "", "a_agree": False, "n_whole": Decimal(0)}
    seen = ("fingerprint", seen_by_page(stored))
    typed = [("m_sum", "0"), ("y_yes", "no"), ("t_plain", " "), ("n_whole", "0"), ("cs_some", ""), seen]
    assert touched(form_of(EVERYTHING, stored, typed)) == {"m_sum", "y_yes"}
    assert base_of_page(form_of(EVERYTHING, stored, typed[:2])) is None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text("a=~;:,%0f", max_size=40))
def test_what_a_page_says_it_was_filled_from_is_read_whatever_it_is(asked: Flask, said: str) -> None:
    base = base_of_page(form_of(EVERYTHING, {}, [("fingerprint", said)]))
    assert base is None or set(base) <= {one.code for one in asked_of(own(EVERYTHING))}
