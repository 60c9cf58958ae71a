"""The application starts without the solvers and numpy, which plans and reports need, and without openpyxl."""

import inspect
import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import click
import pytest

from judging.cli import groups

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
LOADED = """
import sys
from importlib import import_module
from judging.app import create_app
from judging.web.composition import AREAS
import judging.cli.assign
for area in AREAS:
    import_module(f"judging.web.{area}.routes")
print(*sorted({"numba", "numpy", "scipy", "highspy", "openpyxl", "ortools"} & set(sys.modules)))
"""


def test_pages_and_commands_load_no_solver_and_no_library_of_tables() -> None:
    done = subprocess.run([sys.executable, "-c", LOADED], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


COMMANDS = """
import os, sys
from importlib import import_module
import click
os.environ["FLASK_RUN_FROM_CLI"] = "true"
for command in sys.argv[1:]:
    sys.argv = ["flask", "judging", command]
    sys.modules.pop("wsgi", None)
    group = import_module("wsgi").app.cli.commands["judging"]
    assert group.get_command(click.Context(group), command) is not None
    libraries = sorted({"openpyxl", "xlsxwriter"} & set(sys.modules))
    print(command, "judging.web.composition" in sys.modules, *libraries)
"""


def test_a_command_loads_the_pages_only_where_it_serves_them(tmp_path: Path) -> None:
    """One process for all of them, the one that serves last: what one has loaded stays for the next."""
    environment = os.environ | {"INSTANCE_DIR": str(tmp_path)}
    program = [sys.executable, "-c", COMMANDS, "verify", "grant", "work", "serve"]
    done = subprocess.run(program, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    *others, serving = [line.split() for line in done.stdout.splitlines()]
    assert others == [["verify", "False"], ["grant", "False"], ["work", "False"]]
    assert serving[:2] == ["serve", "True"]


def test_every_command_is_where_its_group_says() -> None:
    for path in (ROOT / "judging" / "cli").glob("*.py"):
        import_module(f"judging.cli.{path.stem}")
    found: dict[str | None, dict[str, str]] = {}
    for group in (groups.contest, groups.database, groups.installation):
        for name, command in group.commands.items():
            assert command.callback is not None
            module = inspect.unwrap(command.callback).__module__.rpartition(".")[2]
            found.setdefault(group.name, {})[name] = module
    said = {group.name: {name: there.module for name, there in group.commands_there.items()} for group in groups.GROUPS}
    assert said == found
    assert groups.GROUPS[0].get_command(click.Context(groups.GROUPS[0]), "no-such-command") is None
