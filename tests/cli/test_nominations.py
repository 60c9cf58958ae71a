"""Commands over a contest with nominations: archives of both versions, rankings and reports for each of them."""

import json
from pathlib import Path

import pytest

from judging.adapters.archive import dumps
from tests import nominations

GOLDEN = nominations.GOLDEN


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "nominated.json"
    path.write_text(dumps(nominations.record()), "utf-8")
    return path


@pytest.fixture
def loaded(run, archive):
    assert run("load", archive).exit_code == 0


def test_a_dump_is_the_archive_that_was_loaded(run, archive, loaded):
    result = run("dump", "GOLDEN-1")
    assert (result.exit_code, result.stdout, result.stderr) == (0, archive.read_text("utf-8"), "")


def test_version_1_names_what_it_leaves_out(run, loaded):
    result = run("dump", "GOLDEN-1", "--version", "1")
    assert (result.exit_code, result.stdout) == (0, GOLDEN.read_text("utf-8"))
    assert result.stderr.splitlines() == [
        "Left out, version 1 has no word for it: contest.nominations (2)",
        "Left out, version 1 has no word for it: applications.nomination (5)",
    ]


def test_a_contest_without_nominations_is_version_1_unless_asked_otherwise(run):
    run("load", GOLDEN)
    plain, asked = run("dump", "GOLDEN-1"), run("dump", "GOLDEN-1", "--version", "2")
    assert (plain.stdout, plain.stderr) == (GOLDEN.read_text("utf-8"), "")
    assert json.loads(asked.stdout) == json.loads(plain.stdout) | {"version": 2}
    assert run("dump", "GOLDEN-1", "--version", "3").exit_code == 2


def test_the_ranking_is_printed_nomination_by_nomination(run, loaded):
    lines = run("ranking", "GOLDEN-1").stdout.splitlines()
    heads = [lines.index("series Серийное производство"), lines.index("pilot Опытные образцы")]
    rows = [[line.split()[1] for line in lines if line.split()[:1] == [place]] for place in "123"]
    assert heads == sorted(heads)
    assert rows == [["002", "005"], ["001", "004"], ["003"]]
    assert [line for line in lines if line.startswith("Ranked")] == [
        "Ranked: 3. Winners: 1. Granted: 120 000 000.00 (of 200 000 000.00).",
        "Ranked: 2. Winners: 1. Granted: 80 000 000.00 (of 100 000 000.00).",
    ]


def test_reports_on_firmness_are_written_for_each_nomination(run, loaded):
    found = json.loads(run("firmness", "GOLDEN-1", "--format", "json").stdout)
    assert [item["nomination"] for item in found] == ["series", "pilot"]
    assert [sorted(project["number"] for project in item["projects"]) for item in found] == [
        ["001", "002", "003"], ["004", "005"],
    ]  # fmt: skip
    text = run("firmness", "GOLDEN-1").stdout
    assert "Nomination Серийное производство" in text
    assert "Nomination Опытные образцы" in text
