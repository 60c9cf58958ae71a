"""What the documents of an application prove: their signatures, and whether papers that came back agree with the data.

Nothing is asked of a form that has neither papers nor places for signed files.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from judging.domain.errors import N_
from judging.domain.forms.findings import FormFinding
from judging.domain.forms.form import Field
from judging.domain.papers import Compared, Paper, Standing, compare, paper_of
from judging.domain.signatures import Signer, same_person
from judging.models import Application, Document
from judging.queries.applications import current_documents
from judging.queries.forms import FormInForce, form_in_force
from judging.queries.receipts import content
from judging.queries.signatures import SignatureLine, signatures_of, signed_fields, stamps_of
from judging.queries.signing import Parties, named, parties_of, placed
from judging.queries.submissions import Submitted

CHANGED = N_("%(label)s: the data were changed after “%(file)s” was printed: %(parts)s")
CHANGED_SOMEWHERE = N_("%(label)s: the data were changed after “%(file)s” was printed")
NOT_THE_PAPER = N_("%(label)s: the file “%(file)s” is not the document that the system made for this place")


@dataclass(frozen=True)
class Proof:
    """What one document proves: its signatures with what each is worth, and the standing of a paper; None: it is none.

    ``asked``: the form wants a signature beside it.
    """

    signatures: tuple[tuple[SignatureLine, int], ...] = ()
    compared: Compared | None = None
    asked: bool = False

    @property
    def says_something(self) -> bool:
        """Whether there is anything to be said of the document."""
        return self.asked or bool(self.signatures) or self.compared is not None


@dataclass(frozen=True)
class Evidence:
    """What the documents of an application prove, by document. ``signatory``: whom the application names."""

    proofs: Mapping[int, Proof]
    parties: Parties = field(default_factory=Parties)
    signatory: str = ""

    def of(self, document_id: int) -> Proof:
        """The proof of a document."""
        return self.proofs.get(document_id, Proof())

    def is_signatory(self, signer: Signer) -> bool:
        """Whether the application names this person as the one who signs; also where it names nobody."""
        return not self.signatory or same_person(signer.name, self.signatory)


def evidence_now(session: Session, application: Application, now: datetime) -> Evidence:
    """Return what the present documents prove of the present answers."""
    form = form_in_force(application.contest)
    if not asks_for_evidence(form):
        return Evidence({})
    return _evidence(session, application, current_documents(application), form, content(application, form, now))


def evidence_submitted(
    session: Session, application: Application, files: Sequence[Document], last: Submitted
) -> Evidence:
    """Return what the files of a submission prove of what was submitted."""
    if last.document is None or last.document["version"] == 1 or not asks_for_evidence(last.form):
        return Evidence({})
    hashes = {one["sha256"] for file in last.document["documents"] for one in file.get("signatures", ())}
    return _evidence(session, application, files, last.form, last.document, hashes)


def paper_now(application: Application, asked: Field, now: datetime) -> tuple[Paper, FormInForce, Mapping[str, Any]]:
    """Return the paper of a field with the data of now, the form, and what a receipt would hold."""
    if asked.paper is None:
        raise ValueError("no paper is made for this field")
    form = form_in_force(application.contest)
    data = content(application, form, now)
    return paper_of(asked.paper, application.id, form.form, data), form, data


def found_of_papers(application: Application, form: FormInForce, evidence: Evidence) -> Iterator[FormFinding]:
    """Yield the papers that came back and do not agree with the data; each is a warning."""
    for section, asked, file in placed(form.form, current_documents(application)):
        compared = evidence.of(file.id).compared
        if compared is None or compared.standing in (Standing.AGREES, Standing.UNREAD):
            continue
        message, params = NOT_THE_PAPER, dict(named(asked, file))
        if compared.standing is Standing.CHANGED:
            message = CHANGED if compared.changed else CHANGED_SOMEWHERE
            params |= {"parts": ", ".join(compared.changed)} if compared.changed else {}
        yield FormFinding(section.code, asked.code, False, message, params)


def asks_for_evidence(form: FormInForce) -> bool:
    """Whether the form has papers or places for signed files."""
    return any(one.paper or one.signed for one in form.form.fields())


def _evidence(
    session: Session,
    application: Application,
    files: Sequence[Document],
    form: FormInForce,
    data: Mapping[str, Any],
    submitted: Collection[str] | None = None,
) -> Evidence:
    parties, signed = parties_of(application), {one.code for one in signed_fields(form.form)}
    lines = signatures_of(session, [file.id for file in files if file.slot in signed], submitted)
    stamps = stamps_of(session, [file.id for file in files])
    papers = {one.code: paper_of(one.paper, application.id, form.form, data) for one in form.form.fields() if one.paper}
    proofs = {
        file.id: Proof(
            parties.weighed(lines.get(file.id, ())),
            compare(stamps[file.id], papers[file.slot]) if file.id in stamps and file.slot in papers else None,
            file.slot in signed,
        )
        for file in files
    }
    name = data["answers"].get("head_name")
    return Evidence(proofs, parties, name if isinstance(name, str) else "")
