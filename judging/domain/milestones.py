"""Milestones of a contest: one table of what there is, what each opens or closes, and when each one comes.

Three of them are the contest's own dates, which are always given. Every other has an instant of its own or comes a
number of working or calendar days after another one. What is counted over a year without a production calendar is
provisional: it is shown, and it decides nothing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from judging.domain.errors import N_, Fault
from judging.domain.stages import Calendar
from judging.domain.workdays import MOST_DAYS, Unit, WorkingDays, moscow_day

INSTANT = timedelta(microseconds=1)


class Code(StrEnum):
    """The milestones, in the order in which they come."""

    APPLICATIONS_OPEN = "applications_open"
    BRIEFING = "briefing"
    APPLICATIONS_SOFT = "applications_soft"
    APPLICATIONS_CLOSE = "applications_close"
    OPENING_PROTOCOL = "opening_protocol"
    FORMAL_CHECK = "formal_check"
    CORRECTIONS = "corrections"
    ASSIGNMENT = "assignment"
    EXPERT_CONSENT = "expert_consent"
    REVIEW_SOFT = "review_soft"
    REVIEW_CLOSE = "review_close"
    MEETING = "meeting"
    RESULTS = "results"
    NOTIFICATION = "notification"
    FEEDBACK = "feedback"


@dataclass(frozen=True)
class Definition:
    """What a milestone is.

    ``begins`` is an instant from which something holds or at which it happens; any other is a deadline, whose own
    instant is late already. ``effect`` says what opens or closes by it.
    """

    label: str
    effect: str
    begins: bool = False


TABLE: Mapping[Code, Definition] = {
    Code.APPLICATIONS_OPEN: Definition(
        N_("Acceptance of applications opens"), N_("Opens: drafts can be submitted."), begins=True
    ),
    Code.BRIEFING: Definition(
        N_("Briefing for applicants"), N_("An event; nothing opens or closes by it."), begins=True
    ),
    Code.APPLICATIONS_SOFT: Definition(
        N_("Announced deadline of applications"),
        N_("From here until the close an application is accepted with the mark “late”."),
    ),
    Code.APPLICATIONS_CLOSE: Definition(
        N_("Acceptance of applications closes"), N_("Closes: nothing is submitted any more, save by an extension.")
    ),
    Code.OPENING_PROTOCOL: Definition(
        N_("Protocol of the opening of applications"), N_("The secretary's deadline; nothing closes by itself.")
    ),
    Code.FORMAL_CHECK: Definition(
        N_("Formal check ends"), N_("The secretary's deadline for decisions on admission; nothing closes by itself.")
    ),
    Code.CORRECTIONS: Definition(
        N_("Corrections of returned applications end"),
        N_("The last day for corrections; each return has its own term within it."),
    ),
    Code.ASSIGNMENT: Definition(
        N_("Assignment of experts ends"), N_("The secretary's deadline; nothing closes by itself.")
    ),
    Code.EXPERT_CONSENT: Definition(
        N_("Declarations of the experts are awaited until"), N_("The experts' deadline; nothing closes by itself.")
    ),
    Code.REVIEW_SOFT: Definition(
        N_("Announced deadline of reviews"),
        N_("From here until the close a review is accepted with the mark “late”."),
    ),
    Code.REVIEW_CLOSE: Definition(
        N_("Reviews close"), N_("Closes: no review is handed in any more, save by an extension.")
    ),
    Code.MEETING: Definition(
        N_("Meeting of the commission"), N_("An event; nothing opens or closes by it."), begins=True
    ),
    Code.RESULTS: Definition(
        N_("Results are published until"), N_("The organiser's deadline; nothing closes by itself.")
    ),
    Code.NOTIFICATION: Definition(
        N_("Applicants are notified until"), N_("The organiser's deadline; nothing closes by itself.")
    ),
    Code.FEEDBACK: Definition(
        N_("Questions about the results are answered until"), N_("The organiser's deadline; nothing closes by itself.")
    ),
}
COLUMNS = (Code.APPLICATIONS_OPEN, Code.APPLICATIONS_CLOSE, Code.REVIEW_CLOSE)
"""The dates that every contest has; they are moved by its own forms."""
PUBLIC = (
    Code.BRIEFING, Code.APPLICATIONS_SOFT, Code.FORMAL_CHECK, Code.MEETING, Code.RESULTS, Code.NOTIFICATION,
    Code.FEEDBACK,
)  # fmt: skip
"""What everybody reads on the contest's page beside its own dates."""
SOFT: Mapping[Code, Code] = {
    Code.APPLICATIONS_SOFT: Code.APPLICATIONS_CLOSE, Code.REVIEW_SOFT: Code.REVIEW_CLOSE,
}  # fmt: skip
"""Each soft deadline and the hard one that it comes before."""
OUTSIDE = N_("The announced deadline must lie between the opening and the close")


@dataclass(frozen=True)
class After:
    """So many days after another milestone."""

    code: Code
    days: int
    unit: Unit


Plan = datetime | After
"""When a milestone is to come."""


def notation(plan: Plan) -> str:
    """Write a plan down for the history: an instant in UTC, or «meeting+3 working»."""
    if isinstance(plan, After):
        return f"{plan.code.value}+{plan.days} {plan.unit.value}"
    return plan.astimezone(UTC).isoformat()


def read_notation(text: str) -> Plan:
    """Read what :func:`notation` wrote."""
    code, plus, rest = text.partition("+")
    if plus and code in set(Code):
        days, _, unit = rest.partition(" ")
        return After(Code(code), int(days), Unit(unit))
    return datetime.fromisoformat(text)


@dataclass(frozen=True)
class Row:
    """What is stored of a milestone; ``came_at`` where a person said by hand that it came."""

    plan: Plan
    came_at: datetime | None = None


