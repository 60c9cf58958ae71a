"""The figures on firmness as files: every row of every table, what is not said, and the whole report as JSON."""

import csv
import json
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from io import StringIO

import pytest

from judging.domain.access import Permission
from judging.domain.firmness import (
    REFUSAL_LABELS,
    CriterionAgreement,
    Expert,
    Refusal,
    Scenario,
    ScenarioKind,
    from_document,
    to_document,
)
from judging.exports.firmness import FIGURES, points, reason, share
from tests import firmness

FEW_PROJECTS = "Недостаточно данных: общими экспертами связано менее пяти проектов."
FEW_SCORES = "Недостаточно данных: у эксперта менее восьми учтённых заключений."


def table(key, report) -> list[list[str]]:
    content = b"".join(FIGURES[key].parts(report))
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def shown(value, digits) -> str:
    return "" if value is None else f"{value:z.{digits}f}".replace(".", ",")


def test_the_figures_are_in_the_order_of_the_page():
    figures = ("places", "panels", "experts", "residuals", "agreement", "sensitivity", "next-reviews")
    assert [(key, entry.key, entry.permission) for key, entry in FIGURES.items()] == [
        *((key, key, Permission.EXPORT) for figure in figures for key in (figure, f"{figure}-table")),
        ("firmness-json", "firmness-json", Permission.EXPORT),
    ]


def test_a_figure_is_named_after_the_contest_and_the_moscow_time():
    report = firmness.report(contest="../УР 1")
    moment = datetime(2026, 5, 2, 22, 30, tzinfo=UTC)
    figures = ("places", "panels", "experts", "residuals", "agreement", "sensitivity", "next-reviews")
    assert [entry.named(report, moment) for entry in FIGURES.values()] == [
        *(f"___УР_1-firmness-{figure}-2026-05-03-0130.{kind}" for figure in figures for kind in ("csv", "xlsx")),
        "___УР_1-firmness-2026-05-03-0130.json",
    ]


def test_places_have_a_row_a_project_in_the_official_order():
    report = firmness.report()
    head, *body = table("places", report)
    assert head == [
        "Рег. номер", "Место", "Итог", "Исход", "Экспертиз", "Панель", "Место в панели",
        "Итог с поправкой на строгость", "Погрешность", "Итог с поправкой без сглаживания", "Место от", "Место до",
        "Вероятность выше границы", "Вероятность в пределах бюджета", "Зона", "Примечание",
    ]  # fmt: skip
    outcomes = {"winner": "победитель", "reserve": "резерв"}
    zones = {"above": "Уверенно выше границы", "grey": "Серая зона", "below": "Уверенно ниже границы", None: ""}
    assert body == [
        [
            item.number, str(item.place), shown(item.total, 2), outcomes[item.outcome],
            str(item.reviews), str(item.panel), str(item.panel_place), shown(item.corrected, 2),
            shown(item.corrected_se, 2), "", shown(item.lo, 0), shown(item.hi, 0), shown(item.p_line, 3),
            shown(item.p_funded, 3), zones[item.grade], FEW_PROJECTS if item.panel == 2 else "",
        ]
        for item in report.projects
    ]  # fmt: skip
    assert {row[14] for row in body} == set(zones.values())


def test_what_is_not_said_of_a_project_is_said_why():
    plain = firmness.report()
    everybody = replace(plain.panels[0], no_line=Refusal.ALL_WINNERS)
    first, second, *_ = plain.projects
    alone = replace(first, panel=None, panel_place=None, corrected=None, corrected_se=None)
    report = replace(plain, panels=(everybody, plain.panels[1]), projects=(alone, second))
    assert [row[-1] for row in table("places", report)[1:]] == [
        "Недостаточно данных: нет ни одного учтённого заключения.",
        "Границы нет: побеждают все, кто может победить.",
    ]


def test_the_uncorrected_weakness_of_the_correction_is_shown_where_it_matters():
    body = table("places", firmness.cautious())[1:]
    assert [row[9] for row in body] == [shown(item.corrected_fixed, 2) for item in firmness.cautious().projects]
    assert any(row[9] for row in body)


def test_panels_have_a_row_each_with_the_parts_of_the_differences_and_what_has_to_be_known():
    head, *body = table("panels", firmness.cautious())
    assert head == [
        "Панель", "Проектов", "Экспертов", "Экспертиз", "Победителей", "Доля разброса: качество проектов",
        "Доля разброса: строгость экспертов", "Доля разброса: случайность",
        "Корреляция строгости и качества увиденного", "Примечание",
    ]  # fmt: skip
    cautions = (
        "Оценки не различают проекты: расхождения не больше случайных. По-видимому, строгим экспертам достались более "
        "сильные проекты: поправка на строгость здесь занижена, смотрите оба значения."
    )
    assert body == [
        ["1", "16", "6", "48", "5", "0,803", "0,068", "0,129", "-0,830", cautions],
        ["2", "4", "2", "8", "2", "", "", "", "", FEW_PROJECTS],
    ]


def test_experts_have_a_row_each_and_no_verdict_without_data():
    careless = [
        "ershov@example.org", "Ершов Павел Николаевич", "1", "8", "64,81", "61,16", "-0,90", "-2,18", "0,38", "6,40",
        "4,70",
    ]  # fmt: skip
    head, *body = table("experts", firmness.report())
    assert head == [
        "Эксперт", "Имя", "Панель", "Экспертиз", "Средний итог", "Средний итог других на тех же проектах",
        "Мягче (+) или строже (−) среднего", "От", "До", "Разброс", "Несогласие с проектами", "Требует внимания",
        "Примечание",
    ]  # fmt: skip
    assert [row for row in body if row[0][0] in "eil"] == [
        [*careless, "да", ""],
        ["ilyin@example.org", "Ильин Константин Юрьевич", "1", "4", "59,98", "62,75", *[""] * 6, FEW_SCORES],
        ["lapin@example.org", "Лапин Роман Андреевич", "2", "4", "62,40", "65,68", *[""] * 6, FEW_PROJECTS],
    ]
    assert len(body) == len(firmness.report().experts)


