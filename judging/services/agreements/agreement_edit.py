"""The texts that experts accept: written as drafts, frozen version by version once they are in force."""

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from judging.domain import agreements as domain
from judging.domain.access import By
from judging.domain.errors import N_, Fault, Refused
from judging.domain.events import Event
from judging.domain.gates import Act
from judging.domain.lifecycle import NotPossible, ReasonMissing
from judging.models import Agreement, AgreementVersion, Contest
from judging.queries import agreements as queries
from judging.services import audit
from judging.services.concurrency import check_version
from judging.services.holding import hold, hold_with

WORDS = ("title", "title_en", "text", "text_en")
LONGEST_REASON = 2000


@dataclass(frozen=True)
class AgreementChange:
    """An agreement as it is to be; ``version`` is that of the row which was looked at, None for a new one.

    ``reason``: why the text is another one; a draft needs none.
    """

    agreement: domain.Agreement
    version: int | None = None
    reason: str = ""


def add_agreement(session: Session, contest_id: int, change: AgreementChange, *, by: By) -> Agreement:
    """Add an agreement as a draft, which nobody is asked for; raise ``Refused`` (paths start at it)."""
    contest = hold(session, contest_id, Act.CHANGE_AGREEMENTS)
    rows = queries.of_contest(session, contest.id)
    faults = list(domain.agreement_faults(change.agreement))
    if any(row.code == change.agreement.code for row in rows):
        faults.append(Fault("code", N_("The code %(code)s is used twice"), {"code": change.agreement.code}))
    if len(rows) >= domain.MOST_AGREEMENTS:
        faults.append(Fault("code", N_("No more than %(most)s agreements"), {"most": domain.MOST_AGREEMENTS}))
    if faults:
        raise Refused(faults)
    row = Agreement(
        contest_id=contest.id, position=max((one.position for one in rows), default=-1) + 1,
        code=change.agreement.code, number=0, **{name: getattr(change.agreement, name) for name in WORDS},
    )  # fmt: skip
    session.add(row)
    note(session, contest, row, {"sha256": [None, domain.agreement_hash(change.agreement)]}, by)
    return row


def change_agreement(session: Session, row: Agreement, change: AgreementChange, *, by: By) -> Agreement:
    """Change the words: of a draft at once, of what is in force by a new version that everybody is asked for anew.

    The code stays. Words equal to the stored ones change nothing. Raises ``Refused``, ``Stale``, ``ReasonMissing``.
    """
    hold_with(session, row, Act.CHANGE_AGREEMENTS)
    check_version(row, -1 if change.version is None else change.version)
    contest = session.get_one(Contest, row.contest_id)
    wanted = replace(change.agreement, code=row.code)
    faults = domain.agreement_faults(wanted)
    if faults:
        raise Refused(faults)
    before = queries.value_of(row, row.code)
    if wanted == before and row.withdrawn_at is None:
        return row
    if row.number:
        _require_reason(change.reason)
    for name in WORDS:
        setattr(row, name, getattr(wanted, name))
    hashes: dict[str, Any] = {"sha256": [domain.agreement_hash(before), domain.agreement_hash(wanted)]}
    if row.number:
        row.withdrawn_at = None
        frozen(session, row, change.reason.strip(), by)
        hashes |= {"version": [row.number - 1, row.number], "reason": change.reason.strip()}
    note(session, contest, row, hashes, by)
    return row


def force_agreement(session: Session, row: Agreement, *, version: int, by: By) -> Agreement:
    """Put a draft in force: from now on every expert of the contest is asked to accept it first."""
    hold_with(session, row, Act.FORCE_AGREEMENTS)
    check_version(row, version)
    if row.number:
        raise NotPossible(N_("The agreement is in force already."))
    _force(session, session.get_one(Contest, row.contest_id), row, by)
    return row


def force_drafts(session: Session, contest: Contest, *, by: By) -> None:
    """Put everything in force that waits for the publication of a contest, which is held."""
    for row in queries.kept(session, contest.id):
        if not row.number:
            _force(session, contest, row, by)


def withdraw_agreement(session: Session, row: Agreement, reason: str, *, version: int, by: By) -> Agreement:
    """Ask nobody for an agreement any more; who accepted which version of it stays on record."""
    hold_with(session, row, Act.CHANGE_AGREEMENTS)
    check_version(row, version)
    if not row.number or row.withdrawn_at is not None:
        raise NotPossible(N_("Only an agreement in force is withdrawn."))
    _require_reason(reason)
    retire(session, session.get_one(Contest, row.contest_id), row, reason.strip(), by)
    return row


def remove_agreement(session: Session, row: Agreement, *, version: int, by: By) -> None:
    """Remove a draft; what was in force is withdrawn instead."""
    hold_with(session, row, Act.CHANGE_AGREEMENTS)
    check_version(row, version)
    if row.number:
        raise NotPossible(N_("Only a draft is removed: an agreement that was in force is withdrawn."))
    discard(session, session.get_one(Contest, row.contest_id), row, by)


def retire(session: Session, contest: Contest, row: Agreement, reason: str, by: By) -> None:
    """Withdraw an agreement that is in force, of a contest that is held."""
    row.withdrawn_at = by.now
    note(session, contest, row, {"withdrawn": True, "version": row.number, "reason": reason}, by)


def discard(session: Session, contest: Contest, row: Agreement, by: By) -> None:
    """Remove a draft of a contest that is held."""
    details = {"sha256": [domain.agreement_hash(queries.value_of(row, row.code)), None]}
    session.delete(row)
    session.flush()
    note(session, contest, row, details, by)


def frozen(session: Session, row: Agreement, reason: str, by: By) -> AgreementVersion:
    """Freeze the words as the next version, which is in force from now on."""
    row.number += 1
    session.flush()
    kept = AgreementVersion(
        agreement_id=row.id, number=row.number, sha256=domain.agreement_hash(queries.value_of(row, row.code)),
        reason=reason, at=by.now, by_id=by.actor.user_id, **{name: getattr(row, name) for name in WORDS},
    )  # fmt: skip
    session.add(kept)
    return kept


def note(session: Session, contest: Contest, row: Agreement, details: dict[str, Any], by: By) -> None:
    """Put a change of a contest's agreements on record."""
    audit.record(
        session, Event.AGREEMENTS_CHANGED, by=by, subject=contest, label=contest.title, contest_id=contest.id,
        details={"agreement": row.code, "title": row.title} | details,
    )  # fmt: skip


def _force(session: Session, contest: Contest, row: Agreement, by: By) -> None:
    kept = frozen(session, row, "", by)
    note(session, contest, row, {"version": [None, kept.number], "sha256": kept.sha256}, by)


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise ReasonMissing(N_("Give the reason."))
    if len(reason.strip()) > LONGEST_REASON:
        raise Refused([Fault("reason", N_("No more than %(limit)s characters"), {"limit": LONGEST_REASON})])
