"""Where of the application a criterion is to be looked for: links to the sections and documents that it names.

A criterion is rendered once and kept for all applications (``scales.py``); the links, which hang on the application,
are put into their place in it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext
from markupsafe import Markup, escape

from judging.queries.expert_reading import File
from judging.web.scoring.blueprint import blueprint

WHERE_TO_LOOK = Markup('<span class="where-to-look"></span>')
"""Stands in a kept criterion where its links come in."""
LINK = Markup('<a href="#{}" data-place>{}</a>')
DOCUMENT = Markup('<a href="#document-{}" data-place data-document="{}"{}>{}</a>')
PAGE = Markup(' data-page="{}"')


@dataclass(frozen=True)
class Places:
    """What of an application can be led to: the anchor and the title of each section by its code, and the files."""

    sections: Mapping[str, tuple[str, Any]]
    slots: Mapping[str, str]
    files: Sequence[File]

    def links(self, guidance: Mapping[str, Any]) -> Markup:
        """The places that a criterion names and this application has; without any, all documents."""
        found = [*self._of_sections(guidance.get("sections", ())), *self._of_documents(guidance)]
        if not found:
            return LINK.format("application-documents", gettext("To the documents"))
        return escape(gettext("Where to look:")) + " " + Markup(" · ").join(found)

    def _of_sections(self, codes: Sequence[str]) -> Iterator[Markup]:
        for anchor, title in (self.sections[code] for code in codes if code in self.sections):
            yield LINK.format(anchor, Markup(gettext("section “%(title)s”")) % {"title": title})  # noqa: S704 -- our own

    def _of_documents(self, guidance: Mapping[str, Any]) -> Iterator[Markup]:
        slots, page = guidance.get("slots", ()), guidance.get("page")
        for place, slot in enumerate(slots):
            files = [file for file in self.files if file.slot == slot]
            for file in files:
                number = page if place == 0 and page and page <= (file.pages or page) else None
                title = self.slots.get(slot, slot) if len(files) == 1 else file.filename
                words = gettext("%(title)s, p. %(page)s", title=title, page=number) if number else title
                yield DOCUMENT.format(file.id, file.id, PAGE.format(number) if number else "", words)


@blueprint.app_template_global()
def where_to_look() -> Markup:
    """Where the links of a criterion come in."""
    return WHERE_TO_LOOK


@blueprint.app_template_filter()
def with_places(criterion: Markup, links: Markup) -> Markup:
    """A criterion with the links to what of the application it names."""
    return Markup(criterion.replace(WHERE_TO_LOOK, links))  # noqa: S704 -- two ready fragments
