"""Where the figures come from that criteria are scored by: field, formula, and the answers that were submitted."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from judging.domain.forms.compiling import CompiledForm
from judging.domain.forms.form import Field, Section
from judging.domain.forms.indicators import figures
from judging.models import Application
from judging.queries.submissions import last_submitted


@dataclass(frozen=True)
class Answered:
    """A field with its section and the typed answer that was submitted; None where it is not answered."""

    section: Section
    field: Field
    answer: Any


@dataclass(frozen=True)
class Source:
    """Where one figure comes from: its field; of a computed one the ``formula`` and the fields that it names."""

    figure: Answered
    formula: str
    inputs: tuple[Answered, ...]


@dataclass(frozen=True)
class Provenance:
    """The sources of an application's figures by code, and the submission that holds them.

    ``number`` 0, ``sha256`` "" and ``at`` None of an application that came with an archive.
    """

    sources: dict[str, Source]
    number: int
    sha256: str
    at: datetime | None


def provenance(session: Session, application: Application, codes: Collection[str]) -> Provenance:
    """Return where the figures of these codes come from; one that the form does not ask for is left out."""
    last = last_submitted(session, application)
    return Provenance(_sources(last.form.compiled, last.answers, codes), last.number, last.sha256, last.at)


def _sources(compiled: CompiledForm, answers: Mapping[str, Any], codes: Collection[str]) -> dict[str, Source]:
    places = {field.code: (section, field) for _, _, section, field in compiled.form.places()}

    def answered(code: str) -> Answered:
        return Answered(*places[code], answers.get(code))

    found = {}
    for code, one in figures(compiled).items():
        if code in codes:
            names = () if one.formula is None else tuple(sorted(one.formula.names & places.keys()))
            formula = "" if one.formula is None else one.formula.text
            found[code] = Source(answered(code), formula, tuple(answered(name) for name in names))
    return found
