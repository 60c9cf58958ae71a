"""A new contest as a draft: its terms from a form, its rubric from a preset."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from judging.adapters.preset import Preset
from judging.domain.access import By
from judging.domain.certification import Certification
from judging.domain.errors import N_, Fault, Refused, Unfit
from judging.domain.events import Event
from judging.domain.fields.codes import contest_code
from judging.domain.forms.changes import ChangeKind
from judging.domain.forms.form import ApplicationForm
from judging.domain.forms.readers import compile_given
from judging.domain.lifecycle import ContestStatus
from judging.domain.public_page import page_document
from judging.domain.settings.values import Terms
from judging.domain.stages import Calendar, calendar_faults
from judging.domain.trials import is_trial_code
from judging.domain.visibility import STRICT, visibility_document
from judging.models import Contest, Criterion
from judging.queries.contests import code_taken
from judging.services import audit
from judging.services.forms.form_store import store_form


@dataclass(frozen=True)
class ContestTerms:
    """What a secretary says of a contest beside its rules; ``budget`` in kopecks, None for no limit."""

    title: str
    summary: str
    applications_open: datetime
    applications_close: datetime
    review_close: datetime
    budget: int | None
    certification: Certification = Certification.NONE

    @property
    def calendar(self) -> Calendar:
        """The dates alone."""
        return Calendar(self.applications_open, self.applications_close, self.review_close)


def create_contest(
    session: Session,
    code: str,
    terms: ContestTerms,
    preset: Preset,
    *,
    by: By,
    form: ApplicationForm | None = None,
) -> Contest:
    """Create a draft contest with the preset's rubric; raise ``Refused`` naming code, dates or title.

    ``form``: what its applications are asked; without one, the questions of every contest and the preset's own.
    """
    faults = (*code_faults(session, code), *terms_faults(terms))
    if faults:
        raise Refused(faults)
    contest = Contest(
        code=code,
        **terms_values(terms),
        timezone="Europe/Moscow",
        status=ContestStatus.DRAFT.value,
        created_at=by.now,
        rules=dict(preset.rules),
        public_page=page_document(preset.public),
        visibility=visibility_document(STRICT),
        **_asked(preset),
    )
    contest.criteria = [_criterion(preset, place) for place in range(len(preset.criteria))]
    session.add(contest)
    identity = _identity(session, contest)
    if form is not None:
        store_form(session, contest, compile_given(form), ChangeKind.WORDS, by=by)
    audit.record(
        session,
        Event.CONTEST_CREATED,
        by=by,
        subject=contest,
        label=contest.title,
        contest_id=identity,
        details={"code": code, "preset": preset.code},
    )
    return contest


def terms_faults(terms: ContestTerms | Terms) -> tuple[Fault, ...]:
    """Name what is wrong with the terms; paths are the names of their fields."""
    untitled = () if terms.title.strip() else (Fault("title", N_("The title is empty")),)
    return (*untitled, *calendar_faults(terms.calendar))


def terms_values(terms: ContestTerms) -> dict[str, Any]:
    """Return the columns that the terms fill."""
    return {
        "title": terms.title.strip(),
        "summary": terms.summary.strip(),
        "applications_open": terms.applications_open,
        "applications_close": terms.applications_close,
        "review_close": terms.review_close,
        "budget": terms.budget,
        "certification": terms.certification.value,
    }


def code_faults(session: Session, code: str) -> Iterator[Fault]:
    """Name what is wrong with the code of a new contest."""
    try:
        contest_code(code)
    except Unfit as unfit:
        yield Fault("code", unfit.message, unfit.params)
        return
    if is_trial_code(code):
        yield Fault("code", N_("Codes that begin like this are those of trial contests"))
        return
    known = code_taken(session, code)
    if known == code:
        yield Fault("code", N_("There is a contest with this code already"))
    elif known is not None:
        yield Fault("code", N_("There is a contest with the code %(code)s already."), {"code": known})


def _asked(preset: Preset) -> dict[str, Any]:
    return {
        "label": preset.label,
        "label_en": preset.label_en,
        "document_slots": [dict(item) for item in preset.documents],
        "indicators": [dict(item) for item in preset.indicators],
        "partner_roles": [dict(item) for item in preset.partner_roles],
    }


def _criterion(preset: Preset, place: int) -> Criterion:
    definition = dict(preset.criteria[place])
    code = definition["code"]
    return Criterion(
        position=place,
        code=code,
        title=definition["title"],
        title_en=preset.criteria_en.get(code, ""),
        kind=definition["kind"],
        definition=definition,
        guidance=dict(preset.guidance.get(code, {})),
        descriptors=list(preset.descriptors.get(code, [])),
    )


def _identity(session: Session, contest: Contest) -> int:
    session.flush()
    return contest.id
