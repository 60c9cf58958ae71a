"""The rubric preset: well formed, labelled as an example, complete in both languages."""

import json
from decimal import Decimal
from pathlib import Path

from judging.adapters.archive import read_archive
from judging.domain.rubric import expert_criteria, marks, maximum_total
from judging.domain.rubric_faults import rubric_faults

DATA = Path(__file__).resolve().parents[2] / "judging" / "data"
PRESET = json.loads((DATA / "preset-pp41.json").read_text(encoding="utf-8"))


def criteria():
    archive = json.loads((DATA / "demo" / "contest-open.json").read_text(encoding="utf-8"))
    archive["contest"] |= {"criteria": PRESET["criteria"], "rules": PRESET["rules"]}
    return read_archive(json.dumps(archive).encode()).contest.criteria


def test_the_rubric_is_well_formed_and_sums_to_100():
    assert rubric_faults(criteria()) == ()
    assert maximum_total(criteria()) == Decimal(100)


def test_descriptors_cover_every_mark_once():
    for criterion in expert_criteria(criteria()):
        for code in (criterion.code, "general"):
            bands = [(Decimal(line["from"]), Decimal(line["to"])) for line in PRESET["descriptors"][code]]
            covering = [sum(low <= mark <= high for low, high in bands) for mark in marks(criterion.scale)]
            assert covering == [1] * 11


def test_the_label_says_that_it_is_an_example_and_who_approves_it():
    assert PRESET["label"] == (
        "Пример, составленный по аналогии; не является текстом приказа N 4166. Веса и пороги утверждает организатор."
    )


def test_every_criterion_has_guidance_and_an_english_title():
    codes = [criterion.code for criterion in criteria()]
    assert list(PRESET["guidance"]) == list(PRESET["criteria_en"]) == codes


def test_criteria_lead_to_sections_and_documents_that_there_are():
    forms = [json.loads((DATA / f"form-{name}.json").read_text("utf-8")) for name in ("pp41", "base")]
    sections = {section["code"] for form in forms for section in form["sections"]}
    fields = {field["code"] for form in forms for section in form["sections"] for field in section["fields"]}
    slots = {item["code"] for item in PRESET["documents"]} | fields
    named = PRESET["guidance"].values()
    assert {code for one in named for code in one["sections"]} - sections == set()
    assert {code for one in named for code in one["slots"]} - slots == set()
    assert all(not one.get("page") or one["slots"][0] == "business_plan" for one in named)


def test_indicators_are_those_that_the_rubric_computes_from():
    used = {item["indicator"] for item in PRESET["criteria"] if "indicator" in item}
    assert {item["code"] for item in PRESET["indicators"]} == used
    assert all(Decimal(item["min"]) < Decimal(item["max"]) for item in PRESET["indicators"])


def test_knock_out_checks_are_the_nine_of_the_form():
    assert [check["code"] for check in PRESET["checks"]] == [f"K{place}" for place in range(1, 10)]


def test_every_russian_text_has_its_english_one():
    def gaps(value, path=""):
        if isinstance(value, list):
            return [gap for place, item in enumerate(value) for gap in gaps(item, f"{path}[{place}]")]
        if not isinstance(value, dict):
            return []
        translated = [key for key in ("title", "text", "label", "basis", "hint", "unit") if key in value]
        found = [f"{path}.{key}" for key in translated if not value.get(f"{key}_en")]
        return found + [gap for key, item in value.items() if key != "criteria" for gap in gaps(item, f"{path}.{key}")]

    assert gaps(PRESET) == []
