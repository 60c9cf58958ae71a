"""Whether database, disk and worker do what they are there for: a word for everybody, figures for the administrator."""

from flask import current_app, jsonify, render_template
from werkzeug.wrappers import Response

from judging.adapters.clock_steps import Step
from judging.domain.access import DESK, PUBLIC_PAGE, Permission
from judging.extensions import db
from judging.queries import clock
from judging.web.access import requires
from judging.web.clock import noticed, now
from judging.web.condition import condition, places
from judging.web.health.blueprint import blueprint


@blueprint.get("/health")
@requires(Permission.SEE_PUBLIC, PUBLIC_PAGE)
def check() -> tuple[Response, int]:
    """For a monitor: 200 and ``ok``, or 503 and which of database, disk and worker do not work."""
    failing = condition().failing
    return jsonify(status="failing" if failing else "ok", failing=failing), 503 if failing else 200


@blueprint.get("/staff/system")
@requires(Permission.MANAGE_ACCOUNTS, DESK)
def show() -> str:
    """For the administrator: what works, with the figures, and what to do where something does not."""
    return render_template(
        "health/show.html",
        condition=condition(),
        reserve=places().reserve,
        steps=_clock_steps(),
        waiting=current_app.extensions["downloads"].waiting,
    )


def _clock_steps() -> list[Step]:
    """How the clock was set while this process ran, and in the last days by the journal, the last first."""
    recorded = clock.recent_steps(db.session, now=now())
    own = [step for step in noticed() if not any(step.is_told_by(one) for one in recorded)]
    return sorted((*recorded, *own), key=lambda step: min(step.before, step.after), reverse=True)
