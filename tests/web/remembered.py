"""Reports on firmness are worked out once for each record, however many tests ask for them: they hang on nothing else.

A module that imports :func:`remembered` has it in each of its tests, with people and organisations counted from the
start in each, so that equal worlds have equal records. That a report is the same for the same record is held by
tests/queries/test_firmness.py.
"""

from itertools import count

import pytest
from flask import Flask

from judging.domain.firmness import Report
from judging.domain.record import ContestRecord
from judging.queries.firmness.reports import Progress, compute_report
from tests import factories

_known: dict[str, tuple[Report, list[tuple[int, int]]]] = {}
"""By its record, each report and the steps of the work that were told."""


def report_on(record: ContestRecord, progress: Progress | None = None) -> Report:
    """The report on this record; whoever watches the work is told its steps, again where it was done before."""
    key = repr(record)
    if key not in _known:
        steps: list[tuple[int, int]] = []
        _known[key] = compute_report(record, lambda done, of: steps.append((done, of))), steps
    report, steps = _known[key]
    for step in steps if progress is not None else ():
        progress(*step)
    return report


@pytest.fixture(autouse=True)
def remembered(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    app.extensions["reports"].clear()
    monkeypatch.setattr(factories, "_numbers", count(1_001))
    for place in ("judging.queries.firmness.ready", "judging.jobs.firmness"):
        monkeypatch.setattr(f"{place}.compute_report", report_on)
