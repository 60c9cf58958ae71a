"""The receipt of a submission: its data in one canonical form, whose SHA-256 anybody can compute anew."""

from datetime import UTC
from typing import Any

from judging.domain.canonical import canonical_json as canonical
from judging.domain.canonical import digest
from judging.domain.completeness import Section
from judging.models import Application, Organisation
from judging.queries.applications import current_documents
from judging.services.applications.drafts import snapshot

__all__ = ["canonical", "receipt_data", "receipt_hash"]

_DATA = (Section.PASSPORT, Section.FINANCE, Section.CONSENTS)


def receipt_data(application: Application) -> dict[str, Any]:
    """Return everything that was submitted: who, when, what, and every file with its size and SHA-256.

    Instants are UTC in ISO 8601, money in kopecks, organisations by ИНН and name.
    """
    cluster = application.cluster
    managing = cluster.managing_organisation
    if application.submitted_at is None:
        raise ValueError("a draft has no receipt")
    return {
        "format": "application-receipt",
        "version": 1,
        "contest": application.contest.code,
        "number": application.number,
        "submitted_at": application.submitted_at.astimezone(UTC).isoformat(),
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


def receipt_hash(data: dict[str, Any]) -> str:
    """Return the SHA-256 of the canonical JSON in hexadecimal digits."""
    return digest(data)


def _organisation(organisation: Organisation) -> dict[str, str]:
    return {"inn": organisation.inn, "ogrn": organisation.ogrn, "name": organisation.name}
