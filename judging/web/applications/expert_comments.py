"""What the experts wrote to the applicant, as the team reads it: labels and no names, after the results."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from flask_babel import gettext

from judging.domain.sheet_rules import GROUP, Audience
from judging.domain.visibility import visibility_of
from judging.extensions import db
from judging.models import Application
from judging.queries.rubrics import SheetCriterion, sheet_criteria
from judging.queries.visibility import Handed, addressed_to_applicant
from judging.web.applications.blueprint import blueprint
from judging.web.templating import decimal, localized


@dataclass(frozen=True)
class ExpertRemarks:
    """The remarks of one expert under the label that the expert has in all documents, as rows of a summary list."""

    who: str
    rows: tuple[dict[str, str], ...]


@blueprint.app_template_global()
def expert_comments(application: Application) -> list[ExpertRemarks] | None:
    """The remarks by expert; None where the contest has none for teams or its results are not published."""
    found = addressed_to_applicant(db.session, application)
    if found is None:
        return None
    criteria = sheet_criteria(db.session, application.contest_id, application.nomination_id)
    marked = visibility_of(application.contest.visibility).applicant_marks
    return [
        ExpertRemarks(gettext("Expert %(number)s", number=one.label.number), tuple(_rows(one, criteria, marked=marked)))
        for one in found
    ]


def _rows(handed: Handed, criteria: Sequence[SheetCriterion], *, marked: bool) -> Iterator[dict[str, str]]:
    """In the order of the sheet; what stands under no criterion of it comes last, a group under its title."""
    texts = {
        place: text.strip() for place, text in handed.review.notes.get(Audience.APPLICANT.value, {}).items()
        if text.strip()
    }  # fmt: skip
    for one in criteria:
        mark = handed.review.scores.get(one.code) if marked else None
        said = [] if mark is None else [_mark(Decimal(mark), one)]
        said += [texts.pop(one.code)] if one.code in texts else []
        if said:
            yield {"label": localized(one, "title"), "value": "\n".join(said)}
    for place, text in texts.items():
        yield {"label": place.removeprefix(GROUP), "value": text}


def _mark(mark: Decimal, criterion: SheetCriterion) -> str:
    return gettext("Mark: %(mark)s of %(maximum)s", mark=decimal(mark), maximum=decimal(criterion.rule.scale.maximum))
