"""The reports that a process keeps in memory."""

from threading import Barrier, Event, Thread

import pytest
from flask import Flask

from judging.domain.firmness import Report
from judging.domain.ranking import rank
from judging.extensions import db
from judging.queries import firmness
from judging.queries.firmness import digest_of
from judging.web import reports as kept
from judging.web.reports import Reports
from tests.queries.test_firmness import contest

DATABASES = ("sqlite",)
"""The services have tests of their own on every database, and tests of junk open every page on each."""


def test_whoever_asks_while_a_report_is_worked_out_waits_for_that_one(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    record, reports, start, made = contest(), Reports(), Barrier(4), Event()
    worked_out: list[int] = []
    slow = firmness.ready_report

    def counted(*given, **more) -> Report | None:
        worked_out.append(1)
        made.wait(0.3)
        return slow(*given, **more)

    monkeypatch.setattr(firmness, "ready_report", counted)
    found: list[Report | None] = []

    def ask() -> None:
        start.wait()
        with app.app_context():
            found.append(reports.of(db.session, 1, record, rank(record), digest_of(record)))

    threads = [Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(worked_out), len(set(map(id, found))), found[0]) == (1, 1, firmness.compute_report(record))


@pytest.mark.parametrize("bound", ["applications", "reports"])
def test_the_last_few_reports_are_kept(app: Flask, monkeypatch: pytest.MonkeyPatch, bound: str) -> None:
    records = [contest(seed=seed) for seed in range(5)]
    if bound == "applications":
        monkeypatch.setattr(kept, "KEPT", sum(len(record.applications) for record in records[:4]))
    else:
        monkeypatch.setattr(kept, "MOST_KEPT", 4)
    reports, worked_out = Reports(), []
    plain = firmness.ready_report

    def counted(session, contest_id, record, ranking, *, digest) -> Report | None:
        worked_out.append(records.index(record))
        return plain(session, contest_id, record, ranking, digest=digest)

    monkeypatch.setattr(firmness, "ready_report", counted)
    with app.app_context():
        for place in (0, 1, 2, 3, 0, 4, 0, 1, 4):
            reports.of(db.session, 1, records[place], rank(records[place]), digest_of(records[place]))
    assert worked_out == [0, 1, 2, 3, 4, 1]
