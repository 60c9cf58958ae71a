"""Seconds, memory, and whether the others' saves go on meanwhile."""

import time
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread

from tests.attack.browser import Browser
from tests.attack.target import Answer, Attack, Target

MB = 1 << 20


@dataclass(frozen=True)
class Outcome:
    """What came of an attack; ``memory`` is the most that the server and its processes took beyond their rest, in MB.

    ``slowest`` is the longest of the ``saves`` meanwhile in seconds, ``lost`` how many were not acknowledged.
    """

    answer: Answer
    seconds: float
    memory: float
    saves: int
    slowest: float
    lost: int


@dataclass
class Watch:
    """Takes the memory of a process and its children, ten times a second, until it is stopped."""

    pid: int
    most: int = 0
    stop: Event = field(default_factory=Event)

    def run(self) -> None:
        while not self.stop.wait(0.05):
            self.most = max(self.most, memory(self.pid))


def memory(pid: int) -> int:
    """Bytes of a process's own memory and of its children's, mapped files left out; nought where there is no /proc."""
    total = 0
    try:
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("RssAnon:"):
                total += int(line.split()[1]) << 10
        for task in Path(f"/proc/{pid}/task").iterdir():
            total += sum(memory(int(child)) for child in (task / "children").read_text().split())
    except OSError:
        return total
    return total


class Expert(Thread):
    """Saves a sheet again and again, as an expert's browser does."""

    def __init__(self, target: Target, port: int) -> None:
        super().__init__(daemon=True)
        cookie, self._review = target.site.sheets[0]
        self._browser = Browser(port, cookie)
        self.times: list[float] = []
        self.lost = 0
        self.stop = Event()
        self._browser.open(f"/reviews/{self._review}")
        self._version = int(self._browser.version)

    def run(self) -> None:
        while not self.stop.wait(0.05):
            began = time.monotonic()
            fields = {"version": str(self._version), "comment-E1": f"{self._version}"}
            path = f"/reviews/{self._review}/draft?tab=t1"
            status, _ = self._browser.form(path, fields, **{"X-Requested-With": "fetch"})
            self.times.append(time.monotonic() - began)
            if status == 200:
                self._version += 1
            else:
                self.lost += 1


def measured(attack: Attack, target: Target, port: int, pid: int) -> Outcome:
    """Carry out one attack while an expert works."""
    rest, watch, expert = memory(pid), Watch(pid), Expert(target, port)
    watcher = Thread(target=watch.run, daemon=True)
    watcher.start()
    expert.start()
    began = time.monotonic()
    answer = attack.send(port)
    seconds = time.monotonic() - began
    time.sleep(0.2)
    for event in (watch.stop, expert.stop):
        event.set()
    watcher.join()
    expert.join()
    grown = max(0, watch.most - rest) / MB
    return Outcome(answer, seconds, grown, len(expert.times), max(expert.times, default=0), expert.lost)
