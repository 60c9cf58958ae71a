"""How a command says no: a line on standard error for everything that is wrong, and an exit status."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import click
from sqlalchemy.exc import DBAPIError

from judging.cli.tables import printable
from judging.domain.errors import Refused, RuleViolation

REFUSED = 2
"""The exit status where the file or the request does not fit."""


@contextmanager
def refusals() -> Iterator[None]:
    """Turn a refusal into lines on standard error and its exit status."""
    try:
        yield
    except Refused as refusal:
        refuse(*map(str, refusal.faults))
    except RuleViolation as refusal:
        refuse(str(refusal))
    except DBAPIError as error:
        hint = "Is it there and migrated (`flask --app wsgi db upgrade`)?"
        raise click.ClickException(f"The database refused: {error.orig}. {hint}") from error


def refuse(*messages: str) -> NoReturn:
    """Print every message on standard error and end with :data:`REFUSED`."""
    for message in messages:
        click.echo(printable(message), err=True)
    sys.exit(REFUSED)
