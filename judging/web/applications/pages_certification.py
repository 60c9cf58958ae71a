"""The certification of an application: handed over by its lead, read as a whole and decided by the head."""

from flask import abort, flash, g, redirect, render_template, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import HiddenField, TextAreaField
from wtforms.validators import InputRequired, Length

from judging.domain.access import Permission
from judging.domain.errors import N_
from judging.domain.lifecycle import ApplicationStatus
from judging.domain.teams import LONGEST_REMARKS, TeamRole
from judging.extensions import db
from judging.models import Application
from judging.queries import applications, scopes
from judging.queries.certifications import certified, fingerprint
from judging.queries.teams import members_of
from judging.services.applications.certification import (
    HasStops,
    ask_certification,
    certify_application,
    return_certification,
)
from judging.web.access import by_request, public_url, requires
from judging.web.applications.at_hand import at_hand, returned_of
from judging.web.applications.blueprint import blueprint
from judging.web.applications.summaries import summary
from judging.web.clock import arrived
from judging.web.editing import Answer, Edit, carry_out
from judging.web.forms import Form
from judging.web.offers import acts_on_application
from judging.web.once import once
from judging.web.password_confirmation import reconfirmed

PATH = "/applications/<int:application_id>/certification"


class SeenForm(Form):
    """The press that certifies; ``seen`` is the fingerprint of what was read."""

    seen = HiddenField()


class RemarksForm(SeenForm):
    """What is to be corrected."""

    remarks = TextAreaField(
        _l("What is to be corrected"), [InputRequired(_l("Say what is to be corrected.")), Length(max=LONGEST_REMARKS)]
    )


@blueprint.get(PATH)
@requires(Permission.SEE_OWN_APPLICATION, scopes.application_scope)
def certification(application_id: int) -> str:
    """The whole application on one page, how far the certification is, and what one can do about it."""
    return _page(applications.by_id(db.session, application_id))


@blueprint.post(PATH + "/request")
@requires(Permission.SUBMIT_APPLICATION, scopes.application_scope)
@once
def ask_for_certification(application_id: int) -> Response:
    """Hand the application to the head of the organisation; what it still lacks is named on the page of checks."""
    try:
        ask_certification(db.session, application_id, by=by_request(), base_url=public_url())
    except HasStops:
        db.session.rollback()
        flash(gettext("First fill in and correct what is named on the page of checks."), "warning")
        return redirect(url_for("applications.check", application_id=application_id), code=303)
    db.session.commit()
    flash(gettext("The application is handed to the head of the organisation; a letter is on its way."), "success")
    return redirect(url_for("applications.certification", application_id=application_id), code=303)


def _title(application_id: int) -> str:
    application = db.session.get(Application, application_id)
    return "" if application is None else application.title


@blueprint.post(PATH)
@requires(Permission.CERTIFY_APPLICATION, scopes.application_scope)
@reconfirmed(N_("Certify the application"), _title)
@once
def certify(application_id: int) -> Answer:
    """Certify the application as it was read."""
    form = SeenForm()
    return carry_out(
        Edit(form, show=lambda: _again(application_id), compare=lambda: _again(application_id, changed=True)),
        lambda: certify_application(
            db.session, application_id, seen=form.seen.data or "", by=by_request(), base_url=public_url()
        ),
        gettext("The application is certified. Its lead can submit it now."),
        url_for("applications.certification", application_id=application_id),
    )


@blueprint.post(PATH + "/return")
@requires(Permission.CERTIFY_APPLICATION, scopes.application_scope)
@once
def return_for_remarks(application_id: int) -> Answer:
    """Send the application back with remarks."""
    form = RemarksForm()
    return carry_out(
        Edit(
            form,
            show=lambda: _again(application_id, form),
            compare=lambda: _again(application_id, form, changed=True),
        ),
        lambda: return_certification(
            db.session, application_id, seen=form.seen.data or "", remarks=form.remarks.data or "", by=by_request(),
            base_url=public_url(),
        ),
        gettext("The application is sent back; its lead gets a letter with your remarks."),
        url_for("applications.certification", application_id=application_id),
    )  # fmt: skip


def _again(application_id: int, form: RemarksForm | None = None, *, changed: bool = False) -> str:
    db.session.rollback()
    db.session.expire_all()
    return _page(applications.by_id(db.session, application_id), form, changed=changed)


def _page(application: Application, form: RemarksForm | None = None, *, changed: bool = False) -> str:
    state = certified(db.session, application)
    if state is None:
        abort(404)
    acts, hand = acts_on_application(application, g.scope), at_hand(application, arrived())
    seen = fingerprint(db.session, application, hand.sections)
    form = form or RemarksForm(formdata=None)
    form.seen.data = seen
    heads = [one.name for one in members_of(db.session, application.team_id or 0) if one.role is TeamRole.HEAD]
    return render_template(
        "applications/certification.html",
        application=application,
        certified=state,
        heads=heads,
        changed=changed,
        is_open=acts.edit or acts.correct,
        is_open_for_head=_is_open(application),
        form=form,
        sections=summary(hand),
    )


def _is_open(application: Application) -> bool:
    """Whether the application can still be changed by its team, and so be certified: a draft, or given back."""
    if ApplicationStatus(application.status).is_draft:
        return True
    returned = returned_of(application)
    return returned is not None and returned.is_open(arrived())
