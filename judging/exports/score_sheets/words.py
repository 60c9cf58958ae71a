"""The words of a workbook of score sheets, and what is read back from them. It speaks Russian, as every paper does."""

import re
from collections.abc import Mapping
from datetime import date, time
from decimal import Decimal

from judging.adapters.spreadsheets import Cell
from judging.domain.errors import N_, Unfit
from judging.domain.fields.texts import paragraphs
from judging.domain.offline.places import OUTSIDE, WITHIN, Part, Place, mark_text
from judging.domain.record import Recommendation
from judging.domain.rubric import AnswerStyle, ExpertCriterion, Scale, mark_fault
from judging.domain.sheet_rules import Confidence
from judging.domain.sheets import ABSTAIN, LONGEST_DRAFT_COMMENT, TOO_LONG

RECOMMENDATIONS: Mapping[str, str] = {
    Recommendation.SUPPORT: "поддержать",
    Recommendation.SUPPORT_WITH_CONDITIONS: "поддержать с условиями",
    Recommendation.DO_NOT_SUPPORT: "не поддерживать",
}
CONFIDENCES: Mapping[str, str] = {
    Confidence.HIGH: "высокая", Confidence.MEDIUM: "средняя", Confidence.LOW: "низкая",
}  # fmt: skip
SCOPES: Mapping[str, str] = {WITHIN: "да", OUTSIDE: "нет"}
CHOICES: Mapping[Part, Mapping[str, str]] = {
    Part.RECOMMENDATION: RECOMMENDATIONS, Part.CONFIDENCE: CONFIDENCES, Part.SCOPE: SCOPES,
}  # fmt: skip
CANNOT_JUDGE = "не могу оценить"
ANSWERS: Mapping[AnswerStyle, Mapping[str, str]] = {
    AnswerStyle.MARKS: {},
    AnswerStyle.YES_NO: {"0": "нет", "1": "да"},
    AnswerStyle.TRAFFIC_LIGHT: {"0": "красный", "1": "жёлтый", "2": "зелёный"},
}
"""The marks of a check in words."""
MOST_LISTED = 201
"""Marks of the longest scale that the cell offers as a list."""
_NUMBER = re.compile(r"[-+]?[0-9]{1,12}(?:[.,][0-9]{1,12})?")
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
DATE = N_("a date stands here; a spreadsheet makes one of “7.5” and “7/5”: write 7,5")
NO_MARK = N_("neither a mark nor one of the answers offered")
NO_CHOICE = N_("none of the answers offered")
ERROR = N_("the cell holds an error of the spreadsheet")
NO_TEXT = N_("neither a text nor a number")


def shown_mark(rule: ExpertCriterion, text: str) -> str | Decimal:
    """Return what stands in the cell of a mark: the number, or the word that it means."""
    return CANNOT_JUDGE if text == ABSTAIN else ANSWERS[rule.answers].get(text) or Decimal(text)


def offered(rule: ExpertCriterion) -> tuple[str | Decimal, ...]:
    """Return what the cell of a mark offers; nothing where the scale is too long for a list."""
    steps = (rule.scale.maximum - rule.scale.minimum) / rule.scale.step
    if steps >= MOST_LISTED:
        return ()
    every = (rule.scale.minimum + rule.scale.step * place for place in range(int(steps) + 1))
    return (*(shown_mark(rule, mark_text(mark)) for mark in every), *((CANNOT_JUDGE,) if rule.may_abstain else ()))


def read_place(place: Place, rule: ExpertCriterion | None, cell: Cell) -> str:
    """Return the text of a place as it is stored; raise :class:`Unfit` where the cell holds none. A formula is none."""
    if cell.error:
        raise Unfit(ERROR)
    if place.part is Part.MARK and rule is not None:
        return _mark(rule, cell)
    if place.part in CHOICES:
        return _choice(CHOICES[place.part], cell)
    text = paragraphs(_text(cell))
    if len(text) > LONGEST_DRAFT_COMMENT:
        raise Unfit(TOO_LONG, limit=LONGEST_DRAFT_COMMENT)
    return text


def _mark(rule: ExpertCriterion, cell: Cell) -> str:
    match cell.value:
        case None:
            return ""
        case date() | time():
            raise Unfit(DATE)
        case bool() as fact if rule.answers is AnswerStyle.YES_NO:
            return str(int(fact))
        case str() as said:
            return _said_mark(rule, folded(said))
        case Decimal() as figure:
            return _fitting(rule, _near(figure))
        case _:
            raise Unfit(NO_MARK)


def _said_mark(rule: ExpertCriterion, said: str) -> str:
    words = {folded(word): mark for mark, word in ANSWERS[rule.answers].items()}
    if not said or said in words:
        return words.get(said, "")
    if said == CANNOT_JUDGE:
        return _abstained(rule)
    plain = said.replace("\u2212", "-").replace(" ", "")
    if not _NUMBER.fullmatch(plain):
        raise Unfit(NO_MARK)
    return _fitting(rule, Decimal(plain.replace(",", ".")))


def _fitting(rule: ExpertCriterion, figure: Decimal) -> str:
    fault = mark_fault(rule, figure)
    if fault is not None:
        raise Unfit(fault.message, **fault.params)
    return mark_text(figure)


def _abstained(rule: ExpertCriterion) -> str:
    if not rule.may_abstain:
        raise Unfit(N_("This criterion has to be judged: give a mark"))
    return ABSTAIN


def _near(number: Decimal) -> Decimal:
    """The number that was typed: programs write 7.1 as 7.0999999999999996."""
    return Decimal(mark_text(Decimal(repr(float(number)))))


def _choice(words: Mapping[str, str], cell: Cell) -> str:
    said = folded(_text(cell))
    for code, word in words.items():
        if said in (folded(word), code):
            return code
    if said:
        raise Unfit(NO_CHOICE)
    return ""


def _text(cell: Cell) -> str:
    """The text of a cell; a number or a truth value was typed where words were meant."""
    value = cell.value
    if isinstance(value, bool):
        return "да" if value else "нет"
    if isinstance(value, Decimal):
        return mark_text(_near(value)).replace(".", ",")
    if isinstance(value, date | time):
        raise Unfit(NO_TEXT)
    return plain_text(value or "")


def raw_text(cell: Cell) -> str:
    """Return what stands in a cell that cannot be taken, for its reader to know it again."""
    value = cell.value
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    if isinstance(value, Decimal):
        return number(_near(value))
    return "" if value is None else plain_text(str(value))


def plain_text(text: str) -> str:
    """Return a text without the way in which a spreadsheet writes signs that XML has not (_x000B_).

    A sign may be written as two halves (_xD83D__xDE00_); a half by itself becomes the mark of an unreadable one.
    """
    plain = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    return plain if plain == text else plain.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def folded(text: str) -> str:
    """Return a word as it is compared: of small letters, with single spaces, ё as е."""
    return " ".join(plain_text(text).casefold().replace("ё", "е").split())


def scale_words(scale: Scale) -> str:
    """Return a scale in words: «от 0 до 10, шаг 0,5»."""
    return f"от {number(scale.minimum)} до {number(scale.maximum)}, шаг {number(scale.step)}"


def number(value: Decimal) -> str:
    """Return a number as Russian print has it."""
    return mark_text(value).replace(".", ",")
