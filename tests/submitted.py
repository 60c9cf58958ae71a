"""Contests with what was submitted in them, as values: answers to the small form, and the columns that follow."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from judging.adapters.forms import form_object
from judging.domain.canonical import digest
from judging.domain.forms.columns import columns, computed_texts, figure_texts, participants
from judging.domain.forms.compiling import CompiledForm, compile_form
from judging.domain.forms.environment import Circumstances
from judging.domain.forms.form import FieldKind
from judging.domain.forms.looking import look
from judging.domain.forms.notation import answers_json, text_hash
from judging.domain.milestones import After, Code
from judging.domain.record import (
    Application,
    ContestRecord,
    FormVersion,
    Organisation,
    Partner,
    PlannedMilestone,
    Submission,
)
from judging.domain.rubric import computed_criteria
from judging.domain.workdays import Unit
from tests import forms, nominations

FILES = {"passport": (("Паспорт.pdf", 12_345, "a" * 64), ("Паспорт 2.pdf", 1, "b" * 64))}
"""Files by their place: name, size, hash."""


def versions(opened: datetime) -> tuple[FormVersion, FormVersion]:
    """The small form, and the same with other words."""
    changed = forms.document()
    changed["sections"][0]["title"] = "Проект и его участники"
    first, second = (form_object(forms.read(raw)) for raw in (forms.document(), changed))
    made = opened - timedelta(days=20)
    return (
        FormVersion(1, 0, made, made + timedelta(hours=1), "", first),
        FormVersion(1, 1, made + timedelta(days=1), made + timedelta(days=1), "Уточнено название\nраздела", second),
    )


@cache
def _compiled(sha256: str, number: int, codes: tuple[str, ...]) -> CompiledForm:
    known = {digest(one.document): one for one in versions(datetime(2026, 1, 1, tzinfo=UTC))}
    raw = forms.document()
    if known[sha256].revision:
        raw["sections"][0]["title"] = "Проект и его участники"
    return compile_form(forms.read(raw), codes)


def submission(
    record: ContestRecord, item: Application, answers: Mapping[str, Any], version: FormVersion, at: datetime
) -> Submission:
    """What is kept of answers, typed, that are handed in at an instant."""
    compiled, today = _form(record, version), at.astimezone(ZoneInfo(record.contest.timezone)).date()
    cluster = next(one for one in record.clusters if one.code == item.cluster)
    files = {slot: tuple(one[2] for one in found) for slot, found in FILES.items()}
    here = Circumstances(today, cap=_cap(record, item), cluster=frozenset(cluster.members), nomination=item.nomination)
    seen = look(compiled, {**answers, **files}, here)
    shown = [field for field in compiled.form.fields() if field.code in seen.shown]
    consents = {
        field.code: {"given": True, "text_sha256": text_hash(field), "at": at.isoformat(), "by": "Сидорова А."}
        for field in shown
        if field.kind is FieldKind.CONSENT
    }
    known = {one.inn: one for one in record.organisations}
    nomination = next((one for one in record.contest.nominations if one.code == item.nomination), None)
    chosen = {} if nomination is None else {"nomination": {"code": nomination.code, "title": nomination.title}}
    initiator, partners = participants(answers, seen.shown)
    document = {
        "format": "application-receipt", "version": 2, "number": item.number,
        "submitted_at": at.astimezone(UTC).isoformat(), "contest": record.contest.code, **chosen,
        "form": {"number": version.number, "revision": version.revision, "sha256": digest(version.document)},
        "cluster": {
            "name": cluster.name, "region": cluster.region, "industry": cluster.industry,
            "managing_organisation": _named(known[cluster.managing_organisation]),
        },
        "organisations": [
            _named(known[inn]) for inn in sorted({initiator, *(one[0] for one in partners)} - {None}) if inn in known
        ],
        "answers": answers_json(shown, {**answers, **consents}),
        "computed": computed_texts(compiled, seen),
        "documents": [
            {"field": slot, "filename": name, "size": size, "sha256": sha256}
            for slot, found in FILES.items()
            for name, size, sha256 in found
        ],
    }  # fmt: skip
    return Submission(digest(document), document)


def following(
    record: ContestRecord, item: Application, answers: Mapping[str, Any], version: FormVersion
) -> Application:
    """The application with the columns that follow from the answers."""
    compiled = _form(record, version)
    cluster = next(one for one in record.clusters if one.code == item.cluster)
    here = Circumstances(
        item.submitted_at.date(), cap=_cap(record, item), cluster=frozenset(cluster.members), nomination=item.nomination
    )
    seen = look(compiled, answers, here)
    found = columns(compiled.form, answers, seen.shown)
    initiator, partners = participants(answers, seen.shown)
    asked = dict.fromkeys(one.indicator for one in computed_criteria(record.contest.criteria))
    return replace(
        item,
        title=found["title"],
        topics=tuple(found["topics"]),
        requested=found["requested"] or 0,
        total_cost=found["total_cost"] or 0,
        initiator=initiator or "",
        partners=tuple(Partner(inn, role) for inn, role, _ in partners),
        indicators={code: Decimal(text) for code, text in figure_texts(compiled, asked, seen).items()},
    )


def first_receipt(record: ContestRecord, item: Application) -> Submission:
    """What was kept of an application of before there were forms."""
    known = {one.inn: one for one in record.organisations}
    cluster = next(one for one in record.clusters if one.code == item.cluster)
    passport = {
        "title": item.title, "goal": "Наладить выпуск", "summary": "Проект", "functional_map_position": "4.2",
        "topics": list(item.topics), "readiness_level": 7, "starts_on": "2026-09-01", "ends_on": None,
        "place": "Набережные Челны", "contact_name": "Сидорова А.", "contact_phone": "+7 900 000-00-00",
        "contact_email": "contact@example.org",
    }  # fmt: skip
    finance = {"total_cost": item.total_cost, "own_funds": 50_00, "loans": None, "other_budget": 0,
               "requested": item.requested}  # fmt: skip
    chosen = {} if item.nomination is None else {"nomination": {"code": item.nomination, "title": "Номинация"}}
    document = {
        "format": "application-receipt", "version": 1, "number": item.number,
        "submitted_at": item.submitted_at.astimezone(UTC).isoformat(), "contest": record.contest.code, **chosen,
        "cluster": {
            "name": cluster.name, "region": cluster.region, "industry": cluster.industry, "managing_organisation": None,
        },
        "initiator": _named(known[item.initiator]),
        "partners": [
            {**_named(known[one.inn]), "role": one.role, "contribution": "Поставляет"} for one in item.partners
        ],
        "data": {
            "passport": passport, "finance": finance,
            "consents": dict.fromkeys(("consent_truth", "consent_personal_data", "consent_no_double_funding"), True),
        },
        "indicators": {code: format(value, "f") for code, value in item.indicators.items()},
        "documents": [{"slot": "letter", "filename": "Письмо.pdf", "size": 7, "sha256": "c" * 64}],
    }  # fmt: skip
    return Submission(digest(document), document)


def answers(item: Application, **changed: Any) -> dict[str, Any]:
    """Answers to the whole small form, of the organisations that the application names."""
    partners = tuple(
        {"key": f"p{place}", "organisation": one.inn, "role": "maker", "contribution": "Льёт и обрабатывает"}
        for place, one in enumerate(item.partners)
    )
    given = forms.answers(initiator=item.initiator, partners=partners)
    return {code: value for code, value in given.items() if code != "passport"} | changed


def whole_contest() -> ContestRecord:
    """The worked example with nominations, both versions of a form, milestones, and what was submitted of both kinds.

    001 was submitted twice, each time to another version; 002 before there were forms, 003 to a form that was not
    stored yet; 004 moved to another nomination since; 005 has nothing that was submitted.
    """
    record = nominations.record()
    opened = record.contest.applications_open
    stored = versions(opened)
    milestones = (
        PlannedMilestone(Code.BRIEFING, opened + timedelta(days=2), opened + timedelta(days=1), "Провели раньше"),
        PlannedMilestone(Code.APPLICATIONS_SOFT, record.contest.applications_close - timedelta(days=1)),
        PlannedMilestone(Code.RESULTS, After(Code.REVIEW_CLOSE, 5, Unit.WORKING)),
    )
    record = replace(record, contest=replace(record.contest, forms=stored, milestones=milestones))
    one, two, three, four, five = record.applications
    twice = answers(one, has_support=True, other_budget=10_00, own_funds=40_00)
    submissions = (
        submission(record, one, answers(one, jobs=Decimal(7)), stored[0], one.submitted_at),
        submission(record, one, twice, stored[1], one.submitted_at + timedelta(days=1, microseconds=5)),
    )
    one = replace(following(record, one, twice, stored[1]), submissions=submissions)
    two = replace(two, submissions=(first_receipt(record, two),))
    plain = answers(three, jobs=None, partners=None)
    kept = submission(record, three, plain, stored[0], three.submitted_at)
    bare = {**kept.document, "form": {**kept.document["form"], "number": None, "revision": None}}
    three = replace(following(record, three, plain, stored[0]), submissions=(Submission(digest(bare), bare),))
    there = submission(record, replace(four, nomination="series"), answers(four), stored[0], four.submitted_at)
    four = replace(following(record, four, answers(four), stored[0]), submissions=(there,))
    return replace(record, applications=(one, two, three, four, five))


def _form(record: ContestRecord, version: FormVersion) -> CompiledForm:
    codes = tuple(one.code for one in record.contest.nominations)
    return _compiled(digest(version.document), version.revision, codes)


def _cap(record: ContestRecord, item: Application) -> int | None:
    nomination = next((one for one in record.contest.nominations if one.code == item.nomination), None)
    return record.contest.rules.cap_per_application if nomination is None else nomination.cap


def _named(organisation: Organisation) -> dict[str, str]:
    return {"inn": organisation.inn, "ogrn": organisation.ogrn, "name": organisation.name}
