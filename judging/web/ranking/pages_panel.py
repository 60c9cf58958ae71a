"""The panel's decision on an application that missed a threshold which leads to it."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import abort, render_template, url_for
from flask_babel import gettext

from judging.domain.access import Permission
from judging.domain.explanation import MissedLine
from judging.domain.gates import Act, require
from judging.domain.ranking import Placing
from judging.domain.record import PanelVerdict
from judging.domain.rubric import BelowPass
from judging.domain.scoring import Score
from judging.extensions import db
from judging.models import Application
from judging.queries import applications, contests, register, scopes
from judging.services.panel import PanelChoice, decide_by_panel
from judging.web.access import by_request, requires
from judging.web.both_versions import VersionRow
from judging.web.editing import Edit, carry_out
from judging.web.incoming_files import beforehand
from judging.web.nominations import part_of
from judging.web.once import once
from judging.web.ranking.blueprint import blueprint
from judging.web.ranking.explanation import missed_of
from judging.web.ranking.forms import VERDICT_LABELS, PanelForm
from judging.web.standings import standing_of
from judging.web.templating import translate

PATH = "/staff/contests/<code>/ranking/<int:application_id>/panel"


@dataclass(frozen=True)
class Looked:
    """What the ranking of ``revision`` says of an application."""

    revision: int
    placing: Placing
    score: Score
    missed: tuple[MissedLine, ...]


def look(code: str, application_id: int) -> Looked:
    """Rank the contest and find the application; 404 where it is not ranked."""
    contest = contests.by_code(db.session, code)
    revision, whole = contest.ranking_revision, standing_of(db.session, contest)
    line = next((line for line in whole.lines if line.application_id == application_id), None) or abort(404)
    number = line.placing.number
    part = part_of(whole, number)
    return Looked(revision, line.placing, part.scores[number], missed_of(part, number))


@blueprint.get(PATH)
@requires(Permission.DECIDE_BY_PANEL, scopes.application_in_contest_scope)
def panel(code: str, application_id: int) -> Any:
    """The form of the decision, with the thresholds that are missed."""
    application = applications.by_id(db.session, application_id)
    require(Act.DECIDE_BY_PANEL, application.contest.status)
    looked = look(code, application_id)
    data = {"version": application.version, "verdict": application.panel_verdict, "reason": application.panel_reason}
    return _page(looked, application, PanelForm(formdata=None, data=data))


@blueprint.post(PATH)
@requires(Permission.DECIDE_BY_PANEL, scopes.application_in_contest_scope)
@beforehand(look)
@once
def decide_panel(code: str, application_id: int, beforehand: Looked) -> Any:
    """Put the decision down."""
    application, form = applications.by_id(db.session, application_id), PanelForm()
    edit = Edit(
        form,
        show=partial(_page, beforehand, application, form),
        compare=partial(_compared, beforehand, application, form),
    )
    return carry_out(
        edit,
        lambda: decide_by_panel(
            db.session, application_id, _choice(form, beforehand), by=by_request(),
        ),
        gettext("The panel's decision is put down."),
        url_for("ranking.explanation", code=code, application_id=application_id),
    )  # fmt: skip


def _choice(form: PanelForm, looked: Looked) -> PanelChoice:
    return PanelChoice(
        verdict=PanelVerdict(form.verdict.data) if form.verdict.data else None,
        reason=form.reason.data or "",
        version=form.stated_version,
        below=looked.score.below,
        revision=looked.revision,
    )


def _compared(looked: Looked, application: Application, form: PanelForm) -> str:
    """Somebody decided meanwhile: both decisions side by side; the one typed can still be sent."""
    theirs = application.panel_verdict
    rows = [
        VersionRow(gettext("Decision"), _word(form.verdict.data), _word(theirs)),
        VersionRow(gettext("Reason"), form.reason.data or "", application.panel_reason or ""),
    ]
    form.version.data, form.version.raw_data = application.version, None
    return _page(looked, application, form, versions=rows, theirs_at=application.panel_decided_at)


def _word(verdict: str | None) -> str:
    return translate(VERDICT_LABELS[PanelVerdict(verdict)]) if verdict else ""


def _page(looked: Looked, application: Application, form: PanelForm, **more: Any) -> str:
    contest = contests.by_code(db.session, application.contest.code)
    return render_template(
        "ranking/panel.html",
        contest=contest,
        application=application,
        placing=looked.placing,
        missed=looked.missed,
        to_panel=looked.score.below is BelowPass.PANEL,
        decided=_word(application.panel_verdict),
        decided_by=register.name_of(db.session, application.panel_decided_by_id) or "",
        form=form,
        **more,
    )
