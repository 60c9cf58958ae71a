"""The log of downloads: one JSON object a line in a file that is only ever added to.

A download is a GET and a GET writes nothing to the database, so that reading never waits for a writer. Who took which
file when is kept here, and is on the disk before the first byte is sent.
"""

import json
import os
from datetime import datetime
from pathlib import Path


class DownloadLog:
    """The log at ``path``; several threads and processes may write at once."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def record(self, *, at: datetime, **facts: object) -> None:
        """Add one line: ``at`` as ISO 8601 and the facts, which must be JSON."""
        line = json.dumps({"at": at.isoformat(), **facts}, ensure_ascii=False) + "\n"
        descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(descriptor, line.encode())
        finally:
            os.close(descriptor)
