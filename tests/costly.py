"""Watches every request of every test: nothing costly is done while it writes, when all others wait for it."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import argon2
import xlsxwriter
from flask import has_request_context, request

from judging.adapters.storage import Storage
from judging.exports.workbook import comparing
from judging.queries import rankings
from judging.services import rankings as freezing
from judging.services.applications import documents
from judging.web.contests import pages_creation
from judging.web.phases import unit

COSTLY: tuple[tuple[Any, str], ...] = (
    (argon2.PasswordHasher, "hash"),
    (argon2.PasswordHasher, "verify"),
    (Storage, "put"),
    (documents, "recognise"),
    (rankings, "rank"),
    (freezing, "snapshot_hash"),
    (pages_creation, "receive_archive"),
    (comparing, "read_sheets"),
    (xlsxwriter.Workbook, "__init__"),
)
"""Hashing of passwords, files checked and stored, rankings, archives, workbooks."""

faults: list[str] = []
"""What was done while a request wrote: the test that did it fails."""


def watch() -> None:
    """Wrap everything costly, once a process."""
    for owner, name in COSTLY:
        if not hasattr(getattr(owner, name), "watched"):
            setattr(owner, name, _watched(getattr(owner, name), name))


def _watched(act: Callable[..., Any], name: str) -> Callable[..., Any]:
    @wraps(act)
    def watched(*arguments: Any, **named: Any) -> Any:
        if has_request_context() and unit().writes:
            faults.append(f"{name} while {request.endpoint} writes")
        return act(*arguments, **named)

    watched.watched = True  # type: ignore[attr-defined]  # so that it is wrapped once
    return watched
