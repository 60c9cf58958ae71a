"""What is on the expert's screen against what is stored: the rows of both versions."""

from decimal import Decimal
from typing import Any

from judging.domain.record import RECOMMENDATION_LABELS, Recommendation
from judging.domain.sheets import comment_path, mark_path
from judging.web.both_versions import VersionRow, plain
from judging.web.scoring.forms import SheetForm
from judging.web.scoring.opened_review import Desk
from judging.web.templating import decimal, translate


def versions(desk: Desk, form: SheetForm) -> list[VersionRow]:
    """Return a row for every mark, comment and the verdict: what was typed beside what is stored."""
    stored, rows = desk.sheet, list[VersionRow]()
    for criterion in desk.criteria:
        code = criterion.code
        rows.append(VersionRow(code, _mark(form.mark(code).shown), _mark(stored.scores.get(code))))
        label = translate("Comment on %(code)s", code=code)
        rows.append(VersionRow(label, _lines(form.comment(code).data), stored.comments.get(code, "")))
    verdicts = verdict(form.recommendation.data), verdict(stored.recommendation)
    return [*rows, VersionRow(translate("Your recommendation"), *verdicts)]


def typed_values(desk: Desk, form: SheetForm) -> dict[str, Any]:
    """Return what was typed, by field, to be sent again."""
    values: dict[str, Any] = {"recommendation": form.recommendation.data or ""}
    for criterion in desk.criteria:
        mark = form.mark(criterion.code).shown
        values[mark_path(criterion.code)] = "" if mark is None else mark
        values[comment_path(criterion.code)] = form.comment(criterion.code).data or ""
    return values


def verdict(value: str | None) -> str:
    """Return a recommendation in words; empty where there is none."""
    return translate(RECOMMENDATION_LABELS[Recommendation(value)]) if value in set(Recommendation) else ""


def _mark(value: Decimal | str | None) -> str:
    """A mark, or what was typed instead of one; 7 and 7,0 are the same."""
    return decimal(plain(value) if isinstance(value, Decimal) else value)


def _lines(text: str | None) -> str:
    """Text as it is stored, so that it compares: browsers send line ends of their own."""
    return (text or "").replace("\r\n", "\n")
