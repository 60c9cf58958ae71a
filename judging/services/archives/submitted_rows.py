"""The rows that the forms of a contest and what was submitted become, and the columns that follow from it.

A reader of the archive has seen to it that everything fits: hashes, forms, answers, and the columns that it names.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from judging.adapters.forms import read_form_object
from judging.domain import record
from judging.domain.canonical import digest
from judging.domain.forms.columns import LEVEL, PLAIN
from judging.domain.forms.compiling import CompiledForm, compile_form
from judging.domain.forms.notation import answers_read
from judging.domain.forms.receipts import FIRST
from judging.models import Application
from judging.queries.projection import fitted, fitted_columns
from judging.services.forms.form_store import settings_of_form

Values = dict[str, Any]
Ids = Mapping[str, int]

NOTHING_SAID: Mapping[str, Any] = {
    **dict.fromkeys(("goal", "summary", "functional_map_position", "place"), ""),
    **dict.fromkeys(("contact_name", "contact_phone", "contact_email"), ""),
    **dict.fromkeys((LEVEL, "starts_on", "ends_on", "own_funds", "loans", "other_budget")),
    **dict.fromkeys(("consent_truth", "consent_personal_data", "consent_no_double_funding"), False),
}
"""Columns of an application that nothing but a submission fills."""
READ = frozenset({*PLAIN, LEVEL, "topics"})
"""The fields whose answers are columns of the application itself."""


class Submitted:
    """The versions of a contest's form ready to use, and what follows from the submissions that answer them."""

    def __init__(self, terms: record.ContestTerms) -> None:
        codes = tuple(item.code for item in terms.nominations)
        self._versions = terms.forms
        self._forms = {(one.number, one.revision): _form(one.document, codes) for one in terms.forms}

    def settings(self) -> Values:
        """Return the columns of the contest that its form decides; nothing where it has none."""
        last = next(reversed(self._forms.values()), None)
        return {} if last is None else settings_of_form(last)

    def form_rows(self, contest_id: int) -> Iterator[Values]:
        """Yield a row for every version of the form."""
        for item in self._versions:
            yield {
                "contest_id": contest_id,
                "number": item.number,
                "revision": item.revision,
                "document": dict(item.document),
                "sha256": digest(item.document),
                "note": item.note,
                "created_at": item.created_at,
                "published_at": item.published_at,
            }

    def columns(self, item: record.Application) -> Values:
        """Return the columns that follow from the last submission; nothing where there is none.

        All that a submission answers was shown.
        """
        if not item.submissions:
            return {}
        document = item.submissions[-1].document
        if document["version"] == FIRST:
            return _first_columns(document)
        form = self._form_of(document)
        fields = [field for field in form.form.fields() if field.code in READ]
        answers = answers_read(fields, document["answers"])
        return fitted_columns(form, answers, frozenset(answers))

    def section_rows(self, applications: Iterable[record.Application], numbers: Ids) -> Iterator[Values]:
        """Yield a row for every section of the form that a last submission answers; ``numbers``: the applications' ids.

        One of before there were forms has none: its columns answer.
        """
        for item in applications:
            document = item.submissions[-1].document if item.submissions else None
            if document is None or document["version"] == FIRST:
                continue
            answers, at = document["answers"], last_at(item)
            for section in self._form_of(document).form.sections:
                codes = [field.code for field in section.fields if field.code in answers]
                yield {
                    "application_id": numbers[item.number],
                    "code": section.code,
                    "answers": {code: answers[code] for code in codes},
                    "version": 1,
                    "saved_at": at,
                }

    def _form_of(self, document: Mapping[str, Any]) -> CompiledForm:
        """The form of a receipt; one without a number answers the first."""
        named = document["form"]
        if named["number"] is None or named["revision"] is None:
            return next(iter(self._forms.values()))
        return self._forms[named["number"], named["revision"]]


def submission_rows(applications: Iterable[record.Application], numbers: Ids) -> Iterator[Values]:
    """Yield a row for every submission; ``numbers`` are the ids of the applications."""
    for item in applications:
        for number, submission in enumerate(item.submissions, 1):
            yield {
                "application_id": numbers[item.number],
                "number": number,
                "document": submission.document,
                "sha256": submission.sha256,
                "at": _at(submission),
            }


def last_at(item: record.Application) -> datetime:
    """Return when an application was submitted last."""
    return _at(item.submissions[-1]) if item.submissions else item.submitted_at


def contributions(item: record.Application) -> list[str]:
    """Return what each partner contributes, in their order; nothing where nothing was submitted."""
    if not item.submissions:
        return [""] * len(item.partners)
    document = item.submissions[-1].document
    if document["version"] == FIRST:
        return [one["contribution"] for one in document["partners"]]
    rows = document["answers"].get("partners", ())
    return [row.get("contribution", "") for row in rows if row.get("organisation")]


def _form(document: Mapping[str, Any], nominations: Collection[str]) -> CompiledForm:
    return compile_form(read_form_object(dict(document)), nominations)


def _at(submission: record.Submission) -> datetime:
    return datetime.fromisoformat(submission.document["submitted_at"])


def _first_columns(document: Mapping[str, Any]) -> Values:
    """The columns of a receipt of version 1, which holds them as they were."""
    data = document["data"]
    found = {**data["passport"], **data["finance"], **data["consents"]}
    days = {name: found[name] and date.fromisoformat(found[name]) for name in ("starts_on", "ends_on")}
    return {name: fitted(Application, name, value) for name, value in (found | days).items()}
