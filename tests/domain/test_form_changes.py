"""What kind of change leads from one form to another, and that harmless ones are harmless."""

import copy
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from judging.domain.errors import Refused
from judging.domain.forms.changes import ChangeKind, changes_between, kind_of
from judging.domain.forms.compiling import compile_form
from judging.domain.forms.findings import form_findings
from judging.domain.forms.looking import look
from tests.forms import NOW, answers, document, field, read, sample

W, L, T = ChangeKind.WORDS, ChangeKind.LOOSER, ChangeKind.TIGHTER
Raw = dict[str, Any]


def at(raw: Raw, code: str) -> Raw:
    """The field or column of a code, in a form's file."""
    for section in raw["sections"]:
        for one in section["fields"]:
            for part in (one, *one.get("columns", ())):
                if part["code"] == code:
                    return part  # type: ignore[no-any-return]
    raise KeyError(code)


def set_at(code: str, **settings: Any) -> Callable[[Raw], None]:
    return lambda raw: at(raw, code).update(settings)


CASES: list[tuple[str, Callable[[Raw], Any], list[tuple[str, ChangeKind]]]] = [
    ("nothing", lambda raw: None, []),
    ("a label", set_at("title", label="Название"), [("project.title.label", W)]),
    ("a message", lambda raw: raw["checks"][0].update(message="Иначе"), [("check sources.message", W)]),
    ("the order", lambda raw: raw["sections"][1]["fields"].insert(0, raw["sections"][1]["fields"].pop(1)),
     [("finance (order)", W)]),
    ("the order of checks", lambda raw: raw["checks"].reverse(), [("checks (order)", W)]),
    ("the order of points", lambda raw: raw["checklist"].reverse(), [("checklist (order)", W)]),
    ("a wider limit", set_at("title", most=400), [("project.title.most", L)]),
    ("a narrower limit", set_at("title", most=200), [("project.title.most", T)]),
    ("words instead of characters", set_at("title", counts="words"), [("project.title.counts", T)]),
    ("an ИНН instead of any text", set_at("name", format="inn"), [("project.stages.name.format", T)]),
    ("an ОГРН instead of any text", set_at("title", format="ogrn"), [("project.title.format", T)]),
    ("light marks", set_at("title", format="light"), [("project.title.format", T)]),
    ("a lower floor", set_at("jobs", min="-5"), [("project.jobs.least", L)]),
    ("a higher floor", set_at("jobs", min="5"), [("project.jobs.least", T)]),
    ("not required any more", set_at("topics", required=False), [("project.topics.required", L)]),
    ("required above a sum only", set_at("passport", required="total_cost > 5 ₽"), [("papers.passport.required", L)]),
    ("required after all", set_at("jobs", required=True), [("project.jobs.required", T)]),
    ("an option more", lambda raw: at(raw, "role")["options"].append({"code": "buyer", "label": "Покупатель"}),
     [("project.partners.role.options", L)]),
    ("an option's words", lambda raw: at(raw, "role")["options"][0].update(label="Завод"),
     [("project.partners.role.options", W)]),
    ("an option less", lambda raw: at(raw, "role").update(options=[{"code": "buyer", "label": "Покупатель"}]),
     [("project.partners.role.options", T)]),
    ("a check to a warning", lambda raw: raw["checks"][1].update(level="warning"), [("check plan.level", L)]),
    ("a check less", lambda raw: raw["checks"].pop(1), [("check plan", L)]),
    ("a check more", lambda raw: raw["checks"].append(
        {"code": "new", "at": "title", "rule": 'title != "x"', "message": "x"}), [("check new", T)]),
    ("a warning more", lambda raw: raw["checks"].append(
        {"code": "new", "at": "title", "rule": 'title != "x"', "message": "x", "level": "warning"}),
     [("check new", L)]),
    ("a rule", lambda raw: raw["checks"][1].update(rule="sum(stages.cost) <= total_cost"), [("check plan.rule", T)]),
    ("an optional field", lambda raw: raw["sections"][0]["fields"].append(field("site", "text", "Площадка")),
     [("project.site", L)]),
    ("a required field", lambda raw: raw["sections"][0]["fields"].append(
        field("site", "text", "Площадка", required=True)), [("project.site", T)]),
    ("a field less", lambda raw: raw["sections"][0]["fields"].pop(5), [("project.jobs", T)]),
    ("a letter of a consent", set_at("truth", text="Данные достоверны"), [("consents.truth.text", T)]),
    ("an extension more", set_at("passport", extensions=["docx", "pdf"]), [("papers.passport.extensions", L)]),
    ("fewer files", set_at("passport", max_files=1), [("papers.passport.max_files", T)]),
    ("as many files as by default", set_at("passport", max_files=20), [("papers.passport.max_files", L)]),
    ("a paper", set_at("passport", paper="application"), [("papers.passport.paper", L)]),
    ("a signature", set_at("passport", signed=True), [("papers.passport.signed", T)]),
    ("more rows", set_at("stages", rows=[0, 50]), [("project.stages.rows", L)]),
    ("fewer rows", set_at("stages", rows=[1, 39]), [("project.stages.rows", T)]),
    ("a condition", set_at("other_budget", shown_when="not has_support"), [("finance.other_budget.shown_when", T)]),
    ("a formula", set_at("private_share", formula="round(share(own_funds, total_cost), 1)"),
     [("finance.private_share.formula", T)]),
    ("who sees it", set_at("jobs", seen_by="staff"), [("project.jobs.seen_by", T)]),
    ("a point of the check", lambda raw: raw["checklist"].pop(), [("point К5", T)]),
    ("a point's words", lambda raw: raw["checklist"][0].update(title="Кластер есть"), [("point К1.title", W)]),
]  # fmt: skip


