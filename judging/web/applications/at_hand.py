"""An application with its form and its answers, looked at: what every page of it begins with."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from flask import abort

from judging.domain.forms.compiling import CompiledForm, CompiledSection
from judging.domain.forms.environment import Circumstances
from judging.domain.forms.findings import FormFinding, form_findings, stops_of
from judging.domain.forms.form import FieldKind
from judging.domain.forms.looking import Answers, Look, look
from judging.extensions import db
from judging.models import Application, Document
from judging.queries.answers import StoredSection, answers_of, circumstances_of, stored_sections
from judging.queries.applications import current_documents
from judging.queries.certifications import found_of_certification
from judging.queries.checks import found_of_cluster, found_of_nomination
from judging.queries.evidence import evidence_now, found_of_papers
from judging.queries.forms import compiled_form_of, form_in_force
from judging.queries.signing import found_of_signatures
from judging.queries.submissions import (
    ReturnLine,
    UnkeptFile,
    last_submitted,
    pending_line,
    submitted_files,
    unkept_files,
)
from judging.web.questionnaire.surroundings import Given, Surroundings


@dataclass(frozen=True)
class AtHand:
    """An application as it is stored. ``around``: what its pages have to know beside the form and the answers.

    ``files`` are the documents that count at the ``moment``, ``unkept`` those that were submitted and are not here.
    """

    application: Application
    compiled: CompiledForm
    sections: Mapping[str, StoredSection]
    answers: Answers
    circumstances: Circumstances
    around: Surroundings
    files: Sequence[Document]
    moment: datetime
    unkept: Sequence[UnkeptFile] = ()

    def part(self, code: str) -> CompiledSection:
        """The section of a code; 404 where the form has none that counts for this application."""
        part = next((one for one in self.compiled.sections if one.section.code == code), None)
        if part is None or part.section.code not in self.seen.sections:
            abort(404)
        return part

    def version(self, code: str) -> int:
        """The version of a section; 0 where it was never saved."""
        stored = self.sections.get(code)
        return 0 if stored is None else stored.version

    @cached_property
    def seen(self) -> Look:
        """What is shown and computed with what is stored."""
        return self.look(self.answers)

    def look(self, answers: Answers) -> Look:
        """What is shown and computed with these answers."""
        return look(self.compiled, answers, self.circumstances)


def at_hand(application: Application, moment: datetime) -> AtHand:
    """Read an application for its pages, as of ``moment``."""
    compiled = compiled_form_of(application.contest)
    sections = stored_sections(db.session, application.id)
    today = moment.astimezone(ZoneInfo(application.contest.timezone)).date()
    circumstances = circumstances_of(application, today)
    return AtHand(
        application,
        compiled,
        sections,
        answers_of(application, compiled, sections),
        circumstances,
        surroundings(application, compiled, _raw(sections), circumstances.cap),
        current_documents(application),
        moment,
    )


def _raw(sections: Mapping[str, StoredSection]) -> dict[str, Any]:
    """The answers of all sections as they are stored."""
    return {code: answer for stored in sections.values() for code, answer in stored.answers.items()}


def as_read(application: Application, moment: datetime) -> AtHand:
    """The same for who reads it: once submitted, as it was submitted last, whatever is being corrected since."""
    if application.submitted_at is None:
        return at_hand(application, moment)
    last = last_submitted(db.session, application)
    today = moment.astimezone(ZoneInfo(application.contest.timezone)).date()
    document = last.document or {}
    return AtHand(
        application,
        last.form.compiled,
        {},
        last.answers,
        circumstances_of(application, today),
        surroundings(application, last.form.compiled, document.get("answers", {})),
        submitted_files(db.session, application),
        moment,
        unkept_files(db.session, application),
    )


def surroundings(
    application: Application, compiled: CompiledForm, stored: Mapping[str, Any], cap: int | None = None
) -> Surroundings:
    """The organisations that the application may name or names, and when the consents ``stored`` were given."""
    named = [partner.organisation for partner in application.partners]
    named += [application.initiator] if application.initiator else []
    return Surroundings(
        members={member.organisation.inn: member.organisation.name for member in application.cluster.members},
        known={organisation.inn: organisation.name for organisation in named},
        cap=cap,
        consents=dict(_given(compiled, stored)),
    )


def _given(compiled: CompiledForm, stored: Mapping[str, Any]) -> Iterable[tuple[str, Given]]:
    for field in compiled.form.fields():
        record = stored.get(field.code) if field.kind is FieldKind.CONSENT else None
        if isinstance(record, dict) and record.get("at"):
            yield field.code, Given(datetime.fromisoformat(record["at"]), str(record.get("by") or ""))


def returned_of(application: Application) -> ReturnLine | None:
    """The return for correction that is not closed, which may be over; None for a draft and where there is none."""
    return None if application.submitted_at is None else pending_line(db.session, application.id)


@dataclass(frozen=True)
class Checked:
    """What is found about a whole application: of its nomination, its cluster, its form, and its certification."""

    hand: AtHand
    seen: Look
    nomination: tuple[FormFinding, ...]
    cluster: tuple[FormFinding, ...]
    form: tuple[FormFinding, ...]
    certification: tuple[FormFinding, ...] = ()

    def stops(self, within: Collection[str] | None = None) -> int:
        """How many things forbid submission; of a correction, ``within`` the sections that were given back."""
        return len(stops_of((*self.nomination, *self.cluster, *self.form, *self.certification), within))


def checked(hand: AtHand) -> Checked:
    """Look through everything."""
    application = hand.application
    return Checked(
        hand,
        hand.seen,
        tuple(found_of_nomination(application)),
        found_of_cluster(application),
        (*form_findings(hand.compiled, hand.seen), *_of_documents(hand)),
        tuple(found_of_certification(application, hand.sections)),
    )


def _of_documents(hand: AtHand) -> Iterator[FormFinding]:
    """What is found about signatures, and about papers that came back signed."""
    form = hand.compiled.form
    yield from found_of_signatures(db.session, hand.application, form, hand.seen)
    if any(field.paper for field in form.fields()):
        evidence = evidence_now(db.session, hand.application, hand.moment)
        yield from found_of_papers(hand.application, form_in_force(hand.application.contest), evidence)
