"""Score sheets as a workbook: downloaded, filled without a connection, looked at row by row, and saved as drafts."""

from collections.abc import Mapping
from typing import Any, BinaryIO, cast

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext

from judging.adapters.spreadsheets import WrongSpreadsheet
from judging.domain.access import Permission
from judging.domain.errors import RuleViolation
from judging.domain.offline.comparing import Compared, Keep, State
from judging.domain.offline.places import Place
from judging.domain.offline.ticket import NoTicket, Ticket
from judging.exports import XLSX
from judging.exports.facts import file_name
from judging.exports.score_sheets import FILE_NAME, Layout, NothingOpen, expert_workbook
from judging.exports.score_sheets.reading import LARGEST, read_workbook
from judging.extensions import db
from judging.models import Expert
from judging.queries import scopes
from judging.queries.contests import by_code
from judging.queries.offline_sheets import awaits_agreements, open_reviews, own_card
from judging.queries.rubrics import sheet_criteria
from judging.services import scoring as services
from judging.services.concurrency import Stale
from judging.services.scoring.offline_load import ForeignFile
from judging.web.access import by_request, current_actor, requires
from judging.web.clock import arrived
from judging.web.downloads import file_answer
from judging.web.listing import one_of
from judging.web.once import once
from judging.web.phases import begin_writing, prepares, reads
from judging.web.scoring.blueprint import blueprint
from judging.web.scoring.forms import OfflineFileForm, OfflineLoadForm
from judging.web.scoring.offline_carried import Carried, TooMuch, carried, carry
from judging.web.scoring.offline_words import choice_name, shown_rows
from judging.web.templating import translate

LAYOUTS = ("sheets", "table")
DOCUMENT = "document"


@blueprint.get("/reviews/offline/<code>")
@requires(Permission.SEE_QUEUE, scopes.own_sheets_scope)
def offline(code: str) -> str:
    """Where the workbook is downloaded and brought back."""
    return _page(_expert(code), OfflineFileForm(formdata=None))


@blueprint.get("/reviews/offline/<code>/workbook")
@requires(Permission.SCORE, scopes.own_sheets_scope)
def offline_workbook(code: str) -> Any:
    """The open sheets of the actor as a workbook; the page that says so where none is open."""
    layout, made_at = cast(Layout, one_of(request.args, "layout", LAYOUTS, "sheets")), arrived()
    try:
        content = expert_workbook(db.session, _expert(code), keys=_keys(), made_at=made_at, layout=layout)
    except NothingOpen:
        return _page(_expert(code), OfflineFileForm(formdata=None)), 409
    return file_answer(content, XLSX, file_name(FILE_NAME, code, made_at))


@blueprint.post("/reviews/offline/<code>")
@requires(Permission.SEE_QUEUE, scopes.own_sheets_scope)
@reads
def look_at_workbook(code: str) -> Any:
    """Say row by row what the file would change; nothing is stored, and the file is not kept."""
    expert, form = _expert(code), OfflineFileForm()
    if not form.validate():
        return _page(expert, form), 422
    try:
        returned = read_workbook(cast(BinaryIO, form.file.data.stream), _keys())
        compared = services.assess_sheets(db.session, expert, returned)
        return _preview(expert, compared, returned.ticket)
    except (WrongSpreadsheet, NoTicket, ForeignFile, TooMuch) as refusal:
        form.file.errors = [translate(refusal.message, **refusal.params)]
        return _page(expert, form), 422


@blueprint.post("/reviews/offline/<code>/drafts")
@requires(Permission.SEE_QUEUE, scopes.own_sheets_scope)
@once
@prepares
def load_workbook(code: str) -> Any:
    """Save what was looked at as drafts, all of it or nothing; what has changed since is looked at again."""
    expert = _expert(code)
    given = carried(request.form.get(DOCUMENT, ""), expert)
    if given is None or given.ticket.contest != expert.contest.code:
        form = OfflineFileForm(formdata=None)
        form.file.errors = [gettext("Choose the file again: the page was open for too long.")]
        return _page(expert, form), 422
    begin_writing()
    compared = services.assess_sheets(db.session, expert, given)
    chosen = {choice_name(row): request.form.get(choice_name(row), "") for row in compared.rows}
    if _overtaken(compared, given):
        return _again(expert, compared, given, gettext("The sheets were changed meanwhile: look at the rows again."))
    if any(row.in_conflict and chosen[choice_name(row)] not in set(Keep) for row in compared.rows):
        words = gettext("Choose which version stays, in every row that was changed on both sides.")
        return _again(expert, compared, given, words, chosen, 422)
    try:
        count = services.load_sheets(db.session, _load(compared, chosen), by=by_request())
    except (RuleViolation, Stale) as refusal:
        db.session.rollback()
        expert = _expert(code)
        found = services.assess_sheets(db.session, expert, given)
        return _again(expert, found, given, translate(refusal.message, **refusal.params))
    db.session.commit()
    flash(_done(count), "success")
    return redirect(url_for("scoring.queue"), code=303)


def _done(count: int) -> str:
    return ngettext(
        "%(num)d draft is saved from the file. It does not count until you submit it.",
        "%(num)d drafts are saved from the file. They do not count until you submit them.",
        count,
    )


def _load(compared: Compared, chosen: Mapping[str, str]) -> services.SheetsLoad:
    keep: dict[tuple[int, Place], Keep] = {
        (row.review_id, row.place): Keep(said)
        for row in compared.rows
        if (said := chosen.get(choice_name(row), "")) in set(Keep)
    }
    return services.SheetsLoad(compared, keep)


def _overtaken(compared: Compared, given: Carried) -> bool:
    """Whether a sheet is in another version than when the file was looked at, or takes nothing more."""
    versions = {one.review_id: one.version for one in compared.given}
    return compared.invalid or versions != given.versions


def _again(
    expert: Expert, compared: Compared, given: Carried, words: str, chosen: Mapping[str, str] | None = None,
    status: int = 409,
) -> Any:  # fmt: skip
    return _preview(expert, compared, given.ticket, words, chosen), status


def _preview(
    expert: Expert, compared: Compared, ticket: Ticket, words: str = "", chosen: Mapping[str, str] | None = None
) -> str:
    criteria = {one.code: one for one in sheet_criteria(db.session, expert.contest_id, None)}
    rows = shown_rows([row for row in compared.rows if row.state is not State.SAME], criteria, chosen or {})
    return render_template(
        "scoring/_offline_preview.html",
        contest=expert.contest,
        form=OfflineLoadForm(formdata=None),
        rows=rows,
        counts={state.value: compared.count(state) for state in State},
        invalid=compared.invalid,
        document="" if compared.invalid else carry(compared, ticket),
        words=words,
    )


def _page(expert: Expert, form: OfflineFileForm) -> str:
    return render_template(
        "scoring/offline.html",
        contest=expert.contest,
        form=form,
        awaits=awaits_agreements(db.session, expert),
        count=len(open_reviews(db.session, expert)),
        largest=LARGEST,
    )


def _expert(code: str) -> Expert:
    """The actor's own card in the contest; the scope has it that there is one."""
    contest = by_code(db.session, code)
    card = own_card(db.session, contest.id, current_actor().expert_ids)
    if card is None:
        raise LookupError(code)
    return card


def _keys() -> list[str]:
    return list(current_app.config["SIGNING_KEYS"])
