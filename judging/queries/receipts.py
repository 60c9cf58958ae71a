"""The receipt of a submission, made from the rows: its data in one canonical form, and its parts.

Version 2 holds the answers to the contest's form; version 1, of before there were forms, the columns of that time.
Instants are UTC in ISO 8601, organisations stand by ИНН and name.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session, object_session

from judging.domain.canonical import digest
from judging.domain.forms.columns import computed_texts
from judging.domain.forms.form import ApplicationForm, Field, FieldKind
from judging.domain.forms.looking import Answers, look
from judging.domain.forms.notation import answers_json, kopecks_of, text_hash
from judging.models import Application, Cluster, Nomination, Organisation
from judging.queries.answers import StoredSection, answers_of, circumstances_of, stored_sections
from judging.queries.applications import current_documents
from judging.queries.checks import Check
from judging.queries.forms import FormInForce, form_in_force
from judging.queries.signatures import prints_of

VERSION = 2
SHORTEST_HASHED = 40
"""Characters of an answer above which the parts of a receipt hold its hash."""

_DATA: Mapping[str, tuple[str, ...]] = {
    "passport": (
        "title", "goal", "summary", "functional_map_position", "topics", "readiness_level", "starts_on", "ends_on",
        "place", "contact_name", "contact_phone", "contact_email",
    ),
    "finance": ("total_cost", "own_funds", "loans", "other_budget", "requested"),
    "consents": ("consent_truth", "consent_personal_data", "consent_no_double_funding"),
}  # fmt: skip
"""What a receipt of version 1 holds: columns by section."""


def receipt_data(
    application: Application, *, version: int = VERSION, form: FormInForce | None = None, at: datetime | None = None
) -> dict[str, Any]:
    """Return everything that was submitted, by the rows: who, when, what, and every file with its size and SHA-256.

    ``version``, ``form`` and ``at`` are those of the receipt that it is compared with, by default the present ones.
    Raises ValueError for a draft.
    """
    if application.submitted_at is None or application.number is None:
        raise ValueError("a draft has no receipt")
    instant = at or application.submitted_at
    envelope = _envelope(version, application.number, instant)
    if version == 1:
        return envelope | first_content(application)
    return envelope | content(application, form, instant)


def receipt_of(
    application: Application, *, number: str, submitted_at: datetime, check: Check | None = None
) -> dict[str, Any]:
    """Return the receipt of an application that is submitted with this number at this instant.

    ``check`` is what was read of its present rows already, where it was.
    """
    return _envelope(VERSION, number, submitted_at) | content(application, None, submitted_at, check)


def _envelope(version: int, number: str, submitted_at: datetime) -> dict[str, Any]:
    return {
        "format": "application-receipt",
        "version": version,
        "number": number,
        "submitted_at": submitted_at.astimezone(UTC).isoformat(),
    }


def content(
    application: Application, form: FormInForce | None, now: datetime, check: Check | None = None
) -> dict[str, Any]:
    """Return what a receipt holds of an application, or would hold of a draft if it were submitted ``now``.

    Answers are in the notation of :mod:`judging.domain.forms.notation`, only those that are shown; ``computed`` are the
    figures that follow from them. Organisations stand by ИНН, and what they are called then is beside the answers.
    """
    sections: Mapping[str, StoredSection]
    if check is None:
        form = form or form_in_force(application.contest)
        sections = stored_sections(_session(application), application.id)
        answers = answers_of(application, form.compiled, sections)
    else:
        form, sections, answers = check.form, check.sections, check.answers
    today = now.astimezone(ZoneInfo(application.contest.timezone)).date()
    seen = look(form.compiled, answers, circumstances_of(application, today))
    fields = [field for field in form.form.fields() if field.code in seen.shown]
    given = {**answers, **_consents(fields, answers, sections)}
    cluster = application.cluster
    return {
        "contest": application.contest.code,
        **nomination_part(application.nomination),
        "form": {"number": form.number, "revision": form.revision, "sha256": form.sha256},
        "cluster": _cluster(cluster),
        "organisations": _named(fields, answers, application),
        "answers": answers_json(fields, given),
        "computed": computed_texts(form.compiled, seen),
        "documents": _documents(application, form.form),
    }


def _documents(application: Application, form: ApplicationForm) -> list[dict[str, Any]]:
    """Every file, and the signatures beside it where there are any."""
    files = current_documents(application)
    signatures = prints_of(_session(application), form, files)
    return [
        {"field": file.slot, "filename": file.filename, "size": file.size, "sha256": file.sha256}
        | ({"signatures": signatures[file.id]} if file.id in signatures else {})
        for file in files
    ]


def _consents(fields: Sequence[Field], answers: Answers, sections: Mapping[str, StoredSection]) -> dict[str, Any]:
    """The record of every consent that is given; of one that came without, that it was given to the present text."""
    records = {code: value for section in sections.values() for code, value in section.answers.items()}
    return {
        field.code: records.get(field.code) or {"given": True, "text_sha256": text_hash(field)}
        for field in fields
        if field.kind is FieldKind.CONSENT and answers.get(field.code) is True
    } | {
        field.code: None for field in fields if field.kind is FieldKind.CONSENT and answers.get(field.code) is not True
    }


def _named(fields: Sequence[Field], answers: Answers, application: Application) -> list[dict[str, str]]:
    """The organisations of the cluster that the answers name, in the order of their ИНН."""
    named: set[str] = set()
    for field in fields:
        if field.kind is FieldKind.ORGANISATION:
            named.add(answers.get(field.code) or "")
        elif field.kind is FieldKind.TABLE:
            columns = [column.code for column in field.columns if column.kind is FieldKind.ORGANISATION]
            named |= {row.get(code) or "" for row in answers.get(field.code) or () for code in columns}
    known = {one.inn: one for one in _organisations(application)}
    return [_organisation(known[inn]) for inn in sorted(named & known.keys())]


def _organisations(application: Application) -> Iterator[Organisation]:
    """The cluster's members, and whoever takes part and is none any more."""
    yield from (one.organisation for one in application.partners)
    if application.initiator:
        yield application.initiator
    yield from (member.organisation for member in application.cluster.members)


