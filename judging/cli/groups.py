"""The groups of commands and where each command is: a module is loaded when one of its commands is wanted.

To start ``flask judging verify`` must not cost the loading of plans, workbooks and pages.
"""

from collections.abc import Mapping
from importlib import import_module
from typing import NamedTuple

import click
from flask.cli import AppGroup

contest = AppGroup("contest", help="Load, dump and rank whole contests.")
database = AppGroup("db", help="Migrate the database.")
installation = AppGroup("judging", help="Work on a whole installation.")


class Command(NamedTuple):
    """Where a command is (a module of ``judging.cli``), and what its group says of it."""

    module: str
    summary: str


class Later(AppGroup):
    """A ``group`` whose ``commands_there`` are loaded when they are wanted: to list them, none is."""

    def __init__(self, group: click.Group, commands_there: Mapping[str, Command]) -> None:
        super().__init__(group.name, help=group.help)
        self._group, self.commands_there = group, commands_there

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands."""
        return sorted(self.commands_there)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load a command; None where there is none of this name."""
        there = self.commands_there.get(cmd_name)
        if there is None:
            return None
        import_module(f"judging.cli.{there.module}")
        return self._group.get_command(ctx, cmd_name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands as click does, without loading them."""
        names = self.list_commands(ctx)
        room = formatter.width - 6 - max(map(len, names))
        listed = (click.Command(name, help=self.commands_there[name].summary) for name in names)
        with formatter.section("Commands"):
            formatter.write_dl([(str(command.name), command.get_short_help_str(room)) for command in listed])


GROUPS = (
    Later(
        contest,
        {
            "load": Command(
                "contest",
                'Create the contest of the archive FILE ("-": standard input) with everything in it, or '
                "nothing at all.",
            ),
            "dump": Command("contest", "Write the archive of the contest CODE to standard output."),
            "ranking": Command(
                "contest",
                "Write the ranking of the contest CODE: the frozen one where there is one, else as things stand now.",
            ),
            "milestones": Command(
                "contest",
                "Write the milestones of the contest CODE: when each comes by Moscow time, and what is provisional.",
            ),
            "assign": Command(
                "assign",
                "Plan who judges what in the contest CODE, and keep the plan as a draft for the secretary.",
            ),
            "firmness": Command(
                "firmness",
                "Write how firm the ranking of the contest CODE is as things stand now, whatever its size.",
            ),
            "form": Command(
                "forms", "Write the form that applications to the contest CODE have, as a file that form-check reads."
            ),
            "form-check": Command(
                "forms",
                'Read the form of applications FILE ("-": standard input) and type its rules; nothing is stored.',
            ),
            "trial": Command(
                "trials",
                "Make a trial of the contest CODE with its rules and rubric; of a trial CODE, go on with it by --fill.",
            ),
            "trial-wipe": Command(
                "trials", "Delete the trial contest CODE with everything in it; a real contest is never touched."
            ),
            "form-load": Command(
                "forms", "Put the form of FILE in the place of the form of the contest CODE; print the difference."
            ),
            "sheet-at": Command(
                "sheet_histories",
                "Write what the sheet of the expert EMAIL on the application NUMBER said at a moment, as JSON "
                "by field.",
            ),
            "copy": Command(
                "settings",
                "Make a draft contest TO with the settings of the contest FROM: no applications, no scores, "
                "no experts.",
            ),
            "settings": Command(
                "settings", "Write everything that was decided of the contest CODE, as a file that settings-load reads."
            ),
            "settings-load": Command(
                "settings",
                'Put the settings of FILE ("-": standard input) in force in the contest CODE, all of them or none.',
            ),
            "sheets": Command(
                "score_sheets",
                "Write the score sheets of the expert EMAIL in the contest CODE that are open, as a workbook to be"
                " filled offline.",
            ),
            "sheets-load": Command(
                "score_sheets",
                'Save the workbook FILE ("-": standard input) of the expert EMAIL in the contest CODE as drafts, or'
                " nothing.",
            ),
            "check-workbook": Command(
                "workbooks",
                "Compare the ranked workbook FILE with the contest CODE, as it is now or as it was frozen.",
            ),
        },
    ),
    Later(
        database,
        {
            "upgrade": Command("upgrading", "Bring the database up to REVISION (default: the newest)."),
            "downgrade": Command(
                "database",
                "Bring the database down to REVISION (``base`` empties it, ``-1`` goes one step back).",
            ),
            "check": Command(
                "database",
                "Say whether the tables are what the models say; exit 1 where they differ.",
            ),
            "current": Command("database", "Print the revision that the database is at."),
            "revision": Command("database", "Write a new migration from the difference between tables and models."),
        },
    ),
    Later(
        installation,
        {
            "create-administrator": Command(
                "installation",
                "Make EMAIL an administrator and print the address of a page that sets the password.",
            ),
            "work": Command(
                "working",
                "Do what waits beside the requests: plans, reports on firmness, letters where MAIL_URL is"
                " set, what is swept.",
            ),
            "sweep": Command(
                "installation",
                "Clear the bytes of files that were replaced or removed KEEP_REPLACED_DAYS ago, before "
                "their application came in.",
            ),
            "deliver": Command(
                "working",
                "Send the letters that are due through the mail server of MAIL_URL: the same as work --only letters.",
            ),
            "backup": Command(
                "backup",
                "Back up database, documents and log of downloads into FOLDER, while the server goes on.",
            ),
            "restore-check": Command(
                "backup",
                "Check the newest backup in FOLDER: every file by its hash, the database whole, the facts"
                " that must always hold.",
            ),
            "grant": Command(
                "people",
                "Give EMAIL a staff ROLE, or send an invitation to it where there is no account yet.",
            ),
            "outbox": Command(
                "people",
                "Show letter NUMBER as it is, with its one-time link; without a number list the letters "
                "that were not sent.",
            ),
            "prepare": Command(
                "preparation",
                "Migrate the database, load the demonstration if it is empty, print the address and the demo accounts.",
            ),
            "serve": Command(
                "serving",
                "Serve the pages from this one process until stopped; slow clients hold no thread.",
            ),
            "verify": Command(
                "verification",
                "Check the stored data; a line for every row that should not be so, and exit status 1.",
            ),
        },
    ),
)
PAGES = frozenset({"serve", "run", "routes", "shell"})
"""Commands that need the pages; all others start without them."""
