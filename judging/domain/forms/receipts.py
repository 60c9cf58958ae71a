"""The answers that a receipt holds: of version 2 to the fields of a form, of version 1 as the columns of its time."""

from collections.abc import Mapping
from typing import Any

from judging.domain.forms.columns import LEVEL_PREFIX
from judging.domain.forms.form import ApplicationForm, FieldKind
from judging.domain.forms.notation import answers_read

FORMAT, FIRST, LATEST = "application-receipt", 1, 2
SLOT: Mapping[int, str] = {FIRST: "slot", LATEST: "field"}
"""The key of a file's place in the receipt's list of documents, by the receipt's version."""


def receipt_answers(form: ApplicationForm, document: Mapping[str, Any]) -> dict[str, Any]:
    """Return the typed answers of a receipt; files by their hash."""
    if document["version"] == FIRST:
        return _first_answers(form, document)
    return answers_read([*form.fields()], document["answers"]) | _files(document)


def _first_answers(form: ApplicationForm, document: Mapping[str, Any]) -> dict[str, Any]:
    """The answers that a receipt of version 1 holds: columns by section, money in kopecks, levels as numbers."""
    data = document["data"]
    plain = {**data["passport"], **data["finance"]}
    level = plain.pop("readiness_level")
    stored = {code: value for code, value in plain.items() if value not in (None, "", [])}
    stored |= {
        code: f"{value // 100}.{value % 100:02d}" for code, value in data["finance"].items() if value is not None
    }
    stored |= {"readiness_level": f"{LEVEL_PREFIX}{level}"} if level else {}
    stored |= document["indicators"]
    stored |= {"initiator": document["initiator"]["inn"]} if document["initiator"] else {}
    stored["partners"] = [
        {"key": f"p{place}", "organisation": one["inn"], "role": one["role"], "contribution": one["contribution"]}
        for place, one in enumerate(document["partners"])
    ]
    consents = {
        field.code: True
        for field in form.fields()
        if field.kind is FieldKind.CONSENT and data["consents"].get(field.code) is True
    }
    return answers_read([*form.fields()], stored) | consents | _files(document)


def _files(document: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    name, found = SLOT[document["version"]], dict[str, tuple[str, ...]]()
    for file in document["documents"]:
        found[file[name]] = (*found.get(file[name], ()), file["sha256"])
    return found
