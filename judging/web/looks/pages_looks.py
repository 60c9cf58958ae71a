"""What stands in place of marks that are not open yet, the look before the time, and the list of such looks."""

from functools import partial
from typing import Any

from flask import jsonify, redirect, render_template, request, url_for
from flask_babel import gettext

from judging.domain.access import Permission
from judging.extensions import db
from judging.models import Application, Contest
from judging.queries import applications, scopes, visibility
from judging.queries.contests import by_code
from judging.services.early_looks import look_early
from judging.web.access import Sealed, by_request, requires, sight_of
from judging.web.editing import Edit, carry_out
from judging.web.listing import page_of
from judging.web.local_paths import local_path
from judging.web.looks.blueprint import blueprint
from judging.web.looks.forms import LookForm
from judging.web.once import once
from judging.web.sealed_words import sealed_words
from judging.web.storage_trouble import from_script
from judging.web.templating import moscow_short


@blueprint.get("/staff/contests/<code>/journal/early-looks")
@requires(Permission.SEE_EARLY_LOOKS, scopes.contest_scope)
def index(code: str) -> str:
    """Everybody who looked at marks before their time, with the reason."""
    contest = by_code(db.session, code)
    page = visibility.looks_page(db.session, contest.id, page_of(request.args))
    return render_template("looks/index.html", contest=contest, page=page)


@blueprint.get("/staff/contests/<code>/ranking/early-look")
@requires(Permission.LOOK_EARLY, scopes.contest_scope)
def ask(code: str) -> Any:
    """Ask for the reason of a look at the marks of the whole contest."""
    return _asked(by_code(db.session, code), None)


@blueprint.post("/staff/contests/<code>/ranking/early-look")
@requires(Permission.LOOK_EARLY, scopes.contest_scope)
@once
def look(code: str) -> Any:
    """Open the marks of the whole contest to this person for an hour."""
    return _opened(by_code(db.session, code), None)


@blueprint.get("/staff/contests/<code>/applications/<int:application_id>/early-look")
@requires(Permission.LOOK_EARLY, scopes.application_in_contest_scope)
def ask_application(code: str, application_id: int) -> Any:
    """Ask for the reason of a look at the marks of one application."""
    return _asked(by_code(db.session, code), applications.by_id(db.session, application_id))


@blueprint.post("/staff/contests/<code>/applications/<int:application_id>/early-look")
@requires(Permission.LOOK_EARLY, scopes.application_in_contest_scope)
@once
def look_application(code: str, application_id: int) -> Any:
    """Open the marks of one application to this person for an hour."""
    return _opened(by_code(db.session, code), applications.by_id(db.session, application_id))


@blueprint.app_errorhandler(Sealed)
def show_sealed(sealed: Sealed) -> Any:
    """What stands in place of every page, list and file with marks while they are not open."""
    db.session.rollback()
    contest = sealed.contest
    words = sealed_words(contest, sealed.seen, sealed.application_id)
    if from_script():
        return jsonify(message=words, over=True), 403
    known = None if sealed.application_id is None else applications.by_id(db.session, sealed.application_id)
    asked = request.full_path.removesuffix("?") if request.method == "GET" else None
    return _page(contest, known, LookForm(formdata=None, data={"next": asked})), 403


def _asked(contest: Contest, application: Application | None) -> Any:
    """The form; whoever may see the marks anyway is led to them."""
    if sight_of(contest).shows(None if application is None else application.id):
        return redirect(_onward(contest, application, request.args.get("next")))
    return _page(contest, application, LookForm(formdata=None, data={"next": request.args.get("next")}))


def _opened(contest: Contest, application: Application | None) -> Any:
    form = LookForm()
    return carry_out(
        Edit(form, show=partial(_page, contest, application, form)),
        lambda: look_early(db.session, contest, application, reason=form.reason.data or "", by=by_request()),
        lambda done: gettext(
            "The marks are open to you until %(until)s. The look is on record.", until=moscow_short(done.until)
        ),
        _onward(contest, application, form.next.data),
    )


def _onward(contest: Contest, application: Application | None, asked: str | None) -> str:
    """The page that was asked for; else the one that the marks stand on."""
    if application is None:
        return local_path(asked) or url_for("ranking.show", code=contest.code)
    here = url_for("register.show", code=contest.code, application_id=application.id, _anchor="reviews")
    return local_path(asked) or here


def _page(contest: Contest, application: Application | None, form: LookForm) -> str:
    key = None if application is None else application.id
    action = url_for("looks.look", code=contest.code)
    if application is not None:
        action = url_for("looks.look_application", code=contest.code, application_id=application.id)
    return render_template(
        "looks/ask.html",
        contest=contest,
        application=application,
        words=sealed_words(contest, sight_of(contest), key),
        handing=visibility.handing(db.session, contest.id, key),
        form=form,
        action=action,
    )
