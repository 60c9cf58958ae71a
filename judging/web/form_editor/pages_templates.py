"""Templates of documents: given, replaced and taken away by the secretary, downloaded by whoever sees the contest."""

from dataclasses import dataclass
from typing import Any, BinaryIO, cast

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from judging.adapters.filetypes import WrongFile, recognise
from judging.adapters.filetypes.recognising import TYPES
from judging.domain.access import Permission
from judging.domain.errors import N_
from judging.domain.forms.form import FieldKind
from judging.domain.gates import Act, closed, require
from judging.extensions import db
from judging.queries import contests, scopes
from judging.queries.document_templates import template_file, templates_of
from judging.queries.forms import form_of
from judging.services.applications.documents import clean_name
from judging.services.forms.document_templates import (
    LARGEST_TEMPLATE,
    NewTemplate,
    put_template,
    remove_template,
    require_place,
)
from judging.web.access import by_request, requires
from judging.web.downloads import file_answer
from judging.web.form_editor.blueprint import blueprint
from judging.web.incoming_files import beforehand, release
from judging.web.once import once
from judging.web.templating import translate

TOO_LARGE = N_("The file “%(name)s” is too large: no more than %(limit)s MB is taken.")


@dataclass(frozen=True)
class Incoming:
    """A template that came: whole, or why it is not taken."""

    new: NewTemplate | None
    refused: str = ""


@blueprint.get("/contests/<code>/templates/<slot>")
@requires(Permission.SEE_PUBLIC, scopes.contest_scope)
def template(code: str, slot: str) -> Response:
    """A template as a file."""
    row = template_file(db.session, contests.by_code(db.session, code).id, slot)
    return file_answer(row.content, row.media_type, row.filename)


@blueprint.get("/staff/contests/<code>/form/templates")
@requires(Permission.EDIT_CONTEST, scopes.contest_scope)
def templates(code: str) -> str:
    """Every document of the form with its template."""
    return _page(code)


def look_through(code: str, slot: str) -> Incoming:
    """Check the file of the request, before and outside the transaction."""
    contest = contests.by_code(db.session, code)
    require(Act.CHANGE_PUBLIC_PAGE, contest.status)
    require_place(contest, slot)
    release()
    file = request.files.get("file")
    name = clean_name(file.filename or "") if file is not None else ""
    if file is None or not name:
        return Incoming(None, gettext("Choose a file."))
    with cast(BinaryIO, file.stream) as stream:
        return _looked_through(stream, name)


def _looked_through(stream: BinaryIO, name: str) -> Incoming:
    if stream.seek(0, 2) > LARGEST_TEMPLATE:
        return Incoming(None, translate(TOO_LARGE, name=name, limit=LARGEST_TEMPLATE >> 20))
    try:
        kind = recognise(stream, name, TYPES)
    except WrongFile as fault:
        return Incoming(None, translate(fault.message, **fault.params))
    stream.seek(0)
    return Incoming(NewTemplate(name, kind.media_type, stream.read()))


@blueprint.post("/staff/contests/<code>/form/templates/<slot>")
@requires(Permission.EDIT_CONTEST, scopes.contest_scope)
@beforehand(look_through)
@once
def give_template(code: str, slot: str, beforehand: Incoming) -> Any:
    """Give a document a template, or say why the file is not taken."""
    if beforehand.new is None:
        return _page(code, {slot: beforehand.refused}), 422
    put_template(db.session, contests.by_code(db.session, code).id, slot, beforehand.new, by=by_request())
    db.session.commit()
    flash(gettext("The template “%(name)s” is given to the teams.", name=beforehand.new.name), "success")
    return redirect(url_for("form_editor.templates", code=code), code=303)


@blueprint.post("/staff/contests/<code>/form/templates/<slot>/removal")
@requires(Permission.EDIT_CONTEST, scopes.contest_scope)
@once
def take_template(code: str, slot: str) -> Response:
    """Take a template away."""
    removed = remove_template(db.session, contests.by_code(db.session, code).id, slot, by=by_request())
    db.session.commit()
    if removed:
        flash(gettext("The template is removed."), "success")
    return redirect(url_for("form_editor.templates", code=code), code=303)


def _page(code: str, refused: dict[str, str] | None = None) -> str:
    contest = contests.by_code(db.session, code)
    fields = [field for field in form_of(contest).fields() if field.kind is FieldKind.FILE]
    refusal = closed(Act.CHANGE_PUBLIC_PAGE, contest.status)
    return render_template(
        "form_editor/templates.html",
        contest=contest,
        fields=fields,
        given=templates_of(db.session, contest.id),
        refused=refused or {},
        lock=translate(refusal.message) if refusal else "",
        types=", ".join(one.upper() for one in TYPES),
        accept=",".join(f".{one}" for one in TYPES),
        largest=LARGEST_TEMPLATE,
    )
