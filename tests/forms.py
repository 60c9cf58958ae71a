"""A small form of applications with everything that rules can do, and answers that it finds no fault with."""

import json
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from judging.adapters.forms import read_form
from judging.domain.forms.compiling import CompiledForm, compile_form
from judging.domain.forms.environment import Circumstances
from judging.domain.forms.form import ApplicationForm

TODAY = date(2026, 11, 30)
NOW = Circumstances(TODAY, cap=20_000_00)


def field(code: str, kind: str, label: str, **settings: Any) -> dict[str, Any]:
    """A field as its file has it."""
    return {"code": code, "kind": kind, "label": label, **settings}


def document() -> dict[str, Any]:
    """The form as its file has it, new each time."""
    return {
        "format": "application-form",
        "version": 1,
        "sections": [
            {
                "code": "project",
                "title": "Проект",
                "title_en": "Project",
                "fields": [
                    field("title", "text", "Наименование", most=300, advised=200, required=True),
                    field("initiator", "organisation", "Инициатор", required=True),
                    field(
                        "partners", "table", "Партнёры",
                        columns=[
                            field("organisation", "organisation", "Организация", required=True),
                            field("role", "choice", "Роль", options=[{"code": "maker", "label": "Изготовитель"}]),
                            field("contribution", "text", "Вклад", most=1000),
                        ],
                    ),
                    field("topics", "okved", "Коды ОКВЭД2", required=True),
                    field("ends_on", "date", "Окончание", required=True, min="2026-01-01", max="2040-12-31"),
                    field("jobs", "number", "Рабочие места", decimals=0, min="0", max="100000", unit="ед."),
                    field(
                        "stages", "table", "Этапы", rows=[1, 40], look="grid", required=True,
                        columns=[
                            field("name", "text", "Этап", most=300, required=True),
                            field("till", "date", "До", required=True),
                            field("cost", "money", "Стоимость", required=True, total=True),
                        ],
                        row_checks=[
                            {
                                "code": "late", "at": "till", "rule": "row.till <= ends_on",
                                "message": "Этап кончается {row.till}, после проекта",
                            }
                        ],
                    ),
                ],
            },
            {
                "code": "finance",
                "title": "Финансирование",
                "fields": [
                    field("total_cost", "money", "Стоимость", required=True),
                    field("own_funds", "money", "Собственные средства", required=True),
                    field("has_support", "yes", "Есть иная поддержка?", required=True),
                    field("other_budget", "money", "Иные средства", required=True, shown_when="has_support"),
                    field("requested", "money", "Субсидия", required=True, max="100000000.00"),
                    field(
                        "private_share", "computed", "Доля внебюджетных", unit="%",
                        formula="round(share(own_funds, total_cost), 2)",
                    ),
                ],
            },
            {
                "code": "papers",
                "title": "Документы",
                "fields": [
                    field("passport", "file", "Паспорт проекта", required=True, extensions=["pdf"], max_files=2),
                    field("estimate", "file", "Смета", required="total_cost > 100 млн ₽", extensions=["xlsx"]),
                ],
            },
            {
                "code": "consents",
                "title": "Согласия",
                "fields": [field("truth", "consent", "Достоверность", text="Данные достоверны.", required=True)],
            },
        ],
        "checks": [
            {
                "code": "sources", "at": "total_cost",
                "rule": "own_funds + other_budget + requested == total_cost",
                "message": "Не сходится на {total_cost - own_funds - other_budget - requested}",
            },
            {
                "code": "plan", "at": "stages", "rule": "sum(stages.cost) == total_cost",
                "message": "Этапы не сходятся со стоимостью",
            },
            {
                "code": "private", "at": "private_share", "rule": "share(own_funds, total_cost) >= 50",
                "message": "Доля {share(own_funds, total_cost)} % меньше 50 %",
                "message_en": "The share of {share(own_funds, total_cost)} % is below 50 %",
            },
        ],
        "checklist": [
            {"code": "К1", "title": "Кластер в реестре"},
            {
                "code": "К5", "title": "Предел субсидии", "rule": "requested <= cap",
                "note": "Запрошено {requested}",
            },
        ],
    }  # fmt: skip


def read(raw: dict[str, Any]) -> ApplicationForm:
    """The form of a document."""
    return read_form(json.dumps(raw).encode())


@cache
def sample() -> CompiledForm:
    """The form, ready to use."""
    return compile_form(read(document()))


def answers(**changed: Any) -> dict[str, Any]:
    """Answers to all of it, some of them changed."""
    return {
        "title": "Литые кронштейны",
        "initiator": "7707083893",
        "partners": ({"organisation": "7728168971", "role": "maker", "contribution": "Литьё"},),
        "topics": ("24.53",),
        "ends_on": date(2028, 8, 31),
        "jobs": Decimal(12),
        "stages": ({"name": "Оснастка", "till": date(2027, 3, 31), "cost": 100_00},),
        "total_cost": 100_00,
        "own_funds": 50_00,
        "has_support": False,
        "requested": 50_00,
        "passport": ("паспорт.pdf",),
        "truth": True,
        **changed,
    }
