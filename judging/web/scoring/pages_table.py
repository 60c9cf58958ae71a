"""One table to mark many applications fast: a row an application, saved by itself, from a script or by its button."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from judging.domain.access import Permission
from judging.domain.errors import Refused, RuleViolation
from judging.domain.lifecycle import NotPossible, ReviewStatus
from judging.domain.sheets import mark_path, scale_faults
from judging.extensions import db
from judging.models import Contest
from judging.queries import contests, scopes
from judging.services import scoring as services
from judging.services.concurrency import Stale
from judging.web.access import by_request, requires
from judging.web.both_versions import VersionRow, plain
from judging.web.clock import arrived
from judging.web.copies import acknowledged
from judging.web.scoring.blueprint import blueprint
from judging.web.scoring.closed_review import keeps_what_was_typed
from judging.web.scoring.forms import SheetForm, sheet_form
from judging.web.scoring.opened_review import Desk
from judging.web.scoring.own_sheets import parts
from judging.web.scoring.words import saved_clock
from judging.web.sheet_words import CANNOT_JUDGE
from judging.web.storage_trouble import from_script
from judging.web.templating import decimal, translate


@dataclass(frozen=True)
class TypedRow:
    """A row that was refused: what stands in its fields, and why by field."""

    review_id: int = 0
    marks: Mapping[str, str] = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)


NOTHING = TypedRow()


@blueprint.get("/reviews/contests/<code>/table")
@requires(Permission.SCORE, scopes.own_sheets_scope)
def marks_table(code: str) -> str:
    """Every sheet that is not handed in: a row each, a column a criterion."""
    return _page(contests.by_code(db.session, code))


@blueprint.post("/reviews/<int:review_id>/marks")
@keeps_what_was_typed
@requires(Permission.FINISH_REVIEW, scopes.review_scope)
def save_marks(review_id: int) -> Any:
    """Save the marks of one row. No request key: the version guards it, and the same again changes nothing."""
    desk = Desk.of(review_id)
    form = sheet_form(desk.criteria)
    form.validate()
    wrong = _wrong(desk, form)
    if wrong and not from_script():
        return _page(desk.contest, TypedRow(review_id, _typed(desk, form), wrong)), 422
    try:
        _save(desk, form, wrong)
    except Refused as refused:
        db.session.rollback()
        told = {fault.path.removeprefix("mark-"): translate(fault.message, **fault.params) for fault in refused.faults}
        return _page(Desk.of(review_id).contest, TypedRow(review_id, _typed(desk, form), told)), 422
    except (Stale, NotPossible, services.Closed) as refusal:
        db.session.rollback()
        return _compared(Desk.of(review_id), form, refusal)
    db.session.commit()
    return _told(desk, wrong) if from_script() else _led_back(desk)


def _wrong(desk: Desk, form: SheetForm) -> dict[str, str]:
    """By code what is wrong with a mark: it is none, or is off its scale."""
    codes = [criterion.code for criterion in desk.criteria]
    found = {code: " ".join(map(str, form.mark(code).errors)) for code in codes if form.mark(code).process_errors}
    for fault in scale_faults(desk.rules, form.typed_marks(codes)):
        found[fault.path.removeprefix("mark-")] = translate(fault.message, **fault.params)
    return found


def _typed(desk: Desk, form: SheetForm) -> dict[str, str]:
    shown = {criterion.code: form.mark(criterion.code).shown for criterion in desk.criteria}
    return {code: "" if mark is None else decimal(mark) for code, mark in shown.items()}


def _save(desk: Desk, form: SheetForm, wrong: Mapping[str, str]) -> None:
    """Save what the row says; a mark that is none yet stays what it was on the stored sheet."""
    sent = [one.code for one in desk.criteria if mark_path(one.code) in request.form and one.code not in wrong]
    marks = services.Marks(
        scores={code: form.mark(code).data for code in sent},
        version=form.version.data or 0,
        tab=request.args.get("tab", "")[:40],
        pressed=not from_script(),
    )
    services.save_marks(db.session, desk.review, marks, by=by_request(arrived()), rules=desk.rules)


def _told(desk: Desk, wrong: Mapping[str, str]) -> Response:
    text = saved_clock(arrived())
    if wrong:
        text = gettext("%(time)s, except the marks %(codes)s", time=text, codes=", ".join(wrong))
    return jsonify(
        version=desk.review.version, saved_at_text=text, whole=not wrong,
        total="–" if desk.outside else decimal(desk.total) or "–",
        abstained=sorted(desk.sheet.abstained),
        marked=sum(criterion.code in desk.sheet.scores for criterion in desk.criteria),
    )  # fmt: skip


def _led_back(desk: Desk) -> Response:
    number = desk.application.number
    flash(gettext("The marks of application %(number)s are saved as a draft.", number=number), "success")
    return redirect(acknowledged(url_for("scoring.marks_table", code=desk.contest.code)), code=303)


def _compared(desk: Desk, form: SheetForm, refusal: RuleViolation) -> Any:
    """Both versions of the row: as a panel for the script, else as a page. Nothing was stored, nothing is lost."""
    typed, codes = _typed(desk, form), [criterion.code for criterion in desk.criteria]
    rows = [VersionRow(code, typed[code] or _unjudged(desk, code), _stored(desk, code)) for code in codes]
    context = {
        "desk": desk,
        "rows": rows,
        "mine": {mark_path(code): mark for code, mark in typed.items()} | {"version": desk.review.version},
        "stale": isinstance(refusal, Stale),
        "refusal": translate(refusal.message, **refusal.params),
        "changed_at": desk.review.submitted_at or desk.review.saved_at or desk.review.declared_at or arrived(),
    }
    if from_script():
        return jsonify(html=render_template("scoring/_marks_conflict.html", **context)), 409
    return render_template("scoring/save_marks.html", **context), 409


def _stored(desk: Desk, code: str) -> str:
    mark = desk.sheet.scores.get(code)
    return _unjudged(desk, code) if mark is None else decimal(plain(mark))


def _unjudged(desk: Desk, code: str) -> str:
    """That the expert cannot judge a criterion, in words: an empty field leaves it so."""
    return translate(CANNOT_JUDGE) if code in desk.sheet.abstained else ""


def _page(contest: Contest, typed: TypedRow = NOTHING) -> str:
    found = parts(statuses=(ReviewStatus.ACCEPTED,))
    return render_template(
        "scoring/marks_table.html",
        contest=contest,
        parts=found,
        typed=typed,
        tab=secrets.token_urlsafe(9),
        late=next((sheet.late for part in found for sheet in part.sheets), None),
    )
