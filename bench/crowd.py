"""What the last minutes before a deadline are like: the server as it runs, and people who all press at once.

``submissions``: 200 prepared drafts with their documents are submitted at one instant; every one must be in the
register once. ``saves``: experts save their sheets without a pause, 1, 4 and 16 at a time. ``sign-ins``: 16 experts who
save once a second, as a page that is typed into does, alone and beside 20 people a second who sign in. Times are of the
client, beside the time of a bare Flask page on the same machine in the same run, because a machine that is busy makes
everything slower alike. Loopback only.

    python -m bench.crowd submissions|saves|sign-ins [--people N] [--seconds N] [--workers N] [--database URL]
"""

import argparse
import os
import random
import re
import secrets
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import Manager, get_context
from pathlib import Path

from sqlalchemy import select

from judging.extensions import db
from judging.models import Application
from judging.services.accounts.password_hashing import hash_password
from tests import factories
from tests.faults.people import VERSION, Act, Browser, form
from tests.faults.server import Server, _free_port
from tests.faults.site import Site, make_site

PASSWORD = "вишня сад забор луна"  # noqa: S105 -- of people who live for a minute
BARE = "import flask; app = flask.Flask('bare'); app.get('/favicon.ico')(lambda: 'ok')"
WAVE = 20
"""Sign-ins a second."""


def share(times: Sequence[float], percent: int) -> float:
    """The time in milliseconds within which ``percent`` of the requests were answered."""
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)] * 1000


def line(name: str, times: Sequence[float], unit: float) -> str:
    """One line of the report; the last figure is the median in bare Flask pages."""
    p50, p95 = share(times, 50), share(times, 95)
    return (
        f"{name:34} {len(times):6} p50 {p50:8.1f} ms  p95 {p95:8.1f} ms  max {max(times) * 1000:8.1f} ms"
        f"  ({p50 / unit:.0f} bare pages)"
    )


def bare_page(folder: Path) -> float:
    """The median of a page of bare Flask under the same server, in milliseconds."""
    (folder / "bare.py").write_text(BARE, "utf-8")
    port = _free_port()
    command = [str(Path(sys.executable).parent / "gunicorn"), "bare:app", "--bind", f"127.0.0.1:{port}",
               "--threads", "8", "--no-control-socket", "--log-level", "error"]  # fmt: skip
    process = subprocess.Popen(command, cwd=folder, stderr=subprocess.DEVNULL)  # noqa: S603 -- our own command line
    try:
        browser, times = Browser(port, {}), []
        _wait_for(port)
        for _ in range(300):
            times.append(timed(lambda: browser.open("/favicon.ico")))
        browser.close()
        return statistics.median(times) * 1000
    finally:
        process.terminate()
        process.wait()


def timed(act: Callable[[], object]) -> float:
    """Seconds that an act takes."""
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def together(acts: Sequence[Callable[[], object]]) -> list[float]:
    """Begin every act at one instant, each in a thread; return the seconds of each."""
    barrier, times = threading.Barrier(len(acts)), []

    def run(act: Callable[[], object]) -> None:
        barrier.wait(60)
        times.append(timed(act))

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if len(times) != len(acts):
        raise SystemExit(f"{len(acts) - len(times)} of {len(acts)} failed")
    return times


def submissions(site: Site, server: Server, wanted: argparse.Namespace, unit: float) -> None:
    """Submit every draft at one instant."""
    prepared = [_prepared(server.port, cookie, number) for cookie, number in site.drafts]
    before = _cpu(server)
    times = together([lambda p=pair: p[0].send(p[1]) for pair in prepared])  # type: ignore[misc]
    cost = (_cpu(server) - before) / len(times) * 1000
    with site.app.app_context():
        numbers = list(
            db.session.scalars(
                select(Application.number).where(Application.id.in_([number for _, number in site.drafts]))
            )
        )
    once = len(set(numbers) - {None})
    print(line(f"{len(times)} submissions at once", times, unit))
    print(f"in the register, each once: {once} of {len(site.drafts)}; {cost:.1f} ms of the server's processor each")


def saves(site: Site, server: Server, wanted: argparse.Namespace, unit: float) -> None:
    """Save sheets by 1, 4 and 16 experts at a time."""
    for writers in (1, 4, 16):
        print(line(f"saves by {writers}", _saves(site, server, wanted.seconds, writers), unit))


def sign_ins(site: Site, server: Server, wanted: argparse.Namespace, unit: float) -> None:
    """Save sheets alone, beside people who sign in, and beside as many who sign in at another server.

    The other server has its own process and database on the same processors: what the saves lose beside it they lose to
    the machine, and what they lose beyond that is what this server lets one person's sign-in cost another.
    """
    print(line("16 who save once a second, alone", _saves(site, server, wanted.seconds, 16, 1), unit))
    with _another() as (elsewhere, port):
        for name, at, crowd in (
            (f"the same beside {WAVE} a second", server.port, site),
            (f"beside {WAVE} a second at another server", port, elsewhere),
        ):
            with _wave(at, _with_passwords(crowd)) as wave:
                beside = _saves(site, server, wanted.seconds, 16, 1)
            print(line(name, beside, unit))
            print(line("sign-ins", wave, unit))


