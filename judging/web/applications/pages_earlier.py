"""What a team can take over from its work in other contests: an application as the base of a draft, organisations."""

from functools import partial
from typing import Any

from flask import flash, render_template, url_for
from flask_babel import gettext, ngettext

from judging.domain.access import Permission
from judging.domain.errors import N_, Fault, Refused
from judging.extensions import db
from judging.models import Application, Contest
from judging.queries import applications, contests, earlier_work, scopes
from judging.queries.earlier_work import EarlierApplication, KnownOrganisation
from judging.services.applications.clusters import OrganisationData, add_organisations
from judging.services.applications.earlier_answers import begin_from
from judging.web.access import by_request, current_actor, requires
from judging.web.applications.blueprint import blueprint
from judging.web.applications.earlier_forms import EarlierApplicationForm, EarlierOrganisationsForm
from judging.web.applications.forms import OrganisationForm
from judging.web.applications.pages_cluster import entered, new_organisation_page
from judging.web.editing import Edit, carry_out
from judging.web.once import once
from judging.web.phases import reads


@blueprint.get("/contests/<code>/applications/base")
@requires(Permission.CREATE_APPLICATION, scopes.team_contest_scope)
def choose_base(code: str) -> str:
    """The team's earlier applications, one of which a draft can begin with."""
    contest = contests.by_code(db.session, code)
    found = _applications(contest)
    return _choice(contest, found, EarlierApplicationForm(found, formdata=None))


@blueprint.post("/contests/<code>/applications/base")
@requires(Permission.CREATE_APPLICATION, scopes.team_contest_scope)
@once
def begin_from_base(code: str) -> Any:
    """Begin a draft with the answers of the chosen application."""
    contest = contests.by_code(db.session, code)
    found = _applications(contest)
    form = EarlierApplicationForm(found)

    def begin() -> Application:
        earlier = applications.by_id(db.session, form.application.data)
        draft = begin_from(db.session, contest, earlier, by=by_request())
        db.session.flush()
        return draft

    return carry_out(
        Edit(form, show=partial(_choice, contest, found, form)),
        begin,
        gettext("The draft is begun with the earlier answers. Files and consents are not taken over: add them."),
        lambda draft: url_for("applications.show", application_id=draft.id),
    )


@blueprint.get("/contests/<code>/cluster/organisations/earlier")
@requires(Permission.EDIT_TEAM, scopes.team_cluster_scope)
def earlier_organisations(code: str) -> str:
    """The organisations of the team in other contests that the cluster lacks, to be ticked."""
    contest, _ = entered(code)
    found = _organisations(contest)
    return _ticks(contest, found, EarlierOrganisationsForm(found, formdata=None))


@blueprint.post("/contests/<code>/cluster/organisations/earlier")
@requires(Permission.EDIT_TEAM, scopes.team_cluster_scope)
@once
def add_earlier_organisations(code: str) -> Any:
    """Add those that are ticked as members of the cluster, all or none."""
    contest, own = entered(code)
    found = _organisations(contest)
    form = EarlierOrganisationsForm(found)

    def add() -> int:
        chosen = [one for one in found if str(one.id) in (form.organisations.data or [])]
        if not chosen:
            raise Refused([Fault("organisations", N_("Tick the organisations that are to be added."))])
        data = [OrganisationData(one.inn, one.ogrn, one.name, one.region) for one in chosen]
        add_organisations(db.session, own, data, by=by_request())
        return len(chosen)

    return carry_out(
        Edit(form, show=partial(_ticks, contest, found, form)),
        add,
        lambda count: ngettext("%(num)d organisation is added.", "%(num)d organisations are added.", count),
        url_for("applications.cluster", code=code, _anchor="organisations"),
    )


@blueprint.post("/contests/<code>/cluster/organisations/by-inn")
@requires(Permission.EDIT_TEAM, scopes.team_cluster_scope)
@reads
def fill_by_inn(code: str) -> Any:
    """The form of another organisation with what the team said of this ИНН in another contest; nothing is stored.

    What other teams said is not looked at, so nobody learns here who takes part in what.
    """
    contest, own = entered(code)
    form = OrganisationForm()
    form.inn.validate(form)
    inn = form.inn.data or ""
    team = own.team_id or 0
    known = None if form.inn.errors else earlier_work.known_organisations(db.session, team, inn=inn).get(inn)
    if known is not None:
        form.name.data, form.ogrn.data, form.region.data = known.name, known.ogrn, known.region
        words = gettext("Filled in from “%(contest)s”. Check that it is up to date.", contest=known.contest_title)
        flash(words, "info")
    elif not form.inn.errors:
        flash(gettext("The team has entered no organisation with this INN yet: fill in the rest by hand."), "info")
    return new_organisation_page(contest, own, form), 422 if form.inn.errors else 200


def _applications(contest: Contest) -> list[EarlierApplication]:
    team = applications.team_of(db.session, current_actor().working_teams)
    return earlier_work.earlier_applications(db.session, contest.id, team.id)


def _organisations(contest: Contest) -> list[KnownOrganisation]:
    team = applications.team_of(db.session, current_actor().working_teams)
    return earlier_work.earlier_organisations(db.session, contest.id, team.id)


def _choice(contest: Contest, found: list[EarlierApplication], form: EarlierApplicationForm) -> str:
    return render_template("applications/choose_base.html", contest=contest, found=found, form=form)


def _ticks(contest: Contest, found: list[KnownOrganisation], form: EarlierOrganisationsForm) -> str:
    return render_template("applications/earlier_organisations.html", contest=contest, found=found, form=form)
