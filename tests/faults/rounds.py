"""Rounds of work and death: what was acknowledged, what is lost, what is there twice."""

import os
import random
import subprocess
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256

from sqlalchemy import select

from judging.extensions import db
from judging.models import Application, Document, JournalRecord, Review
from tests.faults.people import DEATH, Act, Browser, saves, submission, uploads
from tests.faults.server import BIN, ROOT, Server
from tests.faults.site import Site


@dataclass
class Tally:
    """What came of it."""

    rounds: int = 0
    acknowledged: Counter[str] = field(default_factory=Counter)
    sent_again: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        kinds = ", ".join(f"{kind} {number}" for kind, number in sorted(self.acknowledged.items()))
        return (
            f"rounds {self.rounds}, acknowledged {self.acknowledged.total()} ({kinds}), sent again {self.sent_again}, "
            f"lost {len(self.lost)}, doubled {len(self.doubled)}"
        )


def run(site: Site, server: Server, rounds: int, chance: random.Random) -> Tally:
    """Let people work and kill the server, ``rounds`` times; after each death look at what is there."""
    tally, drafts = Tally(), iter(site.drafts)
    for _ in range(rounds):
        server.start()
        acts = _work_and_die(site, server, drafts, chance.uniform(0.15, 1.5))
        _send_again(site, acts, tally)
        _look(site, acts, tally)
        tally.rounds += 1
    return tally


@dataclass
class Shift:
    """People at work, each in a thread, until the server dies; ``faults`` are answers that nobody should get."""

    acts: list[Act] = field(default_factory=list)
    faults: list[BaseException] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)

    def work(self, what: Callable[..., None], browser: Browser, subject: int) -> None:
        try:
            what(browser, subject, self.acts, self.stop)
        except DEATH:
            return
        except Exception as error:
            self.faults.append(error)
        finally:
            browser.close()

    def submit(self, port: int, drafts: Iterator[tuple[str, int]]) -> None:
        for cookie, subject in drafts:
            self.work(submission, Browser.of(port, cookie), subject)
            if self.stop.is_set():
                return

    def wait_for_first(self) -> None:
        """Wait until somebody has been served, so that no round is empty."""
        for _ in range(600):
            if self.stop.wait(0.05) or self.faults or any(act.acknowledged for act in list(self.acts)):
                return


def _work_and_die(site: Site, server: Server, drafts: Iterator[tuple[str, int]], seconds: float) -> list[Act]:
    shift = Shift()
    threads = [threading.Thread(target=shift.submit, args=(server.port, drafts))]
    for what, people in ((saves, site.sheets), (uploads, site.uploads)):
        for cookie, subject in people:
            threads.append(threading.Thread(target=shift.work, args=(what, Browser.of(server.port, cookie), subject)))
    for thread in threads:
        thread.start()
    shift.wait_for_first()
    shift.stop.wait(seconds)
    server.kill()
    shift.stop.set()
    for thread in threads:
        thread.join()
    assert not shift.faults, shift.faults
    return shift.acts


def _send_again(site: Site, acts: list[Act], tally: Tally) -> None:
    """Do what the browser does with a form that had no answer: send it as it was, with the key that it had."""
    site.app.config["WTF_CSRF_ENABLED"] = False
    cookies = {("save", subject): cookie for cookie, subject in site.sheets}
    cookies |= {("upload", subject): cookie for cookie, subject in site.uploads}
    cookies |= {("submission", subject): cookie for cookie, subject in site.drafts}
    tally.acknowledged.update(act.kind for act in acts if act.acknowledged)
    for act in acts:
        if not act.acknowledged:
            client = site.app.test_client()
            client.set_cookie(*cookies[act.kind, act.subject].split("=", 1))
            headers = {"X-Requested-With": "fetch"} if act.kind == "save" else {}
            answer = client.post(act.path, data=act.body, content_type=act.content_type, headers=headers)
            assert answer.status_code in (200, 303), (act.kind, answer.status_code, answer.text[:2000])
            tally.sent_again += 1


def _look(site: Site, acts: list[Act], tally: Tally) -> None:
    """Find every act of a round in the database and in the store."""
    with site.app.app_context():
        for act in acts:
            times = LOOKS[act.kind](site, act)
            if times == 0:
                tally.lost.append(f"{act.kind} {act.subject} {act.about}")
            elif times > 1:
                tally.doubled.append(f"{act.kind} {act.subject} {act.about}")
        db.session.rollback()
        db.engine.dispose()


def _saved(site: Site, act: Act) -> int:
    """How often the save of this version is in the journal; 0 as well where the sheet is older than it."""
    review = db.session.get_one(Review, act.subject)
    if review.version <= int(act.about) or int(review.comments["E1"]) < int(act.about):
        return 0
    return _records("review.saved", "review", act.subject, version=int(act.about) + 1)


def _uploaded(site: Site, act: Act) -> int:
    """How often the file is in the slot; 0 as well where its bytes are not in the store."""
    paper = act.body.split(b"\r\n\r\n")[3].rsplit(b"\r\n--limit--", 1)[0]
    digest = sha256(paper).hexdigest()
    rows = db.session.scalars(select(Document).where(Document.sha256 == digest)).all()
    whole = [row for row in rows if b"".join(site.app.extensions["storage"].read(row.storage_key)) == paper]
    journal = _records("document.added", "application", act.subject, sha256=digest)
    return max(len(whole), journal) if whole and journal else 0


def _submitted(site: Site, act: Act) -> int:
    application = db.session.get_one(Application, act.subject)
    alike = select(Application.id).where(
        Application.contest_id == application.contest_id, Application.number == application.number
    )
    found = len(db.session.scalars(alike).all()) if application.number else 0
    return max(found, _records("application.submitted", "application", act.subject)) if found else 0


def _records(event: str, kind: str, subject: int, **details: object) -> int:
    rows = db.session.scalars(
        select(JournalRecord).where(
            JournalRecord.event == event, JournalRecord.subject_type == kind, JournalRecord.subject_id == subject
        )
    )
    return sum(details.items() <= row.details.items() for row in rows)


LOOKS = {"save": _saved, "upload": _uploaded, "submission": _submitted}


def verified(site: Site) -> str:
    """What ``judging verify --files`` says; empty where everything holds."""
    line = [str(BIN / "flask"), "--app", "wsgi", "judging", "verify", "--files"]
    done = subprocess.run(line, cwd=ROOT, env=os.environ | site.environment, capture_output=True, text=True)
    return "" if done.returncode == 0 else done.stdout + done.stderr
