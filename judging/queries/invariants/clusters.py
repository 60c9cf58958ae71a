"""The check of clusters: their organisations are those that the records, from the contest's start on, lead to."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from judging.domain.events import Event
from judging.models import JournalRecord
from judging.queries.invariants.checks import Offence
from judging.queries.invariants.starts import Start, contest_starts, since
from judging.queries.states import clusters, short

Known = dict[str, Any]
"""A cluster as :func:`judging.queries.states.clusters` returns it."""


def false_clusters(session: Session) -> Iterator[Offence]:
    """Yield clusters with other members, another managing organisation or other facts than on record."""
    for contest_id, start in contest_starts(session):
        recorded = _recorded(session, contest_id, start)
        stored = clusters(session, contest_id)
        complete = start.sha256 is None or "clusters" in start.document
        for key, cluster in stored.items():
            known = recorded.get(key)
            if known is not None:
                yield from _compared(key, cluster, known)
            elif complete and key not in recorded:
                yield Offence("cluster", key, "no record of how it came to be")
        for key in sorted(recorded.keys() - stored.keys()):
            yield Offence("cluster", key, "is gone without a record")


def _compared(key: int, stored: Known, recorded: Known) -> Iterator[Offence]:
    if stored["facts"] != recorded["facts"]:
        found = "its name, region or industry was changed without a record"
        yield Offence("cluster", key, found, stored["facts"], recorded["facts"])
    before, now = recorded["members"], stored["members"]
    for inn in sorted(before.keys() - now.keys()):
        yield Offence("cluster", key, f"the member {inn} is gone without a record", "no member", "a member")
    for inn in sorted(now.keys() - before.keys()):
        yield Offence("cluster", key, f"the member {inn} has no record", "a member", "no member")
    for inn in sorted(inn for inn in before.keys() & now.keys() if before[inn] != now[inn]):
        yield Offence("cluster", key, f"the member {inn} was changed without a record", now[inn], before[inn])
    if stored["managing"] != recorded["managing"]:
        found = "the managing organisation is another or was changed without a record"
        yield Offence("cluster", key, found, str(stored["managing"]), str(recorded["managing"]))


def _recorded(session: Session, contest_id: int, start: Start) -> Mapping[int, Known | None]:
    """Return the clusters that are known from the seal or from their making; an older seal has none.

    None: a record of the cluster does not say what such a record says now.
    """
    found: dict[int, Known] = {
        key: cluster | {"members": dict(cluster["members"])} for key, cluster in start.rows("clusters").items()
    }
    rows = session.execute(
        since(session, contest_id, start, JournalRecord.subject_id, JournalRecord.details).where(
            JournalRecord.event == Event.CLUSTER_CHANGED
        )
    )
    unread: set[int] = set()
    for row in rows:
        try:
            _follow(found, row)
        except (KeyError, TypeError, ValueError):
            unread.add(row.subject_id)
    return found | dict.fromkeys(unread)


def _follow(found: dict[int, Known], row: Row[Any]) -> None:
    if "organisation" in row.details:
        if row.subject_id in found:
            _place(found[row.subject_id], *row.details["organisation"])
        return
    if row.details["before"] is None:
        found[row.subject_id] = {"facts": "", "members": {}, "managing": None}
    if row.subject_id in found:
        facts = row.details["after"]
        found[row.subject_id]["facts"] = short([facts["name"], facts["region"], facts["industry"]])


def _place(cluster: Known, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> None:
    """Follow what happened to one organisation of a cluster."""
    if before is not None:
        cluster["members"].pop(before["inn"], None)
        managing = cluster["managing"]
        cluster["managing"] = None if managing and managing[0] == before["inn"] else managing
    if after is not None:
        sha = short([after["ogrn"], after["name"], after["region"]])
        cluster["members"] |= {after["inn"]: sha} if after["member"] else {}
        cluster["managing"] = [after["inn"], sha] if after["managing"] else cluster["managing"]
