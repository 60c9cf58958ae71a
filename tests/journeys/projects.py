"""The two projects of the journey through a contest: what their teams answer, and what is stored of it."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from tests.factories import inn, ogrn
from tests.journeys.beforehand import Entry
from tests.journeys.people import Project

MILLION = 1_000_000_00
FIRST = date.today() + timedelta(days=60)  # noqa: DTZ011 -- a plan's dates, not an instant
LAST = FIRST + timedelta(days=840)
Answers = Mapping[str, Mapping[str, Any]]


def organisation(serial: int, name: str) -> dict[str, str]:
    return {"Наименование": name, "ИНН": inn(serial), "ОГРН": ogrn(serial), "Регион": "Республика Татарстан"}


def answers(serial: int, title: str, goal: str, finance: Mapping[str, Any], figures: Mapping[str, Any]) -> Answers:
    """All that a team answers, its consents aside; sums in kopecks. Everything that is bought is paid in one year."""
    year, total, requested = Decimal(FIRST.year + 1), finance["total_cost"], finance["requested"]
    sources = {"year": year, "own": finance["own_funds"], "loan": finance["loans"],
               "budget": finance.get("other_budget", 0), "subsidy": requested}  # fmt: skip
    taxes = int(figures["tax_ratio"] * requested)
    return {
        "applicant": {
            "initiator": inn(serial + 1), "initiator_address": "г. Набережные Челны, Производственный проезд, д. 45",
            "initiator_okved": ("28.41",), "head_name": "Ильин Игорь Петрович", "head_post": "Директор",
            "powers": "charter", "small_business": True, "contact_name": "Сидорова Анна Викторовна",
            "contact_phone": "+7 8552 12-34-56", "contact_email": "contact@example.org",
        },
        "participants": {"partners": (
            {"organisation": inn(serial + 2), "role": "supplier",
             "contribution": "Поставляет литьё и механическую обработку корпусов.",
             "contribution_money": 5 * MILLION, "agreement": "№ 3 от 01.10.2026"},
        )},
        "project": {
            "title": title, "goal": goal,
            "summary": f"{goal} Сейчас узлы покупаются за рубежом, участники кластера делают отдельные детали. "
            "После проекта весь цикл, от литья до испытаний, останется в кластере: инициатор собирает узел, поставщик "
            "льёт и обрабатывает корпуса, покупатели заключили договоры на первые три года выпуска.",
            "functional_map_position": "4.2. Узлы и агрегаты станков", "topics": ("28.41", "28.49.1"),
            "readiness_level": "t7", "starts_on": FIRST, "ends_on": LAST,
            "place": "Набережные Челны, промышленный парк",
            "products": (
                {"name": "Узел в сборе", "okpd2": "28.41.40.000", "unit": "шт.", "volume": Decimal(900),
                 "price": 240_000_00},
            ),
            "stages": (
                {"name": "Закупка оборудования", "from": FIRST, "till": FIRST + timedelta(days=400),
                 "result": "Линия смонтирована", "cost": total - 90 * MILLION},
                {"name": "Освоение выпуска", "from": FIRST + timedelta(days=401), "till": LAST,
                 "result": "Серийное производство", "cost": 90 * MILLION},
            ),
        },
        "finance": {
            **finance, "sources": (sources,),
            "costs": ({"kind": "Оборудование", "contract": "№ 14/27", "amount": 2 * requested,
                       "day": FIRST + timedelta(days=30)},),
        },
        "indicators": {
            "by_year": ({"year": year, "output": 3 * total, "revenue": 3 * total, "wages": total // 10,
                         "taxes": taxes, "export": 0},),
            **{name: figures[name] for name in ("jobs", "payback_years", "cluster_share")},
            "import_before": figures["import_reduction"] + 20, "import_after": Decimal(20),
        },
        "demand": {"buyers": (
            {"name": "АО «Станкозавод»", "inn": inn(serial + 5), "paper": "letter", "volume": total,
             "period": "2029–2031 годы"},
        )},
        "risks": {"risks": (
            {"risk": "Оборудование придёт позже", "probability": Decimal(3), "impact": Decimal(4),
             "measure": "Договор с неустойкой", "owner": "Технический директор"},
        )},
    }  # fmt: skip


SPINDLES = Project(
    team="Камский станкостроительный кластер",
    cluster={"Наименование кластера": "Камский станкостроительный кластер", "Регион": "Республика Татарстан",
             "Отрасль": "Станкостроение"},
    organisations=(organisation(901, "Ассоциация «Камский станкостроительный кластер»"),
                   organisation(902, "ООО «Шпиндель»"), organisation(903, "АО «Литейный двор»")),
    answers=answers(
        901, "Выпуск высокооборотных шпинделей", "Наладить выпуск шпинделей для обрабатывающих центров.",
        {"total_cost": 400 * MILLION, "own_funds": 160 * MILLION, "loans": 120 * MILLION, "has_support": False,
         "requested": 120 * MILLION},
        {"jobs": Decimal(48), "import_reduction": Decimal(45), "payback_years": Decimal("4.5"),
         "cluster_share": Decimal(55), "tax_ratio": Decimal("2.4")},
    ),
)  # fmt: skip
GEARS = Project(
    team="Кластер приводной техники",
    cluster={"Наименование кластера": "Кластер приводной техники", "Регион": "Республика Татарстан",
             "Отрасль": "Приводная техника"},
    organisations=(organisation(911, "Ассоциация «Приводная техника»"), organisation(912, "ООО «Редуктор»"),
                   organisation(913, "ООО «Точное литьё»")),
    answers=answers(
        911, "Выпуск планетарных редукторов", "Наладить выпуск редукторов для промышленных роботов.",
        {"total_cost": 300 * MILLION, "own_funds": 90 * MILLION, "loans": 100 * MILLION, "has_support": True,
         "other_budget": 10 * MILLION, "requested": 100 * MILLION},
        {"jobs": Decimal(64), "import_reduction": Decimal(30), "payback_years": Decimal(6),
         "cluster_share": Decimal(80), "tax_ratio": Decimal("1.5")},
    ),
)  # fmt: skip

ENTRIES = {
    "wide": Entry(SPINDLES, {
        "title": "Выпуск высокооборотных шпинделей",
        "goal": "Наладить выпуск шпинделей для обрабатывающих центров.", "topics": ["28.41", "28.49.1"],
        "total_cost": 400_000_000_00, "own_funds": 160_000_000_00, "loans": 120_000_000_00, "other_budget": None,
        "requested": 120_000_000_00,
        "indicators": {"private_share": "70.00", "jobs": "48", "import_reduction": "45", "payback_years": "4.5",
                       "cluster_share": "55", "tax_ratio": "2.40"},
    }),
    "narrow": Entry(GEARS, {
        "title": "Выпуск планетарных редукторов", "goal": "Наладить выпуск редукторов для промышленных роботов.",
        "topics": ["28.41", "28.49.1"],
        "total_cost": 300_000_000_00, "own_funds": 90_000_000_00, "loans": 100_000_000_00,
        "other_budget": 10_000_000_00, "requested": 100_000_000_00,
        "indicators": {"private_share": "63.33", "jobs": "64", "import_reduction": "30", "payback_years": "6",
                       "cluster_share": "80", "tax_ratio": "1.50"},
    }),
}  # fmt: skip
"""What is stored of what the two teams answer, by the width of their windows."""