def test_residuals_have_a_row_a_review():
    report = firmness.report()
    head, *body = table("residuals", report)
    assert head == [
        "Эксперт", "Рег. номер", "Итог эксперта", "Ожидалось", "Отклонение", "Отклонение в единицах разброса",
    ]  # fmt: skip
    assert body == [
        [
            item.expert, item.number,
            *(shown(value, 2) for value in (item.score, item.expected, item.residual, item.standardised)),
        ]
        for item in report.cells
    ]  # fmt: skip


def test_agreement_begins_with_the_total_and_says_where_there_is_none():
    assert table("agreement", firmness.report()) == [
        ["Код", "Критерий", "Проектов", "Оценок", "Альфа Криппендорфа", "Альфа Криппендорфа (порядковая)", "ICC(1)",
         "ICC(1,k)", "W Кендалла", "Примечание"],
        ["Итог", "Итог", "20", "56", "0,710", "0,690", "0,720", "0,885", "", ""],
        ["К1", "Значимость проекта для отрасли", "20", "56", "0,660", "0,640", "0,670", "0,859", "", ""],
        ["К2", "Проработанность кооперации", "20", "56", "0,410", "0,430", "0,420", "0,685", "", ""],
        ["К3", "Готовность производства", "20", "56", "0,120", "0,150", "0,130", "0,310", "", ""],
        ["К4", "Наличие сбыта", "20", "56", *[""] * 5, "Недостаточно данных: все оценки одинаковы."],
    ]  # fmt: skip


def test_sensitivity_has_a_row_for_everybody_who_crosses_the_line_and_one_where_nobody_does():
    found = firmness.report().sensitivity
    scenarios = (
        Scenario(ScenarioKind.WEIGHT, "К1", 10, ("5",), ("3", "4")),
        Scenario(ScenarioKind.WEIGHT, "К1", -10),
        Scenario(ScenarioKind.WITHOUT_EXPERT, "e@example.org", 0, ("5",), (), 2),
        Scenario(ScenarioKind.AGGREGATE, "trimmed_mean"),
    )
    report = firmness.report(sensitivity=replace(found, scenarios=scenarios))
    alone = "Заявок, оценённых только этим экспертом и сохранивших итог: 2"
    assert table("sensitivity", report) == [
        ["Вариант", "Предмет", "Изменение, %", "Рег. номер", "Что меняется", "Примечание"],
        ["Вес К1 +10 %", "К1", "10", "5", "становится победителем", ""],
        ["Вес К1 +10 %", "К1", "10", "3", "перестаёт быть победителем", ""],
        ["Вес К1 +10 %", "К1", "10", "4", "перестаёт быть победителем", ""],
        ["Вес К1 −10 %", "К1", "-10", "", "границу никто не переходит", ""],
        ["Без эксперта e@example.org", "e@example.org", "", "5", "становится победителем", alone],
        ["Усреднение: усечённое среднее", "trimmed_mean", "", "", "границу никто не переходит", ""],
    ]


def test_next_reviews_are_those_of_the_report_best_first():
    report = firmness.report()
    head, *body = table("next-reviews", report)
    assert head == ["Рег. номер", "Ожидаемая польза, баллов", "Экспертиз", "Вероятность выше границы"]
    assert body == [
        [item.number, shown(item.value, 2), str(item.reviews), shown(item.p_line, 3)] for item in report.next_reviews
    ]


@pytest.mark.parametrize("report", [firmness.report(), firmness.cautious(), firmness.refused()])
def test_the_json_is_the_whole_report(report):
    document = json.loads(b"".join(FIGURES["firmness-json"].parts(report)))
    assert (document, from_document(document)) == (to_document(report), report)


def test_a_report_without_anything_leaves_the_headings():
    report = firmness.refused()
    assert {key: len(table(key, report)) for key, entry in FIGURES.items() if entry.media_type.startswith("text")} == {
        "places": 1, "panels": 1, "experts": 1, "residuals": 1, "agreement": 1, "sensitivity": 1, "next-reviews": 1,
    }  # fmt: skip


def test_text_from_people_starts_no_formula():
    expert = Expert("=cmd@example.org", "-Иванов", 1, 3, False, Refusal.FEW_SCORES)
    criterion = CriterionAgreement("@К", "+1", 1, 1, Refusal.ONE_PROJECT)
    report = firmness.report(experts=(expert,), agreement=(criterion,))
    assert (table("experts", report)[1][:2], table("agreement", report)[1][:2]) == (
        ["'=cmd@example.org", "'-Иванов"],
        ["'@К", "'+1"],
    )


def test_statistics_are_rounded_and_have_no_negative_zero():
    assert [(points(value), share(value)) for value in (None, 1.005, -0.0004, -2.5)] == [
        (None, None),
        (Decimal("1.01"), Decimal("1.005")),
        (Decimal("0.00"), Decimal("0.000")),
        (Decimal("-2.50"), Decimal("-2.500")),
    ]
    assert [str(points(-0.0)), str(share(-0.0))] == ["0.00", "0.000"]


def test_every_refusal_has_its_sentence_in_russian():
    assert {item for item in Refusal if reason(item) in (None, REFUSAL_LABELS[item])} == set()
