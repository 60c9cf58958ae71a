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

_known: dict[str, Report] = {}


def report_on(record: ContestRecord, progress: Progress | None = None) -> Report:
    """The report on this record; whoever watches the work sees it done."""
    key = repr(record)
    if key not in _known or progress is not None:
        _known[key] = compute_report(record, progress)
    return _known[key]


@pytest.fixture(autouse=True)
def remembered(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    app.extensions["reports"].clear()
    monkeypatch.setattr(factories, "_numbers", count(1_001))
    for place in ("judging.queries.firmness.ready", "judging.jobs.firmness"):
        monkeypatch.setattr(f"{place}.compute_report", report_on)
