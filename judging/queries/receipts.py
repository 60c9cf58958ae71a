"""The receipt of a submission: as it was kept, or made from the rows; its data in one canonical form, and its parts."""

from datetime import UTC, datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from judging.domain.canonical import digest
from judging.domain.completeness import Section
from judging.models import Application, Organisation, Submission
from judging.models.base import table_of
from judging.queries.applications import current_documents
from judging.queries.sections import snapshot

_DATA = (Section.PASSPORT, Section.FINANCE, Section.CONSENTS)


def kept_receipt(session: Session, application: Application) -> dict[str, Any]:
    """Return what was submitted last, as it was kept then; of an application that came with an archive, what it holds.

    Raises ValueError for one that was never submitted.
    """
    kept: dict[str, Any] | None = session.scalar(_last(), {"application": application.id})
    return receipt_data(application) if kept is None else kept


@cache
def _last() -> Select[Any]:
    table = table_of(Submission).c
    document: Any = table.document
    mine = select(document).where(table.application_id == bindparam("application"))
    return mine.order_by(table.number.desc()).limit(1)


def receipt_data(application: Application) -> dict[str, Any]:
    """Return everything that was submitted, by the rows: who, when, what, and every file with its size and SHA-256.

    Instants are UTC in ISO 8601, money in kopecks, organisations by ИНН and name.
    """
    if application.submitted_at is None or application.number is None:
        raise ValueError("a draft has no receipt")
    return receipt_of(application, number=application.number, submitted_at=application.submitted_at)


def receipt_of(application: Application, *, number: str, submitted_at: datetime) -> dict[str, Any]:
    """Return the receipt of an application that is submitted with this number at this instant."""
    return {
        "format": "application-receipt",
        "version": 1,
        "number": number,
        "submitted_at": submitted_at.astimezone(UTC).isoformat(),
        **content(application),
    }


def content(application: Application) -> dict[str, Any]:
    """Return what a receipt holds of an application, or would hold of a draft if it were submitted now."""
    cluster = application.cluster
    managing = cluster.managing_organisation
    return {
        "contest": application.contest.code,
        "cluster": {
            "name": cluster.name,
            "region": cluster.region,
            "industry": cluster.industry,
            "managing_organisation": _organisation(managing) if managing else None,
        },
        "initiator": _organisation(application.initiator) if application.initiator else None,
        "partners": [
            {**_organisation(one.organisation), "role": one.role, "contribution": one.contribution}
            for one in application.partners
        ],
        "data": {section.value: snapshot(application, section) for section in _DATA},
        "indicators": dict(application.indicators),
        "documents": [
            {"slot": file.slot, "filename": file.filename, "size": file.size, "sha256": file.sha256}
            for file in current_documents(application)
        ],
    }


def receipt_parts(data: dict[str, Any]) -> dict[str, Any]:
    """Return the receipt in named parts, so that the one that was changed can be told.

    Short facts (instant, number, money, indicators, the initiator's ИНН) stand as they are, texts as their hash;
    files under their slot and name.
    """
    passport = {f"passport.{name}": _short({name: value}) for name, value in data["data"]["passport"].items()}
    finance = {f"finance.{name}": value for name, value in data["data"]["finance"].items()}
    indicators = {f"indicators.{name}": value for name, value in data["indicators"].items()}
    files = {f"documents.{file['slot']}/{file['filename']}": file["sha256"] for file in data["documents"]}
    initiator = data["initiator"] or {}
    return {
        "contest": data["contest"],
        "number": data["number"],
        "submitted_at": data["submitted_at"],
        "initiator.inn": initiator.get("inn"),
        "initiator": _short(initiator),
        "cluster": _short(data["cluster"]),
        "partners": _short({"partners": data["partners"]}),
        **passport,
        **finance,
        "consents": _short(data["data"]["consents"]),
        **indicators,
        **files,
    }


def _short(document: dict[str, Any]) -> str:
    return digest(document)[:32]


def _organisation(organisation: Organisation) -> dict[str, str]:
    return {"inn": organisation.inn, "ogrn": organisation.ogrn, "name": organisation.name}
