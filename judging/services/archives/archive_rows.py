"""The rows that a contest's record becomes, as dictionaries for bulk insertion.

Instants that an archive does not hold (who admitted the application, when the expert was told) stay empty, save those
that the stored status cannot be without: a submitted review had been accepted by the time it was handed in.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from judging.adapters.archive import decimals_object, nomination_object, rules_object, sheet_object
from judging.domain import record
from judging.domain.collation import sort_key
from judging.domain.conflicts import DETECTED, reason_code
from judging.domain.identifiers import numbers_given
from judging.domain.nominations import Nomination
from judging.domain.record import ReviewState, application_status_of, review_status_of
from judging.domain.sheet_rules import Audience
from judging.services.archives.submitted_rows import NOTHING_SAID, Submitted, contributions, last_at
from judging.services.search_texts import application_text, expert_text

Values = dict[str, Any]
Ids = Mapping[str, int]


@dataclass(frozen=True)
class Known:
    """The ids of what applications refer to: clusters by code, organisations by ИНН, nominations by code."""

    clusters: Ids
    organisations: Ids
    nominations: Ids


@dataclass(frozen=True)
class Place:
    """Where rows go: the contest they belong to, and the instant of loading."""

    contest_id: int
    now: datetime


def terms_values(loaded: record.ContestRecord) -> Values:
    """Return the columns of the contest itself that the archive decides, those of its form aside."""
    terms = loaded.contest
    return {
        "title": terms.title,
        "timezone": terms.timezone,
        "applications_open": terms.applications_open,
        "applications_close": terms.applications_close,
        "review_close": terms.review_close,
        "budget": terms.budget,
        "rules": rules_object(terms.rules),
        "sheet": sheet_object(terms.sheet),
        "frozen_base": None if terms.frozen_base is None else decimals_object(terms.frozen_base),
        "applications_received": numbers_given([item.number for item in loaded.applications]),
    }


def organisation_rows(place: Place, organisations: Iterable[record.Organisation]) -> Iterator[Values]:
    """Yield a row for every legal entity."""
    for item in organisations:
        yield {
            "contest_id": place.contest_id,
            "inn": item.inn,
            "ogrn": item.ogrn,
            "name": item.name,
            "region": item.region,
            "sort_name": sort_key(item.name),
        }


def cluster_rows(place: Place, clusters: Iterable[record.Cluster], inns: Ids) -> Iterator[Values]:
    """Yield a row for every cluster; ``inns`` are the ids of the legal entities by ИНН."""
    for item in clusters:
        yield {
            "contest_id": place.contest_id,
            "code": item.code,
            "name": item.name,
            "region": item.region,
            "industry": item.industry,
            "sort_name": sort_key(item.name),
            "managing_organisation_id": inns[item.managing_organisation],
        }


def member_rows(clusters: Iterable[record.Cluster], codes: Ids, inns: Ids) -> Iterator[Values]:
    """Yield a row for every membership of a cluster."""
    for cluster in clusters:
        for position, inn in enumerate(cluster.members):
            yield {"cluster_id": codes[cluster.code], "organisation_id": inns[inn], "position": position}


def nomination_rows(place: Place, nominations: Iterable[Nomination]) -> Iterator[Values]:
    """Yield a row for every nomination."""
    for position, item in enumerate(nominations):
        yield {
            "contest_id": place.contest_id,
            "position": position,
            "code": item.code,
            "title": item.title,
            "title_en": item.title_en,
            "definition": nomination_object(item),
        }


def application_rows(place: Place, loaded: record.ContestRecord, known: Known, given: Submitted) -> Iterator[Values]:
    """Yield a row for every application; what it submitted last says what an archive's own keys do not."""
    clusters = {item.code: item.name for item in loaded.clusters}
    names = {item.inn: item.name for item in loaded.organisations}
    for item in loaded.applications:
        found = (item.number, item.title, clusters[item.cluster], names[item.initiator], item.initiator)
        yield {
            "contest_id": place.contest_id,
            "cluster_id": known.clusters[item.cluster],
            "initiator_id": known.organisations[item.initiator],
            "nomination_id": None if item.nomination is None else known.nominations[item.nomination],
            "number": item.number,
            "status": application_status_of(item.status).value,
            "title": item.title,
            "indicators": decimals_object(item.indicators),
            "created_at": item.submitted_at,
            "updated_at": last_at(item),
            "submitted_at": item.submitted_at,
            "search_text": application_text(*found),
            "sort_title": sort_key(item.title),
            "sort_number": sort_key(item.number),
            **NOTHING_SAID,
            "topics": list(item.topics),
            "total_cost": item.total_cost,
            "requested": item.requested,
            "panel_verdict": item.panel and item.panel.verdict.value,
            "panel_reason": item.panel and item.panel.reason,
            **given.columns(item),
        }


