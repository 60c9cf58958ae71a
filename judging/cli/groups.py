"""The groups of commands and where each command is: a module is loaded when one of its commands is wanted.

To start ``flask judging verify`` must not cost the loading of plans, workbooks and pages.
"""

from collections.abc import Mapping
from importlib import import_module

import click
from flask.cli import AppGroup

contest = AppGroup("contest", help="Load, dump and rank whole contests.")
database = AppGroup("db", help="Migrate the database.")
installation = AppGroup("judging", help="Work on a whole installation.")


class Later(AppGroup):
    """A ``group`` whose ``places`` are the module of each command (of ``judging.cli``) by its name."""

    def __init__(self, group: click.Group, places: Mapping[str, str]) -> None:
        super().__init__(group.name, help=group.help)
        self._group, self.places = group, places

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands."""
        return sorted(self.places)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load a command; None where there is none of this name."""
        module = self.places.get(cmd_name)
        if module is None:
            return None
        import_module(f"judging.cli.{module}")
        return self._group.get_command(ctx, cmd_name)


GROUPS = (
    Later(
        contest,
        {
            "load": "contest", "dump": "contest", "ranking": "contest", "assign": "assign", "firmness": "firmness",
            "check-workbook": "workbooks",
        },
    ),
    Later(
        database,
        dict.fromkeys(("upgrade", "downgrade", "check", "current", "revision"), "database"),
    ),
    Later(
        installation,
        {
            "create-administrator": "installation", "work": "working", "sweep": "installation",
            "deliver": "working", "backup": "backup", "restore-check": "backup", "grant": "people",
            "outbox": "people", "prepare": "preparation", "serve": "serving", "verify": "verification",
        },
    ),
)  # fmt: skip
PAGES = frozenset({"serve", "run", "routes", "shell"})
"""Commands that need the pages; all others start without them."""
