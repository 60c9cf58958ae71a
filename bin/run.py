"""``make run``: migrate, load the demo contest into an empty database, serve on 127.0.0.1:$PORT, work beside it.

The web server is one process with threads on SQLite (``flask judging serve``) and gunicorn with several on PostgreSQL;
beside it one process does the background jobs: long plans and reports, large downloads, and letters when MAIL_URL is
set. Ctrl-C stops both.
"""

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from config import Config, ConfigError  # noqa: E402 -- the root must be on the path first
from judging.adapters.translations import NotCompiled, require_compiled  # noqa: E402

BIN = Path(sys.executable).parent


def flask(*arguments: str) -> None:
    """Run one command of the application; stop with its status where it fails."""
    done = subprocess.run([str(BIN / "flask"), "--app", "wsgi", *arguments], cwd=ROOT, check=False)  # noqa: S603
    if done.returncode:
        sys.exit(done.returncode)


def is_ready(config: Config) -> bool:
    """Whether the embedded database is there at the newest revision, so that serving need not wait for migrations."""
    path = Path(config.database_url.removeprefix("sqlite:///"))
    if not config.database_url.startswith("sqlite:///") or not path.is_file():
        return False
    newest = max(file.name.split("_")[0] for file in (ROOT / "migrations" / "versions").glob("*.py"))
    with closing(sqlite3.connect(path)) as connection:
        try:
            return connection.execute("SELECT version_num FROM alembic_version").fetchone() == (newest,)
        except sqlite3.Error:
            return False


def server(config: Config) -> list[str]:
    """The command line of the web server: one process with threads on SQLite, several on PostgreSQL."""
    if config.database_url.startswith("sqlite"):
        return [str(BIN / "flask"), "--app", "wsgi", "judging", "serve", "--port", str(config.port)]
    return [
        str(BIN / "gunicorn"), "wsgi:app", "--bind", f"127.0.0.1:{config.port}",
        "--workers", str(2 * (os.cpu_count() or 1) + 1), "--threads", "8", "--worker-class", "gthread",
        "--no-control-socket", "--log-level", "warning", "--graceful-timeout", "20", "--timeout", "120",
    ]  # fmt: skip


def main() -> int:
    """Prepare, start, wait; return the server's exit status."""
    os.umask(0o077)  # what is made here is for this user alone
    try:
        config = Config.from_environment()
        require_compiled()
    except (ConfigError, NotCompiled) as error:
        print(f"judging cannot start: {error}", file=sys.stderr)
        return 2
    ready = is_ready(config)
    if not ready:
        flask("judging", "prepare")
    processes = [subprocess.Popen(server(config), cwd=ROOT)]  # noqa: S603 -- our own command line
    if ready:
        flask("judging", "prepare")
    worker = [str(BIN / "flask"), "--app", "wsgi", "judging", "work", "--watch", "--threads", "2"]
    processes.append(subprocess.Popen(worker, cwd=ROOT))  # noqa: S603 -- our own command line

    def stop(_number: int, _frame: FrameType | None) -> None:
        for process in processes:
            process.terminate()

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    status = processes[0].wait()
    for process in processes[1:]:
        process.terminate()
        process.wait()
    return 0 if status < 0 else status


if __name__ == "__main__":
    sys.exit(main())
