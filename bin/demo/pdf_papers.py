"""The PDF papers: passport, agreement of the participants, proof of membership."""

import json
from pathlib import Path

import typst

from demo.content import comma
from demo.facts import ROLES, Facts, plain_cluster, roubles, russian_date

TEMPLATE = Path(__file__).with_name("paper.typ")


def passport(one: Facts) -> bytes:
    """Return the project's passport."""
    project = one.project
    blocks = [
        heading("1. Общие сведения"),
        general(one),
        heading("2. Цель и участники"),
        text(project.goal),
        roles(one, "Участник"),
        heading("3. Финансирование, ₽"),
        table(("Источник", "Сумма", "Доля, %"), (2.4, 1.3, 0.8), sources(one), numbers=(1, 2)),
        heading("4. Показатели"),
        table(("Показатель", "Значение"), (4, 1.2), indicators(one), numbers=(1,)),
        heading("5. Этапы"),
        table(
            ("Этап", "Начало", "Окончание", "Стоимость, ₽"),
            (2.6, 1, 1, 1.3),
            [(name, russian_date(a), russian_date(b), roubles(cost)) for name, a, b, cost in one.stages],
            numbers=(3,),
        ),
    ]
    signatures = [(f"Руководитель {project.initiator.name}", one.director)]
    return paper(one, "Паспорт проекта", f"«{project.title}»", blocks, signatures)


def general(one: Facts) -> dict:
    """Return the passport's table of general facts."""
    project = one.project
    return pairs(
        ("Кластер", plain_cluster(project)),
        ("Инициатор", f"{project.initiator.name}, ИНН {project.initiator.inn}, ОГРН {project.initiator.ogrn}"),
        ("Место реализации", project.cluster.place),
        ("Срок реализации", f"{russian_date(one.starts)} – {russian_date(one.ends)}"),
        ("Уровень готовности технологии", f"УГТ {project.readiness}"),
        ("Место в функциональной карте", project.position),
        ("ОКВЭД2", ", ".join(project.topics)),
    )


def roles(one: Facts, head: str) -> dict:
    """Return the table of participants and their roles."""
    rows = [(company.name, company.inn, role) for company, role in participants(one)]
    return table((head, "ИНН", "Роль"), (3, 1.3, 1.2), rows)


def agreement(one: Facts) -> bytes:
    """Return the agreement of the participants with their roles and duties."""
    project = one.project
    blocks = [
        text(
            f"Организации, названные ниже, — участники промышленного кластера ({plain_cluster(project)}) — "
            f"договорились совместно реализовать проект «{project.title}» (далее — проект)."
        ),
        heading("1. Стороны и роли"),
        roles(one, "Сторона"),
        heading("2. Обязанности"),
        {"kind": "list", "items": [duty(company.name, role, project.of) for company, role in participants(one)]},
        heading("3. Деньги и сроки"),
        text(
            f"Стоимость проекта {roubles(project.total)} ₽; внебюджетные средства {roubles(project.private)} ₽, "
            f"запрашиваемая субсидия {roubles(project.requested)} ₽. Срок реализации: с {russian_date(one.starts)} "
            f"по {russian_date(one.ends)}. Превышение стоимости инициатор покрывает из собственных средств."
        ),
        heading("4. Порядок решений"),
        text(
            "Решения по графику и распределению работ принимаются единогласно на совещании сторон не реже одного раза "
            "в квартал. Сторона, выходящая из проекта, предупреждает остальных за 90 дней и передаёт документацию."
        ),
    ]
    signatures = [(company.name, "") for company in project.companies]
    return paper(one, "Соглашение участников проекта", "", blocks, signatures)


