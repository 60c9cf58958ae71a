"""What the pages on firmness say and choose to show, from the sample report: sentences, figures, windows, orders."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import unquote

import pytest
from flask import Flask

from judging.cli.firmness import chance
from judging.domain.firmness import (
    Caution,
    Contested,
    CriterionAgreement,
    Grade,
    Project,
    Refusal,
    Report,
    Scenario,
    ScenarioKind,
    Sensitivity,
)
from judging.domain.ranking import Outcome
from judging.web.firmness.criteria import level_of, make_criteria
from judging.web.firmness.experts import make_experts, parts_of, spread
from judging.web.firmness.names import Names
from judging.web.firmness.places import UNREVIEWED, WINDOW, is_outside, make_places, panel_of
from judging.web.firmness.reasons import remarks_on_places, why_no_review, why_not_compared
from judging.web.firmness.residuals import make_residuals
from judging.web.firmness.sensitivity import make_scenarios
from judging.web.firmness.summary import copied, statements
from judging.web.firmness.words import (
    number,
    numbers,
    percent,
    place_range,
    point_range,
    scenario_words,
    severity_words,
    signed,
)
from tests import firmness as sample
from tests.conftest import application

REPORT = sample.report()
TOTAL = len(REPORT.projects)
NAMES = Names(
    titles={item.number: f"Проект {item.number}" for item in REPORT.projects},
    applications={item.number: place for place, item in enumerate(REPORT.projects, start=1)},
    experts={item.email: item.name for item in REPORT.experts},
    expert_ids={item.email: place for place, item in enumerate(REPORT.experts, start=101)},
    criteria={item.code: item.title for item in REPORT.agreement if item.code},
)
SIDE = {sample.email(name) for name in sample.SIDE}
ERSHOV = NAMES.expert_ids[sample.email("ershov")]


@pytest.fixture(scope="module")
def russian() -> Flask:
    return application("sqlite")


@pytest.fixture(autouse=True)
def _request(russian: Flask) -> Iterator[None]:
    with russian.test_request_context(headers={"Accept-Language": "ru"}):
        yield


def numbered(projects: int, line: int) -> Report:
    """A contest of one panel with so many projects and winners."""
    panel = replace(REPORT.panels[0], projects=projects, winners=line)
    rows = tuple(
        replace(REPORT.projects[0], number=f"{place:04d}", place=place, panel_place=place, winner=place <= line,
                outcome=Outcome.WINNER if place <= line else Outcome.RESERVE, lo=max(1, place - 9), hi=place + 9)
        for place in range(1, projects + 1)
    )  # fmt: skip
    return replace(REPORT, panels=(panel,), projects=rows)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, ""), (0.0, "< 1\u00a0%"), (0.0099, "< 1\u00a0%"), (0.01, "1\u00a0%"), (0.974, "97\u00a0%"),
        (0.99, "99\u00a0%"), (0.991, "> 99\u00a0%"), (1.0, "> 99\u00a0%"), (0.95, "95\u00a0%"),
        (0.948, "94,8\u00a0%"), (0.9498, "94,98\u00a0%"), (0.954, "95\u00a0%"), (0.05, "5\u00a0%"),
        (0.052, "5,2\u00a0%"), (0.048, "5\u00a0%"), (0.945, "94,5\u00a0%"), (0.0501, "5,01\u00a0%"),
    ],
)  # fmt: skip
def test_a_probability_is_never_a_certainty(value: float | None, said: str) -> None:
    assert percent(value) == said


def test_the_command_line_prints_the_same_probabilities() -> None:
    drawn = [part / 4000 for part in range(4001)]
    assert [percent(value).replace("\u00a0", "").replace(" ", "").replace(",", ".") for value in drawn] == [
        chance(value) for value in drawn
    ]


def test_figures_have_a_comma_and_a_true_minus() -> None:
    assert (number(-0.04), number(1234.56), signed(3.24), signed(-1.36), signed(0.04), number(0.256, 2)) == (
        "0,0", "1\u00a0234,6", "+3,2", "−1,4", "0,0", "0,26",
    )  # fmt: skip


def test_ranges_say_one_place_once_and_nothing_where_nothing_is_known() -> None:
    assert (place_range(4, 11), place_range(4, 4), place_range(None, None)) == ("4–11", "4", "")
    assert (point_range(-4.1, 0.2), point_range(None, 1.0)) == ("от −4,1 до +0,2", "")


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (3.2, "на 3,2 балла мягче среднего"),
        (-4.96, "на 5,0 балла строже среднего"),
        (0.04, "как средний эксперт"),
        (-0.04, "как средний эксперт"),
    ],
)
def test_strictness_in_words_is_generous_above_zero(value: float, said: str) -> None:
    assert severity_words(value) == said


def test_a_long_list_of_numbers_is_cut_and_counted() -> None:
    assert (numbers("абв"), numbers("абвгдежз")) == ("а, б, в", "а, б, в, г, д, е и ещё 2")


@pytest.mark.parametrize(
    ("scenario", "said"),
    [
        (
            Scenario(ScenarioKind.WEIGHT, "К2", -10),
            "Вес критерия К2 изменён на −10\u00a0%: Проработанность кооперации",
        ),
        (
            Scenario(ScenarioKind.WEIGHT, "К1", 10),
            "Вес критерия К1 изменён на +10\u00a0%: Значимость проекта для отрасли",
        ),
        (
            Scenario(ScenarioKind.WITHOUT_EXPERT, sample.email("gromov")),
            "Без заключений эксперта: Громов Илья Петрович",
        ),
        (Scenario(ScenarioKind.WITHOUT_EXPERT, "gone@example.org"), "Без заключений эксперта: gone@example.org"),
        (Scenario(ScenarioKind.AGGREGATE, "median"), "Оценки экспертов сводятся иначе: медиана"),
    ],
)
def test_a_scenario_in_words(scenario: Scenario, said: str) -> None:
    assert scenario_words(scenario, NAMES.experts, NAMES.criteria) == said


def graded(*grades: tuple[Grade | None, bool]) -> tuple[Project, ...]:
    return tuple(
        replace(item, grade=grade, winner=winner)
        for item, (grade, winner) in zip(REPORT.projects, grades, strict=False)
    )


def test_what_can_be_said_in_four_sentences() -> None:
    projects = graded(
        *[(Grade.ABOVE, True)] * 3, (Grade.GREY, True), (None, True), (Grade.GREY, False), (Grade.BELOW, False)
    )
    assert REPORT.sensitivity is not None
    firm = replace(REPORT.sensitivity, steadfast=("1", "2", "3", "4"))
    said = [item.sentence for item in statements(replace(REPORT, projects=projects, sensitivity=firm))]
    assert said == [
        "3 из 5 победителей уверенно выше границы: вероятность не меньше 95\u00a0%. "
        "Ещё по 1 победителю данных недостаточно.",
        "2 проекта в серой зоне: выше границы или ниже, по оценкам уверенно сказать нельзя. Победителей среди них: 1.",
        "3 проекта становятся победителями или перестают ими быть хотя бы в одной из проверок: веса ±10\u00a0%, без "
        "одного эксперта, другой способ усреднения. Побеждают во всех проверках: 4 из 5.",
        "1 эксперт ставит оценки, которые мало связаны с проектами: это повод перечитать заключения, а не вывод о "
        "работе эксперта.",
    ]


@pytest.mark.parametrize(
    ("winners", "provisional", "said"),
    [
        (1, False, "0 из 1 победителя уверенно выше границы: вероятность не меньше 95\u00a0%."),
        (2, False, "0 из 2 победителей уверенно выше границы: вероятность не меньше 95\u00a0%."),
        (21, False, "0 из 21 победителя уверенно выше границы: вероятность не меньше 95\u00a0%."),
        (5, True, "0 из 5 предварительных победителей (по уже сданным заключениям) уверенно выше границы: вероятность "
                  "не меньше 95\u00a0%."),
    ],
)  # fmt: skip
def test_winners_are_counted_in_russian_and_are_none_yet_while_reviews_are_missing(
    winners: int, provisional: bool, said: str
) -> None:
    grey = replace(REPORT.projects[0], grade=Grade.GREY, winner=True)
    report = replace(REPORT, projects=(grey,) * winners, provisional=provisional)
    assert statements(report)[0].sentence == said


@pytest.mark.parametrize("count", [1, 2, 5, 21])
def test_sentences_of_how_many_are_in_the_grey_zone_agree_with_the_number(count: int) -> None:
    grey = replace(REPORT.projects[0], grade=Grade.GREY, winner=False)
    noun = {1: "проект", 2: "проекта", 5: "проектов", 21: "проект"}[count]
    assert statements(replace(REPORT, projects=(grey,) * count))[0].sentence == (
        f"{count} {noun} в серой зоне: выше границы или ниже, по оценкам уверенно сказать нельзя. "
        "Победителей среди них: 0."
    )


def test_winners_who_are_surely_below_the_line_are_not_passed_over() -> None:
    projects = graded((Grade.ABOVE, True), (Grade.GREY, True), *[(Grade.BELOW, True)] * 2)
    assert statements(replace(REPORT, projects=projects))[0].sentence == (
        "1 из 4 победителей уверенно выше границы: вероятность не меньше 95\u00a0%. Уверенно ниже: 2."
    )


def test_what_is_copied_says_whose_it_is_on_what_it_rests_and_that_it_binds_nobody() -> None:
    said = statements(REPORT)[:1]
    whole = copied("Конкурс", replace(REPORT, provisional=True), said, datetime(2026, 3, 15, 9, tzinfo=UTC))
    assert whole.splitlines() == [
        "Конкурс",
        said[0].sentence,
        "Часть заявок ещё ждёт заключений: всё сказанное — по уже сданным.",
        "Рассчитано 15 марта 2026 г., 12:00 МСК; данные с тех пор изменились.",
        "Справочно; официальные места не меняются.",
    ]
    assert copied("Конкурс", REPORT, said, None).splitlines() == [whole.splitlines()[i] for i in (0, 1, 4)]


def test_experts_who_are_all_alike_are_not_set_apart() -> None:
    experts = tuple(
        replace(item, severity=0.0, lo=0.0, hi=0.0, flagged=False) if item.severity is not None else item
        for item in REPORT.experts
    )
    report = replace(REPORT, experts=experts)
    assert len(statements(report)) == 3
    found = spread(experts)
    assert found is not None
    assert (found["alike"], found["sure"]) == (True, 0)
    rows = make_experts(report, NAMES, {}).page.rows
    assert {(row["words"], row["range"]) for row in rows if row["point"]} == {("как средний эксперт", "")}
    assert {tuple(row["point"]["said"]) for row in rows if row["point"]} == {("как средний эксперт",)}


def test_why_no_further_review_is_proposed() -> None:
    first, second = REPORT.panels
    third = replace(second, number=3)
    clear = "Победители ясны: ещё одно заключение вряд ли изменит их состав."
    chance = "Оценки не различают проекты: расхождения не больше случайных."
    few = "Недостаточно данных: общими экспертами связано менее пяти проектов."
    nobody = replace(first, no_line=Refusal.NO_WINNERS)
    alike = replace(first, cautions=(Caution.RATER_VARIANCE_ZERO, Caution.ITEM_VARIANCE_ZERO))
    reasons = [
        why_no_review(replace(REPORT, panels=panels))
        for panels in ((first,), (first, second, third), (nobody,), (alike,))
    ]
    assert reasons == [
        [clear], [f"Панель 1: {clear}", f"Панели 2, 3: {few}"], ["Границы нет: победителей нет."], [chance],
    ]  # fmt: skip
    assert why_not_compared(replace(REPORT, panels=(second,))) == [few]
    assert remarks_on_places(replace(REPORT, panels=(nobody, replace(alike, number=2), third))) == [
        "Панель 1: Границы нет: победителей нет.", f"Панель 2: {chance}", f"Панель 3: {few}",
    ]  # fmt: skip
    assert remarks_on_places(replace(REPORT, panels=(first, replace(first, number=2)))) == []


def test_where_nobody_looks_careless_the_spread_of_strictness_is_told() -> None:
    experts = tuple(replace(item, flagged=False) for item in REPORT.experts)
    assert [item.sentence for item in statements(replace(REPORT, experts=experts))][3:] == [
        "5,5 балла — разница между самым строгим и самым мягким экспертом на одном и том же проекте."
    ]


def test_what_is_not_known_is_not_said() -> None:
    projects = tuple(replace(item, grade=None) for item in REPORT.projects)
    silent = replace(REPORT, projects=projects, experts=(), sensitivity=None)
    assert (statements(silent), statements(sample.refused())) == ([], [])


def test_without_a_grey_zone_no_winners_are_counted_in_it() -> None:
    projects = graded(*[(Grade.ABOVE, True)] * 2, (Grade.BELOW, False))
    assert statements(replace(REPORT, projects=projects))[1].sentence == (
        "0 проектов в серой зоне: выше границы или ниже, по оценкам уверенно сказать нельзя."
    )


def test_a_statement_leads_to_what_it_is_about() -> None:
    base = "/staff/contests/УР-2026/firmness"
    leads = [
        [unquote(item.href).removeprefix("http://localhost") for item in statements(report)]
        for report in (replace(REPORT, panels=REPORT.panels[:1]), REPORT)
    ]
    assert leads == [
        [f"{base}?grade=above", f"{base}?grade=grey", f"{base}/sensitivity", f"{base}/experts"],
        [f"{base}#panels-list", f"{base}#panels-list", f"{base}/sensitivity", f"{base}/experts"],
    ]


@pytest.mark.parametrize(
    ("asked", "shown"),
    [("", 1), ("2", 2), ("1", 1), ("9", 1), ("x", 1), ("0", 1), ("-1", 1), ("²", 1), ("9" * 30, 1)],
)
def test_a_panel_that_is_not_there_is_the_first_of_which_something_is_said(asked: str, shown: int) -> None:
    assert panel_of(REPORT, {"panel": asked}) == shown


def bare(item: Project) -> Project:
    """The project with nothing said of its place."""
    return replace(item, corrected=None, lo=None, hi=None, p_line=None, p_funded=None, grade=None)


def test_projects_without_reviews_have_a_list_of_their_own() -> None:
    lonely = replace(bare(REPORT.projects[-1]), panel=None, panel_place=None, reviews=0)
    report = replace(REPORT, projects=(*REPORT.projects[:-1], lonely))
    places = make_places(report, NAMES, {"panel": str(UNREVIEWED)})
    assert ([row["project"].number for row in places.page.rows], places.panel, places.drawn) == (
        [lonely.number], None, False,
    )  # fmt: skip


def test_a_panel_of_which_nothing_is_said_is_listed_and_not_drawn() -> None:
    places = make_places(REPORT, NAMES, {"panel": "2"})
    expected = [item.number for item in REPORT.projects if item.panel == 2]
    assert ([row["project"].number for row in places.page.rows], places.drawn) == (expected, False)
    assert [row["point"] for row in places.page.rows] == [None] * len(expected)


def test_the_points_of_the_drawing_are_the_figures_of_the_report() -> None:
    rows = make_places(REPORT, NAMES, {}).page.rows
    expected = [
        (item.number, item.panel_place, item.lo, item.hi, item.p_line, item.p_funded, item.grade)
        for item in REPORT.projects
        if item.panel == 1
    ]
    keys = ("label", "place", "lo", "hi", "above", "funded", "grade")
    assert [tuple(row["point"][key] for key in keys) for row in rows] == expected


@pytest.mark.parametrize(("projects", "line", "first"), [(60, 30, 11), (60, 3, 1), (60, 58, 21), (5000, 700, 681)])
def test_a_long_list_opens_around_the_line(projects: int, line: int, first: int) -> None:
    places = make_places(numbered(projects, line), NAMES, {})
    shown = [row["project"].place for row in places.page.rows]
    assert (places.long, places.choice.near, places.of) == (True, True, projects)
    assert shown == list(range(first, first + 2 * WINDOW))


@pytest.mark.parametrize("args", [{"view": "all"}, {"grade": "above"}, {"q": "0"}])
def test_asked_for_otherwise_a_long_list_has_pages(args: dict[str, str]) -> None:
    page = make_places(numbered(120, 30), NAMES, {**args, "page": "99"}).page
    assert (len(page.rows), page.total, page.number) == (20, 120, 3)


def test_a_short_list_is_whole_and_filters_by_side_and_words() -> None:
    grey = [item.number for item in REPORT.projects if item.panel == 1 and item.grade is Grade.GREY]
    found = make_places(REPORT, NAMES, {"grade": "grey"})
    assert (found.long, [row["project"].number for row in found.page.rows]) == (False, grey)
    one = make_places(REPORT, NAMES, {"q": f"ПРОЕКТ {grey[0]}"})
    assert [row["project"].number for row in one.page.rows] == [grey[0]]


@pytest.mark.parametrize(
    ("place", "lo", "hi", "outside"), [(4, 4, 9, False), (3, 4, 9, True), (10, 4, 9, True), (3, None, None, False)]
)
def test_an_official_place_may_be_outside_the_likely_ones(
    place: int, lo: int | None, hi: int | None, outside: bool
) -> None:
    assert is_outside(replace(REPORT.projects[0], panel_place=place, lo=lo, hi=hi)) is outside


def test_experts_stand_from_the_strictest_on_and_the_unknown_last() -> None:
    names = [row["expert"].email.partition("@")[0] for row in make_experts(REPORT, NAMES, {}).page.rows]
    assert names == ["gromov", "ershov", "denisova", "zhukova", "belova", "ilyin", "kiseleva", "lapin"]


@pytest.mark.parametrize(
    ("args", "names"),
    [
        ({"kind": "stricter"}, ["gromov"]),
        ({"kind": "more_generous"}, ["belova"]),
        ({"kind": "flagged"}, ["ershov"]),
        ({"kind": "few"}, ["ilyin", "kiseleva", "lapin"]),
        ({"q": "жукова мария"}, ["zhukova"]),
        ({"kind": "drop table"}, ["gromov", "ershov", "denisova", "zhukova", "belova", "ilyin", "kiseleva", "lapin"]),
    ],
)
def test_experts_are_filtered(args: dict[str, str], names: list[str]) -> None:
    rows = make_experts(REPORT, NAMES, args).page.rows
    assert [row["expert"].email.partition("@")[0] for row in rows] == names


def test_the_spread_is_inside_one_panel() -> None:
    found = spread(REPORT.experts)
    assert found is not None
    assert (round(found["points"], 2), found["strictest"].name, found["most_generous"].name, found["sure"]) == (
        5.5, "Громов Илья Петрович", "Белова Анна Сергеевна", 2,
    )  # fmt: skip
    assert spread([item for item in REPORT.experts if item.severity is None]) is None


def test_the_parts_of_the_differences_are_shares_of_their_sum() -> None:
    assert [said for _, said, _ in parts_of(REPORT.panels[0])] == ["80,3\u00a0%", "6,8\u00a0%", "12,9\u00a0%"]
    assert parts_of(REPORT.panels[1]) == []


def test_the_map_shows_the_most_deviating_experts_first_and_the_largest_deviations_on_top_of_the_list() -> None:
    report = replace(REPORT, cells=tuple(cell for cell in REPORT.cells if cell.expert not in SIDE))
    found = make_residuals(report, NAMES, {})
    assert found.columns.rows[0].email == sample.email("ershov")
    sizes = [abs(line["cell"].residual) for line in found.lines.rows]
    assert sizes == sorted(sizes, reverse=True)
    assert found.of == len(report.cells)
    cells = [cell for row in found.rows.rows for cell in row["cells"] if cell]
    assert len(cells) == len(report.cells)


def test_one_expert_brings_along_whoever_judged_the_same_projects() -> None:
    found = make_residuals(REPORT, NAMES, {"expert": str(ERSHOV)})
    judged = {cell.number for cell in REPORT.cells if cell.expert == sample.email("ershov")}
    met = {cell.expert for cell in REPORT.cells if cell.number in judged}
    assert found.chosen is not None
    assert found.columns.rows[0].email == found.chosen.email == sample.email("ershov")
    assert {column.email for column in found.columns.rows} == met
    assert {row["number"] for row in found.rows.rows} == judged
    assert {line["cell"].expert for line in found.lines.rows} == {sample.email("ershov")}


@pytest.mark.parametrize("asked", ["", "0", "x", "101x"])
def test_an_expert_who_is_not_there_is_everybody(asked: str) -> None:
    found = make_residuals(REPORT, NAMES, {"expert": asked})
    assert (found.chosen, found.of) == (None, len(REPORT.cells))


def test_without_reviews_to_compare_the_map_is_empty() -> None:
    found = make_residuals(replace(REPORT, cells=()), NAMES, {})
    assert (found.of, found.rows.total, found.lines.total, found.columns.total) == (0, 0, 0, 0)


@pytest.mark.parametrize(
    ("alpha", "key"),
    [(1.0, "high"), (0.8, "high"), (0.79, "fair"), (0.6, "fair"), (0.59, "low"), (0.4, "low"), (0.39, "none"),
     (-1.0, "none")],
)  # fmt: skip
def test_agreement_has_levels(alpha: float, key: str) -> None:
    level = level_of(alpha)
    assert level is not None
    assert level.key == key


def test_criteria_say_where_experts_differ() -> None:
    found = make_criteria(REPORT, {})
    assert (found.differing, found.known, found.of, found.with_kendall, found.drawn) == (
        ["К2", "К3"], 3, 4, False, True,
    )  # fmt: skip
    assert [(row["alpha"], row["mean"]) for row in found.rows] == [
        ("0,71", "89\u00a0%"), ("0,66", "86\u00a0%"), ("0,41", "69\u00a0%"), ("0,12", "31\u00a0%"), ("", ""),
    ]  # fmt: skip


def test_scenarios_show_what_changes_the_winners_and_all_on_demand() -> None:
    assert REPORT.sensitivity is not None
    found = make_scenarios(REPORT, REPORT.sensitivity, NAMES, {})
    everything = make_scenarios(REPORT, REPORT.sensitivity, NAMES, {"view": "all"})
    assert (found.changing, found.page.total, everything.page.total, found.checked) == (3, 3, 13, 13)
    assert [row["contested"].crossings for row in found.contested] == [3, 3, 1]
    aggregate = make_scenarios(REPORT, REPORT.sensitivity, NAMES, {"kind": "aggregate"})
    assert [row["scenario"].kind for row in aggregate.page.rows] == [ScenarioKind.AGGREGATE]


def test_where_nothing_changes_the_winners_all_scenarios_are_shown() -> None:
    calm = Sensitivity((Scenario(ScenarioKind.WEIGHT, "К1", 10),), (), ())
    found = make_scenarios(REPORT, calm, NAMES, {})
    assert (found.everything, found.page.total, found.contested) == (True, 1, [])


def test_who_crosses_is_listed_up_to_a_bound() -> None:
    rows = numbered(200, 50).projects
    many = Sensitivity((), (), tuple(Contested(item.number, item.winner, 1) for item in rows))
    found = make_scenarios(replace(REPORT, projects=rows), many, NAMES, {})
    assert (len(found.contested), found.hidden) == (60, 140)


def test_where_nearly_all_marks_are_the_same_experts_are_not_said_to_differ() -> None:
    """35 of 36 marks are alike: the coefficient is 0 by its own arithmetic, the words are not those of discord."""
    alike = CriterionAgreement("E1", "Комплектность", 12, 36, alpha=0.0)
    apart = CriterionAgreement("E2", "Проработанность", 12, 36, alpha=0.0)
    report = replace(REPORT, agreement=(alike, apart))
    found = make_criteria(report, {"E1": (35, 36), "E2": (12, 36)})
    assert [row["level"].key for row in found.rows] == ["uniform", "none"]
    assert (found.differing, found.known, found.uniform) == (["E2"], 2, True)
