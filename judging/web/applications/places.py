"""Addresses of the sections and fields of an application that findings link to."""

from typing import Any

from flask import url_for

from judging.domain.certification import PLACE as CERTIFICATION
from judging.domain.forms.compiling import CompiledForm
from judging.domain.forms.environment import CLUSTER, NOMINATION
from judging.domain.forms.findings import FormFinding
from judging.models import Application
from judging.web.applications.blueprint import KEPT_SECTIONS
from judging.web.questionnaire.finding_words import Place, listed_text, place_of
from judging.web.questionnaire.pages import plain_anchor
from judging.web.templating import translate


def section_url(application: Application, code: str, *, back: bool = False) -> str:
    """The address of a section; ``back``: saving it leads back to the page of checks."""
    if code == CLUSTER:
        came = application.id if back else None
        return url_for("applications.cluster", code=application.contest.code, back=came)
    if code == CERTIFICATION:
        return url_for("applications.certification", application_id=application.id)
    query: dict[str, Any] = {"from": "check"} if back else {}
    if code == NOMINATION:
        return url_for("applications.nomination", application_id=application.id, **query)
    endpoint = "kept_section" if code in KEPT_SECTIONS else "section"
    return url_for(f"applications.{endpoint}", application_id=application.id, section=code, **query)


def field_url(application: Application, compiled: CompiledForm, section: str, place: Place, *, back: bool) -> str:
    """The address of what a finding names; ``back``: saving it leads back to the page of checks."""
    part = next((one for one in compiled.sections if one.section.code == section), None)
    anchor = plain_anchor(part, place) if part else place.code
    return f"{section_url(application, section, back=back)}#{anchor}"


def finding_line(
    application: Application, compiled: CompiledForm, finding: FormFinding, *, back: bool = False
) -> dict[str, str]:
    """A finding as a line with its link, as the error summary wants it."""
    href = field_url(application, compiled, finding.section, place_of(finding.path), back=back)
    return {"text": listed_text(finding, compiled.form.fields()), "href": href}


def built_in_line(application: Application, finding: FormFinding) -> dict[str, str]:
    """What is found about a section that is built in, likewise."""
    href = f"{section_url(application, finding.section, back=True)}#{finding.path}"
    return {"text": translate(finding.message, **finding.params), "href": href}
