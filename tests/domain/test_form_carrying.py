"""What of the answers to one form another one takes over: the same code and kind, never files nor consents."""

from dataclasses import replace
from typing import Any

from judging.domain.forms.carrying import carried_answers
from judging.domain.forms.form import ApplicationForm, Field, FieldKind, Option, Section, TextFormat

K = FieldKind


def form(*fields: Field) -> ApplicationForm:
    return ApplicationForm(sections=(Section("one", "Раздел", fields=fields),))


def column(code: str, kind: FieldKind = K.TEXT, **settings: Any) -> Field:
    return Field(code, kind, "Графа", **settings)


BEFORE = form(
    Field("title", K.TEXT, "Название"), Field("cost", K.MONEY, "Стоимость"), Field("jobs", K.NUMBER, "Места"),
    Field("way", K.CHOICE, "Путь", options=(Option("a", "А"), Option("b", "Б"))),
    Field("ways", K.CHOICES, "Пути", options=(Option("a", "А"), Option("b", "Б"))),
    Field("paper", K.FILE, "Файл", extensions=("pdf",)), Field("truth", K.CONSENT, "Согласие", text="Да"),
    Field("share", K.COMPUTED, "Доля", formula="cost"), Field("gone", K.TEXT, "Нет"),
    Field("stages", K.TABLE, "Этапы", columns=(column("name"), column("cost", K.MONEY), column("till", K.DATE))),
)  # fmt: skip
ANSWERS: dict[str, Any] = {
    "title": "Проект", "cost": 100_00, "jobs": 5, "way": "b", "ways": ("a", "b"), "paper": ("hash",), "truth": True,
    "share": 1, "gone": "было",
    "stages": ({"key": "a1", "name": "Первый", "cost": 1_00, "till": "x"}, {"key": "a2", "till": "y"}),
}  # fmt: skip


def test_the_same_form_takes_everything_but_files_consents_and_what_is_computed() -> None:
    wanted = {name: one for name, one in ANSWERS.items() if name not in ("paper", "truth", "share")}
    assert carried_answers(BEFORE, ANSWERS, BEFORE) == {"one": wanted}


def test_another_kind_or_code_takes_nothing_and_options_and_columns_only_what_is_there() -> None:
    after = form(
        Field("title", K.NUMBER, "Название"), Field("total", K.MONEY, "Стоимость"), Field("jobs", K.NUMBER, "Места"),
        Field("way", K.CHOICE, "Путь", options=(Option("a", "А"),)),
        Field("ways", K.CHOICES, "Пути", options=(Option("b", "Б"), Option("c", "В"))),
        Field("stages", K.TABLE, "Этапы", columns=(column("name"), column("cost", K.NUMBER))),
    )  # fmt: skip
    assert carried_answers(BEFORE, ANSWERS, after) == {
        "one": {"jobs": 5, "ways": ("b",), "stages": ({"key": "a1", "name": "Первый"},)}
    }


def test_a_text_is_no_inn_before_it_was_typed_as_one() -> None:
    plain, inn = (form(Field("number", K.TEXT, "ИНН", format=one)) for one in (TextFormat.PLAIN, TextFormat.INN))
    ogrn = form(Field("number", K.TEXT, "ОГРН", format=TextFormat.OGRN))
    answers = {"number": "7707083893"}
    assert [carried_answers(*pair) for pair in ((plain, answers, inn), (inn, answers, ogrn))] == [{}, {}]
    assert carried_answers(inn, answers, plain) == carried_answers(inn, answers, inn) == {"one": answers}


def test_a_section_without_any_answer_is_left_out_and_a_field_may_have_moved() -> None:
    first = BEFORE.sections[0]
    after = replace(
        BEFORE,
        sections=(
            Section("other", "Другой", fields=(Field("new", K.TEXT, "Новое"),)),
            replace(first, code="moved", fields=(Field("title", K.TEXT, "Название"),)),
        ),
    )
    assert carried_answers(BEFORE, ANSWERS, after) == {"moved": {"title": "Проект"}}
    assert carried_answers(BEFORE, {}, after) == {}
