"""The registry: everything that runs beside the requests.

To add a kind, name it in ``domain/jobs.py``, write its work, and add its line here.
"""

from collections.abc import Mapping
from datetime import timedelta
from importlib import import_module

from judging.domain.jobs import Every, JobKind
from judging.domain.letters import MAX_ATTEMPTS, PAUSES
from judging.jobs import documents, firmness, letters, plans, prepared, sweeping
from judging.jobs.kind import Done, Kind, Task, has_storage


def _exports(task: Task) -> Done:
    """The work of exports: both writers of workbooks are loaded for the first file that is wanted, and not before."""
    done: Done = import_module("judging.jobs.exports").work(task)
    return done


_ENTRIES = (
    Kind(JobKind.PLANS, plans.work, tries=3, at_once=2, priority=20,
         noted=plans.noted, revived=plans.revived, ready=plans.get_ready),
    Kind(JobKind.FIRMNESS, firmness.work, tries=3, at_once=2, priority=10,
         noted=firmness.noted, revived=firmness.revived),
    Kind(JobKind.LETTERS, letters.work, tries=MAX_ATTEMPTS, pauses=PAUSES, at_once=4,
         noted=letters.noted, revived=letters.revived, possible=letters.possible),
    Kind(JobKind.EXPORTS, _exports, tries=3, at_once=2, priority=5, possible=has_storage),
    Kind(JobKind.PREPARED, prepared.sweep, at_once=1, priority=-10, calendar=Every(timedelta(hours=1)),
         possible=has_storage),
    Kind(JobKind.SWEEP, sweeping.work, at_once=1, priority=-10, calendar=Every(timedelta(minutes=10))),
    Kind(JobKind.FILES, documents.work, at_once=1, priority=-10, calendar=Every(timedelta(hours=1)),
         possible=has_storage),
)  # fmt: skip

KINDS: Mapping[str, Kind] = {entry.name: entry for entry in _ENTRIES}
"""Every kind by its name."""
