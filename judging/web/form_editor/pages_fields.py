"""Fields of every kind, and columns of tables: one page for all of them, with the controls of its kind."""

from functools import partial
from typing import Any

from flask import abort, render_template, url_for
from flask_babel import gettext

from judging.domain.access import Permission
from judging.domain.forms.changes import Part
from judging.domain.forms.form import ApplicationForm, Field, FieldKind, Section
from judging.domain.forms.kinds import KINDS
from judging.domain.forms.pieces import Piece, PieceKind, added, place_of, replaced
from judging.extensions import db
from judging.models import Contest
from judging.queries import contests, scopes
from judging.queries.forms import compiled_form_of
from judging.web.access import requires
from judging.web.form_editor.blueprint import blueprint
from judging.web.form_editor.editable import editable_now, require_editable
from judging.web.form_editor.facts import check_lines, field_line
from judging.web.form_editor.faults import error_lines
from judging.web.form_editor.field_form import FieldForm, Scopes
from judging.web.form_editor.field_forms import FORMS
from judging.web.form_editor.locked_settings import lock_settings
from judging.web.form_editor.nomination_boxes import offered_by
from judging.web.form_editor.places import anchor
from judging.web.form_editor.saving import Edit, carry_out
from judging.web.form_editor.scope import scope_of
from judging.web.form_editor.sentence_forms import NAMES, OF_ROWS
from judging.web.once import once
from judging.web.phases import prepares
from judging.web.templating import translate

NO_FIELD = "\x00"
"""No field has this code: everything stands above it."""


@blueprint.get("/staff/contests/<code>/form/sections/<section>/fields/new/<field_kind>")
@requires(Permission.EDIT_CONTEST, scopes.contest_scope)
def new_field(code: str, section: str, field_kind: str) -> str:
    """An empty field of one kind."""
    contest = contests.by_code(db.session, code)
    require_editable(contest)
    desk = _Desk(contest, section=section, kind=field_kind)
    return desk.page(desk.empty())


@blueprint.post("/staff/contests/<code>/form/sections/<section>/fields/new/<field_kind>")
@requires(Permission.EDIT_CONTEST, scopes.contest_scope)
@once
@prepares
def add_field(code: str, section: str, field_kind: str) -> Any:
    """Add a field at the end of a section."""
    desk = _Desk(contests.by_code(db.session, code), section=section, kind=field_kind)
    again = url_for("form_editor.new_field", code=code, section=section, field_kind=field_kind)
    return desk.carried_out(gettext("The field is added."), again)


@blueprint.get("/staff/contests/<code>/form/fields/<field>")
@requires(Permission.EDIT_CONTEST, scopes.contest_scope)
def edit_field(code: str, field: str) -> str:
    """A field with its settings; of a table its columns and the checks of its rows as well."""
    contest = contests.by_code(db.session, code)
    desk = _Desk(contest, field=field)
    return desk.page(desk.filled())


@blueprint.post("/staff/contests/<code>/form/fields/<field>")
@requires(Permission.EDIT_CONTEST, scopes.contest_scope)
@once
@prepares
def save_field(code: str, field: str) -> Any:
    """Keep a field."""
    desk = _Desk(contests.by_code(db.session, code), field=field)
    return desk.carried_out(gettext("The field is saved."), url_for("form_editor.edit_field", code=code, field=field))


@blueprint.get("/staff/contests/<code>/form/fields/<field>/columns/new/<field_kind>")
@requires(Permission.EDIT_CONTEST, scopes.contest_scope)
def new_column(code: str, field: str, field_kind: str) -> str:
    """An empty column of one kind."""
    contest = contests.by_code(db.session, code)
    require_editable(contest)
    desk = _Desk(contest, table=field, kind=field_kind)
    return desk.page(desk.empty())


