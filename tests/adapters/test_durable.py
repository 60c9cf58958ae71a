"""What is acknowledged is on the disk: files are whole, flushed with their folders, and their owner's alone."""

import fcntl
import hashlib
import io
import json
import os
import stat
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from config import Config
from judging.adapters import durable
from judging.adapters.download_log import DownloadLog
from judging.adapters.storage import Storage, key_of
from judging.app import create_app

MOMENT = datetime(2026, 11, 29, 12, tzinfo=UTC)


class Disk:
    """Notes what is flushed and renamed, in order; ``fail`` names a call that finds no space."""

    def __init__(self, patch: pytest.MonkeyPatch, fail: str = "") -> None:
        self.acts: list[tuple[str, str]] = []
        self._real = {"fsync": durable.sync, "replace": os.replace, "link": os.link}
        self._fail = fail
        for act in self._real:
            place, name = (durable, "sync") if act == "fsync" else (os, act)
            patch.setattr(place, name, lambda *given, act=act: self._note(act, *given))

    def _note(self, act: str, *given: Any) -> None:
        if act == self._fail:
            raise OSError(28, "No space left on device")
        place = path_of(given[0]) if act == "fsync" else str(given[1])
        self.acts.append((act, "partial" if place.endswith(durable.PARTIAL) else Path(place).name))
        self._real[act](*given)


def path_of(descriptor: int) -> str:
    if hasattr(fcntl, "F_GETPATH"):
        return fcntl.fcntl(descriptor, fcntl.F_GETPATH, b"\0" * 1024).rstrip(b"\0").decode()
    return os.readlink(f"/proc/self/fd/{descriptor}")


def modes(folder: Path) -> dict[str, str]:
    return {str(p.relative_to(folder)): oct(stat.S_IMODE(p.stat().st_mode)) for p in (folder, *folder.rglob("*"))}


