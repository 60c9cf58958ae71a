"""The whole form on one page: sections with their fields, checks, points; parts are moved and taken out here."""

from typing import Any

from flask import flash, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from judging.domain.access import Permission
from judging.domain.access import Scope as AccessScope
from judging.domain.errors import Refused, RuleViolation
from judging.domain.forms.form import ApplicationForm
from judging.domain.forms.kinds import KINDS
from judging.domain.forms.pieces import (
    NoPiece,
    Piece,
    PieceKind,
    find,
    moved,
    piece_of,
    place_of,
    removed,
    siblings,
    title_of,
)
from judging.domain.forms.readers import compile_given
from judging.domain.lifecycle import ContestStatus
from judging.extensions import db
from judging.models import Contest
from judging.queries import contests, scopes
from judging.queries.forms import form_in_force, nomination_codes
from judging.services.concurrency import check_version
from judging.web.access import allowed, requires
from judging.web.form_editor.blueprint import blueprint
from judging.web.form_editor.editable import editable_now
from judging.web.form_editor.facts import check_lines, point_lines, section_lines
from judging.web.form_editor.faults import fault_text
from judging.web.form_editor.part_forms import MoveForm
from judging.web.form_editor.places import anchor, list_of
from judging.web.form_editor.saving import BACK, store
from judging.web.form_editor.scope import scope_of
from judging.web.form_editor.sentence_forms import NAMES
from judging.web.once import once
from judging.web.phases import prepares
from judging.web.templating import translate

LONGEST_PLACE = 4


@blueprint.get("/staff/contests/<code>/form")
@requires(Permission.SEE_CONTEST, scopes.contest_scope)
def index(code: str) -> str:
    """The form of the contest, part by part."""
    return _page(contests.by_code(db.session, code))


@blueprint.post("/staff/contests/<code>/form/position")
@requires(Permission.EDIT_CONTEST, scopes.contest_scope)
@once
@prepares
def move(code: str) -> Any:
    """Move a part up, down, to a place, or a field to another section."""
    contest, form = contests.by_code(db.session, code), MoveForm()
    before = form_in_force(contest).form
    piece = _piece(form.up.data or form.down.data or form.piece.data or "")
    if piece is None:
        return _gone(contest)
    if BACK in request.form:
        return redirect(list_of(code, piece, anchor(piece)), code=303)
    check_version(contest, form.stated_version)
    try:
        place = _wanted(before, piece, form)
        if place is None:
            return _refused(contest, piece, gettext("Enter the number of a place"))
        after = moved(before, piece, place, form.section.data or "")
        compiled = compile_given(after, nomination_codes(contest))
    except NoPiece:
        return _gone(contest)
    except Refused as refused:
        return _refused(contest, piece, *map(fault_text, refused.faults))
    except RuleViolation as refusal:
        return _refused(contest, piece, translate(refusal.message, **refusal.params))
    words, to = place_words(after, piece), list_of(code, piece, _focus(after, piece, form))
    return store(contest, compiled, form.stated_version, words, to)


@blueprint.post("/staff/contests/<code>/form/removal")
@requires(Permission.EDIT_CONTEST, scopes.contest_scope)
@once
@prepares
def remove(code: str) -> Any:
    """Take a part out of the form."""
    contest, form = contests.by_code(db.session, code), MoveForm()
    before = form_in_force(contest).form
    piece = _piece(form.piece.data or "")
    if piece is None:
        return _gone(contest)
    if BACK in request.form:
        return redirect(list_of(code, piece, anchor(piece)), code=303)
    check_version(contest, form.stated_version)
    try:
        title = title_of(find(before, piece))
        compiled = compile_given(removed(before, piece), nomination_codes(contest))
    except NoPiece:
        return _gone(contest)
    except Refused as refused:
        return _refused(contest, piece, *map(fault_text, refused.faults))
    except RuleViolation as refusal:
        return _refused(contest, piece, translate(refusal.message, **refusal.params))
    return store(
        contest, compiled, form.stated_version, gettext("“%(title)s” is removed.", title=title), list_of(code, piece)
    )


def place_words(form: ApplicationForm, piece: Piece) -> str:
    """«Наименование»: 3-е из 12."""
    number, of = place_of(form, piece) + 1, len(siblings(form, piece))
    return gettext(
        "“%(title)s” is now number %(number)s of %(of)s.", title=title_of(find(form, piece)), number=number, of=of
    )


def _piece(text: str) -> Piece | None:
    """The part that a form names; None where it names none."""
    try:
        return piece_of(text)
    except NoPiece:
        return None


def _wanted(form: ApplicationForm, piece: Piece, move: MoveForm) -> int | None:
    """The place that was asked for, from 0; None where what was typed is no number."""
    here = place_of(form, piece)
    if move.up.data or move.down.data:
        return here - 1 if move.up.data else here + 1
    text = (move.place.data or "").strip()
    if not text and move.section.data:
        return len(tuple(form.fields()))
    known = text.isascii() and text.isdecimal() and len(text) <= LONGEST_PLACE
    return int(text) - 1 if known else None


def _focus(form: ApplicationForm, piece: Piece, move: MoveForm) -> str:
    """The button that was pressed, or the part itself where that button is not there any more."""
    place, last = place_of(form, piece), len(siblings(form, piece)) - 1
    if move.up.data and place > 0:
        return f"{anchor(piece)}-up"
    if move.down.data and place < last:
        return f"{anchor(piece)}-down"
    return anchor(piece)


def _gone(contest: Contest) -> tuple[str, int]:
    return _page(contest, [{"text": gettext("The form has no such part any more")}]), 422


def _refused(contest: Contest, piece: Piece, *faults: str) -> Response | tuple[str, int]:
    """What stands in the way, above the list."""
    if piece.table:
        for fault in faults:
            flash(fault, "danger")
        return redirect(list_of(contest.code, piece, anchor(piece)), code=303)
    lines = [{"text": fault, "href": f"#{anchor(piece)}"} for fault in faults]
    return _page(contest, lines), 422


def _page(contest: Contest, faults: list[dict[str, str]] | None = None) -> str:
    known = form_in_force(contest)
    scope = scope_of(known.compiled)
    mine = allowed(Permission.EDIT_CONTEST, AccessScope(contest_id=contest.id))
    return render_template(
        "form_editor/index.html",
        contest=contest,
        status=ContestStatus(contest.status),
        editable=mine and editable_now(contest),
        known=known,
        sections=section_lines(known.compiled),
        checks=check_lines(known.form.checks, scope),
        points=point_lines(known.form, scope),
        kinds=[(kind.value, translate(terms.label)) for kind, terms in KINDS.items()],
        sentences=NAMES,
        faults=faults or [],
        kind_of=PieceKind,
    )
