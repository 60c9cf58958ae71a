"""The register of conflicts of interest: found, declared, entered; entered by hand and lifted with a reason."""

from functools import partial
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext

from judging.domain.access import Permission
from judging.domain.errors import N_, Fault, Refused
from judging.extensions import db
from judging.models import Application, Conflict, Contest, Expert
from judging.queries import experts, scopes
from judging.services.conflicts import ConflictKnown, detect_all, enter_conflict
from judging.services.conflicts import lift_conflict as strike_off
from judging.web.access import by_request, requires
from judging.web.editing import Edit, carry_out
from judging.web.experts.blueprint import blueprint
from judging.web.experts.forms import ConflictForm, LiftForm, PressForm
from judging.web.experts.pages_experts import frozen_words
from judging.web.listing import id_of, one_of, page_of, search_of, sort_of
from judging.web.offers import acts_in
from judging.web.once import once
from judging.web.templating import translate

KIND_LABELS = {
    "detected": N_("Found by INN"),
    "declared": N_("Declared by the expert"),
    "entered": N_("Entered by the staff"),
}


def kind_label(kind: str) -> str:
    """How the conflict came on the list, in words."""
    return translate(KIND_LABELS[kind])


@blueprint.get("/staff/contests/<code>/conflicts")
@requires(Permission.SEE_CONFLICTS, scopes.contest_scope)
def conflicts(code: str) -> str:
    """Every conflict of the contest."""
    contest = experts.contest_of(db.session, code)
    wanted = experts.ConflictFilter(
        text=search_of(request.args),
        kind=one_of(request.args, "kind", experts.KINDS),
        expert=id_of(request.args, "expert"),
        sort=sort_of(request.args, experts.CONFLICT_ORDERS, "-when"),
        page=page_of(request.args),
    )
    return render_template(
        "experts/conflicts.html",
        contest=contest,
        acts=acts_in(contest),
        wanted=wanted,
        page=experts.conflicts_page(db.session, contest.id, wanted),
        people=experts.expert_choices(db.session, contest.id),
        kinds=[(kind, kind_label(kind)) for kind in experts.KINDS],
        kind_label=kind_label,
        press=PressForm(formdata=None),
        frozen=frozen_words(contest),
    )


@blueprint.get("/staff/contests/<code>/conflicts/new")
@requires(Permission.MANAGE_CONFLICTS, scopes.contest_scope)
def new_conflict(code: str) -> str:
    """The form of a conflict that the staff learnt of; a link may name expert or application."""
    contest = experts.contest_of(db.session, code)
    given = {name: request.args.get(name, "") for name in ("expert", "application")}
    return _new_page(contest, _form(contest, formdata=None, data=given))


@blueprint.post("/staff/contests/<code>/conflicts/new")
@requires(Permission.MANAGE_CONFLICTS, scopes.contest_scope)
@once
def add_conflict(code: str) -> Any:
    """Put a pair on the list; a task that is not handed in is taken off the expert at once."""
    contest = experts.contest_of(db.session, code)
    form = _form(contest)
    return carry_out(
        Edit(form, show=partial(_new_page, contest, form)),
        partial(_enter, form),
        gettext("The conflict is on the list. The pair can no longer meet."),
        url_for("experts.conflicts", code=code),
    )


def _enter(form: ConflictForm) -> Conflict:
    """Enter the pair; where it is on the list already, its application is what is wrong with the form."""
    try:
        return enter_conflict(
            db.session,
            expert=db.session.get_one(Expert, int(form.expert.data)),
            application=db.session.get_one(Application, int(form.application.data)),
            reason=form.reason.data or "",
            by=by_request(),
        )
    except ConflictKnown as known:
        raise Refused([Fault("application", known.message)]) from known


@blueprint.get("/staff/contests/<code>/conflicts/<int:conflict_id>")
@requires(Permission.SEE_CONFLICTS, scopes.conflict_in_contest_scope)
def conflict(code: str, conflict_id: int) -> str:
    """One conflict: the pair, where it came from, what became of the task."""
    return _conflict_page(code, conflict_id, LiftForm(formdata=None))


@blueprint.post("/staff/contests/<code>/conflicts/<int:conflict_id>/lifting")
@requires(Permission.MANAGE_CONFLICTS, scopes.conflict_in_contest_scope)
@once
def lift_conflict(code: str, conflict_id: int) -> Any:
    """Strike a conflict off the list for a reason."""
    form = LiftForm()
    return carry_out(
        Edit(form, show=partial(_conflict_page, code, conflict_id, form)),
        lambda: strike_off(
            db.session,
            db.session.get_one(Conflict, conflict_id),
            reason=form.reason.data or "",
            by=by_request(),
        ),
        gettext("The conflict is lifted. The journal keeps it with the reason."),
        url_for("experts.conflicts", code=code),
    )


@blueprint.post("/staff/contests/<code>/conflicts/detection")
@requires(Permission.MANAGE_CONFLICTS, scopes.contest_scope)
@once
def detect(code: str) -> Any:
    """Compare every expert's employer with every application."""
    contest = experts.contest_of(db.session, code)
    number = len(detect_all(db.session, contest.id, by=by_request()))
    db.session.commit()
    if number:
        flash(ngettext("%(num)d new conflict is found.", "%(num)d new conflicts are found.", number), "warning")
    else:
        flash(gettext("Everything is compared; no new conflicts are found."), "success")
    return redirect(url_for("experts.conflicts", code=code), code=303)


def _form(contest: Contest, **values: Any) -> ConflictForm:
    people = experts.expert_choices(db.session, contest.id)
    return ConflictForm(people, experts.application_choices(db.session, contest.id), **values)


def _new_page(contest: Contest, form: ConflictForm) -> str:
    return render_template("experts/new_conflict.html", contest=contest, form=form, frozen=frozen_words(contest))


def _conflict_page(code: str, conflict_id: int, form: LiftForm) -> str:
    contest = experts.contest_of(db.session, code)
    return render_template(
        "experts/conflict.html",
        contest=contest,
        row=experts.conflict_row(db.session, conflict_id),
        kind_label=kind_label,
        form=form,
        frozen=frozen_words(contest),
    )
