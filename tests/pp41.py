"""A team with a draft under the whole form of ПП 41, and long answers to every question of it."""

import json
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from judging.adapters.forms import read_form
from judging.domain.access import CONSOLE, By
from judging.domain.forms.changes import ChangeKind
from judging.domain.forms.compiling import CompiledForm, compile_form
from judging.models import Application, Contest
from judging.services.applications.section_save import save_section
from judging.services.forms.form_store import store_form
from tests import factories
from tests.factories import MOMENT

FILE = Path(__file__).resolve().parents[1] / "judging" / "data" / "form-pp41.json"
BY = By(CONSOLE, MOMENT)
LONG = "Серийное производство литых кронштейнов подвески и корпусов редукторов из высокопрочного чугуна для "
TEXT = (
    "Кластер объединяет литейное производство, механическую обработку и сборку узлов.\n\n**Сейчас** кронштейны "
    "закупаются за рубежом; сроки поставки — до девяти месяцев.\n\n- литейный участок даёт отливки;\n- завод "
    "обрабатывает их на пятиосевых центрах;\n- сборочное предприятие ставит узлы на машины."
)


@cache
def pp41() -> CompiledForm:
    """The form of ПП 41, ready to use."""
    return compile_form(read_form(FILE.read_bytes()))


def with_form(session: Session, contest: Contest, compiled: CompiledForm) -> Contest:
    """Give a contest a form of its own."""
    store_form(session, contest, compiled, ChangeKind.TIGHTER, by=BY)
    return contest


def draft(session: Session, contest: Contest, **values: Any) -> Application:
    """An empty draft of a team, whose cluster has five members."""
    team = factories.team(session)
    cluster = factories.cluster(session, contest, team, members=5)
    nothing: dict[str, Any] = dict.fromkeys(
        ("title", "goal", "summary", "functional_map_position", "place", "contact_name", "contact_phone",
         "contact_email"), "",
    ) | dict.fromkeys(
        ("initiator", "starts_on", "ends_on", "readiness_level", "total_cost", "own_funds", "loans", "other_budget",
         "requested"), None,
    )  # fmt: skip
    consents = dict.fromkeys(("consent_truth", "consent_personal_data", "consent_no_double_funding"), False)
    values = {**nothing, **consents, "topics": [], "indicators": {}, "partners": [], **values}
    return factories.application(session, contest, cluster, status="draft", **values)


