"""What tells of a submission: the application as it was submitted, and its receipt with the hash of every file."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from judging.domain.forms.receipts import SLOT
from judging.exports.papers.amounts import figures
from judging.exports.papers.application import assurances, body
from judging.exports.papers.source import Block, Source, frame, heading, text
from judging.exports.papers.wording import plain_number

MOSCOW = ZoneInfo("Europe/Moscow")


def submitted_sheet(source: Source, sha256: str) -> Mapping[str, Any]:
    """The application as it was submitted, by the document that was stored then."""
    document = source.document
    head: Block = {"kind": "facts", "rows": [["Регистрационный номер", document["number"]],
                                             ["Получена", _received(document)]]}  # fmt: skip
    blocks = [head, *body(source), *assurances(source), heading("Документы"), *_files(source)]
    return _told(source, "ЗАЯВКА", f"на участие в конкурсе «{source.contest}», как она подана", blocks, sha256)


def receipt_sheet(source: Source, facts: Mapping[str, Any], sha256: str) -> Mapping[str, Any]:
    """The receipt: number, exact time, what was submitted, every file with its hash and its signatures."""
    document, initiator = source.document, facts["initiator"]
    rows: list[list[Any]] = [
        ["Регистрационный номер", document["number"]],
        ["Получена", _received(document)],
        ["Проект", facts["title"]],
        ["Кластер", source.cluster["name"]],
    ]
    if initiator:
        rows.append(
            ["Инициатор проекта", [initiator["name"], f"ИНН\u00a0{initiator['inn']}, ОГРН\u00a0{initiator['ogrn']}"]]
        )
    rows += [["Номинация", source.nomination]] if source.nomination else []
    if facts["requested"] is not None:
        rows.append(["Запрашиваемая субсидия", f"{figures(facts['requested'])} руб."])
    blocks: list[Block] = [
        {"kind": "facts", "rows": rows}, heading("Полученные файлы"), *_files(source),
        heading("Отпечаток всего, что подано"), *_print(sha256),
    ]  # fmt: skip
    return _told(source, "РАСПИСКА", f"о получении заявки на участие в конкурсе «{source.contest}»", blocks, sha256)


def _told(source: Source, title: str, subtitle: str, blocks: list[Block], sha256: str) -> Mapping[str, Any]:
    return frame(title, subtitle, blocks, code=f"{title}-{source.document['number']}", sha256=sha256)


def _received(document: Mapping[str, Any]) -> str:
    at = datetime.fromisoformat(document["submitted_at"]).astimezone(MOSCOW)
    return f"{at:%d.%m.%Y в %H:%M:%S} (московское время)"


def _files(source: Source) -> Sequence[Block]:
    """Every file with its size and its hash; below it the signatures that were beside it."""
    document = source.document
    slot = SLOT[document["version"]]
    titles = {field.code: field.label for field in source.form.fields()}
    rows: list[list[Any]] = []
    for file in document["documents"]:
        title = titles.get(file[slot], file[slot])
        rows.append([[title], {"text": [f"{file['filename']}, {plain_number(Decimal(file['size']))} байт"],
                               "hash": file["sha256"]}])  # fmt: skip
        rows += [
            [["электронная подпись"], {"text": [one["filename"]], "hash": one["sha256"]}]
            for one in file.get("signatures", ())
        ]
    if not rows:
        return [text("Файлы не прилагались.", indent=False)]
    return [{"kind": "table", "head": ["Документ", "Файл и его SHA-256"], "rows": rows, "widths": [1.0, 2.0],
             "numeric": [], "foot": []}]  # fmt: skip


def _print(sha256: str) -> Sequence[Block]:
    return [
        text(
            "SHA-256 канонической записи (JSON) всех сведений заявки и отпечатков файлов. Запись можно скачать на "
            "странице расписки и вычислить отпечаток самостоятельно."
        ),
        {"kind": "small", "text": [sha256]},
    ]
