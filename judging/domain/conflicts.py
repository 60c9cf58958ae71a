"""Who may not judge whom, and why.

A pair in conflict is not assigned, read, scored or counted. Conflicts are found by the employer's ИНН or declared.
A stored reason is a code, with the ИНН where one matters (``employer_initiator:0000001004``) or with the words that the
expert added (``relative:…``); a reason that came in words, as an archive may bring it, is kept as it is.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from enum import StrEnum

from judging.domain.errors import N_
from judging.domain.record import Application, Cluster, Conflict, ContestRecord, Expert, Review, ReviewState


class Reason(StrEnum):
    """Why a pair may not meet: the first three are found by the system, the others are declared."""

    EMPLOYER_INITIATOR = "employer_initiator"
    EMPLOYER_PARTNER = "employer_partner"
    EMPLOYER_MANAGING = "employer_managing"
    EMPLOYMENT = "employment"
    RELATIVE = "relative"
    OWNERSHIP = "ownership"
    PREPARATION = "preparation"
    RELATIONS = "relations"
    COMPETITOR = "competitor"
    SUBORDINATION = "subordination"
    OTHER = "other"


DETECTED = (Reason.EMPLOYER_INITIATOR, Reason.EMPLOYER_PARTNER, Reason.EMPLOYER_MANAGING)
DECLARED = tuple(reason for reason in Reason if reason not in DETECTED)

REASON_LABELS: Mapping[Reason, str] = {
    Reason.EMPLOYER_INITIATOR: N_("The expert works at the project's initiator"),
    Reason.EMPLOYER_PARTNER: N_("The expert works at a partner of the project"),
    Reason.EMPLOYER_MANAGING: N_("The expert works at the managing organisation of the cluster"),
    Reason.EMPLOYMENT: N_("I work or have recently worked at a participant of the project"),
    Reason.RELATIVE: N_("A close relative works at a participant of the project or owns a share of it"),
    Reason.OWNERSHIP: N_("I own a share of a participant of the project or sit on its board"),
    Reason.PREPARATION: N_("I took part in preparing the application"),
    Reason.RELATIONS: N_("I am a co-author, party to a contract or to a lawsuit with a participant of the project"),
    Reason.COMPETITOR: N_("I work for a competitor of a participant of the project"),
    Reason.SUBORDINATION: N_("I am a superior or a subordinate of someone in the project"),
    Reason.OTHER: N_("Another reason"),
}

_WITH_INN: Mapping[Reason, str] = {
    Reason.EMPLOYER_INITIATOR: N_("The expert works at the project's initiator (INN %(inn)s)"),
    Reason.EMPLOYER_PARTNER: N_("The expert works at a partner of the project (INN %(inn)s)"),
    Reason.EMPLOYER_MANAGING: N_("The expert works at the managing organisation of the cluster (INN %(inn)s)"),
}


def detect(
    applications: Iterable[Application], clusters: Iterable[Cluster], experts: Iterable[Expert]
) -> tuple[Conflict, ...]:
    """Find every pair in which the expert's employer takes part in the project or manages its cluster.

    One conflict a pair, with the weightiest reason; in the order of the applications, then of the experts.
    """
    managing = {cluster.code: cluster.managing_organisation for cluster in clusters}
    employed = defaultdict(list)
    for expert in experts:
        if expert.organisation:
            employed[expert.organisation].append(expert)
    return tuple(
        Conflict(expert.email, application.number, stored_reason(reason, inn))
        for application in applications
        for inn, reason in _interested(application, managing.get(application.cluster)).items()
        for expert in employed.get(inn, ())
    )


def stored_reason(reason: Reason, detail: str | None = None) -> str:
    """Return the reason as it is stored: with the organisation's ИНН (found) or with the words added (declared)."""
    return f"{reason.value}:{detail}" if detail else reason.value


def reason_code(stored: str) -> Reason | None:
    """Return the code of a stored reason; None where it came in words."""
    code = stored.partition(":")[0]
    return Reason(code) if code in set(Reason) else None


def reason_message(stored: str) -> tuple[str, Mapping[str, object]]:
    """Return a stored reason as a message to translate and its values; words stand for themselves."""
    reason, inn = reason_code(stored), stored.partition(":")[2]
    if reason is None:
        return "%(reason)s", {"reason": stored}
    if inn and reason in _WITH_INN:
        return _WITH_INN[reason], {"inn": inn}
    return REASON_LABELS[reason], {}


def reason_words(stored: str) -> str:
    """Return what the expert added to a declared reason in their own words; empty where there is nothing."""
    return stored.partition(":")[2] if reason_code(stored) in DECLARED else ""


def pairs(conflicts: Iterable[Conflict]) -> frozenset[tuple[str, str]]:
    """Return the (expert, application) pairs that may not meet."""
    return frozenset((conflict.expert, conflict.application) for conflict in conflicts)


def blocked(barred: frozenset[tuple[str, str]], expert: str, application: str) -> bool:
    """Say whether ``expert`` (e-mail) may not meet ``application`` (number); ``barred`` comes from :func:`pairs`."""
    return (expert, application) in barred


def close_barred(record: ContestRecord) -> tuple[ContestRecord, tuple[Review, ...]]:
    """Return the record with every unfinished review of a pair in conflict closed, and the reviews that were.

    As an entered conflict takes a task off the expert: the review is recused, for the conflict's reason.
    """
    reasons = {(conflict.expert, conflict.application): conflict.reason for conflict in record.conflicts}
    closed: list[Review] = []
    reviews: list[Review] = []
    for review in record.reviews:
        reason = reasons.get((review.expert, review.application))
        if reason is not None and review.state is ReviewState.ASSIGNED:
            closed.append(replace(review, state=ReviewState.RECUSED, reason=review.reason or reason))
            reviews.append(closed[-1])
        else:
            reviews.append(review)
    return (replace(record, reviews=tuple(reviews)) if closed else record), tuple(closed)


def _interested(application: Application, managing: str | None) -> dict[str, Reason]:
    """Return the organisations with an interest in the application by ИНН, each with its weightiest reason."""
    found: dict[str, Reason] = {}
    for inn, reason in _interests(application, managing):
        found.setdefault(inn, reason)
    return found


def _interests(application: Application, managing: str | None) -> Iterator[tuple[str, Reason]]:
    yield application.initiator, Reason.EMPLOYER_INITIATOR
    for partner in application.partners:
        yield partner.inn, Reason.EMPLOYER_PARTNER
    if managing:
        yield managing, Reason.EMPLOYER_MANAGING