@blueprint.post("/staff/contests/<code>/form/fields/<field>/columns/new/<field_kind>")
@requires(Permission.EDIT_CONTEST, scopes.contest_scope)
@once
@prepares
def add_column(code: str, field: str, field_kind: str) -> Any:
    """Add a column at the end of a table."""
    desk = _Desk(contests.by_code(db.session, code), table=field, kind=field_kind)
    again = url_for("form_editor.new_column", code=code, field=field, field_kind=field_kind)
    return desk.carried_out(gettext("The column is added."), again)


@blueprint.get("/staff/contests/<code>/form/fields/<field>/columns/<column>")
@requires(Permission.EDIT_CONTEST, scopes.contest_scope)
def edit_column(code: str, field: str, column: str) -> str:
    """A column with its settings."""
    contest = contests.by_code(db.session, code)
    desk = _Desk(contest, table=field, column=column)
    return desk.page(desk.filled())


@blueprint.post("/staff/contests/<code>/form/fields/<field>/columns/<column>")
@requires(Permission.EDIT_CONTEST, scopes.contest_scope)
@once
@prepares
def save_column(code: str, field: str, column: str) -> Any:
    """Keep a column."""
    desk = _Desk(contests.by_code(db.session, code), table=field, column=column)
    again = url_for("form_editor.edit_column", code=code, field=field, column=column)
    return desk.carried_out(gettext("The column is saved."), again)


