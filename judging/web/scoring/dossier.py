"""An application as its experts read it: rendered once a language and kept for as long as all that it says is the same.

Its experts come back to it with every save of a draft, while nothing about it changes.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from flask import current_app, request
from markupsafe import Markup

from judging.extensions import db
from judging.models import Application
from judging.queries.applications import Reading
from judging.queries.submissions import unkept_files
from judging.web.kept_texts import language
from judging.web.scoring.blueprint import blueprint

TEMPLATE = "scoring/_application.html"
KEPT = 256
"""Applications that are kept in a process, some ten kilobytes each; those read last stay."""


class Dossier:
    """What the page says of an application. Two that say the same are equal, whatever they were read from."""

    def __init__(self, application: Application, reading: Reading, indicators: Sequence[Mapping[str, Any]]) -> None:
        unkept = unkept_files(db.session, application)
        self._shown = {"application": application, "reading": reading, "indicators": indicators, "unkept": unkept}
        contest = application.contest
        self._said = (
            language(), request.script_root, reading, unkept, application.cluster.name,
            application.goal, application.summary, application.functional_map_position, application.place,
            application.readiness_level, application.starts_on, application.ends_on, application.total_cost,
            application.requested, application.own_funds, application.loans, application.other_budget,
            repr((application.topics, application.indicators, indicators)),
            repr((contest.partner_roles, contest.document_slots)),
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
def application_of(application: Application, reading: Reading, indicators: Sequence[Mapping[str, Any]]) -> Markup:
    """The application beside the sheet."""
    return _kept(Dossier(application, reading, indicators))


@lru_cache(maxsize=KEPT)
def _kept(dossier: Dossier) -> Markup:
    return dossier.rendered()
