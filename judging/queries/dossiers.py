"""What the rules of a form take from stored contests and clusters: indicators, money of the rules, members."""

from collections.abc import Iterable
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session, object_session

from judging.adapters.archive import read_nomination
from judging.domain.nominations import Nomination, is_judged
from judging.models import Application, Cluster, Contest, Criterion
from judging.models.base import table_of


def nomination_of(application: Application) -> Nomination | None:
    """The nomination that the application is in, as a value; None where it is in none."""
    row = application.nomination if application.nomination_id is not None else None
    return None if row is None else read_nomination(row.definition)


def indicators_asked(contest: Contest) -> list[dict[str, Any]]:
    """The indicators that the contest's own form asks for.

    Where not every nomination judges one, ``nominations`` are the codes of those that do; one that none of them judges
    is left out.
    """
    found = indicators_of(contest)
    rows = [(row.code, read_nomination(row.definition)) for row in contest.nominations]
    if not rows:
        return found
    asked = []
    for one in found:
        naming = [row.code for row in contest.criteria if row.definition.get("indicator") == one["code"]]
        judging = [code for code, item in rows if any(is_judged(criterion, item) for criterion in naming)]
        if judging:
            asked.append(one if len(judging) == len(rows) else {**one, "nominations": judging})
    return asked


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


def kopecks(roubles: str | None) -> int | None:
    """Money as the rules write it (decimal text in roubles) in kopecks."""
    return None if roubles is None else int(Decimal(roubles) * 100)


def member_inns(cluster: Cluster) -> frozenset[str]:
    """The ИНН of the cluster's members."""
    return frozenset(member.organisation.inn for member in cluster.members)
