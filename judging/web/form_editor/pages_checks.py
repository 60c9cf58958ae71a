"""Checks of the form and of a table's rows: a ready sentence each, or a formula; points of the formal check."""

from functools import partial
from typing import Any

from flask import abort, render_template, request, url_for
from flask_babel import gettext

from judging.domain.access import Permission
from judging.domain.forms.changes import Part
from judging.domain.forms.form import ApplicationForm, Check, Field, FieldKind, Point
from judging.domain.forms.pieces import Piece, PieceKind, added, place_of, replaced
from judging.extensions import db
from judging.models import Contest
from judging.queries import contests, scopes
from judging.queries.forms import compiled_form_of
from judging.web.access import requires
from judging.web.form_editor.blueprint import blueprint
from judging.web.form_editor.check_form import CheckForm
from judging.web.form_editor.codes import new_code
from judging.web.form_editor.editable import editable_now, require_editable
from judging.web.form_editor.faults import error_lines
from judging.web.form_editor.locked_settings import lock_settings
from judging.web.form_editor.part_forms import PointForm
from judging.web.form_editor.places import anchor
from judging.web.form_editor.row_lists import blank_row, lists_in
from judging.web.form_editor.saving import Edit, carry_out
from judging.web.form_editor.scope import scope_of
from judging.web.form_editor.sentence_forms import NAMES, OF_ROWS, SENTENCES, sentence_of
from judging.web.once import once
from judging.web.phases import prepares
from judging.web.templating import localized

NEW = ""
"""The code of a check that is not stored yet."""


@blueprint.get("/staff/contests/<code>/form/checks/new/<sentence>")
@requires(Permission.EDIT_CONTEST, scopes.contest_scope)
def new_check(code: str, sentence: str) -> str:
    """An empty check of one sentence."""
    return _shown(code, "", NEW, sentence)


@blueprint.post("/staff/contests/<code>/form/checks/new/<sentence>")
@requires(Permission.EDIT_CONTEST, scopes.contest_scope)
@once
@prepares
def add_check(code: str, sentence: str) -> Any:
    """Add a check."""
    return _kept(code, "", NEW, sentence)


@blueprint.get("/staff/contests/<code>/form/checks/<check>")
@requires(Permission.EDIT_CONTEST, scopes.contest_scope)
def edit_check(code: str, check: str) -> str:
    """A check in the sentence that its rule is, or as ``?as=`` asks."""
    return _shown(code, "", check, request.args.get("as", ""))


@blueprint.post("/staff/contests/<code>/form/checks/<check>")
@requires(Permission.EDIT_CONTEST, scopes.contest_scope)
@once
@prepares
def save_check(code: str, check: str) -> Any:
    """Keep a check."""
    return _kept(code, "", check, request.args.get("as", ""))


@blueprint.get("/staff/contests/<code>/form/fields/<field>/checks/new/<sentence>")
@requires(Permission.EDIT_CONTEST, scopes.contest_scope)
def new_row_check(code: str, field: str, sentence: str) -> str:
    """An empty check of the rows of a table."""
    return _shown(code, field, NEW, sentence)


@blueprint.post("/staff/contests/<code>/form/fields/<field>/checks/new/<sentence>")
@requires(Permission.EDIT_CONTEST, scopes.contest_scope)
@once
@prepares
def add_row_check(code: str, field: str, sentence: str) -> Any:
    """Add a check of the rows of a table."""
    return _kept(code, field, NEW, sentence)


@blueprint.get("/staff/contests/<code>/form/fields/<field>/checks/<row_check>")
@requires(Permission.EDIT_CONTEST, scopes.contest_scope)
def edit_row_check(code: str, field: str, row_check: str) -> str:
    """A check of the rows of a table."""
    return _shown(code, field, row_check, request.args.get("as", ""))


@blueprint.post("/staff/contests/<code>/form/fields/<field>/checks/<row_check>")
@requires(Permission.EDIT_CONTEST, scopes.contest_scope)
@once
@prepares
def save_row_check(code: str, field: str, row_check: str) -> Any:
    """Keep a check of the rows of a table."""
    return _kept(code, field, row_check, request.args.get("as", ""))


def _shown(code: str, table: str, check: str, sentence: str) -> str:
    contest = contests.by_code(db.session, code)
    if check == NEW:
        require_editable(contest)
    desk = _CheckDesk(contest, table, check, sentence)
    return desk.page(desk.fresh())


