"""The agreement of the participants as a paper to be signed by each of them."""

from collections.abc import Mapping
from typing import Any

from judging.domain.forms.form import FieldKind
from judging.domain.papers import Paper
from judging.exports.papers.amounts import sum_said
from judging.exports.papers.source import Block, Source, heading, signed_by, text, to_sign
from judging.exports.papers.wording import said

FUNDS = ("total_cost", "own_funds", "loans", "other_budget", "requested")
LINE = "________________"


def agreement_sheet(paper: Paper, source: Source) -> Mapping[str, Any]:
    """Subject, participants with their contributions, money in words, duties, and a line for each to sign on."""
    title, initiator = source.text("title") or LINE, source.text("initiator")
    blocks = [
        text(
            f"Организации, названные в разделе 2 (далее – Участники), из числа участников промышленного кластера "
            f"«{source.cluster['name']}» ({source.region}) заключили настоящее соглашение о нижеследующем."
        ),
        heading("1. Предмет соглашения"),
        text(f"1.1. Участники совместно реализуют проект «{title}» (далее – Проект){_term(source)}{_place(source)}."),
        *([text(f"1.2. Цель Проекта: {source.text('goal')}")] if source.text("goal") else []),
        text(
            f"1.3. {source.name_of(initiator) or LINE} (далее – Инициатор) представляет Участников перед организатором "
            f"конкурса «{source.contest}», подаёт заявку и отвечает за её полноту и достоверность."
        ),
        heading("2. Участники Проекта и их вклад"),
        _parties(source, initiator),
        *_funding(source),
        heading("4. Обязанности Участников"),
        *(text(one) for one in DUTIES),
        heading("5. Заключительные положения"),
        *(text(one) for one in CLOSING),
        heading("6. Подписи Участников"),
        signed_by(*_signs(source, initiator)),
    ]
    return to_sign(
        paper, "СОГЛАШЕНИЕ", f"участников совместного кластерного проекта «{title}»", blocks,
        place="г. ________________", date="«___» ______________ 20___ г.",
    )  # fmt: skip


DUTIES = (
    "4.1. Каждый Участник выполняет свою часть Проекта в объёме и в роли, указанных в разделе 2, и вносит свой вклад.",
    "4.2. Инициатор координирует работы, ведёт отчётность по Проекту и передаёт Участникам решения организатора "
    "конкурса в течение пяти рабочих дней.",
    "4.3. Участники по запросу Инициатора представляют сведения и документы, необходимые для заявки и отчётности, и "
    "обеспечивают конфиденциальность полученных друг от друга сведений.",
    "4.4. Участники подтверждают, что затраты, на которые запрашивается субсидия, не возмещались за счёт иных мер "
    "государственной поддержки.",
)
CLOSING = (
    "5.1. Соглашение вступает в силу со дня подписания всеми Участниками и действует до исполнения обязательств по "
    "Проекту. Если Проект не станет победителем конкурса, соглашение прекращается со дня объявления результатов.",
    "5.2. Изменения вносятся дополнительными соглашениями, которые подписывают все Участники.",
    "5.3. Споры разрешаются переговорами, а при недостижении согласия – арбитражным судом по месту нахождения "
    "Инициатора.",
    "5.4. Соглашение подписывается на бумаге в экземплярах по числу Участников либо в электронной форме усиленными "
    "квалифицированными электронными подписями.",
)


def _term(source: Source) -> str:
    begin, end = source.answers.get("starts_on"), source.answers.get("ends_on")
    parts = [f" с {begin:%d.%m.%Y}" if begin else "", f" по {end:%d.%m.%Y}" if end else ""]
    return "".join(parts)


def _place(source: Source) -> str:
    place = source.text("place")
    return f", место реализации: {place}" if place else ""


def _partners(source: Source) -> tuple[Mapping[str, Any], ...]:
    return tuple(source.answers.get("partners") or ())


def _parties(source: Source, initiator: str) -> Block:
    table = source.form.field("partners")
    role = table.column("role") if table is not None else None
    rows: list[list[Any]] = []
    if initiator:
        rows.append(["1", [source.name_of(initiator), source.numbers_of(initiator)], ["Инициатор проекта"], ["—"]])
    for number, row in enumerate(_partners(source), start=len(rows) + 1):
        inn = row.get("organisation", "")
        options = role.options if role is not None else ()
        said_role = next((one.label for one in options if one.code == row.get("role")), row.get("role") or "—")
        rows.append([str(number), [source.name_of(inn), source.numbers_of(inn)], [said_role],
                     [row.get("contribution") or "—"]])  # fmt: skip
    return {
        "kind": "table", "head": ["№", "Участник", "Роль", "Вклад"], "rows": rows, "widths": [0.3, 2.4, 1.3, 2.2],
        "numeric": [], "foot": [],
    }  # fmt: skip


def _funding(source: Source) -> list[Block]:
    fields = [field for code in FUNDS if (field := source.form.field(code)) is not None]
    rows: list[list[Any]] = []
    for field in fields:
        answer = source.answers.get(field.code)
        if field.kind is FieldKind.MONEY and answer is not None:
            rows.append([field.label, [sum_said(answer)]])
        elif lines := said(field, source):
            rows.append([field.label, lines])
    blocks = [heading("3. Финансирование Проекта"), text("3.1. Участники финансируют Проект в следующих объёмах:")]
    return [*blocks, {"kind": "facts", "rows": rows}] if rows else [blocks[0], text(f"3.1. {LINE * 3}")]


def _signs(source: Source, initiator: str) -> list[tuple[str, str]]:
    post, name = source.signatory
    first = (f"{post or 'Руководитель'}\n{source.name_of(initiator)}".strip(), name)
    others = [(f"Руководитель\n{source.name_of(row.get('organisation', ''))}", "") for row in _partners(source)]
    return [first, *others]
