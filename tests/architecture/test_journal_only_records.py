"""The journal only records (docs/adr/0017): rules read rows of their own, and records are written and never changed."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Table

from judging.models import Base, JournalRecord

ROOT = Path(__file__).parents[2]
READERS = ("judging/models/__init__.py", "judging/queries/journal.py", "judging/services/audit.py")
"""The journal's pages, and the one door through which records come; verification reads it as well."""
VERIFICATION = "judging/queries/invariants/"
STARTS = {"judging/services/seals.py": {"judging.queries.invariants.starts"}}
"""Sealing older data once asks where the journal begins."""
AMONG_THEMSELVES = ("judging/queries/invariants/", "judging/cli/")
KEPT = {
    "applications", "assignment_plans", "clusters", "contests", "documents", "experts", "firmness_reports",
    "grant_requests", "jobs", "links", "reviews", "sign_ins", "teams", "users",
}  # fmt: skip
"""The tables whose rows the journal names by number."""


def trees() -> Iterator[tuple[str, ast.Module]]:
    """Every module of the product by its path."""
    for path in sorted((ROOT / "judging").rglob("*.py")):
        yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text("utf-8"))


def names(tree: ast.Module) -> set[str]:
    """Names that the module uses or imports, whole texts too."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Attribute):
            found.add(node.attr)
        elif isinstance(node, ast.ImportFrom):
            found |= {alias.name for alias in node.names}
    return found


def imports(tree: ast.Module) -> set[str]:
    """Modules that the module imports."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def test_only_pages_verification_and_the_door_know_the_journals_table() -> None:
    known = [path for path, tree in trees() if "JournalRecord" in names(tree) and not path.startswith(VERIFICATION)]
    assert known == [*READERS]


def test_no_statement_goes_around_it() -> None:
    """Nor by its name in a text of SQL."""
    spelled = re.compile(r"\b(from|join|into|update)\s+journal\b", re.IGNORECASE)
    texts = [(path, node.value) for path, tree in trees() for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    assert [path for path, value in texts if isinstance(value, str) and spelled.search(value)] == []


def test_only_pages_read_what_the_journal_says() -> None:
    readers = [path for path, tree in trees() if "judging.queries.journal" in imports(tree)]
    assert [path for path in readers if not path.startswith("judging/web/")] == []
    assert readers != []


def test_nothing_but_the_command_asks_verification() -> None:
    asked = {
        path: {name for name in imports(tree) if name.startswith("judging.queries.invariants.") and is_module(name)}
        for path, tree in trees()
        if not path.startswith(AMONG_THEMSELVES)
    }
    assert {path: modules for path, modules in asked.items() if modules} == STARTS


def is_module(name: str) -> bool:
    """Whether it is a module, and not something in one."""
    return (ROOT / f"{name.replace('.', '/')}.py").exists()


def test_nothing_rewrites_a_record() -> None:
    """Not even the database, when a person or a contest is deleted."""
    assert [key.target_fullname for key in table("journal").foreign_keys] == []


def test_numbers_that_the_journal_keeps_are_given_once() -> None:
    once = {name for name, one in Base.metadata.tables.items() if one.dialect_options["sqlite"]["autoincrement"]}
    assert once == {*KEPT, JournalRecord.__tablename__}


def table(name: str) -> Table:
    """One of the tables."""
    return Base.metadata.tables[name]
