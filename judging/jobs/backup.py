"""Backups: the database as it was at one instant, and every document that it names.

A backup is a folder of generations, each with a copy of the database and a manifest, over one store of documents that
they share, so that only new documents are copied. The manifest is written last: a generation without one is not whole.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, select, text
from sqlalchemy.orm import Session

from judging.adapters import backup, durable
from judging.adapters.backup import NoBackup
from judging.adapters.storage import Storage
from judging.domain.errors import N_
from judging.models import Document
from judging.models.engine import reading
from judging.queries.invariants import INVARIANTS, lost_files

DOCUMENTS, MANIFEST, DOWNLOADS = "documents", "manifest.json", "downloads.jsonl"


@dataclass(frozen=True)
class Backup:
    """What was made: its ``folder``, how many ``documents`` it needs, how many of them were ``copied`` now."""

    folder: Path
    documents: int
    copied: int


def make_backup(
    folder: Path, *, database_url: str, storage: Storage, downloads: Path, session: Session, now: datetime
) -> Backup:
    """Make one more generation in ``folder``; raise ``NoBackup``, after which the generation has no manifest.

    Documents are copied before the database and, as far as they came meanwhile, after it: the copy names no others,
    even if a sweep clears some of them in between.
    """
    place = folder / now.strftime("%Y-%m-%dT%H%M%S.%fZ")
    durable.make_folder(place)
    known = _named(session)
    copied = _copy_documents(storage, folder / DOCUMENTS, known)
    copy = backup.copy_database(database_url, place)
    later = _named(session) - known
    copied += _copy_documents(storage, folder / DOCUMENTS, later)
    log = _copy_log(downloads, place / DOWNLOADS)
    with reading():
        revision = session.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
        session.rollback()
    _write_manifest(place, copy, log, sorted(known | later), revision=revision, now=now)
    return Backup(place, len(known | later), copied)


def _named(session: Session) -> set[tuple[str, int, str]]:
    """Return key, size and hash of every document that a row names."""
    with reading():
        rows = session.execute(
            select(Document.storage_key, Document.size, Document.sha256).where(Document.swept_at.is_(None)).distinct()
        ).all()
        session.rollback()
    return {(key, size, digest) for key, size, digest in rows}


def _copy_documents(storage: Storage, target: Path, documents: set[tuple[str, int, str]]) -> int:
    copied = 0
    for key, size, _ in sorted(documents):
        path = target / key
        if path.is_file() and path.stat().st_size == size:
            continue
        durable.make_folder(path.parent)
        try:
            durable.write_whole(path, storage.read(key))
        except FileNotFoundError as error:
            raise NoBackup(N_("The document %(key)s is not in the store."), key=key) from error
        copied += 1
    return copied


def _copy_log(source: Path, target: Path) -> list[Path]:
    if not source.is_file():
        return []
    durable.write_whole(target, backup.pieces(source))
    return [target]


def _write_manifest(
    place: Path, copy: Path, log: list[Path], documents: list[tuple[str, int, str]], *, revision: str, now: datetime
) -> None:
    files = {path.name: {"size": path.stat().st_size, "sha256": backup.digest_of(path)} for path in (copy, *log)}
    manifest = {
        "format": 1,
        "made_at": now.isoformat(),
        "revision": revision,
        "files": files,
        "documents": [{"key": key, "size": size, "sha256": digest} for key, size, digest in documents],
    }
    durable.write_whole(place / MANIFEST, [json.dumps(manifest, ensure_ascii=False, indent=1).encode()])


def newest(folder: Path) -> Path:
    """Return the newest whole generation of a backup; raise ``NoBackup`` where there is none."""
    whole = sorted(path.parent for path in folder.glob(f"*/{MANIFEST}"))
    if not whole:
        raise NoBackup(N_("There is no whole backup in %(path)s."), path=str(folder))
    return whole[-1]


def check_backup(place: Path) -> Iterator[str]:
    """Yield everything that is wrong with a generation: its files, its documents, the facts that must hold in its data.

    Of a dump of PostgreSQL the facts are checked by ``judging verify --files`` once it is restored.
    """
    try:
        manifest: dict[str, Any] = json.loads((place / MANIFEST).read_bytes())
        named = manifest["files"].items()
        documents = {one["key"]: (one["size"], one["sha256"]) for one in manifest["documents"]}
    except (ValueError, KeyError, TypeError) as error:
        yield f"{MANIFEST}: {error!r}"
        return
    faulty = False
    for name, facts in named:
        for fault in _file_faults(place / name, facts):
            faulty = True
            yield f"{name}: {fault}"
    store = place.parent / DOCUMENTS
    for key, (size, digest) in documents.items():
        yield from (f"{key}: {fault}" for fault in _file_faults(store / key, {"size": size, "sha256": digest}))
    if not faulty:
        yield from _data_faults(place, store)


def _file_faults(path: Path, facts: dict[str, Any]) -> Iterator[str]:
    if not path.is_file():
        yield "missing"
    elif (path.stat().st_size, backup.digest_of(path)) != (facts["size"], facts["sha256"]):
        yield "not as it was backed up"


def _data_faults(place: Path, store: Path) -> Iterator[str]:
    copy = next(place / name for name in (backup.SQLITE, backup.POSTGRESQL) if (place / name).is_file())
    faults = backup.faults_of(copy)
    yield from (f"{copy.name}: {fault}" for fault in faults)
    if faults or copy.name != backup.SQLITE:
        return
    engine = create_engine(f"sqlite:///file:{copy.absolute()}?immutable=1&uri=true")
    try:
        with Session(engine) as session:
            for invariant in (*INVARIANTS, lost_files(Storage.from_url(f"file://{store.absolute()}"))):
                if not invariant.warning:
                    yield from (f"{invariant.code}: {offence}" for offence in invariant.find(session))
    finally:
        engine.dispose()
