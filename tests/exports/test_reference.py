"""The sheet «Справочно»: every fact of the report in a row, what to do where there is none, and nothing else moved."""

import re
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest

from judging.adapters.archive import read_archive
from judging.domain.firmness import Expert, NextReview, Refusal, Scenario, ScenarioKind
from judging.exports.workbook import ranked_workbook
from judging.exports.workbook.comparing import compare_workbook
from tests import firmness
from tests.exports.conftest import export_of
from tests.exports.edits import part_of, with_cell
from tests.exports.office import opened, recalculated

GOLDEN = Path(__file__).parents[1] / "data" / "golden-1.json"
REFERENCE, NO = "Справочно", "—"
ADVICE = (
    "Справочно: официальные места, итоги и исходы от этого листа не зависят. Это статистика тех же учтённых экспертиз: "
    "насколько места устойчивы к случайности и к строгости экспертов. Все интервалы — с вероятностью 90 %. Граница — "
    "между победителями и остальными; место от и до — внутри панели, то есть проектов, связанных общими экспертами."
)
ABOUT = ("О листе", "весь лист")
PURPOSE = (*ABOUT, "Назначение", *[NO] * 9, ADVICE)
FEW = "Недостаточно данных: общими экспертами связано менее пяти проектов"
CORRECTED = "Итог с поправкой на строгость экспертов"


@pytest.fixture(scope="module")
def golden():
    return export_of(read_archive(GOLDEN.read_bytes()))


@pytest.fixture(scope="module")
def golden_with(golden):
    return lambda report: replace(golden, firmness=report)


def facts(export) -> list[tuple[object, ...]]:
    """The rows of the sheet below its heading."""
    return list(opened(ranked_workbook(export))[REFERENCE].iter_rows(min_row=2, values_only=True))


def section(export, name: str) -> list[tuple[object, ...]]:
    return [row[1:] for row in facts(export) if row[0] == name]


def number(value, digits: int = 2):
    return NO if value is None else round(value, digits)


def test_sections_follow_each_other_and_the_sheet_says_first_that_it_decides_nothing(golden_with):
    rows = facts(golden_with(firmness.report()))
    assert rows[:3] == [
        PURPOSE,
        (*ABOUT, "SHA-256 исходных данных", *[NO] * 9, "5f" * 32),
        (*ABOUT, "Версия расчёта", *[NO] * 9, "1"),
    ]
    assert list(dict.fromkeys(row[0] for row in rows)) == [
        "О листе", "Проекты", "Эксперты", "Согласие экспертов", "Чувствительность", "У границы",
        "Ещё одна экспертиза", "Панели",
    ]  # fmt: skip


def test_projects_stand_in_the_official_order_with_their_interval_and_zone(golden_with):
    report = firmness.report()
    rows = section(golden_with(report), "Проекты")
    zones = {"above": "Уверенно выше границы", "grey": "Серая зона", "below": "Уверенно ниже границы", None: FEW}
    half = 1.6448536 * (report.projects[0].corrected_se or 0)
    assert rows == [
        (
            item.number, CORRECTED, item.place, float(item.total), number(item.corrected),
            NO if item.corrected is None else round(item.corrected - half, 2),
            NO if item.corrected is None else round(item.corrected + half, 2),
            item.lo or NO, item.hi or NO, number(item.p_line, 3), number(item.p_funded, 3),
            f"{zones[item.grade]}; панель {item.panel}, место в ней {item.panel_place}",
        )
        for item in report.projects
    ]  # fmt: skip
    assert len(rows) == 20


def test_a_single_panel_is_not_named_beside_each_project(golden_with):
    plain = firmness.report()
    report = replace(plain, panels=plain.panels[:1], projects=plain.projects[:5], sensitivity=None, next_reviews=())
    says = ["Уверенно выше границы"] * 4 + ["Серая зона"]
    assert [row[-1] for row in section(golden_with(report), "Проекты")] == says


def test_a_project_without_reviews_says_so(golden_with):
    plain = firmness.report()
    alone = replace(
        plain.projects[0], panel=None, panel_place=None, corrected=None, corrected_se=None, lo=None, hi=None,
        p_line=None, p_funded=None, grade=None,
    )  # fmt: skip
    report = replace(plain, projects=(alone,), sensitivity=None, next_reviews=())
    assert section(golden_with(report), "Проекты") == [
        (alone.number, CORRECTED, 1, float(alone.total), *[NO] * 7,
         "Недостаточно данных: нет ни одного учтённого заключения")
    ]  # fmt: skip


