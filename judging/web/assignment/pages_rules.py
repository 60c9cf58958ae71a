"""The rules of the distribution: shown, changed, compared where somebody else changed them meanwhile."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext

from judging.domain.access import Permission
from judging.domain.errors import Refused
from judging.extensions import db
from judging.models import Contest
from judging.queries import scopes
from judging.queries.assignment import plans
from judging.queries.assignment.facts import rule_facts
from judging.queries.contests import by_code, rules_of
from judging.services import assignment
from judging.services.concurrency import Stale
from judging.web.access import by_request, requires
from judging.web.assignment.blueprint import blueprint
from judging.web.assignment.forms import RulesForm, rules_values
from judging.web.assignment.plan_rendering import plan_common
from judging.web.clock import arrived
from judging.web.forms import add_faults
from judging.web.once import once

FIELDS = (
    "goal", "own_region_barred", "one_per_organisation", "other_region_at_least", "methodologists_at_least", "min_load",
    "seed",
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
    if not form.validate_on_submit():
        return _rules_page(contest, form), 422
    try:
        assignment.change_assignment_rules(
            db.session, contest, form.rules(), version=form.stated_version, by=by_request()
        )
    except Refused as refused:
        add_faults(form, refused)
        return _rules_page(contest, form), 422
    except Stale:
        db.session.rollback()
        return _compared(by_code(db.session, code), form), 409
    db.session.commit()
    flash(gettext("The rules of the distribution are saved. They hold for drafts calculated from now on."), "success")
    return redirect(url_for("assignment.rules", code=code), code=303)


def _stored_form(contest: Contest) -> RulesForm:
    return RulesForm(formdata=None, data=rules_values(plans.assignment_rules(db.session, contest.id)))


def _compared(contest: Contest, form: RulesForm) -> str:
    """Both versions; what was typed stays in the form, now over the stored version."""
    stored = _stored_form(contest)
    versions = [
        {"label": form[name].label.text, "mine": _shown(form[name]), "theirs": _shown(stored[name])} for name in FIELDS
    ]
    again = RulesForm(formdata=None, data={**form.data, "version": stored.version.data})
    again.request_key.data = stored.request_key.data
    return _rules_page(contest, again, versions=versions, at=arrived())


def _rules_page(contest: Contest, form: RulesForm, **more: Any) -> str:
    stored = _stored_form(contest)
    return render_template(
        "assignment/rules.html",
        form=form,
        stored=[(stored[name].label.text, _shown(stored[name])) for name in FIELDS],
        wanted=rules_of(contest).experts_per_application,
        facts=rule_facts(db.session, contest.id),
        **more,
        **plan_common(contest),
    )


def _shown(field: Any) -> str:
    """What a field holds as a person reads it."""
    if field.type == "RadioField":
        return next((str(choice.label) for choice in field.choices if choice.value == field.data), "")
    if field.type == "BooleanField":
        return str(gettext("yes") if field.data else gettext("no"))
    return str(field.data)
