"""Who changed which field of a section last, and what of it is put on record.

A record for every autosave would be hundreds an hour of one person. So what saves by itself is put on record when
somebody begins with a field, and again every ten minutes that they stay with it; the record names the fields and no
values, for those are not the person's last word. A button pressed is on record always, with both values.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from judging.domain.access import By

AGAIN = timedelta(minutes=10)
"""How long one record stands for a person's work on a field."""


@dataclass(frozen=True)
class ChangedBy:
    """Who changed a field last, and when; ``user_id`` tells whether that was the reader."""

    user_id: int | None
    name: str
    at: datetime


def edited(
    edits: Mapping[str, Any], names: Sequence[str], by: By, *, by_itself: bool
) -> tuple[dict[str, Any], list[str]]:
    """The edits after ``by`` has changed the fields of these names, and which of them are to be put on record."""
    to_note = [name for name in names if not by_itself or _is_new(edits.get(name), by)]
    noted = {name: by.now.isoformat() if name in to_note else edits[name]["noted"] for name in names}
    own = {"by": by.actor.user_id, "name": by.actor.name, "at": by.now.isoformat()}
    return {**edits, **{name: {**own, "noted": noted[name]} for name in names}}, to_note


def changed_by(edits: Mapping[str, Any], names: Collection[str]) -> dict[str, ChangedBy]:
    """Who changed these fields last; without those of which it is not known."""
    known = {name: edits[name] for name in sorted(names) if name in edits}
    return {name: ChangedBy(one["by"], one["name"], datetime.fromisoformat(one["at"])) for name, one in known.items()}


def _is_new(edit: Mapping[str, Any] | None, by: By) -> bool:
    if edit is None or edit["by"] != by.actor.user_id:
        return True
    return by.now - datetime.fromisoformat(edit["noted"]) >= AGAIN
