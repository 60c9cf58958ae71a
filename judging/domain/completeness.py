"""What an application lacks before it can be submitted: stops and warnings, section by section.

A draft is saved at any completeness; these rules are asked when it is shown and when it is submitted. Source: the
application's form of the preset (an example by analogy: numbers that an organiser sets come from the contest).
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from judging.domain.errors import N_

PRIVATE_SHARE = "private_share"
"""The indicator that is computed from the section «Finance» and never typed."""

LONGEST_PROJECT_MONTHS = 60
SHORTEST_SUMMARY = 200


class Section(StrEnum):
    """A part of the application that is filled and saved by itself."""

    NOMINATION = "nomination"
    CLUSTER = "cluster"
    PASSPORT = "passport"
    PARTICIPANTS = "participants"
    FINANCE = "finance"
    INDICATORS = "indicators"
    DOCUMENTS = "documents"
    CONSENTS = "consents"


class Progress(StrEnum):
    """How far a section is."""

    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    DONE = "done"


SECTION_LABELS: Mapping[Section, str] = {
    Section.NOMINATION: N_("Nomination"),
    Section.CLUSTER: N_("Cluster and organisations"),
    Section.PASSPORT: N_("Project passport"),
    Section.PARTICIPANTS: N_("Project participants"),
    Section.FINANCE: N_("Finance"),
    Section.INDICATORS: N_("Indicators"),
    Section.DOCUMENTS: N_("Documents"),
    Section.CONSENTS: N_("Consents and assurances"),
}

PROGRESS_LABELS: Mapping[Progress, str] = {
    Progress.NOT_STARTED: N_("Section not started"),
    Progress.IN_PROGRESS: N_("Section in progress"),
    Progress.DONE: N_("Section complete"),
}


@dataclass(frozen=True)
class Finding:
    """One thing to see to: a stop forbids submission, a warning only asks to look again."""

    section: Section
    name: str
    message: str
    params: Mapping[str, object] = field(default_factory=dict)
    stop: bool = True


@dataclass(frozen=True)
class IndicatorRule:
    """An indicator that the contest asks for; bounds are inclusive, ``decimals`` None is any number of them."""

    code: str
    title: str
    least: Decimal | None = None
    most: Decimal | None = None
    decimals: int | None = None


@dataclass(frozen=True)
class Requirements:
    """What the contest asks of an application. ``cap`` in kopecks; ``slots`` title of every required one by code.

    ``nominations`` are the codes to choose one from; empty where the contest has none.
    """

    indicators: tuple[IndicatorRule, ...] = ()
    required_slots: Mapping[str, str] = field(default_factory=dict)
    cap: int | None = None
    least_participants: int = 2
    nominations: tuple[str, ...] = ()


@dataclass(frozen=True)
class Dossier:
    """An application as far as it is filled. Money in kopecks; organisations by ИНН; documents counted by slot."""

    nomination: str | None = None
    cluster_name: str = ""
    managing: str | None = None
    members: frozenset[str] = frozenset()
    title: str = ""
    goal: str = ""
    summary: str = ""
    functional_map_position: str = ""
    topics: tuple[str, ...] = ()
    readiness_level: int | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    place: str = ""
    contact_name: str = ""
    contact_phone: str = ""
    contact_email: str = ""
    initiator: str | None = None
    partners: tuple[tuple[str, str], ...] = ()
    total_cost: int | None = None
    own_funds: int | None = None
    loans: int | None = None
    other_budget: int | None = None
    requested: int | None = None
    indicators: Mapping[str, Decimal] = field(default_factory=dict)
    documents: Mapping[str, int] = field(default_factory=dict)
    consent_truth: bool = False
    consent_personal_data: bool = False
    consent_no_double_funding: bool = False


def findings(dossier: Dossier, requirements: Requirements, today: date) -> tuple[Finding, ...]:
    """Name every stop and warning, in the order of the sections and of their fields."""
    return tuple(found for section in Section for found in CHECKS[section](dossier, requirements, today))


def sections_of(*, nominations: bool) -> tuple[Section, ...]:
    """The sections of an application; that of the nomination only in a contest that has some."""
    return tuple(section for section in Section if nominations or section is not Section.NOMINATION)


def stops(found: Sequence[Finding]) -> tuple[Finding, ...]:
    """Return those that forbid submission."""
    return tuple(one for one in found if one.stop)


def progress(dossier: Dossier, found: Sequence[Finding], *, nominations: bool = False) -> Mapping[Section, Progress]:
    """Say how far every section is; ``found`` comes from :func:`findings`, ``nominations``: the contest has some."""
    open_sections = {one.section for one in stops(found)}
    return {
        section: Progress.DONE
        if section not in open_sections
        else Progress.IN_PROGRESS
        if BEGUN[section](dossier)
        else Progress.NOT_STARTED
        for section in sections_of(nominations=nominations)
    }


def private_share(own_funds: int | None, loans: int | None, total_cost: int | None) -> Decimal | None:
    """Return own and borrowed funds as a percentage of the total cost, two decimals, half up; None until known."""
    if own_funds is None or loans is None or not total_cost:
        return None
    share = Decimal(own_funds + loans) * 100 / Decimal(total_cost)
    return share.quantize(Decimal("0.01"), ROUND_HALF_UP)


def indicator_fault(value: Decimal, rule: IndicatorRule) -> tuple[str, Mapping[str, object]] | None:
    """Return the message and its values where ``value`` lies outside the rule's bounds or is too fine, else None."""
    if rule.least is not None and value < rule.least:
        return N_("%(title)s: no less than %(least)s"), {"title": rule.title, "least": rule.least}
    if rule.most is not None and value > rule.most:
        return N_("%(title)s: no more than %(most)s"), {"title": rule.title, "most": rule.most}
    exponent = value.as_tuple().exponent
    if rule.decimals is not None and isinstance(exponent, int) and -exponent > rule.decimals:
        return N_("%(title)s: no more than %(places)s decimals"), {"title": rule.title, "places": rule.decimals}
    return None


