"""From an archive's bytes to a record, or to the list of everything that is wrong with it.

The file is read in pieces (the head, every criterion, the rules, every item of every list), so that a fault in one
piece does not hide the faults of another: references are checked over the pieces that could be read.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter

from judging.adapters.archive import schema
from judging.adapters.archive.bounds import told
from judging.adapters.archive.draft import Draft, Pieces
from judging.adapters.archive.faults import criterion_faults
from judging.adapters.archive.field_rules import let_in
from judging.adapters.archive.parsing import TOO_DEEP, parse
from judging.adapters.archive.reader import Reader
from judging.adapters.archive.references import reference_faults
from judging.adapters.archive.rubric_schema import CRITERIA, CRITERION, NOMINATION, RULES
from judging.adapters.archive.versions import FIRST, VERSIONS
from judging.domain.errors import Fault, Refused
from judging.domain.nominations import Nomination
from judging.domain.record import ContestRecord, ContestTerms
from judging.domain.rubric import Criterion
from judging.domain.rules import Rules

ENVELOPE = TypeAdapter(schema.EnvelopeModel)
ORGANISATION = TypeAdapter(schema.OrganisationModel)
CLUSTER = TypeAdapter(schema.ClusterModel)
EXPERT = TypeAdapter(schema.ExpertModel)
CONFLICT = TypeAdapter(schema.ConflictModel)
REVIEW = TypeAdapter(schema.ReviewModel)
HEADS: Mapping[int, TypeAdapter[Any]] = {1: TypeAdapter(schema.HeadModel), 2: TypeAdapter(schema.HeadModel2)}
APPLICATIONS: Mapping[int, TypeAdapter[Any]] = {
    1: TypeAdapter(schema.ApplicationModel),
    2: TypeAdapter(schema.ApplicationModel2),
}
"""The model of an object that a version added something to."""

SECTIONS = ("contest", "organisations", "clusters", "applications", "experts", "conflicts", "reviews")
_PLACE = re.compile(r"(\w+)(?:\[([0-9]+)\])?")


@dataclass(frozen=True)
class Received:
    """An archive that was let in: its record, and what was brought to the form in which it is kept, with its place."""

    record: ContestRecord
    changes: tuple[Fault, ...]


def read_archive(data: bytes) -> ContestRecord:
    """Return the record that the archive ``data`` (UTF-8 JSON) holds; raise :class:`Refused` with every fault."""
    return receive_archive(data).record


def receive_archive(data: bytes) -> Received:
    """Read an archive that somebody brings, by the rules of fields; raise :class:`Refused` with every fault."""
    parsed = parse(data)
    try:
        passage = let_in(parsed.document)
    except RecursionError:
        raise Refused([Fault("", TOO_DEEP)]) from None
    record = _record(passage.document, (*parsed.faults, *passage.faults))
    return Received(record, tuple(sorted(passage.changes, key=_position)))


def read_document(document: dict[str, Any]) -> ContestRecord:
    """Return the record of a document that this system wrote; raise :class:`Refused` with every fault."""
    return _record(document, ())


def read_criterion(definition: dict[str, Any]) -> Criterion:
    """Return the criterion that an archive's criterion object describes; raise :class:`Refused` with every fault."""
    reader = Reader((), _position)
    criterion: Criterion | None = reader.piece(CRITERION, definition, translate=criterion_faults)
    if criterion is None:
        raise Refused(reader.faults)
    return criterion


def read_rules(definition: dict[str, Any]) -> Rules:
    """Return the rules that an archive's ``rules`` object describes; raise :class:`Refused` with every fault."""
    reader = Reader((), _position)
    rules: Rules | None = reader.piece(RULES, definition)
    if rules is None:
        raise Refused(reader.faults)
    return rules


def read_nomination(definition: dict[str, Any]) -> Nomination:
    """Return the nomination that an archive's nomination object describes; raise :class:`Refused` with every fault."""
    reader = Reader((), _position)
    nomination: Nomination | None = reader.piece(NOMINATION, definition)
    if nomination is None:
        raise Refused(reader.faults)
    return nomination


def _record(document: dict[str, Any], known: Sequence[Fault]) -> ContestRecord:
    reader = Reader((), _position)
    draft = _draft(reader, document)
    said = {fault.path for fault in known}
    faults = [*known, *(one for one in (*reader.faults, *reference_faults(draft)) if one.path not in said)]
    if faults or draft.head is None or draft.rules is None:
        raise Refused(told(sorted(faults, key=_position)))
    return ContestRecord(
        contest=_terms(draft.head, draft.criteria.fitting(), draft.rules, draft.nominations.fitting()),
        organisations=draft.organisations.fitting(),
        clusters=draft.clusters.fitting(),
        applications=draft.applications.fitting(),
        experts=draft.experts.fitting(),
        conflicts=draft.conflicts.fitting(),
        reviews=draft.reviews.fitting(),
    )


def _draft(reader: Reader, document: dict[str, Any]) -> Draft:
    """Read every piece there is; what is missing or of another shape altogether is the envelope's fault."""
    reader.fitting(ENVELOPE, document)
    version = _version(document)
    contest = _object(document, "contest")
    rules = _object(contest or {}, "rules")
    return Draft(
        head=None if contest is None else reader.piece(HEADS[version], contest, "contest"),
        criteria=reader.pieces(CRITERIA[version], contest or {}, "contest", "criteria", translate=criterion_faults),
        rules=None if rules is None else reader.piece(RULES, rules, "contest", "rules"),
        nominations=_nominations(reader, contest or {}, version),
        organisations=reader.pieces(ORGANISATION, document, "organisations"),
        clusters=reader.pieces(CLUSTER, document, "clusters"),
        applications=reader.pieces(APPLICATIONS[version], document, "applications"),
        experts=reader.pieces(EXPERT, document, "experts"),
        conflicts=reader.pieces(CONFLICT, document, "conflicts"),
        reviews=reader.pieces(REVIEW, document, "reviews"),
    )


def _version(document: dict[str, Any]) -> int:
    """The version by whose words the pieces are read; one that is not known is the envelope's fault."""
    version = document.get("version")
    return version if type(version) is int and version in VERSIONS else FIRST


def _nominations(reader: Reader, contest: dict[str, Any], version: int) -> Pieces[Nomination]:
    """Read the nominations where the version knows of them; none are needed."""
    if version == FIRST or "nominations" not in contest:
        return Pieces("contest.nominations", True, [], ())
    return reader.pieces(NOMINATION, contest, "contest", "nominations")


def _object(parent: dict[str, Any], name: str) -> dict[str, Any] | None:
    found = parent.get(name)
    return found if isinstance(found, dict) else None


def _terms(
    head: schema.Head, criteria: tuple[Criterion, ...], rules: Rules, nominations: tuple[Nomination, ...]
) -> ContestTerms:
    return ContestTerms(
        code=head.code,
        title=head.title,
        timezone=head.timezone,
        applications_open=head.applications_open,
        applications_close=head.applications_close,
        review_close=head.review_close,
        budget=head.budget,
        criteria=criteria,
        rules=rules,
        frozen_base=head.frozen_base,
        nominations=nominations,
    )


def _position(fault: Fault) -> tuple[int, int]:
    """Order faults as the file is read: by list, then by item; those of the file as a whole first."""
    match = _PLACE.match(fault.path)
    if match is None or match[1] not in SECTIONS:
        return -1, 0
    return SECTIONS.index(match[1]), int(match[2] or -1)
