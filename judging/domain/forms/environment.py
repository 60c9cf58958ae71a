"""What a rule may name beside the fields of the form, and which codes a form must and must not have."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from judging.domain.expressions import Kind, Type
from judging.domain.expressions.types import DATE, MONEY, NUMBER, TEXT, YES
from judging.domain.forms.form import FieldKind

RESERVED: Mapping[str, FieldKind] = {
    "title": FieldKind.TEXT,
    "initiator": FieldKind.ORGANISATION,
    "partners": FieldKind.TABLE,
    "topics": FieldKind.OKVED,
    "requested": FieldKind.MONEY,
    "total_cost": FieldKind.MONEY,
}
"""The fields that every form has, whatever else it asks: rankings, registers, lists and conflicts are made of them."""

PARTNER_COLUMNS: Mapping[str, FieldKind] = {
    "organisation": FieldKind.ORGANISATION,
    "role": FieldKind.CHOICE,
    "contribution": FieldKind.TEXT,
}
"""The columns that the reserved table ``partners`` has."""

CLUSTER = "cluster"
"""The section that is built in: the team's cluster and its organisations. No section of a form has this code."""

NOMINATION = "nomination"
"""The choice of the nomination, built in likewise; a contest without nominations does not ask."""

BUILT_IN = frozenset({CLUSTER, NOMINATION})

KEY = "key"
"""What a row is known by while others are added, removed and moved. No column of a form has this code."""


@dataclass(frozen=True)
class Circumstances:
    """What the rules of an application are asked with, beside its answers.

    ``cap``: the most that may be asked for, in kopecks, None for no limit; ``today`` and ``opens`` in the contest's
    time zone; ``cluster``: the ИНН of the cluster's members, None where they are not known; ``in_time``,
    ``documents_complete``, ``missing_documents`` (their titles) and ``all_members`` (everybody who takes part is one of
    the cluster's) are known once it is submitted.
    """

    today: date
    opens: date | None = None
    cap: int | None = None
    nomination: str | None = None
    cluster: frozenset[str] | None = None
    in_time: bool | None = None
    documents_complete: bool | None = None
    missing_documents: str | None = None
    all_members: bool | None = None

    def values(self) -> dict[str, Any]:
        """By name, as rules see them."""
        given = {name: getattr(self, name) for name in NAMES if name != "members"}
        return given | {"members": None if self.cluster is None else len(self.cluster)}


NAMES: Mapping[str, Type] = {
    "cap": MONEY,
    "today": DATE,
    "opens": DATE,
    "nomination": Type(Kind.CHOICE),
    "members": NUMBER,
    "in_time": YES,
    "documents_complete": YES,
    "missing_documents": TEXT,
    "all_members": YES,
}
"""The names of :class:`Circumstances` in rules; the options of ``nomination`` are the contest's."""

WORDS = frozenset({"and", "or", "not", "in", "row"})
"""Words of the language, which name no field."""


TAKEN = frozenset({*NAMES, *WORDS, CLUSTER})
"""Codes that no field has: the environment of rules holds something else under them."""


def types_of(nominations: Collection[str]) -> dict[str, Type]:
    """The types of what every rule may name, in a contest with these nominations."""
    return {**NAMES, "nomination": Type(Kind.CHOICE, options=tuple(nominations))}
