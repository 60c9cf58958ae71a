"""The page of checks, and submission."""

from collections.abc import Collection
from datetime import datetime
from secrets import token_hex
from typing import Any

from flask import flash, g, redirect, render_template, url_for
from flask_babel import gettext
from sqlalchemy.exc import NoResultFound

from judging.domain.access import Permission
from judging.domain.canonical import digest
from judging.domain.errors import RuleViolation
from judging.domain.forms.findings import FormFinding, stops_of
from judging.domain.stages import NotOpen, stage_at, time_left
from judging.extensions import db
from judging.models import Application
from judging.queries import applications, scopes
from judging.queries.extensions import time_to_change, time_to_submit
from judging.queries.receipts import content
from judging.queries.section_works import leads_of
from judging.queries.submissions import ReturnLine
from judging.services.applications import application_submit
from judging.services.applications.returns import ReturnOver, resubmit_application
from judging.services.concurrency import Stale
from judging.web.access import allowed, by_request, public_url, requires
from judging.web.applications.at_hand import at_hand, checked, returned_of
from judging.web.applications.blueprint import blueprint
from judging.web.applications.forms import SubmissionForm
from judging.web.applications.places import built_in_line, finding_line
from judging.web.applications.summaries import summary
from judging.web.carried_arrival import hands_in
from judging.web.clock import arrived, noticed
from judging.web.offers import acts_on_application
from judging.web.once import once
from judging.web.templating import moscow_exact, translate


@blueprint.get("/applications/<int:application_id>/check")
@requires(Permission.EDIT_APPLICATION, scopes.application_scope)
def check(application_id: int) -> Any:
    """Everything on one page, with what is missing and the button that submits."""
    application = applications.by_id(db.session, application_id)
    acts = acts_on_application(application, g.scope)
    if not acts.edit and not acts.correct:
        return redirect(url_for("applications.show", application_id=application_id))
    return _check_page(application)


def _as_stored(application_id: int) -> str:
    """What would be submitted; no two texts are equal where it was changed after the instant that this request has."""
    try:
        application = applications.by_id(db.session, application_id)
    except NoResultFound:
        return ""
    if application.updated_at > arrived():
        return token_hex()
    return f"{application.version} {digest(content(application, None, arrived()))}"


@blueprint.post("/applications/<int:application_id>/submission")
@requires(Permission.SUBMIT_APPLICATION, scopes.application_scope)
@once
@hands_in(_as_stored)
def submit(application_id: int) -> Any:
    """Submit the application as it was checked; a refusal names its reasons and the draft stays."""
    form = SubmissionForm()
    if not form.validate_on_submit():
        return _check_page(applications.by_id(db.session, application_id)), 422
    try:
        application_submit.submit_application(
            db.session,
            application_id,
            version=form.version.data or 0,
            by=by_request(),
            steps=noticed(),
            base_url=public_url(),
        )
    except (application_submit.Incomplete, NotOpen, Stale) as refusal:
        return _refused(application_id, refusal), 409 if isinstance(refusal, Stale) else 422
    db.session.commit()
    flash(gettext("The application is submitted."), "success")
    return redirect(url_for("applications.receipt", application_id=application_id), code=303)


@blueprint.post("/applications/<int:application_id>/resubmission")
@requires(Permission.SUBMIT_APPLICATION, scopes.application_scope)
@once
@hands_in(_as_stored)
def resubmit(application_id: int) -> Any:
    """Submit an application that was given back as it was checked; a refusal names its reasons, nothing is lost."""
    form = SubmissionForm()
    if not form.validate_on_submit():
        return _check_page(applications.by_id(db.session, application_id)), 422
    try:
        resubmit_application(
            db.session, application_id, version=form.version.data or 0, by=by_request(), base_url=public_url()
        )
    except (application_submit.Incomplete, ReturnOver, Stale) as refusal:
        return _refused(application_id, refusal), 409 if isinstance(refusal, Stale) else 422
    db.session.commit()
    flash(gettext("The corrected application is submitted."), "success")
    return redirect(url_for("applications.receipt", application_id=application_id), code=303)


