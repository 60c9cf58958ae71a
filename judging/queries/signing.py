"""Whose signatures are beside the documents of an application, what each is worth, and what the form lacks of them.

Nothing is asked of a form without places for signed files.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from judging.domain.errors import N_
from judging.domain.forms.findings import FormFinding, Label
from judging.domain.forms.form import ApplicationForm, Field, Section
from judging.domain.forms.looking import Look
from judging.domain.signatures import Party, Signer, Whose, counts, whose
from judging.models import Application, Document, Organisation
from judging.queries.applications import current_documents
from judging.queries.signatures import SignatureLine, signatures_of, signed_fields

UNSIGNED = N_("%(label)s: there is no electronic signature beside the file “%(file)s”")
NOT_ACCEPTED = N_("%(label)s: the signature of the file “%(file)s” does not count; why stands beside the file")
DOUBTFUL = N_("%(label)s: the signature of the file “%(file)s” is read, and a person will look at it")
STANDS = 3
"""What a signature is worth that raises no question."""


@dataclass(frozen=True)
class Parties:
    """The organisations of an application, whose signatures are looked for."""

    initiator: Party | None = None
    participants: tuple[Party, ...] = ()

    def whose(self, signer: Signer) -> Whose:
        """Whose signature it is."""
        return whose(signer, self.initiator, self.participants)

    def weighed(self, lines: Sequence[SignatureLine]) -> tuple[tuple[SignatureLine, int], ...]:
        """Every signature with what it is worth."""
        return tuple((one, counts(one.verdict, one.facts, self.initiator, self.participants)) for one in lines)


def parties_of(application: Application) -> Parties:
    """Return the organisations that an application names."""

    def party(one: Organisation) -> Party:
        return Party(one.inn, one.ogrn or "")

    initiator = party(application.initiator) if application.initiator else None
    return Parties(initiator, tuple(party(one.organisation) for one in application.partners))


def found_of_signatures(
    session: Session, application: Application, form: ApplicationForm, seen: Look
) -> Iterator[FormFinding]:
    """Yield what the present documents lack: a signature that counts (a stop), or one that raises no question.

    In a trial nobody signs: what is invented has no signature, and lacks none.
    """
    codes = set() if application.contest.trial else {field.code for field in signed_fields(form)} & set(seen.shown)
    files = [file for file in current_documents(application) if file.slot in codes] if codes else []
    if not files:
        return
    lines, parties = signatures_of(session, [file.id for file in files]), parties_of(application)
    for section, field, file in placed(form, files):
        weighed = parties.weighed(lines.get(file.id, ()))
        worth = max((one for _, one in weighed), default=0)
        if worth < STANDS:
            message = DOUBTFUL if worth else NOT_ACCEPTED if weighed else UNSIGNED
            yield FormFinding(section.code, field.code, not worth, message, named(field, file))


def placed(form: ApplicationForm, files: Sequence[Document]) -> Iterator[tuple[Section, Field, Document]]:
    """Yield the files with the field and the section that ask for them, in the form's order."""
    for _, _, section, field in form.places():
        yield from ((section, field, file) for file in files if file.slot == field.code)


def named(field: Field, file: Document) -> Mapping[str, object]:
    """What a finding about a file names."""
    return {"label": Label(field.label, field.label_en or field.label), "file": file.filename}
