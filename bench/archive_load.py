"""Time a large contest from an archive to its ranking, as the commands do it, and the register over it.

``python -m bench.archive_load --applications 5000`` makes the archive, loads it into an empty SQLite file in a
temporary folder, ranks and dumps it, and prints the seconds and the greatest memory of each command; then the
processor's milliseconds of the register's list, its other orders and its exports. With ``--full-answers`` it does the
same of the contest whose every application answers the whole form of ПП 41, beside the one without answers. Times stand
beside the bare page that ``make bench-web`` counts in. Exit status 1 where a command took longer than its limit (load
60 s, 90 s with answers; ranking 5 s) or the dump differs from the archive.
"""

import argparse
import filecmp
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from bench.web.bare import bare_app
from config import Config
from judging.app import create_app
from judging.cli.facts import contest_of, export_of
from judging.exports import CATALOGUE
from judging.extensions import db
from judging.queries.register import RegisterFilter, register_page

ROOT = Path(__file__).resolve().parents[1]
LIMITS = {"load": 60.0, "ranking": 5.0}
WITH_ANSWERS = {"load": 90.0, "ranking": 5.0}
ROUNDS = 15


@dataclass(frozen=True)
class Told:
    """What a command took: seconds, those of the processor, and the greatest memory of its process in megabytes."""

    seconds: float
    processor: float
    megabytes: float

    def __str__(self) -> str:
        return f"{self.seconds:.1f} s ({self.processor:.1f} s of the processor), {self.megabytes:.0f} MB"


def main() -> int:
    """Run the commands one after another; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--applications", type=int, default=5000)
    parser.add_argument("--full-answers", action="store_true", help="the contest with all answers as well")
    wanted = parser.parse_args()
    page = bare_app().test_client()
    unit = _milliseconds(lambda: page.get("/"))
    print(f"a bare Flask page: {unit:.2f} ms")
    sets = ("no answers", "all answers")[: 1 + wanted.full_answers]
    with ExitStack() as folders:
        places = [Path(folders.enter_context(tempfile.TemporaryDirectory())) for _ in sets]
        failed = [_measure(place, wanted.applications, unit, name) for place, name in zip(places, sets, strict=True)]
        for place, name in zip(places, sets, strict=True):  # last, for what this process holds its children begin with
            print(f"processor ms, {name}")
            _register(place, f"LARGE-{wanted.applications}", unit)
    return int(any(failed))


def _measure(folder: Path, applications: int, unit: float, name: str) -> bool:
    """Run the commands; say whether one took too long or the dump is another archive."""
    archive, code = folder / "large.json", f"LARGE-{applications}"
    answers = () if name == "no answers" else ("--full-answers",)
    limits = WITH_ANSWERS if answers else LIMITS
    _run(folder, "bench.archives", "--applications", str(applications), "--out", str(archive), *answers)
    print(f"{applications} applications, {name}: {archive.stat().st_size / 1e6:.1f} MB")
    _flask(folder, "db", "upgrade")
    slow = [
        not _timed(folder, limits, unit, "load", str(archive)),
        not _timed(folder, limits, unit, "ranking", code, "--format", "json", "--output", str(folder / "ranking.json")),
        not _timed(folder, limits, unit, "ranking", code, "--format", "text", "--output", str(folder / "ranking.txt")),
    ]
    with (folder / "dump.json").open("wb") as output:
        told = _flask(folder, "contest", "dump", code, output=output)
    same = filecmp.cmp(folder / "dump.json", archive, shallow=False)
    print(f"dump: {told}; {'the same archive' if same else 'DIFFERENT'}")
    return any(slow) or not same


def _register(folder: Path, code: str, unit: float) -> None:
    """Print what the register's list, its other orders and the exports of the contest cost within one process."""
    url = f"sqlite:///{next(folder.glob('*.sqlite3'))}"
    app = create_app(Config(secret_key="b" * 40, database_url=url, instance_dir=folder, storage_url="memory:///"))
    with app.app_context():
        contest = contest_of(code)
        acts: Mapping[str, Callable[[], object]] = {
            "register": lambda: register_page(db.session, contest.id, RegisterFilter()),
            "by title": lambda: register_page(db.session, contest.id, RegisterFilter(sort="-title")),
            "by sum": lambda: register_page(db.session, contest.id, RegisterFilter(sort="-requested")),
            "search": lambda: register_page(db.session, contest.id, RegisterFilter(text="редуктор")),
        }
        for name, act in acts.items():
            _tell(name, _milliseconds(act), unit)
        for key in ("reviews-csv", "marks-csv", "ranking-xlsx"):
            _tell(key, _milliseconds(lambda key=key: _exported(code, key), rounds=3), unit)


def _exported(code: str, key: str) -> int:
    export = export_of(db.session, contest_of(code), datetime.now(UTC))
    return sum(map(len, CATALOGUE[key].parts(export)))


def _milliseconds(act: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Return the processor's milliseconds of an act: the middle of several."""
    act()
    found = []
    for _ in range(rounds):
        start = time.process_time()
        act()
        found.append((time.process_time() - start) * 1000)
    return statistics.median(found)


def _tell(name: str, milliseconds: float, unit: float) -> None:
    print(f"{name}: {milliseconds:.1f} ms ({milliseconds / unit:.1f})")


def _timed(folder: Path, limits: Mapping[str, float], unit: float, command: str, *arguments: str) -> bool:
    """Run ``flask contest command``, print what it took, and say whether that is within its limit."""
    told = _flask(folder, "contest", command, *arguments)
    pages = told.processor * 1000 / unit
    print(f"{command} {' '.join(arguments[1:3])}: {told}, {pages:.0f} bare pages (limit {limits[command]:.0f} s)")
    return told.seconds <= limits[command]


def _flask(folder: Path, *arguments: str, output: IO[bytes] | None = None) -> Told:
    """Run a command of the product."""
    return _run(folder, "flask", "--app", "wsgi", *arguments, output=output)


def _run(folder: Path, *arguments: str, output: IO[bytes] | None = None) -> Told:
    """Run a module; the system tells what it used when it ends."""
    environment = os.environ | {"INSTANCE_DIR": str(folder), "DATABASE_URL": ""}
    command, start = (sys.executable, "-m", *arguments), time.perf_counter()
    running = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output or subprocess.DEVNULL)  # noqa: S603 -- our own command
    _, status, used = os.wait4(running.pid, 0)
    running.returncode = os.waitstatus_to_exitcode(status)
    if running.returncode:
        raise SystemExit(f"{' '.join(arguments)}: exit status {running.returncode}")
    size = 1 << 10 if sys.platform != "darwin" else 1 << 20
    return Told(time.perf_counter() - start, used.ru_utime + used.ru_stime, used.ru_maxrss / size)


if __name__ == "__main__":
    sys.exit(main())
