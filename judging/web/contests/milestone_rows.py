"""The table of a contest's milestones, its extensions and its history, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import gettext, ngettext

from judging.domain.lifecycle import ApplicationStatus, ContestStatus
from judging.domain.milestones import COLUMNS, SOFT, TABLE, After, Code, Plan, Resolved, Row, chain, read_notation
from judging.domain.workdays import Unit, end_of
from judging.extensions import db
from judging.models import Contest, Extension, Milestone
from judging.queries import milestones as queries
from judging.queries.milestones import Change, row_of
from judging.web.offers import Acts
from judging.web.templating import moscow, moscow_exact, translate


@dataclass(frozen=True)
class Line:
    """A milestone of the table: what it is, when it comes and how that is said, and what can be done with it."""

    code: Code
    label: str
    effect: str
    at: datetime | None
    last_day: str
    how: str
    state: str
    tone: str
    note: str
    edit: str | None
    by_hand: str | None


def lines(contest: Contest, acts: Acts, moment: datetime) -> list[Line]:
    """Every milestone in the order of the table; those without a date too, so that one can be given."""
    stored = queries.stored(db.session, contest.id)
    comes = queries.resolved(db.session, contest)
    return [_line(contest, code, stored.get(code), comes.get(code), acts, moment) for code in Code]


def _line(
    contest: Contest, code: Code, row: Milestone | None, comes: Resolved | None, acts: Acts, moment: datetime
) -> Line:
    definition = TABLE[code]
    state, tone = _state(row, comes, moment)
    return Line(
        code=code,
        label=translate(definition.label),
        effect=translate(definition.effect),
        at=comes.at if comes else None,
        last_day=_last_day(code, comes),
        how=_how(code, row),
        state=state,
        tone=tone,
        note=row.reason if row is not None and row.came_at is not None else "",
        edit=_edit(contest, code, acts),
        by_hand=_by_hand(contest, code, row, comes, acts, moment),
    )


@dataclass(frozen=True)
class AnnouncedLine:
    """An announced deadline beside the dates of the contest; ``moves`` says that it is counted from one of them."""

    label: str
    at: datetime
    moves: bool
    edit: str


def announced_lines(contest: Contest) -> list[AnnouncedLine]:
    """The announced deadlines in force, for the page where the dates of the contest are moved."""
    comes, rows = queries.resolved(db.session, contest), queries.rows_of(db.session, contest.id)
    return [
        AnnouncedLine(
            translate(TABLE[code].label),
            comes[code].at,
            _is_counted_from_dates(code, rows),
            url_for("contests.milestone", code=contest.code, milestone=code.value),
        )
        for code in SOFT
        if code in comes and not comes[code].provisional
    ]


def _is_counted_from_dates(code: Code, rows: Mapping[Code, Row]) -> bool:
    counted = chain(code, rows)
    return counted[-1] in COLUMNS and not any(rows[one].came_at for one in counted if one in rows)


def _state(row: Milestone | None, comes: Resolved | None, moment: datetime) -> tuple[str, str]:
    if comes is None:
        return gettext("no date"), "neutral"
    if row is not None and row.came_at is not None:
        return gettext("came by hand"), "success"
    if comes.provisional:
        return gettext("provisional"), "warning"
    return (gettext("passed"), "neutral") if comes.at <= moment else (gettext("ahead"), "info")


def _last_day(code: Code, comes: Resolved | None) -> str:
    """Of a term that ends at midnight: its last day, for «until 00:00 of the sixth» is read as the sixth."""
    if comes is None or TABLE[code].begins or comes.at != end_of(comes.day):
        return ""
    return gettext("to the end of %(day)s", day=comes.day.strftime("%d.%m.%Y"))


def _how(code: Code, row: Milestone | None) -> str:
    if code in COLUMNS:
        return gettext("date of the contest")
    return plan_words(row_of(row).plan) if row is not None else ""


def plan_words(plan: Plan) -> str:
    """How a milestone's date is given, in words."""
    if not isinstance(plan, After):
        return gettext("given date")
    count = (
        ngettext("%(num)d working day", "%(num)d working days", plan.days)
        if plan.unit is Unit.WORKING
        else ngettext("%(num)d calendar day", "%(num)d calendar days", plan.days)
    )
    return gettext("%(count)s after: %(milestone)s", count=count, milestone=translate(TABLE[plan.code].label))


def _edit(contest: Contest, code: Code, acts: Acts) -> str | None:
    if code not in COLUMNS:
        offered = acts.set_soft_deadline if code in SOFT else acts.plan_milestones
        return url_for("contests.milestone", code=contest.code, milestone=code.value) if offered else None
    if acts.edit_rules:
        return url_for("contests.edit_general", code=contest.code, _anchor=code.value)
    return url_for("contests.extension", code=contest.code, _anchor=code.value) if acts.move_dates else None


