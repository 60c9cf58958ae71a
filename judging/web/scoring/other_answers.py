"""What a form asks beyond what every application has: the expert reads it below the rest of the application."""

from collections.abc import Mapping, Set
from dataclasses import dataclass, replace

from markupsafe import Markup

from judging.domain.forms.compiling import CompiledField
from judging.domain.forms.form import Field, FieldKind
from judging.domain.forms.readers import Readable, kept_from_experts
from judging.extensions import db
from judging.models import Application
from judging.queries import applications, stages
from judging.queries.dossiers import indicators_of
from judging.web.applications.at_hand import as_read
from judging.web.clock import arrived
from judging.web.questionnaire.phrases import shown
from judging.web.questionnaire.words import SummaryRow, summary_rows
from judging.web.scoring.dossier import COLUMNS

ELSEWHERE: Mapping[str, FieldKind] = {**COLUMNS, "title": FieldKind.TEXT, "initiator": FieldKind.ORGANISATION}
"""What the page says of every application that asks for it, where it is of this kind."""
PARTNERS, OF_PARTNERS = "partners", frozenset({"organisation", "role", "contribution"})
"""The table whose columns of these codes the page says; the others stand below, beside the organisation."""


@dataclass(frozen=True)
class OtherSection:
    """A section with those of its answers that stand nowhere else on the page."""

    code: str
    title: Markup
    rows: tuple[SummaryRow, ...]


@dataclass(frozen=True)
class EarlierAnswers:
    """The application of the stage before: its number, the title of its contest, and its answers by section."""

    number: str
    contest: str
    sections: list[OtherSection]


def other_answers(application: Application, may_read: Readable) -> list[OtherSection]:
    """The answers that an expert may see and that the page does not say anyway."""
    asked = (one for one in may_read.compiled.form.fields() if one.code not in may_read.kept)
    fields = [one for one in asked if one.kind is not FieldKind.FILE]
    said = {one.code for one in fields if _stands_above(one)}
    said |= {str(one["code"]) for one in indicators_of(application.contest)}
    if all(one.code in said for one in fields):
        return []
    return _sections(application, said)


def _stands_above(asked: Field) -> bool:
    """Whether the page says the answer anyway, in full."""
    if asked.code == PARTNERS:
        return all(column.code in OF_PARTNERS for column in asked.columns)
    return ELSEWHERE.get(asked.code) is asked.kind


def earlier_answers(application: Application) -> EarlierAnswers | None:
    """What the application of the stage before answered, as it was submitted; its marks are not for this expert."""
    earlier = stages.earlier_of(db.session, application)
    if earlier is None:
        return None
    known = applications.by_id(db.session, earlier.id)
    return EarlierAnswers(earlier.number, earlier.contest_title, _sections(known, frozenset(), whole=True))


def _rest(one: CompiledField) -> CompiledField:
    """The table of partners without the columns that the page says anyway."""
    if one.field.code != PARTNERS:
        return one
    columns = (part for part in one.columns if part.field.code not in OF_PARTNERS - {"organisation"})
    return replace(one, columns=tuple(columns))


def _sections(application: Application, said: Set[str], *, whole: bool = False) -> list[OtherSection]:
    """The sections with the answers that an expert may see, without those ``said`` already, or whole."""
    hand = as_read(application, arrived())
    seen, kept = hand.look(hand.answers), kept_from_experts(hand.compiled)
    sections = [
        OtherSection(
            part.section.code,
            shown(part.section, "title"),
            tuple(
                row
                for row in summary_rows(
                    part if whole else replace(part, fields=tuple(map(_rest, part.fields))),
                    hand.answers,
                    seen,
                    hand.around,
                    kept=kept,
                )
                if row.code not in said and row.kind is not FieldKind.FILE and row.said is not None
            ),
        )
        for part in hand.compiled.sections
        if part.section.code in seen.sections
    ]
    return [section for section in sections if section.rows]
