"""An application as its experts read it, by the tabs of the page: rendered once a language and kept.

It is kept for as long as all that it says is the same.

Its experts come back to it with every save of a draft, while nothing about it changes.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from flask import current_app, request
from markupsafe import Markup

from judging.domain.forms.form import FieldKind
from judging.domain.forms.readers import Readable
from judging.extensions import db
from judging.models import Application, Contest
from judging.queries.expert_reading import Reading
from judging.queries.submissions import unkept_files
from judging.web.kept_texts import language
from judging.web.questionnaire.phrases import said
from judging.web.renditions import shown_as_pdf
from judging.web.templating import localized

TEMPLATE = "scoring/_application.html"
PANELS = ("answers", "budget", "figures", "documents")
"""The tabs of the application."""
PDF = "application/pdf"
KEPT = 256
"""Applications that are kept in a process, some ten kilobytes each; those read last stay."""


COLUMNS: Mapping[str, FieldKind] = {
    **dict.fromkeys(("goal", "summary", "functional_map_position", "place"), FieldKind.TEXT),
    **dict.fromkeys(("starts_on", "ends_on"), FieldKind.DATE),
    **dict.fromkeys(("total_cost", "requested", "own_funds", "loans", "other_budget"), FieldKind.MONEY),
    "topics": FieldKind.OKVED, "readiness_level": FieldKind.CHOICE,
}  # fmt: skip
"""The columns that the page says, and of what kind the field is that they answer."""


class Dossier:
    """What the page says of an application. Two that say the same are equal, whatever they were read from."""

    def __init__(
        self,
        application: Application,
        reading: Reading,
        indicators: Sequence[Mapping[str, Any]],
        may_read: Readable,
    ) -> None:
        contest = application.contest
        answers = {code: getattr(application, code) for code, kind in COLUMNS.items() if may_read.reads(code, kind)}
        asked = [one for one in indicators if may_read.reads(one["code"])]
        figures = [application.indicators.get(one["code"]) for one in asked]
        files = unkept_files(db.session, application)
        unkept = tuple(file for file in files if may_read.reads(file.slot, FieldKind.FILE))
        slots, renditions = slot_titles(contest, may_read), shown_as_pdf()
        self._shown = {
            "cluster": application.cluster, "contest": contest, "answers": answers, "reading": reading,
            "indicators": list(zip(asked, figures, strict=True)), "unkept": unkept,
            "application_id": application.id, "slots": slots, "renditions": renditions, "PDF": PDF,
        }  # fmt: skip
        self._said = (
            language(), request.script_root, reading, unkept, application.cluster.name, repr((answers, asked, figures)),
            repr((contest.partner_roles, slots, sorted(renditions))), application.id,
        )  # fmt: skip

    def __hash__(self) -> int:
        return hash(self._said)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Dossier) and self._said == other._said

    def rendered(self) -> Mapping[str, Markup]:
        """The tabs as parts of a page. What they were read from is let go of: the dossier is kept as a key."""
        shown, self._shown = self._shown, {}
        template = current_app.jinja_env.get_template(TEMPLATE)
        return {
            panel: Markup(template.render(shown | {"panel": panel}))  # noqa: S704 -- it escapes
            for panel in PANELS
        }


def slot_titles(contest: Contest, may_read: Readable) -> dict[str, str]:
    """What the documents are called: by the contest, and by the form that was submitted where that asks for them."""
    titles = {slot["code"]: localized(slot, "title") for slot in contest.document_slots}
    asked = (one for one in may_read.compiled.form.fields() if one.kind is FieldKind.FILE)
    return titles | {one.code: said(one, "label") for one in asked}


@lru_cache(maxsize=KEPT)
def application_of(dossier: Dossier) -> Mapping[str, Markup]:
    """The application beside the sheet, by its tabs."""
    return dossier.rendered()
