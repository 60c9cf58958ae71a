"""Checks of reports on the firmness of rankings: each is whole, and is the one under whose digest it is stored."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from judging.domain.firmness import from_document
from judging.domain.lifecycle import FirmnessStatus
from judging.models import FirmnessReport
from judging.queries.invariants.checks import Offence


def false_reports(session: Session) -> Iterator[Offence]:
    """Yield reports that do not read, or are of other data than they are stored under."""
    rows = session.scalars(
        select(FirmnessReport)
        .where(FirmnessReport.status == FirmnessStatus.READY)
        .options(undefer(FirmnessReport.document))
        .order_by(FirmnessReport.id)
        .execution_options(yield_per=5)
    )
    for row in rows:
        fault = _fault(row)
        if fault:
            yield Offence("report", row.id, fault)


def _fault(row: FirmnessReport) -> str:
    try:
        report = from_document(row.document or {})
    except (KeyError, TypeError, ValueError, ArithmeticError) as error:
        return f"{type(error).__name__}: {error}"
    return report.digest if report.digest != row.digest else ""
