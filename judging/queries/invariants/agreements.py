"""Checks of what experts agree to: texts under their hashes, and acceptances that are on record."""

from collections.abc import Iterator

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from judging.domain.agreements import agreement_hash
from judging.domain.events import Event
from judging.models import Agreement, AgreementAcceptance, AgreementVersion, Expert, JournalRecord
from judging.queries.agreements import value_of
from judging.queries.invariants.checks import Offence


def false_texts(session: Session) -> Iterator[Offence]:
    """Yield versions that do not give their hash, texts that are not those of the version in force, strange hashes."""
    known: dict[tuple[int, int], str] = {}
    rows = session.execute(
        select(AgreementVersion, Agreement.code)
        .join(Agreement, Agreement.id == AgreementVersion.agreement_id)
        .order_by(AgreementVersion.id)
    )
    for version, code in rows:
        known[version.agreement_id, version.number] = version.sha256
        if agreement_hash(value_of(version, code)) != version.sha256:
            yield Offence("agreement", version.agreement_id, f"version {version.number} does not give its hash")
    for row in session.scalars(select(Agreement).where(Agreement.number > 0).order_by(Agreement.id)):
        if known.get((row.id, row.number)) != agreement_hash(value_of(row, row.code)):
            yield Offence("agreement", row.id, f"its text is not that of version {row.number}")
    for acceptance in session.scalars(select(AgreementAcceptance).order_by(AgreementAcceptance.id)):
        if known.get((acceptance.agreement_id, acceptance.number)) != acceptance.sha256:
            yield Offence("acceptance", acceptance.id, "its hash is of no such version")


def false_acceptances(session: Session) -> Iterator[Offence]:
    """Yield acceptances without their record, and recorded ones of experts who are there that are gone."""
    accepted = JournalRecord.event == Event.AGREEMENT_ACCEPTED
    records = session.execute(
        select(JournalRecord.subject_id, JournalRecord.at, JournalRecord.actor_id, JournalRecord.details)
        .join(Expert, and_(Expert.id == JournalRecord.subject_id, Expert.contest_id == JournalRecord.contest_id))
        .where(accepted)
        .order_by(JournalRecord.id)
    )
    recorded = {
        (row.subject_id, row.details["agreement"], row.details["version"], row.details["sha256"]): (
            row.at,
            row.actor_id,
        )
        for row in records
    }
    rows = session.execute(
        select(AgreementAcceptance, Agreement.code)
        .join(Agreement, Agreement.id == AgreementAcceptance.agreement_id)
        .order_by(AgreementAcceptance.id)
    )
    for row, code in rows:
        if recorded.pop((row.expert_id, code, row.number, row.sha256), None) != (row.at, row.user_id):
            yield Offence("acceptance", row.id, f"the acceptance of {code}, version {row.number}, has no such record")
    for expert_id, code, number, _ in recorded:
        yield Offence("expert", expert_id, f"the recorded acceptance of {code}, version {number}, is gone")