def _by_hand(
    contest: Contest, code: Code, row: Milestone | None, comes: Resolved | None, acts: Acts, moment: datetime
) -> str | None:
    if code in COLUMNS:
        offered = acts.move_dates and comes is not None and moment < comes.at
    elif code in SOFT:
        ahead = comes is not None and (comes.provisional or moment < comes.at)
        offered = row is not None and acts.set_soft_deadline and (ahead or row.came_at is not None)
    else:
        offered = row is not None and acts.plan_milestones
    return url_for("contests.by_hand", code=contest.code, milestone=code.value) if offered else None


@dataclass(frozen=True)
class ExtensionLine:
    """More time for one: for whom, until when, by whom and why, and how it stands."""

    whom: str
    href: str | None
    kind: str
    until: datetime
    reason: str
    granted: str
    state: str
    tone: str
    note: str
    revoke: str | None


def extension_line(contest: Contest, row: Extension, acts: Acts, moment: datetime) -> ExtensionLine:
    """An extension in words; of a draft the staff know whose cluster's it is, and nothing that it says."""
    whom, href = _whom(contest, row)
    state, tone = _extension_state(row, moment)
    used = row.application is not None and not ApplicationStatus(row.application.status).is_draft
    open_now = row.revoked_at is None and moment < row.until and not used and acts.move_dates
    address = url_for("contests.revocation", code=contest.code, extension_id=row.id) if open_now else None
    return ExtensionLine(
        whom=whom,
        href=href,
        kind=gettext("application") if row.application_id else gettext("expert's reviews"),
        until=row.until,
        reason=row.reason,
        granted=f"{row.granted_by.name if row.granted_by else gettext('Console of the server')}, "
        f"{moscow(row.granted_at)}",
        state=state,
        tone=tone,
        note=row.revoked_reason or "",
        revoke=address,
    )


def _whom(contest: Contest, row: Extension) -> tuple[str, str | None]:
    if row.expert is not None:
        return row.expert.name, url_for("assignment.expert", code=contest.code, expert_id=row.expert_id)
    application = row.application
    if application is None:
        return "", None
    if application.number:
        href = url_for("register.show", code=contest.code, application_id=application.id)
        return f"{application.number}, {application.cluster.name}", href
    return draft_words(application.cluster.name, application.created_at), None


def draft_words(cluster: str, created_at: datetime) -> str:
    """How the staff call a draft that they may not read."""
    return gettext("%(cluster)s, draft of %(date)s", cluster=cluster, date=moscow(created_at))


def _extension_state(row: Extension, moment: datetime) -> tuple[str, str]:
    if row.revoked_at is not None:
        return gettext("taken back on %(date)s", date=moscow(row.revoked_at)), "neutral"
    if row.application is not None and row.application.submitted_at is not None:
        return gettext("submitted on %(date)s", date=moscow_exact(row.application.submitted_at)), "success"
    return (gettext("runs"), "info") if moment < row.until else (gettext("passed"), "neutral")


@dataclass(frozen=True)
class ChangeLine:
    """A change of the history in words."""

    at: datetime
    label: str
    before: str
    after: str
    by: str
    reason: str


def change_line(change: Change) -> ChangeLine:
    """A change of a date or a milestone in words."""
    return ChangeLine(
        at=change.at,
        label=translate(TABLE[Code(change.code)].label) if change.code in set(Code) else change.code,
        before=_value(change.before),
        after=gettext("by hand: %(date)s", date=_value(change.after))
        if change.by_hand and change.after
        else gettext("the note by hand is taken back")
        if change.by_hand
        else _value(change.after),
        by=change.by or gettext("Console of the server"),
        reason=change.reason,
    )


def _value(value: datetime | str | None) -> str:
    """An instant, or the notation of a term («meeting+3 working»), in words."""
    if value is None:
        return gettext("no date")
    if isinstance(value, datetime):
        return moscow_exact(value)
    plan = read_notation(value)
    return plan_words(plan) if isinstance(plan, After) else moscow_exact(plan)


def other_milestones(code: Code, rows: Mapping[Code, Row]) -> list[Code]:
    """The milestones that this one may be counted from: those with a date."""
    return [other for other in Code if other is not code and (other in COLUMNS or other in rows)]


def is_announced(contest: Contest) -> bool:
    """Whether a change of a milestone takes a reason."""
    return not ContestStatus(contest.status).is_draft