def test_a_document_is_flushed_before_it_is_named_and_so_is_every_folder_above(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = Disk(monkeypatch)
    stored = Storage.from_url(f"file://{tmp_path}/store").put(io.BytesIO(b"paper"))
    branch = stored.sha256[:2]
    named = [("fsync", "partial"), ("replace", stored.sha256), ("fsync", branch)]
    assert [act for act in disk.acts if act in named] == named
    before = disk.acts[: disk.acts.index(named[0])]
    assert {place for _, place in before} == {tmp_path.name, "store", "sha256"}


def test_the_same_document_again_is_flushed_too_as_its_first_writer_may_have_died(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage = Storage.from_url(f"file://{tmp_path}/store")
    stored = storage.put(io.BytesIO(b"paper"))
    disk = Disk(monkeypatch)
    assert storage.put(io.BytesIO(b"paper")) == stored
    assert disk.acts == [("fsync", stored.sha256[:2])]


@pytest.mark.parametrize("fail", ["fsync", "replace"])
def test_where_the_disk_is_full_nothing_is_left_under_a_key_or_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fail: str
) -> None:
    storage = Storage.from_url(f"file://{tmp_path}/store")
    storage.put(io.BytesIO(b"another"))
    kept = modes(tmp_path)
    content = next(c for n in range(9999) if key_of_bytes(c := b"%d" % n)[:10] == key_of_bytes(b"another")[:10])
    with monkeypatch.context() as patch:
        Disk(patch, fail)
        with pytest.raises(OSError, match="No space left"):
            storage.put(io.BytesIO(content))
    assert modes(tmp_path) == kept
    assert b"".join(storage.read(storage.put(io.BytesIO(content)).key)) == content


def key_of_bytes(content: bytes) -> str:
    return key_of(hashlib.sha256(content).hexdigest())


def test_a_file_cut_short_by_a_power_loss_is_put_right_by_the_next_upload(tmp_path: Path) -> None:
    storage = Storage.from_url(f"file://{tmp_path}/store")
    stored = storage.put(io.BytesIO(b"whole paper"))
    (tmp_path / "store" / stored.key).write_bytes(b"whole")
    storage.put(io.BytesIO(b"whole paper"))
    assert b"".join(storage.read(stored.key)) == b"whole paper"


def test_many_at_once_leave_each_document_once_and_whole(tmp_path: Path) -> None:
    papers = [os.urandom(300_000) for _ in range(3)]
    stores = [Storage.from_url(f"file://{tmp_path}/store") for _ in range(4)]
    threads = [Thread(target=lambda s=s, p=p: s.put(io.BytesIO(p))) for s in stores for p in papers for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    files = sorted(p.read_bytes() for p in (tmp_path / "store").rglob("*") if p.is_file())
    assert files == sorted(papers)


def test_documents_folders_and_logs_are_the_owners_alone_and_older_ones_are_tightened(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        old = tmp_path / "store" / "sha256" / "ab"
        old.mkdir(parents=True)
        (old / "paper").write_bytes(b"old")
        storage = Storage.from_url(f"file://{tmp_path}/store")
        stored = storage.put(io.BytesIO(b"new"))
        DownloadLog(tmp_path / "store" / "log").record(at=MOMENT)
    finally:
        os.umask(before)
    found = modes(tmp_path / "store")
    assert found == {
        ".": "0o700", "sha256": "0o700", "sha256/ab": "0o700", "sha256/ab/paper": "0o600", "log": "0o600",
        f"sha256/{stored.sha256[:2]}": "0o700", stored.key: "0o600",
    }  # fmt: skip


def test_the_files_of_an_older_installation_are_tightened_when_it_starts(tmp_path: Path) -> None:
    place = tmp_path / "instance"
    place.mkdir(mode=0o755)
    names = ("judging.sqlite3", "judging.sqlite3-wal", "judging.sqlite3-shm", "secret-key", "downloads.jsonl")
    for name in names:
        (place / name).write_text("x" * 64)
        (place / name).chmod(0o644)
    create_app(Config.from_environment({"INSTANCE_DIR": str(place)}))
    assert modes(place) == {".": "0o700", "documents": "0o700", **dict.fromkeys(names, "0o600")}


def test_a_folder_that_all_share_is_left_alone(tmp_path: Path) -> None:
    tmp_path.chmod(0o1777)
    Config.from_environment({"INSTANCE_DIR": str(tmp_path)})
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o1777


def test_the_secret_is_kept_flushed_and_of_several_starts_one_makes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = Disk(monkeypatch)
    environment = {"INSTANCE_DIR": str(tmp_path / "one")}
    first = Config.from_environment(environment).secret_key
    durable.write_new(tmp_path / "one" / "secret-key", b"of a slower process")
    assert (len(first), Config.from_environment(environment).secret_key) == (64, first)
    named = [("fsync", "partial"), ("link", "secret-key"), ("fsync", "one")]
    start = disk.acts.index(named[0])
    assert disk.acts[start : start + 3] == named


def test_a_line_of_the_log_of_downloads_is_flushed_with_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk, log = Disk(monkeypatch), DownloadLog(tmp_path / "downloads.jsonl")
    log.record(at=MOMENT, document=1)
    log.record(at=MOMENT, document=2)
    assert disk.acts == [("fsync", "downloads.jsonl"), ("fsync", tmp_path.name), ("fsync", "downloads.jsonl")]


def test_a_full_disk_tears_no_line_and_loses_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "downloads.jsonl"
    log, real = DownloadLog(path), os.write
    log.record(at=MOMENT, document=1)
    with monkeypatch.context() as patch:
        room = iter([10])

        def scarce(descriptor: int, data: bytes) -> int:
            try:
                return real(descriptor, data[: next(room)])
            except StopIteration:
                raise OSError(28, "No space left on device") from None

        patch.setattr(os, "write", scarce)
        log.record(at=MOMENT, document=2)
        log.record(at=MOMENT, document=3)
        assert (path.read_text().count("\n"), path.read_text()[-1], log.waiting) == (1, "\n", 2)
    assert [record.args[1] for record in caplog.records] == [
        json.dumps({"at": MOMENT.isoformat(), "document": number}) for number in (2, 3)
    ]
    log.record(at=MOMENT, document=4)
    assert [json.loads(line)["document"] for line in path.read_text().splitlines()] == [1, 2, 3, 4]
    assert log.waiting == 0