class _Desk:
    """A field or a column at hand: stored or new, of a section or of a table. What the form does not have is 404."""

    def __init__(
        self, contest: Contest, *, section: str = "", field: str = "", table: str = "", column: str = "", kind: str = ""
    ) -> None:
        self.contest, self.compiled = contest, compiled_form_of(contest)
        whole = self.compiled.form
        self.table = self._known(whole.field(table)) if table else None
        if self.table is not None and self.table.kind is not FieldKind.TABLE:
            abort(404)
        self.stored: Field | None = None
        if self.table is not None and column:
            self.stored = self._known(self.table.column(column))
        elif field:
            self.stored = self._known(whole.field(field))
        self.section = self._section(whole, section, field or table)
        self.kind = self.stored.kind if self.stored else self._kind(kind)

    @staticmethod
    def _known(field: Field | None) -> Field:
        return field if field is not None else abort(404)

    @staticmethod
    def _section(whole: ApplicationForm, code: str, field: str) -> Section:
        found = whole.section_of(field) if field else next((one for one in whole.sections if one.code == code), None)
        return found if found is not None else abort(404)

    def _kind(self, kind: str) -> FieldKind:
        if kind not in set(FieldKind) or (self.table is not None and not KINDS[FieldKind(kind)].in_table):
            abort(404)
        return FieldKind(kind)

    @property
    def form_class(self) -> type[FieldForm]:
        """The form of the kind."""
        return FORMS[self.kind]

    def scopes(self) -> Scopes:
        """What the field's rules may name."""
        table = self.table.code if self.table else ""
        every = scope_of(self.compiled, table=table)
        if self.table is not None:
            return Scopes(every, every)
        return Scopes(scope_of(self.compiled, above=self._first_below()), every)

    def _first_below(self) -> str:
        """The field itself; of a new one the first that stands below its section."""
        if self.stored is not None:
            return self.stored.code
        order = self.compiled.form.sections
        below = order[order.index(self.section) + 1 :]
        return next((one.code for section in below for one in section.fields), NO_FIELD)

    def made(self, **given: Any) -> FieldForm:
        """The form of the kind, with what it is made of."""
        if self.kind is FieldKind.TABLE:
            given["begun"] = self.stored is not None
        offered = offered_by(self.contest)
        return self.form_class(self.scopes(), column=self.table is not None, nominations=offered, **given)

    def empty(self) -> FieldForm:
        """The form of a new field."""
        return self.made(formdata=None, data={"version": self.contest.version})

    def filled(self) -> FieldForm:
        """The form of the stored field."""
        return self.made(formdata=None, data=self._data() | {"version": self.contest.version})

    def _data(self) -> dict[str, Any]:
        return self.form_class.data_of(self.stored, self.scopes()) if self.stored else {}

    def piece(self, code: str) -> Piece:
        """The part's name."""
        if self.table is not None:
            return Piece(PieceKind.COLUMN, code, self.table.code)
        return Piece(PieceKind.FIELD, code)

    def carried_out(self, done: str, again: str) -> Any:
        """Store what was typed."""
        form = self.made(data={name: value for name, value in self._data().items() if name in KEPT})
        to = partial(_after, self)
        edit = Edit(
            form,
            show=partial(self.page, form),
            make=lambda: self._make(form),
            base=self._base,
            stored=self.filled if self.stored else self.empty,
            again=again,
        )
        return carry_out(self.contest, edit, done, to)

    def _make(self, form: FieldForm) -> ApplicationForm:
        whole = self.compiled.form
        taken = [one.code for one in (self.table.columns if self.table else whole.fields())]
        field = form.field(self.stored, [*taken, "key"])
        if self.stored is not None:
            return replaced(whole, self.piece(self.stored.code), field)
        return added(whole, self.piece(field.code), field, self.section.code)

    def _base(self, after: ApplicationForm) -> str:
        """The path of the part in the changed form: a new one stands last."""
        outer = next(place for place, one in enumerate(after.sections) if one.code == self.section.code)
        if self.table is None:
            place = place_of(after, self.piece(self.stored.code)) if self.stored else -1
            inner = place if self.stored else len(after.sections[outer].fields) - 1
            return f"sections[{outer}].fields[{inner}]"
        table = place_of(after, Piece(PieceKind.FIELD, self.table.code))
        changed = after.field(self.table.code)
        last = len(changed.columns) - 1 if changed else 0
        column = place_of(after, self.piece(self.stored.code)) if self.stored else last
        return f"sections[{outer}].fields[{table}].columns[{column}]"

    def page(self, form: FieldForm) -> str:
        """The page of the field."""
        scope = scope_of(self.compiled, table=self.table.code if self.table else "")
        table = self.stored if self.stored is not None and self.stored.kind is FieldKind.TABLE else None
        rows = scope_of(self.compiled, table=table.code) if table else scope
        lock = lock_settings(self.contest, form, Part.FIELD) if self.stored else None
        return render_template(
            "form_editor/edit_field.html",
            contest=self.contest,
            form=form,
            lock=lock,
            editable=editable_now(self.contest),
            stored=self.stored,
            section=self.section,
            table=self.table,
            kind=translate(KINDS[self.kind].label),
            lines=error_lines(form),
            scope=scope,
            names=list(scope.subjects.values()),
            columns=[field_line(one, rows, table.code) for one in table.columns] if table else [],
            checks=check_lines(table.row_checks, rows, table.code) if table else [],
            kinds=[(kind.value, translate(terms.label)) for kind, terms in KINDS.items() if terms.in_table],
            sentences={name: NAMES[name] for name in OF_ROWS},
        )


KEPT = frozenset({"least", "greatest", "size", "autocomplete", "extensions", "format"})
"""Stored settings that a posted form knows, so that what was not touched stays to the letter."""


def _after(desk: _Desk, after: ApplicationForm) -> str:
    """Where a stored field leads: a table to its own page, where its columns are, all others to their list."""
    code = desk.contest.code
    if desk.table is not None:
        fields = after.field(desk.table.code)
        last = desk.stored.code if desk.stored else fields.columns[-1].code if fields else ""
        return url_for("form_editor.edit_field", code=code, field=desk.table.code, _anchor=anchor(desk.piece(last)))
    section = next(one for one in after.sections if one.code == desk.section.code)
    last = desk.stored.code if desk.stored else section.fields[-1].code
    if desk.kind is FieldKind.TABLE and desk.stored is None:
        return url_for("form_editor.edit_field", code=code, field=last)
    return url_for("form_editor.index", code=code, _anchor=anchor(desk.piece(last)))
