"""Settings that can no longer be changed: grey on their page, with the reason, which is that of the act's refusal.

A field that is locked is disabled and described by the note with the reason (``components/locked.html``), which stands
once a group. Where other fields of the same form can still be changed the locked ones are sent along as they are
stored (``sent_on``), so that the service sees what was not touched; what somebody forges is refused by the service.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from wtforms import FieldList, FormField, HiddenField
from wtforms import Form as PlainForm

from judging.domain.errors import RuleViolation
from judging.domain.gates import Act, closed
from judging.models import Contest
from judging.web.templating import translate


@dataclass(frozen=True)
class Lock:
    """Why a group of fields cannot be changed; ``id`` is that of the note on the page."""

    id: str
    reason: str


def lock_of(act: Act, contest: Contest) -> Lock | None:
    """Return what locks an act in a contest of this status; None where the act is allowed."""
    refusal = closed(act, contest.status)
    return None if refusal is None else lock_with(act.value, refusal)


def lock_with(name: str, refusal: RuleViolation) -> Lock:
    """Return the lock of this name for a refusal."""
    return Lock(f"locked-{name}", translate(refusal.message, **refusal.params))


def locked(form: PlainForm, lock: Lock | None, names: Iterable[str] | None = None, *, sent_on: bool = False) -> None:
    """Disable every field of the form, or those of ``names``; nothing where there is no lock."""
    if lock is None:
        return
    for name in [field.short_name for field in form] if names is None else names:
        if name in form:
            _lock(form[name], lock, sent_on)


def _lock(field: Any, lock: Lock, sent_on: bool) -> None:
    if isinstance(field, HiddenField) or getattr(field.widget, "input_type", "") == "hidden":
        return
    field.flags.disabled, field.flags.locked_by, field.flags.sent_on = True, lock.id, sent_on
    inner: list[Any] = []
    if isinstance(field, FieldList):
        inner = [*field, getattr(field, "blank", None)]
    elif isinstance(field, FormField):
        inner = list(field.form)
    for one in inner:
        if one is not None:
            _lock(one, lock, sent_on)