def partner_rows(applications: Iterable[record.Application], numbers: Ids, inns: Ids) -> Iterator[Values]:
    """Yield a row for every participant beside an initiator; ``numbers`` are the ids of the applications."""
    for application in applications:
        given = zip(application.partners, contributions(application), strict=True)
        for position, (partner, contribution) in enumerate(given):
            yield {
                "application_id": numbers[application.number],
                "position": position,
                "organisation_id": inns[partner.inn],
                "role": partner.role,
                "contribution": contribution,
            }


def expert_rows(place: Place, loaded: record.ContestRecord, inns: Ids) -> Iterator[Values]:
    """Yield a row for every expert. Nobody is invited by loading an archive."""
    names = {item.inn: item.name for item in loaded.organisations}
    for item in loaded.experts:
        yield {
            "contest_id": place.contest_id,
            "email": item.email,
            "name": item.name,
            "organisation_id": None if item.organisation is None else inns[item.organisation],
            "region": item.region,
            "topics": list(item.topics),
            "max_load": item.max_load,
            "search_text": expert_text(item.name, item.email, names.get(item.organisation or "", ""), item.topics),
            "sort_name": sort_key(item.name),
        }


def conflict_rows(place: Place, conflicts: Iterable[record.Conflict], emails: Ids, numbers: Ids) -> Iterator[Values]:
    """Yield a row for every pair in conflict; ``emails`` are the ids of the experts."""
    for item in conflicts:
        yield {
            "contest_id": place.contest_id,
            "expert_id": emails[item.expert],
            "application_id": numbers[item.application],
            "kind": _conflict_kind(item.reason),
            "reason": item.reason,
            "created_at": place.now,
        }


def _conflict_kind(reason: str) -> str:
    code = reason_code(reason)
    if code is None:
        return "entered"
    return "detected" if code in DETECTED else "declared"


def review_rows(place: Place, reviews: Iterable[record.Review], emails: Ids, numbers: Ids) -> Iterator[Values]:
    """Yield a row for every review."""
    for item in reviews:
        submitted = item.submitted_at if item.state is ReviewState.SUBMITTED else None
        yield {
            "contest_id": place.contest_id,
            "expert_id": emails[item.expert],
            "application_id": numbers[item.application],
            "status": review_status_of(item.state).value,
            "additional": item.additional,
            "reason": item.reason,
            "scores": decimals_object(item.scores),
            "comments": dict(item.comments),
            "recommendation": None if item.recommendation is None else item.recommendation.value,
            **_sheet_values(item),
            "set_aside_at": None if item.set_aside is None else place.now,
            "set_aside_reason": item.set_aside,
            "created_at": place.now,
            "notified_at": submitted or place.now,
            "declared_at": submitted,
            "saved_at": submitted,
            "submitted_at": item.submitted_at,
        }


def _sheet_values(item: record.Review) -> Values:
    return {
        "abstained": sorted(item.abstained),
        "notes": {Audience.APPLICANT.value: dict(item.to_applicant)} if item.to_applicant else {},
        "confidence": item.confidence and item.confidence.value,
        "in_scope": item.in_scope,
        "scope_reason": item.scope_reason,
    }


def agreed_rows(place: Place, agreed: Iterable[record.AgreedReview], emails: Ids, numbers: Ids) -> Iterator[Values]:
    """Yield a row for every agreed score."""
    for item in agreed:
        yield {
            "application_id": numbers[item.application],
            "expert_id": emails[item.expert],
            "scores": decimals_object(item.scores),
            "rationale": item.rationale,
            "version": 1,
            "created_at": place.now,
            "saved_at": item.submitted_at,
            "submitted_at": item.submitted_at,
        }
