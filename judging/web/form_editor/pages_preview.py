"""The form through the eyes of an applicant: its real section pages, filled and checked, and nothing is stored.

What was typed in the other sections goes along in a hidden field, so that conditions and checks across sections work.
"""

import json
from typing import Any
from zoneinfo import ZoneInfo

from flask import abort, jsonify, render_template, request, url_for

from judging.domain.access import Permission
from judging.domain.forms.compiling import CompiledForm, CompiledSection
from judging.domain.forms.environment import Circumstances
from judging.domain.forms.findings import form_findings
from judging.domain.forms.form import MOST_ROWS, FieldKind
from judging.domain.forms.looking import look
from judging.domain.forms.notation import UNSTORED, answers_json, answers_read, text_hash
from judging.domain.nominations import nomination_of
from judging.extensions import db
from judging.models import Contest
from judging.queries import contests, scopes
from judging.queries.contests import nominations_of, rules_of
from judging.queries.forms import compiled_form_of
from judging.web.access import requires
from judging.web.clock import arrived
from judging.web.form_editor.blueprint import blueprint
from judging.web.phases import reads
from judging.web.questionnaire.building import SectionForm, section_form
from judging.web.questionnaire.pages import SectionPage, look_answer, section_page
from judging.web.questionnaire.reading import over_stored, reshaped
from judging.web.questionnaire.surroundings import Surroundings

KEPT, GO, NOMINATION = "kept", "go", "nomination"
"""Names of the page's own: the answers of all sections, the button that leads to another one, the choice of one."""
LONGEST_KEPT = 1 << 20
MEMBERS = {
    "7700000016": "ООО «Первый участник кластера»",
    "7700000023": "ООО «Второй участник кластера»",
    "7700000030": "ООО «Третий участник кластера»",
}
"""Organisations that a preview offers; there is no cluster yet."""


@blueprint.get("/staff/contests/<code>/form/preview/<section>")
@requires(Permission.SEE_CONTEST, scopes.contest_scope)
def preview_section(code: str, section: str) -> str:
    """A section with nothing in it."""
    sight = _Sight(contests.by_code(db.session, code), {})
    return sight.page(sight.form(section, formdata=None), checked=False)


@blueprint.post("/staff/contests/<code>/form/preview/<section>")
@requires(Permission.SEE_CONTEST, scopes.contest_scope)
@reads
def try_section(code: str, section: str) -> str:
    """What was typed, with what is found about it; or another section, which knows of it."""
    sight = _posted(code)
    form = sight.form(section)
    reshaped_only = reshaped(form, request.form)
    sight.answers = over_stored(form, sight.answers)
    if request.form.get(GO):
        return sight.page(sight.form(request.form[GO], formdata=None), checked=False)
    if not reshaped_only:
        form.validate()
    return sight.page(form, checked=not reshaped_only)


@blueprint.post("/staff/contests/<code>/form/preview/<section>/look")
@requires(Permission.SEE_CONTEST, scopes.contest_scope)
@reads
def look_at_preview(code: str, section: str) -> Any:
    """What a section shows, computes and finds with what is typed now."""
    sight = _posted(code)
    return jsonify(look_answer(sight.looked_at(sight.form(section))))


def _posted(code: str) -> "_Sight":
    """The form of a contest with what came along."""
    kept = _kept(request.form.get(KEPT, ""))
    return _Sight(contests.by_code(db.session, code), kept, request.form.get(NOMINATION, ""))


class _Sight:
    """The form of a contest with answers that are nowhere stored. ``kept``: those that came along, as JSON.

    Where the contest has nominations it is seen in one of them: in the first, unless another is chosen.
    """

    def __init__(self, contest: Contest, kept: dict[str, Any], chosen: str = "") -> None:
        self.contest, self.compiled = contest, compiled_form_of(contest)
        read = answers_read(tuple(self.compiled.form.fields()), kept)
        self.answers = {
            code: answer[:MOST_ROWS] if isinstance(answer, tuple) else answer for code, answer in read.items()
        }
        listed = nominations_of(contest)
        self.nomination = nomination_of(listed, chosen) or (listed[0] if listed else None)
        zone = ZoneInfo(contest.timezone)
        self.circumstances = Circumstances(
            arrived().astimezone(zone).date(),
            opens=contest.applications_open.astimezone(zone).date(),
            cap=self.nomination.cap if self.nomination else rules_of(contest).cap_per_application,
            nomination=self.nomination.code if self.nomination else None,
            cluster=frozenset(MEMBERS),
        )
        self.around = Surroundings(members=MEMBERS, cap=self.circumstances.cap)

    def part(self, code: str) -> CompiledSection:
        """The section of a code; what the form does not have is not found."""
        found = next((one for one in self.compiled.sections if one.section.code == code), None)
        return found if found is not None else abort(404)

    def form(self, section: str, **given: Any) -> SectionForm:
        """The form of a section over the answers."""
        return section_form(self.part(section))(self.answers, around=self.around, **given)

    def looked_at(self, form: SectionForm) -> SectionPage:
        """The section's page with what is typed in it."""
        answers = over_stored(form, self.answers)
        seen = look(self.compiled, answers, self.circumstances)
        found = form_findings(self.compiled, seen, form.part.section.code)
        return section_page(form, self.compiled.sections, seen, found, answers)

    def address(self, section: str) -> str:
        """Where another section is seen."""
        return url_for("form_editor.preview_section", code=self.contest.code, section=section)

    def page(self, form: SectionForm, *, checked: bool) -> str:
        """The page of the preview."""
        return render_template(
            "form_editor/preview_section.html",
            contest=self.contest,
            page=self.looked_at(form),
            sections=[one.section for one in self.compiled.sections],
            nominations=self.contest.nominations,
            chosen=self.nomination,
            checked=checked,
            section_address=self.address,
            kept=json.dumps(_as_json(self.compiled, self.answers), ensure_ascii=False),
        )


def _as_json(compiled: CompiledForm, answers: dict[str, Any]) -> dict[str, Any]:
    """The answers as they travel; a consent that is given says to which words."""
    told = dict(answers)
    for field in compiled.form.fields():
        if field.kind is FieldKind.CONSENT:
            told[field.code] = {"given": True, "text_sha256": text_hash(field)} if answers.get(field.code) else None
    return answers_json([field for field in compiled.form.fields() if field.kind not in UNSTORED], told)


def _kept(text: str) -> dict[str, Any]:
    """The answers that came along; nothing where they are none."""
    if len(text) > LONGEST_KEPT:
        return {}
    try:
        known = json.loads(text)
        json.dumps(known, ensure_ascii=False).encode()  # half of a surrogate pair can be on no page
    except (ValueError, RecursionError):
        return {}
    return known if isinstance(known, dict) else {}
