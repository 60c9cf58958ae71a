"""What tables and the workbook tell of richer score sheets; the formulas are recalculated beside the others."""

from dataclasses import replace
from decimal import Decimal
from io import BytesIO

import openpyxl

from judging.domain.record import AgreedReview, Cluster, ContestRecord, Organisation, PanelDecision, PanelVerdict
from judging.domain.rubric import BelowPass
from judging.domain.rules import AgreedScore
from judging.domain.sheet_rules import Audience, Confidence, SheetRules
from judging.exports.tables import marks_table, reviews_table, spread_table
from judging.exports.workbook import ranked_workbook
from judging.exports.workbook.comparing import compare_workbook
from tests.domain.records import START, application, expert_criterion, review, rules, terms
from tests.exports.conftest import export_of

CRITERIA = (
    expert_criterion(
        "E1", group="Рынок", may_abstain=True, pass_mark=Decimal(6), below_pass=BelowPass.PANEL, required=True
    ),
    expert_criterion("E2", "30", group="Рынок", required=False),
)


def record() -> ContestRecord:
    """Three applications: judged with an abstention, before the panel, with an agreed score."""
    contest = terms(
        *CRITERIA,
        rules=rules(experts_per_application=1, agreed_score=AgreedScore.COUNTS),
        sheet=SheetRules(audiences=(Audience.APPLICANT,), groups=True),
    )
    reviews = (
        review("a", "1", {"E2": "8"}, abstained=frozenset({"E1"}), confidence=Confidence.LOW,
               comments={"group:Рынок": "Рынок не описан"}, to_applicant={"E2": "Уточните спрос"}),
        review("b", "1", {"E1": "9", "E2": "6"}),
        review("c", "1", {"E1": "1", "E2": "1"}, set_aside="Ошибка"),
        review("a", "2", {"E1": "5", "E2": "10"}),
        review("b", "2", {}, in_scope=False, scope_reason="Не наш профиль"),
        review("a", "3", {"E1": "0", "E2": "0"}),
    )  # fmt: skip
    applications = (
        application("1"), application("2", panel=PanelDecision(PanelVerdict.PASS, "Протокол № 3")), application("3"),
    )  # fmt: skip
    agreed = AgreedReview("a@example.org", "3", START, {"E1": Decimal(7), "E2": Decimal(7)}, "Сошлись")
    owner, cluster = Organisation("0000001004", "1", "ООО", "77"), Cluster("K", "Кластер", "77", "", "0000001004", ())
    return ContestRecord(contest, (owner,), (cluster,), applications, (), (), reviews, (agreed,))


def rows(book: openpyxl.Workbook, name: str) -> list[tuple[object, ...]]:
    return [tuple(cell.value for cell in row) for row in book[name].iter_rows(min_row=2)]


def test_the_marks_tell_abstentions_words_for_the_applicant_and_comments_on_groups():
    table = marks_table(export_of(record()))
    assert table.headings[-2:] == ("Комментарий заявителю", "Уверенность")
    told = [(row[0], row[1], row[2], row[3], row[4], row[7], row[8], *row[9:]) for row in table.rows]
    first = {(row[0], row[1], row[2]): row[3:] for row in told}
    assert first["1", "a@example.org", "E1"] == (None, None, "да", "", None, "низкая")
    assert first["1", "a@example.org", "E2"] == (Decimal(8), None, "да", "", "Уточните спрос", "низкая")
    assert first["1", "c@example.org", "E1"][2:4] == ("нет", "Исключена организатором: Ошибка")
    assert first["2", "b@example.org", "E1"][2:4] == ("нет", "Не по профилю конкурса: Не наш профиль")
    assert first["3", "a@example.org", "E1"][2:4] == ("нет", "Учтена согласованная оценка")
    assert first["3", "a@example.org (согласованная оценка)", "E1"][:4] == (Decimal(7), None, "да", "Сошлись")
    assert told[-1] == ("1", "a@example.org", "Группа: Рынок", None, "Рынок не описан", "да", "", None, None)


def test_totals_of_reviews_are_scaled_up_and_statistics_leave_the_agreed_score_out():
    totals = {(row[0], row[1]): row[7] for row in reviews_table(export_of(record())).rows}
    assert (totals["1", "a@example.org"], totals["1", "b@example.org"]) == (Decimal("32.00"), Decimal("27.00"))
    whole = {row[0]: row[3] for row in spread_table(export_of(record())).rows if row[2] == "Итог эксперта"}
    assert whole == {"1": 2, "2": 1, "3": 0}


def test_the_workbook_tells_the_rules_and_the_panels_decision():
    export = export_of(record())
    content = ranked_workbook(export)
    book = openpyxl.load_workbook(BytesIO(content))
    assert compare_workbook(BytesIO(content), export) == ()
    assert [cell.value for cell in book["Рейтинг"][1]][-1] == "Решение комиссии"
    assert {row[1]: row[-1] for row in rows(book, "Рейтинг")} == {"1": "—", "2": "допустить", "3": "—"}
    assert rows(book, "Комментарии к группам") == [("1", "a@example.org", "Рынок", "Рынок не описан", "—")]
    assert [row[-4:] for row in rows(book, "Критерии")] == [
        ("баллы", "да", "да", "решает комиссия"), ("баллы", "нет", "нет", "—"),
    ]  # fmt: skip
    method = dict(rows(book, "Методика"))
    assert "E1" in method["Не могу оценить"]
    assert "E2" in method["Необязательные критерии"]
    assert "вместо экспертиз" in method["Согласованная оценка"]
    assert "Решение комиссии" in method["Порог пройден"]
    assert "кроме решения комиссии" in method["Что не пересчитывается"]


def test_a_contest_without_any_of_it_has_neither_columns_nor_sheets_more():
    plain = record()
    bare = tuple(
        replace(item, group="", may_abstain=False, required=True, below_pass=BelowPass.REJECT) for item in CRITERIA
    )
    old = replace(
        plain,
        contest=replace(plain.contest, criteria=bare, sheet=SheetRules(), rules=rules(experts_per_application=1)),
        reviews=(review("a", "1", {"E1": "7", "E2": "7"}), review("a", "2", {"E1": "8", "E2": "8"})),
        applications=tuple(replace(item, panel=None) for item in plain.applications),
        agreed=(),
    )  # fmt: skip
    book = openpyxl.load_workbook(BytesIO(ranked_workbook(export_of(old))))
    assert "Комментарии к группам" not in book.sheetnames
    assert len(book["Рейтинг"][1]) == 18
    assert len(book["Критерии"][1]) == 12
    assert len(marks_table(export_of(old)).headings) == 9
