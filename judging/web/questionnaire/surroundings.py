"""What a page of the form has to know beside the form and the answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class Given:
    """When a consent was given and by whom."""

    at: datetime
    by: str


@dataclass(frozen=True)
class Surroundings:
    """``members``: the names of the cluster's members by ИНН, in their order; ``known``: of other organisations.

    ``cap``: the most that may be asked for, in kopecks; ``consents``: those that were given, by the code of their
    field.
    """

    members: Mapping[str, str] = field(default_factory=dict)
    known: Mapping[str, str] = field(default_factory=dict)
    cap: int | None = None
    consents: Mapping[str, Given] = field(default_factory=dict)

    def name_of(self, inn: str) -> str:
        """What an organisation is called; empty where nobody knows."""
        return self.members.get(inn) or self.known.get(inn, "")


NOTHING_KNOWN = Surroundings()
