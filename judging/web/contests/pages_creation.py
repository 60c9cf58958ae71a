"""A new contest: from the preset, or from an archive file."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext, ngettext

from judging.adapters.archive import Received, receive_archive
from judging.adapters.preset import read_preset, read_preset_form
from judging.domain.access import Permission, Scope
from judging.domain.conflicts import close_barred
from judging.domain.errors import Refused
from judging.extensions import db
from judging.services.archives import ContestExists, TrialCode, load_contest
from judging.services.contests import create_contest
from judging.web.access import by_request, requires
from judging.web.contests.blueprint import blueprint
from judging.web.contests.forms import ArchiveForm, NewContestForm
from judging.web.editing import Edit, carry_out
from judging.web.once import once
from judging.web.phases import begin_writing, prepares
from judging.web.templating import localized, translate

MOST_TOLD = 10
EVERYWHERE = Scope()
"""No contest at hand: only a role held in every contest counts. Who runs one contest alone creates no others."""


@blueprint.get("/staff/contests/new")
@requires(Permission.CREATE_CONTEST, EVERYWHERE)
def new() -> str:
    """The form of a new contest, filled from the preset."""
    preset = read_preset()
    form = NewContestForm(data={"title": localized({"title": preset.title, "title_en": preset.title_en}, "title")})
    return render_template("contests/new.html", form=form, preset=preset)


@blueprint.post("/staff/contests/new")
@requires(Permission.CREATE_CONTEST, EVERYWHERE)
@once
def create() -> Any:
    """Create a draft with the preset's rubric."""
    form, preset = NewContestForm(), read_preset()
    code = (form.code.data or "").strip()
    return carry_out(
        Edit(form, show=lambda: render_template("contests/new.html", form=form, preset=preset)),
        lambda: create_contest(
            db.session,
            code,
            form.terms(),
            preset,
            by=by_request(),
            form=read_preset_form(preset.code),
        ),
        gettext("The draft is created. Check the rules and publish the contest."),
        lambda _: url_for("contests.overview", code=code),
    )


@blueprint.get("/staff/contests/from-archive")
@requires(Permission.CREATE_CONTEST, EVERYWHERE)
def from_archive() -> str:
    """The form for an archive file."""
    return render_template("contests/from_archive.html", form=ArchiveForm(data={"state": "draft"}), faults=[])


@blueprint.post("/staff/contests/from-archive")
@requires(Permission.CREATE_CONTEST, EVERYWHERE)
@once
@prepares
def load_archive() -> Any:
    """Load a whole contest, or name every fault of the file with its place. The file is read before the write lock."""
    form = ArchiveForm()
    if not form.validate():
        return render_template("contests/from_archive.html", form=form, faults=[]), 422
    try:
        received = receive_archive(form.archive.data.read())
        draft = form.state.data == "draft"
        begin_writing()
        contest = load_contest(db.session, received.record, by=by_request(), draft=draft)
    except Refused as refused:
        return render_template("contests/from_archive.html", form=form, faults=refused.faults), 422
    except (ContestExists, TrialCode) as exists:
        form.archive.errors = [translate(exists.message, **exists.params)]
        return render_template("contests/from_archive.html", form=form, faults=[]), 422
    db.session.commit()
    flash(gettext("The contest is loaded from the archive."), "success")
    _tell_changes(received)
    return redirect(url_for("contests.overview", code=contest.code), code=303)


def _tell_changes(received: Received) -> None:
    """Say what the file and the contest do not have in common."""
    if number := len(received.changes):
        places = ", ".join(change.path for change in received.changes[:MOST_TOLD]) + ("…" if number > MOST_TOLD else "")
        words = ngettext(
            "%(num)d value of the file was brought to the form in which it is kept: %(places)s",
            "%(num)d values of the file were brought to the form in which they are kept: %(places)s",
            number,
            places=places,
        )
        flash(words, "info")
    closed = close_barred(received.record)[1]
    if closed:
        pairs = "; ".join(f"{review.application} / {review.expert}" for review in closed[:MOST_TOLD])
        words = ngettext(
            "%(num)d unfinished review is closed, since the pair is in conflict: %(pairs)s",
            "%(num)d unfinished reviews are closed, since the pairs are in conflict: %(pairs)s",
            len(closed),
            pairs=pairs + ("…" if len(closed) > MOST_TOLD else ""),
        )
        flash(words, "warning")
