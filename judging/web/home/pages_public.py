"""Public pages: what the site is for, every contest's terms, published results."""

from datetime import date
from typing import Any

from flask import (
    abort,
    current_app,
    redirect,
    render_template,
    request,
    send_from_directory,
    session,
    url_for,
)
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from judging.domain.access import PUBLIC_PAGE, Permission
from judging.domain.lifecycle import ContestStatus
from judging.domain.milestones import PUBLIC, TABLE
from judging.domain.public_page import page_of
from judging.domain.stages import time_left
from judging.extensions import db
from judging.models import Contest
from judging.queries import contests, milestones, scopes, stages
from judging.queries.organisers import Organiser
from judging.queries.organisers import organisers as organisers_of
from judging.services.accounts import change_profile
from judging.web.access import by_request, requires
from judging.web.clock import arrived, now
from judging.web.home.blueprint import blueprint
from judging.web.home.calendar import Phase, stage_of, stage_tag, steps_of
from judging.web.home.results import awarded, result_parts, result_rows
from judging.web.home.terms import (
    band_rows,
    card_sections,
    criterion_cards,
    is_hundred,
    nomination_columns,
    reachable_total,
    rule_facts,
    sheet_facts,
    slot_text,
    tie_text,
)
from judging.web.local_paths import local_path
from judging.web.locale import LANGUAGES
from judging.web.templating import moscow, translate

blueprint.add_app_template_global(band_rows, "band_rows")
blueprint.add_app_template_global(is_hundred, "is_hundred")


@blueprint.app_template_global()
def organisers() -> list[Organiser]:
    """Who holds the contests that go on: for the consent and the foot of pages that are of no contest."""
    return organisers_of(db.session)


@blueprint.get("/")
@requires(Permission.SEE_PUBLIC, PUBLIC_PAGE)
def index() -> str:
    """What the site is for, and every public contest by where it is."""
    moment = arrived()
    phases: dict[Phase, list[contests.ContestRow]] = {phase: [] for phase in Phase}
    for row in contests.public(db.session):
        phases[stage_of(row.status, row.calendar, moment)].append(row)
    return render_template(
        "home/index.html", phases=phases, Phase=Phase, now=moment, time_left=time_left, stage_tag=stage_tag
    )


@blueprint.post("/language")
@requires(Permission.SEE_PUBLIC, PUBLIC_PAGE)
def set_language() -> Response:
    """Keep the language in this browser and, for who is signed in, in the account; go back to where one was."""
    language = request.form.get("language")
    if language not in LANGUAGES:
        abort(400)
    session["locale"] = language
    if current_user.is_authenticated:
        user = current_user.user
        change_profile(db.session, user, name=user.name, locale=language, by=by_request(now()))
        db.session.commit()
    return redirect(local_path(request.form.get("next")) or url_for("home.index"), code=303)


@blueprint.get("/contests/<code>")
@requires(Permission.SEE_PUBLIC, scopes.contest_scope)
def contest(code: str) -> str:
    """The terms of a contest: dates, money, criteria, documents, how to apply."""
    found, moment = contests.by_code(db.session, code), arrived()
    rules, calendar = contests.rules_of(found), contests.calendar_of(found)
    return render_template(
        "home/contest.html",
        contest=found,
        contest_status=ContestStatus(found.status),
        phase=stage_of(found.status, calendar, moment),
        Phase=Phase,
        steps=steps_of(found.status, calendar, found.published_at, moment),
        left=time_left(calendar.applications_close, moment),
        changes=contests.schedule_changes(db.session, found.id),
        dates=_further_dates(found),
        previous=stages.previous_of(db.session, found),
        rules=rules,
        facts=rule_facts(rules, nominated=bool(found.nominations)),
        asked=sheet_facts(contests.sheet_of(found)) if found.sheet else (),
        nominations=nomination_columns(found),
        cards=(cards := criterion_cards(found)),
        sections=card_sections(cards),
        total=reachable_total(found),
        ties=[tie_text(found, text) for text in rules.tie_breakers],
        slot_text=slot_text,
        public=page_of(found.public_page),
        day_of=lambda text: date.fromisoformat(text).strftime("%d.%m.%Y"),
    )


def _further_dates(contest: Contest) -> list[tuple[str, str]]:
    """The milestones that everybody reads, beside the contest's own dates; what is provisional says so."""
    comes = milestones.resolved(db.session, contest)
    return [
        (
            translate(TABLE[code].label),
            gettext("%(date)s (provisional)", date=moscow(comes[code].at))
            if comes[code].provisional
            else moscow(comes[code].at),
        )
        for code in PUBLIC
        if code in comes
    ]


@blueprint.get("/contests/<code>/results")
@requires(Permission.SEE_RESULTS, scopes.results_scope)
def results(code: str) -> str:
    """The published ranking; 404 where none is published, whoever asks."""
    found = contests.by_code(db.session, code)
    snapshot = contests.published_snapshot(db.session, found.id)
    if snapshot is None:
        abort(404)
    rows = result_rows(snapshot)
    return render_template(
        "home/results.html", contest=found, snapshot=snapshot, rows=rows, awarded=awarded(rows),
        parts=result_parts(snapshot, rows),
    )  # fmt: skip


@blueprint.get("/favicon.ico")
@requires(Permission.SEE_PUBLIC, PUBLIC_PAGE)
def favicon() -> Any:
    """The icon for browsers that ask at the root."""
    return send_from_directory(f"{current_app.static_folder}/icons", "favicon.svg", mimetype="image/svg+xml")
