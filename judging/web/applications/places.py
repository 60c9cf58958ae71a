"""Where on which page a thing of an application is filled in, and whose a draft is."""

from typing import Any

from flask import abort, url_for

from judging.domain.access import Permission, Scope
from judging.domain.completeness import Finding, Section
from judging.models import Application
from judging.web.access import allowed
from judging.web.templating import translate


def section_url(application: Application, section: Section, anchor: str | None = None, **values: Any) -> str:
    """The address of a section, of a field in it where ``anchor`` is given."""
    if section is Section.CLUSTER:
        return url_for("applications.cluster", code=application.contest.code, _anchor=anchor)
    return url_for(f"applications.{section.value}", application_id=application.id, _anchor=anchor, **values)


def anchor_of(section: Section, name: str) -> str:
    """The id on the section's page of what a finding names."""
    if section is Section.INDICATORS:
        return f"value-{name}"
    return f"slot-{name}-file" if section is Section.DOCUMENTS else name


def finding_line(application: Application, finding: Finding, **values: Any) -> dict[str, str]:
    """A finding as a line with its link, as the error summary wants it."""
    anchor = anchor_of(finding.section, finding.name)
    if finding.section is Section.CLUSTER:
        values = {}
    return {
        "text": translate(finding.message, **finding.params),
        "href": section_url(application, finding.section, anchor, **values),
    }


def keep_to_team(scope: Scope) -> None:
    """Answer 404 unless the actor is of the team: nobody else knows of what was never submitted, in any role."""
    if not allowed(Permission.EDIT_APPLICATION, scope):
        abort(404)
