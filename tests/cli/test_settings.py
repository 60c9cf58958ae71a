"""``flask contest copy``, ``settings``, ``settings-load``: what they write, refuse and store."""

import json

import pytest


@pytest.fixture
def written(run, loaded, tmp_path):
    """The settings of the loaded contest, as a file."""
    path = tmp_path / "settings.json"
    assert outcome(run("settings", "GOLDEN-1", "--output", path)) == (0, "", "")
    return path


def outcome(result):
    return result.exit_code, result.stdout, result.stderr


def changed(path, change):
    raw = json.loads(path.read_text("utf-8"))
    change(raw)
    path.write_text(json.dumps(raw, ensure_ascii=False), "utf-8")


def test_the_settings_that_were_written_change_nothing(run, written):
    raw = json.loads(written.read_text("utf-8"))
    assert [raw["format"], raw["version"], *raw] == [
        "contest-settings", 1, "format", "version", "terms", "criteria", "rules", "form", "assignment",
    ]  # fmt: skip
    assert outcome(run("settings-load", "GOLDEN-1", written, "--dry-run")) == (0, "There is no difference.\n", "")


def test_every_fault_of_a_file_and_nothing_stored(run, written):
    def spoil(raw):
        raw["terms"]["budget"] = 5
        raw["terms"]["colour"] = "red"
        raw["criteria"][1]["weight"] = "-1"
        raw["criteria"][2]["descriptors"] = [{"from": "x", "to": "1", "text": "слова"}]
        raw["rules"]["rounding"] = "two"
        raw["form"]["sections"][0]["fields"][0]["kind"] = "colour"
        del raw["assignment"]["seed"]

    before = written.read_bytes()
    changed(written, spoil)
    result = run("settings-load", "GOLDEN-1", written, "--dry-run")
    assert outcome(result) == (
        2,
        "",
        "terms.budget: not a decimal: numbers are written as text, in quotes\n"
        "terms.colour: unknown key\n"
        "criteria[2].descriptors[0].from: not a decimal\n"
        "rules.rounding: not a whole number\n"
        "form.sections[0].fields[0].kind: not one of text, number, money, date, yes, choice, choices, organisation, "
        "okved, file, consent, table, computed\n"
        "assignment.seed: missing\n",
    )
    assert run("settings", "GOLDEN-1").stdout_bytes == before


def test_rules_across_the_parts_are_faults_as_well(run, written):
    def spoil(raw):
        raw["terms"]["review_close"] = raw["terms"]["applications_open"]
        raw["criteria"][0]["weight"] = "-1"
        raw["rules"]["tie_breakers"] = ["criterion:GONE"]
        raw["form"]["checks"][0]["rule"] = "nothing == 1"
        raw["assignment"]["methodologists_at_least"] = 15

    changed(written, spoil)
    assert outcome(run("settings-load", "GOLDEN-1", written)) == (
        2,
        "",
        "terms.review_close: The review must end after the acceptance of applications\n"
        "criteria[0].weight: The weight may not be negative\n"
        "rules.tie_breakers[0]: There is no criterion with the code GONE\n"
        "form.checks[0].rule: There is no field “nothing” that this rule may name (character 1)\n"
        "assignment.methodologists_at_least: From 0 to 2\n",
    )


def test_a_draft_takes_all_of_a_file_and_gives_it_back(run, written, tmp_path):
    assert run("copy", "GOLDEN-1", "NEXT", "--opens", "2027-03-01").exit_code == 0
    copied = tmp_path / "copied.json"
    assert run("settings", "NEXT", "--output", copied).exit_code == 0

    def reword(raw):
        raw["terms"] |= {"title": "Другой конкурс", "budget": "5.00", "summary": "Первая строка\nвторая"}
        raw["criteria"] = [raw["criteria"][1], raw["criteria"][0], *raw["criteria"][2:-1]]
        raw["criteria"][0]["weight"] = "3"
        raw["criteria"][1]["guidance"] = {"text": "Смотрите паспорт"}
        raw["rules"]["tie_breakers"] = ["requested"]
        raw["form"]["sections"][0]["title"] = "Проект целиком"
        raw["assignment"]["goal"] = "leximin"

    changed(copied, reword)
    wanted = json.loads(copied.read_text("utf-8"))
    dry = run("settings-load", "NEXT", copied, "--dry-run")
    loaded = run("settings-load", "NEXT", copied)
    assert (dry.exit_code, loaded.exit_code, loaded.stderr) == (0, 0, "")
    assert dry.stdout.splitlines()[:-1] == loaded.stdout.splitlines()[:-1]
    assert loaded.stdout.splitlines()[-1] == f"Changed {len(dry.stdout.splitlines()) - 1} settings of NEXT."
    assert json.loads(run("settings", "NEXT").stdout) == wanted


def test_of_a_published_contest_what_may_not_change_is_refused_with_its_reason(run, written):
    def change(raw):
        raw["terms"]["title"] = "Иначе"
        raw["assignment"]["min_load"] = 2

    before = run("settings", "GOLDEN-1").stdout
    changed(written, change)
    refused = run("settings-load", "GOLDEN-1", written)
    assert outcome(refused) == (
        2,
        "assignment.min_load: 0 → 2\n",
        "terms.title: Конкурс совместных проектов: проверочный пример → Иначе: "
        "The contest is published, so its rules can no longer be changed.\n"
        "Nothing was stored.\n",
    )
    assert run("settings", "GOLDEN-1").stdout == before
    assert run("settings-load", "GOLDEN-1", written, "--allowed-only").exit_code == 0
    after, known = json.loads(run("settings", "GOLDEN-1").stdout), json.loads(before)
    assert after == {**known, "assignment": {**known["assignment"], "min_load": 2}}


def test_a_copy_names_what_still_has_the_old_year(run, written):
    made = run("copy", "GOLDEN-1", "NEXT", "--opens", "2027-03-01")
    assert outcome(made) == (0, "Created the draft NEXT with the settings of GOLDEN-1.\n", "")
    again = run("copy", "GOLDEN-1", "NEXT", "--opens", "2027-03-01")
    assert outcome(again) == (2, "", "code: There is a contest with this code already\n")
    assert outcome(run("copy", "GOLDEN-1", "OTHER", "--opens", "soon")) == (
        2, "", "--opens: Enter a date and time, for example 31.03.2026 18:00\n",
    )  # fmt: skip


def test_a_contest_that_is_not_there(run):
    assert [run("settings", "NOWHERE").exit_code, run("copy", "NOWHERE", "N", "--opens", "2027-01-01").exit_code] == [
        2, 2,
    ]  # fmt: skip