@pytest.mark.parametrize(("change", "expected"), [(case[1], case[2]) for case in CASES], ids=[one[0] for one in CASES])
def test_the_kind_of_every_change(change: Callable[[Raw], Any], expected: list[tuple[str, ChangeKind]]) -> None:
    raw = document()
    change(raw)
    changes = changes_between(sample().form, compile_form(read(raw)).form)
    assert [(one.path, one.kind) for one in changes] == expected
    assert kind_of(changes) == max((kind for _, kind in expected), default=None)


def test_any_text_instead_of_a_number_of_a_register_is_looser_and_words_back_to_characters_tighter() -> None:
    raw = document()
    at(raw, "title").update(format="ogrn", counts="words")
    assert [(one.path, one.kind) for one in changes_between(read(raw), sample().form)] == [
        ("project.title.counts", T), ("project.title.format", L),
    ]  # fmt: skip


@pytest.mark.parametrize("case", [case for case in CASES if case[2]], ids=lambda case: case[0])
def test_what_was_looser_is_tighter_on_the_way_back(case: tuple[str, Callable[[Raw], Any], Any]) -> None:
    raw = document()
    case[1](raw)
    there, back = (
        kind_of(changes_between(*pair))
        for pair in ((sample().form, read(raw)), (read(raw), sample().form))
    )  # fmt: skip
    assert (there, back) in {(W, W), (L, T), (T, L), (T, T)} or case[0] == "a warning more"  # harmless both ways


SETTINGS: tuple[tuple[str, str, tuple[Any, ...]], ...] = (
    ("title", "most", (1, 15, 16, 300, 301)),
    ("title", "required", (False, "filled(initiator)")),
    ("jobs", "min", ("-5", "12", "13")),
    ("jobs", "max", ("11", "12", "200000")),
    ("jobs", "decimals", (0, 1)),
    ("jobs", "required", (True, "has_support", "filled(title)")),
    ("stages", "rows", ([0, 40], [2, 40], [1, 41], [0, 0])),
    ("passport", "max_files", (1, 2, 20)),
    ("estimate", "required", (True, False, "total_cost > 50 ₽")),
    ("other_budget", "shown_when", ("not has_support", "filled(title)")),
    ("own_funds", "label", ("Иначе",)),
    ("ends_on", "max", ("2027-01-01", "2050-01-01")),
)
"""A field, a setting of it, and values: some on this side of the answers below and some on the other."""


@st.composite
def changed(draw: st.DrawFn) -> Raw:
    """A form that differs in one to four settings, checks or fields."""
    raw = copy.deepcopy(document())
    for _ in range(draw(st.integers(1, 3))):
        kind = draw(st.sampled_from(["field", "field", "field", "check", "drop", "add", "swap"]))
        section = draw(st.sampled_from(raw["sections"]))
        if kind == "check" and raw["checks"]:
            check = draw(st.sampled_from(raw["checks"]))
            check["level"] = draw(st.sampled_from(["stop", "warning"]))
        elif kind == "drop" and raw["checks"]:
            raw["checks"].remove(draw(st.sampled_from(raw["checks"])))
        elif kind == "add":
            new = field("more", "money", "Ещё", required=draw(st.booleans()))
            section["fields"].append(new)
        elif kind == "swap" and len(section["fields"]) > 1:
            section["fields"].insert(0, section["fields"].pop())
        else:
            code, name, values = draw(st.sampled_from(SETTINGS))
            at(raw, code)[name] = draw(st.sampled_from(values))
    return raw


@pytest.mark.slow
@settings(max_examples=200)
@given(raw=changed(), support=st.booleans(), jobs=st.none() | st.integers(0, 100).map(Decimal))
def test_words_and_looser_rules_never_find_fault_with_what_was_whole(
    raw: Raw, support: bool, jobs: Decimal | None
) -> None:
    try:
        compiled = compile_form(read(raw))
    except Refused:
        assume(False)
    assume(kind_of(changes_between(sample().form, compiled.form)) in (None, W, L))
    given_answers = answers(jobs=jobs, has_support=support, other_budget=0 if support else None)
    before = sample()
    assume(not any(one.stop for one in form_findings(before, look(before, given_answers, NOW))))
    assert [one for one in form_findings(compiled, look(compiled, given_answers, NOW)) if one.stop] == []


def test_the_order_of_the_checks_of_rows_is_told() -> None:
    raw = document()
    at(raw, "stages")["row_checks"].append(at(raw, "stages")["row_checks"][0] | {"code": "later"})
    turned = copy.deepcopy(raw)
    at(turned, "stages")["row_checks"].reverse()
    told = changes_between(read(raw), read(turned))
    assert [(change.path, change.kind) for change in told] == [("project.stages checks (order)", W)]
