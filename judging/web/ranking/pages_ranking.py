"""The ranking: its page, one application's total explained, downloads, freezing, approval, publication."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from judging.domain.access import Permission, may_approve
from judging.domain.errors import N_
from judging.domain.lifecycle import ContestStatus
from judging.domain.rubric import computed_criteria
from judging.exports import CATALOGUE, is_large
from judging.extensions import db
from judging.models import Contest
from judging.queries import applications, scopes
from judging.queries import rankings as queries
from judging.queries.contests import by_code
from judging.services import rankings
from judging.services.concurrency import Stale
from judging.web.access import by_request, current_actor, require_marks, requires
from judging.web.clock import arrived, now
from judging.web.downloads import begun, file_answer, note_export
from judging.web.forms import VersionedForm
from judging.web.nominations import nomination_tabs, nomination_title, part_of, shown_part
from judging.web.offers import acts_in
from judging.web.once import once
from judging.web.password_confirmation import reconfirmed
from judging.web.phases import begin_reading, begin_writing, prepares
from judging.web.ranking.blueprint import blueprint
from judging.web.ranking.context import blocker_links, figures, table_context
from judging.web.ranking.download import export_of, with_firmness
from judging.web.ranking.explanation import explain
from judging.web.ranking.forms import ApproveForm, FreezeForm, PublishForm, UnfreezeForm
from judging.web.ranking.page import TONES, choice_of, make_page
from judging.web.ranking.pages_prepared_downloads import own_file, prepare
from judging.web.ranking.reference import reference_of
from judging.web.ranking.sources import sources
from judging.web.standings import line_up, standing_of
from judging.web.templating import translate

FORMS = {"freeze": FreezeForm, "unfreeze": UnfreezeForm, "approve": ApproveForm, "publish": PublishForm}


def _title(code: str) -> str:
    return _contest(code).title


@blueprint.get("/staff/contests/<code>/ranking")
@requires(Permission.SEE_RANKING, scopes.contest_scope)
def show(code: str) -> str:
    """The ranking: live until it is frozen, then the snapshot in force beside it."""
    return _page(_contest(code))


@blueprint.get("/staff/contests/<code>/ranking/<int:application_id>")
@requires(Permission.SEE_RANKING, scopes.application_in_contest_scope)
def explanation(code: str, application_id: int) -> str:
    """One application's total, line by line."""
    contest = _contest(code)
    whole = standing_of(db.session, contest)
    number = next((line.placing.number for line in whole.lines if line.application_id == application_id), "")
    standing = part_of(whole, number)
    found = explain(standing, number) or abort(404)
    terms = standing.record.contest
    application = applications.by_id(db.session, application_id)
    return render_template(
        "ranking/explanation.html",
        contest=contest,
        terms=terms,
        found=found,
        application_id=application_id,
        nomination=nomination_title(standing.nomination),
        sources=sources(application, computed_criteria(terms.criteria)),
    )


@blueprint.get("/staff/contests/<code>/ranking/snapshots/<int:number>")
@requires(Permission.SEE_RANKING, scopes.contest_scope)
def snapshot(code: str, number: int) -> str:
    """A frozen ranking as it was, with its hash recomputed."""
    contest = _contest(code)
    stored = queries.snapshot(db.session, contest.id, number) or abort(404)
    frozen = queries.stored_ranking(stored)
    whole = line_up(*frozen, queries.application_ids(db.session, contest.id))
    standing = shown_part(whole)
    return render_template(
        "ranking/snapshot.html",
        contest=contest,
        stored=stored,
        intact=rankings.snapshot_hash(stored.record, stored.ranking) == stored.sha256,
        standing=standing,
        nominations=nomination_tabs(whole, standing),
        page=make_page(standing, choice_of(request.args)),
        tones=TONES,
        catalogue=CATALOGUE.values(),
        **table_context(standing, contest),
    )


@blueprint.post("/staff/contests/<code>/ranking/downloads/<key>")
@requires(Permission.EXPORT, scopes.contest_scope)
@prepares
def download(code: str, key: str) -> Response:
    """Send one export of the catalogue, of the live ranking or of a snapshot; the journal keeps who took what.

    A large contest's is prepared beside the requests first, and sent to whoever asked for it
    (``pages_prepared_downloads.py``). The file is begun before the journal is written to. What changes between is not
    in it: the journal names the revision of the ranking that was sent.
    """
    contest, entry = _contest(code), CATALOGUE.get(key) or abort(404)
    revision = contest.ranking_revision
    if request.form.get("prepared"):
        ready = own_file(contest, entry)
        if ready is None:
            return redirect(url_for("ranking.prepared", code=code, key=key), code=303)
        note_export(code, entry.key, ready.details)
        return file_answer(ready.parts, entry.media_type, ready.name)
    export = export_of(contest, request.form.get("snapshot", ""), request.form.get("filter", ""))
    if is_large(export.record):
        return prepare(contest, entry, export, revision)
    if entry.reports:
        export = with_firmness(contest, export)
    parts = begun(entry.parts(export))
    details = {"rows": len(export.ranking.rows), "snapshot": export.snapshot_number, "revision": revision}
    note_export(code, entry.key, details)
    return file_answer(parts, entry.media_type, entry.named(export))


