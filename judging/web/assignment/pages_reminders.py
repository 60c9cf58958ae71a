"""Reminding the experts: who gets which list, the letters, and the days on which they go by themselves."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext

from judging.domain.access import Permission
from judging.domain.lifecycle.review import UNFINISHED
from judging.extensions import db
from judging.models import Contest
from judging.queries import scopes
from judging.queries.assignment.progress import Addressee, addressees, reminded
from judging.queries.assignment.reminders import UNFINISHED_WORDS, own_lists, reminder_days
from judging.queries.contests import by_code
from judging.services import assignment
from judging.web.access import by_request, requires
from judging.web.assignment.addresses import tasks_url
from judging.web.assignment.blueprint import blueprint
from judging.web.assignment.board_rendering import common
from judging.web.assignment.forms import ActForm
from judging.web.assignment.pages_letters import say_told, unreached_of
from judging.web.assignment.reminder_form import ScheduleForm
from judging.web.clock import arrived
from judging.web.editing import Edit, carry_out
from judging.web.once import once
from judging.web.request_bounds import as_id


@blueprint.get("/staff/contests/<code>/progress/reminder")
@requires(Permission.ASSIGN, scopes.contest_scope)
def reminder(code: str) -> str:
    """Who would be reminded of which tasks; ``?expert=`` ticks these alone."""
    return _page(by_code(db.session, code))


@blueprint.post("/staff/contests/<code>/progress/reminder")
@requires(Permission.ASSIGN, scopes.contest_scope)
@once
def remind(code: str) -> Any:
    """Remind the ticked experts of exactly the tasks that the page showed, each at most once a day."""
    contest, ticked = by_code(db.session, code), set(request.form.getlist("expert"))
    chosen = [one.id for one in _waiting(contest) if one.mark in ticked]
    if not ticked:
        return _page(contest, gettext("Tick at least one expert.")), 422
    if len(chosen) < len(ticked):
        return _page(contest, gettext("The tasks have changed meanwhile: look at the lists again.")), 422
    told = assignment.remind_experts(db.session, contest, chosen, by=by_request(), tasks_url=tasks_url())
    db.session.commit()
    say_told(told)
    return redirect(url_for("assignment.monitor", code=code), code=303)


@blueprint.post("/staff/contests/<code>/progress/reminder/days")
@requires(Permission.ASSIGN, scopes.contest_scope)
@once
def schedule_reminders(code: str) -> Any:
    """Say on which days before their deadline experts are reminded by themselves."""
    contest, form = by_code(db.session, code), ScheduleForm()
    version = -1 if form.version.data is None else form.version.data
    return carry_out(
        Edit(form, show=lambda: _page(contest, form=form), compare=lambda: _changed(contest, form)),
        lambda: assignment.schedule_reminders(
            db.session, contest, form.days.data or (), version=version, by=by_request()
        ),
        gettext("The days are saved."),
        url_for("assignment.reminder", code=code),
    )


def _changed(contest: Contest, form: ScheduleForm) -> str:
    """Somebody was faster: their days are told, what was typed stays and is now over them."""
    stored = reminder_days(db.session, contest.id)
    form.version.data, form.version.raw_data = stored.version, None
    said = ", ".join(map(str, stored.days)) or gettext("none")
    form.days.errors = [gettext("The days were changed meanwhile, they are now: %(days)s.", days=said)]
    return _page(contest, form=form)


def _waiting(contest: Contest) -> list[Addressee]:
    times = assignment.Times.of(db.session, contest)
    return [one for one in addressees(db.session, contest.id, UNFINISHED) if times.stays_open_for(one.id, arrived())]


def _page(contest: Contest, error: str | None = None, form: ScheduleForm | None = None) -> str:
    times, rows, only = assignment.Times.of(db.session, contest), _waiting(contest), _asked()
    stored = reminder_days(db.session, contest.id)
    shown = form or ScheduleForm(formdata=None, data={"days": stored.days, "version": stored.version})
    done = reminded(db.session, contest.id, [one.id for one in rows], assignment.day_of(contest, arrived()))
    unreached = unreached_of(rows)
    due = [one for one in rows if one.id not in done and one.id not in unreached]
    return render_template(
        "assignment/reminder.html",
        rows=rows,
        due=due,
        ticked={one.id for one in due if not only or one.id in only},
        until={one.id: times.ends(one.id) for one in rows},
        lists=own_lists(db.session, [key for one in rows for key in one.review_ids]),
        words=UNFINISHED_WORDS,
        done=done,
        unreached=unreached,
        error=error,
        form=ActForm(),
        schedule=shown,
        refused=form,
        stored=stored,
        **common(contest),
    )


def _asked() -> set[int]:
    """The experts whom the address names."""
    return set(request.args.getlist("expert", type=as_id))
