"""What the answers to a form lack, what is shown, and what is computed."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from judging.domain.errors import Refused
from judging.domain.expressions import Figure
from judging.domain.forms.compiling import compile_form
from judging.domain.forms.environment import Circumstances
from judging.domain.forms.findings import FormFinding, form_findings
from judging.domain.forms.looking import look
from tests.forms import NOW, TODAY, answers, document, field, read, sample


def found(**changed: Any) -> list[tuple[str, bool, str]]:
    """(path, stop, message with its figures in brackets) of every finding."""
    compiled = sample()
    return [
        (one.path, one.stop, words(one)) for one in form_findings(compiled, look(compiled, answers(**changed), NOW))
    ]


def words(finding: FormFinding) -> str:
    return "".join(part if isinstance(part, str) else shown(part) for part in finding.parts) or finding.message


def shown(figure: Figure) -> str:
    value = figure.value
    return f"[{float(value):.{figure.places}f}]" if isinstance(value, Fraction) else f"[{value}]"


def fault_list(raw: dict[str, Any]) -> list[tuple[str, int | None]]:
    with pytest.raises(Refused) as refusal:
        compile_form(read(raw))
    return [(fault.path, getattr(fault, "at", None)) for fault in refusal.value.faults]


def test_whole_answers_lack_nothing() -> None:
    assert found() == []


def test_no_answers_at_all_lack_what_is_required_and_no_check_speaks() -> None:
    compiled = sample()
    lacking = [(one.path, one.stop) for one in form_findings(compiled, look(compiled, {}, NOW))]
    assert lacking == [
        ("title", True), ("initiator", True), ("topics", True), ("ends_on", True), ("stages", True),
        ("total_cost", True), ("own_funds", True), ("has_support", True), ("requested", True),
        ("passport", True), ("truth", True),
    ]  # fmt: skip


def test_a_share_just_below_its_bound_is_not_told_as_the_bound() -> None:
    assert found(total_cost=100_000_00, own_funds=49_995_00, requested=50_005_00, stages=stages(100_000_00)) == [
        ("private_share", True, "Доля [49.995] % меньше 50 %")
    ]


def test_the_stages_of_a_third_each_add_up_to_the_kopeck() -> None:
    assert found(stages=stages(33_33, 33_33, 33_34)) == []
    assert found(stages=stages(33_33, 33_33, 33_33)) == [("stages", True, "Этапы не сходятся со стоимостью")]


def stages(*costs: int) -> tuple[dict[str, Any], ...]:
    return tuple({"name": f"Этап {cost}", "till": date(2027, 3, 31), "cost": cost} for cost in costs)


def test_a_hidden_answer_stays_in_the_draft_and_does_not_count() -> None:
    compiled = sample()
    kept = answers(has_support=False, other_budget=5_000_000_00)
    seen = look(compiled, kept, NOW)
    assert ("other_budget" in seen.shown, seen.environment["other_budget"]) == (False, 0)
    assert form_findings(compiled, seen) == ()
    again = look(compiled, {**kept, "has_support": True}, NOW)
    assert ("other_budget" in again.shown, again.environment["other_budget"]) == (True, 5_000_000_00)


def test_what_a_hidden_field_shows_is_hidden_with_it() -> None:
    raw = document()
    raw["sections"][1]["fields"][3:4] = [
        field("b", "yes", "B", shown_when="has_support"),
        field("c", "yes", "C", shown_when="b"),
        field("other_budget", "money", "Иные средства", shown_when="c"),
    ]
    compiled = compile_form(read(raw))
    held = {"b": True, "c": True}
    assert sorted({"b", "c", "other_budget"} & look(compiled, answers(**held, has_support=False), NOW).shown) == []
    assert sorted({"b", "c", "other_budget"} & look(compiled, answers(**held, has_support=True), NOW).shown) == [
        "b", "c", "other_budget",
    ]  # fmt: skip


@pytest.mark.parametrize("total", [None, 0])
def test_a_share_of_nothing_is_unknown_and_only_the_question_is_asked_again(total: int | None) -> None:
    compiled = sample()
    seen = look(compiled, answers(total_cost=total, own_funds=0, requested=0, stages=stages(0)), NOW)
    assert seen.computed("private_share") is None
    assert [one.path for one in form_findings(compiled, seen)] == (["total_cost"] if total is None else [])


def test_every_limit_is_told_beside_its_field() -> None:
    raw = document()
    raw["sections"][0]["fields"] += [
        field("plan", "choices", "План", options=[{"code": "a", "label": "А"}]),
        field("half", "number", "Доля", decimals=2, max="100"),
    ]
    compiled = compile_form(read(raw))
    given = answers(
        title="я" * 301, ends_on=date(2041, 1, 1), jobs=Decimal("-1.5"), plan=("a", "b"), half=Decimal("100.005"),
        partners=({"organisation": "", "role": "cook", "contribution": "я" * 1001},),
        stages=({"name": "", "till": date(2042, 1, 1), "cost": 100_00},),
        passport=("1.pdf", "2.pdf", "3.pdf"), requested=50_00,
    )  # fmt: skip
    told = [
        (one.path, words(one), one.params.get("over")) for one in form_findings(compiled, look(compiled, given, NOW))
    ]
    assert told == [
        ("title", "%(label)s: %(over)s characters too many", 1),
        ("partners[0].organisation", "Answer: %(label)s", None),
        ("partners[0].role", "%(label)s: what was chosen is not offered any more", None),
        ("partners[0].contribution", "%(label)s: %(over)s characters too many", 1),
        ("ends_on", "%(label)s: no more than %(bound)s", None),
        ("jobs", "%(label)s: no less than %(bound)s", None),
        ("jobs", "%(label)s: no more than %(places)s decimals", None),
        ("stages[0].name", "Answer: %(label)s", None),
        ("stages[0].till", "Этап кончается [2042-01-01], после проекта", None),
        ("plan", "%(label)s: what was chosen is not offered any more", None),
        ("half", "%(label)s: no more than %(bound)s", None),
        ("half", "%(label)s: no more than %(places)s decimals", None),
        ("passport", "%(label)s: at most %(most)s files", None),
    ]


def test_a_text_above_the_advised_length_is_a_warning_only() -> None:
    assert found(title="я" * 201) == [("title", False, "%(label)s: longer than the advised %(advised)s characters")]


def test_a_file_may_be_needed_above_a_sum_only() -> None:
    dear = {"own_funds": 60_000_000_00, "requested": 40_000_000_01, "total_cost": 100_000_000_01}
    assert found(**dear, stages=stages(100_000_000_01)) == [("estimate", True, "Upload the document: %(label)s")]


def test_a_nomination_has_parts_of_its_own() -> None:
    raw = document()
    raw["sections"][2]["nominations"] = ["large"]
    raw["sections"][0]["fields"][5] |= {"nominations": ["small"], "required": True}
    compiled = compile_form(read(raw), ["small", "large"])
    given = answers(jobs=None, passport=())

    def lacking(nomination: str) -> list[str]:
        here = Circumstances(TODAY, nomination=nomination)
        return [one.path for one in form_findings(compiled, look(compiled, given, here))]

    assert {name: lacking(name) for name in ("small", "large")} == {"small": ["jobs"], "large": ["passport"]}


def test_every_fault_of_a_form_is_told_with_its_place_and_the_character_of_the_rule() -> None:
    raw = document()
    project, finance = raw["sections"][0]["fields"], raw["sections"][1]["fields"]
    project[4]["shown_when"] = "total_cost > 0 ₽"  # stands below
    finance[5]["formula"] = "share(own_funds, ends_on)"  # money and a date
    project[5]["code"] = "title"  # twice
    finance[3]["shown_when"] = "own_funds =="
    raw["sections"][3]["code"] = "cluster"
    raw["checks"][0]["at"] = "nowhere"
    raw["checks"][1]["rule"] = "sum(stages.price) == total_cost"
    raw["checks"][2]["message"] = "Доля {share(own_funds)} %"
    project[6]["row_checks"][0]["rule"] = "row.till <= 5"
    project[6]["columns"].append(field("inner", "table", "Т", columns=[]))
    raw["checklist"][1]["rule"] = "requested"
    project.pop(3)  # topics
    assert sorted(fault_list(raw), key=str) == sorted(
        [
            ("sections", None),
            ("sections[3].code", None),
            ("sections[0].fields[4].code", None),
            ("sections[0].fields[5].columns[3].kind", None),
            ("checks[0].at", None),
            ("sections[0].fields[3].shown_when", 0),
            ("sections[1].fields[3].shown_when", 12),
            ("sections[1].fields[5].formula", 0),
            ("sections[0].fields[5].row_checks[0].rule", 9),
            ("checks[1].rule", 4),
            ("checks[2].message", 6),
            ("checklist[1].rule", 0),
        ],
        key=str,
    )


def test_reserved_fields_and_words_of_the_language_keep_their_meaning() -> None:
    raw = document()
    raw["sections"][0]["fields"][0]["code"] = "row"
    raw["sections"][0]["fields"][1]["kind"] = "text"
    raw["sections"][0]["fields"][2]["columns"].pop()
    assert fault_list(raw) == [
        ("sections[0].fields[0].code", None),
        ("sections", None),
        ("sections", None),
        ("sections[0].fields[2].columns", None),
    ]


def test_a_hint_of_the_formal_check_says_what_the_machine_saw() -> None:
    compiled = sample()
    seen = look(compiled, answers(requested=30_000_00), NOW)
    point = compiled.points[1]
    assert point.rule is not None
    note = "".join(part if isinstance(part, str) else shown(part) for part in point.note.fill(seen.environment))
    assert (point.rule.evaluate(seen.environment), note) == (False, "Запрошено [30000]")


def test_formulas_that_multiply_each_other_without_end_are_unknown_and_never_hang() -> None:
    raw = document()
    raw["sections"][1]["fields"] += [
        field("p0", "computed", "Степень", formula=" * ".join(["(total_cost / 1 ₽)"] * 20)),
        *(
            field(f"p{power}", "computed", "Степень", formula=" * ".join([f"p{power - 1}"] * 50))
            for power in range(1, 40)
        ),
    ]
    compiled = compile_form(read(raw))
    seen = look(compiled, answers(total_cost=12_345_00), NOW)
    assert (seen.computed("p0"), seen.computed("p1"), seen.computed("p39")) == (Fraction(12_345) ** 20, None, None)
    assert form_findings(compiled, seen) == form_findings(sample(), look(sample(), answers(total_cost=12_345_00), NOW))


@pytest.mark.parametrize("kind", ["computed", "table", "file", "consent", "choices", "okved"])
def test_what_cannot_be_a_column_is_told_and_nothing_else_of_it(kind: str) -> None:
    raw = document()
    settings: dict[str, Any] = {
        "computed": {"formula": "1"},
        "table": {"columns": [field("inner", "computed", "Внутри", formula="2")]},
        "file": {"extensions": ["pdf"]},
        "consent": {"text": "Да"},
        "choices": {"options": [{"code": "a", "label": "А"}]},
    }
    raw["sections"][0]["fields"][6]["columns"].append(field("odd", kind, "Странный", **settings.get(kind, {})))
    assert fault_list(raw) == [("sections[0].fields[6].columns[3].kind", None)]


def test_tables_within_tables_are_told_at_any_depth_that_can_be_read() -> None:
    inner = field("inner", "text", "Внутри")
    for _ in range(450):
        inner = field("inner", "table", "Внутри", columns=[inner])
    raw = document()
    raw["sections"][0]["fields"].append(inner)
    assert fault_list(raw) == [("sections[0].fields[7].columns[0].kind", None)]


def test_the_code_of_a_column_is_told_once() -> None:
    raw = document()
    raw["sections"][0]["fields"][6]["columns"][0]["code"] = "Этап"
    assert fault_list(raw) == [("sections[0].fields[6].columns[0].code", None)]


def test_no_field_takes_the_place_of_the_members_of_the_cluster() -> None:
    raw = document()
    raw["sections"][0]["fields"].append(field("cluster", "number", "Кластер"))
    assert fault_list(raw) == [("sections[0].fields[7].code", None)]


def test_a_form_of_which_there_is_too_much_is_told_so_and_nothing_else_is_asked() -> None:
    raw = document()
    raw["sections"][0]["fields"] += [field(f"f{number}", "text", "Ещё") for number in range(5_000)]
    raw["checks"] += [{"code": f"c{number}", "at": "none", "rule": "?", "message": "{"} for number in range(5_000)]
    raw["checklist"] *= 200
    raw["sections"][0]["fields"][6]["row_checks"] *= 201
    assert fault_list(raw) == [
        ("sections", None), ("checks", None), ("checklist", None), ("sections[0].fields[6].row_checks", None),
    ]  # fmt: skip


def test_of_very_many_faults_as_many_are_told_as_can_be_read() -> None:
    raw = document()
    options = [{"code": "same", "label": "Один и тот же"}] * 300
    raw["sections"][0]["fields"] += [field(f"f{number}", "choice", "Ещё", options=options) for number in range(3)]
    with pytest.raises(Refused) as refusal:
        compile_form(read(raw))
    assert (len(refusal.value.faults), str(refusal.value.faults[-1])) == (501, "and 397 more faults")