@blueprint.post("/staff/contests/<code>/ranking/freeze")
@requires(Permission.FREEZE_RANKING, scopes.contest_scope)
@once
@prepares
def freeze(code: str) -> Any:
    """Store the ranking as the next snapshot, or show what stands in the way."""
    try:
        stored = rankings.compute_and_freeze(
            db.session,
            _contest(code).id,
            version=FreezeForm().version.data or 0,
            by=by_request(now()),
            write=begin_writing,
            read=begin_reading,
        )
    except rankings.Blocked as blocked:
        begin_reading()
        return _page(_contest(code), blocked=blocked), 422
    db.session.commit()
    flash(gettext("The ranking is frozen as snapshot %(number)s.", number=stored.number), "success")
    return redirect(url_for("ranking.show", code=code), code=303)


@blueprint.post("/staff/contests/<code>/ranking/unfreeze")
@requires(Permission.FREEZE_RANKING, scopes.contest_scope)
@once
def unfreeze(code: str) -> Any:
    """Open the frozen ranking again, with a reason."""
    contest, form = _contest(code), UnfreezeForm()
    if not form.validate_on_submit():
        return _page(contest, unfreeze=form), 422
    try:
        rankings.unfreeze_ranking(
            db.session,
            contest,
            version=form.version.data or 0,
            reason=form.reason.data or "",
            by=by_request(now()),
        )
    except Stale as stale:
        return _overtaken(code, stale, unfreeze=form)
    db.session.commit()
    flash(gettext("The ranking is open again; the snapshot is kept with the reason."), "success")
    return redirect(url_for("ranking.show", code=code), code=303)


@blueprint.post("/staff/contests/<code>/ranking/approve")
@requires(Permission.APPROVE_RANKING, scopes.contest_scope)
@reconfirmed(N_("Approve the ranking"), _title)
@once
def approve(code: str) -> Any:
    """The chair approves the frozen ranking."""
    contest, form = _contest(code), ApproveForm()
    if not form.validate_on_submit():
        return _page(contest, approve=form), 422
    try:
        rankings.approve_ranking(
            db.session,
            contest,
            version=form.version.data or 0,
            words=form.words.data or "",
            by=by_request(now()),
        )
    except Stale as stale:
        return _overtaken(code, stale, approve=form)
    db.session.commit()
    flash(gettext("The ranking is approved."), "success")
    return redirect(url_for("ranking.show", code=code), code=303)


@blueprint.post("/staff/contests/<code>/ranking/publish")
@requires(Permission.PUBLISH_RESULTS, scopes.contest_scope)
@reconfirmed(N_("Publish the results"), _title)
@once
def publish(code: str) -> Response:
    """Show the approved ranking to everybody."""
    contest, form = _contest(code), PublishForm()
    rankings.publish_results(db.session, contest, version=form.version.data or 0, by=by_request(now()))
    db.session.commit()
    flash(gettext("The results are published."), "success")
    return redirect(url_for("home.results", code=code), code=303)


def _contest(code: str) -> Contest:
    return by_code(db.session, code) or abort(404)


def _overtaken(code: str, stale: Stale, **given: VersionedForm) -> tuple[str, int]:
    """The page as it is now with what was typed still in its form, and the sentence why nothing was done."""
    begin_reading()
    contest = _contest(code)
    for form in given.values():
        form.form_errors.append(translate(stale.message))
        form.version.data, form.version.raw_data = contest.version, None
    return _page(contest, **given), 409


def _page(contest: Contest, **given: Any) -> str:
    begin_reading()
    require_marks(contest.id)
    whole = standing_of(db.session, contest)
    standing = shown_part(whole)
    frozen = queries.present_snapshot(db.session, contest.id)
    blocked = given.pop("blocked", None)
    faults = blocked.faults if blocked else rankings.blockers(db.session, contest, whole.ranking, arrived())
    return render_template(
        "ranking/show.html",
        contest=contest,
        contest_status=ContestStatus(contest.status),
        acts=acts_in(contest),
        standing=standing,
        nominations=nomination_tabs(whole, standing),
        page=make_page(standing, choice_of(request.args)),
        reference=reference_of(contest, standing, request.args),
        frozen=frozen,
        froze_it=frozen is not None and not may_approve(frozen.made_by_id, current_actor()),
        differs=frozen is not None and queries.differs(frozen, whole.ranking, standing.record.contest.rules.rounding),
        snapshots=queries.snapshots(db.session, contest.id),
        blocked=bool(blocked),
        blockers=blocker_links(faults, contest),
        figures=figures(standing, contest),
        forms={name: given.get(name) or form(formdata=None, obj=contest) for name, form in FORMS.items()},
        tones=TONES,
        catalogue=CATALOGUE.values(),
        **table_context(standing, contest),
    )
