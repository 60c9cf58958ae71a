"""How firm the ranking is: places, experts, deviations, criteria, what if, the next review; always for reference."""

from typing import Any

from flask import abort, flash, jsonify, redirect, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from judging.domain.access import Permission
from judging.exports.firmness import FIGURES
from judging.extensions import db
from judging.queries import firmness as queries
from judging.queries import scopes
from judging.queries.contests import by_code
from judging.services import firmness
from judging.web.access import by_request, requires
from judging.web.clock import now
from judging.web.downloads import begun, file_answer, note_export
from judging.web.firmness import rendering
from judging.web.firmness.blueprint import blueprint
from judging.web.firmness.forms import CalculateForm
from judging.web.firmness.state import is_wanting, progress_of, state_of
from judging.web.once import once
from judging.web.phases import begin_writing, prepares
from judging.web.standings import standing_of


@blueprint.get("/staff/contests/<code>/firmness")
@requires(Permission.SEE_RANKING, scopes.contest_scope)
def show(code: str) -> str:
    """What can be said on the whole, and the places with their probabilities."""
    return rendering.show_page(by_code(db.session, code))


@blueprint.get("/staff/contests/<code>/firmness/experts")
@requires(Permission.SEE_RANKING, scopes.contest_scope)
def experts(code: str) -> Any:
    """How strict each expert is."""
    return rendering.experts_page(by_code(db.session, code))


@blueprint.get("/staff/contests/<code>/firmness/residuals")
@requires(Permission.SEE_RANKING, scopes.contest_scope)
def residuals(code: str) -> Any:
    """The scores beside what was to be expected of each expert on each application."""
    return rendering.residuals_page(by_code(db.session, code))


@blueprint.get("/staff/contests/<code>/firmness/criteria")
@requires(Permission.SEE_RANKING, scopes.contest_scope)
def criteria(code: str) -> Any:
    """How far the experts agree on each criterion."""
    return rendering.criteria_page(by_code(db.session, code))


@blueprint.get("/staff/contests/<code>/firmness/sensitivity")
@requires(Permission.SEE_RANKING, scopes.contest_scope)
def sensitivity(code: str) -> Any:
    """Who crosses the line when one thing is changed."""
    return rendering.sensitivity_page(by_code(db.session, code))


@blueprint.get("/staff/contests/<code>/firmness/next-reviews")
@requires(Permission.SEE_RANKING, scopes.contest_scope)
def next_reviews(code: str) -> Any:
    """Where one more review is worth most."""
    return rendering.next_reviews_page(by_code(db.session, code))


@blueprint.get("/staff/contests/<code>/firmness/state")
@requires(Permission.SEE_RANKING, scopes.contest_scope)
def progress(code: str) -> Response:
    """How far the calculation is, for the script that keeps the page true."""
    found = queries.latest_calculation(db.session, by_code(db.session, code).id)
    return jsonify({"over": True} if found is None else progress_of(found))


@blueprint.post("/staff/contests/<code>/firmness/calculation")
@requires(Permission.CALCULATE_FIRMNESS, scopes.contest_scope)
@once
@prepares
def calculate(code: str) -> Any:
    """Have the report calculated by the worker, unless it is kept or the contest is small: then it is there."""
    contest = by_code(db.session, code)
    if not CalculateForm().validate_on_submit():
        return rendering.show_page(contest), 422
    if is_wanting(contest, standing_of(db.session, contest)):
        begin_writing()
        firmness.request_report(db.session, by_code(db.session, code), by=by_request(now()))
        db.session.commit()
    return redirect(url_for("firmness.show", code=code), code=303)


@blueprint.post("/staff/contests/<code>/firmness/downloads/<figure>")
@requires(Permission.EXPORT, scopes.contest_scope)
@prepares
def download(code: str, figure: str) -> Any:
    """Send one figure as a file, or the whole report; the journal keeps who took what.

    A file of figures that are out of date has the time of their calculation in its name.
    """
    contest, entry = by_code(db.session, code), FIGURES.get(figure) or abort(404)
    state = state_of(contest)
    report = state.report
    if report is None:
        flash(gettext("There is nothing to download until the calculation is made."), "warning")
        return redirect(url_for("firmness.show", code=code), code=303)
    parts = begun(entry.parts(report))
    note_export(code, f"firmness-{entry.key.removeprefix('firmness-')}", {"sha256": report.digest})
    made_at = state.made_at if state.outdated and state.made_at else now()
    return file_answer(parts, entry.media_type, entry.named(report, made_at))
