"""The first sheet, which says how the workbook is filled, and the overview of all applications."""

from collections.abc import Sequence

from judging.domain.sheets import audiences
from judging.domain.trials import FILE_MARK
from judging.exports.score_sheets.application_page import Summary
from judging.exports.score_sheets.columns import ADDRESSED
from judging.exports.score_sheets.front_words import deadline_words
from judging.exports.score_sheets.layout import FRONT, OVERVIEW
from judging.exports.score_sheets.paper import Page, Paper
from judging.queries.offline_sheets import OfflineSheet, OfflineSheets

BEFORE = (
    "Заполняйте только жёлтые ячейки. Остальные защищены, чтобы их нельзя было сбить случайно.",
    "Оценку выбирайте из списка в ячейке или набирайте числом: 7 или 7,5. Что означает оценка, написано рядом с ней и "
    "в примечании к ячейке. Формул в жёлтых ячейках быть не должно.",
    "Столбец «Проверка» подсказывает, чего не хватает. Заполнять всё сразу не обязательно: вернуть можно и часть.",
)
AFTER = (
    "Сохраните файл как книгу Excel (.xlsx) и загрузите его в системе: «Мои заключения» – «Оценивать без сети». Перед "
    "загрузкой система покажет построчно, что изменится, и ничего не изменит без вашего согласия.",
    "Если вы оценивали ту же заявку и на сайте, система покажет обе версии и спросит, какую оставить. Написанное на "
    "сайте позже файла само собой не пропадёт.",
    "Загрузка сохраняет черновики. Отправить заключение можно только на сайте.",
    "Лист заявки, которая вам больше не нужна в файле, можно удалить целиком: о ней файл тогда ничего не говорит.",
)
WARNING = (
    "В файле – ваши личные оценки и комментарии. Не передавайте его другим и не храните на общем компьютере. "
    "Файл принимается только от вас и только для этого конкурса."
)


WIDTH = 110


def write_front(paper: Paper, given: OfflineSheets, made: str) -> None:
    """Write the first sheet."""
    page = paper.add(FRONT, (4, WIDTH))
    page.write(1, 1, "Оценочные листы эксперта", "title")
    lines = [
        *([FILE_MARK] if given.trial else []),
        f"Конкурс: {given.title} ({given.code})",
        f"Эксперт: {given.expert}",
        f"Файл скачан {made}. {deadline_words(given)}",
    ]
    for row, line in enumerate(lines, start=2):
        page.write(row, 2, line, "plain")
    row = 3 + len(lines)
    told = " ".join(ADDRESSED[audience].told for audience in audiences(given.asked))
    for number, step in enumerate((*BEFORE, told, *AFTER), start=1):
        page.room(row, [(step, WIDTH)])
        page.write(row, 1, number, "strong")
        page.write(row, 2, step, "plain")
        row += 1
    page.room(row + 1, [(WARNING, WIDTH - 10)])
    page.write(row + 1, 2, WARNING, "strong")
    if given.handed_in:
        page.write(row + 3, 2, f"Уже отправлены и в файл не входят: {', '.join(given.handed_in)}.", "closed")
    page.begin()


TITLE_WIDTH, CLUSTER_WIDTH = 60, 40
OVERVIEW_HEADINGS = ("Заявка", "Проект", "Заявитель", "Оценок", "Из", "Баллы", "Наибольшее", "Не хватает")


def begin_overview(paper: Paper) -> Page:
    """Begin the overview: it stands before the sheets of the applications."""
    page = paper.add(OVERVIEW, (18, TITLE_WIDTH, CLUSTER_WIDTH, 10, 8, 12, 12, 12))
    page.write(1, 1, "Ваши заявки", "title")
    page.put(3, OVERVIEW_HEADINGS, "head", 1)
    page.freeze(4, 2)
    return page


def write_overview(page: Page, sheets: Sequence[OfflineSheet], summaries: Sequence[Summary]) -> None:
    """Write a row an application; its figures are those of its own sheet."""
    for row, (sheet, summary) in enumerate(zip(sheets, summaries, strict=True), start=4):
        there = "'" + summary.name.replace("'", "''") + "'!"
        page.room(row, [(sheet.title, TITLE_WIDTH), (sheet.cluster, CLUSTER_WIDTH)])
        page.link(row, 1, summary.name, sheet.number)
        page.write(row, 2, sheet.title, "plain")
        page.write(row, 3, sheet.cluster, "plain")
        page.formula(row, 4, there + summary.filled[0], summary.filled[1], "whole")
        page.write(row, 5, summary.criteria, "whole")
        page.formula(row, 6, there + summary.total[0], float(summary.total[1]), "points")
        page.write(row, 7, summary.maximum, "points")
        page.formula(row, 8, there + summary.missing[0], summary.missing[1], "whole")