def _kept(code: str, table: str, check: str, sentence: str) -> Any:
    desk = _CheckDesk(contests.by_code(db.session, code), table, check, sentence)
    form = desk.made()
    edit = Edit(
        form, show=partial(desk.page, form), make=partial(desk.make, form), base=desk.base, stored=desk.fresh,
        again=desk.address(),
    )  # fmt: skip
    done = gettext("The check is saved.") if check else gettext("The check is added.")
    return carry_out(desk.contest, edit, done, desk.after)


class _CheckDesk:
    """A check at hand: stored or new, of the form or of a table's rows, in one of the sentences."""

    def __init__(self, contest: Contest, table: str, check: str, sentence: str) -> None:
        self.contest, self.compiled = contest, compiled_form_of(contest)
        whole = self.compiled.form
        self.table = self._table(whole.field(table)) if table else None
        self.scope = scope_of(self.compiled, table=table)
        self.checks = self.table.row_checks if self.table else whole.checks
        self.stored = next((one for one in self.checks if one.code == check), None)
        if check and self.stored is None:
            abort(404)
        known, self.ready = sentence_of(self.stored.rule, self.scope) if self.stored else ("formula", None)
        self.sentence = sentence or known
        if self.sentence not in SENTENCES or (self.table is not None and self.sentence not in OF_ROWS):
            abort(404)
        if self.sentence != known:
            self.ready = None

    @staticmethod
    def _table(field: Field | None) -> Field:
        return field if field is not None and field.kind is FieldKind.TABLE else abort(404)

    def made(self, **given: Any) -> CheckForm:
        """The form of the sentence."""
        form = SENTENCES[self.sentence](self.scope, self._places(), **given)
        for rows in lists_in(form):
            if not hasattr(rows, "blank"):
                rows.blank = blank_row(rows)  # type: ignore[attr-defined]  # read by the template
        return form

    def _places(self) -> list[tuple[str, str]]:
        """Beside which fields, or columns, a check may be told."""
        fields = self.table.columns if self.table else self.compiled.form.fields()
        return [(one.code, localized(one, "label")) for one in fields]

    def fresh(self) -> CheckForm:
        """The form as it is stored; of a new check empty."""
        data: dict[str, Any] = {"version": self.contest.version}
        if self.stored is not None:
            form = SENTENCES[self.sentence]
            words = form.words_of(self.stored)
            fits = self.ready is not None or self.sentence == "formula"
            data |= form.data_of(self.stored, self.ready, self.scope) if fits else words
        return self.made(formdata=None, data=data)

    def piece(self, code: str) -> Piece:
        """The check's name."""
        kind = PieceKind.ROW_CHECK if self.table else PieceKind.CHECK
        return Piece(kind, code, self.table.code if self.table else "")

    def make(self, form: CheckForm) -> ApplicationForm:
        """The form with the check in it."""
        code = self.stored.code if self.stored else new_code(self.sentence, [one.code for one in self.checks], "check")
        check: Check = form.check(code)
        change = replaced if self.stored else added
        return change(self.compiled.form, self.piece(code), check)

    def base(self, after: ApplicationForm) -> str:
        """The path of the check in the changed form: a new one stands last."""
        if self.table is None:
            place = place_of(after, self.piece(self.stored.code)) if self.stored else len(after.checks) - 1
            return f"checks[{place}]"
        outer = next(place for place, one in enumerate(after.sections) if after.section_of(self.table.code) is one)
        inner = place_of(after, Piece(PieceKind.FIELD, self.table.code))
        place = place_of(after, self.piece(self.stored.code)) if self.stored else len(self.checks)
        return f"sections[{outer}].fields[{inner}].row_checks[{place}]"

    def address(self, sentence: str = "") -> str:
        """The page of the check, in one of the sentences."""
        own: dict[str, Any] = {"code": self.contest.code, **({"field": self.table.code} if self.table else {})}
        rows = "row_" if self.table else ""
        if self.stored is None:
            return url_for(f"form_editor.new_{rows}check", **own, sentence=sentence or self.sentence)
        shown = sentence or (self.sentence if self.ready is None else None)
        own |= {f"{rows}check": self.stored.code, "as": shown}
        return url_for(f"form_editor.edit_{rows}check", **own)

    def after(self, after: ApplicationForm) -> str:
        """The list that the check stands in."""
        listed = after.checks
        if self.table is not None:
            changed = after.field(self.table.code)
            listed = changed.row_checks if changed else ()
        to = anchor(self.piece(self.stored.code if self.stored else listed[-1].code))
        if self.table is None:
            return url_for("form_editor.index", code=self.contest.code, _anchor=to)
        return url_for("form_editor.edit_field", code=self.contest.code, field=self.table.code, _anchor=to)

    def page(self, form: CheckForm) -> str:
        """The page of the check."""
        offered = OF_ROWS if self.table else tuple(SENTENCES)
        lock = lock_settings(self.contest, form, Part.CHECK) if self.stored else None
        return render_template(
            "form_editor/edit_check.html",
            contest=self.contest,
            form=form,
            lock=lock,
            editable=editable_now(self.contest),
            stored=self.stored,
            table=self.table,
            sentence=self.sentence,
            ways=[] if lock else [(NAMES[one], self.address(one)) for one in offered if one != self.sentence],
            names=list(self.scope.subjects.values()),
            name=NAMES[self.sentence],
            lines=error_lines(form),
        )


