"""All settings of a contest as one file: taken out, looked at with every fault or the difference, and put in force."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import ngettext

from judging.adapters.settings import LARGEST, dump_settings, read_settings
from judging.domain.access import Permission
from judging.domain.errors import Fault, Refused
from judging.domain.lifecycle import ReasonMissing
from judging.domain.settings.values import ContestSettings
from judging.extensions import db
from judging.models import Contest
from judging.queries import contests, scopes
from judging.queries.contest_settings import settings_of_contest
from judging.services.concurrency import Stale
from judging.services.contest_settings import SettingsChange, SettingsRefused, apply_settings, assess_settings
from judging.services.forms.change_letters import Telling
from judging.web.access import by_request, public_url, requires
from judging.web.clock import arrived
from judging.web.contests.blueprint import blueprint
from judging.web.contests.forms import SettingsFileForm, SettingsForm
from judging.web.contests.settings_words import difference_lines
from judging.web.downloads import file_answer
from judging.web.once import once
from judging.web.phases import begin_writing, prepares, reads
from judging.web.request_bounds import require_carried
from judging.web.templating import translate

DOCUMENT = "document"
MOST_TOLD = 200
"""Faults that the page lists."""


@blueprint.get("/staff/contests/<code>/settings")
@requires(Permission.SEE_CONTEST, scopes.contest_scope)
def settings(code: str) -> str:
    """What the file is for, the file, and the form that takes one."""
    return _page(contests.by_code(db.session, code), SettingsFileForm(formdata=None))


@blueprint.get("/staff/contests/<code>/settings/file")
@requires(Permission.SEE_CONTEST, scopes.contest_scope)
def settings_file(code: str) -> Any:
    """The file."""
    contest = contests.by_code(db.session, code)
    try:
        content = dump_settings(settings_of_contest(db.session, contest))
    except Refused as refused:
        return _page(contest, SettingsFileForm(formdata=None), refused.faults), 422
    return file_answer(content, "application/json", f"settings-{contest.code}.json")


@blueprint.post("/staff/contests/<code>/settings")
@requires(Permission.EDIT_CONTEST, scopes.contest_scope)
@reads
def look_at_settings(code: str) -> Any:
    """Every fault of a file, or its difference to what is stored; nothing is stored."""
    contest, form = contests.by_code(db.session, code), SettingsFileForm()
    if not form.validate():
        return _page(contest, form), 422
    try:
        wanted = read_settings(form.file.data.read(LARGEST + 1))
        require_carried(dump_settings(wanted).decode())
        return _difference(contest, wanted, SettingsForm(formdata=None))
    except Refused as refused:
        return _page(contest, form, refused.faults), 422


@blueprint.post("/staff/contests/<code>/settings/replacement")
@requires(Permission.EDIT_CONTEST, scopes.contest_scope)
@once
@prepares
def apply_file(code: str) -> Any:
    """Store the settings that were looked at; where others are stored meanwhile the difference is shown anew."""
    contest, form = contests.by_code(db.session, code), SettingsForm()
    try:
        wanted = read_settings(request.form.get(DOCUMENT, "").encode())
        if not form.validate():
            return _difference(contest, wanted, form), 422
        begin_writing()
        change = SettingsChange(
            wanted, form.seen.data or "", form.reason.data or "", bool(form.partly.data), Telling(public_url())
        )
        done = apply_settings(db.session, contest.id, change, by=by_request())
    except Refused as refused:
        db.session.rollback()
        return _page(contest, SettingsFileForm(formdata=None), refused.faults), 422
    except ReasonMissing as missing:
        db.session.rollback()
        form.reason.errors = [translate(missing.message)]
        return _difference(contest, wanted, form), 422
    except (Stale, SettingsRefused):
        db.session.rollback()
        return _difference(contest, wanted, form, anew=True), 409
    db.session.commit()
    changed = len(done.allowed)
    flash(ngettext("%(num)d setting is changed.", "%(num)d settings are changed.", changed), "success")
    return redirect(url_for("contests.rules", code=code), code=303)


def _page(contest: Contest, form: SettingsFileForm, faults: tuple[Fault, ...] = ()) -> str:
    return render_template(
        "contests/settings.html",
        contest=contest,
        form=form,
        faults=faults[:MOST_TOLD],
        more=max(0, len(faults) - MOST_TOLD),
        largest=LARGEST,
    )


def _difference(contest: Contest, wanted: ContestSettings, form: SettingsForm, *, anew: bool = False) -> str:
    assessment = assess_settings(db.session, contest, wanted, arrived())
    allowed, refused = difference_lines(assessment)
    return render_template(
        "contests/look_at_settings.html",
        contest=contest,
        form=form,
        changes=allowed,
        barred=refused,
        needs_reason=assessment.needs_reason,
        seen=assessment.seen,
        teams=assessment.teams,
        document=dump_settings(wanted).decode(),
        anew=anew,
    )
