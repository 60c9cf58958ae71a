"""The registry: everything that runs beside the requests.

To add a kind, name it in ``domain/jobs.py``, write its work, and add its line here.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from importlib import import_module
from typing import Any

from judging.domain.jobs import Every, JobKind
from judging.domain.letters import MAX_ATTEMPTS, PAUSES
from judging.jobs import documents, letters, prepared, sweeping
from judging.jobs.kind import Kind, has_storage


def _later(module: str, name: str) -> Callable[..., Any]:
    """A function of ``judging.jobs.MODULE``, loaded when it is called first.

    Of plans, reports and exports: a worker that has none of them to do loads no archives, no writers of workbooks and
    no numpy.
    """

    def called(*arguments: Any) -> Any:
        return getattr(import_module(f"judging.jobs.{module}"), name)(*arguments)

    return called


_ENTRIES = (
    Kind(JobKind.PLANS, _later("plans", "work"), tries=3, at_once=2, priority=20,
         noted=_later("plans", "noted"), revived=_later("plans", "revived"), ready=_later("plans", "get_ready")),
    Kind(JobKind.FIRMNESS, _later("firmness", "work"), tries=3, at_once=2, priority=10,
         noted=_later("firmness", "noted"), revived=_later("firmness", "revived")),
    Kind(JobKind.LETTERS, letters.work, tries=MAX_ATTEMPTS, pauses=PAUSES, at_once=4,
         noted=letters.noted, revived=letters.revived, possible=letters.possible),
    Kind(JobKind.EXPORTS, _later("exports", "work"), tries=3, at_once=2, priority=5, possible=has_storage),
    Kind(JobKind.RENDITIONS, _later("renditions", "work"), tries=2, at_once=1, priority=15,
         possible=_later("renditions", "possible")),
    Kind(JobKind.ADDITIONAL, _later("additional", "work"), tries=3, at_once=2, priority=10),
    Kind(JobKind.REHEARSAL, _later("rehearsal", "work"), tries=3, at_once=1, priority=5, possible=has_storage),
    Kind(JobKind.TRIAL_FILES, _later("rehearsal", "sweep"), tries=3, at_once=1, priority=-10, possible=has_storage),
    Kind(JobKind.PREPARED, prepared.sweep, at_once=1, priority=-10, calendar=Every(timedelta(hours=1)),
         possible=has_storage),
    Kind(JobKind.SWEEP, sweeping.work, at_once=1, priority=-10, calendar=Every(timedelta(minutes=10))),
    Kind(JobKind.REMINDERS, _later("reminders", "work"), at_once=1, calendar=Every(timedelta(hours=1))),
    Kind(JobKind.FILES, documents.work, at_once=1, priority=-10, calendar=Every(timedelta(hours=1)),
         possible=has_storage),
)  # fmt: skip

KINDS: Mapping[str, Kind] = {entry.name: entry for entry in _ENTRIES}
"""Every kind by its name."""
