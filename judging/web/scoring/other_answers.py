"""What a form asks beyond what every application has: the expert reads it below the rest of the application."""

from collections.abc import Mapping, Set
from dataclasses import dataclass, replace

from markupsafe import Markup

from judging.domain.forms.compiling import CompiledField
from judging.domain.forms.form import Field, FieldKind
from judging.extensions import db
from judging.models import Application
from judging.queries import applications, stages
from judging.queries.dossiers import indicators_of
from judging.queries.forms import form_of
from judging.web.applications.at_hand import as_read
from judging.web.clock import arrived
from judging.web.questionnaire.phrases import shown
from judging.web.questionnaire.words import SummaryRow, summary_rows
from judging.web.scoring.blueprint import blueprint

ELSEWHERE: Mapping[str, FieldKind] = {
    **dict.fromkeys(("title", "goal", "summary", "functional_map_position", "place"), FieldKind.TEXT),
    **dict.fromkeys(("starts_on", "ends_on"), FieldKind.DATE),
    **dict.fromkeys(("total_cost", "own_funds", "loans", "other_budget", "requested"), FieldKind.MONEY),
    "topics": FieldKind.OKVED, "readiness_level": FieldKind.CHOICE, "initiator": FieldKind.ORGANISATION,
}  # fmt: skip
"""What the page says of every application that asks for it, where it is of this kind."""
PARTNERS, OF_PARTNERS = "partners", frozenset({"organisation", "role", "contribution"})
"""The table whose columns of these codes the page says; the others stand below, beside the organisation."""
CONTACTS = frozenset({"contact_name", "contact_phone", "contact_email"})
"""What no expert needs of a project."""
NOT_READ = frozenset({FieldKind.FILE, FieldKind.CONSENT})
"""Files stand among the documents; consents are for the staff."""


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


@blueprint.app_template_global()
def other_answers(application: Application) -> list[OtherSection]:
    """The answers that an expert may see and that the page does not say anyway."""
    form = form_of(application.contest)
    said = CONTACTS | {one.code for one in form.fields() if _stands_above(one)}
    said |= {str(one["code"]) for one in indicators_of(application.contest)}
    if all(one.code in said or one.kind in NOT_READ for one in form.fields()):
        return []
    return _sections(application, said)


def _stands_above(asked: Field) -> bool:
    """Whether the page says the answer anyway, in full."""
    if asked.code == PARTNERS:
        return all(column.code in OF_PARTNERS for column in asked.columns)
    return ELSEWHERE.get(asked.code) is asked.kind


@blueprint.app_template_global()
def earlier_answers(application: Application) -> "EarlierAnswers | None":
    """What the application of the stage before answered, as it was submitted; its marks are not for this expert."""
    earlier = stages.earlier_of(db.session, application)
    if earlier is None:
        return None
    known = applications.by_id(db.session, earlier.id)
    return EarlierAnswers(earlier.number, earlier.contest_title, _sections(known, CONTACTS, whole=True))


def _rest(one: CompiledField) -> CompiledField:
    """The table of partners without the columns that the page says anyway."""
    if one.field.code != PARTNERS:
        return one
    columns = (part for part in one.columns if part.field.code not in OF_PARTNERS - {"organisation"})
    return replace(one, columns=tuple(columns))


def _sections(application: Application, said: Set[str], *, whole: bool = False) -> list[OtherSection]:
    """The sections with the answers that an expert may see, without those ``said`` already, or whole."""
    hand = as_read(application, arrived())
    seen = hand.look(hand.answers)
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
                    experts=True,
                )
                if row.code not in said and row.kind not in NOT_READ and row.said is not None
            ),
        )
        for part in hand.compiled.sections
        if part.section.code in seen.sections
    ]
    return [section for section in sections if section.rows]
