"""Who works on an application: the roles at it, and who is to fill in which section."""

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from judging.domain.access import Permission
from judging.domain.errors import N_, RuleViolation
from judging.domain.forms.cluster import CLUSTER_LABEL
from judging.domain.forms.environment import CLUSTER
from judging.domain.teams import ApplicationRole, TeamRole
from judging.extensions import db
from judging.queries import applications, scopes
from judging.queries.section_works import Work, mates_of, works_of
from judging.services.applications.application_roles import give_role
from judging.services.applications.section_work import assign_section as give_section
from judging.services.applications.section_work import mark_section as put_mark
from judging.web.access import allowed, by_request, requires
from judging.web.applications.at_hand import AtHand, at_hand
from judging.web.applications.blueprint import blueprint
from judging.web.applications.places import section_url
from judging.web.applications.work import done_words
from judging.web.clock import arrived
from judging.web.offers import acts_on_application
from judging.web.once import once
from judging.web.questionnaire.phrases import shown
from judging.web.request_bounds import as_id
from judging.web.templating import translate

PATH = "/applications/<int:application_id>"


@blueprint.get(PATH + "/people")
@requires(Permission.SEE_OWN_APPLICATION, scopes.application_scope)
def people(application_id: int) -> str:
    """Everybody of the team with their role, and the sections with who is to fill them in."""
    application = applications.by_id(db.session, application_id)
    acts, mates = acts_on_application(application, g.scope), mates_of(db.session, application)
    return render_template(
        "applications/people.html",
        application=application,
        mates=mates,
        writers=[one for one in mates if one.writes and one.active],
        leads=allowed(Permission.GIVE_APPLICATION_ROLES, g.scope),
        is_open=acts.edit or acts.correct,
        roles=ApplicationRole,
        team_roles=TeamRole,
        sections=_sections(at_hand(application, arrived())),
    )


def _sections(hand: AtHand) -> list[dict[str, Any]]:
    works = works_of(db.session, hand.application, hand.compiled.form)
    titles = {CLUSTER: translate(CLUSTER_LABEL)} | {
        one.section.code: shown(one.section, "title")
        for one in hand.compiled.sections
        if one.section.code in hand.seen.sections
    }
    return [
        {
            "code": code,
            "title": title,
            "href": section_url(hand.application, code),
            "work": (work := works.get(code, Work())),
            "done": done_words(work) if work.done_at else "",
        }
        for code, title in titles.items()
    ]


@blueprint.post(PATH + "/people/<int:user_id>")
@requires(Permission.GIVE_APPLICATION_ROLES, scopes.application_scope)
@once
def give_application_role(application_id: int, user_id: int) -> Response:
    """Give somebody of the team another role at this application."""
    role = request.form.get("role", "")
    if role not in set(ApplicationRole):
        raise RuleViolation(N_("Choose a role."))
    give_role(db.session, application_id, user_id, ApplicationRole(role), by=by_request())
    db.session.commit()
    flash(gettext("The role is given."), "success")
    return redirect(url_for("applications.people", application_id=application_id), code=303)


@blueprint.post(PATH + "/sections/<section>/assignee")
@requires(Permission.EDIT_APPLICATION, scopes.application_scope)
@once
def assign_section(application_id: int, section: str) -> Response:
    """Say who is to fill in a section."""
    person = request.form.get("person", type=as_id) or None
    give_section(db.session, application_id, section, person, by=by_request())
    db.session.commit()
    flash(gettext("It is noted who is responsible for the section."), "success")
    return _back(application_id, section)


@blueprint.post(PATH + "/sections/<section>/mark")
@requires(Permission.EDIT_APPLICATION, scopes.application_scope)
@once
def mark_section(application_id: int, section: str) -> Response:
    """Mark a section as done, or take the mark back."""
    done = bool(request.form.get("done"))
    put_mark(db.session, application_id, section, done=done, by=by_request())
    db.session.commit()
    flash(gettext("The section is marked as done.") if done else gettext("The mark is taken back."), "success")
    return _back(application_id, section)


def _back(application_id: int, section: str) -> Response:
    """Back to the page that the form stood on."""
    if request.form.get("from") == "people":
        return redirect(url_for("applications.people", application_id=application_id, _anchor="sections"), code=303)
    return redirect(section_url(applications.by_id(db.session, application_id), section), code=303)
