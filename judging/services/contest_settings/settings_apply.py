"""All settings of a contest from a file: what they change, what of it may still change, and the change itself.

Of a draft everything changes. Of a published contest dates are moved, the form is changed and experts are assigned by
other rules, each as far as its own act allows it now and by that act; the rest is refused with its reason, and nothing
is stored unless whoever asked wants what is allowed alone.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from judging.adapters.archive import criterion_object, rules_object
from judging.adapters.settings import criterion_settings, settings_object
from judging.domain.access import By
from judging.domain.canonical import digest
from judging.domain.errors import N_, Fault, Refused, RuleViolation
from judging.domain.events import Event
from judging.domain.forms.change_places import worth_a_letter
from judging.domain.forms.changes import changes_between
from judging.domain.gates import Act, closed
from judging.domain.lifecycle import ContestStatus, ReasonMissing
from judging.domain.milestones import Code, Row, chain
from judging.domain.settings.documents import Difference, differences
from judging.domain.settings.values import ContestSettings, WordedCriterion, settings_faults
from judging.models import Contest, Criterion
from judging.queries import milestones
from judging.queries.contest_settings import TERMS, settings_of_contest, worded_criteria
from judging.queries.form_readers import teams_concerned
from judging.services import audit
from judging.services.agreements import put_agreements
from judging.services.assignment.rules_change import put_assignment_rules
from judging.services.concurrency import Stale
from judging.services.contests.contest_edit import as_json, put_sheet
from judging.services.contests.contest_hold import touch
from judging.services.contests.contest_launch import MOVABLE_DATES, extend_schedule, move_faults, moved_dates
from judging.services.contests.nomination_edit import keep_nominations, put_nominations, reweigh
from judging.services.contests.public_page import put_public_page
from judging.services.contests.visibility import put_visibility, why_not
from judging.services.discussions import put_discussion_rules
from judging.services.forms.change_letters import NOTHING_TOLD, Telling
from judging.services.forms.form_store import FormChange, change_form, require_allowed
from judging.services.holding import hold
from judging.services.milestones.milestone_edit import MilestonePlan, remove_milestone, set_milestone

DATES = tuple(f"terms.{name}" for name in MOVABLE_DATES)


@dataclass(frozen=True)
class Refusal:
    """A difference that may not be stored any more, and why."""

    difference: Difference
    reason: RuleViolation


@dataclass(frozen=True)
class Assessment:
    """What settings change in a contest: what may be stored, what may not, and whether it takes a reason.

    ``seen`` is the hash of the settings that are in force, which whoever looked at the difference sends back;
    ``teams``: how many are written to about the form.
    """

    allowed: tuple[Difference, ...]
    refused: tuple[Refusal, ...]
    needs_reason: bool
    seen: str
    teams: int = 0


class SettingsRefused(RuleViolation):
    """Some of the differences may not be stored; ``refused`` are those."""

    def __init__(self, refused: tuple[Refusal, ...]) -> None:
        super().__init__(N_("Some of the settings may not change any more; nothing was stored."))
        self.refused = refused


@dataclass(frozen=True)
class SettingsChange:
    """Settings as they are to be. ``seen``: the hash of those that the difference was made to.

    ``partly``: what is allowed alone is stored, where the rest may not be. ``telling``: for letters about the form.
    """

    settings: ContestSettings
    seen: str
    reason: str = ""
    partly: bool = False
    telling: Telling = NOTHING_TOLD


def assess_settings(session: Session, contest: Contest, settings: ContestSettings, now: datetime) -> Assessment:
    """Say what the settings would change in the contest at ``now``; nothing is stored."""
    present = settings_of_contest(session, contest)
    document = settings_object(present)
    found = differences(document, settings_object(settings))
    reasons = _reasons(contest, present, settings, now)
    judged = [(one, _reason_for(reasons, one.path)) for one in found]
    allowed = tuple(one for one, reason in judged if reason is None)
    refused = tuple(Refusal(one, reason) for one, reason in judged if reason is not None)
    needs_reason = contest.status != ContestStatus.DRAFT and any(
        one.path in DATES or _part(one.path) in ("form", "milestones", "agreements") for one in allowed
    )
    asks_otherwise = contest.status != ContestStatus.DRAFT and any(_part(one.path) == "form" for one in allowed)
    told = asks_otherwise and worth_a_letter(changes_between(present.form, settings.form))
    teams = teams_concerned(session, contest) if told else 0
    return Assessment(allowed, refused, needs_reason, digest(document), teams)


def apply_settings(session: Session, contest_id: int, change: SettingsChange, *, by: By) -> Assessment:
    """Store what may be stored of the settings; return what was looked at.

    Raises :class:`Refused` for settings with faults, :class:`Stale` where the contest has other settings than those
    that were looked at, :class:`SettingsRefused`, and :class:`ReasonMissing`.
    """
    faults = settings_faults(change.settings)
    if faults:
        raise Refused(faults)
    contest = hold(session, contest_id)
    session.expire(contest, ["criteria", "nominations"])
    assessment = assess_settings(session, contest, change.settings, by.now)
    if assessment.seen != change.seen:
        raise Stale(contest)
    if assessment.refused and not change.partly:
        raise SettingsRefused(assessment.refused)
    if assessment.needs_reason and not change.reason.strip():
        raise ReasonMissing(N_("Give the reason."))
    parts = {_part(one.path) for one in assessment.allowed}
    parts |= {"dates"} if any(one.path in DATES for one in assessment.allowed) else set()
    parts |= {"form"} if parts & {"criteria", "nominations"} else set()  # one that follows from them is another one now
    _store(session, contest, change, parts, by)
    return assessment


def _store(session: Session, contest: Contest, change: SettingsChange, parts: set[str], by: By) -> None:
    settings, codes = change.settings, [one.code for one in change.settings.nominations]
    if contest.status == ContestStatus.DRAFT:
        acts: list[tuple[str, Callable[[], object]]] = [
            ("terms", lambda: _store_terms(session, contest, settings, by)),
            ("criteria", lambda: _store_criteria(session, contest, settings.criteria, by)),
            ("nominations", lambda: put_nominations(session, contest, settings.nominations, by=by)),
            ("rules", lambda: _store_rules(session, contest, settings, by)),
            ("sheet", lambda: put_sheet(session, contest, settings.sheet, by=by)),
        ]
    else:
        calendar = settings.terms.calendar
        acts = [
            ("dates", lambda: extend_schedule(
                session, contest.id, calendar, change.reason, version=_version(session, contest), by=by)),
        ]  # fmt: skip
    acts += [
        ("form", lambda: change_form(
            session, contest.id, FormChange(settings.form, _version(session, contest), change.reason, change.telling),
            by=by)),
        ("nominations", lambda: keep_nominations(session, contest, codes, by=by)),
        ("assignment", lambda: put_assignment_rules(session, contest, settings.assignment, by=by)),
        ("milestones", lambda: _store_milestones(session, contest, change, by)),
        ("public", lambda: put_public_page(session, contest, settings.public, by=by)),
        ("visibility", lambda: put_visibility(session, contest, settings.visibility, by=by)),
        ("discussion", lambda: put_discussion_rules(session, contest, settings.discussion, by=by)),
        ("agreements", lambda: put_agreements(session, contest, settings.agreements, change.reason, by=by)),
    ]  # fmt: skip
    for part, act in acts:
        if part in parts:
            act()


def _store_milestones(session: Session, contest: Contest, change: SettingsChange, by: By) -> None:
    """Set those that are others, each after the one that it is counted from; then take out those that are not there."""
    wanted = change.settings.milestones
    stored = milestones.rows_of(session, contest.id)
    for code in _by_distance(wanted, {code: Row(plan) for code, plan in wanted.items()}):
        known = stored.get(code)
        if known is None or known.plan != wanted[code]:
            plan = MilestonePlan(code, wanted[code], change.reason, _version(session, contest))
            with _told_at(code):
                set_milestone(session, contest.id, plan, by=by)
    for code in reversed(_by_distance(stored.keys() - wanted.keys(), stored)):
        with _told_at(code):
            remove_milestone(session, contest.id, code, change.reason, version=_version(session, contest), by=by)


def _by_distance(codes: Iterable[Code], rows: Mapping[Code, Row]) -> list[Code]:
    """Order milestones so that each stands after the one that it is counted from."""
    return sorted(codes, key=lambda code: (len(chain(code, rows)), list(Code).index(code)))


@contextmanager
def _told_at(code: Code) -> Iterator[None]:
    """Faults of an act on a milestone are told with its place in the file."""
    place = f"milestones[{code.value}]"
    try:
        yield
    except Refused as refusal:
        faults = [Fault(f"{place}.{one.path}".rstrip("."), one.message, one.params) for one in refusal.faults]
        raise Refused(faults) from None


def _version(session: Session, contest: Contest) -> int:
    """The contest's version after what was done so far is written."""
    session.flush()
    return contest.version


