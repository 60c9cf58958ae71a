"""A criterion's figure is always there, or the launch says where it is not; old years are warned of."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import judging.data
from judging.adapters.forms import read_form
from judging.domain.errors import Fault
from judging.domain.form_launch import HIDDEN, NO_ENGLISH, NO_FIGURE, OLD_YEAR, OPTIONAL, form_faults, form_warnings
from judging.domain.forms.compiling import compile_form
from judging.domain.rubric import LinearCriterion
from tests.forms import document, read


def criterion(indicator: str) -> LinearCriterion:
    return LinearCriterion("C1", "Критерий", Decimal(10), indicator, Decimal(0), Decimal(10))


def faults_of(indicator: str, raw: dict[str, Any] | None = None) -> list[tuple[str, str, object]]:
    compiled = compile_form(read(raw or document()))
    return [(one.path, one.message, one.params["field"]) for one in form_faults([criterion(indicator)], compiled)]


def test_what_is_always_asked_or_computed_is_a_figure() -> None:
    assert [faults_of(code) for code in ("requested", "total_cost", "private_share")] == [[], [], []]


def test_what_may_be_lacking_is_no_figure() -> None:
    assert faults_of("jobs") == [("form.field:jobs", OPTIONAL, "Рабочие места")]
    assert faults_of("other_budget") == [("form.field:other_budget", HIDDEN, "Иные средства")]
    assert faults_of("title") == [("form.field:title", NO_FIGURE, "Наименование")]
    assert faults_of("nowhere") == []


def test_a_computed_date_is_no_figure() -> None:
    raw = document()
    raw["sections"][1]["fields"].append(
        {"code": "last", "kind": "computed", "label": "Последний", "formula": "greatest(stages.till)"}
    )
    assert faults_of("last", raw) == [("form.field:last", NO_FIGURE, "Последний")]


def test_lacking_english_words_and_old_years_are_warned_of_by_section() -> None:
    form = read(document())
    finance = replace(form.sections[1], title="Финансирование 2025 года", title_en="Finance", fields=())
    small = replace(form, sections=(finance,), checks=form.checks[2:], checklist=())
    assert form_warnings(small, 2026) == (
        Fault("form.section:finance", OLD_YEAR, {"year": "2025", "names": "«Финансирование 2025 года»"}),
    )
    assert form_warnings(small, 2025) == ()
    lacking = form_warnings(replace(form, checklist=(), checks=form.checks[:1]), 2026)
    assert [(one.path, one.message) for one in lacking] == [
        ("form.section:project", NO_ENGLISH), ("form.section:finance", NO_ENGLISH), ("form.section:papers", NO_ENGLISH),
        ("form.section:consents", NO_ENGLISH), ("form.checks", NO_ENGLISH),
    ]  # fmt: skip
    assert lacking[2].params == {"names": "«Документы», «Паспорт проекта», «Смета»"}
    assert lacking[0].params["names"].endswith(" + 10")


def test_the_form_of_pp41_is_warned_of_for_nothing() -> None:
    form = read_form((Path(judging.data.__path__[0]) / "form-pp41.json").read_bytes())
    assert [str(one) for one in form_warnings(form, 2026)] == []
