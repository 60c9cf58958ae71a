"""The rules of the distribution: shown, changed, compared where somebody else changed them meanwhile."""

from functools import partial
from typing import Any

from flask import render_template, url_for
from flask_babel import gettext

from judging.domain.access import Permission, Scope
from judging.domain.gates import Act
from judging.extensions import db
from judging.models import Contest
from judging.queries import scopes
from judging.queries.assignment import plans
from judging.queries.assignment.facts import rule_facts
from judging.queries.contests import by_code, rules_of
from judging.services import assignment
from judging.web.access import allowed, by_request, requires
from judging.web.assignment.blueprint import blueprint
from judging.web.assignment.forms import RulesForm, rules_values
from judging.web.assignment.plan_rendering import plan_common
from judging.web.both_versions import over_stored, shown, version_rows
from judging.web.clock import arrived
from judging.web.editing import Edit, carry_out
from judging.web.locks import lock_of, locked
from judging.web.once import once

FIELDS = (
    "goal", "own_region_barred", "one_per_organisation", "other_region_at_least", "methodologists_at_least", "min_load",
    "seed", "queue", "additional",
)  # fmt: skip


@blueprint.get("/staff/contests/<code>/assignment/rules")
@requires(Permission.SEE_ASSIGNMENT, scopes.contest_scope)
def rules(code: str) -> str:
    """The rules by which drafts are calculated."""
    contest = by_code(db.session, code)
    return _rules_page(contest, _stored_form(contest))


@blueprint.post("/staff/contests/<code>/assignment/rules")
@requires(Permission.ASSIGN, scopes.contest_scope)
@once
def change_rules(code: str) -> Any:
    """Change the rules."""
    contest, form = by_code(db.session, code), RulesForm()
    return carry_out(
        Edit(form, show=partial(_rules_page, contest, form), compare=partial(_compared, contest, form)),
        lambda: assignment.change_assignment_rules(
            db.session, contest, form.rules(), version=form.stated_version, by=by_request()
        ),
        gettext("The rules of the distribution are saved. They hold for drafts calculated from now on."),
        url_for("assignment.rules", code=code),
    )


def _stored_form(contest: Contest) -> RulesForm:
    return RulesForm(formdata=None, data=rules_values(plans.assignment_rules(db.session, contest.id)))


def _compared(contest: Contest, form: RulesForm) -> str:
    """Both versions; what was typed stays in the form, now over the stored version."""
    stored = _stored_form(contest)
    again = over_stored(form, stored.version.data, RulesForm)
    return _rules_page(contest, again, versions=version_rows(form, stored, FIELDS), at=arrived())


def _rules_page(contest: Contest, form: RulesForm, **more: Any) -> str:
    stored = _stored_form(contest)
    may = allowed(Permission.ASSIGN, Scope(contest_id=contest.id))
    lock = lock_of(Act.ASSIGN, contest) if may else None
    locked(form, lock)
    return render_template(
        "assignment/rules.html",
        form=form,
        lock=lock,
        stored=[(stored[name].label.text, shown(stored[name])) for name in FIELDS],
        wanted=rules_of(contest).experts_per_application,
        facts=rule_facts(db.session, contest.id),
        **more,
        **plan_common(contest),
    )
