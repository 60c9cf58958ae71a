"""A form for a contest that has none of its own: what its settings ask for, as such a document.

Sections and questions are those that every contest has (``data/form-base.json``); indicators, documents and roles of
partners are the contest's own. A contest that came with an archive has such a form.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from judging.adapters.forms import read_form
from judging.adapters.preset import FOLDER
from judging.domain.forms.form import ApplicationForm, Check, Field, FieldKind, Option, Section
from judging.models import Contest
from judging.queries.dossiers import indicators_asked

PRIVATE_SHARE = "private_share"
"""The indicator that is computed from the section «Finance» and never typed."""
ABOVE_CONSENTS = -1
"""Where indicators and documents stand: before the last section."""

INDICATORS_LEAD = (
    "По этим значениям рассчитываются баллы — точно по введённым числам. Эксперты сверяют их с документами.",
    "The computed criteria are scored from these figures, exactly as typed. Experts compare them with the documents.",
)
"""What stands under the title of the indicators, in both languages."""


@cache
def base_form() -> ApplicationForm:
    """The questions that every contest has."""
    return read_form((Path(FOLDER) / "form-base.json").read_bytes())


def settings_asked(contest: Contest) -> str:
    """What of the contest's settings decides its form: indicators, documents, roles, as JSON."""
    return json.dumps([indicators_asked(contest), contest.document_slots, contest.partner_roles], ensure_ascii=False)


def derived_form(settings: str) -> ApplicationForm:
    """The form of a contest with these :func:`settings_asked`: the questions of every contest, and its own."""
    asked, slots, roles = json.loads(settings)
    base = base_form()
    own = (
        Section(
            "indicators", "Показатели", "Indicators", *INDICATORS_LEAD, fields=tuple(_indicator(one) for one in asked)
        ),
        Section("documents", "Документы", "Documents", fields=tuple(_slot(one) for one in slots)),
    )
    sections = (*base.sections[:ABOVE_CONSENTS], *own, *base.sections[ABOVE_CONSENTS:])
    share = next((one for one in asked if one["code"] == PRIVATE_SHARE), None)
    return ApplicationForm(
        sections=tuple(_with_roles(section, roles) for section in sections),
        checks=(*base.checks, *(_share_checks(share) if share else ())),
        checklist=base.checklist,
    )


def _indicator(described: Mapping[str, Any]) -> Field:
    """An indicator: computed where it is the share of private funds, else typed, within the contest's bounds."""
    words: dict[str, Any] = {
        "label": described["title"], "label_en": described.get("title_en") or "",
        "hint": described.get("hint") or "", "hint_en": described.get("hint_en") or "",
        "unit": described.get("unit") or "", "unit_en": described.get("unit_en") or "",
        "nominations": tuple(described.get("nominations", ())),
    }  # fmt: skip
    if described["code"] == PRIVATE_SHARE:
        formula = "round(share(own_funds + loans, total_cost), 2)"
        return Field(PRIVATE_SHARE, FieldKind.COMPUTED, formula=formula, **words)
    least, greatest = (None if described.get(key) is None else Decimal(described[key]) for key in ("min", "max"))
    bounds: dict[str, Any] = {"least": least, "greatest": greatest, "decimals": described.get("decimals")}
    return Field(described["code"], FieldKind.NUMBER, required=True, **words, **bounds)


def _share_checks(described: Mapping[str, Any]) -> tuple[Check, ...]:
    """The bounds of the computed share, as checks."""
    return tuple(
        Check(
            f"{PRIVATE_SHARE}_{key}", PRIVATE_SHARE, f"{PRIVATE_SHARE} {sign} {described[key]}",
            f"{described['title']}: {{{PRIVATE_SHARE}}}, {ru} {described[key]}",
            f"{described.get('title_en') or described['title']}: {{{PRIVATE_SHARE}}}, {en} {described[key]}",
        )
        for key, sign, ru, en in (("min", ">=", "а нужно не меньше", "no less than"),
                                  ("max", "<=", "а нужно не больше", "no more than"))
        if described.get(key) is not None
    )  # fmt: skip


def _slot(slot: Mapping[str, Any]) -> Field:
    return Field(
        slot["code"], FieldKind.FILE, slot["title"], slot.get("title_en") or "", required=bool(slot.get("required")),
        extensions=tuple(slot.get("extensions") or ()), max_bytes=slot.get("max_bytes"),
    )  # fmt: skip


def _with_roles(section: Section, roles: list[dict[str, str]]) -> Section:
    """The section with the contest's roles of partners in place of the only one that every contest has."""
    if not roles or all(field.code != "partners" for field in section.fields):
        return section
    options = tuple(Option(role["code"], role["title"], role.get("title_en") or "") for role in roles)

    def offered(column: Field) -> Field:
        return replace(column, options=options) if column.code == "role" else column

    return replace(
        section,
        fields=tuple(replace(field, columns=tuple(map(offered, field.columns))) for field in section.fields),
    )