def test_where_the_correction_is_weak_the_other_one_stands_below_it(golden_with):
    report = firmness.cautious()
    rows = section(golden_with(report), "Проекты")
    first, second, *_ = report.projects
    assert [row[:5] for row in rows[:4]] == [
        (first.number, CORRECTED, 1, float(first.total), number(first.corrected)),
        (first.number, "То же без сглаживания", 1, float(first.total), number(first.corrected_fixed)),
        (second.number, CORRECTED, 2, float(second.total), number(second.corrected)),
        (second.number, "То же без сглаживания", 2, float(second.total), number(second.corrected_fixed)),
    ]


def test_cautions_stand_on_top_before_the_figures_they_are_about(golden_with):
    panel = ("О листе", "Панель 1", "Оговорка", *[NO] * 9)
    assert [row for row in facts(golden_with(firmness.cautious())) if row[0] == "О листе"][-2:] == [
        (*panel, "Оценки не различают проекты: расхождения не больше случайных."),
        (*panel, "По-видимому, строгим экспертам достались более сильные проекты: поправка на строгость здесь "
         "занижена, смотрите оба значения."),
    ]  # fmt: skip


def test_experts_have_strictness_spread_and_misfit_or_not_enough_data(golden_with):
    rows = section(golden_with(firmness.report()), "Эксперты")
    wanted = {"gromov@example.org", "ershov@example.org", "ilyin@example.org", "lapin@example.org"}
    off = [NO] * 4

    def fact(email, what, says, value, lo=NO, hi=NO):
        return (f"{email}@example.org", what, NO, NO, value, lo, hi, *off, says)

    def means(email, own, others):
        yield fact(email, "Средний итог эксперта, баллов", NO, own)
        yield fact(email, "Средний итог других на тех же проектах, баллов", NO, others)

    strict = "Мягче (+) или строже (−) среднего, баллов"
    spread, misfit = "Разброс оценок, баллов", "Несогласие с проектами (больше нуля — есть)"
    assert [row for row in rows if row[0] in wanted] == [
        fact("gromov", "Учтённых экспертиз", "Громов Илья Петрович", 10),
        *means("gromov", 60.93, 65.1),
        fact("gromov", strict, "Строже среднего эксперта", -3.1, -4.24, -1.96),
        fact("gromov", spread, NO, 2.1),
        fact("gromov", misfit, NO, -6.2),
        fact("ershov", "Учтённых экспертиз", "Ершов Павел Николаевич", 8),
        *means("ershov", 64.81, 61.16),
        fact("ershov", strict, "Может не отличаться от среднего эксперта", -0.9, -2.18, 0.38),
        fact("ershov", spread, NO, 6.4),
        fact("ershov", misfit, "Оценки почти не следуют за проектами: стоит прочитать заключения.", 4.7),
        fact("ilyin", "Учтённых экспертиз",
             "Ильин Константин Юрьевич. Недостаточно данных: у эксперта менее восьми учтённых заключений.", 4),
        *means("ilyin", 59.98, 62.75),
        fact("lapin", "Учтённых экспертиз", f"Лапин Роман Андреевич. {FEW}.", 4),
        *means("lapin", 62.4, 65.68),
    ]  # fmt: skip
    assert [row[-1] for row in rows if row[:2] == ("belova@example.org", strict)] == ["Мягче среднего эксперта"]


def test_agreement_has_a_row_a_coefficient_and_one_where_there_is_none(golden_with):
    rows = section(golden_with(firmness.report()), "Согласие экспертов")
    title, off = "Значимость проекта для отрасли", [NO] * 6
    assert [row for row in rows if row[0] in ("К1", "К4")] == [
        ("К1", "Альфа Криппендорфа", NO, NO, 0.66, *off, title),
        ("К1", "Альфа Криппендорфа (порядковая)", NO, NO, 0.64, *off, title),
        ("К1", "ICC(1): одной оценки", NO, NO, 0.67, *off, title),
        ("К1", "ICC(1,k): среднего оценок", NO, NO, 0.859, *off, title),
        ("К4", "Недостаточно данных", NO, NO, NO, *off, "Наличие сбыта. Недостаточно данных: все оценки одинаковы."),
    ]
    assert [row[0] for row in rows] == ["Итог"] * 4 + ["К1"] * 4 + ["К2"] * 4 + ["К3"] * 4 + ["К4"]


