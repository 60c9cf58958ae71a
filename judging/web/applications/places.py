"""Addresses of the sections and fields of an application that findings link to."""

from flask import url_for

from judging.domain.completeness import PRIVATE_SHARE, Finding, Section
from judging.models import Application
from judging.web.templating import translate


def section_url(application: Application, section: Section) -> str:
    """The address of a section."""
    if section is Section.CLUSTER:
        return url_for("applications.cluster", code=application.contest.code)
    return url_for(f"applications.{section.value}", application_id=application.id)


def field_url(application: Application, section: Section, name: str, *, back: bool) -> str:
    """The address of what a finding names; ``back``: saving it leads back to the page of checks."""
    if (section, name) == (Section.INDICATORS, PRIVATE_SHARE):
        section, name = Section.FINANCE, "own_funds"
    query = "?from=check" if back and section is not Section.CLUSTER else ""
    return f"{section_url(application, section)}{query}#{anchor_of(section, name)}"


def anchor_of(section: Section, name: str) -> str:
    """The id on the section's page of what a finding names."""
    if section is Section.INDICATORS:
        return f"value-{name}"
    return f"slot-{name}-file" if section is Section.DOCUMENTS else name


def finding_line(application: Application, finding: Finding, *, back: bool = False) -> dict[str, str]:
    """A finding as a line with its link, as the error summary wants it."""
    return {
        "text": translate(finding.message, **finding.params),
        "href": field_url(application, finding.section, finding.name, back=back),
    }
