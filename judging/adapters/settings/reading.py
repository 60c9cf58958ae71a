"""From a file of settings to the settings, or to the list of everything that is wrong with it."""

import re
from dataclasses import replace
from typing import Any

from judging.adapters.archive.field_rules import let_in
from judging.adapters.archive.rubric_schema import CRITERION, NOMINATION, RULES, SHEET
from judging.adapters.forms import read_form_object
from judging.adapters.milestones import PLANNED, read_milestones
from judging.adapters.settings import schema
from judging.adapters.strict_json.bounds import told
from judging.adapters.strict_json.faults import criterion_faults
from judging.adapters.strict_json.notation import path_text
from judging.adapters.strict_json.parsing import TOO_DEEP, parse
from judging.adapters.strict_json.reader import Reader
from judging.domain.agreements import Agreement
from judging.domain.discussion import DiscussionRules
from judging.domain.errors import N_, Fault, Refused
from judging.domain.forms.form import ApplicationForm
from judging.domain.guidance import guidance_of
from judging.domain.milestones import Code, Plan
from judging.domain.nominations import Nomination
from judging.domain.public_page import PublicPage
from judging.domain.settings.values import ContestSettings, WordedCriterion, settings_faults
from judging.domain.sheet_rules import SheetRules
from judging.domain.visibility import Visibility

LARGEST = 2 << 20
"""Bytes; the settings of a contest of ПП 41 have 70,000."""
PARTS = (
    "terms", "criteria", "nominations", "rules", "sheet", "form", "assignment", "milestones", "agreements", "public",
    "visibility", "discussion",
)  # fmt: skip
OF_CONTEST = ("criteria", "nominations", "rules")
"""The parts that the archive has under ``contest`` beside what are the terms here."""
WORDS = ("title_en", "guidance", "descriptors")
_PLACE = re.compile(r"(\w+)(?:\[([0-9]+)\])?")


def read_settings(data: bytes) -> ContestSettings:
    """Return the settings that ``data`` (UTF-8 JSON) holds; raise :class:`Refused` with every fault.

    Texts are brought to the form in which pages keep them, and the bounds of their fields are held to.
    """
    if len(data) > LARGEST:
        raise Refused([Fault("", N_("larger than %(limit)s MB"), {"limit": LARGEST >> 20})])
    parsed = parse(data)
    try:
        document, faults = _let_in(parsed.document)
    except RecursionError:
        raise Refused([Fault("", TOO_DEEP)]) from None
    reader = Reader((*parsed.faults, *faults), _position)
    settings = _settings(reader, document)
    if settings is None:
        raise Refused(told(sorted(reader.faults, key=_position)))
    return settings


def _settings(reader: Reader, document: dict[str, Any]) -> ContestSettings | None:
    """Read every part by itself; None where any of them has a fault. Each place is told of once."""
    said, first = {fault.path for fault in reader.faults}, len(reader.faults)
    reader.fitting(schema.ENVELOPE, document)
    terms = _piece(reader, schema.TERMS, document, "terms")
    rules = _piece(reader, RULES, document, "rules")
    assignment = _piece(reader, schema.ASSIGNMENT, document, "assignment")
    raw = document.get("criteria")
    criteria = [_criterion(reader, one, place) for place, one in enumerate(raw if isinstance(raw, list) else [])]
    nominations = _nominations(reader, document.get("nominations"))
    form, milestones = _form(reader, document.get("form")), _milestones(reader, document.get("milestones"))
    agreements = _agreements(reader, document.get("agreements"))
    public = _piece(reader, schema.PUBLIC, document, "public") or PublicPage()
    visibility = _piece(reader, schema.VISIBILITY, document, "visibility") or Visibility()
    sheet = _piece(reader, SHEET, document, "sheet") or SheetRules()
    discussion = _piece(reader, schema.DISCUSSION, document, "discussion") or DiscussionRules()
    if reader.faults or form is None:
        reader.faults[first:] = [one for one in reader.faults[first:] if one.path not in said]
        return None
    settings = ContestSettings(
        terms, tuple(one for one in criteria if one is not None), rules, form, assignment, milestones, nominations,
        agreements, public, sheet, visibility, discussion,
    )  # fmt: skip
    reader.faults += settings_faults(settings)
    return None if reader.faults else settings


