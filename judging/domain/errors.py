"""Refusals: what a rule says no to, in words fit to show a person.

A message is an English template with named placeholders (``%(code)s``); it is at the same time the key under which
the page finds its Russian translation. Rules mark messages with :func:`N_` so that the translation tools collect them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


def N_(message: str) -> str:  # noqa: N802 -- the name that gettext tools look for
    """Mark ``message`` for translation and return it unchanged."""
    return message


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong, and where.

    ``path`` names the place (``criteria[3].bands[1].from`` in an archive, a field name in a form); ``message`` is an
    English template and ``params`` its values.
    """

    path: str
    message: str
    params: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        text = self.message % self.params if self.params else self.message
        return f"{self.path}: {text}" if self.path else text


class Worded(Exception):
    """What is told to a person: ``message`` is an English template, marked for translation, of ``params``."""

    def __init__(self, message: str, **params: object) -> None:
        super().__init__(message)
        self.message = message
        self.params = params

    def __str__(self) -> str:
        return self.message % self.params if self.params else self.message


class Unfit(Worded, ValueError):
    """A single value that does not fit. Whoever knows its place adds it."""


class RuleViolation(Worded):
    """Base of every refusal. Nothing was changed; the text tells the person why."""


class Refused(RuleViolation):
    """A refusal with every fault named, not only the first."""

    def __init__(self, faults: Iterable[Fault], message: str = N_("The data have faults")) -> None:
        super().__init__(message)
        self.faults = tuple(faults)

    def __str__(self) -> str:
        return "\n".join(str(fault) for fault in self.faults) or self.message
