"""The register and the admission of several applications at once."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext

from judging.domain.access import Permission
from judging.domain.lifecycle import ApplicationStatus
from judging.domain.regions import REGIONS
from judging.extensions import db
from judging.models import Application, Contest
from judging.queries import contests, register, scopes
from judging.queries.paging import PER_PAGE
from judging.queries.submissions import pending_until
from judging.services.admission import admit_applications
from judging.services.concurrency import Stale
from judging.web.access import by_request, requires
from judging.web.listing import id_of, one_of, page_of, search_of, sort_of
from judging.web.offers import acts_in
from judging.web.once import once
from judging.web.regions import region_options
from judging.web.register.blueprint import blueprint
from judging.web.register.forms import BulkForm, is_number
from judging.web.templating import localized


@blueprint.get("/staff/contests/<code>/applications")
@requires(Permission.SEE_REGISTER, scopes.contest_scope)
def index(code: str) -> str:
    """Every submitted application of the contest."""
    contest = contests.by_code(db.session, code)
    wanted = register.RegisterFilter(
        text=search_of(request.args),
        status=one_of(request.args, "status", register.STATUSES),
        region=one_of(request.args, "region", REGIONS),
        cluster=id_of(request.args, "cluster"),
        nomination=id_of(request.args, "nomination"),
        sort=sort_of(request.args, register.ORDERS, "number"),
        page=page_of(request.args),
    )
    clusters, counts = register.clusters_of(db.session, contest.id), register.status_counts(db.session, contest.id)
    to_decide = wanted.status in ("", ApplicationStatus.SUBMITTED) and counts.get(ApplicationStatus.SUBMITTED)
    page = register.register_page(db.session, contest.id, wanted)
    return render_template(
        "register/index.html",
        contest=contest,
        wanted=wanted,
        page=page,
        returned=pending_until(db.session, [row.id for row in page.rows]),
        counts=counts,
        bulk=bool(to_decide) and acts_in(contest).decide,
        statuses=register.STATUSES,
        nominations={row.id: localized(row, "title") for row in contest.nominations},
        clusters=[(cluster_id, name) for cluster_id, name, _ in clusters],
        regions=region_options(region for _, _, region in clusters),
    )


@blueprint.get("/staff/contests/<code>/applications/admission")
@requires(Permission.ADMIT_APPLICATION, scopes.contest_scope)
def admission(code: str) -> str:
    """What an admission of the ticked applications will do; nothing is done yet."""
    contest = contests.by_code(db.session, code)
    ids = [int(text) for text in request.args.getlist("id")[:PER_PAGE] if is_number(text)]
    return _preview(contest, list(register.chosen(db.session, contest.id, ids)))


@blueprint.post("/staff/contests/<code>/applications/admission")
@requires(Permission.ADMIT_APPLICATION, scopes.contest_scope)
@once
def admit_many(code: str) -> Any:
    """Admit all of them, or none."""
    contest, form = contests.by_code(db.session, code), BulkForm()
    versions = form.pairs()
    found = list(register.chosen(db.session, contest.id, versions))
    if not form.validate() or not found or len(found) != len(versions):
        return _preview(contest, found), 422
    try:
        number = admit_applications(db.session, [(item, versions[item.id]) for item in found], by=by_request())
    except Stale:
        db.session.rollback()
        contest = contests.by_code(db.session, code)
        return _preview(contest, list(register.chosen(db.session, contest.id, versions)), stale=True), 409
    db.session.commit()
    flash(ngettext("%(num)d application is admitted.", "%(num)d applications are admitted.", number), "success")
    return redirect(url_for("register.index", code=code, status="admitted"), code=303)


def _preview(contest: Contest, found: list[Application], stale: bool = False) -> str:
    """The applications that can be admitted, and those that cannot, with the one button that does it."""
    returned = pending_until(db.session, [item.id for item in found])
    ready = [item for item in found if item.status == ApplicationStatus.SUBMITTED and item.id not in returned]
    chosen = ",".join(f"{item.id}:{item.version}" for item in ready)
    return render_template(
        "register/admission.html",
        contest=contest,
        form=BulkForm(formdata=None, data={"chosen": chosen}),
        ready=ready,
        passed_over=[item for item in found if item not in ready],
        returned=returned,
        requested=sum(item.requested or 0 for item in ready),
        stale=stale,
        title=gettext("Admission of several applications"),
    )