def _part(path: str) -> str:
    """The part of the settings that a place is in."""
    return path.partition(".")[0].partition("[")[0].partition(" ")[0]


Reasons = dict[str, RuleViolation | None]


def _reasons(contest: Contest, present: ContestSettings, settings: ContestSettings, now: datetime) -> Reasons:
    """Why each part may not change, None where it may; dates have entries of their own."""
    rules = closed(Act.EDIT_RULES, contest.status)
    if contest.status == ContestStatus.DRAFT:
        return {}
    return {
        **dict.fromkeys(("terms", "criteria", "nominations", "rules", "sheet"), rules),
        **dict(_date_reasons(contest, settings, now)),
        "form": _form_reason(contest, present, settings, now),
        "assignment": closed(Act.ASSIGN, contest.status),
        "milestones": closed(Act.PLAN_MILESTONES, contest.status),
        "agreements": closed(Act.CHANGE_AGREEMENTS, contest.status),
        "public": closed(Act.CHANGE_PUBLIC_PAGE, contest.status),
        "visibility": why_not(contest, settings.visibility),
        "discussion": closed(Act.SET_DISCUSSION, contest.status),
    }


def _reason_for(reasons: Reasons, path: str) -> RuleViolation | None:
    return reasons[path] if path in reasons else reasons.get(_part(path))


