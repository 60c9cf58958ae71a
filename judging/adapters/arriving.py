"""Files that arrive in pieces: kept until they are whole, so that a break costs no more than the piece it broke.

Each has a folder of its own, ``<application>/<token>``: ``about`` says whose it is and by what it is known again,
``bytes`` holds what has come, flushed to the disk before it is acknowledged. What was looked through has an ``answer``
instead of its bytes, for whoever asks again. Whatever is a day old is cleared.
"""

import json
import os
import re
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO

from judging.adapters import durable
from judging.domain.errors import N_, RuleViolation

PIECE = 1 << 20
"""Bytes of a piece; the first one is what a file is known by again, with its name and size."""
MOST_OPEN = 20
"""Files of one person that may be under way at once."""
TOKEN = re.compile(r"[0-9a-f]{32}")
GONE = N_("This upload is not under way any more. Choose the file again.")


class NotArriving(RuleViolation):
    """There is no such upload of this person, or it cannot go on as asked."""


@dataclass(frozen=True)
class Claim:
    """Whose file it is and for which place, and by what it is known again: name, size, and its first piece's hash."""

    user_id: int
    contest_id: int
    team_id: int | None
    application_id: int
    slot: str
    name: str
    size: int
    head: str = ""


@dataclass(frozen=True)
class Arrival:
    """An upload under way: ``received`` bytes are on the disk. ``answer``: what came of it, where it is over."""

    token: str
    claim: Claim
    received: int
    answer: Mapping[str, Any] | None = None

    @property
    def whole(self) -> bool:
        """Whether every byte is there."""
        return self.received == self.claim.size


class Arriving:
    """The uploads under way, in the folder ``root``; several threads and processes may use it at once."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def known(self, claim: Claim, first: bytes) -> Arrival | None:
        """Return the upload of the very same file that is under way; None where there is none."""
        wanted = _with_head(claim, first)
        return next((one for one in self.of(claim.application_id, claim.user_id) if one.claim == wanted), None)

    def begin(self, claim: Claim, first: bytes) -> Arrival:
        """Begin an upload with its first piece, or go on with that of the very same file.

        Raises :class:`NotArriving` where the piece is no beginning, or too many are under way.
        """
        if len(first) != min(claim.size, PIECE):
            raise NotArriving(N_("The beginning of the file did not come whole. Try again."))
        durable.make_folder(self._root)
        with self._locked():
            found = self.known(claim, first)
            if found is not None:
                return found
            if sum(one.claim.user_id == claim.user_id for one in self.under_way()) >= MOST_OPEN:
                words = N_("No more than %(most)s files can be under way at once: finish or remove one of them first.")
                raise NotArriving(words, most=MOST_OPEN)
            folder = self._root / str(claim.application_id) / secrets.token_hex(16)
            durable.make_folder(folder)
            durable.write_whole(folder / "bytes", [first])
            durable.write_whole(folder / "about", [json.dumps(asdict(_with_head(claim, first))).encode()])
        return Arrival(folder.name, _with_head(claim, first), len(first))

    def find(self, application_id: int, slot: str, token: str, user_id: int | None) -> Arrival:
        """Return an upload of this person for this place; raise :class:`NotArriving`."""
        found = self._read(self._root / str(application_id) / token) if TOKEN.fullmatch(token) else None
        if found is None or (found.claim.slot, found.claim.user_id) != (slot, user_id):
            raise NotArriving(GONE)
        return found

    def add(self, arrival: Arrival, at: int, piece: bytes) -> int:
        """Put a piece behind what is there; return how many bytes are there now.

        A piece that is there already, or that is not the next one, changes nothing: the answer says where to go on.
        """
        if not 0 < len(piece) <= PIECE:
            raise NotArriving(N_("A piece of the file did not come whole. Try again."))
        try:
            descriptor = os.open(self._folder(arrival) / "bytes", os.O_WRONLY | os.O_APPEND)
        except FileNotFoundError as error:
            raise NotArriving(GONE) from error
        try:
            with durable.locked(descriptor):
                there = os.fstat(descriptor).st_size
                if at != there or there + len(piece) > arrival.claim.size:
                    return there
                _write(descriptor, piece, there)
                durable.sync(descriptor)
                return there + len(piece)
        finally:
            os.close(descriptor)

    @contextmanager
    def opened(self, arrival: Arrival) -> Iterator[BinaryIO]:
        """Give the bytes of an upload as a file."""
        try:
            file = (self._folder(arrival) / "bytes").open("rb")
        except FileNotFoundError as error:
            raise NotArriving(GONE) from error
        with file:
            yield file

    def finish(self, arrival: Arrival, answer: Mapping[str, Any]) -> None:
        """Note what came of an upload, and clear its bytes."""
        folder = self._folder(arrival)
        with suppress(FileNotFoundError):
            durable.write_whole(folder / "answer", [json.dumps(answer).encode()])
            (folder / "bytes").unlink()

    def drop(self, arrival: Arrival) -> None:
        """Forget an upload."""
        shutil.rmtree(self._folder(arrival), ignore_errors=True)

    def of(self, application_id: int, user_id: int | None) -> list[Arrival]:
        """The uploads of one person that are under way for an application, by name."""
        found = (self._read(path) for path in self._root.glob(f"{application_id}/*"))
        mine = [one for one in found if one is not None and one.answer is None and one.claim.user_id == user_id]
        return sorted(mine, key=lambda one: (one.claim.name, one.token))

    def under_way(self) -> list[Arrival]:
        """Every upload that is under way."""
        found = (self._read(path.parent) for path in self._root.glob("*/*/bytes"))
        return [one for one in found if one is not None and one.answer is None]

    def sweep(self, before: datetime) -> int:
        """Clear what nobody has added to since that instant; return how many uploads."""
        stale = [path for path in self._root.glob("*/*") if _touched(path) < before.timestamp()]
        for path in stale:
            shutil.rmtree(path, ignore_errors=True)
            with suppress(OSError):
                path.parent.rmdir()  # where nothing else is in it
        return len(stale)

    def _folder(self, arrival: Arrival) -> Path:
        return self._root / str(arrival.claim.application_id) / arrival.token

    def _read(self, folder: Path) -> Arrival | None:
        """One upload; None where it is not there, or not wholly there any more."""
        try:
            claim = Claim(**json.loads((folder / "about").read_bytes()))
            if (folder / "answer").exists():
                return Arrival(folder.name, claim, claim.size, json.loads((folder / "answer").read_bytes()))
            return Arrival(folder.name, claim, (folder / "bytes").stat().st_size)
        except (FileNotFoundError, NotADirectoryError):
            return None

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """One upload is begun at a time, so that the same file is not begun twice."""
        descriptor = os.open(self._root, os.O_RDONLY | os.O_DIRECTORY)
        try:
            with durable.locked(descriptor):
                yield
        finally:
            os.close(descriptor)


def _with_head(claim: Claim, first: bytes) -> Claim:
    return Claim(**{**asdict(claim), "head": sha256(first).hexdigest()})


def _write(descriptor: int, piece: bytes, end: int) -> None:
    """Write all of a piece or nothing of it."""
    rest = memoryview(piece)
    try:
        while rest:
            rest = rest[os.write(descriptor, rest) :]
    except OSError:
        os.ftruncate(descriptor, end)
        raise


def _touched(folder: Path) -> float:
    """When something of an upload was written last."""
    times = [folder.stat().st_mtime] if folder.is_dir() else []
    for name in ("about", "bytes", "answer"):
        with suppress(FileNotFoundError):
            times.append((folder / name).stat().st_mtime)
    return max(times, default=0.0)