def _cluster(cluster: Cluster) -> dict[str, Any]:
    managing = cluster.managing_organisation
    return {
        "name": cluster.name,
        "region": cluster.region,
        "industry": cluster.industry,
        "managing_organisation": _organisation(managing) if managing else None,
    }


def first_content(application: Application) -> dict[str, Any]:
    """Return what a receipt of version 1 held of an application: columns by section, money in kopecks."""
    return {
        "contest": application.contest.code,
        **nomination_part(application.nomination),
        "cluster": _cluster(application.cluster),
        "initiator": _organisation(application.initiator) if application.initiator else None,
        "partners": [
            {**_organisation(one.organisation), "role": one.role, "contribution": one.contribution}
            for one in application.partners
        ],
        "data": {
            section: {name: _plain(getattr(application, name)) for name in names} for section, names in _DATA.items()
        },
        "indicators": dict(application.indicators),
        "documents": [
            {"slot": file.slot, "filename": file.filename, "size": file.size, "sha256": file.sha256}
            for file in current_documents(application)
        ],
    }


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def receipt_facts(data: dict[str, Any]) -> dict[str, Any]:
    """Return what every receipt says in its head: ``title``, ``initiator`` (ИНН and name), ``requested`` in kopecks."""
    if data["version"] == 1:
        return {
            "title": data["data"]["passport"]["title"],
            "initiator": data["initiator"],
            "requested": data["data"]["finance"]["requested"],
        }
    answers, known = data["answers"], {one["inn"]: one for one in data["organisations"]}
    asked = answers.get("requested")
    return {
        "title": answers.get("title", ""),
        "initiator": known.get(answers.get("initiator")),
        "requested": None if asked is None else kopecks_of(asked),
    }


def nomination_part(nomination: Nomination | None) -> dict[str, Any]:
    """What a receipt says of the nomination; nothing in a contest without nominations."""
    return {} if nomination is None else {"nomination": {"code": nomination.code, "title": nomination.title}}


def receipt_parts(data: dict[str, Any]) -> dict[str, Any]:
    """Return the receipt in named parts, so that the one that was changed can be told.

    Short facts (instant, number, money, figures, dates) stand as they are, texts, tables and consents as their hash;
    files under their field and name.
    """
    return _PARTS[data["version"]](data)


def _parts(data: dict[str, Any]) -> dict[str, Any]:
    answers = {f"answers.{code}": _fact(value) for code, value in data["answers"].items()}
    computed = {f"computed.{code}": value for code, value in data["computed"].items()}
    files = {f"documents.{file['field']}/{file['filename']}": file["sha256"] for file in data["documents"]}
    files |= {
        f"signatures.{file['field']}/{file['filename']}": _short({"signatures": file["signatures"]})
        for file in data["documents"]
        if "signatures" in file
    }
    plain = {name: data[name] for name in ("contest", "number", "submitted_at")}
    hashed = {name: _short({name: data[name]}) for name in ("cluster", "organisations")}
    chosen = {"nomination": data["nomination"]["code"]} if "nomination" in data else {}
    return {**plain, **chosen, "form": data["form"]["sha256"], **hashed, **answers, **computed, **files}


def _fact(value: Any) -> Any:
    """A short answer as it stands, anything longer as its hash."""
    if isinstance(value, bool) or (isinstance(value, str) and len(value) <= SHORTEST_HASHED):
        return value
    return _short({"value": value})


def _first_parts(data: dict[str, Any]) -> dict[str, Any]:
    """The parts of a receipt of version 1."""
    passport = {f"passport.{name}": _short({name: value}) for name, value in data["data"]["passport"].items()}
    finance = {f"finance.{name}": value for name, value in data["data"]["finance"].items()}
    indicators = {f"indicators.{name}": value for name, value in data["indicators"].items()}
    files = {f"documents.{file['slot']}/{file['filename']}": file["sha256"] for file in data["documents"]}
    initiator = data["initiator"] or {}
    return {
        "contest": data["contest"],
        **({"nomination": data["nomination"]["code"]} if "nomination" in data else {}),
        "number": data["number"],
        "submitted_at": data["submitted_at"],
        "initiator.inn": initiator.get("inn"),
        "initiator": _short(initiator),
        "cluster": _short(data["cluster"]),
        "partners": _short({"partners": data["partners"]}),
        **passport,
        **finance,
        "consents": _short(data["data"]["consents"]),
        **indicators,
        **files,
    }


def _short(document: dict[str, Any]) -> str:
    return digest(document)[:32]


def _organisation(organisation: Organisation) -> dict[str, str]:
    return {"inn": organisation.inn, "ogrn": organisation.ogrn, "name": organisation.name}


_PARTS: Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]] = {1: _first_parts, VERSION: _parts}


def _session(application: Application) -> Session:
    session = object_session(application)
    if session is None:
        raise ValueError("the application is not in a session")
    return session