def test_sensitivity_has_a_row_a_scenario_and_one_for_everybody_near_the_line(golden_with):
    plain = firmness.report()
    scenarios = (
        Scenario(ScenarioKind.WEIGHT, "К1", 10, ("СП-003", "СП-013"), ("СП-018",)),
        Scenario(ScenarioKind.WEIGHT, "К1", -10),
        Scenario(ScenarioKind.WITHOUT_EXPERT, "e@example.org", 0, (), ("СП-018",), 2),
    )
    export = golden_with(replace(plain, sensitivity=replace(plain.sensitivity, scenarios=scenarios)))
    off = [NO] * 6
    assert section(export, "Чувствительность") == [
        ("Вес К1 +10 %", "Переходят границу", NO, NO, 3, *off,
         "становятся победителями: СП-003, СП-013; перестают быть победителями: СП-018"),
        ("Вес К1 −10 %", "Переходят границу", NO, NO, 0, *off, "никто"),
        ("Без эксперта e@example.org", "Переходят границу", NO, NO, 1, *off, "перестают быть победителями: СП-018"),
        ("Без эксперта e@example.org", "Оценены только этим экспертом", NO, NO, 2, *off, "Сохраняют итог"),
    ]  # fmt: skip
    projects = {item.number: (item.place, float(item.total)) for item in plain.projects}
    crosses = "Переходит границу, вариантов из 3"
    assert section(export, "У границы") == [
        *((number, crosses, *projects[number], 0, *off, "Победитель во всех вариантах")
          for number in plain.sensitivity.steadfast),
        ("СП-018", crosses, *projects["СП-018"], 3, *off, "Победитель, но не в этих вариантах"),
        ("СП-003", crosses, *projects["СП-003"], 3, *off, "Победитель только в этих вариантах"),
        ("СП-013", crosses, *projects["СП-013"], 1, *off, "Победитель только в этих вариантах"),
    ]  # fmt: skip


def test_next_reviews_stand_beside_the_official_place(golden_with):
    plain = firmness.report()
    chosen = plain.projects[4]
    report = replace(plain, next_reviews=(NextReview(chosen.number, 0.314, 3, 0.825),))
    assert section(golden_with(report), "Ещё одна экспертиза") == [
        (chosen.number, "Ожидаемая польза ещё одной экспертизы, баллов", 5, float(chosen.total), 0.31, NO, NO, NO, NO,
         0.825, NO, "Экспертиз сейчас: 3")
    ]  # fmt: skip


def test_panels_say_how_much_of_the_spread_is_what(golden_with):
    off = [NO] * 6

    def fact(panel, what, value, says=NO):
        return (f"Панель {panel}", what, NO, NO, value, *off, says)

    assert section(golden_with(firmness.report()), "Панели") == [
        fact(1, "Проектов", 16),
        fact(1, "Экспертов", 6),
        fact(1, "Учтённых экспертиз", 48),
        fact(1, "Победителей", 5),
        fact(1, "Доля разброса: качество проектов", 0.803),
        fact(1, "Доля разброса: строгость экспертов", 0.068),
        fact(1, "Доля разброса: случайность", 0.129),
        fact(1, "Корреляция строгости и качества увиденного", -0.41),
        fact(2, "Проектов", 4),
        fact(2, "Экспертов", 2),
        fact(2, "Учтённых экспертиз", 8),
        fact(2, "Победителей", 2),
        fact(2, "Недостаточно данных", NO, f"{FEW}."),
    ]


def test_a_refused_report_says_only_why(golden_with):
    assert facts(golden_with(firmness.refused(Refusal.NO_PROJECTS)))[3:] == [
        (*ABOUT, "Недостаточно данных", *[NO] * 9, "Недостаточно данных: нет ни одной допущенной заявки.")
    ]


def test_a_report_before_all_reviews_are_in_says_so(golden_with):
    assert facts(golden_with(firmness.report(provisional=True)))[3] == (
        *ABOUT, "Предварительно", *[NO] * 9,
        "Не все экспертизы сданы: рассчитано так, как если бы имеющиеся были всеми.",
    )  # fmt: skip