def _date_reasons(
    contest: Contest, settings: ContestSettings, now: datetime
) -> Iterator[tuple[str, RuleViolation | None]]:
    """Dates are moved together or not at all: one that may not be moved keeps the others as well."""
    gate = closed(Act.MOVE_DATES, contest.status)
    moved = moved_dates(contest, settings.terms.calendar)
    faults = move_faults(settings.terms.calendar, moved, now) if moved and gate is None else ()
    by_name = {fault.path: RuleViolation(fault.message, **fault.params) for fault in faults}
    first = next(iter(by_name.values()), None)
    for name in MOVABLE_DATES:
        yield f"terms.{name}", gate or by_name.get(name, first)


def _form_reason(
    contest: Contest, present: ContestSettings, settings: ContestSettings, now: datetime
) -> RuleViolation | None:
    try:
        require_allowed(contest, changes_between(present.form, settings.form), now)
    except RuleViolation as refusal:
        return refusal
    return None


def _store_terms(session: Session, contest: Contest, settings: ContestSettings, by: By) -> None:
    details = {}
    for name in TERMS:
        before, after = getattr(contest, name), getattr(settings.terms, name)
        if before != after:
            details[name] = [as_json(before), as_json(after)]
            setattr(contest, name, after)
    _record(session, Event.CONTEST_CHANGED, contest, details, by)


def _store_criteria(session: Session, contest: Contest, criteria: tuple[WordedCriterion, ...], by: By) -> None:
    """Put the rubric in place: criteria are known by their code and keep their row."""
    rows = {row.code: row for row in contest.criteria}
    known = {item.criterion.code: criterion_settings(item) for item in worded_criteria(contest)}
    before = [row.code for row in contest.criteria]
    details: dict[str, Any] = {}
    for place, item in enumerate(criteria):
        code, values = item.criterion.code, _criterion_values(item)
        row = rows.pop(code, None)
        if row is None:
            row = Criterion()
            contest.criteria.append(row)
        row.position = place
        if known.get(code) != criterion_settings(item):
            details[code] = [known.get(code), criterion_settings(item)]
            for name, value in values.items():
                setattr(row, name, value)
    for code, row in rows.items():
        contest.criteria.remove(row)
        reweigh(contest, code, None)
        details[code] = [known[code], None]
    after = [item.criterion.code for item in criteria]
    details |= {"order": [before, after]} if before != after else {}
    touch(contest)
    _record(session, Event.RUBRIC_CHANGED, contest, details, by)


def _criterion_values(item: WordedCriterion) -> dict[str, Any]:
    return {
        "code": item.criterion.code,
        "title": item.criterion.title,
        "title_en": item.title_en,
        "kind": item.criterion.kind,
        "definition": dict(criterion_object(item.criterion)),
        "guidance": dict(item.guidance),
        "descriptors": [dict(level) for level in item.descriptors],
    }


def _store_rules(session: Session, contest: Contest, settings: ContestSettings, by: By) -> None:
    before, after = contest.rules, dict(rules_object(settings.rules))
    details = {n: [before.get(n), after.get(n)] for n in sorted(before | after) if before.get(n) != after.get(n)}
    contest.rules = after
    _record(session, Event.RUBRIC_CHANGED, contest, details, by)


def _record(session: Session, event: Event, contest: Contest, details: dict[str, Any], by: By) -> None:
    if details:
        audit.record(
            session, event, by=by, subject=contest, label=contest.title, contest_id=contest.id, details=details
        )
