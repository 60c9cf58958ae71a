"""The page of the production calendar: the years with their acts, and the days that an administrator adds."""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import abort, render_template, url_for
from flask_babel import gettext

from judging.adapters.workdays import built_in
from judging.domain.access import DESK, Permission
from judging.extensions import db
from judging.models import CalendarDay, CalendarYear
from judging.queries import workdays as queries
from judging.services import workdays as services
from judging.web.access import by_request, requires
from judging.web.editing import Edit, carry_out
from judging.web.forms import new_key
from judging.web.once import once
from judging.web.workdays.blueprint import blueprint
from judging.web.workdays.forms import DayForm, RemovalForm, YearForm


@blueprint.get("/staff/working-days")
@requires(Permission.MANAGE_ACCOUNTS, DESK)
def show() -> str:
    """Which years are known, by which act, and what was added."""
    return _page()


@blueprint.post("/staff/working-days/days")
@requires(Permission.MANAGE_ACCOUNTS, DESK)
@once
def add_day() -> Any:
    """Add a day."""
    form = DayForm()
    return carry_out(
        Edit(form, show=partial(_page, day=form)),
        lambda: services.add_day(db.session, form.wanted(), by=by_request()),
        gettext("The day is added."),
        url_for("workdays.show"),
    )


@blueprint.post("/staff/working-days/days/<int:day_id>/removal")
@requires(Permission.MANAGE_ACCOUNTS, DESK)
@once
def remove_day(day_id: int) -> Any:
    """Remove an added day."""
    row = db.session.get(CalendarDay, day_id) or abort(404)
    return _removed(partial(services.remove_day, db.session, row), gettext("The day is removed."))


@blueprint.post("/staff/working-days/years")
@requires(Permission.MANAGE_ACCOUNTS, DESK)
@once
def add_year() -> Any:
    """Say that the calendar of a year is whole."""
    form = YearForm()
    return carry_out(
        Edit(form, show=partial(_page, year=form)),
        lambda: services.add_year(db.session, form.year.data or 0, form.year_act.data or "", by=by_request()),
        gettext("The calendar of the year counts from now on."),
        url_for("workdays.show"),
    )


@blueprint.post("/staff/working-days/years/<int:year_id>/removal")
@requires(Permission.MANAGE_ACCOUNTS, DESK)
@once
def remove_year(year_id: int) -> Any:
    """Take back that the calendar of a year is whole."""
    row = db.session.get(CalendarYear, year_id) or abort(404)
    return _removed(partial(services.remove_year, db.session, row), gettext("The calendar of the year counts no more."))


def _removed(act: Callable[..., None], done: str) -> Any:
    return carry_out(Edit(RemovalForm(), show=_page), lambda: act(by=by_request()), done, url_for("workdays.show"))


def _page(day: DayForm | None = None, year: YearForm | None = None) -> str:
    calendar = queries.calendar(db.session)
    own = {row.year: row for row in queries.added_years(db.session)}
    acts = {one.year: one for one in built_in().years}
    return render_template(
        "workdays/show.html",
        years=[
            {
                "year": number,
                "count": calendar.count(number),
                "act": acts[number].act if number in acts else own[number].act,
                "source": acts[number].source if number in acts else None,
                "moved": acts[number].moved if number in acts else (),
                "id": own[number].id if number in own else None,
            }
            for number in sorted(calendar.years)
        ],
        days=queries.added_days(db.session),
        day_form=day or DayForm(formdata=None),
        year_form=year or YearForm(formdata=None),
        new_key=new_key,
    )
