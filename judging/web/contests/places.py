"""Sections and documents of a contest's form as choices: where a criterion may tell experts to look."""

from collections.abc import Iterable

from judging.domain.errors import Refused
from judging.domain.forms.form import ApplicationForm, FieldKind
from judging.domain.forms.readers import for_staff_alone
from judging.models import Contest
from judging.queries.forms import form_of
from judging.web.forms import SelectChoice
from judging.web.questionnaire.phrases import said


def places_of(contest: Contest) -> tuple[list[SelectChoice], list[SelectChoice]]:
    """The sections and the documents that experts may read; codes that criteria name besides stand last."""
    try:
        form = form_of(contest)
    except Refused:  # a contest that came with an archive may have codes which no form can have
        form = None
    sections = {} if form is None else {one.code: said(one, "title") for one in form.sections}
    slots = {} if form is None else dict(_documents(form))
    named = [row.guidance for row in contest.criteria]
    return (
        _choices(sections, [code for guidance in named for code in guidance.get("sections", ())]),
        _choices(slots, [code for guidance in named for code in guidance.get("slots", ())]),
    )


def _documents(form: ApplicationForm) -> Iterable[tuple[str, str]]:
    for one in form.fields():
        if one.kind is FieldKind.FILE and not for_staff_alone(one):
            yield one.code, said(one, "label")


def _choices(offered: dict[str, str], named: Iterable[str]) -> list[SelectChoice]:
    others = {code: code for code in named if code not in offered}
    return [SelectChoice(code, label) for code, label in (offered | others).items()]
