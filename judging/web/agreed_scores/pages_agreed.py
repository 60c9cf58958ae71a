"""The agreed score beside the experts' own reviews: named, put down, looked at, submitted, given back."""

from functools import partial
from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from judging.domain.access import Permission
from judging.domain.errors import Refused, RuleViolation
from judging.extensions import db
from judging.models import Expert
from judging.queries import scopes
from judging.services import agreed_scores as services
from judging.services.concurrency import Stale
from judging.web.access import by_request, public_url, requires
from judging.web.agreed_scores.blueprint import blueprint
from judging.web.agreed_scores.forms import AgreedForm, LeadForm, ReturnForm, SubmitForm, agreed_form
from judging.web.agreed_scores.table import Table
from judging.web.both_versions import typed_again, version_rows
from judging.web.clock import arrived
from judging.web.editing import Edit, carry_out
from judging.web.forms import add_faults
from judging.web.offers import acts_in
from judging.web.once import once
from judging.web.scoring.words import saved_clock
from judging.web.storage_trouble import from_script
from judging.web.templating import translate


@blueprint.get("/applications/<int:application_id>/agreed-score")
@requires(Permission.SEE_AGREED_SCORE, scopes.agreed_score_scope)
def show(application_id: int) -> str:
    """The originals, and beside them the agreed score: the lead's form, or what was submitted."""
    return _page(Table.of(application_id))


@blueprint.post("/applications/<int:application_id>/agreed-score/lead")
@requires(Permission.NAME_LEAD, scopes.agreed_score_scope)
@once
def name_lead(application_id: int) -> Any:
    """Name the lead expert, or another one."""
    table = Table.of(application_id)
    form = LeadForm(table.originals, table.words)

    def act() -> Any:
        naming = services.Naming(db.session.get_one(Expert, form.expert_id.data), _stated(form))
        return services.name_lead(db.session, table.application, naming, by=by_request(), base_url=public_url())

    return carry_out(
        Edit(form, show=lambda: _page(Table.of(application_id), lead=form)),
        act,
        gettext("The lead expert is named and has been written to."),
        url_for("agreed_scores.show", application_id=application_id),
    )


@blueprint.post("/applications/<int:application_id>/agreed-score/draft")
@requires(Permission.AGREE_ON_SCORE, scopes.agreed_score_scope)
def save(application_id: int) -> Any:
    """Save the draft, by a script or a press. Its version guards it: saving the same again changes nothing."""
    table = Table.of(application_id)
    form = agreed_form(table.criteria)
    legible = form.validate()
    if not legible and (not from_script() or "csrf_token" in form.errors):
        return _page(table, form=form), 422
    left_out = form.illegible(table.codes) if from_script() else []
    marks = {**{code: table.stored[code] for code in left_out if code in table.stored}, **form.typed_marks(table.codes)}
    draft = services.AgreedDraft(marks, form.rationale.data or "", _stated(form))
    try:
        agreed = services.save_agreed(db.session, table.required, draft, by=by_request())
    except Refused as refused:
        db.session.rollback()
        add_faults(form, refused)
        return _refused(application_id, form)
    except RuleViolation as refusal:
        db.session.rollback()
        return _conflict(Table.of(application_id), form, refusal)
    db.session.commit()
    if from_script():
        return jsonify(version=agreed.version, saved_at_text=saved_clock(arrived()), whole=not left_out)
    if request.form.get("next") == "check":
        return redirect(url_for("agreed_scores.check", application_id=application_id), code=303)
    flash(gettext("The draft is saved. It counts for nothing until you submit it."), "success")
    return redirect(url_for("agreed_scores.show", application_id=application_id), code=303)


@blueprint.get("/applications/<int:application_id>/agreed-score/check")
@requires(Permission.AGREE_ON_SCORE, scopes.agreed_score_scope)
def check(application_id: int) -> str | Response:
    """The stored draft as it would be submitted, and what it lacks."""
    table = Table.of(application_id)
    if table.agreed is None or table.agreed.submitted_at is not None:
        return redirect(url_for("agreed_scores.show", application_id=application_id), code=303)
    return _check_page(table)


