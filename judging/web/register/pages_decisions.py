"""Decisions on one application: each on a page that shows what will happen and the letter that will be sent."""

from functools import partial
from typing import Any

from flask import render_template, url_for
from flask_babel import get_locale, gettext

from judging.domain.access import Permission
from judging.domain.lifecycle import Action, ApplicationStatus, Subject, advance, transition
from judging.extensions import db
from judging.models import Application
from judging.queries import applications, contests, register, scopes
from judging.queries.submissions import pending_return
from judging.services.admission import Decision, decide_application, held_words, letter_text
from judging.web.access import by_request, current_actor, requires
from judging.web.both_versions import VersionRow, over_stored
from judging.web.editing import Edit, carry_out
from judging.web.once import once
from judging.web.register.blueprint import blueprint
from judging.web.register.forms import DecisionForm, ReasonedForm, RejectionForm
from judging.web.register.pages_application import ACTS, check_rows
from judging.web.templating import label, translate

ACTIONS = {word: action for action, word in ACTS.items()}
PATH = "/staff/contests/<code>/applications/<int:application_id>"


@blueprint.get(PATH + "/<any(admission,rejection,reinstatement,withdrawal):act>")
@requires(Permission.ADMIT_APPLICATION, scopes.application_in_contest_scope)
def decision(code: str, application_id: int, act: str) -> Any:
    """The page of one decision; nothing is decided yet. Of what is given back it says why nothing can be."""
    application, action = applications.by_id(db.session, application_id), ACTIONS[act]
    advance(Subject.APPLICATION, ApplicationStatus(application.status), action, reason="-")
    pending = None if action is Action.WITHDRAW else pending_return(db.session, application_id)
    if pending is not None:
        return _page(application, action, _form(action, formdata=None), held=translate(held_words(pending.kind))), 422
    return _page(application, action, _form(action, formdata=None, data={"version": application.version}))


@blueprint.post(PATH + "/admission")
@requires(Permission.ADMIT_APPLICATION, scopes.application_in_contest_scope)
@once
def admit(code: str, application_id: int) -> Any:
    """Admit the application to the contest."""
    return _decide(code, application_id, Action.ADMIT, gettext("The application is admitted."))


@blueprint.post(PATH + "/rejection")
@requires(Permission.ADMIT_APPLICATION, scopes.application_in_contest_scope)
@once
def reject(code: str, application_id: int) -> Any:
    """Reject the application for a reason."""
    return _decide(code, application_id, Action.REJECT, gettext("The application is rejected."))


@blueprint.post(PATH + "/reinstatement")
@requires(Permission.ADMIT_APPLICATION, scopes.application_in_contest_scope)
@once
def reinstate(code: str, application_id: int) -> Any:
    """Lift a rejection for a reason."""
    return _decide(
        code, application_id, Action.REINSTATE, gettext("The rejection is lifted, the application admitted.")
    )


@blueprint.post(PATH + "/withdrawal")
@requires(Permission.WITHDRAW_APPLICATION, scopes.application_in_contest_scope)
@once
def withdraw(code: str, application_id: int) -> Any:
    """Enter that the application was withdrawn."""
    return _decide(code, application_id, Action.WITHDRAW, gettext("The application is withdrawn."))


def _decide(code: str, application_id: int, action: Action, done: str) -> Any:
    application, form = applications.for_change(db.session, application_id), _form(action)
    edit = Edit(
        form,
        show=partial(_page, application, action, form),
        compare=partial(_compared, application, action, form),
    )
    return carry_out(
        edit,
        lambda: decide_application(
            db.session,
            application,
            Decision(action, version=form.stated_version, reason=form.reason.data or "", clause=form.clause.data or ""),
            by=by_request(),
        ),
        done,
        url_for("register.show", code=code, application_id=application_id),
    )


def _form(action: Action, **values: Any) -> DecisionForm:
    if action is Action.REJECT:
        return RejectionForm(**values)
    needs_reason = transition(Subject.APPLICATION, action).needs_reason
    return ReasonedForm(**values) if needs_reason else DecisionForm(**values)


def _page(application: Application, action: Action, form: DecisionForm, **more: Any) -> str:
    contest = contests.by_code(db.session, application.contest.code)
    subject, body = letter_text(
        application,
        action,
        str(get_locale()),
        reason=gettext("[the reason from the form]"),
        clause=gettext("[the clause]"),
    )
    return render_template(
        "register/decision.html",
        contest=contest,
        application=application,
        action=action,
        act=ACTS[action],
        title=translate(transition(Subject.APPLICATION, action).label),
        form=form,
        points=[row for row in check_rows(application) if row["edge"]],
        subject=subject,
        body=body,
        has_team=application.team_id is not None,
        **more,
    )


def _compared(application: Application, action: Action, form: DecisionForm) -> str:
    """Somebody decided meanwhile: both decisions side by side; the one typed can still be sent where it is possible."""
    mine, theirs = translate(transition(Subject.APPLICATION, action).label), label(application.status, "application")
    decider = register.name_of(db.session, application.decided_by_id) or ""
    clause = form.clause.data or "", application.decision_clause or ""
    rows = [
        VersionRow(gettext("Decision"), mine, theirs),
        VersionRow(gettext("Reason"), form.reason.data or "", application.decision_reason or ""),
        VersionRow(gettext("Clause of the rules"), *clause),
        VersionRow(gettext("By whom"), current_actor().name, decider),
    ]
    again = over_stored(form, application.version, partial(_form, action))
    sources = transition(Subject.APPLICATION, action).sources
    return _page(
        application,
        action,
        again,
        versions=rows,
        theirs_at=application.decided_at or application.updated_at,
        possible=application.status in sources,
    )
