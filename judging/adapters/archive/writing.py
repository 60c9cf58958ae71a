"""From a record to an archive: the one canonical way to write it.

Keys stand in the order of the format's description, decimals in plain notation with the digits they came with, money
with two decimals, instants in the contest's time zone with their offset; optional keys only where they say something.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime, tzinfo
from decimal import Decimal
from math import nan
from typing import Any
from zoneinfo import ZoneInfo

from judging.adapters.archive.sheet_writing import marking_additions, review_additions, said
from judging.adapters.archive.sheet_writing import sheet_object as sheet_object
from judging.adapters.archive.versions import FORMAT, reduced, version_of
from judging.adapters.milestones import milestone_object
from judging.adapters.strict_json.notation import decimal_text, instant_text, roubles_text
from judging.domain.nominations import Nomination
from judging.domain.record import (
    AgreedReview,
    Application,
    Cluster,
    Conflict,
    ContestRecord,
    ContestTerms,
    Expert,
    FormVersion,
    Organisation,
    Review,
)
from judging.domain.rubric import (
    Band,
    BandsCriterion,
    BelowPass,
    Criterion,
    ExpertCriterion,
    LinearCriterion,
    RelativeCriterion,
    Scale,
)
from judging.domain.rules import AgreedScore, Rules

Json = dict[str, Any]
NO_AGREED = AgreedScore.NONE
_PLACE = '"document": NaN'
"""Where the document of a submission comes: no value of an archive is written so, and in a text quotes are escaped."""


def dumps(record: ContestRecord, version: int | None = None) -> str:
    """Return the archive as text, without a line end after the last brace; ``version`` as in :func:`to_document`.

    The document of a submission stands on one line.
    """
    return "".join(dumped(record, version))


def dumped(record: ContestRecord, version: int | None = None) -> Iterator[str]:
    """Yield the text of :func:`dumps` in pieces."""
    document = to_document(record, version)
    kept = [item["document"] for one in document["applications"] for item in one.get("submissions", ())]
    for application in document["applications"]:
        for item in application.get("submissions", ()):
            item["document"] = nan
    first, *rest = json.dumps(document, ensure_ascii=False, indent=1).split(_PLACE)
    yield first
    for one, text in zip(kept, rest, strict=True):
        yield f'"document": {json.dumps(one, ensure_ascii=False)}{text}'


def to_document(record: ContestRecord, version: int | None = None) -> Json:
    """Return the archive as plain lists, dicts and texts.

    ``version`` None: the lowest that loses nothing. What a lower one has no word for is left out.
    """
    if version is not None:
        record = reduced(record, version)
    zone = ZoneInfo(record.contest.timezone)
    return {
        "format": FORMAT,
        "version": version or version_of(record),
        "contest": _contest_object(record.contest, zone),
        "organisations": [_organisation_object(item) for item in record.organisations],
        "clusters": [_cluster_object(item) for item in record.clusters],
        "applications": [_application_object(item, zone) for item in record.applications],
        "experts": [_expert_object(item) for item in record.experts],
        "conflicts": [_conflict_object(item) for item in record.conflicts],
        "reviews": [_review_object(item, zone) for item in record.reviews],
        **({"agreed": [_agreed_object(item, zone) for item in record.agreed]} if record.agreed else {}),
    }


def criterion_object(criterion: Criterion) -> Json:
    """Return a criterion as the archive writes it."""
    titles = {"group": criterion.group, "group_en": criterion.group_en}
    group = {name: title for name, title in titles.items() if title}
    common = {"code": criterion.code, "title": criterion.title, **group, "kind": criterion.kind}
    weight = {"weight": decimal_text(criterion.weight)}
    match criterion:
        case ExpertCriterion():
            return {**common, **weight, **_marking(criterion)}
        case LinearCriterion(indicator=indicator, zero_at=zero_at, full_at=full_at):
            ends = {"zero_at": decimal_text(zero_at), "full_at": decimal_text(full_at)}
            return {**common, "indicator": indicator, **ends, **weight}
        case RelativeCriterion(indicator=indicator, best=best):
            return {**common, "indicator": indicator, "best": best, **weight}
        case BandsCriterion(indicator=indicator, bands=bands):
            return {**common, "indicator": indicator, **weight, "bands": [_band_object(band) for band in bands]}


def rules_object(rules: Rules) -> Json:
    """Return the rules as the archive writes them."""
    divergence = {
        "total_share": rules.divergence.total_share,
        "criterion_range": rules.divergence.criterion_range,
    }
    return {
        "experts_per_application": rules.experts_per_application,
        "aggregate": rules.aggregate.value,
        "divergence": _given_decimals(divergence),
        "additional_review": rules.additional_review.value,
        "pass_total": None if rules.pass_total is None else decimal_text(rules.pass_total),
        "rounding": rules.rounding,
        "tie_breakers": list(rules.tie_breakers),
        "budget_mode": rules.budget_mode.value,
        "max_winners": rules.max_winners,
        "cap_per_application": None if rules.cap_per_application is None else roubles_text(rules.cap_per_application),
        **said({"below_pass": (rules.below_pass, BelowPass.REJECT), "agreed_score": (rules.agreed_score, NO_AGREED)}),
    }


def nomination_object(nomination: Nomination) -> Json:
    """Return a nomination as the archive writes it."""
    titles = {"title": nomination.title} | ({"title_en": nomination.title_en} if nomination.title_en else {})
    return {
        "code": nomination.code,
        **titles,
        "weights": {code: None if value is None else decimal_text(value) for code, value in nomination.weights.items()},
        "pass_total": None if nomination.pass_total is None else decimal_text(nomination.pass_total),
        "budget": None if nomination.budget is None else roubles_text(nomination.budget),
        "max_winners": nomination.max_winners,
        "cap_per_application": None if nomination.cap is None else roubles_text(nomination.cap),
    }


def decimals_object(values: Mapping[str, Decimal]) -> Json:
    """Return decimals by name (marks, indicators) as the archive writes them."""
    return {name: decimal_text(value) for name, value in values.items()}


def _contest_object(terms: ContestTerms, zone: tzinfo) -> Json:
    written: Json = {
        "code": terms.code,
        "title": terms.title,
        "timezone": terms.timezone,
        "applications_open": instant_text(terms.applications_open, zone),
        "applications_close": instant_text(terms.applications_close, zone),
        "review_close": instant_text(terms.review_close, zone),
        "budget": None if terms.budget is None else roubles_text(terms.budget),
        "criteria": [criterion_object(criterion) for criterion in terms.criteria],
        "rules": rules_object(terms.rules),
    }
    if terms.frozen_base is not None:
        written["frozen_base"] = decimals_object(terms.frozen_base)
    if terms.nominations:
        written["nominations"] = [nomination_object(nomination) for nomination in terms.nominations]
    if terms.forms:
        written["forms"] = [_form_object(version, zone) for version in terms.forms]
    if terms.milestones:
        written["milestones"] = [milestone_object(milestone, zone) for milestone in terms.milestones]
    if sheet := sheet_object(terms.sheet):
        written["sheet"] = sheet
    return written


def _form_object(version: FormVersion, zone: tzinfo) -> Json:
    return {
        "number": version.number,
        "revision": version.revision,
        "created_at": instant_text(version.created_at, zone),
        "published_at": _instant(version.published_at, zone),
        "note": version.note,
        "form": dict(version.document),
    }


def _marking(criterion: ExpertCriterion) -> Json:
    written: Json = {"scale": _scale_object(criterion.scale)}
    if criterion.pass_mark is not None:
        written["pass"] = decimal_text(criterion.pass_mark)
    rule = criterion.comment_required
    if rule is not None:
        bounds = _given_decimals({"at_most": rule.at_most, "at_least": rule.at_least})
        written["comment_required"] = {**bounds, **said({"shortest": (rule.shortest, 0)})}
    return {**written, **marking_additions(criterion)}


def _scale_object(scale: Scale) -> Json:
    return decimals_object({"min": scale.minimum, "max": scale.maximum, "step": scale.step})


def _band_object(band: Band) -> Json:
    return {"from": None if band.start is None else decimal_text(band.start), "score": decimal_text(band.score)}


def _organisation_object(organisation: Organisation) -> Json:
    return {
        "inn": organisation.inn,
        "ogrn": organisation.ogrn,
        "name": organisation.name,
        "region": organisation.region,
    }


def _cluster_object(cluster: Cluster) -> Json:
    return {
        "code": cluster.code,
        "name": cluster.name,
        "region": cluster.region,
        "industry": cluster.industry,
        "managing_organisation": cluster.managing_organisation,
        "members": list(cluster.members),
    }


def _application_object(application: Application, zone: tzinfo) -> Json:
    written: Json = {
        "number": application.number,
        "title": application.title,
        "cluster": application.cluster,
        "initiator": application.initiator,
        "partners": [{"inn": partner.inn, "role": partner.role} for partner in application.partners],
        "submitted_at": instant_text(application.submitted_at, zone),
        "status": application.status.value,
        "requested": roubles_text(application.requested),
        "total_cost": roubles_text(application.total_cost),
        "topics": list(application.topics),
        "indicators": decimals_object(application.indicators),
    }
    if application.nomination is not None:
        written["nomination"] = application.nomination
    if application.submissions:
        written["submissions"] = [
            {"sha256": item.sha256, "document": dict(item.document)} for item in application.submissions
        ]
    if application.panel is not None:
        written["panel"] = {"verdict": application.panel.verdict.value, "reason": application.panel.reason}
    return written


def _expert_object(expert: Expert) -> Json:
    return {
        "email": expert.email,
        "name": expert.name,
        "organisation": expert.organisation,
        "region": expert.region,
        "topics": list(expert.topics),
        "max_load": expert.max_load,
    }


def _conflict_object(conflict: Conflict) -> Json:
    return {"expert": conflict.expert, "application": conflict.application, "reason": conflict.reason}


def _review_object(review: Review, zone: tzinfo) -> Json:
    written: Json = {
        "expert": review.expert,
        "application": review.application,
        "state": review.state.value,
        "submitted_at": _instant(review.submitted_at, zone),
        "scores": decimals_object(review.scores),
        "comments": dict(review.comments),
        "recommendation": review.recommendation and review.recommendation.value,
    }
    if review.additional:
        written["additional"] = True
    if review.reason is not None:
        written["reason"] = review.reason
    return {**written, **review_additions(review)}


def _agreed_object(agreed: AgreedReview, zone: tzinfo) -> Json:
    return {
        "expert": agreed.expert,
        "application": agreed.application,
        "submitted_at": instant_text(agreed.submitted_at, zone),
        "scores": decimals_object(agreed.scores),
        "rationale": agreed.rationale,
    }


def _instant(instant: datetime | None, zone: tzinfo) -> str | None:
    return None if instant is None else instant_text(instant, zone)


def _given_decimals(values: Mapping[str, Decimal | None]) -> Json:
    return {name: decimal_text(value) for name, value in values.items() if value is not None}