def _piece(reader: Reader, adapter: Any, document: dict[str, Any], name: str) -> Any:
    raw = document.get(name)
    return reader.piece(adapter, raw, name) if isinstance(raw, dict) else None


def _criterion(reader: Reader, raw: Any, place: int) -> WordedCriterion | None:
    """A criterion: the archive's object, and its words by themselves."""
    here = raw if isinstance(raw, dict) else {}
    words = {name: here[name] for name in WORDS if name in here}
    model = reader.fitting(schema.WORDS, words, "criteria", place)
    own = {name: value for name, value in here.items() if name not in WORDS} if isinstance(raw, dict) else raw
    criterion = reader.piece(CRITERION, own, "criteria", place, translate=criterion_faults)
    if model is None or criterion is None:
        return None
    return WordedCriterion(
        criterion,
        model.title_en,
        _guidance(model.guidance),
        tuple(_texts(level) for level in words.get("descriptors", ())),
    )


def _nominations(reader: Reader, raw: Any) -> tuple[Nomination, ...]:
    """The archive's objects, in their order."""
    items = raw if isinstance(raw, list) else []
    found = [reader.piece(NOMINATION, one, "nominations", place) for place, one in enumerate(items)]
    return tuple(one for one in found if one is not None)


def _agreements(reader: Reader, raw: Any) -> tuple[Agreement, ...]:
    """What experts accept, in its order."""
    items = raw if isinstance(raw, list) else []
    found = [reader.piece(schema.AGREEMENT, one, "agreements", place) for place, one in enumerate(items)]
    return tuple(one for one in found if one is not None)


def _guidance(given: schema.GuidanceModel | None) -> dict[str, Any]:
    """What is judged and where to look, as it is stored."""
    if given is None:
        return {}
    places = guidance_of("", "", sections=given.sections, slots=given.slots, page=given.page)
    return _texts({"text": given.text, "text_en": given.text_en}) | places


def _texts(raw: dict[str, str]) -> dict[str, str]:
    """Texts as they are stored: without an English one that says nothing, and nothing where there are none at all."""
    given = {name: text for name, text in raw.items() if text or not name.endswith("_en")}
    return given if any(given.values()) else {}


def _form(reader: Reader, raw: Any) -> ApplicationForm | None:
    if not isinstance(raw, dict):
        return None
    try:
        return read_form_object(raw)
    except Refused as refusal:
        reader.faults += [replace(one, path=f"form.{one.path}" if one.path else "form") for one in refusal.faults]
        return None


def _milestones(reader: Reader, raw: Any) -> dict[Code, Plan]:
    """Read the milestones, in the order of their table."""
    items = read_milestones(reader, PLANNED, raw if isinstance(raw, list) else [], "milestones")
    found = {one.code: one.plan for one in items if one is not None}
    return {code: found[code] for code in Code if code in found}


def _let_in(document: dict[str, Any]) -> tuple[dict[str, Any], list[Fault]]:
    """Apply the archive's rules of fields to the parts that stand there under ``contest``, the terms beside them."""
    terms, inner = document.get("terms"), {name: document[name] for name in OF_CONTEST if name in document}
    own = {name: value for name, value in terms.items() if name not in inner} if isinstance(terms, dict) else {}
    passage = let_in({"contest": {**own, **inner}})
    kept = passage.document["contest"]
    changed = dict(document) | {name: kept[name] for name in inner}
    if isinstance(terms, dict):
        changed["terms"] = {**terms, **{name: value for name, value in kept.items() if name not in inner}}
    return changed, [replace(fault, path=_own_path(fault.path)) for fault in passage.faults]


def _own_path(path: str) -> str:
    own = path.removeprefix("contest").removeprefix(".")
    return own if own.startswith(OF_CONTEST) else path_text("terms") + (f".{own}" if own else "")


def _position(fault: Fault) -> tuple[int, int]:
    """Order faults as the file is read: by part, then by item; those of the file as a whole first."""
    match = _PLACE.match(fault.path)
    if match is None or match[1] not in PARTS:
        return -1, 0
    return PARTS.index(match[1]), int(match[2] or -1)
