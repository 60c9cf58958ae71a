"""A backup made under load is one state of the data; a restored one works; a damaged one is told."""

import json
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from sqlite3 import connect
from typing import Any

import pytest
from click.testing import Result
from flask import Flask

from config import Config
from judging.adapters.backup import NoBackup, copy_database, digest_of
from judging.app import create_app
from judging.extensions import db
from judging.models import Application
from judging.queries.invariants import INVARIANTS, lost_files
from tests.faults.site import Site, make_site

Run = Callable[..., Result]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Site:
    return make_site(tmp_path_factory.mktemp("installation"), sheets=1, drafts=1, uploads=0)


@pytest.fixture
def site(prepared: Site) -> Iterator[Site]:
    yield prepared
    with prepared.app.app_context():
        db.engine.dispose()


def run(app: Flask, command: str, folder: Path) -> tuple[int, str, str]:
    result = app.test_cli_runner().invoke(args=["judging", command, str(folder)])
    with app.app_context():
        db.engine.dispose()
    return result.exit_code, result.stdout, result.stderr


def generation(folder: Path) -> Path:
    return max(path for path in folder.iterdir() if path.name != "documents")


def test_a_backup_is_whole_and_the_next_one_copies_only_what_is_new(site: Site, tmp_path: Path) -> None:
    first = run(site.app, "backup", tmp_path / "kept")
    second = run(site.app, "backup", tmp_path / "kept")
    assert (first[0], first[1].endswith(": 1 documents, 1 of them copied now.\n"), first[2]) == (0, True, "")
    assert second[1].endswith(": 1 documents, 0 of them copied now.\n")
    place = generation(tmp_path / "kept")
    assert run(site.app, "restore-check", tmp_path / "kept") == (0, f"{place}: whole.\n", "")
    assert sorted(path.name for path in place.iterdir()) == ["database.sqlite3", "manifest.json"]
    assert {oct(path.stat().st_mode & 0o777) for path in (tmp_path / "kept").rglob("*") if path.is_file()} == {"0o600"}


def test_a_backup_made_while_others_write_is_one_state_of_the_data(site: Site, tmp_path: Path) -> None:
    stop, begun, path = threading.Event(), threading.Event(), site.folder / "judging.sqlite3"

    def write() -> None:
        with closing(connect(path, timeout=30, isolation_level=None)) as connection:
            while not stop.is_set():
                connection.execute("BEGIN IMMEDIATE")
                connection.execute("UPDATE applications SET version = version + 1")
                connection.execute("UPDATE contests SET version = (SELECT max(version) FROM applications)")
                connection.execute("COMMIT")
                begun.set()

    thread = threading.Thread(target=write)
    thread.start()
    assert begun.wait(30)
    try:
        assert run(site.app, "backup", tmp_path / "kept")[0] == 0
    finally:
        stop.set()
        thread.join()
    copy = generation(tmp_path / "kept") / "database.sqlite3"
    with closing(connect(copy)) as connection:
        assert connection.execute(
            "SELECT count(*) FROM contests WHERE version <> (SELECT max(version) FROM applications)"
        ).fetchone() == (0,)
    assert run(site.app, "restore-check", tmp_path / "kept")[0] == 0


def test_a_restored_backup_is_the_installation(site: Site, tmp_path: Path) -> None:
    run(site.app, "backup", tmp_path / "kept")
    shutil.copytree(tmp_path / "kept" / "documents", tmp_path / "new" / "documents")
    shutil.copyfile(generation(tmp_path / "kept") / "database.sqlite3", tmp_path / "new" / "judging.sqlite3")
    restored = make_app(tmp_path / "new", site)
    assert facts(restored) == facts(site.app)
    with restored.app_context():
        checks = (*INVARIANTS, lost_files(restored.extensions["storage"]))
        assert [str(one) for check in checks if not check.warning for one in check.find(db.session)] == []
        db.session.rollback()
    client = restored.test_client()
    cookie, draft = site.drafts[0]
    client.set_cookie(*cookie.split("=", 1))
    answer = client.get(f"/applications/{draft}/documents")
    assert answer.status_code == 200
    with restored.app_context():
        db.engine.dispose()


def make_app(folder: Path, site: Site) -> Flask:
    return create_app(Config.from_environment(site.environment | {"INSTANCE_DIR": str(folder)}))


def facts(app: Flask) -> list[Any]:
    with app.app_context():
        rows = db.session.query(Application.id, Application.number, Application.status, Application.receipt_sha256)
        found = [tuple(row) for row in rows.order_by(Application.id)]
        db.session.rollback()
        db.engine.dispose()
    return found


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def test_everything_that_is_wrong_with_a_backup_is_told(site: Site, tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    run(site.app, "backup", folder)
    place = generation(folder)
    document = next(path for path in (folder / "documents").rglob("*") if path.is_file())
    key = document.relative_to(folder / "documents")
    flip(document)
    flip(place / "database.sqlite3")
    assert run(site.app, "restore-check", folder) == (
        1,
        f"database.sqlite3: not as it was backed up\n{key}: not as it was backed up\n",
        f"{place}: not to be relied on.\n",
    )
    document.unlink()
    assert f"{key}: missing\n" in run(site.app, "restore-check", folder)[1]


def test_data_that_do_not_hold_are_told_even_where_every_file_is_as_it_was(site: Site, tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    run(site.app, "backup", folder)
    place = generation(folder)
    with closing(connect(place / "database.sqlite3")) as connection, connection:
        connection.execute("UPDATE applications SET indicators = '{\"jobs\": \"many\"}' WHERE status = 'draft'")
    manifest = json.loads((place / "manifest.json").read_text())
    copy = place / "database.sqlite3"
    manifest["files"]["database.sqlite3"] = {"size": copy.stat().st_size, "sha256": digest_of(copy)}
    (place / "manifest.json").write_text(json.dumps(manifest))
    status, out, _ = run(site.app, "restore-check", folder)
    found = f"application {site.drafts[0][1]}"
    told = f"indicators-read: {found}: jobs\narchive-applications: {found}: draft: is not what was sealed\n"
    assert (status, out) == (1, told)


def test_a_backup_that_was_broken_off_does_not_count(site: Site, tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    run(site.app, "backup", folder)
    whole = generation(folder)
    broken = folder / "9999-01-01T000000.000000Z"
    broken.mkdir()
    (broken / "database.sqlite3").write_bytes(b"half")
    assert run(site.app, "restore-check", folder)[1] == f"{whole}: whole.\n"
    shutil.rmtree(whole)
    status, _, err = run(site.app, "restore-check", folder)
    assert (status, err) == (2, f"There is no whole backup in {folder}.\n")


def test_without_pg_dump_it_is_said_what_to_install(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoBackup, match="postgresql-client"):
        copy_database("postgresql+psycopg://u:p@127.0.0.1/x", tmp_path)
