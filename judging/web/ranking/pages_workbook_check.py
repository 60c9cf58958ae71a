"""A page to ask on whether a downloaded workbook that came back still says what the system decided."""

from typing import Any, BinaryIO, cast

from flask import render_template, request
from flask_babel import gettext
from werkzeug.datastructures import FileStorage

from judging.adapters.spreadsheets import WrongSpreadsheet
from judging.domain.access import Permission
from judging.exports import RankingExport
from judging.exports.workbook.comparing import compare_workbook
from judging.extensions import db
from judging.models import Contest
from judging.queries import rankings as queries
from judging.queries import scopes
from judging.queries.contests import by_code
from judging.web.access import requires
from judging.web.forms import SelectChoice
from judging.web.phases import reads
from judging.web.ranking.blueprint import blueprint
from judging.web.ranking.download import export_of
from judging.web.ranking.forms import CheckForm
from judging.web.templating import moscow_short, translate

PRESENT = "present"
SHOWN = 200
"""Differences shown on the page; the count is of all."""


@blueprint.get("/staff/contests/<code>/ranking/check")
@requires(Permission.EXPORT, scopes.contest_scope)
def check(code: str) -> str:
    """Ask for the workbook, and for what to compare it with."""
    contest = by_code(db.session, code)
    return _page(contest, _form(contest, snapshot=request.args.get("snapshot", PRESENT)))


@blueprint.post("/staff/contests/<code>/ranking/check")
@requires(Permission.EXPORT, scopes.contest_scope)
@reads
def check_file(code: str) -> Any:
    """Compare the workbook that was sent; it is not kept, and nothing changes."""
    contest = by_code(db.session, code)
    form = _form(contest)
    if not form.validate_on_submit():
        return _page(contest, form), 422
    number = "" if form.snapshot.data == PRESENT else form.snapshot.data
    try:
        return _page(contest, form, **_result(form.file.data, export_of(contest, number, "")))
    except WrongSpreadsheet as refusal:
        form.file.errors = [translate(refusal.message, **refusal.params)]
        return _page(contest, form), 422


def _result(file: FileStorage, export: RankingExport) -> dict[str, Any]:
    found = compare_workbook(cast(BinaryIO, file.stream), export)
    return {"result": found[:SHOWN], "found": len(found), "filename": file.filename, "number": export.snapshot_number}


def _form(contest: Contest, **given: str) -> CheckForm:
    form = CheckForm(data=given)
    form.snapshot.choices = [
        SelectChoice(PRESENT, gettext("The present state of the ranking")),
        *(
            SelectChoice(
                str(row.number),
                gettext("Snapshot %(number)s of %(time)s", number=row.number, time=moscow_short(row.made_at)),
            )
            for row in queries.snapshots(db.session, contest.id)
        ),
    ]
    return form


def _page(contest: Contest, form: CheckForm, **result: Any) -> str:
    return render_template("ranking/check.html", contest=contest, form=form, **{"result": None, **result})
