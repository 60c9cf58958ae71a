"""More time for one application or one expert: granted and taken back, each on a page that says what it does."""

from functools import partial
from typing import Any

from flask import render_template, url_for
from flask_babel import gettext

from judging.domain.access import Permission
from judging.domain.gates import Act, require
from judging.extensions import db
from judging.models import Contest, Extension
from judging.queries import contests, extensions, scopes
from judging.services import milestones as services
from judging.web.access import by_request, requires
from judging.web.clock import arrived
from judging.web.contests.blueprint import blueprint
from judging.web.contests.milestone_forms import ExtensionForm, RevocationForm
from judging.web.contests.milestone_rows import draft_words, extension_line
from judging.web.editing import Edit, carry_out
from judging.web.offers import acts_in
from judging.web.once import once

APPLICATION = "application"
ACTS = {APPLICATION: services.extend_application, "expert": services.extend_expert}


@blueprint.get("/staff/contests/<code>/extensions/<kind>")
@requires(Permission.EDIT_CONTEST, scopes.extension_kind_scope)
def new_extension(code: str, kind: str) -> str:
    """Ask whom to give more time, until when and why."""
    contest = contests.by_code(db.session, code)
    require(Act.MOVE_DATES, contest.status)
    return _grant_page(contest, kind, _form(contest, kind, formdata=None))


@blueprint.post("/staff/contests/<code>/extensions/<kind>")
@requires(Permission.EDIT_CONTEST, scopes.extension_kind_scope)
@once
def grant_extension(code: str, kind: str) -> Any:
    """Give one application or one expert more time; both sides see who did and why."""
    contest = contests.by_code(db.session, code)
    form = _form(contest, kind)
    return carry_out(
        Edit(form, show=partial(_grant_page, contest, kind, form)),
        lambda: ACTS[kind](db.session, form.subject.data, form.wanted(), by=by_request()),
        gettext("The extension is granted; a letter tells of it."),
        url_for("contests.milestones", code=code, _anchor="extensions"),
    )


@blueprint.get("/staff/contests/<code>/extensions/<int:extension_id>/revocation")
@requires(Permission.EDIT_CONTEST, scopes.extension_in_contest_scope)
def revocation(code: str, extension_id: int) -> str:
    """Ask why an extension is taken back."""
    contest = contests.by_code(db.session, code)
    require(Act.MOVE_DATES, contest.status)
    return _revocation_page(contest, extension_id, RevocationForm(formdata=None))


@blueprint.post("/staff/contests/<code>/extensions/<int:extension_id>/revocation")
@requires(Permission.EDIT_CONTEST, scopes.extension_in_contest_scope)
@once
def revoke_extension(code: str, extension_id: int) -> Any:
    """Take an extension back."""
    contest, form = contests.by_code(db.session, code), RevocationForm()
    return carry_out(
        Edit(form, show=partial(_revocation_page, contest, extension_id, form)),
        lambda: services.revoke_extension(
            db.session, db.session.get_one(Extension, extension_id), form.reason.data or "", by=by_request()
        ),
        gettext("The extension is taken back; a letter tells of it."),
        url_for("contests.milestones", code=code, _anchor="extensions"),
    )


def _form(contest: Contest, kind: str, **given: Any) -> ExtensionForm:
    if kind == APPLICATION:
        rows = extensions.drafts(db.session, contest.id)
        choices = [(row.id, draft_words(row.cluster, row.created_at)) for row in rows]
        return ExtensionForm(gettext("Application"), choices, **given)
    return ExtensionForm(gettext("Expert"), extensions.experts(db.session, contest.id), **given)


def _grant_page(contest: Contest, kind: str, form: ExtensionForm) -> str:
    return render_template(
        "contests/new_extension.html",
        contest=contest,
        kind=kind,
        of_application=kind == APPLICATION,
        closes=contest.applications_close if kind == APPLICATION else contest.review_close,
        form=form,
    )


def _revocation_page(contest: Contest, extension_id: int, form: RevocationForm) -> str:
    row = db.session.get_one(Extension, extension_id)
    return render_template(
        "contests/revocation.html",
        contest=contest,
        line=extension_line(contest, row, acts_in(contest), arrived()),
        form=form,
    )
