"""The panel's decision on an application that missed a threshold which leads to it."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from judging.domain.access import By
from judging.domain.errors import N_, Fault, Refused, RuleViolation
from judging.domain.events import Event
from judging.domain.gates import Act
from judging.domain.record import PanelVerdict
from judging.domain.rubric import BelowPass
from judging.models import Application
from judging.services.applications.journal_notes import note
from judging.services.concurrency import check_version
from judging.services.holding import hold_application


class NotForPanel(RuleViolation):
    """The application reaches every threshold, or is out by another one: the panel has nothing to decide."""


class RankingMoved(RuleViolation):
    """Something that moves the ranking was recorded after the thresholds were looked at."""


@dataclass(frozen=True)
class PanelChoice:
    """What the panel decides and why; ``version`` is that of the application which was looked at.

    ``below`` is what follows from the thresholds that it misses, by the ranking of ``revision``.
    """

    verdict: PanelVerdict | None
    reason: str
    version: int
    below: BelowPass | None
    revision: int


def decide_by_panel(session: Session, application_id: int, choice: PanelChoice, *, by: By) -> Application:
    """Put down the panel's decision; another one takes its place until the ranking is frozen.

    Raises ``GateClosed``, ``Stale``, ``Refused`` (``verdict``, ``reason``), :class:`NotForPanel` and
    :class:`RankingMoved`.
    """
    application = hold_application(session, application_id, Act.DECIDE_BY_PANEL)
    check_version(application, choice.version)
    if application.contest.ranking_revision != choice.revision:
        raise RankingMoved(
            N_("The ranking changed at this very moment. Nothing was decided: look at it and try again.")
        )
    if choice.below is not BelowPass.PANEL:
        raise NotForPanel(N_("The application misses no threshold that leads to the panel: nothing is to be decided."))
    reason, before = choice.reason.strip(), application.panel_verdict
    if choice.verdict is None:
        raise Refused([Fault("verdict", N_("Choose the decision"))])
    if not reason:
        raise Refused([Fault("reason", N_("Give the reason."))])
    application.panel_verdict, application.panel_reason = choice.verdict.value, reason
    application.panel_decided_at, application.panel_decided_by_id = by.now, by.actor.user_id
    details = {"verdict": [before, choice.verdict.value], "reason": reason}
    note(session, application, Event.PANEL_DECIDED, by=by, details=details)
    return application