def test_without_a_report_the_sheet_says_what_to_do(golden):
    wait = (
        "Не рассчитано: конкурс большой, и расчёт запускается отдельно. Откройте страницу «Устойчивость рейтинга» "
        "этого конкурса, нажмите «Рассчитать», дождитесь окончания и выгрузите книгу снова."
    )
    frozen = (
        " Рассчитывается текущее состояние конкурса: на снимок расчёт переносится, если после него оценки не менялись."
    )
    present = replace(golden, snapshot_number=None, snapshot_sha256=None)
    state = (*ABOUT, "Состояние", *[NO] * 9)
    assert (facts(present), facts(golden)) == ([PURPOSE, (*state, wait)], [PURPOSE, (*state, wait + frozen)])


def test_the_sheet_is_the_last_and_has_no_formula_and_no_formula_reads_it(golden_with):
    content = ranked_workbook(golden_with(firmness.report()))
    with ZipFile(BytesIO(content)) as package:
        parts = {name: package.read(name).decode() for name in package.namelist() if name.startswith("xl/work")}
    own = parts.pop(part_of(REFERENCE))
    read = [name for name, xml in parts.items() for text in re.findall(r"<f[^>]*>(.*?)</f>", xml) if REFERENCE in text]
    names = re.search(r"<definedNames>.*</definedNames>", parts["xl/workbook.xml"])[0]
    assert ("<f" in own.replace("<formula", ""), read, openpyxl.load_workbook(BytesIO(content)).sheetnames[-1]) == (
        False,
        [],
        REFERENCE,
    )
    assert re.findall(rf"<definedName name=\"([^\"]*)\"[^>]*>'?{REFERENCE}", names) == [
        "_xlnm._FilterDatabase",
        "_xlnm.Print_Titles",
    ]


def test_numbers_are_true_numbers_in_the_formats_of_their_kind(golden_with):
    sheet = openpyxl.load_workbook(BytesIO(ranked_workbook(golden_with(firmness.report()))))[REFERENCE]
    found = {
        (row[0].value, row[2].value): [(cell.data_type, cell.number_format) for cell in row[3:12]]
        for row in sheet.iter_rows(min_row=2)
        if row[1].value in ("СП-006", "Панель 1")
    }
    none = ("s", "General")
    assert (found["Проекты", CORRECTED], found["Панели", "Проектов"]) == (
        [("n", "0"), *[("n", "0.00")] * 4, *[("n", "0")] * 2, *[("n", "0%")] * 2],
        [none, none, ("n", "0"), *[none] * 6],
    )
    assert found["Панели", "Доля разброса: качество проектов"][2] == ("n", "0%")


def test_nothing_of_it_stands_on_another_sheet(golden, golden_with):
    plain, told = (opened(ranked_workbook(item)) for item in (golden, golden_with(firmness.report())))
    values = [
        {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book if sheet.title != REFERENCE}
        for book in (plain, told)
    ]
    assert values[0] == values[1]


def test_text_from_people_is_never_a_formula(golden_with):
    expert = Expert("=1+1@example.org", "@Иванов", 1, 3, False, Refusal.FEW_SCORES)
    report = firmness.report(experts=(expert,))
    book = openpyxl.load_workbook(BytesIO(ranked_workbook(golden_with(report))))
    (row,) = (row for row in book[REFERENCE].iter_rows() if row[0].value == "Эксперты")
    assert [(cell.value, cell.data_type) for cell in (row[1], row[12])] == [
        ("=1+1@example.org", "s"),
        ("@Иванов. Недостаточно данных: у эксперта менее восьми учтённых заключений.", "s"),
    ]


def test_the_comparison_of_a_workbook_that_came_back_leaves_the_sheet_alone(golden, golden_with):
    told = ranked_workbook(golden_with(firmness.report()))
    edited = with_cell(told, REFERENCE, "I6", 99)
    assert [
        compare_workbook(BytesIO(content), export)
        for content in (told, edited, ranked_workbook(golden))
        for export in (golden, golden_with(firmness.report()))
    ] == [()] * 6


@pytest.mark.office
def test_an_office_program_reads_the_sheet_as_it_was_written(golden_with, tmp_path):
    content = ranked_workbook(golden_with(firmness.cautious()))
    fresh = recalculated({"golden": content}, tmp_path)["golden"]
    cells = [list(book[REFERENCE].iter_rows(values_only=True)) for book in (opened(content), fresh)]
    assert cells[0] == cells[1]
    assert fresh["Проверка"]["C2"].value == "совпадает"
