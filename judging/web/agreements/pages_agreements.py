"""What experts agree to, on pages of the staff: the list, a form for each text, its coming into force and its end."""

from functools import partial
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from judging.domain.access import Permission
from judging.domain.gates import Act, closed, require
from judging.extensions import db
from judging.models import Agreement, Contest
from judging.queries import agreements as queries
from judging.queries import contests, scopes
from judging.services import agreements as services
from judging.web.access import by_request, requires
from judging.web.agreements.blueprint import blueprint
from judging.web.agreements.forms import AgreementForm, PressForm, WithdrawalForm
from judging.web.both_versions import over_stored, version_rows
from judging.web.clock import arrived
from judging.web.editing import Edit, carry_out
from judging.web.forms import new_key
from judging.web.offers import acts_in
from judging.web.once import once
from judging.web.templating import translate

PATH = "/staff/contests/<code>/experts/agreements"
ONE = PATH + "/<int:agreement_id>"
COMPARED = ("title", "text", "title_en", "text_en")


@blueprint.get(PATH)
@requires(Permission.SEE_EXPERTS, scopes.contest_scope)
def index(code: str) -> str:
    """Every agreement with its versions and how many experts accepted the one in force."""
    contest = contests.by_code(db.session, code)
    rows = queries.of_contest(db.session, contest.id)
    return render_template(
        "agreements/index.html",
        contest=contest,
        acts=acts_in(contest),
        rows=rows,
        versions=queries.versions_of(db.session, [row.id for row in rows]),
        counts=queries.accepted_counts(db.session, contest.id),
        experts=queries.joined_experts(db.session, contest.id),
        closed=_closed(contest),
        press_key=new_key,
    )


@blueprint.get(PATH + "/new")
@requires(Permission.EDIT_CONTEST, scopes.contest_scope)
def new(code: str) -> str:
    """The form of a new agreement."""
    contest = contests.by_code(db.session, code)
    require(Act.CHANGE_AGREEMENTS, contest.status)
    return _page(contest, AgreementForm(formdata=None), None)


@blueprint.post(PATH + "/new")
@requires(Permission.EDIT_CONTEST, scopes.contest_scope)
@once
def add(code: str) -> Any:
    """Add an agreement as a draft."""
    contest, form = contests.by_code(db.session, code), AgreementForm()
    return carry_out(
        Edit(form, show=partial(_page, contest, form, None)),
        lambda: services.add_agreement(
            db.session, contest.id, services.AgreementChange(form.agreement()), by=by_request()
        ),
        gettext("The agreement is kept as a draft. Nobody is asked for it yet."),
        url_for("agreements.index", code=code),
    )


@blueprint.get(ONE)
@requires(Permission.EDIT_CONTEST, scopes.agreement_in_contest_scope)
def edit(code: str, agreement_id: int) -> str:
    """The form of an agreement."""
    contest, row = contests.by_code(db.session, code), queries.by_id(db.session, agreement_id)
    require(Act.CHANGE_AGREEMENTS, contest.status)
    return _page(contest, _stored(row), row)


@blueprint.post(ONE)
@requires(Permission.EDIT_CONTEST, scopes.agreement_in_contest_scope)
@once
def save(code: str, agreement_id: int) -> Any:
    """Keep a draft, or put the next version of a text in force."""
    contest, row = contests.by_code(db.session, code), queries.by_id(db.session, agreement_id)
    form = _form(row)
    return carry_out(
        Edit(form, show=partial(_page, contest, form, row), compare=partial(_compared, contest, form, row)),
        lambda: services.change_agreement(
            db.session, row,
            services.AgreementChange(form.agreement(), form.stated_version, form.stated_reason), by=by_request(),
        ),
        _done,
        url_for("agreements.index", code=code),
    )  # fmt: skip


@blueprint.post(ONE + "/force")
@requires(Permission.EDIT_CONTEST, scopes.agreement_in_contest_scope)
@once
def put_in_force(code: str, agreement_id: int) -> Response:
    """Put a draft in force: every expert is asked for it."""
    row, form = queries.by_id(db.session, agreement_id), PressForm()
    services.force_agreement(db.session, row, version=form.version.data or -1, by=by_request())
    db.session.commit()
    flash(
        gettext("The agreement is in force. Experts are asked for it before anything of the contest opens."), "success"
    )
    return redirect(url_for("agreements.index", code=code), code=303)


@blueprint.post(ONE + "/removal")
@requires(Permission.EDIT_CONTEST, scopes.agreement_in_contest_scope)
@once
def remove(code: str, agreement_id: int) -> Response:
    """Remove a draft."""
    row, form = queries.by_id(db.session, agreement_id), PressForm()
    services.remove_agreement(db.session, row, version=form.version.data or -1, by=by_request())
    db.session.commit()
    flash(gettext("The draft is removed."), "success")
    return redirect(url_for("agreements.index", code=code), code=303)


@blueprint.get(ONE + "/withdrawal")
@requires(Permission.EDIT_CONTEST, scopes.agreement_in_contest_scope)
def withdrawal(code: str, agreement_id: int) -> str:
    """Ask why a text is asked for no more."""
    contest, row = contests.by_code(db.session, code), queries.by_id(db.session, agreement_id)
    require(Act.CHANGE_AGREEMENTS, contest.status)
    return _withdrawal(contest, row, WithdrawalForm(formdata=None, data={"version": row.version}))


@blueprint.post(ONE + "/withdrawal")
@requires(Permission.EDIT_CONTEST, scopes.agreement_in_contest_scope)
@once
def withdraw(code: str, agreement_id: int) -> Any:
    """Withdraw what is in force."""
    contest, row = contests.by_code(db.session, code), queries.by_id(db.session, agreement_id)
    form = WithdrawalForm()
    return carry_out(
        Edit(form, show=partial(_withdrawal, contest, row, form)),
        lambda: services.withdraw_agreement(
            db.session, row, form.reason.data or "", version=form.version.data or -1, by=by_request()
        ),
        gettext("The agreement is withdrawn. Who accepted it stays on record."),
        url_for("agreements.index", code=code),
    )


def _closed(contest: Contest) -> str | None:
    """Why nothing can be changed here any more; None where it can."""
    refusal = closed(Act.CHANGE_AGREEMENTS, contest.status)
    return None if refusal is None else translate(refusal.message, **refusal.params)


def _done(row: Agreement) -> str:
    if row.number:
        return gettext("Version %(number)s is in force. Experts are asked for it anew.", number=row.number)
    return gettext("The draft is saved.")


def _form(row: Agreement, **given: Any) -> AgreementForm:
    return AgreementForm(known=row.code, in_force=row.number > 0, **given)


def _stored(row: Agreement) -> AgreementForm:
    data = {name: getattr(row, name) for name in COMPARED}
    return _form(row, formdata=None, data=data | {"version": row.version})


def _compared(contest: Contest, form: AgreementForm, row: Agreement) -> str:
    """Both versions; what was typed stays in the form, now over the stored one."""
    rows = version_rows(form, _stored(row), COMPARED)
    again: AgreementForm = over_stored(form, row.version, partial(_form, row))
    return _page(contest, again, row, versions=rows, at=arrived())


def _page(contest: Contest, form: AgreementForm, row: Agreement | None, **more: Any) -> str:
    count = queries.accepted_counts(db.session, contest.id).get(row.id, 0) if row else 0
    return render_template("agreements/edit.html", contest=contest, form=form, row=row, accepted=count, **more)


def _withdrawal(contest: Contest, row: Agreement, form: WithdrawalForm) -> str:
    return render_template("agreements/withdrawal.html", contest=contest, form=form, row=row)
