"""``flask contest assign``: what it prints, stores, applies and checks."""

import json
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from judging.models import Application, AssignmentPlan, Contest, Expert, Review
from judging.models.engine import reads_only
from tests import factories
from tests.conftest import Store
from tests.services.planning import contest_of

DATABASES = ("sqlite",)
"""What is printed: the services behind it are tried on both databases."""


@pytest.fixture
def run(app: Flask):
    """Run the command as from a shell."""

    def invoke(*arguments):
        try:
            return app.test_cli_runner().invoke(args=["contest", "assign", *map(str, arguments)])
        finally:
            reads_only.set(False)

    return invoke


@pytest.fixture
def contest(store: Store) -> str:
    """Two applications of two experts, three experts with room; the code."""
    with store() as session:
        contest = contest_of(session, code="K-1")
        for place, topic in enumerate(("28.41", "28.49", "62.01")):
            factories.expert(session, contest, user=None, email=f"{place}@x.ru", topics=[topic], max_load=2)
        for number in ("1", "2"):
            factories.application(session, contest, number=number)
        return contest.code


@pytest.fixture
def impossible(store: Store, contest: str) -> str:
    with store() as session:
        for expert in session.scalars(select(Expert)):
            expert.max_load = 1
    return contest


def counts(store: Store) -> tuple[list[str], int]:
    """The statuses of the stored plans, and how many tasks there are."""
    with store() as session:
        statuses = session.scalars(select(AssignmentPlan.status).order_by(AssignmentPlan.id)).all()
        return list(statuses), session.scalar(select(func.count(Review.id))) or 0


def test_a_plan_is_stored_as_a_draft_and_its_figures_printed(run, store: Store, contest: str) -> None:
    result = run(contest)
    lines = result.output.splitlines()
    assert (result.exit_code, result.stderr, counts(store)) == (0, "", (["ready"], 0))
    assert lines[0] == "K-1: 2 applications, 3 experts"
    assert lines[1].startswith("Goal fair, seed 0, input ")
    assert lines[2:] == [
        "Worst served application: 1540, no plan above 1540, gap 0",
        "Total match: 3080, no plan above 3080, gap 0 at this worst",
        "The plan is optimal.",
        "Loads: 0 to 2; experts without work: 1, full: 2",
        "Stored as a draft. Look at it on the board of the contest and apply it there, or give --apply.",
    ]


def test_a_dry_run_stores_nothing(run, store: Store, contest: str) -> None:
    result = run(contest, "--dry-run", "--goal", "total", "--seed", 7)
    assert (result.exit_code, counts(store)) == (0, ([], 0))
    assert "Goal total, seed 7" in result.output
    assert result.output.endswith("Nothing is stored.\n")


def test_a_plan_may_be_applied_at_once(run, store: Store, contest: str) -> None:
    result = run(contest, "--apply")
    assert (result.exit_code, counts(store)) == (0, (["applied"], 4))
    assert "Applied: the pairs are proposed." in result.output


def test_the_same_plan_comes_of_the_same_input(run, contest: str, tmp_path: Path) -> None:
    documents = []
    for name in ("one.json", "two.json"):
        assert run(contest, "--dry-run", "--output", tmp_path / name).exit_code == 0
        documents.append(json.loads((tmp_path / name).read_bytes()))
    made = [document.pop("made_at") for document in documents]
    assert documents[0] == documents[1]
    assert made[0] <= made[1]


def test_where_no_plan_is_possible_the_reason_and_what_would_help_are_printed(
    run, store: Store, impossible: str, tmp_path: Path
) -> None:
    result = run(impossible, "--output", tmp_path / "why.json")
    assert (result.exit_code, counts(store)) == (2, (["impossible"], 0))
    assert "No full plan is possible." in result.output
    assert "lacking" in result.output
    assert "Checked, would help: " in result.output
    assert result.output.endswith("Give --partial to fill as many places as possible.\n")
    assert "diagnosis" in json.loads((tmp_path / "why.json").read_bytes())["result"]
    assert run("--check", tmp_path / "why.json").exit_code == 0


def test_a_partial_plan_fills_what_it_can_and_names_the_rest(run, store: Store, impossible: str) -> None:
    result = run(impossible, "--partial")
    assert (result.exit_code, counts(store)) == (0, (["ready"], 0))
    assert "lacks 1 experts." in result.output


