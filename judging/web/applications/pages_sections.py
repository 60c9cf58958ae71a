"""The sections of an application, each on a page of its own."""

from typing import Any

from judging.domain.access import Permission
from judging.domain.completeness import Section
from judging.queries import scopes
from judging.web.access import requires
from judging.web.applications.blueprint import blueprint
from judging.web.applications.saving import save_section, show_section
from judging.web.once import once


@blueprint.get("/applications/<int:application_id>/nomination")
@requires(Permission.EDIT_APPLICATION, scopes.application_scope)
def nomination(application_id: int) -> Any:
    """In which part of the contest the project takes part; a contest without nominations does not ask."""
    return show_section(application_id, Section.NOMINATION)


@blueprint.post("/applications/<int:application_id>/nomination")
@requires(Permission.EDIT_APPLICATION, scopes.application_scope)
@once
def save_nomination(application_id: int) -> Any:
    """Save the choice."""
    return save_section(application_id, Section.NOMINATION)


@blueprint.get("/applications/<int:application_id>/passport")
@requires(Permission.EDIT_APPLICATION, scopes.application_scope)
def passport(application_id: int) -> Any:
    """What the project is."""
    return show_section(application_id, Section.PASSPORT)


@blueprint.post("/applications/<int:application_id>/passport")
@requires(Permission.EDIT_APPLICATION, scopes.application_scope)
@once
def save_passport(application_id: int) -> Any:
    """Save the passport at any completeness."""
    return save_section(application_id, Section.PASSPORT)


@blueprint.get("/applications/<int:application_id>/participants")
@requires(Permission.EDIT_APPLICATION, scopes.application_scope)
def participants(application_id: int) -> Any:
    """Who carries the project out."""
    return show_section(application_id, Section.PARTICIPANTS)


@blueprint.post("/applications/<int:application_id>/participants")
@requires(Permission.EDIT_APPLICATION, scopes.application_scope)
@once
def save_participants(application_id: int) -> Any:
    """Save the participants at any completeness."""
    return save_section(application_id, Section.PARTICIPANTS)


@blueprint.get("/applications/<int:application_id>/finance")
@requires(Permission.EDIT_APPLICATION, scopes.application_scope)
def finance(application_id: int) -> Any:
    """What the project costs and who pays."""
    return show_section(application_id, Section.FINANCE)


@blueprint.post("/applications/<int:application_id>/finance")
@requires(Permission.EDIT_APPLICATION, scopes.application_scope)
@once
def save_finance(application_id: int) -> Any:
    """Save the finance at any completeness."""
    return save_section(application_id, Section.FINANCE)


@blueprint.get("/applications/<int:application_id>/indicators")
@requires(Permission.EDIT_APPLICATION, scopes.application_scope)
def indicators(application_id: int) -> Any:
    """What the computed criteria are computed from."""
    return show_section(application_id, Section.INDICATORS)


@blueprint.post("/applications/<int:application_id>/indicators")
@requires(Permission.EDIT_APPLICATION, scopes.application_scope)
@once
def save_indicators(application_id: int) -> Any:
    """Save the indicators at any completeness."""
    return save_section(application_id, Section.INDICATORS)


@blueprint.get("/applications/<int:application_id>/consents")
@requires(Permission.EDIT_APPLICATION, scopes.application_scope)
def consents(application_id: int) -> Any:
    """What the applicant assures."""
    return show_section(application_id, Section.CONSENTS)


@blueprint.post("/applications/<int:application_id>/consents")
@requires(Permission.EDIT_APPLICATION, scopes.application_scope)
@once
def save_consents(application_id: int) -> Any:
    """Save the consents at any completeness."""
    return save_section(application_id, Section.CONSENTS)
