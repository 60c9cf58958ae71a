"""The log of downloads: one JSON object a line in a file that is only ever added to.

A download is a GET and a GET writes nothing to the database, so that reading never waits for a writer. Who took which
file when is kept here, and is on the disk before the first byte is sent. The file is opened anew for every line, so it
may be moved away at any time to be kept elsewhere.

A full or broken disk stops no download. The lines wait in memory, in order, are in the server's own log meanwhile, and
go to the file as soon as it takes them.
"""

import json
import logging
import re
from collections import deque
from datetime import datetime
from pathlib import Path
from threading import Lock

from judging.adapters import durable

MOST_WAITING = 10_000
"""How many lines wait in memory at most; the server's own log has them all."""
_BREAKS = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff]")
"""What JSON lets stand in a text, and some reader of lines takes for the end of one, or no file can hold."""
logger = logging.getLogger(__name__)


class DownloadLog:
    """The log at ``path``; several threads and processes may write at once."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._waiting: deque[bytes] = deque(maxlen=MOST_WAITING)
        self._turn = Lock()

    @property
    def waiting(self) -> int:
        """How many lines are not in the file yet."""
        return len(self._waiting)

    def record(self, *, at: datetime, **facts: object) -> None:
        """Add one line: ``at`` as ISO 8601 and the facts, which must be JSON."""
        line = _BREAKS.sub(_escaped, json.dumps({"at": at.isoformat(), **facts}, ensure_ascii=False))
        with self._turn:
            self._waiting.append(line.encode() + b"\n")
            try:
                durable.append_line(self._path, b"".join(self._waiting))
            except OSError as error:
                logger.error("the log of downloads takes no line (%s): %s", error, line)
            else:
                self._waiting.clear()


def _escaped(sign: re.Match[str]) -> str:
    return f"\\u{ord(sign[0]):04x}"
