"""The discussions of a contest as its staff see them, and the rules of the discussion."""

from functools import partial
from typing import Any

from flask import g, render_template, url_for
from flask_babel import gettext

from judging.domain.access import Permission, Scope, roles_at
from judging.domain.discussion import CIRCLE_LABELS, read_by
from judging.domain.gates import Act
from judging.extensions import db
from judging.models import Contest
from judging.queries import discussions as queries
from judging.queries import scopes
from judging.queries.contests import by_code
from judging.services import discussions as services
from judging.web.access import allowed, by_request, current_actor, requires
from judging.web.both_versions import over_stored, shown, version_rows
from judging.web.clock import arrived
from judging.web.discussions.blueprint import blueprint
from judging.web.discussions.forms import RulesForm
from judging.web.editing import Edit, carry_out
from judging.web.locks import lock_of, locked
from judging.web.offers import acts_in
from judging.web.once import once

FIELDS = ("circle", "edit_minutes")


@blueprint.get("/staff/contests/<code>/discussions")
@requires(Permission.SEE_DISCUSSION, scopes.contest_scope)
def index(code: str) -> str:
    """The applications that are discussed, unread ones first."""
    contest, actor = by_code(db.session, code), current_actor()
    audiences = read_by(roles_at(actor, g.scope))
    rules = queries.discussion_rules(db.session, contest.id)
    return render_template(
        "discussions/index.html",
        contest=contest,
        acts=acts_in(contest),
        rules=rules,
        circle=CIRCLE_LABELS[rules.circle],
        rows=queries.of_contest(db.session, contest.id, audiences, actor.user_id),
    )


@blueprint.get("/staff/contests/<code>/discussions/rules")
@requires(Permission.SEE_CONTEST, scopes.contest_scope)
def rules(code: str) -> str:
    """Who discusses applications, and how."""
    contest = by_code(db.session, code)
    return _rules_page(contest, _stored_form(contest))


@blueprint.post("/staff/contests/<code>/discussions/rules")
@requires(Permission.EDIT_CONTEST, scopes.contest_scope)
@once
def change_rules(code: str) -> Any:
    """Change the rules of the discussion."""
    contest, form = by_code(db.session, code), RulesForm()
    return carry_out(
        Edit(form, show=partial(_rules_page, contest, form), compare=partial(_compared, contest, form)),
        lambda: services.change_discussion_rules(
            db.session, contest, form.rules(), version=-1 if form.version.data is None else int(form.version.data),
            by=by_request(),
        ),
        gettext("The rules of the discussion are saved."),
        url_for("discussions.index", code=code),
    )  # fmt: skip


def _stored_form(contest: Contest) -> RulesForm:
    stored = queries.discussion_rules(db.session, contest.id)
    data = {"circle": stored.circle.value, "edit_minutes": stored.edit_minutes, "version": stored.version}
    return RulesForm(formdata=None, data=data)


def _compared(contest: Contest, form: RulesForm) -> str:
    """Both versions; what was typed stays in the form, now over the stored version."""
    stored = _stored_form(contest)
    again = over_stored(form, stored.version.data, RulesForm)
    return _rules_page(contest, again, versions=version_rows(form, stored, FIELDS), at=arrived())


def _rules_page(contest: Contest, form: RulesForm, **more: Any) -> str:
    stored = _stored_form(contest)
    may = allowed(Permission.EDIT_CONTEST, Scope(contest_id=contest.id))
    lock = lock_of(Act.SET_DISCUSSION, contest) if may else None
    locked(form, lock)
    return render_template(
        "discussions/rules.html",
        contest=contest,
        acts=acts_in(contest),
        form=form,
        lock=lock,
        stored=[(stored[name].label.text, shown(stored[name])) for name in FIELDS],
        **more,
    )
