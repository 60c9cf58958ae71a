"""One's own sheets beside each other before they are handed in, and handing in one or several of them."""

from secrets import token_hex
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import ngettext
from sqlalchemy import select

from judging.domain.access import Permission
from judging.extensions import db
from judging.models import Contest, Review
from judging.queries import contests, scopes
from judging.queries.own_sheets import MOST, own_sheets
from judging.services import scoring as services
from judging.services.concurrency import Stale
from judging.web.access import by_request, current_actor, public_url, requires
from judging.web.carried_arrival import hands_in
from judging.web.clock import arrived
from judging.web.forms import Form
from judging.web.listing import LONGEST_ID, sort_of
from judging.web.once import once
from judging.web.scoring.blueprint import blueprint
from judging.web.scoring.own_sheets import Part, parts

SORTS = ("number", "total")
MOST_TOLD = 40
"""Sheets that the address after a batch names as not handed in; there are seldom more than a few."""
STALE = "s"
"""Stands behind a sheet's number that was changed elsewhere after it had been looked at."""


@blueprint.get("/reviews/contests/<code>")
@requires(Permission.SCORE, scopes.own_sheets_scope)
def side_by_side(code: str) -> str:
    """The marks by criterion, the total and the spread of all that the expert has written in a contest."""
    return _page(contests.by_code(db.session, code))


def _as_stored(code: str) -> str:
    """The sheets that are ticked; no two texts are equal where one was saved after this request's instant."""
    columns = select(Review.id, Review.version, Review.saved_at)
    rows = db.session.execute(columns.where(Review.id.in_(_ticked())).order_by(Review.id)).all()
    late = any(row.saved_at and row.saved_at > arrived() for row in rows)
    return token_hex() if late else " ".join(f"{row.id}:{row.version}" for row in rows)


@blueprint.post("/reviews/contests/<code>/submission")
@requires(Permission.SCORE, scopes.own_sheets_scope)
@once
@hands_in(_as_stored)
def submit_batch(code: str) -> Any:
    """Hand in what is ticked, each by the rules of one; then say what went and what did not, and why."""
    contest, form = contests.by_code(db.session, code), Form()
    reviews = own_sheets(db.session, g.scope.expert_id, but_teams=current_actor().team_ids)
    own = {review.id: review for review in reviews}
    ticked = [own[key] for key in _ticked() if key in own]
    if not form.validate() or not ticked:
        return _page(contest, nothing=True), 422
    asked = [services.Asked(review, _version(review.id)) for review in ticked]
    outcomes = services.submit_reviews(db.session, asked, by=by_request(), base_url=public_url())
    kept = [one for one in outcomes if one.refusal is not None]
    db.session.commit()
    if sent := len(outcomes) - len(kept):
        flash(ngettext("%(num)d review is submitted.", "%(num)d reviews are submitted.", sent), "success")
    told = [f"{one.review.id}{STALE if isinstance(one.refusal, Stale) else ''}" for one in kept[:MOST_TOLD]]
    return redirect(url_for("scoring.side_by_side", code=code, kept=".".join(told) or None), code=303)


def _ticked() -> list[int]:
    """The numbers of the reviews that are ticked, each once."""
    named = dict.fromkeys(request.form.getlist("review"))
    return [int(key) for key in named if key.isascii() and key.isdecimal() and len(key) <= LONGEST_ID][:MOST]


def _version(review_id: int) -> int:
    """The version of the sheet that was looked at; one that nothing has where the form does not say."""
    value = request.form.get(f"version-{review_id}", "")
    return int(value) if value.isascii() and value.isdecimal() and len(value) <= LONGEST_ID else -1


def _page(contest: Contest, *, nothing: bool = False) -> str:
    sort = sort_of(request.args, SORTS, "number")
    found = parts(sort=sort)
    return render_template(
        "scoring/side_by_side.html",
        contest=contest,
        parts=found,
        sort=sort,
        form=Form(formdata=None),
        ready=sum(sheet.ready for part in found for sheet in part.sheets),
        drafts=sum(not sheet.desk.submitted for part in found for sheet in part.sheets),
        late=next((sheet.late for part in found for sheet in part.sheets), None),
        kept=_kept(found),
        nothing=nothing,
    )


def _kept(found: list[Part]) -> list[tuple[Any, bool]]:
    """The sheets that the last batch left drafts, and whether somebody had changed them: (sheet, stale)."""
    named = request.args.get("kept", "")[:500].split(".")
    sheets = {str(sheet.desk.review.id): sheet for part in found for sheet in part.sheets if not sheet.desk.submitted}
    told = ((sheets.get(key.removesuffix(STALE)), key.endswith(STALE)) for key in named)
    return [(sheet, stale) for sheet, stale in told if sheet is not None]
