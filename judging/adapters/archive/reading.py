"""From an archive's bytes to a record, or to the list of everything that is wrong with it.

The file is read in pieces (the head, every criterion, the rules, every item of every list), so that a fault in one
piece does not hide the faults of another: references are checked over the pieces that could be read.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pydantic import TypeAdapter

from judging.adapters.archive import schema
from judging.adapters.archive.draft import Draft
from judging.adapters.archive.field_rules import let_in
from judging.adapters.archive.receipt_schema import FORM, SUBMISSION
from judging.adapters.archive.references import reference_faults
from judging.adapters.archive.rubric_schema import CRITERIA, CRITERION, NOMINATION, RULES, RULES_OF, SHEET
from judging.adapters.archive.versions import FIRST, VERSIONS
from judging.adapters.milestones import COMING, read_milestones
from judging.adapters.strict_json.bounds import OF_PAGES, Limits, told
from judging.adapters.strict_json.faults import criterion_faults
from judging.adapters.strict_json.notation import path_text
from judging.adapters.strict_json.parsing import TOO_DEEP, parse
from judging.adapters.strict_json.pieces import Pieces
from judging.adapters.strict_json.reader import Reader
from judging.domain.errors import Fault, Refused
from judging.domain.milestones import Code
from judging.domain.nominations import Nomination
from judging.domain.record import Application, ContestRecord, ContestTerms, PlannedMilestone, Submission
from judging.domain.rubric import Criterion
from judging.domain.rules import Rules
from judging.domain.sheet_rules import SheetRules

ORGANISATION = TypeAdapter(schema.OrganisationModel)
CLUSTER = TypeAdapter(schema.ClusterModel)
EXPERT = TypeAdapter(schema.ExpertModel)
CONFLICT = TypeAdapter(schema.ConflictModel)
AGREED = TypeAdapter(schema.AgreedModel)
ENVELOPES: Mapping[int, TypeAdapter[Any]] = {
    1: TypeAdapter(schema.EnvelopeModel),
    2: TypeAdapter(schema.EnvelopeModel2),
}
HEADS: Mapping[int, TypeAdapter[Any]] = {1: TypeAdapter(schema.HeadModel), 2: TypeAdapter(schema.HeadModel2)}
APPLICATIONS: Mapping[int, TypeAdapter[Any]] = {
    1: TypeAdapter(schema.ApplicationModel),
    2: TypeAdapter(schema.ApplicationModel2),
}
REVIEWS: Mapping[int, TypeAdapter[Any]] = {1: TypeAdapter(schema.ReviewModel), 2: TypeAdapter(schema.ReviewModel2)}
"""The model of an object that a version added something to."""

SECTIONS = ("contest", "organisations", "clusters", "applications", "experts", "conflicts", "reviews", "agreed")
_PLACE = re.compile(r"(\w+)(?:\[([0-9]+)\])?")


@dataclass(frozen=True)
class Received:
    """An archive that was let in: its record, and what was brought to the form in which it is kept, with its place."""

    record: ContestRecord
    changes: tuple[Fault, ...]


def read_archive(data: bytes) -> ContestRecord:
    """Return the record that the archive ``data`` (UTF-8 JSON) holds; raise :class:`Refused` with every fault."""
    return receive_archive(data).record


def receive_archive(data: bytes, limits: Limits = OF_PAGES) -> Received:
    """Read an archive that somebody brings, by the rules of fields; raise :class:`Refused` with every fault."""
    parsed = parse(data, limits)
    try:
        passage = let_in(parsed.document)
        record = _record(passage.document, (*parsed.faults, *passage.faults))
    except RecursionError:
        raise Refused([Fault("", TOO_DEEP)]) from None
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


def read_sheet(definition: dict[str, Any]) -> SheetRules:
    """Return what a score sheet asks, from an archive's ``sheet`` object; raise :class:`Refused` with every fault."""
    if not definition:
        return SheetRules()
    reader = Reader((), _position)
    sheet: SheetRules | None = reader.piece(SHEET, definition)
    if sheet is None:
        raise Refused(reader.faults)
    return sheet


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
        contest=_terms(draft, draft.head, draft.rules),
        organisations=draft.organisations.fitting(),
        clusters=draft.clusters.fitting(),
        applications=tuple(_with_submissions(draft)),
        experts=draft.experts.fitting(),
        conflicts=draft.conflicts.fitting(),
        reviews=draft.reviews.fitting(),
        agreed=draft.agreed.fitting(),
    )


