"""Invented clusters, applications, experts and marks: believable, long, and always the same for the same number.

Nothing here can be mistaken for somebody who exists: organisations are called «Учебный …», their ИНН is of a tax office
that there is none of, addresses lie under example.org.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from judging.adapters.identifiers import invented_inn, invented_ogrn
from judging.domain.record import Recommendation
from judging.domain.regions import REGIONS
from judging.domain.rubric import ExpertCriterion, comment_needed, marks
from judging.services.applications.clusters import ClusterData, OrganisationData
from judging.services.experts import Employer, ExpertData
from judging.services.scoring import SheetDraft

PLACE = Path(__file__).resolve().parents[2] / "data" / "trial.json"
MEMBERS = 5
MILLION = 1_000_000_00
"""In kopecks."""
APART = frozenset({7, 19})
"""Applications on which two experts disagree, so that a third one has to be asked."""


@cache
def words() -> Mapping[str, Any]:
    """The texts that everything is put together from."""
    found: Mapping[str, Any] = json.loads(PLACE.read_text("utf-8"))
    return found


def clusters() -> int:
    """How many clusters, each with a team, there are."""
    return len(words()["clusters"])


def cluster_of(number: int) -> int:
    """The cluster that the application ``number`` (from nought) is of."""
    return number % clusters()


def team_name(place: int) -> str:
    """The name of a cluster's team."""
    return f"Проба: {words()['clusters'][place]['name']}"


def cluster_data(place: int) -> ClusterData:
    """A cluster."""
    known = words()["clusters"][place]
    return ClusterData(name=known["name"], region=known["region"], industry=known["industry"])


def organisations(place: int) -> Sequence[OrganisationData]:
    """The organisations of a cluster: the one that manages it, then its members."""
    region = words()["clusters"][place]["region"]
    return [
        OrganisationData(
            inn=invented_inn(_serial(place, member)),
            ogrn=invented_ogrn(_serial(place, member)),
            name=_organisation(place, member),
            region=region,
            member=member > 0,
            managing=member == 0,
        )
        for member in range(MEMBERS + 1)
    ]


def _serial(place: int, member: int) -> int:
    return 100 + place * 10 + member


def _organisation(place: int, member: int) -> str:
    industry = words()["clusters"][place]["industry"].lower()
    if member == 0:
        return f"Автономная некоммерческая организация «Учебный центр развития кластера № {place + 1}»"
    kinds, names = words()["kinds"], words()["names"]
    kind, name = kinds[(place + member) % len(kinds)], names[(place * 2 + member) % len(names)]
    return f"Общество с ограниченной ответственностью «{kind} {name.strip('«»')}» ({industry})"


def expert_data(place: int, *, load: int) -> ExpertData:
    """An expert; every fifth is employed by an organisation of a cluster, so that conflicts of interest are found."""
    people = words()["people"]
    home = place % clusters()
    inside = place % 5 == 0
    employer = Employer(
        inn=invented_inn(_serial(home, 1) if inside else 5000 + place),
        ogrn=invented_ogrn(_serial(home, 1) if inside else 5000 + place),
        name=_organisation(home, 1) if inside else f"Учебный университет прикладных наук № {place + 1}",
        region=words()["clusters"][home]["region"],
    )
    near, far = words()["clusters"][home]["topics"], words()["clusters"][(home + 3) % clusters()]["topics"]
    return ExpertData(
        email=f"expert-{place + 1:02d}@proba.example.org",
        name=people[place % len(people)],
        region=sorted(REGIONS)[(place * 7 + 3) % len(REGIONS)],
        topics=(*near, *far[:2]),
        max_load=load,
        employer=employer,
        methodologist=place % 6 == 5,
    )


def turn_of(number: int) -> int:
    """The how many-th application of its cluster (from nought) it is."""
    return number // clusters()


def topics(number: int) -> Sequence[str]:
    """The codes of ОКВЭД2 of an application."""
    found: Sequence[str] = words()["clusters"][cluster_of(number)]["topics"]
    return found


