"""Downloads of large contests: asked for, followed, and fetched by the person who asked for them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import abort, current_app, jsonify, redirect, render_template, url_for
from flask_babel import get_locale, gettext
from werkzeug.wrappers import Response

from judging.domain.access import Permission
from judging.domain.jobs import OPEN, JobKind, JobState, export_key
from judging.exports import CATALOGUE, Export, RankingExport
from judging.exports.making import reported
from judging.extensions import db
from judging.models import Contest, Job
from judging.queries import jobs, scopes
from judging.queries.contests import by_code
from judging.services import queue
from judging.web.access import by_request, current_actor, requires
from judging.web.clock import now
from judging.web.phases import begin_writing
from judging.web.ranking.blueprint import blueprint
from judging.web.ranking.download import with_firmness


@dataclass(frozen=True)
class Prepared:
    """A file that is ready: its pieces, its name, and what the journal is to say of it."""

    parts: Iterable[bytes]
    name: str
    details: dict[str, Any]


@blueprint.get("/staff/contests/<code>/ranking/downloads/<key>")
@requires(Permission.EXPORT, scopes.contest_scope)
def prepared(code: str, key: str) -> str:
    """How far one's own file is; then the button that fetches it."""
    contest, entry = by_code(db.session, code), CATALOGUE.get(key) or abort(404)
    job = _job(contest, entry)
    state = "" if job is None else job.state
    if job is not None and state == JobState.DONE and _pieces(job) is None:
        state = "gone"
    shown = {} if job is None else progress_of(job)
    return render_template("ranking/prepared.html", contest=contest, entry=entry, job=job, state=state, progress=shown)


@blueprint.get("/staff/contests/<code>/ranking/downloads/<key>/state")
@requires(Permission.EXPORT, scopes.contest_scope)
def prepared_state(code: str, key: str) -> Response:
    """How far the file is, for the script that keeps the page true."""
    contest, entry = by_code(db.session, code), CATALOGUE.get(key) or abort(404)
    job = _job(contest, entry)
    return jsonify({"over": True} if job is None else progress_of(job))


def prepare(contest: Contest, entry: Export, export: RankingExport, revision: int) -> Response:
    """Ask for the file of these facts, unless the very same is being prepared or is there, and lead to its page."""
    code = contest.code
    args = {
        "contest": contest.id,
        "entry": entry.key,
        "snapshot": export.snapshot_number or 0,
        "filter": export.filter,
        "locale": str(get_locale()),
    }
    present = {"revision": revision, "status": export.contest_status}
    if not _is_good(_job(contest, entry), args, present, lambda: reported(with_firmness(contest, export))):
        begin_writing()
        contest = by_code(db.session, code)
        queue.replace(db.session, JobKind.EXPORTS, args, key=_key(contest, entry), by=by_request(now()))
        db.session.commit()
    return redirect(url_for("ranking.prepared", code=code, key=entry.key), code=303)


def own_file(contest: Contest, entry: Export) -> Prepared | None:
    """The file that this person asked for, as it was prepared; None where it is not ready, or no more."""
    job = _job(contest, entry)
    parts = None if job is None else _pieces(job)
    if job is None or job.result is None or parts is None:
        return None
    details = {name: job.result[name] for name in ("rows", "snapshot", "revision")}
    return Prepared(parts, job.result["name"], details)


def progress_of(job: Job) -> dict[str, Any]:
    """How far a file is, for the page and for ``poll.js``."""
    step = gettext("step %(done)s of %(steps)s", done=job.progress_done, steps=job.progress_total)
    running = job.state == JobState.RUNNING
    return {
        "text": gettext("The file is being prepared.") if running else gettext("The file waits its turn."),
        "figure": step if job.progress_total else "",
        "done": job.progress_done,
        "of": job.progress_total,
        "over": job.state not in OPEN,
    }


def _key(contest: Contest, entry: Export) -> str:
    return export_key(contest.id, current_actor().user_id, entry.key)


def _job(contest: Contest, entry: Export) -> Job | None:
    return jobs.asked_by(db.session, _key(contest, entry), current_actor().user_id)


def _is_good(job: Job | None, args: dict[str, Any], present: Mapping[str, Any], reported: Callable[[], bool]) -> bool:
    """Whether this very file is under way, or is there and would say the same now.

    ``present``: what it says of the contest; ``reported``: whether the report on firmness is there by now, which is
    asked only where it was not there for the file.
    """
    if job is None or job.args != args:
        return False
    if job.state in OPEN:
        return True
    made = job.result
    if made is None or any(made.get(name) != value for name, value in present.items()) or _pieces(job) is None:
        return False
    return not made["unreported"] or not reported()


def _pieces(job: Job) -> Iterable[bytes] | None:
    """The stored file; None where there is none, or its day is over."""
    if job.state != JobState.DONE or not job.result:
        return None
    try:
        parts: Iterable[bytes] = current_app.extensions["storage"].read(job.result["file"])
    except FileNotFoundError:
        return None
    return parts
