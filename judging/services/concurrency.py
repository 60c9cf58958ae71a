"""Refusing to overwrite what somebody else changed meanwhile."""

from typing import Protocol

from judging.domain.errors import N_, RuleViolation


class Versioned(Protocol):
    """Anything with a version that grows with every change."""

    @property
    def version(self) -> int:
        """Grows with every change."""


class Stale(RuleViolation):
    """The form was filled from an older version; ``current`` is the stored object as it is now."""

    def __init__(self, current: Versioned) -> None:
        super().__init__(N_("This was changed meanwhile, in another tab or by another person."))
        self.current = current


def check_version(stored: Versioned, version: int) -> None:
    """Raise :class:`Stale` unless ``version`` (from the form) is the stored object's present version."""
    if stored.version != version:
        raise Stale(stored)
