"""The settings of a contest as one value, what is wrong with them, and the same settings for another year."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from judging.domain.agreements import Agreement, agreements_faults
from judging.domain.certification import Certification
from judging.domain.discussion import DiscussionRules
from judging.domain.discussion import rules_faults as rules_faults_of_discussion
from judging.domain.distribution import DistributionRules, distribution_faults
from judging.domain.errors import N_, Fault, Refused
from judging.domain.fields.instants import EARLIEST, LATEST
from judging.domain.forms.form import ApplicationForm
from judging.domain.forms.readers import compile_given
from judging.domain.guidance import Guidance
from judging.domain.launch import WordedLevel, level_faults
from judging.domain.milestones import Code, Plan, Row, plan_faults
from judging.domain.nominations import Nomination, nominations_faults
from judging.domain.public_page import PublicPage, page_faults
from judging.domain.rubric import Criterion, ExpertCriterion
from judging.domain.rubric_faults import criterion_faults
from judging.domain.rules import Rules, rules_faults
from judging.domain.sheet_rules import SheetRules, sheet_rules_faults
from judging.domain.stages import Calendar, calendar_faults
from judging.domain.visibility import PLAIN, Visibility

Texts = Mapping[str, str]
_NO_SUCH_OPENING = Fault("opens", N_("There is no such date or time"))


@dataclass(frozen=True)
class Terms:
    """What a contest is called, when it is, and how much money there is (``budget`` in kopecks, None: no limit).

    ``label`` says what kind of rules these are; ``timezone`` is that of the dates; ``certification``: whether the head
    of the organisation certifies an application before it is submitted.
    """

    title: str
    applications_open: datetime
    applications_close: datetime
    review_close: datetime
    budget: int | None = None
    summary: str = ""
    label: str = ""
    label_en: str = ""
    timezone: str = "Europe/Moscow"
    certification: Certification = Certification.NONE

    @property
    def calendar(self) -> Calendar:
        """The dates alone."""
        return Calendar(self.applications_open, self.applications_close, self.review_close)


@dataclass(frozen=True)
class WordedCriterion:
    """A criterion with its words: the English title, guidance, and the levels of the scale (the model's notation)."""

    criterion: Criterion
    title_en: str = ""
    guidance: Guidance = field(default_factory=dict)
    descriptors: tuple[Texts, ...] = ()


@dataclass(frozen=True)
class ContestSettings:
    """Terms, criteria with their words, nominations, rules, the form, assignment, milestones, what experts accept.

    ``public``: the texts of the public page; ``sheet``: what a score sheet asks beside its marks; ``visibility``: who
    sees whose marks and when; ``discussion``: who discusses applications, and how.
    """

    terms: Terms
    criteria: tuple[WordedCriterion, ...]
    rules: Rules
    form: ApplicationForm
    assignment: DistributionRules
    milestones: Mapping[Code, Plan] = field(default_factory=dict)
    nominations: tuple[Nomination, ...] = ()
    agreements: tuple[Agreement, ...] = ()
    public: PublicPage = field(default_factory=PublicPage)
    sheet: SheetRules = field(default_factory=SheetRules)
    visibility: Visibility = PLAIN
    discussion: DiscussionRules = field(default_factory=DiscussionRules)


def settings_faults(settings: ContestSettings) -> tuple[Fault, ...]:
    """Name everything that is wrong with the settings; paths are the keys of their file."""
    criteria = tuple(item.criterion for item in settings.criteria)
    return (
        *(_within("terms", calendar_faults(settings.terms.calendar))),
        *_rubric_faults(settings.criteria),
        *nominations_faults(settings.nominations, criteria),
        *rules_faults(settings.rules, criteria),
        *sheet_rules_faults(settings.sheet),
        *_form_faults(settings.form, [one.code for one in settings.nominations]),
        *_within("assignment", distribution_faults(settings.assignment, settings.rules.experts_per_application)),
        *_milestone_faults(settings.milestones),
        *agreements_faults(settings.agreements),
        *_within("public", page_faults(settings.public)),
        *_within("discussion", rules_faults_of_discussion(settings.discussion)),
    )


def _rubric_faults(criteria: Sequence[WordedCriterion]) -> Iterator[Fault]:
    seen: set[str] = set()
    for place, item in enumerate(criteria):
        path, code = f"criteria[{place}]", item.criterion.code
        if code in seen:
            yield Fault(f"{path}.code", N_("The code %(code)s is used twice"), {"code": code})
        seen.add(code)
        faults = criterion_faults(item.criterion)
        yield from _within(path, faults)
        if isinstance(item.criterion, ExpertCriterion) and not faults:
            levels = [WordedLevel(Decimal(one["from"]), Decimal(one["to"]), one["text"]) for one in item.descriptors]
            for fault in level_faults(item.criterion.scale, levels):
                place_in_file = fault.path.replace("levels", "descriptors", 1)
                yield Fault(f"{path}.{place_in_file}", fault.message, fault.params)


def _form_faults(form: ApplicationForm, nominations: Sequence[str]) -> Iterator[Fault]:
    try:
        compile_given(form, nominations)
    except Refused as refusal:
        for fault in refusal.faults:
            yield replace(fault, path=f"form.{fault.path}" if fault.path else "form")


def _milestone_faults(milestones: Mapping[Code, Plan]) -> Iterator[Fault]:
    rows = {code: Row(plan) for code, plan in milestones.items()}
    for place, (code, plan) in enumerate(milestones.items()):
        yield from _within(f"milestones[{place}]", plan_faults(code, plan, rows))


def _within(name: str, faults: Sequence[Fault]) -> Iterator[Fault]:
    for fault in faults:
        yield Fault(f"{name}.{fault.path}", fault.message, fault.params)


def moved_terms(terms: Terms, opens: datetime) -> Terms:
    """Return the terms with dates as far from the new opening as the old ones were from theirs.

    They are counted by the clock on the wall: what was at 18:00 is at 18:00. Raises :class:`Refused` for an opening
    that takes a date beyond the calendar.
    """
    names = ("applications_open", "applications_close", "review_close")
    dates: dict[str, Any] = {name: moved_instant(terms, opens, getattr(terms, name)) for name in names}
    return replace(terms, **dates)


def moved_instant(terms: Terms, opens: datetime, instant: datetime) -> datetime:
    """Return an instant as far from the new opening as it was from that of ``terms``, by the clock on the wall."""
    zone = ZoneInfo(terms.timezone)
    try:
        shift = _wall(opens, zone) - _wall(terms.applications_open, zone)
        moved = (_wall(instant, zone) + shift).replace(tzinfo=zone).astimezone(UTC)
    except OverflowError:
        raise Refused([_NO_SUCH_OPENING]) from None
    if not EARLIEST <= moved <= LATEST:
        raise Refused([_NO_SUCH_OPENING])
    return moved


def _wall(instant: datetime, zone: ZoneInfo) -> datetime:
    return instant.astimezone(zone).replace(tzinfo=None)
