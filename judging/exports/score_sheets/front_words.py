"""Sentences that stand on more than one sheet of the workbook."""

from judging.exports.facts import moscow
from judging.queries.offline_sheets import OfflineSheets


def deadline_words(given: OfflineSheets) -> str:
    """Return until when reviews are accepted."""
    return f"Заключения принимаются до {moscow(given.deadline):%d.%m.%Y %H:%M} по московскому времени"
