"""The sizes of things, and where a transaction may end; what may import what is in pyproject.toml (bin/check.sh)."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "judging"
MODULES = sorted(PACKAGE.rglob("*.py"))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def naming(*words: str) -> list[Path]:
    """The modules that have one of these words in them: only those need be parsed to see what they do with it."""
    return [path for path in MODULES if any(word in path.read_text("utf-8") for word in words)]


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    return (node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef))


def told(path: Path) -> str:
    """The module's path as it is told."""
    return path.relative_to(ROOT).as_posix()


def length(node: ast.FunctionDef) -> int:
    """Lines of the body without the docstring."""
    body = node.body[1:] if ast.get_docstring(node) else node.body
    return (node.end_lineno or 0) - body[0].lineno + 1 if body else 0


@cache
def lengths() -> list[tuple[str, str, int]]:
    """Every function: its module, its name, how long it is."""
    return [(told(path), function.name, length(function)) for path in MODULES for function in functions(path)]


def test_importing_the_package_imports_nothing() -> None:
    code = "import sys; before = set(sys.modules); import judging; print(sorted(set(sys.modules) - before))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['judging']"


def test_modules_are_small() -> None:
    lines = {told(path): len(path.read_text("utf-8").splitlines()) for path in MODULES}
    assert {module: count for module, count in lines.items() if count > 400} == {}


def test_functions_are_small() -> None:
    assert [one for one in lengths() if one[2] > 40] == []


def test_the_median_function_is_under_ten_lines() -> None:
    lines = sorted(one[2] for one in lengths())
    assert lines[len(lines) // 2] < 10


def commits(path: Path) -> list[int]:
    return [
        node.lineno
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit"
    ]


def test_only_views_jobs_and_commands_commit() -> None:
    defining = {"units.py", "turns.py"}  # these say what committing is
    others = [
        path
        for path in naming("commit")
        if path.relative_to(PACKAGE).parts[0] not in {"web", "cli", "jobs.py", "jobs"} and path.name not in defining
    ]
    assert [(told(path), line) for path in others for line in commits(path)] == []


def test_no_get_view_commits() -> None:
    faults = []
    for path in naming("commit"):
        if not path.is_relative_to(PACKAGE / "web"):
            continue
        for function in functions(path):
            methods = {
                d.func.attr
                for d in function.decorator_list
                if isinstance(d, ast.Call) and isinstance(d.func, ast.Attribute)
            }
            names = {
                n.func.attr for n in ast.walk(function) if isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute)
            }
            if "get" in methods and "commit" in names:
                faults.append(f"{path.name}: {function.name}")
    assert faults == []
