"""An application as its experts read it: rendered once a language and kept for as long as all that it says is the same.

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
from judging.models import Application
from judging.queries.expert_reading import Reading
from judging.queries.submissions import unkept_files
from judging.web.kept_texts import language
from judging.web.scoring.blueprint import blueprint

TEMPLATE = "scoring/_application.html"
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
        self._shown = {
            "cluster": application.cluster, "contest": contest, "answers": answers, "reading": reading,
            "indicators": list(zip(asked, figures, strict=True)), "unkept": unkept,
            "application_id": application.id,
        }  # fmt: skip
        self._said = (
            language(), request.script_root, reading, unkept, application.cluster.name, repr((answers, asked, figures)),
            repr((contest.partner_roles, contest.document_slots)), application.id,
        )  # fmt: skip

    def __hash__(self) -> int:
        return hash(self._said)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Dossier) and self._said == other._said

    def rendered(self) -> Markup:
        """The application as a part of a page. What it was read from is let go of: the dossier is kept as a key."""
        shown, self._shown = self._shown, {}
        return Markup(current_app.jinja_env.get_template(TEMPLATE).render(shown))  # noqa: S704 -- it escapes


@blueprint.app_template_global()
def application_of(
    application: Application, reading: Reading, indicators: Sequence[Mapping[str, Any]], may_read: Readable
) -> Markup:
    """The application beside the sheet."""
    return _kept(Dossier(application, reading, indicators, may_read))


@lru_cache(maxsize=KEPT)
def _kept(dossier: Dossier) -> Markup:
    return dossier.rendered()
