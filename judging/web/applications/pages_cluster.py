"""The team's cluster in a contest and its organisations."""

from functools import partial
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from judging.domain.access import Permission
from judging.domain.regions import REGIONS
from judging.extensions import db
from judging.models import Cluster, Contest, Organisation
from judging.queries import applications, contests, earlier_work, scopes
from judging.queries.cluster_locks import locked_organisations
from judging.services.applications import clusters
from judging.web.access import by_request, current_actor, requires
from judging.web.applications.blueprint import blueprint
from judging.web.applications.forms import ClusterForm, OrganisationForm
from judging.web.both_versions import typed_again, version_rows
from judging.web.editing import Edit, carry_out
from judging.web.once import once


@blueprint.get("/contests/<code>/cluster")
@requires(Permission.EDIT_TEAM, scopes.team_cluster_scope)
def cluster(code: str) -> str:
    """The team's cluster in the contest: what it is and who is in it."""
    contest, own = _own(code)
    return _cluster_page(contest, own, ClusterForm(data=_stored(own) if own else {}))


@blueprint.post("/contests/<code>/cluster")
@requires(Permission.EDIT_TEAM, scopes.team_cluster_scope)
@once
def save_cluster(code: str) -> Any:
    """Enter or change the cluster."""
    contest, own = _own(code)
    form = ClusterForm()
    return carry_out(
        Edit(form, show=partial(_cluster_page, contest, own, form), compare=partial(_compared_clusters, code, form)),
        lambda: clusters.save_cluster(
            db.session,
            contest,
            _team_id(),
            form.values(),
            version=form.version.data,
            by=by_request(),
        ),
        gettext("The cluster is saved."),
        _onward(code),
    )


@blueprint.post("/contests/<code>/cluster/copy")
@requires(Permission.EDIT_TEAM, scopes.team_cluster_scope)
@once
def copy_cluster(code: str) -> Response:
    """Begin from the cluster of an earlier contest."""
    contest, _ = _own(code)
    clusters.copy_cluster(db.session, contest, _team_id(), by=by_request())
    db.session.commit()
    flash(gettext("The cluster and its organisations are copied. Check that they are up to date."), "success")
    return redirect(url_for("applications.cluster", code=code), code=303)


@blueprint.get("/contests/<code>/cluster/organisations/new")
@requires(Permission.EDIT_TEAM, scopes.team_cluster_scope)
def new_organisation(code: str) -> str:
    """The form of another organisation."""
    return new_organisation_page(*entered(code), OrganisationForm())


@blueprint.post("/contests/<code>/cluster/organisations")
@requires(Permission.EDIT_TEAM, scopes.team_cluster_scope)
@once
def add_organisation(code: str) -> Any:
    """Add an organisation to the cluster."""
    contest, own = entered(code)
    form = OrganisationForm()
    return carry_out(
        Edit(form, show=partial(new_organisation_page, contest, own, form)),
        lambda: clusters.add_organisation(db.session, own, form.values(), by=by_request()),
        gettext("The organisation is added."),
        url_for("applications.cluster", code=code, _anchor="organisations"),
    )


@blueprint.get("/contests/<code>/cluster/organisations/<int:organisation_id>")
@requires(Permission.EDIT_TEAM, scopes.organisation_scope)
def organisation(code: str, organisation_id: int) -> str:
    """One organisation, to correct it."""
    contest, own = entered(code)
    item = _organisation(own, organisation_id)
    form = OrganisationForm(data={**vars(clusters.data_of(own, item)), "version": own.version})
    return _organisation_page(contest, own, item, form)


@blueprint.post("/contests/<code>/cluster/organisations/<int:organisation_id>")
@requires(Permission.EDIT_TEAM, scopes.organisation_scope)
@once
def change_organisation(code: str, organisation_id: int) -> Any:
    """Correct an organisation or its place in the cluster."""
    contest, own = entered(code)
    item, form = _organisation(own, organisation_id), OrganisationForm()
    version = form.version.data or 0
    edit = Edit(
        form,
        show=partial(_organisation_page, contest, own, item, form),
        compare=partial(_compared_organisations, code, own, item, form),
    )
    return carry_out(
        edit,
        lambda: clusters.change_organisation(db.session, own, item, form.values(), version=version, by=by_request()),
        gettext("The organisation is saved."),
        url_for("applications.cluster", code=code, _anchor="organisations"),
    )


