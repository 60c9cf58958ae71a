"""The language of a form's rules: what it says of wrong rules, what right ones give, and that these never fail."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging.domain.expressions import BadExpression, Figure, Kind, Type, compile_expression, compile_message
from judging.domain.expressions.types import DATE, MONEY, NUMBER, TEXT, YES
from judging.domain.expressions.values import rounded, total, written

STAGES = Type(Kind.TABLE, columns=(("name", TEXT), ("till", DATE), ("cost", MONEY), ("weight", NUMBER)))
REGION = Type(Kind.CHOICE, options=("77", "78"))
FIELDS = {
    "total_cost": MONEY,
    "own_funds": MONEY,
    "requested": MONEY,
    "cap": MONEY,
    "jobs": NUMBER,
    "rate": NUMBER,
    "ends_on": DATE,
    "title": TEXT,
    "has_support": YES,
    "region": REGION,
    "stages": STAGES,
}
ROUBLE = 100


def value(text: str, row: dict[str, Any] | None = None, **answers: Any) -> Any:
    columns = dict(STAGES.columns) if row is not None else None
    return compile_expression(text, FIELDS, row=columns).evaluate({**answers, "row": row})


@pytest.mark.parametrize(
    ("text", "answers", "expected"),
    [
        ("1 + 2 * 3 - 4 / 8", {}, Fraction(13, 2)),
        ("-(2 - 5) * 2", {}, 6),
        ("0.1 + 0.2 == 0.3", {}, True),
        ("not 1 == 2 and 2 < 3 or 1 > 2", {}, True),
        ("150 000 000 ₽", {}, 15_000_000_000),
        ("1.5 млн ₽ == 1 500 000.00 ₽", {}, True),
        (
            "own_funds + requested == total_cost",
            {"own_funds": 4999500, "requested": 5000500, "total_cost": 10**7},
            True,
        ),
        ("share(own_funds, total_cost) >= 50", {"own_funds": 4999500, "total_cost": 10**7}, False),
        ("sum(stages.cost)", {"stages": [{"cost": 3333}, {"cost": 3333}, {"cost": 3334}]}, 10000),
        ("sum(stages.cost)", {"stages": []}, 0),
        ("count(stages)", {"stages": [{}, {"cost": 1}]}, 2),
        ("count(stages.cost)", {"stages": [{}, {"cost": 1}]}, 1),
        ("least(stages.till)", {"stages": [{"till": date(2027, 3, 1)}, {"till": date(2026, 3, 1)}]}, date(2026, 3, 1)),
        ("greatest(jobs, rate, 7)", {"jobs": 3, "rate": Decimal("6.5")}, 7),
        ("distinct(stages.name)", {"stages": [{"name": "А"}, {"name": "Б"}, {"name": "А"}]}, False),
        ("distinct(stages.name)", {"stages": [{"name": "А"}, {}, {}]}, True),
        ("within(jobs, 1, 10)", {"jobs": 10}, True),
        ("round(share(own_funds, total_cost), 2)", {"own_funds": 1, "total_cost": 3}, Fraction(3333, 100)),
        ('months(date("2027-01-31"), ends_on)', {"ends_on": date(2027, 2, 28)}, 0),
        ('months(date("2027-01-31"), ends_on)', {"ends_on": date(2028, 1, 31)}, 12),
        ('region in ("77", "78")', {"region": "78"}, True),
        ('title == "Кронштейны"', {"title": "Кронштейны"}, True),
        ("filled(title)", {"title": ""}, False),
        ("filled(has_support)", {"has_support": False}, True),
        ("filled(stages)", {"stages": []}, False),
    ],
)
def test_values_are_exact(text: str, answers: dict[str, Any], expected: Any) -> None:
    assert value(text, **answers) == expected


def test_in_a_row_the_columns_are_at_hand() -> None:
    assert value("row.till <= ends_on", {"till": date(2028, 9, 1)}, ends_on=date(2028, 8, 31)) is False


@pytest.mark.parametrize(
    ("text", "answers", "expected"),
    [
        ("jobs + 1 > 0", {}, None),
        ("rate / jobs", {"rate": 1, "jobs": 0}, None),
        ("share(own_funds, total_cost) > 1", {"own_funds": 1, "total_cost": 0}, None),
        ("sum(stages.cost) == total_cost", {"stages": [{"cost": 1}, {"cost": None}], "total_cost": 1}, None),
        ("least(stages.cost)", {"stages": []}, None),
        ("has_support", {}, None),
        ("not has_support", {}, None),
        ("has_support or jobs > 1", {"jobs": 2}, True),
        ("has_support and jobs > 1", {"jobs": 1}, False),
        ("has_support or jobs > 1", {"jobs": 1}, None),
        ('region in ("77", "78")', {}, None),
        ("filled(jobs) and jobs > 1", {}, False),
    ],
)
def test_what_is_not_answered_is_unknown_and_so_is_what_depends_on_it(
    text: str, answers: dict[str, Any], expected: Any
) -> None:
    assert value(text, **answers) is expected


@pytest.mark.parametrize(
    ("text", "at", "said"),
    [
        ("jobs > 1 ?", 9, "“?” has no meaning in a rule"),
        ('title == "А', 9, "The text has no closing quotation mark"),
        ("jobs >", 6, "The rule ends too early; a value is expected"),
        ("jobs > )", 7, "“)” cannot stand here; a value is expected"),
        ("jobs rate", 5, "“rate” cannot stand here; an operator is expected"),
        ("1 < jobs < 5", 9, "One comparison at a time: join two with “and”"),
        ("(jobs > 1", 9, "The rule ends too early; “)” is expected"),
        ("stages. > 1", 8, "“>” cannot stand here; the name of a column is expected"),
        ("jobz > 1", 0, "There is no field “jobz” that this rule may name"),
        ("sum(stages.price)", 4, "“stages” has no column “price”"),
        ("jobs.cost > 1", 0, "“jobs” is no table and has no columns"),
        ("row.cost > 1 ₽", 0, "“row” is known only in the checks of a table's rows"),
        ("total(jobs)", 0, "There is no function “total”"),
        ("sum(jobs)", 0, "sum takes a column of numbers or money"),
        ("round(rate, jobs)", 0, "round takes a number and how many decimals, 0 to 6"),
        ("requested <= 150000000", 13, "A sum of money carries its unit: 150 000 000 ₽ or 150 млн ₽"),
        ("requested + jobs", 10, "a sum of money and a number cannot be put together by “+”"),
        ("ends_on > requested", 8, "a date and a sum of money cannot be put together by “>”"),
        ("jobs and has_support", 0, "Here a yes or no is expected, not a number"),
        ("title < title", 0, "a text has no order: compare it by == or !="),
        ('region == "99"', 10, "“99” is no option; there are: 77, 78"),
        ("jobs / 0", 7, "This divides by nought"),
        ('date("31.12.2027")', 5, "“31.12.2027” is no date: write it as 2027-12-31"),
        ('date("20271231")', 5, "“20271231” is no date: write it as 2027-12-31"),
        ('date("2027-W10-1")', 5, "“2027-W10-1” is no date: write it as 2027-12-31"),
        ('date("2027-02-29")', 5, "“2027-02-29” is no date: write it as 2027-12-31"),
        ("round(rate, 0.02 ₽)", 0, "round takes a number and how many decimals, 0 to 6"),
        ("-title", 1, "Here a number is expected, not a text"),
        ("(" * 51 + "1" + ")" * 51, 51, "The rule is nested too deeply"),
        ("1" + " + 1" * 60, 202, "The rule is nested too deeply"),
        ("1" * 501, 500, "A rule has at most 500 characters"),
    ],
)
def test_every_fault_names_its_character(text: str, at: int, said: str) -> None:
    with pytest.raises(BadExpression) as found:
        compile_expression(text, FIELDS)
    assert (found.value.at, str(found.value)) == (at, said)


def test_a_rule_must_have_the_type_that_its_place_wants() -> None:
    with pytest.raises(BadExpression, match="Here a yes or no is expected, not a number"):
        compile_expression("jobs + 1", FIELDS, wanted=YES)


def test_a_rule_says_which_fields_it_depends_on() -> None:
    rule = compile_expression("sum(stages.cost) == total_cost or has_support", FIELDS)
    assert rule.names == {"stages", "total_cost", "has_support"}


def shown(part: str | Figure) -> str:
    if isinstance(part, str):
        return part
    return str(written(part.value, part.places) if isinstance(part.value, Fraction) else part.value)


def filled(message: str, rule: str, **answers: Any) -> list[str]:
    bounds = [bound(answers) for bound in compile_expression(rule, FIELDS).bounds]
    return [shown(part) for part in compile_message(message, FIELDS).fill(answers, bounds)]


def test_a_figure_is_not_rounded_into_the_bound_that_it_misses() -> None:
    rule = "share(own_funds, total_cost) >= 50"
    said = "Только {share(own_funds, total_cost)} %"
    assert filled(said, rule, own_funds=4_999_500, total_cost=10**7) == ["Только ", "49.995", " %"]
    assert filled(said, rule, own_funds=1, total_cost=3) == ["Только ", "33.33", " %"]
    assert filled(said, rule, own_funds=2_499_999, total_cost=5_000_001) == ["Только ", "49.99997", " %"]
    assert filled(said, rule, own_funds=1, total_cost=4) == ["Только ", "25", " %"]


def test_a_message_shows_sums_dates_and_what_is_unknown() -> None:
    message = "{total_cost - own_funds}, {ends_on}, {title}."
    said = filled(message, "has_support", total_cost=1050, own_funds=1000, ends_on=date(2027, 3, 1))
    assert said == ["0.5", ", ", "2027-03-01", ", ", "None", "."]


@pytest.mark.parametrize(
    ("message", "at", "said"),
    [
        ("Всего {jobs", 6, "“{” has no closing “}”"),
        ("Всего {jobs + }", 14, "The rule ends too early; a value is expected"),
        ("Да {has_support}", 4, "a yes or no cannot be shown in a message"),
    ],
)
def test_a_message_is_typed_too(message: str, at: int, said: str) -> None:
    with pytest.raises(BadExpression) as found:
        compile_message(message, FIELDS)
    assert (found.value.at, str(found.value)) == (at, said)


NUMBERS = st.recursive(
    st.sampled_from(
        ["jobs", "rate", "2", "0.5", "count(stages)", "sum(stages.weight)", "share(own_funds, total_cost)"]
    ),
    lambda parts: st.one_of(
        st.builds("({} {} {})".format, parts, st.sampled_from("+-*"), parts),
        st.builds("({} / ({} - 3))".format, parts, parts),
        st.builds("-{}".format, parts),
        st.builds("round({}, 2)".format, parts),
        st.builds("least({}, {})".format, parts, parts),
    ),
    max_leaves=8,
)
CONDITIONS = st.recursive(
    st.one_of(
        st.builds("{} {} {}".format, NUMBERS, st.sampled_from(["==", "!=", "<", "<=", ">", ">="]), NUMBERS),
        st.sampled_from(
            ["has_support", "filled(title)", 'region == "77"', "within(jobs, 1, rate)", "distinct(stages.name)"]
        ),
    ),
    lambda parts: st.one_of(
        st.builds("({} and {})".format, parts, parts),
        st.builds("({} or {})".format, parts, parts),
        st.builds("not ({})".format, parts),
    ),
    max_leaves=4,
)
MAYBE = st.none() | st.integers(-5, 5)
ANSWERS = st.fixed_dictionaries(
    {
        "jobs": MAYBE,
        "rate": st.none() | st.decimals(-9, 9, places=2),
        "own_funds": MAYBE,
        "total_cost": MAYBE,
        "title": st.sampled_from([None, "", "А"]),
        "has_support": st.sampled_from([None, True, False]),
        "region": st.sampled_from([None, "77", "78"]),
        "stages": st.none()
        | st.lists(st.fixed_dictionaries({"name": st.sampled_from([None, "А"]), "weight": MAYBE}), max_size=3),
    }
)


@given(CONDITIONS.filter(lambda text: len(text) <= 500), ANSWERS)
def test_a_rule_that_was_typed_never_fails(text: str, answers: dict[str, Any]) -> None:
    assert compile_expression(text, FIELDS, wanted=YES).evaluate(answers) in (True, False, None)


@given(CONDITIONS.filter(lambda text: len(text) <= 500), ANSWERS, st.data())
def test_to_answer_more_never_turns_a_decision_round(text: str, answers: dict[str, Any], data: st.DataObject) -> None:
    """What holds or does not while something is unknown is so whatever is answered: but for ``filled`` itself."""
    rule = compile_expression(text.replace("filled(title)", "has_support"), FIELDS)
    fewer = {name: None if data.draw(st.booleans()) else answer for name, answer in answers.items()}
    before, after = rule.evaluate(fewer), rule.evaluate(answers)
    assert before is None or before is after


@given(st.fractions(), st.integers(0, 6))
def test_rounding_is_half_up_and_exact(number: Fraction, places: int) -> None:
    near = rounded(number, places)
    assert abs(near - number) * 2 * 10**places <= 1
    if abs(near - number) * 2 * 10**places == 1:
        assert abs(near) > abs(number)
    assert Fraction(written(number, places)) == near


@given(st.text(alphabet='jobs stages.cost+-*/<>=!(),"₽0123млн orandt', max_size=60))
def test_any_text_is_a_rule_or_a_fault_at_one_of_its_characters(text: str) -> None:
    fault = None
    try:
        compile_expression(text, FIELDS)
    except BadExpression as found:
        fault = found
    assert fault is None or (0 <= fault.at <= len(text) and "%(" not in str(fault))


@given(st.lists(st.fractions() | st.integers(-(10**15), 10**15).map(Fraction)))
def test_a_sum_is_exact_whatever_is_added_up(numbers: list[Fraction]) -> None:
    assert total(numbers) == sum(numbers, Fraction(0))
