"""The rubric presets that come with the product: an example of rules from which a contest can start.

A preset is data in the contest archive's notation with what an archive has no place for: words of the levels, guidance
for experts, documents and indicators that an application is asked for. It is not a legal text, and its label says so.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from judging.adapters.forms import read_form
from judging.domain.forms.form import ApplicationForm
from judging.domain.public_page import PublicPage, page_of

Json = Mapping[str, Any]

FOLDER = Path(__file__).resolve().parents[1] / "data"
GENERAL = "general"
"""Under this key of ``descriptors`` are levels for any criterion on a scale from 0 to 10."""


@dataclass(frozen=True)
class Preset:
    """A preset: ``criteria`` and ``rules`` as in an archive; texts in Russian, those ending in ``_en`` in English.

    ``descriptors`` and ``guidance`` are by criterion code; ``documents``, ``indicators`` and ``partner_roles`` are
    lists of objects with a ``code``, as are the points of the formal check, ``checks``. ``public``: the texts of the
    public page.
    """

    code: str
    title: str
    title_en: str
    label: str
    label_en: str
    criteria: tuple[Json, ...]
    criteria_en: Mapping[str, str]
    rules: Json
    descriptors: Mapping[str, list[dict[str, str]]]
    guidance: Mapping[str, dict[str, Any]]
    documents: tuple[Json, ...]
    indicators: tuple[Json, ...]
    partner_roles: tuple[Json, ...]
    checks: tuple[Json, ...]
    public: PublicPage


@cache
def read_preset(code: str = "pp41") -> Preset:
    """Return the preset ``code``; raise ``FileNotFoundError`` where the product has none of this name."""
    raw = json.loads((FOLDER / f"preset-{code}.json").read_text("utf-8"))
    return Preset(
        code=raw["code"],
        title=raw["title"],
        title_en=raw["title_en"],
        label=raw["label"],
        label_en=raw["label_en"],
        criteria=tuple(raw["criteria"]),
        criteria_en=raw["criteria_en"],
        rules=raw["rules"],
        descriptors=raw["descriptors"],
        guidance=raw["guidance"],
        documents=tuple(raw["documents"]),
        indicators=tuple(raw["indicators"]),
        partner_roles=tuple(raw["partner_roles"]),
        checks=tuple(raw["checks"]),
        public=page_of(json.loads((FOLDER / f"public-{code}.json").read_text("utf-8"))),
    )


@cache
def read_preset_form(code: str = "pp41") -> ApplicationForm:
    """Return the form of applications that goes with the preset; raise ``FileNotFoundError`` where there is none."""
    return read_form((FOLDER / f"form-{code}.json").read_bytes())
