"""``flask contest form-check``: what it says of a file that is a form, and of one that is none."""

import json

from judging.adapters.forms import read_form
from tests.cli.conftest import GOLDEN
from tests.forms import document


def outcome(result):
    return result.exit_code, result.stdout, result.stderr


def test_a_form_that_is_well_made(run, tmp_path):
    path = tmp_path / "form.json"
    path.write_text(json.dumps(document()), "utf-8")
    assert outcome(run("form-check", path)) == (
        0,
        "The form is well made: 4 sections, 16 fields, 4 checks, 2 points of the formal check.\n",
        "",
    )


def test_every_fault_with_its_place_and_the_character_of_the_rule(run, tmp_path):
    raw = document()
    raw["sections"][1]["fields"][3]["shown_when"] = "has_support =="
    raw["checks"][0]["rule"] = "own_funds + ends_on == total_cost"
    raw["sections"][0]["fields"][5]["nominations"] = ["small"]
    path = tmp_path / "form.json"
    path.write_text(json.dumps(raw), "utf-8")
    assert outcome(run("form-check", path)) == (
        2,
        "",
        "sections[0].fields[5].nominations[0]: there is no nomination “small” in this contest\n"
        "sections[1].fields[3].shown_when: The rule ends too early; a value is expected (character 15)\n"
        "checks[0].rule: a sum of money and a date cannot be put together by “+” (character 11)\n",
    )
    assert run("form-check", "--nomination", "small", path).stderr.splitlines()[0].startswith("sections[1].fields[3]")


def test_what_is_no_form_at_all(run):
    assert outcome(run("form-check", "-", input="{}")) == (
        2,
        "",
        "format: missing\nversion: missing\nsections: missing\n",
    )


def test_the_form_of_a_contest_is_a_file_that_is_well_made(run, loaded, tmp_path):
    written = tmp_path / "form.json"
    assert outcome(run("form", "GOLDEN-1", "--output", written)) == (0, "", "")
    checked = run("form-check", written)
    assert (checked.exit_code, checked.stdout) == (
        0,
        "The form is well made: 6 sections, 40 fields, 11 checks, 0 points of the formal check.\n",
    )
    form = read_form(written.read_bytes())
    assert [field.code for field in form.sections[3].fields] == [
        "private_share", "jobs", "import_reduction", "payback_years", "cluster_share", "tax_ratio",
    ]  # fmt: skip


def test_codes_of_an_archive_that_no_form_can_have_are_listed_and_nothing_is_written(run, tmp_path):
    archive = json.loads(GOLDEN.read_text("utf-8"))
    renamed = {"jobs": "Рабочие места", "tax_ratio": "cluster"}
    for criterion in archive["contest"]["criteria"]:
        if criterion.get("indicator") in renamed:
            criterion["indicator"] = renamed[criterion["indicator"]]
    for application in archive["applications"]:
        application["indicators"] = {renamed.get(code, code): one for code, one in application["indicators"].items()}
    came, written = tmp_path / "odd.json", tmp_path / "form.json"
    came.write_text(json.dumps(archive), "utf-8")
    assert run("load", came).exit_code == 0
    assert outcome(run("form", "GOLDEN-1", "--output", written)) == (
        2,
        "",
        "sections[3].fields[1].code: a code has small Latin letters, digits and underscores, and begins with a letter: "
        "Рабочие места\n"
        "sections[3].fields[5].code: “cluster” means something else in rules; choose another code\n",
    )
    assert not written.exists()


def test_a_contest_that_is_not_there(run):
    assert run("form", "NOWHERE").exit_code == 2
