"""Time a large contest from an archive to its ranking, as the commands do it.

``python bench/archive_load.py --applications 5000`` makes the archive, loads it into an empty SQLite file in a
temporary folder, ranks and dumps it, and prints the seconds that each command took from start to end. Exit status 1
where a command took longer than its limit (load 60 s, ranking 5 s) or the dump differs from the archive.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bench.archives import large_contest  # noqa: E402 -- the path to the project comes first
from judging.adapters.archive import dumps  # noqa: E402 -- as above

LIMITS = {"load": 60.0, "ranking": 5.0}


def main() -> int:
    """Run the commands one after another; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--applications", type=int, default=5000)
    applications = parser.parse_args().applications
    with tempfile.TemporaryDirectory() as folder:
        return _measure(Path(folder), applications)


def _measure(folder: Path, applications: int) -> int:
    archive, code = folder / "large.json", f"LARGE-{applications}"
    archive.write_text(dumps(large_contest(applications)), encoding="utf-8")
    print(f"{applications} applications, {archive.stat().st_size / 1e6:.1f} MB")
    _flask(folder, "db", "upgrade")
    slow = [
        not _timed(folder, "load", str(archive)),
        not _timed(folder, "ranking", code, "--format", "json", "--output", str(folder / "ranking.json")),
        not _timed(folder, "ranking", code, "--format", "text", "--output", str(folder / "ranking.txt")),
    ]
    same = _flask(folder, "contest", "dump", code) == archive.read_bytes()
    print("dump: the same archive" if same else "dump: DIFFERENT")
    return int(any(slow) or not same)


def _timed(folder: Path, command: str, *arguments: str) -> bool:
    """Run ``flask contest command``, print how long it took, and say whether that is within its limit."""
    start = time.perf_counter()
    _flask(folder, "contest", command, *arguments)
    took = time.perf_counter() - start
    print(f"{command} {' '.join(arguments[1:3])}: {took:.1f} s (limit {LIMITS[command]:.0f} s)")
    return took <= LIMITS[command]


def _flask(folder: Path, *arguments: str) -> bytes:
    command: Sequence[str] = (sys.executable, "-m", "flask", "--app", "wsgi", *arguments)
    environment = os.environ | {"INSTANCE_DIR": str(folder), "DATABASE_URL": ""}
    done = subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE)  # noqa: S603 -- our own command
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