def _refused(application_id: int, refusal: RuleViolation) -> str:
    """The page of checks again, with why the application was not submitted."""
    db.session.rollback()
    db.session.expire_all()
    application = applications.by_id(db.session, application_id)
    return _check_page(application, _why_not(application, refusal))


def _why_not(application: Application, refusal: RuleViolation) -> list[dict[str, str]]:
    if isinstance(refusal, application_submit.Incomplete):
        return []
    words = translate(refusal.message, **refusal.params)
    if isinstance(refusal, NotOpen):
        words += " " + gettext(
            "Applications are accepted from %(opens)s to %(closes)s; the server received yours at %(received)s. "
            "The draft is kept.",
            opens=moscow_exact(application.contest.applications_open),
            closes=moscow_exact(time_to_submit(db.session, application, arrived()).window.ends),
            received=moscow_exact(arrived()),
        )
    if isinstance(refusal, Stale):
        words += " " + gettext("Below is the application as it is now: look it through and submit it again.")
    return [{"text": words}]


def _check_page(application: Application, refusals: list[dict[str, str]] | None = None) -> str:
    moment, returned = arrived(), returned_of(application)
    time = time_to_submit(db.session, application, moment)
    found = checked(at_hand(application, moment))
    opened = _opened(application, returned, moment)
    built_in = (*found.nomination, *found.cluster, *found.certification)
    lines = [(_weight(one, opened), one.section, built_in_line(application, one)) for one in built_in]
    lines += [
        (_weight(one, opened), one.section, finding_line(application, found.hand.compiled, one, back=True))
        for one in found.form
    ]
    sections = summary(found.hand, found, change=True, opened=opened)
    return render_template(
        "applications/check.html",
        application=application,
        form=SubmissionForm(formdata=None, data={"version": application.version}),
        refusals=refusals or [],
        stops=[line for weight, _, line in lines if weight == "stop"],
        stopping=_by_section([(section, line) for weight, section, line in lines if weight == "stop"], sections),
        elsewhere=[line for weight, _, line in lines if weight == "elsewhere"],
        warnings=[line for weight, _, line in lines if weight == "warning"],
        sections=sections,
        stage=stage_at(time.calendar, moment),
        time=time,
        moment=moment,
        returned=returned,
        leads=[] if allowed(Permission.SUBMIT_APPLICATION, g.scope) else leads_of(db.session, application),
        files=len(found.hand.files),
        requested=found.hand.answers.get("requested"),
        change_until=time_to_change(db.session, application, moment),
        open_now=returned is not None and returned.is_open(moment),
        left=None if returned is None else time_left(returned.until, moment),
    )


def _by_section(
    lines: list[tuple[str, dict[str, str]]], sections: list[dict[str, Any]]
) -> list[tuple[Any, list[dict[str, str]]]]:
    """The lines under the titles of their sections, in the order of the form; those of no section come first."""
    titles = {"": "", **{part["section"]: part["title"] for part in sections}}
    groups: dict[str, list[dict[str, str]]] = {code: [] for code in titles}
    for section, line in lines:
        groups[section if section in titles else ""].append(line)
    return [(titles[code], some) for code, some in groups.items() if some]


def _weight(finding: FormFinding, opened: Collection[str] | None) -> str:
    """Whether it forbids submission, stands in a section that the team cannot correct now, or only warns."""
    if not finding.stop:
        return "warning"
    return "stop" if stops_of([finding], opened) else "elsewhere"


def _opened(application: Application, returned: ReturnLine | None, moment: datetime) -> tuple[str, ...] | None:
    """The sections that may be changed: of a draft all of them, which None says; of what was given back its own."""
    if application.submitted_at is None:
        return None
    return returned.sections if returned is not None and returned.is_open(moment) else ()