def membership(one: Facts) -> bytes:
    """Return the managing organisation's statement that the participants are members of the cluster."""
    project = one.project
    blocks = [
        text(
            f"{project.cluster.managing.name} (ИНН {project.cluster.managing.inn}), управляющая организация кластера, "
            f"подтверждает, что организации, перечисленные ниже, входят в состав кластера: {plain_cluster(project)}."
        ),
        table(
            ("Организация", "ИНН", "ОГРН"),
            (3, 1.3, 1.5),
            [(company.name, company.inn, company.ogrn) for company in project.companies],
        ),
        text(f"Справка выдана для участия в конкурсе с проектом «{project.title}»."),
    ]
    signatures = [(f"Руководитель {project.cluster.managing.name}", "")]
    return paper(one, "Справка о членстве в кластере", "", blocks, signatures)


def participants(one: Facts) -> list[tuple]:
    """Return (company, role in words), the initiator first."""
    project = one.project
    return [(project.initiator, "инициатор"), *((company, ROLES[role]) for company, role in project.partners)]


def sources(one: Facts) -> list[tuple[str, str, str]]:
    """Return the rows of the financing table; the last is the total."""
    project = one.project
    rows = [
        ("Собственные средства", one.own),
        ("Заёмные средства", one.loans),
        ("Запрашиваемая субсидия", project.requested),
        ("Всего", project.total),
    ]
    return [(name, roubles(sum_), comma(f"{sum_ * 100 / project.total:.2f}")) for name, sum_ in rows]


def indicators(one: Facts) -> list[tuple[str, str]]:
    """Return the rows of the indicators table, numbers as in the archive."""
    names = (
        ("private_share", "Доля внебюджетных средств, %"),
        ("jobs", "Создаваемые высокопроизводительные рабочие места, ед."),
        ("import_reduction", "Снижение доли импортных комплектующих, п.п."),
        ("payback_years", "Срок окупаемости, лет"),
        ("cluster_share", "Доля продукции, поставляемой участникам кластера, %"),
        ("tax_ratio", "Налоги за 5 лет к запрошенной субсидии, раз"),
    )
    return [(name, comma(one.project.indicators[code])) for code, name in names]


def duty(name: str, role: str, of: str) -> str:
    """Say what a participant undertakes."""
    texts = {
        "инициатор": f"организует серийный выпуск {of}, привлекает финансирование и отвечает за показатели проекта",
        "поставщик": "поставляет комплектующие по согласованным техническим условиям и держит месячный запас",
        "покупатель": f"выкупает согласованный объём {of} и участвует в приёмочных испытаниях",
        "разработчик": "передаёт конструкторскую и технологическую документацию и сопровождает освоение",
        "производитель": "выполняет закреплённые за ним переделы и ведёт их технический контроль",
        "иной участник": "предоставляет площадку для испытаний и участвует во вводе изделий в эксплуатацию",
    }
    return f"{name} {texts[role]}."


def heading(words: str) -> dict:
    """Return a heading block."""
    return {"kind": "heading", "text": words}


def text(words: str) -> dict:
    """Return a paragraph block."""
    return {"kind": "text", "text": words}


def pairs(*rows: tuple[str, str]) -> dict:
    """Return a block of labelled values."""
    return {"kind": "pairs", "rows": rows}


def table(head: tuple, columns: tuple, rows: list[tuple], numbers: tuple[int, ...] = ()) -> dict:
    """Return a table block; ``numbers`` are the columns set to the right."""
    return {"kind": "table", "head": head, "columns": columns, "rows": rows, "numbers": numbers}


def paper(one: Facts, title: str, subtitle: str, blocks: list[dict], signatures: list[tuple[str, str]]) -> bytes:
    """Typeset a paper; the same data give the same bytes."""
    data = {
        "title": title,
        "subtitle": subtitle,
        "author": one.project.initiator.name,
        "footer": f"{title} · {one.project.initiator.name}" if len(one.project.initiator.name) < 90 else title,
        "place": one.project.cluster.place,
        "date": russian_date(one.project.submitted.date()),
        "blocks": blocks,
        "signatures": signatures,
    }
    return typst.compile(
        str(TEMPLATE), sys_inputs={"data": json.dumps(data, ensure_ascii=False)}, ignore_system_fonts=True
    )
