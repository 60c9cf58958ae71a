"""Papers that are made of the answers to be signed: the data of each, its fingerprint, and how a paper is recognised.

The foot of every page bears a short code and the SHA-256 of the canonical JSON of the data that the paper was made of.
Its last page lists a fingerprint of every part of them, so that a signed paper that comes back tells which parts were
changed since. Files are no part of the data: the signed paper itself becomes one of them.
"""

import re
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from judging.domain.canonical import digest
from judging.domain.errors import N_
from judging.domain.forms.form import ApplicationForm, Field, FieldKind, PaperKind

FORMAT, VERSION = "application-paper", 1
PRINT_DIGITS, CODE_DIGITS = 8, 8
PAPER_WORDS: Mapping[PaperKind, str] = {
    PaperKind.APPLICATION: N_("Application"),
    PaperKind.CONSENT: N_("Consents"),
    PaperKind.AGREEMENT: N_("Agreement of the participants"),
}
LETTERS: Mapping[PaperKind, str] = {
    PaperKind.APPLICATION: "ЗАЯВКА",
    PaperKind.CONSENT: "СОГЛАСИЕ",
    PaperKind.AGREEMENT: "СОГЛАШЕНИЕ",
}
"""How the short code of a paper begins."""
SIGNATORY = ("head_name", "head_post", "contact_name", "contact_phone", "contact_email")
"""The fields of the form that name the person who signs and whom the consent concerns, where it has them."""
_GENERAL = ("title", "goal", "starts_on", "ends_on", "place")
_PARTIES = ("initiator", "partners")
_FUNDS = ("total_cost", "own_funds", "loans", "other_budget", "requested")
_STAMP = re.compile(r"SHA.?256:?([0-9a-f]{64})")
_CODE = re.compile(rf"(ЗАЯВКА|СОГЛАСИЕ|СОГЛАШЕНИЕ)-([0-9]{{1,12}})-([0-9A-F]{{{CODE_DIGITS}}})")
_PRINT = re.compile(rf"(?<![0-9])([0-9]{{2}}):([0-9a-f]{{{PRINT_DIGITS}}})(?![0-9a-f])")


@dataclass(frozen=True)
class Part:
    """A part of the data: what it is called, and its fingerprint as the paper prints it: ``03:1f2e3d4c``."""

    title: str
    stamp: str


@dataclass(frozen=True)
class Paper:
    """The data of a paper of an application, and what follows from them."""

    kind: PaperKind
    application_id: int
    document: Mapping[str, Any]
    parts: tuple[Part, ...]
    sha256: str

    @property
    def code(self) -> str:
        """The short code: the kind, the application, the beginning of the hash."""
        return f"{LETTERS[self.kind]}-{self.application_id}-{self.sha256[:CODE_DIGITS].upper()}"


def paper_of(kind: PaperKind, application_id: int, form: ApplicationForm, content: Mapping[str, Any]) -> Paper:
    """Return a paper of what a receipt would hold (``queries/receipts.content``), without its files."""
    groups = _GROUPS[kind](form, content)
    parts = {code: part for code, (_, part) in groups.items()}
    document = {"format": FORMAT, "version": VERSION, "kind": kind.value, "contest": content["contest"], "parts": parts}
    named = tuple(
        Part(title, f"{number:02d}:{digest({code: part})[:PRINT_DIGITS]}")
        for number, (code, (title, part)) in enumerate(groups.items(), start=1)
    )
    return Paper(kind, application_id, document, named, digest(document))


Groups = dict[str, tuple[str, dict[str, Any]]]
"""Parts by their code: the Russian title of each and its data."""


def _application(form: ApplicationForm, content: Mapping[str, Any]) -> Groups:
    cluster = {"cluster": content["cluster"]} | {one: content[one] for one in ("nomination",) if one in content}
    groups: Groups = {"cluster": ("Кластер", cluster)}
    organisations = {one["inn"]: one for one in content["organisations"]}
    for section in form.sections:
        data = _answers(section.fields, content)
        if data:
            named = {inn: organisations[inn] for inn in _named(section.fields, content) if inn in organisations}
            groups[section.code] = (section.title, data | ({"organisations": named} if named else {}))
    return groups


def _consent(form: ApplicationForm, content: Mapping[str, Any]) -> Groups:
    consents = [field for field in form.fields() if field.kind is FieldKind.CONSENT]
    asked = [field for code in ("initiator", *SIGNATORY) if (field := form.field(code)) is not None]
    return {
        "signatory": ("Подписавший и организация", _with_organisations(asked, content)),
        "project": ("Проект", _answers([field for field in form.fields() if field.code == "title"], content)),
        "consents": ("Тексты согласий", {field.code: field.text for field in consents}),
    }


