"""The close of acceptance at a server that has no time: what was sent before it is in time, what was sent after late.

The database is locked from before the close until after it, so that nothing sent before can be looked at in time,
whatever the machine.
"""

import re
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Thread

from sqlalchemy import select, text, update

from judging.extensions import db
from judging.models import Application, Contest
from tests.faults.people import VERSION, Browser, form
from tests.faults.site import Site
from tests.faults.wire import Answer, posted, send

RECEIVED = re.compile(r"поступила на сервер (\d\d\.\d\d\.\d{4} \d\d:\d\d:\d\d) МСК")
MOSCOW = timedelta(hours=3)


@dataclass(frozen=True)
class Close:
    """What came of it: answers to what was sent before and after the close, and what the register then holds."""

    in_time: Counter[int]
    late: Counter[int]
    submitted: tuple[datetime, ...]
    sent_before: tuple[datetime, datetime]
    refused_at: tuple[datetime, ...]
    sent_after: tuple[datetime, datetime]
    drafts: int
    seconds: tuple[float, ...]

    @property
    def whole(self) -> bool:
        """Whether everything is as it must be: each decided by its own instant of arrival, which is what is told."""
        number, late = self.in_time.total(), self.late.total()
        return (
            (self.in_time, self.late, self.drafts) == (Counter({303: number}), Counter({422: late}), late)
            and len(self.submitted) == number
            and len(self.refused_at) == late
            and all(within(at, self.sent_before) for at in self.submitted)
            and all(within(at, self.sent_after) for at in self.refused_at)
        )

    def __str__(self) -> str:
        slowest = max(self.seconds)
        return f"sent before {dict(self.in_time)}, after {dict(self.late)}, slowest answer {slowest:.1f} s"


def within(at: datetime, span: tuple[datetime, datetime]) -> bool:
    """Whether an instant lies in the span of a sending; what is told is coarser than the clock."""
    return span[0] - timedelta(seconds=1.1) < at < span[1] + timedelta(seconds=1.1)


def prepared(port: int, drafts: Sequence[tuple[str, int]]) -> list[bytes]:
    """The requests that submit these drafts, each as its page of checks would send it."""
    requests = []
    for cookie, subject in drafts:
        browser = Browser.of(port, cookie)
        found = VERSION.search(browser.open(f"/applications/{subject}/check"))
        browser.close()
        assert found
        act = form("submission", subject, f"/applications/{subject}/submission", {"version": found[1]})
        requests.append(posted(browser, act))
    return requests


def close(site: Site, port: int, *, before: float, locked: float) -> Close:
    """Send one half of the site's drafts ``before`` seconds before the close and the other a second after it.

    For ``locked`` seconds from the first sending nobody can write.
    """
    half = len(site.drafts) // 2
    requests = prepared(port, site.drafts)
    closes = datetime.now(UTC) + timedelta(seconds=before)
    with site.app.app_context():
        db.session.execute(update(Contest).where(Contest.applications_close > closes).values(applications_close=closes))
        db.session.commit()
    answers: list[Answer] = []
    with _nobody_writes(site, locked):
        first = Thread(target=lambda: answers.extend(send(port, requests[:half])))
        began = datetime.now(UTC)
        first.start()
    time.sleep(max(0.0, (closes - datetime.now(UTC)).total_seconds() + 1))
    again = datetime.now(UTC)
    late = send(port, requests[half:])
    first.join()
    return _found(site, answers, late, closes, (began, closes), (again, datetime.now(UTC)))


@contextmanager
def _nobody_writes(site: Site, seconds: float) -> Iterator[None]:
    """Hold what every submission needs, for that long from the beginning of the block."""
    with site.app.app_context():
        engine = db.engine
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("LOCK TABLE contests IN EXCLUSIVE MODE"))
        else:
            connection.exec_driver_sql("SELECT 1")
        ends = time.monotonic() + seconds
        yield
        time.sleep(max(0.0, ends - time.monotonic()))
        connection.rollback()


def _found(
    site: Site,
    answers: Sequence[Answer],
    late: Sequence[Answer],
    closes: datetime,
    before: tuple[datetime, datetime],
    after: tuple[datetime, datetime],
) -> Close:
    with site.app.app_context():
        ids = [subject for _, subject in site.drafts]
        rows = db.session.execute(
            select(Application.status, Application.submitted_at).where(Application.id.in_(ids))
        ).all()
        db.session.rollback()
        db.engine.dispose()
    told = [match[1] for answer in late if (match := RECEIVED.search(answer.text))]
    return Close(
        in_time=Counter(answer.status for answer in answers),
        late=Counter(answer.status for answer in late),
        submitted=tuple(row.submitted_at for row in rows if row.submitted_at and row.submitted_at < closes),
        sent_before=before,
        refused_at=tuple(_moscow(words) for words in told),
        sent_after=after,
        drafts=sum(row.status == "draft" for row in rows),
        seconds=tuple(answer.seconds for answer in [*answers, *late]),
    )


def _moscow(words: str) -> datetime:
    return datetime.strptime(words, "%d.%m.%Y %H:%M:%S").replace(tzinfo=UTC) - MOSCOW