@blueprint.get("/staff/contests/<code>/form/points/new")
@requires(Permission.EDIT_CONTEST, scopes.contest_scope)
def new_point(code: str) -> str:
    """An empty point of the formal check."""
    contest = contests.by_code(db.session, code)
    require_editable(contest)
    return _point_page(contest, _point_form(contest, None), None)


@blueprint.post("/staff/contests/<code>/form/points/new")
@requires(Permission.EDIT_CONTEST, scopes.contest_scope)
@once
@prepares
def add_point(code: str) -> Any:
    """Add a point at the end of the formal check."""
    return _keep_point(code, None)


@blueprint.get("/staff/contests/<code>/form/points/<int:place>")
@requires(Permission.EDIT_CONTEST, scopes.contest_scope)
def edit_point(code: str, place: int) -> str:
    """A point of the formal check, by its place from 1."""
    contest = contests.by_code(db.session, code)
    return _point_page(contest, _point_form(contest, place), place)


@blueprint.post("/staff/contests/<code>/form/points/<int:place>")
@requires(Permission.EDIT_CONTEST, scopes.contest_scope)
@once
@prepares
def save_point(code: str, place: int) -> Any:
    """Keep a point of the formal check."""
    return _keep_point(code, place)


def _keep_point(code: str, place: int | None) -> Any:
    contest = contests.by_code(db.session, code)
    compiled = compiled_form_of(contest)
    whole, form = compiled.form, PointForm(scope_of(compiled))
    stored = _point(contest, place) if place else None

    def make() -> ApplicationForm:
        point = form.point()
        if stored is None:
            return added(whole, Piece(PieceKind.POINT, point.code), point)
        return replaced(whole, Piece(PieceKind.POINT, stored.code), point)

    again = (
        url_for("form_editor.edit_point", code=code, place=place)
        if place
        else url_for("form_editor.new_point", code=code)
    )
    edit = Edit(
        form, show=partial(_point_page, contest, form, place), make=make,
        base=lambda after: f"checklist[{place - 1 if place else len(after.checklist) - 1}]",
        stored=partial(_point_form, contest, place), again=again,
    )  # fmt: skip
    done = gettext("The point is saved.") if place else gettext("The point is added.")
    return carry_out(contest, edit, done, url_for("form_editor.index", code=code, _anchor="checklist"))


def _point(contest: Contest, place: int) -> Point:
    listed = compiled_form_of(contest).form.checklist
    return listed[place - 1] if 0 < place <= len(listed) else abort(404)


def _point_form(contest: Contest, place: int | None) -> PointForm:
    scope = scope_of(compiled_form_of(contest))
    data = PointForm.data_of(_point(contest, place), scope) if place else {}
    return PointForm(scope, formdata=None, data=data | {"version": contest.version})


def _point_page(contest: Contest, form: PointForm, place: int | None) -> str:
    names = list(scope_of(compiled_form_of(contest)).subjects.values())
    return render_template(
        "form_editor/edit_point.html",
        contest=contest,
        form=form,
        place=place,
        names=names,
        lines=error_lines(form),
        lock=lock_settings(contest, form, Part.POINT) if place else None,
        editable=editable_now(contest),
    )