@blueprint.post("/applications/<int:application_id>/agreed-score/submission")
@requires(Permission.AGREE_ON_SCORE, scopes.agreed_score_scope)
@once
def submit(application_id: int) -> Any:
    """Submit the draft that was looked at."""
    table, form = Table.of(application_id), SubmitForm()
    return carry_out(
        Edit(
            form,
            show=lambda: _check_page(Table.of(application_id)),
            compare=lambda: _check_page(Table.of(application_id), stale=True),
        ),
        lambda: services.submit_agreed(
            db.session, table.required, version=_stated(form), by=by_request(), base_url=public_url()
        ),
        gettext("The agreed score is submitted."),
        url_for("agreed_scores.show", application_id=application_id),
    )


@blueprint.post("/applications/<int:application_id>/agreed-score/return")
@requires(Permission.RETURN_REVIEW, scopes.agreed_score_scope)
@once
def give_back(application_id: int) -> Any:
    """Give a submitted agreed score back to its lead."""
    table, form = Table.of(application_id), ReturnForm()
    return carry_out(
        Edit(form, show=partial(_page, table, returning=form)),
        lambda: services.return_agreed(
            db.session, table.required, reason=form.reason.data or "", version=_stated(form), by=by_request(),
            base_url=public_url(),
        ),
        gettext("The agreed score is returned; the lead expert has been written to."),
        url_for("agreed_scores.show", application_id=application_id),
    )  # fmt: skip


def _stated(form: AgreedForm | LeadForm | SubmitForm | ReturnForm) -> int:
    return -1 if form.version.data is None else int(form.version.data)


def _refused(application_id: int, form: AgreedForm) -> Any:
    """What is off its scale: said beside its field; a script is told in a sentence."""
    if from_script():
        return jsonify(message=gettext("Some marks are not on their scale: correct them."), whole=False), 422
    return _page(Table.of(application_id), form=form), 422


def _conflict(table: Table, form: AgreedForm, refusal: RuleViolation) -> Any:
    """Both versions side by side: as a panel for the script, else as a page. Nothing was stored, nothing is lost."""
    agreed = table.agreed
    context = {
        "table": table,
        "application": table.application,
        "rows": version_rows(form, table.stored_form()),
        "mine": typed_again(version=0 if agreed is None else agreed.version),
        "stale": isinstance(refusal, Stale),
        "refusal": translate(refusal.message, **refusal.params),
        "changed_at": agreed.submitted_at or agreed.saved_at or agreed.created_at if agreed is not None else arrived(),
    }
    if from_script():
        return jsonify(html=render_template("agreed_scores/_conflict.html", **context)), 409
    return render_template("agreed_scores/save.html", **context), 409


def _page(
    table: Table,
    form: AgreedForm | None = None,
    lead: LeadForm | None = None,
    returning: ReturnForm | None = None,
) -> str:
    version = 0 if table.agreed is None else table.agreed.version
    chosen = None if table.agreed is None else table.agreed.expert_id
    return render_template(
        "agreed_scores/show.html",
        table=table,
        application=table.application,
        contest=table.application.contest,
        form=form or table.stored_form(),
        lead=lead
        or LeadForm(table.originals, table.words, formdata=None, data={"version": version, "expert_id": chosen}),
        returning=returning or ReturnForm(formdata=None, data={"version": version}),
        refused=form or lead or returning,
        moment=arrived(),
        acts=acts_in(table.application.contest),
    )


def _check_page(table: Table, *, stale: bool = False) -> str:
    agreed = table.required
    return render_template(
        "agreed_scores/check.html",
        table=table,
        application=table.application,
        contest=table.application.contest,
        form=SubmitForm(formdata=None, data={"version": agreed.version}),
        faults=table.faults(),
        stale=stale,
    )
