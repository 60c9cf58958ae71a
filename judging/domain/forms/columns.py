"""What the answers of an application come to in its columns, before anything is stored: codes, values, participants."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from judging.domain.forms.compiling import CompiledForm
from judging.domain.forms.form import ApplicationForm, FieldKind
from judging.domain.forms.indicators import figure_text, figures
from judging.domain.forms.looking import Answers, Look

PLAIN: Mapping[str, FieldKind] = {
    **dict.fromkeys(("title", "goal", "summary", "functional_map_position", "place"), FieldKind.TEXT),
    **dict.fromkeys(("contact_name", "contact_phone", "contact_email"), FieldKind.TEXT),
    **dict.fromkeys(("starts_on", "ends_on"), FieldKind.DATE),
    **dict.fromkeys(("total_cost", "own_funds", "loans", "other_budget", "requested"), FieldKind.MONEY),
    **dict.fromkeys(("consent_truth", "consent_personal_data", "consent_no_double_funding"), FieldKind.CONSENT),
}
"""Columns of an application that are the answer to the field of their name, where it is of this kind."""
LEVEL, LEVEL_PREFIX = "readiness_level", "t"
"""The column of the readiness level, a number, and what stands before it in the code of its option."""
EMPTY: Mapping[FieldKind, Any] = {FieldKind.TEXT: "", FieldKind.CONSENT: False}
"""What a column holds where its field is not answered, by kind; None for the others."""


def columns(form: ApplicationForm, answers: Answers, shown: Collection[str]) -> dict[str, Any]:
    """Return the columns that follow from the answers, by name; only those that the form asks for.

    Participants and figures aside. Hidden answers do not count.
    """
    found: dict[str, Any] = {}
    for field in form.fields():
        answer = answers.get(field.code) if field.code in shown else None
        if PLAIN.get(field.code) is field.kind:
            found[field.code] = EMPTY.get(field.kind) if answer is None else answer
        elif (field.code, field.kind) == (LEVEL, FieldKind.CHOICE):
            found[LEVEL] = level_of(answer)
        elif (field.code, field.kind) == ("topics", FieldKind.OKVED):
            found["topics"] = list(answer or ())
    return found


def participants(answers: Answers, shown: Collection[str]) -> tuple[str | None, list[tuple[str, str, str]]]:
    """Return the ИНН of the initiator, and of each partner that is named ИНН, role and contribution."""
    initiator = answers.get("initiator") if "initiator" in shown else None
    rows = answers.get("partners") if "partners" in shown else None
    named = [row for row in rows or () if row.get("organisation")]
    return initiator or None, [
        (row["organisation"], row.get("role") or "", row.get("contribution") or "") for row in named
    ]


def figure_texts(compiled: CompiledForm, codes: Iterable[str], seen: Look) -> dict[str, str]:
    """Return the figures of these codes that are known, as decimal text, in their order."""
    known = figures(compiled)
    found = {code: figure_text(known[code], seen) for code in codes if code in known}
    return {code: text for code, text in found.items() if text is not None}


def computed_texts(compiled: CompiledForm, seen: Look) -> dict[str, str]:
    """Return whatever the form computes of the answers, as decimal text."""
    codes = [code for code, one in figures(compiled).items() if one.field.kind is FieldKind.COMPUTED]
    return figure_texts(compiled, codes, seen)


def cut(text: str, longest: int) -> str:
    """Return the text as a column of that length holds it: of one that is too long, its beginning."""
    return text if len(text) <= longest else text[: longest - 1] + "…"


def level_of(option: str | None) -> int | None:
    """Return the readiness level of the code of its option; None for a code that is none."""
    digits = (option or "").removeprefix(LEVEL_PREFIX)
    return int(digits) if digits.isdecimal() and len(digits) < len("100") else None
