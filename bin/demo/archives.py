"""The archives: the finished contests of two years and the one that accepts applications."""

import json
from pathlib import Path

from demo.content import Content, Panellist, Project, money
from demo.earlier_panel import EarlierPanel
from demo.panel import CRITERIA, Pair, Panel, weighted

PRESET = Path(__file__).resolve().parents[2] / "judging" / "data" / "preset-pp41.json"
FINISHED = {
    "code": "PP41-2026",
    "title": "Конкурсный отбор совместных проектов участников промышленных кластеров, 2026 год (демонстрация)",
    "timezone": "Europe/Moscow",
    "applications_open": "2026-08-03T09:00:00+03:00",
    "applications_close": "2026-09-11T18:00:00+03:00",
    "review_close": "2026-10-30T18:00:00+03:00",
    "budget": "1000000000.00",
}
EARLIER = {
    "code": "PP41-2025",
    "title": "Конкурсный отбор совместных проектов участников промышленных кластеров, 2025 год (демонстрация)",
    "timezone": "Europe/Moscow",
    "applications_open": "2025-08-04T09:00:00+03:00",
    "applications_close": "2025-09-12T18:00:00+03:00",
    "review_close": "2025-10-31T18:00:00+03:00",
    "budget": "1200000000.00",
}
OPEN = {
    "code": "PP41-2027",
    "title": "Конкурсный отбор совместных проектов участников промышленных кластеров, 2027 год (демонстрация)",
    "timezone": "Europe/Moscow",
    "applications_open": "2026-11-13T09:00:00+03:00",
    "applications_close": "2026-12-13T18:00:00+03:00",
    "review_close": "2027-01-29T18:00:00+03:00",
    "budget": "1200000000.00",
}
NOMINATIONS = [
    {
        "code": "series",
        "title": "Серийное производство компонентов",
        "title_en": "Serial production of components",
        "weights": {},
        "pass_total": "60",
        "budget": "800000000.00",
        "max_winners": None,
        "cap_per_application": "150000000.00",
    },
    {
        "code": "launch",
        "title": "Освоение новых производств",
        "title_en": "Launch of new production",
        "weights": {"C3": "12", "C4": "5", "C6": None, "E1": "14", "E2": "12", "E4": "10"},
        "pass_total": "55",
        "budget": "400000000.00",
        "max_winners": 6,
        "cap_per_application": "100000000.00",
    },
]
"""Of the contest that accepts applications; the weights of each add up to a hundred."""
GROUPS = {
    ("Показатели проекта", "Figures of the project"): ("C1", "C2", "C3", "C4", "C5", "C6"),
    ("Технологический уровень и спрос", "Level of technology and demand"): ("E1", "E2"),
    ("Реализуемость и кооперация", "Feasibility and co-operation"): ("E3", "E4", "E5", "E6"),
}
"""Titles of the groups of criteria, and what stands in each; of the contests of this year and of the next."""
OUTSIDE = {
    "code": "E7",
    "title": "Качество подготовки заявки",
    "kind": "expert",
    "weight": "0",
    "scale": {"min": "0", "max": "2", "step": "1"},
    "answers": "traffic_light",
    "required": False,
}
"""A check that may be left out, in the contest that accepts applications; it is no part of the total."""
UNJUDGED = "E2"
"""What an expert of that contest may say that he cannot judge."""
SHEET = {"confidence": "optional", "audiences": ["applicant", "private"], "groups": True}
"""What the score sheets of that contest ask for beside marks and a recommendation."""
HOMES = {"PP41-2027-001": "launch", "PP41-2027-002": "series"}
OPEN_CLUSTERS = ("TOY", "POL", "VRN", "KAM")


def finished(content: Content) -> dict:
    """Return the archive of the contest whose reviews are all in."""
    return in_groups(judged(content, FINISHED, content.finished, Panel(content)))


def earlier(content: Content, projects: list[Project]) -> dict:
    """Return the archive of the contest of the year before."""
    return judged(content, EARLIER, projects, EarlierPanel(content, projects))


def judged(content: Content, terms: dict, projects: list[Project], panel: Panel | EarlierPanel) -> dict:
    """Return the archive of a contest with the work of its panel."""
    pairs = panel.work()
    codes = {project.cluster.code for project in projects}
    return {
        **frame(content, terms, {"experts_per_application": 3, "budget_mode": "partial"}, codes, panel.experts),
        "applications": [application(project) for project in projects],
        "experts": [expert(one) for one in panel.experts],
        "conflicts": [
            {"expert": email, "application": number, "reason": reason} for email, number, reason in panel.conflicts
        ],
        "reviews": [review(pair) for pair in pairs],
    }


