"""Groups of commands: what a group says of its commands, which it does not load, is what they say of themselves."""

import click
import psycopg
import pytest

from judging.cli.groups import GROUPS
from judging.models.engine import REPEATABLE_READ


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.name)
def test_a_group_lists_every_command_in_its_own_words(group) -> None:
    context = click.Context(group, info_name=group.name, max_content_width=400, terminal_width=400)
    eager = click.Group(group.name, help=group.help)
    for name in group.list_commands(context):
        eager.add_command(group.get_command(context, name))
    assert group.get_help(context) == eager.get_help(click.Context(eager, info_name=group.name, terminal_width=400))


def test_the_level_of_isolation_is_the_drivers_own() -> None:
    assert psycopg.IsolationLevel.REPEATABLE_READ == REPEATABLE_READ
