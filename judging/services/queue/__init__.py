"""The one queue: what is asked for in a transaction is done beside the requests, and what came of it is stored once.

:func:`ask` is all that the rest of the services know of it. A worker (``judging/jobs/worker.py``) takes a job under a
new token, works outside any transaction, prolongs its lease meanwhile, and ends the job in the transaction that stores
what came of it, as long as the job has this token. A worker that dies leaves a lease that ends by itself; one that was
merely slow finds its token gone, and its transaction stores nothing.

Which clock: on PostgreSQL the database's, for every instant that a worker decides by. On SQLite, which is one machine,
the worker's; but no clock alone ends another's lease there (``judging/jobs/silences.py``).
"""

from judging.services.queue.asking import SYSTEM, ask, ask_again, cancel, drop, renewed, replace
from judging.services.queue.ending import ClaimLost, fail, finish, release, try_later
from judging.services.queue.instants import instant
from judging.services.queue.taking import Claim, KindTerms, Lease, exhausted, leases, renew, take, waits

__all__ = [
    "SYSTEM",
    "Claim",
    "ClaimLost",
    "KindTerms",
    "Lease",
    "ask",
    "ask_again",
    "cancel",
    "drop",
    "exhausted",
    "fail",
    "finish",
    "instant",
    "leases",
    "release",
    "renew",
    "renewed",
    "replace",
    "take",
    "try_later",
    "waits",
]  # fmt: skip
