"""What was typed into a section, in words, for the error pages that repeat it without the form that was to take it."""

from collections.abc import Sequence
from functools import cache

from flask_babel import gettext
from markupsafe import Markup
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.datastructures import MultiDict

from judging.domain.forms.compiling import CompiledForm, CompiledSection, compile_form
from judging.extensions import db
from judging.models import Application
from judging.queries.derived_forms import base_form
from judging.queries.forms import compiled_form_of
from judging.web.access import current_actor
from judging.web.applications.at_hand import surroundings
from judging.web.field_labels import Labelled
from judging.web.questionnaire.building import section_form
from judging.web.questionnaire.fields import AnswerField
from judging.web.questionnaire.phrases import said as label_said
from judging.web.questionnaire.surroundings import NOTHING_KNOWN, Surroundings
from judging.web.questionnaire.tables import Cell, TableField
from judging.web.questionnaire.words import said

NOT_TYPED = frozenset(
    {"csrf_token", "request_key", "version", "fingerprint", "stay", "add", "remove", "move", "theirs"}
)

CHOSEN = frozenset({"select", "radios", "checkboxes", "consent"})
"""Controls whose texts nobody typed."""


def typed_words(pairs: Sequence[tuple[str, str]], application_id: int, section: str) -> list[Labelled]:
    """Every answer of the request with its question; where this cannot be told any more, the bare texts.

    For a visitor nothing is looked up: the questions are those that every contest has.
    """
    try:
        part, around = _at_hand(application_id, section)
    except SQLAlchemyError:
        part, around = None, NOTHING_KNOWN
    if part is None:
        told = [text for name, text in pairs if name not in NOT_TYPED and not name.endswith("-_key") and text.strip()]
        return [Labelled(gettext("Answer"), text) for text in told]
    form = section_form(part)({}, formdata=MultiDict(pairs), around=around, meta={"csrf": False})
    return [one for field in form.answers() if field.sent for one in _field_words(field)]


def _at_hand(application_id: int, section: str) -> tuple[CompiledSection | None, Surroundings]:
    if not current_actor().is_authenticated:
        return next((one for one in _of_every_contest().sections if one.section.code == section), None), NOTHING_KNOWN
    application = db.session.get(Application, application_id)
    if application is None:
        return None, NOTHING_KNOWN
    compiled = compiled_form_of(application.contest)
    part = next((one for one in compiled.sections if one.section.code == section), None)
    return part, surroundings(application, compiled, {})


@cache
def _of_every_contest() -> CompiledForm:
    return compile_form(base_form())


def _field_words(field: AnswerField) -> list[Labelled]:
    """A text as it was typed; of a choice its words, and nothing where nobody can tell them any more."""
    label = label_said(field.asked, "label")
    if isinstance(field, TableField):
        cells = [(place, cell) for place, row in enumerate(field.rows, 1) for cell in row.cells]
        told = [(f"{label} {place}: {cell.column.plain}", _cell_words(cell)) for place, cell in cells]
        return [Labelled(name, text) for name, text in told if text.strip()]
    if field.control not in CHOSEN:
        text = field.text
    else:
        text = _plain(said(field.one, field.data, field.around) or "") if field.legible else ""
    return [Labelled(label, text)] if text.strip() else []


def _cell_words(cell: Cell) -> str:
    if cell.column.control not in CHOSEN:
        return cell.text
    return next((_plain(words) for value, words, _ in cell.column.choices if value == cell.text), "")


def _plain(words: object) -> str:
    return str(words.replace(Markup("<br>"), Markup(" ")).striptags()) if isinstance(words, Markup) else str(words)