def test_the_proposals_made_are_kept_and_the_protocol_says_so(run, store: Store, contest: str, tmp_path: Path) -> None:
    with store() as session:
        weak = session.scalars(select(Expert).where(Expert.email == "2@x.ru")).one()
        factories.review(session, weak, session.scalars(select(Application)).all()[0], "proposed")
    path = tmp_path / "kept.json"
    result = run(contest, "--keep", "--output", path)
    assert "Of the proposals made 1 of 1 are kept; plans that keep the same ones are compared." in result.output
    document = json.loads(path.read_bytes())
    assert (result.exit_code, document["keep"], "2@x.ru" in document["result"]["pairs"]["1"]) == (0, True, True)
    assert run("--check", path).exit_code == 0
    path.write_text(json.dumps({**document, "keep": False}), "utf-8")
    assert run("--check", path).output.startswith("Input hash: NOT as stated")


def test_a_protocol_is_recomputed_from_the_file_alone(run, store: Store, contest: str, tmp_path: Path) -> None:
    path = tmp_path / "protocol.json"
    assert run(contest, "--output", path).exit_code == 0
    sha256 = json.loads(path.read_bytes())["input_sha256"]
    same = f"Input hash: as stated ({sha256}).\nResult: the same to the letter.\n"
    result = run("--check", path)
    assert (result.exit_code, result.output) == (0, f"{same}The contest K-1 as it is now gives the same input.\n")
    with store() as session:
        session.scalars(select(Expert)).all()[0].max_load = 1
    result = run("--check", path)
    assert (result.exit_code, result.output) == (0, f"{same}The contest K-1 as it is now gives ANOTHER input.\n")
    with store() as session:
        session.scalars(select(Contest)).one().code = "OTHER"
    result = run("--check", path)
    assert (result.exit_code, result.output) == (0, f"{same}The contest is not in this database.\n")


def forged_input(document):
    document["input"]["experts"][0]["max_load"] = 1


def forged_result(document):
    document["result"]["pairs"]["1"] = ["2@x.ru", "0@x.ru"]


@pytest.mark.parametrize(
    ("forge", "said"),
    [
        (forged_input, ["Input hash: NOT as stated", "Result: NOT the same."]),
        (forged_result, ["Input hash: as stated", "Result: NOT the same."]),
    ],
)
def test_a_forged_protocol_is_found_out(run, contest: str, tmp_path: Path, forge, said: list[str]) -> None:
    path = tmp_path / "protocol.json"
    run(contest, "--dry-run", "--output", path)
    document = json.loads(path.read_bytes())
    forge(document)
    path.write_text(json.dumps(document), "utf-8")
    result = run("--check", path)
    assert (result.exit_code, [part in result.output for part in said]) == (1, [True, True])


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": "judging-assignment-protocol", "version": 1}'])
def test_a_file_that_is_no_protocol_is_refused(run, app: Flask, tmp_path: Path, text: str) -> None:
    (tmp_path / "other.json").write_text(text, "utf-8")
    result = run("--check", tmp_path / "other.json")
    assert result.exit_code == 2
    assert result.stderr.startswith("The file is no protocol of a plan: ")


def damaged(document, *path, value):
    for key in path[:-1]:
        document = document[key]
    document[path[-1]] = value


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("input", "affinity", "values"), [[1]]),
        (("input", "affinity", "experts"), [99, 0, 0]),
        (("input", "conflicts"), [[7, 7]]),
        (("input", "experts"), "nobody"),
        (("input", "applications", 0), {}),
        (("seed",), None),
        (("goal",), "luck"),
    ],
)
def test_a_damaged_protocol_is_refused(run, contest: str, tmp_path: Path, path, value) -> None:
    file = tmp_path / "protocol.json"
    run(contest, "--dry-run", "--output", file)
    document = json.loads(file.read_bytes())
    damaged(document, *path, value=value)
    file.write_text(json.dumps(document), "utf-8")
    result = run("--check", file)
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert result.stderr.startswith("The file is no protocol of a plan: ")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "Name the contest by its code, or a protocol with --check."),
        (("NONE",), "There is no contest with the code NONE."),
    ],
)
def test_a_request_that_makes_no_sense_is_refused(run, app: Flask, arguments, message: str) -> None:
    result = run(*arguments)
    assert (result.exit_code, result.stderr) == (2, f"{message}\n")


def test_a_contest_with_nothing_to_plan_is_refused(run, store: Store) -> None:
    with store() as session:
        code = contest_of(session).code
    result = run(code)
    assert (result.exit_code, result.stderr) == (2, "There are no admitted applications to distribute.\n")


def test_a_contest_that_is_frozen_is_refused(run, store: Store, contest: str) -> None:
    with store() as session:
        session.scalars(select(Contest)).one().status = "ranking_frozen"
    result = run(contest)
    assert (result.exit_code, result.stderr.count("\n"), counts(store)) == (2, 1, ([], 0))
