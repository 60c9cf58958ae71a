"""The set of connections that the web server's event loop waits for, kept between its turns.

Waitress asks every connection at every turn what it waits for: with 200 connections that took a quarter of the server's
processor. Here a connection is asked again only after something has happened to it.
"""

import select
from collections import deque
from typing import Any

from waitress import wasyncore

INCOMING = select.POLLIN
"""Without urgent data, which nobody reads: a single byte of them would wake the loop for ever."""


class Readiness:
    """The connections of ``channels`` (by file descriptor; it may change between turns) and what each waits for."""

    def __init__(self, channels: dict[int, Any]) -> None:
        self._channels = channels
        self._poll = select.poll()
        self._waits: dict[int, int] = {}
        self._changed: deque[int] = deque()

    def changed(self, descriptor: int) -> None:
        """Something happened to this connection: ask it again. May be called from any thread."""
        self._changed.append(descriptor)

    def turn(self, seconds: float) -> None:
        """Wait for a connection to be ready, at most so long, and let those that are read and write."""
        while self._changed:
            self._ask(self._changed.popleft())
        for descriptor, events in self._poll.poll(round(seconds * 1000)):
            channel = self._channels.get(descriptor)
            if channel is not None:
                wasyncore.readwrite(channel, events)
            self._changed.append(descriptor)

    def _ask(self, descriptor: int) -> None:
        channel = self._channels.get(descriptor)
        wanted = 0
        if channel is not None:
            wanted |= INCOMING if channel.readable() else 0
            wanted |= select.POLLOUT if channel.writable() and not channel.accepting else 0
        if wanted == self._waits.get(descriptor, 0):
            return
        if wanted:
            self._poll.register(descriptor, wanted)
            self._waits[descriptor] = wanted
        else:
            self._poll.unregister(descriptor)
            del self._waits[descriptor]
