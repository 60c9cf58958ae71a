"""The journal only records (docs/adr/0017): rules read rows of their own, and records are written and never changed."""

import ast
import re
from dataclasses import dataclass
from functools import cache
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
    "applications", "assignment_plans", "calendar_days", "calendar_years", "certifications", "clusters", "contests",
    "documents", "early_looks", "team_invitations", "team_requests",
    "experts", "extensions", "firmness_reports", "grant_requests", "jobs", "links", "reviews", "sign_ins", "teams",
    "users",
}  # fmt: skip
"""The tables whose rows the journal names by number."""


@dataclass(frozen=True)
class Module:
    """What a module says: names that it uses or imports, modules that it imports, texts."""

    names: frozenset[str]
    imports: frozenset[str]
    texts: tuple[str, ...]

    @classmethod
    def of(cls, tree: ast.Module) -> "Module":
        nodes = list(ast.walk(tree))
        froms = [node for node in nodes if isinstance(node, ast.ImportFrom)]
        return cls(
            names=frozenset(
                [node.id for node in nodes if isinstance(node, ast.Name)]
                + [node.attr for node in nodes if isinstance(node, ast.Attribute)]
                + [alias.name for node in froms for alias in node.names]
            ),
            imports=frozenset(
                [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
                + [node.module for node in froms if node.module]
                + [f"{node.module}.{alias.name}" for node in froms if node.module for alias in node.names]
            ),
            texts=tuple(n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)),
        )


@cache
def modules() -> dict[str, Module]:
    """Every module of the product by its path."""
    return {
        path.relative_to(ROOT).as_posix(): Module.of(ast.parse(path.read_text("utf-8")))
        for path in sorted((ROOT / "judging").rglob("*.py"))
    }


def test_only_pages_verification_and_the_door_know_the_journals_table() -> None:
    known = [path for path, one in modules().items() if "JournalRecord" in one.names]
    assert [path for path in known if not path.startswith(VERIFICATION)] == [*READERS]


def test_no_statement_goes_around_it() -> None:
    """Nor by its name in a text of SQL."""
    spelled = re.compile(r"\b(from|join|into|update)\s+journal\b", re.IGNORECASE)
    assert [path for path, one in modules().items() if any(map(spelled.search, one.texts))] == []


def test_only_pages_read_what_the_journal_says() -> None:
    readers = [path for path, one in modules().items() if "judging.queries.journal" in one.imports]
    assert [path for path in readers if not path.startswith("judging/web/")] == []
    assert readers != []


def test_nothing_but_the_command_asks_verification() -> None:
    asked = {
        path: {name for name in one.imports if name.startswith("judging.queries.invariants.") and is_module(name)}
        for path, one in modules().items()
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