def passport(number: int, today: date) -> Mapping[str, Any]:
    """What the application ``number`` says of its project, by the codes that every form has."""
    place, turn = cluster_of(number), turn_of(number)
    known = words()["clusters"][place]
    product = known["products"][turn % len(known["products"])]
    starts = today + timedelta(days=120 + number)
    return {
        "title": _title(number, product),
        "goal": f"Заменить импортную продукцию выпуском {product} у участников кластера к третьему году.",
        "summary": _summary(known, product, number),
        "functional_map_position": f"Позиция {place + 1}.{turn + 1} «{known['industry']}»",
        "topics": tuple(topics(number)),
        "readiness_level": f"t{4 + number % 5}",
        "starts_on": starts,
        "ends_on": starts + timedelta(days=540 + 20 * (number % 12)),
        "place": known["place"],
        "contact_name": words()["people"][number % len(words()["people"])],
        "contact_phone": f"+7 000 000-{number // 100:02d}-{number % 100:02d}",
        "contact_email": f"team-{place + 1:02d}@proba.example.org",
    }


def finance(number: int, cap: int | None) -> Mapping[str, Any]:
    """What it costs and who pays, in kopecks: the sources make up the cost. ``cap``: of the subsidy."""
    cost = (180 + 17 * (number * 13 % 23)) * MILLION
    requested = min(cost * (22 + number % 9) // 100, cap or cost)
    loans = cost * (15 + number % 11) // 100
    return {
        "total_cost": cost,
        "own_funds": cost - loans - requested,
        "loans": loans,
        "other_budget": 0,
        "requested": requested,
    }


def _title(number: int, product: str) -> str:
    verbs, endings = words()["verbs"], words()["endings"]
    return f"{verbs[number % len(verbs)]} {product} {endings[number * 3 % len(endings)]}"[:300]


def _summary(known: Mapping[str, Any], product: str, number: int) -> str:
    return (
        f"Участники кластера вместе осваивают выпуск {product}. Инициатор ведёт конструкторскую документацию и сборку, "
        f"партнёры берут на себя литьё, механическую обработку и испытания. Проект закрывает позицию функциональной "
        f"карты отрасли «{known['industry']}», в которой доля импорта превышает {55 + number % 30} процентов, и "
        "создаёт испытательный стенд, которым смогут пользоваться все участники. Данные вымышлены."
    )


def sheet(criteria: Sequence[ExpertCriterion], number: int, expert: int, *, apart: bool, version: int) -> SheetDraft:
    """What an expert thinks of the application ``number``: much the same as the others, or far ``apart`` from them."""
    lean = -5 if apart else (expert * 7 + number) % 3 - 1
    scores, comments = {}, {}
    for place, criterion in enumerate(criteria):
        allowed = marks(criterion.scale)
        quality = 40 + (number * 29 + place * 11) % 55
        step = round(quality * (len(allowed) - 1) / 100) + lean * (len(allowed) - 1) // 10
        mark = allowed[max(0, min(len(allowed) - 1, step))]
        scores[criterion.code] = mark
        if comment_needed(criterion, mark) or (number + place) % 3 == 0:
            said = words()["comments"]
            comments[criterion.code] = said[(number + place) % len(said)]
    return SheetDraft(scores=scores, comments=comments, recommendation=_verdict(scores, criteria), version=version)


def _verdict(scores: Mapping[str, Decimal], criteria: Sequence[ExpertCriterion]) -> str:
    shares = [(scores[item.code] - item.scale.minimum) / (item.scale.maximum - item.scale.minimum) for item in criteria]
    mean = sum(shares, Decimal(0)) / max(1, len(shares))
    if mean >= Decimal("0.65"):
        return Recommendation.SUPPORT.value
    middle = mean >= Decimal("0.45")
    return (Recommendation.SUPPORT_WITH_CONDITIONS if middle else Recommendation.DO_NOT_SUPPORT).value
