"""What the documents say is so: settings, links, commands, and the modules and tests of the table of features."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from flask import Flask

from config import Config
from tests.conftest import application

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("templates/**/*.md")])
LINK = re.compile(r"\]\(([^)\s]+)\)")
TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
PLACE = re.compile(r"`((?:judging|templates|tests|docs|bin|bench)/[\w./-]+)`")
LONGEST = 120
UNIT = re.compile(r"(?:\[[^]\[]*\]\([^)]*\)|``?[^`]+``?|\S)+")
"""What a line cannot be broken in: a word, with the links and the code in it."""
COMMAND = re.compile(r"flask --app wsgi (\w+) ([a-z-]+(?: (?:[A-Z]+ )?\| [a-z-]+)*)")


class Asked(dict[str, str]):
    """An environment that remembers what it was asked for."""

    def __init__(self, *args: dict[str, str]) -> None:
        super().__init__(*args)
        self.names: set[str] = set()

    def get(self, name: str, default: str | None = None) -> str | None:  # type: ignore[override]
        self.names.add(name)
        return super().get(name, default)

    def __getitem__(self, name: str) -> str:
        self.names.add(name)
        return super().__getitem__(name)


def example() -> dict[str, str]:
    lines = (ROOT / ".env.example").read_text("utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def test_the_example_lists_every_setting_and_no_other(tmp_path: Path) -> None:
    environment = Asked({"INSTANCE_DIR": str(tmp_path)})
    Config.from_environment(environment)
    assert set(example()) == environment.names


def test_the_example_gives_the_defaults(tmp_path: Path) -> None:
    here = {"INSTANCE_DIR": str(tmp_path)}
    assert Config.from_environment(example() | here) == Config.from_environment(here)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_relative_link_leads_somewhere(path: Path) -> None:
    targets = [link.split("#")[0] for link in LINK.findall(path.read_text("utf-8")) if "://" not in link]
    assert [target for target in targets if target and not (path.parent / target).exists()] == []


def too_long(text: str) -> list[str]:
    """The lines that should be broken. Tables, code, and single words (a link, an address) cannot be."""
    found, in_code = [], False
    for line in text.splitlines():
        fence = line.lstrip().startswith("```")
        in_code ^= fence
        words = UNIT.findall(re.sub(r"^\s*(?:[-*+>]|\d+\.)\s", "", line))
        if len(line) > LONGEST and len(words) > 1 and not (in_code or fence or line.lstrip().startswith("|")):
            found.append(line)
    return found


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: str(p.relative_to(ROOT)))
def test_no_line_is_too_long_to_be_read_and_merged(path: Path) -> None:
    assert too_long(path.read_text("utf-8")) == []


def test_only_lines_that_can_be_broken_are_too_long() -> None:
    code, table = f"```sh\n{'make run; ' * 20}\n```", f"| {'many words ' * 20}|"
    link = f"- [as many words as there may be]({'https://example.org/' * 6}),"
    prose = ["a few words " * 11, f"  {link[2:]} and a word"]
    assert too_long("\n".join((code, table, link, *prose, "short"))) == prose


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_file_that_is_named_exists(path: Path) -> None:
    assert [place for place in PLACE.findall(path.read_text("utf-8")) if not (ROOT / place).exists()] == []


def test_every_test_that_shows_a_feature_exists() -> None:
    named = TEST.findall((ROOT / "docs" / "features.md").read_text("utf-8"))
    assert named
    missing = [(path, name) for path, name in named if f"def {name}(" not in (ROOT / path).read_text("utf-8")]
    assert missing == []


def test_every_claimed_feature_has_a_test_and_is_claimed_once() -> None:
    claimed, rest = (ROOT / "docs" / "features.md").read_text("utf-8").split("\n## Not claimed\n")
    rows = [line for line in claimed.splitlines() if re.match(r"\| [A-Z]\d+ \|", line)]
    ids = [row.split("|")[1].strip() for row in rows]
    assert [row for row in rows if not TEST.search(row)] == []
    assert sorted(set(ids)) == sorted(ids)
    assert [one for one in ids if re.search(rf"^\| (?:.*, )?{one}(?:,.*)? \|", rest, re.M)] == []


def commands(app: Flask) -> Iterator[str]:
    for name, group in app.cli.commands.items():
        if isinstance(group, click.Group):
            yield from (f"{name} {command}" for command in group.list_commands(click.Context(group)))


def test_every_command_of_the_readme_exists_and_no_own_command_is_left_out() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    named = {
        f"{group} {word}" for group, words in COMMAND.findall(text) for word in re.findall(r"(?:^|\| )([a-z-]+)", words)
    }
    known = set(commands(application("sqlite")))
    assert named - known == set()
    assert known - named == {"db revision", "judging prepare"}


def test_every_target_of_make_that_is_named_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.M))
    named = {word for path in DOCUMENTS for word in re.findall(r"`make ([a-z-]+)`", path.read_text("utf-8"))}
    assert named - targets == set()
