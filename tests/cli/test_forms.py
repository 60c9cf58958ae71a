"""``flask contest form-check``: what it says of a file that is a form, and of one that is none."""

import json

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
