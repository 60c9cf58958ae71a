"""Which settings of a part of a form can no longer be changed: by the kind that their most harmless change would be.

The table of kinds (``domain/forms/changes.py``) and the instant decide, as they do when a change is stored; a setting
that may still change one way stays open, and what it became is judged then.
"""

from collections.abc import Mapping

from wtforms import FormField

from judging.domain.errors import RuleViolation
from judging.domain.forms.changes import Change, ChangeKind, Part, mildest
from judging.domain.lifecycle import ContestStatus
from judging.models import Contest
from judging.services.forms.form_store import require_allowed
from judging.web.clock import arrived
from judging.web.contests.forms import StoredForm
from judging.web.form_editor.row_lists import lists_in
from judging.web.locks import Lock, lock_with, locked

SETTINGS: Mapping[str, str] = {
    "shown": "shown_when", "size": "max_bytes", "fewest": "rows", "most_rows": "rows", "by": "rule",
}  # fmt: skip
"""The settings of controls that have another name."""


def lock_settings(contest: Contest, form: StoredForm, part: Part) -> Lock | None:
    """Lock the controls of a stored part whose settings cannot change now; return why, None where all can."""
    if contest.status == ContestStatus.DRAFT:
        return None
    for kind in ChangeKind:
        refusal = _refusal(contest, kind)
        if refusal is not None:
            lock = lock_with("form", refusal)
            names = [field.short_name for field in form if mildest(part, _setting(field.short_name)) >= kind]
            locked(form, lock, names, sent_on=kind > ChangeKind.WORDS)
            _fix_rows(form, lock, kind)
            return lock
    return None


def _refusal(contest: Contest, kind: ChangeKind) -> RuleViolation | None:
    try:
        require_allowed(contest, (Change("", kind, None, None),), arrived())
    except RuleViolation as refusal:
        return refusal
    return None


def _setting(name: str) -> str:
    return SETTINGS.get(name, name)


def _fix_rows(form: StoredForm, lock: Lock, kind: ChangeKind) -> None:
    """Of rows whose words may change, as those of options, keep the codes, and their number once it cannot grow."""
    for rows in lists_in(form):
        if rows.flags.disabled:
            continue
        for entry in (one for one in rows if isinstance(one, FormField)):
            locked(entry.form, lock, ("code",), sent_on=True)
            entry.flags.fixed = kind <= ChangeKind.LOOSER
        rows.flags.fixed = kind <= ChangeKind.LOOSER