def full_answers(inns: list[str]) -> dict[str, dict[str, Any]]:
    """Answers to all of it, section by section, in which no rule finds anything."""
    years = range(2027, 2031)
    return {
        "applicant": {
            "initiator": inns[0],
            "initiator_address": "423800, Республика Татарстан, г. Набережные Челны, Производственный проезд, д. 45",
            "initiator_okved": ("24.51", "28.15"),
            "head_name": "Константинопольский-Преображенский Вячеслав Аполлинарьевич",
            "head_post": "Генеральный директор управляющей организации",
            "powers": "charter",
            "small_business": False,
            "contact_name": "Рождественская Александра Константиновна",
            "contact_phone": "+7 (8552) 12-34-56, доб. 1234",
            "contact_email": "rozhdestvenskaya.a.k@lityo-i-mekhanika.example",
        },
        "participants": {
            "partners": tuple(
                {"organisation": inn, "role": role, "contribution": LONG + "предприятий кластера",
                 "contribution_money": 12_500_000_00, "agreement": f"№ {number}-К от 12.03.2026"}
                for number, (inn, role) in enumerate(zip(inns[1:4], ("supplier", "developer", "buyer"), strict=True), 1)
            ),
        },
        "project": {
            "title": LONG + "предприятий автомобильной промышленности и сельскохозяйственного машиностроения",
            "goal": LONG + "замещения импортных комплектующих к 2030 году",
            "summary": TEXT,
            "functional_map_position": "Позиция 4.2 функциональной карты: литьё под давлением и механообработка",
            "topics": ("24.51", "28.15.2", "29.32"),
            "readiness_level": "t7",
            "starts_on": date(2026, 9, 1),
            "ends_on": date(2030, 8, 31),
            "place": "г. Набережные Челны, промышленная площадка «Литейная-2»",
            "products": (
                {"name": "Кронштейн передней подвески усиленный, отливка с механической обработкой",
                 "okpd2": "29.32.30.390", "unit": "штука", "volume": Decimal(120_000), "price": 4_850_50},
                {"name": "Корпус редуктора", "okpd2": "28.15.39.110", "unit": "штука", "volume": Decimal("8500.5"),
                 "price": 36_200_00},
            ),
            "stages": tuple(
                {"name": name, "from": start, "till": end, "result": result, "cost": 90_000_000_00}
                for name, start, end, result in (
                    ("Проектирование оснастки и модельных комплектов", date(2026, 9, 1), date(2027, 3, 31),
                     "Комплект конструкторской документации"),
                    ("Закупка и монтаж оборудования литейного участка", date(2027, 4, 1), date(2028, 6, 30),
                     "Смонтированная линия"),
                    ("Опытная партия", date(2028, 7, 1), date(2029, 3, 31), "Акт приёмочных испытаний"),
                    ("Серия", date(2029, 4, 1), date(2030, 8, 31), "Выход на проектную мощность"),
                )
            ),
        },
        "finance": {
            "total_cost": 360_000_000_00, "own_funds": 140_000_000_00, "loans": 100_000_000_00, "has_support": False,
            "requested": 120_000_000_00,
            "sources": tuple(
                {"year": Decimal(year), "own": 35_000_000_00, "loan": 25_000_000_00, "budget": 0,
                 "subsidy": 30_000_000_00}
                for year in years
            ),
            "costs": (
                {"kind": "Модельная оснастка", "contract": "№ 14/27 от 12.01.2027", "amount": 100_000_000_00,
                 "day": date(2027, 1, 12)},
                {"kind": "Формовочная линия", "contract": "", "amount": 140_000_000_00, "day": None},
            ),
        },
        "indicators": {
            "by_year": tuple(
                {"year": Decimal(year), "output": 410_000_000_00, "revenue": 398_500_000_50, "wages": 72_000_000_00,
                 "taxes": 61_300_000_00, "export": None}
                for year in years
            ),
            "jobs": Decimal(148), "import_before": Decimal(85), "import_after": Decimal("12.5"),
            "payback_years": Decimal("4.5"), "cluster_share": Decimal(62), "npv": 84_000_000_00,
            "irr": Decimal("21.35"),
        },
        "demand": {
            "buyers": (
                {"name": "ПАО «Автомобильный завод имени Ленинского комсомола Татарстана»", "inn": "7707083893",
                 "paper": "contract", "volume": 900_000_000_00, "period": "2028–2030"},
                {"name": "ООО «Сельхозмаш»", "inn": "", "paper": "letter", "volume": 120_000_000_00, "period": "2029"},
            ),
        },
        "risks": {
            "risks": (
                {"risk": "Задержка поставки формовочной линии из-за перестройки логистики",
                 "probability": Decimal(3), "impact": Decimal(4), "measure": "Договор с двумя поставщиками",
                 "owner": "Технический директор"},
            ),
        },
        "consents": {
            "consent_truth": True, "consent_personal_data": True, "consent_publication": True,
            "consent_no_double_funding": True,
        },
    }  # fmt: skip


def fill(session: Session, application: Application) -> None:
    """Answer everything."""
    inns = [member.organisation.inn for member in application.cluster.members]
    for section, answers in full_answers(inns).items():
        save_section(session, application.id, section, answers, seen=0, by=BY)
        session.flush()


def document() -> dict[str, Any]:
    """The form of ПП 41 as its file has it, new each time."""
    found: dict[str, Any] = json.loads(FILE.read_text("utf-8"))
    return found
