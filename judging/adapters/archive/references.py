"""Whether the objects of an archive fit together: keys, references, the rubric, dates, and marks on their scales."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from judging.adapters.addresses import address_key
from judging.adapters.archive.draft import Draft
from judging.adapters.archive.submissions import submitted_faults
from judging.adapters.strict_json.notation import path_text
from judging.adapters.strict_json.pieces import Pieces
from judging.domain.errors import N_, Fault
from judging.domain.milestones import Row, plan_faults
from judging.domain.nominations import nominations_faults
from judging.domain.record import AgreedReview, Application, Review, ReviewState
from judging.domain.rubric import ExpertCriterion, mark_fault
from judging.domain.rubric_faults import base_faults, criterion_faults, rubric_faults
from judging.domain.rules import AgreedScore, rules_faults
from judging.domain.sheet_rules import group_place, sheet_rules_faults

UNKNOWN_ORGANISATION = N_("unknown organisation %(key)s")
UNKNOWN_CLUSTER = N_("unknown cluster %(key)s")
UNKNOWN_APPLICATION = N_("unknown application %(key)s")
UNKNOWN_EXPERT = N_("unknown expert %(key)s")
UNKNOWN_NOMINATION = N_("unknown nomination %(key)s")
UNKNOWN_CRITERION = N_("unknown criterion %(key)s")
REPEATED = N_("the same as %(first)s")
TWO_NAMES = N_("the same as %(first)s, but called “%(here)s” here and “%(there)s” there")

Known = frozenset[str] | None


def reference_faults(draft: Draft) -> Iterator[Fault]:
    """Yield every fault that shows only between objects, as far as the objects could be read."""
    for check in CHECKS:
        yield from check(draft)


def _unknown(path: str, key: str | None, known: Known, message: str) -> Iterator[Fault]:
    if key is not None and known is not None and key not in known:
        yield Fault(path, message, {"key": key})


def _repeated(items: Iterator[tuple[str, tuple[str, ...]]], name: str = "") -> Iterator[Fault]:
    """Yield a fault for every key that stood before; ``name`` is the field that holds it."""
    first: dict[tuple[str, ...], str] = {}
    for path, key in items:
        known = first.setdefault(key, path)
        if known != path:
            yield Fault(path + name, REPEATED, {"first": known + name})


def _date_faults(draft: Draft) -> Iterator[Fault]:
    head = draft.head
    if head is None:
        return
    if head.applications_close <= head.applications_open:
        yield Fault("contest.applications_close", N_("not after applications_open"))
    if head.review_close < head.applications_close:
        yield Fault("contest.review_close", N_("before applications_close"))


def _rubric_faults(draft: Draft) -> Iterator[Fault]:
    criteria = draft.criteria.fitting()
    if not draft.criteria.complete():
        for path, criterion in draft.criteria.fit():
            yield from _below(path, criterion_faults(criterion))
        return
    yield from _below("contest", rubric_faults(criteria))
    if draft.rules is not None:
        yield from _below("contest", rules_faults(draft.rules, criteria))
    if draft.sheet is not None:
        yield from _below("contest", sheet_rules_faults(draft.sheet))
    if draft.head is not None:
        yield from _below("contest", base_faults(criteria, draft.head.frozen_base))
    if draft.nominations.complete():
        yield from _below("contest", nominations_faults(draft.nominations.fitting(), criteria))


def _below(path: str, faults: tuple[Fault, ...]) -> Iterator[Fault]:
    for fault in faults:
        yield Fault(f"{path}.{fault.path}", fault.message, fault.params)


def _milestone_faults(draft: Draft) -> Iterator[Fault]:
    if not draft.milestones.complete():
        return
    rows = {item.code: Row(item.plan) for item in draft.milestones.fitting()}
    for path, item in draft.milestones.fit():
        yield from _below(path, plan_faults(item.code, item.plan, rows))
        if item.reason and item.came_at is None:
            yield Fault(f"{path}.reason", N_("only of a milestone that was said by hand to have come"))


def _organisation_faults(draft: Draft) -> Iterator[Fault]:
    """Name every ИНН that stood before, with both names where the organisation has two."""
    names = {path: organisation.name for path, organisation in draft.organisations.fit()}
    for fault in _repeated(draft.organisations.keys("inn"), ".inn"):
        first = str(fault.params["first"])
        here, there = (names.get(path.removesuffix(".inn")) for path in (fault.path, first))
        if here is None or there is None or here == there:
            yield fault
        else:
            yield Fault(fault.path, TWO_NAMES, {"first": first, "here": here, "there": there})


def _cluster_faults(draft: Draft) -> Iterator[Fault]:
    organisations = draft.organisations.known("inn")
    yield from _repeated(draft.clusters.keys("code"), ".code")
    for path, cluster in draft.clusters.fit():
        yield from _unknown(
            f"{path}.managing_organisation", cluster.managing_organisation, organisations, UNKNOWN_ORGANISATION
        )
        members = [(f"{path}.members[{index}]", inn) for index, inn in enumerate(cluster.members)]
        yield from _repeated((place, (inn,)) for place, inn in members)
        for place, inn in members:
            yield from _unknown(place, inn, organisations, UNKNOWN_ORGANISATION)


def _application_faults(draft: Draft) -> Iterator[Fault]:
    clusters = draft.clusters.known("code")
    organisations = draft.organisations.known("inn")
    nominations = draft.nominations.known("code")
    yield from _repeated(draft.applications.keys("number"), ".number")
    for path, application in draft.applications.fit():
        yield from _unknown(f"{path}.cluster", application.cluster, clusters, UNKNOWN_CLUSTER)
        for place, inn in _participants(path, application):
            yield from _unknown(place, inn, organisations, UNKNOWN_ORGANISATION)
        yield from _unknown(f"{path}.nomination", application.nomination, nominations, UNKNOWN_NOMINATION)
        if nominations and application.nomination is None:
            yield Fault(f"{path}.nomination", N_("missing in a contest with nominations"))


def _participants(path: str, application: Application) -> Iterator[tuple[str, str]]:
    yield f"{path}.initiator", application.initiator
    for index, partner in enumerate(application.partners):
        yield f"{path}.partners[{index}].inn", partner.inn


def _expert_faults(draft: Draft) -> Iterator[Fault]:
    organisations = draft.organisations.known("inn")
    yield from _repeated(((path, (address_key(email),)) for path, (email,) in draft.experts.keys("email")), ".email")
    for path, expert in draft.experts.fit():
        yield from _unknown(f"{path}.organisation", expert.organisation, organisations, UNKNOWN_ORGANISATION)


def _pair_faults(draft: Draft) -> Iterator[Fault]:
    """Check who and what the conflicts and the reviews are about, and that no pair stands twice in either list."""
    experts = draft.experts.known("email")
    applications = draft.applications.known("number")
    lists: tuple[Pieces[Any], ...] = (draft.conflicts, draft.reviews, draft.agreed)
    yield from _repeated(draft.agreed.keys("application"), ".application")
    for pieces in lists:
        if pieces is not draft.agreed:
            yield from _repeated(pieces.keys("expert", "application"))
        for path, pair in pieces.fit():
            yield from _unknown(f"{path}.expert", pair.expert, experts, UNKNOWN_EXPERT)
            yield from _unknown(f"{path}.application", pair.application, applications, UNKNOWN_APPLICATION)


def _review_faults(draft: Draft) -> Iterator[Fault]:
    rubric = _Rubric(draft)
    for path, review in draft.reviews.fit():
        if review.state is ReviewState.SUBMITTED and review.submitted_at is None:
            yield Fault(f"{path}.submitted_at", N_("missing in a submitted review"))
        for name, comments in (("comments", review.comments), ("to_applicant", review.to_applicant)):
            for code in comments:
                yield from _unknown(_member(path, name, code), code, rubric.places, UNKNOWN_CRITERION)
        yield from _score_faults(path, review, rubric)
        yield from _abstention_faults(path, review, rubric)


def _agreed_faults(draft: Draft) -> Iterator[Fault]:
    rubric = _Rubric(draft)
    for path, agreed in draft.agreed.fit():
        if draft.rules is not None and draft.rules.agreed_score is AgreedScore.NONE:
            yield Fault(path, N_("the rules of this contest know no agreed score"))
        yield from _score_faults(path, agreed, rubric)


def _abstention_faults(path: str, review: Review, rubric: "_Rubric") -> Iterator[Fault]:
    """Name the abstentions that cannot be: from a criterion that has a mark, or that everybody has to judge."""
    for code in sorted(review.abstained):
        fault = rubric.abstention(code)
        if code in review.scores:
            fault = Fault("", N_("the criterion %(key)s has a mark"), {"key": code})
        if fault is not None:
            yield Fault(f"{path}.abstained", fault.message, fault.params)


def _score_faults(path: str, review: Review | AgreedReview, rubric: "_Rubric") -> Iterator[Fault]:
    for code, mark in review.scores.items():
        fault = rubric.fault(code, mark)
        if fault is not None:
            yield Fault(_member(path, "scores", code), fault.message, fault.params)


def _member(path: str, name: str, code: str) -> str:
    return f"{path}.{path_text(name, code)}"


class _Rubric:
    """What can be said of a mark; nothing where the criterion itself has a fault."""

    def __init__(self, draft: Draft) -> None:
        self.codes: Known = draft.criteria.known("code")
        groups = {group_place(item.group) for item in draft.criteria.fitting() if item.group}
        self.places: Known = None if self.codes is None else self.codes | groups
        """Where a comment may stand: at a criterion, or at a group."""
        self._criteria = {item.code: item for _, item in draft.criteria.fit() if not criterion_faults(item)}
        self._seen: dict[tuple[str, Decimal], Fault | None] = {}

    def fault(self, code: str, mark: Decimal) -> Fault | None:
        """Return what is wrong with ``mark`` for the criterion ``code``; the same question is worked out once."""
        key = (code, mark)
        if key not in self._seen:
            self._seen[key] = self._fault(code, mark)
        return self._seen[key]

    def abstention(self, code: str) -> Fault | None:
        """Return what is wrong with an abstention from the criterion ``code``."""
        if self.codes is not None and code not in self.codes:
            return Fault("", UNKNOWN_CRITERION, {"key": code})
        criterion = self._criteria.get(code)
        if criterion is None or (isinstance(criterion, ExpertCriterion) and criterion.may_abstain):
            return None
        return Fault("", N_("nobody may abstain from the criterion %(key)s"), {"key": code})

    def _fault(self, code: str, mark: Decimal) -> Fault | None:
        if self.codes is not None and code not in self.codes:
            return Fault("", UNKNOWN_CRITERION, {"key": code})
        criterion = self._criteria.get(code)
        if criterion is None:
            return None
        if not isinstance(criterion, ExpertCriterion):
            return Fault("", N_("experts do not mark the criterion %(key)s"), {"key": code})
        return mark_fault(criterion, mark)


CHECKS: tuple[Callable[[Draft], Iterator[Fault]], ...] = (
    _date_faults,
    _rubric_faults,
    _milestone_faults,
    _organisation_faults,
    _cluster_faults,
    _application_faults,
    submitted_faults,
    _expert_faults,
    _pair_faults,
    _review_faults,
    _agreed_faults,
)