Found = Iterator[Finding]

_PASSPORT = (
    ("title", N_("Enter the title of the project")),
    ("goal", N_("Describe the goal of the project")),
    ("summary", N_("Give a summary of the project")),
    ("functional_map_position", N_("Name the position of the functional map that the project fills")),
    ("topics", N_("Give at least one OKVED2 code")),
    ("readiness_level", N_("Choose the readiness level")),
    ("starts_on", N_("Enter the start of the project")),
    ("ends_on", N_("Enter the end of the project")),
    ("place", N_("Enter where the project is carried out")),
    ("contact_name", N_("Name the contact person")),
    ("contact_phone", N_("Enter the contact person's telephone")),
    ("contact_email", N_("Enter the contact person's e-mail")),
)
_MONEY = (
    ("total_cost", N_("Enter the total cost of the project")),
    ("own_funds", N_("Enter the participants' own funds (0 if there are none)")),
    ("loans", N_("Enter the borrowed funds (0 if there are none)")),
    ("other_budget", N_("Enter the other budget funds (0 if there are none)")),
    ("requested", N_("Enter the requested subsidy")),
)
_CONSENTS = (
    ("consent_truth", N_("Confirm that the data are true")),
    ("consent_personal_data", N_("Give the consent to the processing of personal data")),
    ("consent_no_double_funding", N_("Confirm that the costs were not reimbursed by another measure")),
)


def _missing(section: Section, dossier: Dossier, table: Sequence[tuple[str, str]]) -> Found:
    for name, message in table:
        value = getattr(dossier, name)
        if value is None or value is False or value == "" or value == ():
            yield Finding(section, name, message)


def _nomination(dossier: Dossier, requirements: Requirements, today: date) -> Found:
    if requirements.nominations and dossier.nomination not in requirements.nominations:
        yield Finding(Section.NOMINATION, "nomination", N_("Choose the nomination"))


def _cluster(dossier: Dossier, requirements: Requirements, today: date) -> Found:
    if not dossier.cluster_name:
        yield Finding(Section.CLUSTER, "name", N_("Enter the name of the cluster"))
    if dossier.managing is None:
        yield Finding(Section.CLUSTER, "managing", N_("Add the managing organisation of the cluster"))
    if len(dossier.members) < requirements.least_participants:
        yield Finding(
            Section.CLUSTER,
            "members",
            N_("Add the members of the cluster: no fewer than %(least)s take part in the project"),
            {"least": requirements.least_participants},
        )


def _passport(dossier: Dossier, requirements: Requirements, today: date) -> Found:
    yield from _missing(Section.PASSPORT, dossier, _PASSPORT)
    if 0 < len(dossier.summary) < SHORTEST_SUMMARY:
        yield Finding(
            Section.PASSPORT,
            "summary",
            N_("The summary is very short: experts begin with it"),
            stop=False,
        )
    starts, ends = dossier.starts_on, dossier.ends_on
    if starts is None or ends is None:
        return
    if ends <= starts:
        yield Finding(Section.PASSPORT, "ends_on", N_("The project must end after it starts"))
    if _months(starts, ends) > LONGEST_PROJECT_MONTHS:
        yield Finding(
            Section.PASSPORT,
            "ends_on",
            N_("The project lasts more than %(months)s months"),
            {"months": LONGEST_PROJECT_MONTHS},
            stop=False,
        )
    if ends <= today:
        yield Finding(Section.PASSPORT, "ends_on", N_("The end of the project has already passed"), stop=False)


