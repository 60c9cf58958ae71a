"""The sections of an application as they are stored: plain columns, participants, indicators."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from judging.domain.completeness import PRIVATE_SHARE, Section
from judging.models import Application

FIELDS: Mapping[Section, tuple[str, ...]] = {
    Section.PASSPORT: (
        "title", "goal", "summary", "functional_map_position", "topics", "readiness_level", "starts_on", "ends_on",
        "place", "contact_name", "contact_phone", "contact_email",
    ),
    Section.FINANCE: ("total_cost", "own_funds", "loans", "other_budget", "requested"),
    Section.CONSENTS: ("consent_truth", "consent_personal_data", "consent_no_double_funding"),
}  # fmt: skip
"""Sections that are plain columns of the application."""


def snapshot(application: Application, section: Section) -> dict[str, Any]:
    """Return the section as JSON-able values, for the journal, the receipt and for comparing."""
    if section is Section.PARTICIPANTS:
        initiator = application.initiator
        return {
            "initiator": initiator.inn if initiator else None,
            "partners": [[one.organisation.inn, one.role, one.contribution] for one in application.partners],
        }
    if section is Section.NOMINATION:
        return {"nomination": application.nomination.code if application.nomination else None}
    if section is Section.INDICATORS:
        return {code: text for code, text in sorted(application.indicators.items()) if code != PRIVATE_SHARE}
    return {name: _plain(getattr(application, name)) for name in FIELDS[section]}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
