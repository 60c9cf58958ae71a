"""Every ready sentence writes a rule that is read back as the same sentence; the rules of ПП 41 are such sentences."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import judging.data
from judging.adapters.forms import read_form
from judging.domain.expressions import Kind
from judging.domain.sentences import (
    Compares,
    Condition,
    Conditions,
    Holds,
    Literal,
    Months,
    Once,
    Ready,
    Rows,
    Share,
    Sign,
    Sums,
    Within,
    plainest,
    read_conditions,
    read_sentence,
    write_conditions,
    write_sentence,
)
from judging.domain.sentences.conditions import BARE, COMPARING, COUNTING

codes = st.sampled_from(["a", "own_funds", "stages", "requested", "cap"])
plain = st.one_of(codes, st.sampled_from(["row.till", "row.cost"]))
columns = st.sampled_from(["stages.cost", "years.own"])
references = st.one_of(plain, columns)
totals = st.lists(references, min_size=1, max_size=4).map(tuple)
numbers = (
    st.integers(-(10**9), 10**9)
    .map(lambda n: Decimal(n).scaleb(-3).normalize() + 0)
    .map(lambda n: Decimal(format(n, "f")))
)
literals = st.one_of(
    numbers.map(lambda value: Literal(Kind.NUMBER, value)),
    st.integers(-(10**12), 10**15).map(lambda kopecks: Literal(Kind.MONEY, kopecks)),
    st.dates(date(1900, 1, 1)).map(lambda day: Literal(Kind.DATE, day)),
    st.text(st.characters(exclude_characters='"', exclude_categories=["Cs"]), max_size=20).map(
        lambda text: Literal(Kind.TEXT, text)
    ),
)
operands = st.one_of(references, literals)
comparing = st.sampled_from(COMPARING)
counts = st.integers(0, 500)
whole_numbers = counts.map(lambda number: Literal(Kind.NUMBER, Decimal(number)))
rows = st.one_of(
    st.builds(Condition, references, st.sampled_from(BARE)),
    st.builds(Condition, references, comparing, st.tuples(operands)),
    st.builds(Condition, references, st.just(Sign.AMONG), st.lists(literals, min_size=1, max_size=3).map(tuple)),
    st.builds(Condition, codes, st.sampled_from(list(COUNTING)), st.tuples(whole_numbers)),
)
conditions = st.one_of(
    rows.map(lambda row: Conditions((row,))),
    st.builds(Conditions, st.lists(rows, min_size=2, max_size=4).map(tuple), st.sampled_from(["and", "or"])),
)
sentences = st.one_of(
    st.builds(Sums, totals, comparing, operands),
    st.builds(Compares, plain, comparing, operands),
    st.builds(Share, totals, comparing, numbers, totals),
    st.builds(Within, references, operands, operands),
    st.builds(Once, columns),
    st.builds(Rows, codes, comparing, counts),
    st.builds(Months, plain, plain, comparing, counts),
    st.builds(Holds, conditions),
)


@given(conditions)
def test_conditions_are_read_back_from_their_rule(given_rows: Conditions) -> None:
    assert read_conditions(write_conditions(given_rows)) == given_rows


@given(sentences, st.none() | conditions)
def test_a_sentence_is_read_back_from_its_rule(sentence: object, only_when: Conditions | None) -> None:
    ready = plainest(Ready(sentence, only_when))  # type: ignore[arg-type]  # the strategies build every sentence
    assert read_sentence(write_sentence(ready)) == ready
    assert plainest(ready) == ready


@pytest.mark.parametrize(
    ("ready", "rule"),
    [
        (Ready(Sums(("own_funds", "loans", "years.sum"), Sign.EQUAL, "total_cost")),
         "own_funds + loans + sum(years.sum) == total_cost"),
        (Ready(Sums(("stages.cost",), Sign.AT_MOST, Literal(Kind.MONEY, 150_000_000_50))),
         "sum(stages.cost) <= 150 000 000.50 ₽"),
        (Ready(Share(("requested",), Sign.AT_MOST, Decimal(50), ("costs.amount",))),
         "share(requested, sum(costs.amount)) <= 50"),
        (Ready(Compares("ends_on", Sign.ABOVE, Literal(Kind.DATE, date(2027, 12, 31)))),
         'ends_on > date("2027-12-31")'),
        (Ready(Compares("row.till", Sign.AT_MOST, "ends_on")), "row.till <= ends_on"),
        (Ready(Once("partners.organisation")), "distinct(partners.organisation)"),
        (Ready(Rows("partners", Sign.AT_LEAST, 2)), "count(partners) >= 2"),
        (Ready(Months("starts_on", "ends_on", Sign.AT_MOST, 60)), "months(starts_on, ends_on) <= 60"),
        (Ready(Holds(Conditions((Condition("a", Sign.FILLED), Condition("b", Sign.YES)), "or")),
               Conditions((Condition("powers", Sign.EQUAL, (Literal(Kind.TEXT, "attorney"),)),))),
         'not (powers == "attorney") or (filled(a) or b)'),
        (Ready(Within("jobs", Literal(Kind.NUMBER, Decimal(1)), Literal(Kind.NUMBER, Decimal("99.5")))),
         "within(jobs, 1, 99.5)"),
    ],
)  # fmt: skip
def test_what_a_sentence_writes(ready: Ready, rule: str) -> None:
    assert (write_sentence(ready), read_sentence(rule)) == (rule, ready)


@pytest.mark.parametrize(
    "rule",
    [
        "a * 2 == b", "a - b == c", "round(a, 2) == b", "share(a, b) <= c", "a == b and (c == d or e == f)",
        "a and (b and c)", "5 <= a", "distinct(row.a)", "count(a.b) >= 1", "months(a, b) <= 1.5", "0.001 ₽ == a",
        "a in (b, 1)", "a + 1 == b", "a ==", "", "length(a) > 5",
    ],
)  # fmt: skip
def test_a_rule_that_no_sentence_fits_is_none(rule: str) -> None:
    assert (read_sentence(rule), read_conditions(rule)) == (None, None)


def test_every_check_of_pp41_is_a_ready_sentence() -> None:
    form = read_form((Path(judging.data.__path__[0]) / "form-pp41.json").read_bytes())
    rules = [check.rule for check in form.checks]
    rules += [check.rule for field in form.fields() for check in field.row_checks]
    assert [rule for rule in rules if read_sentence(rule) is None] == []