def _draft(reader: Reader, document: dict[str, Any]) -> Draft:
    """Read every piece there is; what is missing or of another shape altogether is the envelope's fault."""
    version = _version(document)
    reader.fitting(ENVELOPES[version], document)
    contest = _object(document, "contest")
    rules = _object(contest or {}, "rules")
    applications = reader.pieces(APPLICATIONS[version], document, "applications")
    return Draft(
        head=None if contest is None else reader.piece(HEADS[version], contest, "contest"),
        criteria=reader.pieces(CRITERIA[version], contest or {}, "contest", "criteria", translate=criterion_faults),
        rules=None if rules is None else reader.piece(RULES_OF[version], rules, "contest", "rules"),
        sheet=_sheet(reader, contest or {}, version),
        nominations=_optional(reader, NOMINATION, contest or {}, version, "contest", "nominations"),
        organisations=reader.pieces(ORGANISATION, document, "organisations"),
        clusters=reader.pieces(CLUSTER, document, "clusters"),
        forms=_optional(reader, FORM, contest or {}, version, "contest", "forms"),
        milestones=_milestones(reader, contest or {}, version),
        applications=applications,
        submissions=[_submissions(reader, *place, version) for place in enumerate(applications.raw)],
        experts=reader.pieces(EXPERT, document, "experts"),
        conflicts=reader.pieces(CONFLICT, document, "conflicts"),
        reviews=reader.pieces(REVIEWS[version], document, "reviews"),
        agreed=_optional(reader, AGREED, document, version, "agreed"),
    )


def _version(document: dict[str, Any]) -> int:
    """The version by whose words the pieces are read; one that is not known is the envelope's fault."""
    version = document.get("version")
    return version if type(version) is int and version in VERSIONS else FIRST


def _optional(
    reader: Reader, adapter: TypeAdapter[Any], parent: dict[str, Any], version: int, *path: str
) -> Pieces[Any]:
    """Read a list of ``parent`` where the version knows of it; it may be left out."""
    if version == FIRST or path[-1] not in parent:
        return Pieces(path_text(*path), True, [], ())
    return reader.pieces(adapter, parent, *path)


def _sheet(reader: Reader, contest: dict[str, Any], version: int) -> SheetRules | None:
    raw = _object(contest, "sheet")
    return SheetRules() if version == FIRST or raw is None else reader.piece(SHEET, raw, "contest", "sheet")


def _milestones(reader: Reader, contest: dict[str, Any], version: int) -> Pieces[PlannedMilestone]:
    raw = contest.get("milestones") if version != FIRST else None
    items = raw if isinstance(raw, list) else []
    found = read_milestones(reader, COMING, items, "contest", "milestones")
    return Pieces("contest.milestones", raw is None or isinstance(raw, list), items, tuple(found))


def _submissions(reader: Reader, place: int, raw: Any, version: int) -> Pieces[Submission]:
    """Read what was submitted of one application."""
    given = raw.get("submissions", []) if version != FIRST and isinstance(raw, dict) else []
    items = given if isinstance(given, list) else []
    path = ("applications", place, "submissions")
    found = tuple(reader.piece(SUBMISSION, item, *path, index) for index, item in enumerate(items))
    return Pieces(path_text(*path), isinstance(given, list), items, found)


def _with_submissions(draft: Draft) -> Iterator[Application]:
    for application, submissions in zip(draft.applications.values, draft.submissions, strict=True):
        if application is not None:
            yield replace(application, submissions=submissions.fitting()) if submissions.raw else application


def _object(parent: dict[str, Any], name: str) -> dict[str, Any] | None:
    found = parent.get(name)
    return found if isinstance(found, dict) else None


def _terms(draft: Draft, head: schema.Head, rules: Rules) -> ContestTerms:
    milestones = {item.code: item for item in draft.milestones.fitting()}
    return ContestTerms(
        code=head.code,
        title=head.title,
        timezone=head.timezone,
        applications_open=head.applications_open,
        applications_close=head.applications_close,
        review_close=head.review_close,
        budget=head.budget,
        criteria=draft.criteria.fitting(),
        rules=rules,
        frozen_base=head.frozen_base,
        nominations=draft.nominations.fitting(),
        forms=draft.forms.fitting(),
        milestones=tuple(milestones[code] for code in Code if code in milestones),
        sheet=draft.sheet or SheetRules(),
    )


def _position(fault: Fault) -> tuple[int, int]:
    """Order faults as the file is read: by list, then by item; those of the file as a whole first."""
    match = _PLACE.match(fault.path)
    if match is None or match[1] not in SECTIONS:
        return -1, 0
    return SECTIONS.index(match[1]), int(match[2] or -1)