def accepting(content: Content) -> dict:
    """Return the archive of the contest that accepts applications."""
    whole = in_groups(frame(content, OPEN, {"experts_per_application": 3}, set(OPEN_CLUSTERS), content.panel))
    criteria = [
        {**item, "may_abstain": True} if item["code"] == UNJUDGED else item for item in whole["contest"]["criteria"]
    ]
    return {
        **whole,
        "contest": {
            **whole["contest"],
            "criteria": [*criteria, OUTSIDE],
            "nominations": NOMINATIONS,
            "sheet": SHEET,
        },
        "applications": [{**application(project), "nomination": HOMES[project.number]} for project in content.open],
        "experts": [expert(one) for one in content.panel],
        "conflicts": [],
        "reviews": [],
    }


def in_groups(whole: dict) -> dict:
    """Return an archive, in version 2, whose criteria stand in groups."""
    titles = {code: title for title, codes in GROUPS.items() for code in codes}
    criteria = [in_group(item, *titles[item["code"]]) for item in whole["contest"]["criteria"]]
    return {**whole, "version": 2, "contest": {**whole["contest"], "criteria": criteria}}


def in_group(criterion: dict, title: str, title_en: str) -> dict:
    """Return a criterion in a group, its keys in the order in which the archive writes them."""
    first = {name: criterion[name] for name in ("code", "title")}
    return {**first, "group": title, "group_en": title_en, **criterion}


def frame(content: Content, terms: dict, changes: dict, codes: set[str], experts: list[Panellist]) -> dict:
    """Return the part that all archives share: terms, rubric, rules, organisations and clusters."""
    preset = json.loads(PRESET.read_text(encoding="utf-8"))
    rules = {**preset["rules"], **changes}
    cards = [card for card in content.clusters.values() if card.code in codes]
    firms = [one for card in cards for one in (card.managing, *card.members)]
    firms += [one.employer for one in experts if one.employer not in firms]
    unique = {one.inn: one for one in firms}
    return {
        "format": "contest-archive",
        "version": 1,
        "contest": {**terms, "criteria": preset["criteria"], "rules": rules},
        "organisations": [
            {"inn": one.inn, "ogrn": one.ogrn, "name": one.name, "region": one.region} for one in unique.values()
        ],
        "clusters": [
            {
                "code": card.code,
                "name": card.name,
                "region": card.region,
                "industry": card.industry,
                "managing_organisation": card.managing.inn,
                "members": [one.inn for one in card.members],
            }
            for card in cards
        ],
    }


def application(project: Project) -> dict:
    """Return an application of the archive."""
    return {
        "number": project.number,
        "title": project.title,
        "cluster": project.cluster.code,
        "initiator": project.initiator.inn,
        "partners": [{"inn": one.inn, "role": role} for one, role in project.partners],
        "submitted_at": project.submitted.isoformat(),
        "status": project.status,
        "requested": money(project.requested),
        "total_cost": money(project.total),
        "topics": list(project.topics),
        "indicators": project.indicators,
    }


def expert(one: Panellist) -> dict:
    """Return an expert of the archive."""
    return {
        "email": one.email,
        "name": one.name,
        "organisation": one.employer.inn,
        "region": one.employer.region,
        "topics": list(one.topics),
        "max_load": one.max_load,
    }


def review(pair: Pair) -> dict:
    """Return a review of the archive."""
    row = {"expert": pair.expert.email, "application": pair.project.number}
    if pair.sheet is None:
        blank = {"submitted_at": None, "scores": {}, "comments": {}, "recommendation": None}
        return {**row, "state": "recused", **blank, "reason": pair.reason}
    row |= {
        "state": "submitted",
        "submitted_at": pair.submitted.isoformat() if pair.submitted else None,
        "scores": {code: str(mark) for code, mark in zip(CRITERIA, pair.sheet, strict=True)},
        "comments": pair.comments,
        "recommendation": recommendation(weighted(pair.sheet)),
    }
    return {**row, "additional": True, "reason": pair.reason} if pair.additional else row


def recommendation(tenfold: int) -> str:
    """Choose the verdict that goes with a sheet; ``tenfold`` is ten times its points, at most 500."""
    if tenfold >= 350:
        return "support"
    return "support_with_conditions" if tenfold >= 250 else "do_not_support"