@dataclass(frozen=True)
class Resolved:
    """When a milestone comes; ``day`` is the one that a term after it is counted from."""

    at: datetime
    day: date
    provisional: bool = False

    @property
    def binding(self) -> datetime | None:
        """The instant that may decide something; None while it is provisional."""
        return None if self.provisional else self.at


def resolve(calendar: Calendar, rows: Mapping[Code, Row], days: WorkingDays) -> Mapping[Code, Resolved]:
    """Return when each milestone comes, in the order of the table; what hangs on nothing that is there is left out."""
    known = {code: _given(code, getattr(calendar, code.value)) for code in COLUMNS}
    waiting = {code: row for code, row in rows.items() if code not in COLUMNS}
    while waiting:
        ready = [code for code, row in waiting.items() if not isinstance(row.plan, After) or row.plan.code in known]
        if not ready:
            break
        for code in ready:
            known[code] = _resolved(code, waiting.pop(code), known, days)
    return {code: known[code] for code in Code if code in known}


def _given(code: Code, at: datetime) -> Resolved:
    return Resolved(at, moscow_day(at if TABLE[code].begins else at - INSTANT))


def _resolved(code: Code, row: Row, known: Mapping[Code, Resolved], days: WorkingDays) -> Resolved:
    if row.came_at is not None:
        return Resolved(row.came_at, moscow_day(row.came_at))
    if not isinstance(row.plan, After):
        return _given(code, row.plan)
    base = known[row.plan.code]
    ended = days.term(base.day, row.plan.days, row.plan.unit)
    return Resolved(ended.at, ended.day, base.provisional or ended.provisional)


def plan_faults(code: Code, plan: Plan, rows: Mapping[Code, Row]) -> tuple[Fault, ...]:
    """Name what is wrong with the plan of one milestone beside those that are there; paths are fields of a form."""
    return tuple(_plan_faults(code, plan, rows))


def _plan_faults(code: Code, plan: Plan, rows: Mapping[Code, Row]) -> Iterator[Fault]:
    if not isinstance(plan, After):
        return
    if not 1 <= plan.days <= MOST_DAYS:
        yield Fault("days", N_("A whole number from 1 to %(most)s"), {"most": MOST_DAYS})
    if plan.code not in COLUMNS and plan.code not in rows and plan.code is not code:
        yield Fault("after", N_("This milestone has no date itself: give it one first"))
    elif code in chain(plan.code, rows):
        yield Fault("after", N_("The milestones would go round in a circle"))


def misplaced(calendar: Calendar, comes: Mapping[Code, Resolved]) -> tuple[Fault, ...]:
    """Name the dates of a contest beside which an announced deadline does not lie between the opening and its close."""
    return tuple(_misplaced(calendar, comes))


def _misplaced(calendar: Calendar, comes: Mapping[Code, Resolved]) -> Iterator[Fault]:
    for code, hard in SOFT.items():
        at = comes[code].binding if code in comes else None
        if at is not None and not calendar.applications_open < at < getattr(calendar, hard.value):
            date = Code.APPLICATIONS_OPEN if at <= calendar.applications_open else hard
            yield Fault(date.value, OUTSIDE)


def chain(code: Code, rows: Mapping[Code, Row]) -> tuple[Code, ...]:
    """Return a milestone and those that it hangs on, the nearest first; a circle is followed once."""
    found = [code]
    while (row := rows.get(found[-1])) is not None and isinstance(row.plan, After) and row.plan.code not in found:
        found.append(row.plan.code)
    return tuple(found)


def hanging_on(code: Code, rows: Mapping[Code, Row]) -> tuple[Code, ...]:
    """Return the milestones that are counted from this one."""
    return tuple(other for other, row in rows.items() if isinstance(row.plan, After) and row.plan.code is code)


class Lateness(StrEnum):
    """By what something was still taken after its announced deadline."""

    SOFT = "soft"
    EXTENSION = "extension"


LATENESS_LABELS: Mapping[Lateness, str] = {
    Lateness.SOFT: N_("after the announced deadline, before the close"),
    Lateness.EXTENSION: N_("after the deadline, by an extension"),
}


@dataclass(frozen=True)
class Window:
    """The time in which one team or expert may hand in: ``opens`` is inside, what ends it is not.

    ``soft`` is the announced deadline where there is one before ``closes``; ``extended`` the end of the subject's own
    extension. The later of the two ends counts.
    """

    opens: datetime
    closes: datetime
    soft: datetime | None = None
    extended: datetime | None = None

    @property
    def ends(self) -> datetime:
        """The first instant at which nothing is taken any more."""
        return self.closes if self.extended is None else max(self.closes, self.extended)

    @property
    def due(self) -> datetime:
        """The first instant that is late."""
        return self.closes if self.soft is None else min(self.soft, self.closes)

    def next_end(self, now: datetime) -> datetime:
        """Return the deadline to show at ``now``: the subject's own, else the announced one, and after it the close."""
        return self.due if self.extended is None and now < self.due else self.ends

    def is_open(self, now: datetime) -> bool:
        """Say whether something handed in at ``now`` is taken."""
        return self.opens <= now < self.ends

    def lateness(self, now: datetime) -> Lateness | None:
        """Say by what something that is taken at ``now`` is late; None where it is in time."""
        if now < self.due:
            return None
        return Lateness.EXTENSION if self.extended is not None and now < self.extended else Lateness.SOFT


def correction_window(returned_at: datetime, days: int, unit: Unit, calendar: WorkingDays) -> Window:
    """Return the time for corrections of what was returned at an instant: until the last day of the term is over."""
    return Window(returned_at, calendar.term(moscow_day(returned_at), days, unit).at)