@contextmanager
def _another() -> Iterator[tuple[Site, int]]:
    """A server of its own, with a database of its own."""
    with tempfile.TemporaryDirectory(prefix="judging-bench-") as folder:
        site = make_site(Path(folder), "", sheets=1, drafts=1, uploads=1)
        server = Server(site.environment, workers=1)
        server.start()
        try:
            yield site, server.port
        finally:
            server.stop()


def _prepared(port: int, cookie: str, number: int) -> tuple[Browser, Act]:
    browser = Browser.of(port, cookie)
    version = _version(browser, f"/applications/{number}/check")
    browser.close()
    browser.connection = None
    fields: dict[str, object] = {
        "version": version, "csrf_token": browser.token, "request_key": secrets.token_urlsafe(24),
    }  # fmt: skip
    return browser, form("submission", number, f"/applications/{number}/submission", fields)


def _version(browser: Browser, path: str) -> int:
    found = VERSION.search(browser.open(path))
    if found is None:
        raise SystemExit(f"no form at {path}")
    return int(found[1])


def _saves(site: Site, server: Server, seconds: float, writers: int, pause: float = 0) -> list[float]:
    times: list[float] = []
    ready = threading.Barrier(writers)

    def type_on(place: int, cookie: str, review: int) -> None:
        browser = Browser.of(server.port, cookie)
        version = _version(browser, f"/reviews/{review}")
        ready.wait(60)
        time.sleep(pause * place / writers)
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            fields: dict[str, object] = {"version": version, "comment-E1": f"{version}", "csrf_token": browser.token}
            act = form("save", review, f"/reviews/{review}/draft?tab=t{review}", fields)
            times.append(timed(lambda act=act: browser.send(act)))  # type: ignore[misc]
            version += 1
            time.sleep(max(0.0, pause - times[-1]))
        browser.close()

    threads = [threading.Thread(target=type_on, args=(n, *sheet)) for n, sheet in enumerate(site.sheets[:writers])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return times


@contextmanager
def _wave(port: int, emails: Sequence[str]) -> Iterator[list[float]]:
    """People who sign in while the block runs; what is given holds the seconds of each, after the block.

    They come from a process of their own that others go before: what is measured is the server, and not how two crowds
    in one client keep each other waiting.
    """
    times: list[float] = []
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool, Manager() as manager:
        stop = manager.Event()
        wave = pool.submit(_sign_ins, port, list(emails), stop)
        yield times
        stop.set()
        times += wave.result()


def _sign_ins(port: int, emails: Sequence[str], stop: threading.Event) -> list[float]:
    os.nice(5)
    threads, entered = [], list[float]()
    for email in emails:
        if stop.wait(random.expovariate(WAVE)):
            break
        threads.append(threading.Thread(target=_sign_in, args=(port, email, entered)))
        threads[-1].start()
    for thread in threads:
        thread.join()
    return entered


def _sign_in(port: int, email: str, entered: list[float]) -> None:
    browser = Browser(port, {})
    browser.open("/sign-in")
    act = form("sign-in", 0, "/sign-in", {"email": email, "password": PASSWORD, "csrf_token": browser.token})
    try:
        entered.append(timed(lambda: browser.send(act)))
    except AssertionError as refusal:
        print(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", str(refusal)))[:600], file=sys.stderr)
    browser.close()


def _with_passwords(site: Site, people: int = 400) -> list[str]:
    with site.app.app_context():
        hashed = hash_password(PASSWORD)
        emails = [factories.user(db.session, password_hash=hashed).email for _ in range(people)]
        db.session.commit()
        db.engine.dispose()
    return emails


def _cpu(server: Server) -> float:
    """Processor seconds that the server's processes have used so far; nought where the system does not say (Linux)."""
    group, ticks = server.processes[0].pid, 0
    for file in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = file.read_text("ascii", "replace").rpartition(")")[2].split()
        except OSError:
            continue
        ticks += sum(map(int, fields[11:13])) if int(fields[2]) == group else 0
    return ticks / os.sysconf("SC_CLK_TCK")


def _wait_for(port: int) -> None:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise SystemExit("the bare page did not start")


SCENES = {"submissions": submissions, "saves": saves, "sign-ins": sign_ins}


def main(arguments: Sequence[str] | None = None) -> None:
    """Make a site, serve it, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m bench.crowd")
    parser.add_argument("scene", choices=SCENES)
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--database", default="")
    wanted = parser.parse_args(arguments)
    drafts = wanted.people if wanted.scene == "submissions" else 1
    with tempfile.TemporaryDirectory(prefix="judging-bench-") as folder:
        place = Path(folder)
        unit = bare_page(place)
        site = make_site(place, wanted.database, sheets=16, drafts=drafts, uploads=1)
        server = Server(site.environment, workers=wanted.workers)
        server.start()
        cpu = _cpu(server)
        try:
            print(f"a bare Flask page: {unit:.2f} ms")
            SCENES[wanted.scene](site, server, wanted, unit)
            print(f"processor seconds of the server: {_cpu(server) - cpu:.1f}")
        finally:
            server.stop()


if __name__ == "__main__":
    main()
