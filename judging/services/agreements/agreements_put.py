"""All agreements of a contest at once: as a file of settings has them, and as a copied contest begins with them."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from judging.domain import agreements as domain
from judging.domain.access import By
from judging.domain.lifecycle import ContestStatus
from judging.models import Agreement, Contest
from judging.queries import agreements as queries
from judging.services.agreements.agreement_edit import (
    WORDS,
    AgreementChange,
    add_agreement,
    change_agreement,
    discard,
    force_drafts,
    retire,
)


def put_agreements(
    session: Session, contest: Contest, wanted: Sequence[domain.Agreement], reason: str, *, by: By
) -> None:
    """Make the agreements those that are wanted, known by their code, in their order; the contest is held.

    Those that are not wanted are removed as drafts and withdrawn where they are in force. In a published contest all
    are in force from now on.
    """
    rows = {row.code: row for row in queries.of_contest(session, contest.id)}
    codes = [one.code for one in wanted]
    for code, row in rows.items():
        if code not in codes and not row.number:
            discard(session, contest, row, by)
        elif code not in codes and row.withdrawn_at is None:
            retire(session, contest, row, reason.strip(), by)
    for place, one in enumerate(wanted):
        known = rows.get(one.code)
        if known is None:
            known = add_agreement(session, contest.id, AgreementChange(one), by=by)
        else:
            change_agreement(session, known, AgreementChange(one, known.version, reason), by=by)
        known.position = place
        session.flush()
    if ContestStatus(contest.status) is ContestStatus.PUBLISHED:
        force_drafts(session, contest, by=by)


def copy_agreements(session: Session, source_id: int, target: Contest) -> None:
    """Give a new contest the words of another one's agreements, as drafts that come into force with its publication."""
    for place, row in enumerate(queries.kept(session, source_id)):
        words = {name: getattr(row, name) for name in WORDS}
        session.add(Agreement(contest_id=target.id, position=place, code=row.code, number=0, **words))
    session.flush()
