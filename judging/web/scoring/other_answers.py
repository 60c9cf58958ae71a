"""What a form asks beyond what every application has: the expert reads it below the rest of the application."""

from dataclasses import dataclass

from markupsafe import Markup

from judging.domain.forms.form import FieldKind
from judging.models import Application
from judging.queries.forms import form_of
from judging.web.applications.at_hand import as_read
from judging.web.clock import arrived
from judging.web.questionnaire.phrases import shown
from judging.web.questionnaire.words import SummaryRow, summary_rows
from judging.web.scoring.blueprint import blueprint

ELSEWHERE = frozenset(
    {
        "title", "goal", "summary", "functional_map_position", "topics", "readiness_level", "starts_on", "ends_on",
        "place", "initiator", "partners", "total_cost", "own_funds", "loans", "other_budget", "requested",
        "private_share", "contact_name", "contact_phone", "contact_email",
    }
)  # fmt: skip
"""What the page says of every application."""
NOT_READ = frozenset({FieldKind.FILE, FieldKind.CONSENT})
"""Files stand among the documents; consents are for the staff."""


@dataclass(frozen=True)
class OtherSection:
    """A section with those of its answers that stand nowhere else on the page."""

    code: str
    title: Markup
    rows: tuple[SummaryRow, ...]


@blueprint.app_template_global()
def other_answers(application: Application) -> list[OtherSection]:
    """The answers that an expert may see and that the page does not say anyway."""
    said = ELSEWHERE | {str(one["code"]) for one in application.contest.indicators}
    if all(one.code in said or one.kind in NOT_READ for one in form_of(application.contest).fields()):
        return []
    hand = as_read(application, arrived())
    seen = hand.look(hand.answers)
    sections = [
        OtherSection(
            part.section.code,
            shown(part.section, "title"),
            tuple(
                row
                for row in summary_rows(part, hand.answers, seen, hand.around, experts=True)
                if row.code not in said and row.kind not in NOT_READ and row.said is not None
            ),
        )
        for part in hand.compiled.sections
        if part.section.code in seen.sections
    ]
    return [section for section in sections if section.rows]
