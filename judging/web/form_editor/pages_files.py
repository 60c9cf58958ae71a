"""A whole form as a file: downloaded, and put in the place of the stored one after its difference was looked at."""

import json
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from judging.adapters.forms import form_object, read_form
from judging.adapters.forms.reading import LARGEST
from judging.domain.access import Permission
from judging.domain.errors import Fault, Refused
from judging.domain.forms.changes import changes_between, kind_of
from judging.domain.forms.compiling import CompiledForm
from judging.domain.forms.readers import compile_given
from judging.extensions import db
from judging.models import Contest
from judging.queries import contests, scopes
from judging.queries.forms import compiled_form_of, form_of, nomination_codes
from judging.services.concurrency import check_version
from judging.web.access import requires
from judging.web.contests.forms import StoredForm
from judging.web.downloads import file_answer
from judging.web.form_editor.blueprint import blueprint
from judging.web.form_editor.change_words import KIND_WORDS, change_lines
from judging.web.form_editor.editable import require_editable
from judging.web.form_editor.faults import fault_text
from judging.web.form_editor.part_forms import FormFileForm
from judging.web.form_editor.saving import BACK, store
from judging.web.once import once
from judging.web.phases import prepares, reads
from judging.web.request_bounds import require_carried
from judging.web.templating import translate

DOCUMENT = "document"
MOST_TOLD = 200
"""Faults that a page lists."""


@blueprint.get("/staff/contests/<code>/form/file")
@requires(Permission.SEE_CONTEST, scopes.contest_scope)
def download(code: str) -> Response:
    """The form as a file, which the page of import and the command line read."""
    contest = contests.by_code(db.session, code)
    body = json.dumps(form_object(form_of(contest)), ensure_ascii=False, indent=1).encode() + b"\n"
    return file_answer(body, "application/json", f"form-{contest.code}.json")


@blueprint.get("/staff/contests/<code>/form/import")
@requires(Permission.EDIT_CONTEST, scopes.contest_scope)
def choose_file(code: str) -> str:
    """The form for a file."""
    contest = contests.by_code(db.session, code)
    require_editable(contest)
    return _page(contest, FormFileForm(formdata=None, data={"version": contest.version}))


@blueprint.post("/staff/contests/<code>/form/import")
@requires(Permission.EDIT_CONTEST, scopes.contest_scope)
@reads
def look_at_file(code: str) -> Any:
    """Every fault of the file, or the difference to the stored form; nothing is stored."""
    contest, form = contests.by_code(db.session, code), FormFileForm()
    require_editable(contest)
    if not form.validate():
        return _page(contest, form), 422
    with form.file.data.stream as file:
        data = file.read(LARGEST + 1)
    try:
        compiled = compile_given(read_form(data), nomination_codes(contest))
        document = json.dumps(form_object(compiled.form), ensure_ascii=False)
        require_carried(document)
    except Refused as refused:
        return _page(contest, form, refused.faults), 422
    before = compiled_form_of(contest)
    changes = changes_between(before.form, compiled.form)
    kind = kind_of(changes)
    return render_template(
        "form_editor/_replacement.html",
        contest=contest,
        form=StoredForm(formdata=None, data={"version": contest.version}),
        lines=change_lines(changes, before, compiled),
        kind=translate(KIND_WORDS[kind]) if kind else "",
        document=document,
        same=form_object(before.form) == form_object(compiled.form),
    )


@blueprint.post("/staff/contests/<code>/form/replacement")
@requires(Permission.EDIT_CONTEST, scopes.contest_scope)
@once
@prepares
def replace_form(code: str) -> Any:
    """Put the form that was looked at in the place of the stored one."""
    contest, form = contests.by_code(db.session, code), StoredForm()
    require_editable(contest)
    if BACK in request.form:
        return redirect(url_for("form_editor.choose_file", code=code), code=303)
    check_version(contest, form.stated_version)
    again = FormFileForm(formdata=None, data={"version": contest.version})
    try:
        read = read_form(request.form.get(DOCUMENT, "").encode())
        compiled: CompiledForm = compile_given(read, nomination_codes(contest))
    except Refused as refused:
        return _page(contest, again, refused.faults), 422
    to = url_for("form_editor.index", code=code)
    return store(contest, compiled, form.stated_version, gettext("The form is replaced."), to)


def _page(contest: Contest, form: FormFileForm, faults: tuple[Fault, ...] = ()) -> str:
    return render_template(
        "form_editor/choose_file.html",
        contest=contest,
        form=form,
        faults=[(fault.path, fault_text(fault)) for fault in faults[:MOST_TOLD]],
        more=max(0, len(faults) - MOST_TOLD),
        largest=LARGEST,
    )