def _months(starts: date, ends: date) -> int:
    """Whole and begun months between two dates."""
    return (ends.year - starts.year) * 12 + ends.month - starts.month + (1 if ends.day > starts.day else 0)


def _participants(dossier: Dossier, requirements: Requirements, today: date) -> Found:
    section = Section.PARTICIPANTS
    if dossier.initiator is None:
        yield Finding(section, "initiator", N_("Choose the initiator of the project"))
    everybody = [*([dossier.initiator] if dossier.initiator else []), *(inn for inn, _ in dossier.partners)]
    for inn, times in Counter(everybody).items():
        if times > 1:
            yield Finding(section, "partners", N_("An organisation is named more than once: INN %(inn)s"), {"inn": inn})
    for inn in everybody:
        if inn not in dossier.members:
            yield Finding(section, "partners", N_("Not a member of the cluster: INN %(inn)s"), {"inn": inn})
    if len(set(everybody)) < requirements.least_participants:
        yield Finding(
            section,
            "partners",
            N_("The project needs at least %(least)s participants, the initiator among them"),
            {"least": requirements.least_participants},
        )
    if any(not role for _, role in dossier.partners):
        yield Finding(section, "partners", N_("Choose the role of every partner"))


def _finance(dossier: Dossier, requirements: Requirements, today: date) -> Found:
    section = Section.FINANCE
    yield from _missing(section, dossier, _MONEY)
    if dossier.total_cost == 0:
        yield Finding(section, "total_cost", N_("The total cost must be above zero"))
    if dossier.requested == 0:
        yield Finding(section, "requested", N_("The requested subsidy must be above zero"))
    if dossier.requested is not None and requirements.cap is not None and dossier.requested > requirements.cap:
        yield Finding(section, "requested", N_("The requested subsidy is above the limit of this contest"))
    if sources_gap(dossier):
        yield Finding(section, "total_cost", N_("The sources do not add up to the total cost"))


def sources_gap(dossier: Dossier) -> int | None:
    """Return the total cost minus all its sources, in kopecks; None until all five sums are known."""
    sources = (dossier.own_funds, dossier.loans, dossier.other_budget, dossier.requested)
    if dossier.total_cost is None or None in sources:
        return None
    return dossier.total_cost - sum(amount or 0 for amount in sources)


def _indicators(dossier: Dossier, requirements: Requirements, today: date) -> Found:
    for rule in requirements.indicators:
        value = dossier.indicators.get(rule.code)
        if value is None and rule.code == PRIVATE_SHARE:
            yield Finding(Section.INDICATORS, rule.code, N_("The share of private funds needs the section “Finance”"))
        elif value is None:
            yield Finding(Section.INDICATORS, rule.code, N_("Enter a value: %(title)s"), {"title": rule.title})
        elif fault := indicator_fault(value, rule):
            yield Finding(Section.INDICATORS, rule.code, *fault)


def _documents(dossier: Dossier, requirements: Requirements, today: date) -> Found:
    for code, title in requirements.required_slots.items():
        if not dossier.documents.get(code):
            yield Finding(Section.DOCUMENTS, code, N_("Upload the document: %(title)s"), {"title": title})


def _consents(dossier: Dossier, requirements: Requirements, today: date) -> Found:
    return _missing(Section.CONSENTS, dossier, _CONSENTS)


CHECKS: Mapping[Section, Callable[[Dossier, Requirements, date], Found]] = {
    Section.NOMINATION: _nomination,
    Section.CLUSTER: _cluster,
    Section.PASSPORT: _passport,
    Section.PARTICIPANTS: _participants,
    Section.FINANCE: _finance,
    Section.INDICATORS: _indicators,
    Section.DOCUMENTS: _documents,
    Section.CONSENTS: _consents,
}


def _any(*names: str) -> Callable[[Dossier], bool]:
    return lambda dossier: any(getattr(dossier, name) not in (None, "", False, (), frozenset()) for name in names)


BEGUN: Mapping[Section, Callable[[Dossier], bool]] = {
    Section.NOMINATION: _any("nomination"),
    Section.CLUSTER: _any("cluster_name", "managing", "members"),
    Section.PASSPORT: _any(*(name for name, _ in _PASSPORT)),
    Section.PARTICIPANTS: _any("initiator", "partners"),
    Section.FINANCE: _any(*(name for name, _ in _MONEY)),
    Section.INDICATORS: lambda dossier: bool(set(dossier.indicators) - {PRIVATE_SHARE}),
    Section.DOCUMENTS: lambda dossier: any(dossier.documents.values()),
    Section.CONSENTS: _any(*(name for name, _ in _CONSENTS)),
}
