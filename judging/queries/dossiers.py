"""Stored applications and contests as the values that the rules of completeness take."""

from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session, object_session

from judging.adapters.archive import read_nomination
from judging.domain.completeness import Dossier, IndicatorRule, Requirements
from judging.domain.nominations import Nomination, is_judged
from judging.models import Application, Cluster, Contest, Criterion
from judging.models.base import table_of
from judging.queries.applications import current_documents

_PLAIN = (
    "title", "goal", "summary", "functional_map_position", "readiness_level", "starts_on", "ends_on", "place",
    "contact_name", "contact_phone", "contact_email", "total_cost", "own_funds", "loans", "other_budget", "requested",
    "consent_truth", "consent_personal_data", "consent_no_double_funding",
)  # fmt: skip


def requirements_of(contest: Contest, nomination: Nomination | None = None) -> Requirements:
    """What the contest asks for: indicators of computed criteria, required documents, the limit, a nomination.

    In a nomination the indicators are those of the criteria that it judges, and the limit is its own.
    """
    return Requirements(
        indicators=tuple(indicator_rule(one) for one in indicators_in(contest, nomination)),
        required_slots={slot["code"]: slot["title"] for slot in contest.document_slots if slot.get("required")},
        cap=kopecks(contest.rules.get("cap_per_application")) if nomination is None else nomination.cap,
        nominations=tuple(row.code for row in contest.nominations),
    )


def nomination_of(application: Application) -> Nomination | None:
    """The nomination that the application is in, as a value; None where it is in none."""
    row = application.nomination if application.nomination_id is not None else None
    return None if row is None else read_nomination(row.definition)


def indicators_in(contest: Contest, nomination: Nomination | None) -> list[dict[str, Any]]:
    """The indicators that are asked for in a nomination: those of the criteria that it judges; None: all of them."""
    if nomination is None:
        return indicators_of(contest)
    judged = [row for row in contest.criteria if is_judged(row.code, nomination)]
    naming = [(row.definition["indicator"], row.title, row.title_en) for row in judged if "indicator" in row.definition]
    return indicators_of(contest, naming)


def indicators_of(contest: Contest, naming: Iterable[tuple[str, str, str]] | None = None) -> list[dict[str, Any]]:
    """The indicators that the stored criteria name, as the contest describes them, in the criteria's order.

    One that the contest does not describe (it came with an archive) has its criterion's title and no bounds.
    ``naming``: the criteria that name one, where they have been read already (:func:`judging.queries.rubrics.rubric`).
    """
    described = {one["code"]: one for one in contest.indicators}
    wanted: dict[str, dict[str, Any]] = {}
    if naming is None:
        naming = (tuple(row) for row in _session(contest).execute(_naming_indicators(), {"contest": contest.id}))
    for code, title, title_en in naming:
        wanted.setdefault(code, described.get(code, {"code": code, "title": title, "title_en": title_en}))
    return list(wanted.values())


def _session(contest: Contest) -> Session:
    session = object_session(contest)
    if session is None:
        raise ValueError("the contest is not in a session")
    return session


@cache
def _naming_indicators() -> Select[Any]:
    """The statement for (indicator, title, English title) of those criteria of ``contest`` that name an indicator."""
    criterion = table_of(Criterion).c
    code = criterion.definition["indicator"].as_string()
    columns: tuple[Any, ...] = (code, criterion.title, criterion.title_en)
    asked = select(*columns).where(code.is_not(None), code != "")
    return asked.where(criterion.contest_id == bindparam("contest")).order_by(criterion.position)


def indicator_rule(described: Mapping[str, Any]) -> IndicatorRule:
    """The bounds of one indicator as the contest describes it."""
    least, most = described.get("min"), described.get("max")
    return IndicatorRule(
        code=described["code"],
        title=described["title"],
        least=None if least is None else Decimal(least),
        most=None if most is None else Decimal(most),
        decimals=described.get("decimals"),
    )


def kopecks(roubles: str | None) -> int | None:
    """Money as the rules write it (decimal text in roubles) in kopecks."""
    return None if roubles is None else int(Decimal(roubles) * 100)


def dossier_of(application: Application) -> Dossier:
    """An application as far as it is filled."""
    cluster = application.cluster
    return Dossier(
        **{name: getattr(application, name) for name in _PLAIN},
        cluster_name=cluster.name,
        managing=cluster.managing_organisation.inn if cluster.managing_organisation else None,
        members=member_inns(cluster),
        topics=tuple(application.topics),
        nomination=application.nomination.code if application.nomination else None,
        initiator=application.initiator.inn if application.initiator else None,
        partners=tuple((partner.organisation.inn, partner.role) for partner in application.partners),
        indicators={code: Decimal(text) for code, text in application.indicators.items()},
        documents=Counter(file.slot for file in current_documents(application)),
    )


def member_inns(cluster: Cluster) -> frozenset[str]:
    """The ИНН of the cluster's members."""
    return frozenset(member.organisation.inn for member in cluster.members)
