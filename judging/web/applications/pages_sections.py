"""The sections of an application, each on a page of its own, as the form of the contest asks them."""

from typing import Any

from flask import g, jsonify, redirect, url_for

from judging.domain.access import Permission
from judging.extensions import db
from judging.queries import applications, scopes
from judging.web.access import requires
from judging.web.applications.at_hand import AtHand, at_hand, returned_of
from judging.web.applications.blueprint import blueprint
from judging.web.applications.section_autosave import autosave
from judging.web.applications.sections import looked_at, render_section, save, stored_form, typed_form
from judging.web.applications.typed_words import typed_words
from judging.web.clock import arrived
from judging.web.field_labels import words_of
from judging.web.offers import acts_on_application
from judging.web.once import once
from judging.web.phases import reads
from judging.web.questionnaire.pages import look_answer


@blueprint.get("/applications/<int:application_id>/sections/<section>")
@requires(Permission.EDIT_APPLICATION, scopes.application_scope)
def section(application_id: int, section: str) -> Any:
    """A section with what is stored; an application that it may not be changed of is led to its own page."""
    return _shown(application_id, section)


@blueprint.get("/applications/<int:application_id>/<kept_section:section>")
@requires(Permission.EDIT_APPLICATION, scopes.application_scope)
def kept_section(application_id: int, section: str) -> Any:
    """The same under an address that was given out before."""
    return _shown(application_id, section)


@blueprint.post("/applications/<int:application_id>/sections/<section>")
@requires(Permission.EDIT_APPLICATION, scopes.application_scope)
@once
@words_of(typed_words)
def save_section(application_id: int, section: str) -> Any:
    """Save a section at any completeness."""
    return save(_hand(application_id), section)


@blueprint.post("/applications/<int:application_id>/<kept_section:section>")
@requires(Permission.EDIT_APPLICATION, scopes.application_scope)
@once
@words_of(typed_words)
def save_kept_section(application_id: int, section: str) -> Any:
    """Save a section at any completeness."""
    return save(_hand(application_id), section)


@blueprint.post("/applications/<int:application_id>/sections/<section>/autosave")
@requires(Permission.EDIT_APPLICATION, scopes.application_scope)
@once
def autosave_section(application_id: int, section: str) -> Any:
    """Keep what is typed while it is typed; sent again as it was, it changes nothing."""
    return jsonify(autosave(_hand(application_id), section))


@blueprint.post("/applications/<int:application_id>/sections/<section>/look")
@requires(Permission.EDIT_APPLICATION, scopes.application_scope)
@reads
def look_at_section(application_id: int, section: str) -> Any:
    """Say what a section shows, computes and finds with what is typed now; nothing is stored."""
    hand = _hand(application_id)
    return jsonify(look_answer(looked_at(hand, typed_form(hand, hand.part(section)))))


def _hand(application_id: int) -> AtHand:
    return at_hand(applications.by_id(db.session, application_id), arrived())


def _shown(application_id: int, section: str) -> Any:
    hand = _hand(application_id)
    acts, returned = acts_on_application(hand.application, g.scope), returned_of(hand.application)
    if not acts.edit and not (acts.correct and returned and section in returned.sections):
        return redirect(url_for("applications.show", application_id=application_id))
    return render_section(hand, stored_form(hand, hand.part(section)))
