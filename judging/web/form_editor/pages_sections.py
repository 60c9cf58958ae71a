"""A section: its words."""

from functools import partial
from typing import Any

from flask import abort, render_template, url_for
from flask_babel import gettext

from judging.domain.access import Permission
from judging.domain.forms.changes import Part
from judging.domain.forms.form import ApplicationForm, Section
from judging.domain.forms.pieces import Piece, PieceKind, added, place_of, replaced
from judging.extensions import db
from judging.models import Contest
from judging.queries import contests, scopes
from judging.queries.forms import form_of
from judging.web.access import requires
from judging.web.form_editor.blueprint import blueprint
from judging.web.form_editor.editable import editable_now, require_editable
from judging.web.form_editor.faults import error_lines
from judging.web.form_editor.locked_settings import lock_settings
from judging.web.form_editor.nomination_boxes import offered_by
from judging.web.form_editor.part_forms import SectionForm
from judging.web.form_editor.places import anchor
from judging.web.form_editor.saving import Edit, carry_out
from judging.web.once import once
from judging.web.phases import prepares


@blueprint.get("/staff/contests/<code>/form/sections/new")
@requires(Permission.EDIT_CONTEST, scopes.contest_scope)
def new_section(code: str) -> str:
    """An empty section."""
    contest = contests.by_code(db.session, code)
    require_editable(contest)
    return _page(contest, _empty(contest), None)


@blueprint.post("/staff/contests/<code>/form/sections/new")
@requires(Permission.EDIT_CONTEST, scopes.contest_scope)
@once
@prepares
def add_section(code: str) -> Any:
    """Add a section at the end."""
    contest, form = _posted(code)
    whole = form_of(contest)

    def make() -> ApplicationForm:
        section = form.section(None, [one.code for one in whole.sections])
        return added(whole, Piece(PieceKind.SECTION, section.code), section)

    edit = Edit(
        form,
        show=partial(_page, contest, form, None),
        make=make,
        base=lambda after: f"sections[{len(after.sections) - 1}]",
        stored=partial(_empty, contest),
        again=url_for("form_editor.new_section", code=code),
    )
    return carry_out(
        contest, edit, gettext("The section is added."),
        lambda after: url_for("form_editor.index", code=code, _anchor=f"section-{after.sections[-1].code}"),
    )  # fmt: skip


@blueprint.get("/staff/contests/<code>/form/sections/<section>")
@requires(Permission.EDIT_CONTEST, scopes.contest_scope)
def edit_section(code: str, section: str) -> str:
    """The words of a section; grey with the reason what cannot change any more."""
    contest = contests.by_code(db.session, code)
    stored = _section(contest, section)
    return _page(contest, _stored(contest, stored), stored)


@blueprint.post("/staff/contests/<code>/form/sections/<section>")
@requires(Permission.EDIT_CONTEST, scopes.contest_scope)
@once
@prepares
def save_section(code: str, section: str) -> Any:
    """Keep the words of a section."""
    contest, form = _posted(code)
    whole, stored = form_of(contest), _section(contest, section)
    piece = Piece(PieceKind.SECTION, section)
    edit = Edit(
        form,
        show=partial(_page, contest, form, stored),
        make=lambda: replaced(whole, piece, form.section(stored, [])),
        base=lambda after: f"sections[{place_of(after, piece)}]",
        stored=partial(_stored, contest, stored),
        again=url_for("form_editor.edit_section", code=code, section=section),
    )
    to = url_for("form_editor.index", code=code, _anchor=anchor(piece))
    return carry_out(contest, edit, gettext("The section is saved."), to)


def _posted(code: str) -> tuple[Contest, SectionForm]:
    contest = contests.by_code(db.session, code)
    return contest, SectionForm(offered_by(contest))


def _section(contest: Contest, code: str) -> Section:
    found = next((one for one in form_of(contest).sections if one.code == code), None)
    return found if found is not None else abort(404)


def _empty(contest: Contest) -> SectionForm:
    return SectionForm(offered_by(contest), formdata=None, data={"version": contest.version})


def _stored(contest: Contest, section: Section) -> SectionForm:
    data = SectionForm.data_of(section) | {"version": contest.version}
    return SectionForm(offered_by(contest), formdata=None, data=data)


def _page(contest: Contest, form: SectionForm, section: Section | None) -> str:
    lock = lock_settings(contest, form, Part.SECTION) if section else None
    return render_template(
        "form_editor/edit_section.html",
        contest=contest,
        form=form,
        section=section,
        lines=error_lines(form),
        lock=lock,
        editable=editable_now(contest),
    )
