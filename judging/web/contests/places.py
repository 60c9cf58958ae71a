"""Sections and documents of a contest's form as choices: where a criterion may tell experts to look."""

from collections.abc import Iterator

from judging.domain.errors import Refused
from judging.domain.forms.form import ApplicationForm, FieldKind
from judging.domain.forms.readers import for_staff_alone
from judging.models import Contest
from judging.queries.forms import form_of
from judging.web.forms import SelectChoice
from judging.web.questionnaire.phrases import said


def places_of(contest: Contest) -> tuple[list[SelectChoice], list[SelectChoice]]:
    """The sections and the documents that experts may read; none of a form that cannot be used."""
    try:
        form = form_of(contest)
    except Refused:  # a contest that came with an archive may have codes which no form can have
        return [], []
    return [SelectChoice(one.code, said(one, "title")) for one in form.sections], list(_documents(form))


def _documents(form: ApplicationForm) -> Iterator[SelectChoice]:
    for one in form.fields():
        if one.kind is FieldKind.FILE and not for_staff_alone(one):
            yield SelectChoice(one.code, said(one, "label"))
