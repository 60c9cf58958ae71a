"""The list of experts and an expert's card."""

from functools import partial
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext

from judging.domain.access import Permission
from judging.domain.gates import Act, closed
from judging.domain.lifecycle import ReviewStatus
from judging.domain.regions import REGIONS
from judging.extensions import db
from judging.models import Contest, Expert
from judging.queries import agreements, experts, scopes
from judging.services.experts import add_expert, change_expert, remove_expert
from judging.web.access import by_request, requires
from judging.web.both_versions import over_stored, version_rows
from judging.web.clock import arrived
from judging.web.editing import Edit, carry_out
from judging.web.experts.blueprint import blueprint
from judging.web.experts.forms import ExpertForm, PressForm, VersionForm, card_values
from judging.web.listing import member_of, one_of, page_of, search_of, sort_of
from judging.web.offers import acts_in
from judging.web.once import once
from judging.web.regions import region_options
from judging.web.templating import translate

USUAL_LOAD = 10
COMPARED = ("name", "email", "region", "topics", "max_load", "methodologist", "employer")
"""The fields of the card; the others are of an employer who is entered anew."""


@blueprint.get("/staff/contests/<code>/experts")
@requires(Permission.SEE_EXPERTS, scopes.contest_scope)
def index(code: str) -> str:
    """Every expert of the contest with loads, invitations and conflicts."""
    contest = experts.contest_of(db.session, code)
    wanted = experts.ExpertFilter(
        text=search_of(request.args),
        region=one_of(request.args, "region", REGIONS),
        state=member_of(request.args, "state", experts.Invitation),
        sort=sort_of(request.args, experts.ORDERS, "name"),
        page=page_of(request.args),
    )
    page = experts.experts_page(db.session, contest.id, wanted)
    return render_template(
        "experts/index.html",
        contest=contest,
        acts=acts_in(contest),
        wanted=wanted,
        page=page,
        agreements=agreements.lines_of(db.session, contest.id, [row.id for row in page.rows]),
        counts=experts.state_counts(db.session, contest.id),
        states=[(state.value, translate(words)) for state, words in experts.INVITATION_LABELS.items()],
        state_label=lambda state: translate(experts.INVITATION_LABELS[state]),
        regions=region_options(experts.regions_of(db.session, contest.id)),
        frozen=frozen_words(contest),
    )


def frozen_words(contest: Contest) -> str | None:
    """Why nothing can be changed here any more; None where it can."""
    refusal = closed(Act.CHANGE_EXPERTS, contest.status)
    return None if refusal is None else translate(refusal.message, **refusal.params)


@blueprint.get("/staff/contests/<code>/experts/new")
@requires(Permission.MANAGE_EXPERTS, scopes.contest_scope)
def new(code: str) -> str:
    """The form of a new expert."""
    contest = experts.contest_of(db.session, code)
    return _new_page(contest, _form(contest, formdata=None, data={"max_load": USUAL_LOAD}))


@blueprint.post("/staff/contests/<code>/experts/new")
@requires(Permission.MANAGE_EXPERTS, scopes.contest_scope)
@once
def create(code: str) -> Any:
    """Add an expert; conflicts of interest by ИНН are found at once."""
    contest = experts.contest_of(db.session, code)
    form = _form(contest)
    return carry_out(
        Edit(form, show=partial(_new_page, contest, form)),
        lambda: add_expert(db.session, contest, form.card(), by=by_request()),
        lambda expert: gettext("%(name)s is added. The invitation is not sent yet.", name=expert.name),
        lambda expert: url_for("experts.edit", code=code, expert_id=expert.id),
    )


@blueprint.get("/staff/contests/<code>/experts/<int:expert_id>")
@requires(Permission.SEE_EXPERTS, scopes.expert_in_contest_scope)
def edit(code: str, expert_id: int) -> str:
    """An expert's card with their tasks and conflicts; the staff who manage experts can correct it."""
    expert = experts.by_id(db.session, expert_id)
    return _card_page(expert, _form(expert.contest, expert, formdata=None, data=card_values(expert)))


@blueprint.post("/staff/contests/<code>/experts/<int:expert_id>")
@requires(Permission.MANAGE_EXPERTS, scopes.expert_in_contest_scope)
@once
def save(code: str, expert_id: int) -> Any:
    """Correct an expert's card."""
    expert = experts.by_id(db.session, expert_id)
    form = _form(expert.contest, expert)
    return carry_out(
        Edit(form, show=partial(_card_page, expert, form), compare=partial(_compared, expert, form)),
        lambda: change_expert(db.session, expert, form.card(), version=form.stated_version, by=by_request()),
        gettext("The card is saved."),
        url_for("experts.edit", code=code, expert_id=expert_id),
    )


@blueprint.post("/staff/contests/<code>/experts/<int:expert_id>/removal")
@requires(Permission.MANAGE_EXPERTS, scopes.expert_in_contest_scope)
@once
def remove(code: str, expert_id: int) -> Any:
    """Strike off an expert who has no reviews."""
    expert, form = experts.by_id(db.session, expert_id), VersionForm()
    name = expert.name
    remove_expert(db.session, expert, version=form.version.data or -1, by=by_request())
    db.session.commit()
    flash(gettext("%(name)s is removed from the contest.", name=name), "success")
    return redirect(url_for("experts.index", code=code), code=303)


def _form(contest: Contest, expert: Expert | None = None, **values: Any) -> ExpertForm:
    return ExpertForm(experts.employer_choices(db.session, contest.id), expert, **values)


def _new_page(contest: Contest, form: ExpertForm) -> str:
    return render_template("experts/new.html", contest=contest, form=form, frozen=frozen_words(contest))


def _card_page(expert: Expert, form: ExpertForm, **more: Any) -> str:
    contest = expert.contest
    tasks = experts.tasks_of(db.session, expert.id)
    found = experts.conflicts_page(db.session, contest.id, experts.ConflictFilter(expert=expert.id, sort="application"))
    return render_template(
        "experts/edit.html",
        contest=contest,
        acts=acts_in(contest),
        expert=expert,
        form=form,
        press=PressForm(formdata=None),
        tasks=tasks,
        assigned=sum(task.loads for task in tasks),
        handed_in=sum(task.loads and task.status == ReviewStatus.SUBMITTED for task in tasks),
        conflicts=found,
        region=REGIONS.get(expert.region, expert.region),
        frozen=frozen_words(contest),
        **more,
    )


def _compared(expert: Expert, form: ExpertForm) -> str:
    """Both versions of the card; what was typed stays in the form, now over the stored version."""
    make = partial(_form, expert.contest, expert)
    rows = version_rows(form, make(formdata=None, data=card_values(expert)), COMPARED)
    return _card_page(expert, over_stored(form, expert.version, make), versions=rows, at=arrived())
