"""``flask contest form-check``: what it says of a file that is a form, and of one that is none."""

import json
from datetime import timedelta

from judging.adapters.forms import read_form
from judging.domain.access import CONSOLE, By
from judging.queries import contests
from judging.queries.forms import versions_of
from judging.services.forms.form_store import publish_form
from tests import factories
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
        "The form is well made: 6 sections, 40 fields, 11 checks, 9 points of the formal check.\n",
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


def put_form(tmp_path, raw):
    path = tmp_path / "load.json"
    path.write_text(json.dumps(raw), "utf-8")
    return path


def a_contest(store, status="draft"):
    with store() as session:
        factories.contest(session, code="NEW", status=status)


def versions(store):
    with store() as session:
        listed = versions_of(session, contests.by_code(session, "NEW").id)
        return [(one.number, one.revision, one.note, one.published_at is not None) for one in listed]


def test_a_form_is_loaded_after_its_difference_is_printed(run, store, tmp_path):
    a_contest(store)
    path = put_form(tmp_path, document())
    looked = run("form-load", "NEW", path, "--dry-run")
    assert (looked.exit_code, looked.stdout.splitlines()[-1].partition(";")[0], versions(store)) == (
        0, "Nothing was stored", [],
    )  # fmt: skip
    stored = run("form-load", "NEW", path)
    assert (stored.exit_code, stored.stdout.splitlines()[:-1]) == (0, looked.stdout.splitlines()[:-1])
    assert versions(store) == [(1, 0, "", False)]
    raw = document()
    raw["sections"][0]["fields"][0]["label"] = "Название"
    raw["sections"][1]["fields"].pop(5)
    raw["checks"].pop()
    assert run("form-load", "NEW", put_form(tmp_path, raw)).stdout == (
        'project.title.label (words): "Наименование" -> "Название"\n'
        "finance.private_share (tighter): Доля внебюджетных -> nothing\n"
        "check private (looser): Доля {…} % меньше 50 % -> nothing\n"
        "Kind of change: tighter\n"
        "Stored as version 1.0; 3 differences.\n"
    )
    assert run("form-load", "NEW", put_form(tmp_path, raw)).stdout == (
        "The forms are the same.\nNothing was stored; 0 differences.\n"
    )


def test_a_file_with_faults_and_a_change_that_comes_too_late_are_refused(run, store, tmp_path):
    a_contest(store)
    raw = document()
    raw["checks"][0]["rule"] = "own_funds + ends_on == total_cost"
    raw["checklist"][0]["colour"] = "red"
    refused = run("form-load", "NEW", put_form(tmp_path, raw))
    assert (refused.exit_code, refused.stdout, refused.stderr) == (2, "", "checklist[0].colour: unknown key\n")
    del raw["checklist"][0]["colour"]
    assert outcome(run("form-load", "NEW", put_form(tmp_path, raw))) == (
        2, "", "checks[0].rule: a sum of money and a date cannot be put together by “+” (character 11)\n",
    )  # fmt: skip
    run("form-load", "NEW", put_form(tmp_path, document()))
    with store() as session:
        contest = contests.by_code(session, "NEW")
        contest.status, contest.applications_close = "published", contest.applications_open + timedelta(minutes=1)
        publish_form(session, contest, by=By(CONSOLE, factories.MOMENT))
    raw = document()
    raw["sections"][0]["fields"][0]["label"] = "Название"
    path = put_form(tmp_path, raw)
    assert (run("form-load", "NEW", path).exit_code, run("form-load", "NEW", path).stderr) == (2, "Give the reason.\n")
    raw["sections"][0]["fields"][6]["rows"] = [0, 50]
    late = run("form-load", "NEW", put_form(tmp_path, raw), "--dry-run")
    assert (late.exit_code, late.stderr) == (2, "Acceptance is over: only words can be corrected.\n")
    raw["sections"][0]["fields"][6]["rows"] = [1, 40]
    assert run("form-load", "NEW", put_form(tmp_path, raw), "--reason", "Опечатка").exit_code == 0
    assert versions(store)[0] == (1, 1, "Опечатка", True)