def _agreement(form: ApplicationForm, content: Mapping[str, Any]) -> Groups:
    def chosen(codes: Collection[str]) -> list[Field]:
        return [field for field in form.fields() if field.code in codes]

    return {
        "project": ("Проект", _answers(chosen(_GENERAL), content)),
        "participants": ("Участники", _with_organisations(chosen(_PARTIES), content)),
        "finance": ("Финансирование", _answers(chosen(_FUNDS), content)),
        "signatory": ("Подписавший", _answers(chosen(SIGNATORY[:2]), content)),
    }


_GROUPS = {
    PaperKind.APPLICATION: _application,
    PaperKind.CONSENT: _consent,
    PaperKind.AGREEMENT: _agreement,
}


def _with_organisations(fields: Collection[Field], content: Mapping[str, Any]) -> dict[str, Any]:
    known = {one["inn"]: one for one in content["organisations"]}
    named = {inn: known[inn] for inn in _named(fields, content) if inn in known}
    return _answers(fields, content) | {"organisations": named}


def _answers(fields: Collection[Field], content: Mapping[str, Any]) -> dict[str, Any]:
    """The answers and computed figures of these fields; of a consent that it is given, not when and by whom."""
    found: dict[str, Any] = {}
    for field in fields:
        answer = content["computed" if field.kind is FieldKind.COMPUTED else "answers"].get(field.code)
        if answer is None:
            continue
        given = field.kind is FieldKind.CONSENT
        found[field.code] = {name: answer.get(name) for name in ("given", "text_sha256")} if given else answer
    return found


def _named(fields: Collection[Field], content: Mapping[str, Any]) -> list[str]:
    """The ИНН that these answers name, in order."""
    named: list[str] = []
    for field in fields:
        answer = content["answers"].get(field.code)
        if field.kind is FieldKind.ORGANISATION and answer:
            named.append(answer)
        elif field.kind is FieldKind.TABLE:
            columns = [one.code for one in field.columns if one.kind is FieldKind.ORGANISATION]
            named += [row[code] for row in answer or () for code in columns if row.get(code)]
    return sorted(set(named))


class Reading(StrEnum):
    """What the text of a file that was uploaded as a paper says."""

    STAMPED = "stamped"
    UNSTAMPED = "unstamped"
    UNREAD = "unread"


@dataclass(frozen=True)
class Stamp:
    """What was read on a paper that came back: the hash, the short code and the fingerprints of its parts.

    All are empty where the text has no stamp, or the file no text.
    """

    reading: Reading
    sha256: str = ""
    code: str = ""
    prints: tuple[str, ...] = ()


LEAST_TEXT = 40
"""Letters of a file below which it is taken for a picture."""


def stamp_in(text: str | None) -> Stamp:
    """Find the stamp in the text of a file; None and next to nothing are a file whose text cannot be read."""
    compact = re.sub(r"\s+", "", text or "")
    if len(compact) < LEAST_TEXT:
        return Stamp(Reading.UNREAD)
    found = Counter(_STAMP.findall(compact))
    if not found:
        return Stamp(Reading.UNSTAMPED)
    sha256 = found.most_common(1)[0][0]
    codes = [code for code in _CODE.finditer(compact) if sha256.startswith(code[3].lower())]
    prints = tuple(dict.fromkeys(f"{one[1]}:{one[2]}" for one in _PRINT.finditer(text or "")))
    return Stamp(Reading.STAMPED, sha256, codes[0][0] if codes else "", prints[:100])


class Standing(StrEnum):
    """What a paper that came back is to the data of now."""

    AGREES = "agrees"
    CHANGED = "changed"
    OTHER = "other"
    UNSTAMPED = "unstamped"
    UNREAD = "unread"


@dataclass(frozen=True)
class Compared:
    """The standing of a paper, and the titles of the parts that were changed since it was made."""

    standing: Standing
    changed: tuple[str, ...] = ()


def compare(stamp: Stamp, now: Paper) -> Compared:
    """Hold what was read on a paper against the data of now."""
    if stamp.reading is not Reading.STAMPED:
        return Compared(Standing.UNREAD if stamp.reading is Reading.UNREAD else Standing.UNSTAMPED)
    if stamp.sha256 == now.sha256:
        return Compared(Standing.AGREES)
    if stamp.code and stamp.code.rpartition("-")[0] != now.code.rpartition("-")[0]:
        return Compared(Standing.OTHER)
    if not stamp.prints:
        return Compared(Standing.CHANGED)
    return Compared(Standing.CHANGED, tuple(part.title for part in now.parts if part.stamp not in stamp.prints))
