"""Commands over the archive of a whole contest: form, milestones, and what was submitted."""

from pathlib import Path

import pytest

from judging.adapters.archive import dumps
from tests.submitted import whole_contest

DATABASES = ("sqlite",)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "whole.json"
    path.write_text(dumps(whole_contest()), "utf-8")
    return path


def test_a_dump_is_the_archive_that_was_loaded(run, archive):
    assert run("load", archive).exit_code == 0
    result = run("dump", "GOLDEN-1")
    assert (result.exit_code, result.stdout, result.stderr) == (0, archive.read_text("utf-8"), "")


def test_version_1_names_what_it_leaves_out(run, archive):
    run("load", archive)
    assert run("dump", "GOLDEN-1", "--version", "1").stderr.splitlines() == [
        "Left out, version 1 has no word for it: contest.nominations (2)",
        "Left out, version 1 has no word for it: contest.forms (2)",
        "Left out, version 1 has no word for it: contest.milestones (3)",
        "Left out, version 1 has no word for it: applications.nomination (5)",
        "Left out, version 1 has no word for it: applications.submissions (5)",
    ]


def test_columns_that_do_not_follow_are_refused_and_nothing_is_stored(run, archive):
    text = archive.read_text("utf-8")
    archive.write_text(text.replace('"requested": "50.00"', '"requested": "50.01"', 1), "utf-8")
    result = run("load", archive)
    assert (result.exit_code, result.stderr) == (
        2, "applications[0].requested: does not follow from what was submitted last\n",
    )  # fmt: skip
    assert run("dump", "GOLDEN-1").exit_code == 2