@blueprint.post("/contests/<code>/cluster/organisations/<int:organisation_id>/removal")
@requires(Permission.EDIT_TEAM, scopes.organisation_scope)
@once
def remove_organisation(code: str, organisation_id: int) -> Response:
    """Take an organisation out of the cluster."""
    _, own = entered(code)
    item = _organisation(own, organisation_id)
    clusters.remove_organisation(db.session, own, item, by=by_request())
    db.session.commit()
    flash(gettext("The organisation is removed."), "success")
    return redirect(url_for("applications.cluster", code=code, _anchor="organisations"), code=303)


def _team_id() -> int:
    return applications.team_of(db.session, current_actor().working_teams).id


def _own(code: str) -> tuple[Contest, Cluster | None]:
    contest = contests.by_code(db.session, code)
    return contest, applications.cluster_of_team(db.session, contest.id, _team_id())


def _came_from(code: str) -> int | None:
    """The draft of the team in this contest whose page of checks led here; None where none did."""
    asked = request.args.get("back", type=int)
    rows = applications.of_teams(db.session, current_actor().team_ids) if asked else []
    return next((row.id for row in rows if row.id == asked and row.contest_code == code), None)


def _onward(code: str) -> str:
    """Back to the page of checks where the person came from there, else the cluster again."""
    came = _came_from(code)
    if came is None:
        return url_for("applications.cluster", code=code)
    return url_for("applications.check", application_id=came)


def _stored(own: Cluster) -> dict[str, Any]:
    return {"name": own.name, "region": own.region, "industry": own.industry, "version": own.version}


def entered(code: str) -> tuple[Contest, Cluster]:
    """The contest and the team's cluster in it; 404 before the team has entered one."""
    contest, own = _own(code)
    return (contest, own) if own is not None else abort(404)


def _organisation(own: Cluster, organisation_id: int) -> Organisation:
    """The organisation of this cluster; 404 for one of another contest."""
    found = [one for one in clusters.organisations_of(own) if one.id == organisation_id]
    return found[0] if found else abort(404)


def _cluster_page(contest: Contest, own: Cluster | None, form: ClusterForm) -> str:
    earlier = None if own else applications.earlier_cluster(db.session, contest.id, _team_id())
    organisations = [(one, clusters.data_of(own, one)) for one in clusters.organisations_of(own)] if own else []
    drafts = applications.of_teams(db.session, current_actor().team_ids)
    known = earlier_work.earlier_organisations(db.session, contest.id, _team_id()) if own else []
    return render_template(
        "applications/cluster.html",
        contest=contest,
        cluster=own,
        earlier=earlier,
        form=form,
        organisations=organisations,
        known=len(known),
        back=_came_from(contest.code),
        locked=locked_organisations(db.session, own) if own else None,
        region=_region(own) if own else "",
        drafts=[row for row in drafts if row.contest_code == contest.code and row.status.is_draft],
    )


def new_organisation_page(contest: Contest, own: Cluster, form: OrganisationForm) -> str:
    """The form of another organisation."""
    return render_template("applications/new_organisation.html", contest=contest, cluster=own, form=form)


def _organisation_page(contest: Contest, own: Cluster, item: Organisation, form: OrganisationForm) -> str:
    locked = item.id in (locked_organisations(db.session, own) or ())
    data = clusters.data_of(own, item)
    return render_template(
        "applications/organisation.html",
        contest=contest,
        cluster=own,
        organisation=item,
        form=form,
        locked=data if locked else None,
        region=_region(item),
    )


def _region(of: Cluster | Organisation) -> str:
    return REGIONS.get(of.region, of.region)


def _compared_clusters(code: str, mine: ClusterForm) -> str:
    _, own = entered(code)
    theirs = ClusterForm(formdata=None, data=_stored(own))
    return _compared(own, mine, theirs, url_for("applications.cluster", code=code))


def _compared_organisations(code: str, own: Cluster, item: Organisation, mine: OrganisationForm) -> str:
    data = {**vars(clusters.data_of(own, item)), "version": own.version}
    theirs = OrganisationForm(formdata=None, data=data)
    address = url_for("applications.organisation", code=code, organisation_id=item.id)
    return _compared(own, mine, theirs, address)


def _compared(own: Cluster, mine: Any, theirs: Any, address: str) -> str:
    return render_template(
        "applications/_conflict.html",
        changed_at=own.changed_at,
        rows=version_rows(mine, theirs),
        address=address,
        fields=typed_again(version=theirs.version.data),
    )
