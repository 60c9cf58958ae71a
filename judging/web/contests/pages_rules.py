"""Dates, money and rules of a contest: the read view, and the forms while it is a draft."""

from functools import partial
from typing import Any

from flask import render_template, url_for
from flask_babel import gettext

from judging.domain.access import Permission
from judging.domain.certification import Certification
from judging.domain.gates import Act
from judging.domain.lifecycle import ContestStatus
from judging.domain.rubric_faults import group_faults
from judging.extensions import db
from judging.models import Contest
from judging.queries import contests, scopes
from judging.services.contests import change_general, change_rules
from judging.web.access import by_request, requires
from judging.web.contests.blueprint import blueprint
from judging.web.contests.comparison import comparison
from judging.web.contests.faults import fault_lines
from judging.web.contests.forms import ScheduleForm, ScoringForm, TermsForm, scoring_data, stored_numbers, stored_terms
from judging.web.contests.rows import blank_row, rows_changed
from judging.web.contests.visibility_words import visibility_rows
from judging.web.criterion_headings import headed
from judging.web.editing import Edit, carry_out
from judging.web.home.terms import (
    card_sections,
    criterion_cards,
    nomination_columns,
    reachable_total,
    rule_facts,
    tie_text,
)
from judging.web.locks import lock_of, locked
from judging.web.offers import acts_in
from judging.web.once import once


@blueprint.get("/staff/contests/<code>/rules")
@requires(Permission.SEE_CONTEST, scopes.contest_scope)
def rules(code: str) -> str:
    """Everything that freezes on publication."""
    contest = contests.by_code(db.session, code)
    stored, cards = contests.rules_of(contest), criterion_cards(contest)
    return render_template(
        "contests/rules.html",
        contest=contest,
        contest_status=ContestStatus(contest.status),
        acts=acts_in(contest),
        cards=cards,
        headed_cards=headed(cards, lambda card: card.criterion),
        sections=card_sections(cards),
        apart=fault_lines(contest, group_faults([card.criterion for card in cards])),
        facts=rule_facts(stored, nominated=bool(contest.nominations)),
        nominations=nomination_columns(contest),
        ties=[tie_text(contest, text) for text in stored.tie_breakers],
        rules=stored,
        visibility=visibility_rows(contest),
        certification=Certification(contest.certification),
        total=reachable_total(contest),
        changes=contests.schedule_changes(db.session, contest.id),
    )


@blueprint.get("/staff/contests/<code>/rules/general")
@requires(Permission.EDIT_CONTEST, scopes.contest_scope)
def edit_general(code: str) -> str:
    """The form of title, dates and budget; what is locked grey with the reason, the rest as ever."""
    contest = contests.by_code(db.session, code)
    return _general_page(contest, TermsForm(obj=contest))


@blueprint.post("/staff/contests/<code>/rules/general")
@requires(Permission.EDIT_CONTEST, scopes.contest_scope)
@once
def save_general(code: str) -> Any:
    """Keep title, dates and budget of a draft."""
    contest = contests.by_code(db.session, code)
    form = TermsForm(data=stored_terms(contest))
    again = url_for("contests.edit_general", code=code)
    edit = Edit(
        form,
        show=partial(_general_page, contest, form),
        compare=lambda: comparison(contest, form, lambda: TermsForm(formdata=None, obj=contest), again),
    )
    return carry_out(
        edit,
        lambda: change_general(db.session, contest.id, form.terms(), version=form.stated_version, by=by_request()),
        gettext("Title, dates and budget are saved."),
        url_for("contests.rules", code=code),
    )


@blueprint.get("/staff/contests/<code>/rules/scoring")
@requires(Permission.EDIT_CONTEST, scopes.contest_scope)
def edit_scoring(code: str) -> str:
    """The form of the rules beside the rubric; grey with the reason once they are frozen."""
    contest = contests.by_code(db.session, code)
    return _scoring_page(contest, _stored_scoring(contest))


@blueprint.post("/staff/contests/<code>/rules/scoring")
@requires(Permission.EDIT_CONTEST, scopes.contest_scope)
@once
def save_scoring(code: str) -> Any:
    """Keep the rules of a draft; «add» and «remove» of a row keep nothing yet."""
    contest = contests.by_code(db.session, code)
    form = ScoringForm(contest, data=stored_numbers(contests.rules_of(contest)))
    if rows_changed(form.tie_breakers):
        return _scoring_page(contest, form)
    again = url_for("contests.edit_scoring", code=code)
    edit = Edit(
        form,
        show=partial(_scoring_page, contest, form),
        compare=lambda: comparison(contest, form, lambda: _stored_scoring(contest), again),
    )
    return carry_out(
        edit,
        lambda: change_rules(db.session, contest.id, form.rules(), version=form.stated_version, by=by_request()),
        gettext("The rules are saved."),
        url_for("contests.rules", code=code, _anchor="scoring"),
    )


def _stored_scoring(contest: Contest) -> ScoringForm:
    data = scoring_data(contests.rules_of(contest)) | {"version": contest.version}
    return ScoringForm(contest, formdata=None, data=data)


def _general_page(contest: Contest, form: TermsForm) -> str:
    lock, moving = lock_of(Act.EDIT_RULES, contest), lock_of(Act.MOVE_DATES, contest)
    dates = None if lock is None else ScheduleForm(formdata=None, obj=contest)
    if dates is not None:
        locked(form, lock, ("title", "summary", "budget", "certification"))
        locked(dates, moving)
    return render_template(
        "contests/edit_general.html", contest=contest, form=form, lock=lock, dates=dates, moving=moving
    )


def _scoring_page(contest: Contest, form: ScoringForm) -> str:
    blank = blank_row(form.tie_breakers)
    form.offer_ties(blank)
    lock = lock_of(Act.EDIT_RULES, contest)
    locked(form, lock)
    return render_template("contests/edit_scoring.html", contest=contest, form=form, blank=blank, lock=lock)
