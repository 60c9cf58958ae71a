"""What is said of a draft plan: its matches as figures, how good it is, how far its calculation is."""

from collections.abc import Mapping, Sequence
from typing import Any

from babel.numbers import format_decimal
from flask import url_for
from flask_babel import get_locale, gettext, ngettext
from markupsafe import Markup

from judging.domain.affinity import WEIGHTS, MatchLevel
from judging.domain.distribution import GOAL_LABELS, DistributionRules
from judging.domain.errors import N_
from judging.domain.lifecycle import PlanStatus
from judging.domain.plan_explanation import Message, field_message, worded
from judging.models import AssignmentPlan
from judging.queries.assignment.plans import PlanTotals
from judging.queries.jobs import JobProgress
from judging.web.templating import translate

DOORS: Mapping[str, tuple[str, str]] = {
    "raise_loads": ("experts.index", N_("Open the list of experts")),
    "add_experts": ("experts.new", N_("Add an expert")),
    "lower_min_loads": ("assignment.rules", N_("Change the rules")),
    "drop_rule": ("assignment.rules", N_("Change the rules")),
    "unlock": ("assignment.board", N_("Open the board")),
    "allow": ("experts.conflicts", N_("Open the conflicts of interest")),
}
"""Where each kind of relaxation can be carried out, and what the link says."""
FULL_MATCH = WEIGHTS[MatchLevel.EXACT]
"""The match of a pair with the same code counts as one."""


def match_figure(value: float) -> str:
    """A match, or a sum of them, in shares of a full match: «1,53»."""
    return str(format_decimal(value / FULL_MATCH, format="#,##0.00", locale=get_locale()))


def words(message: Message) -> str:
    """A message of the domain in the language of the page; the matches in it as figures."""
    return worded(message, translate, match_figure)


def figures(code: str, totals: PlanTotals) -> list[dict[str, Any]]:
    """The figures on top of a draft, as the component ``stats`` takes them."""
    worst_first = url_for("assignment.draft", code=code, sort="score")
    shown: list[dict[str, Any]] = [
        {"label": gettext("least match of an application"), "value": match_figure(totals.floor), "href": worst_first},
        {"label": gettext("mean of the worst 5 per cent"), "value": match_figure(totals.worst), "href": worst_first},
        {
            "label": gettext("mean of all applications"),
            "value": match_figure(totals.mean),
            "note": gettext("sum of the matches: %(sum)s", sum=match_figure(totals.total)),
        },
        {
            "label": gettext("will be proposed"),
            "value": _kept_true("added", totals.ticked_added),
            "note": gettext("of %(number)s in the draft", number=totals.added),
        },
        {
            "label": gettext("will be taken off"),
            "value": _kept_true("removed", totals.ticked_removed),
            "note": gettext("of %(number)s in the draft", number=totals.removed),
        },
        {"label": gettext("stay as they are"), "value": totals.kept},
    ]
    return shown


def _kept_true(key: str, number: int) -> Markup:
    """A number that ``ticks.js`` keeps true while one ticks."""
    return Markup('<span data-answer="{}">{}</span>').format(key, number)


def proof(totals: PlanTotals, *, keep: bool) -> str:
    """How far the plan is from what is proved to be the best, in plain sentences; ``keep``: with the proposals made."""
    said = [_floor_proof(totals), _total_proof(totals)]
    if totals.missing:
        said.append(gettext("Only distributions that leave the same places empty are compared."))
    if totals.limit_reached:
        said.append(gettext("The search stopped at its limit: this is the best plan found."))
    if keep and totals.kept:
        said.append(gettext("Only distributions that keep these proposals are compared."))
    return " ".join(sentence for sentence in said if sentence)


def _floor_proof(totals: PlanTotals) -> str:
    if totals.floor_bound is None:
        return ""
    floor, gap = match_figure(totals.floor), totals.floor_bound - totals.floor
    if match_figure(gap) == match_figure(0):
        return str(gettext("Proved: the least match of an application cannot be above %(floor)s.", floor=floor))
    return str(
        gettext(
            "Proved: the least match of an application, %(floor)s, cannot be raised by more than %(gap)s.",
            floor=floor,
            gap=match_figure(gap),
        )
    )


def _total_proof(totals: PlanTotals) -> str:
    gap = totals.total_bound - totals.total
    greatest = match_figure(gap) == match_figure(0)
    if greatest and totals.floor_bound is None:
        return str(gettext("Proved: the sum of the matches is the greatest possible."))
    if greatest:
        return str(gettext("With that, the sum of the matches is the greatest possible."))
    return str(gettext("The sum of the matches cannot be greater by more than %(gap)s.", gap=match_figure(gap)))


def state_of(plan: AssignmentPlan, job: JobProgress) -> dict[str, Any]:
    """How far a calculation is, for the page and for ``poll.js``."""
    step = gettext("step %(done)s of %(steps)s", done=job.done, steps=job.of)
    return {
        "text": _state_text(plan, job),
        "figure": step if job.of else "",
        "done": job.done,
        "of": job.of,
        "over": plan.status != PlanStatus.QUEUED,
    }


def _state_text(plan: AssignmentPlan, job: JobProgress) -> str:
    if plan.status != PlanStatus.QUEUED:
        return str(gettext("The calculation is over."))
    if job.running and job.attempt > 1:
        return str(gettext("The draft is being calculated: it was interrupted and taken up again."))
    if job.running:
        return str(gettext("The draft is being calculated."))
    if job.attempt:
        return str(gettext("The calculation was interrupted and will be taken up again by itself."))
    return str(gettext("The draft waits its turn."))


def applied_words(totals: PlanTotals) -> str:
    """What applying has done, or would do."""
    added = ngettext("%(num)d task is proposed", "%(num)d tasks are proposed", totals.ticked_added)
    removed = ngettext("%(num)d proposal is taken off", "%(num)d proposals are taken off", totals.ticked_removed)
    return f"{added}, {removed}." if totals.ticked_removed else f"{added}."


def rule_sentences(rules: DistributionRules) -> list[str]:
    """The rules in force, one sentence each; what is not asked for is left out."""
    said = [translate(GOAL_LABELS[rules.goal])]
    if rules.own_region_barred:
        said.append(gettext("no expert from the region of the applicant"))
    if rules.other_region_at_least:
        said.append(gettext("experts from other regions: at least %(number)s", number=rules.other_region_at_least))
    if rules.one_per_organisation:
        said.append(gettext("no two experts of one organisation"))
    if rules.methodologists_at_least:
        said.append(gettext("methodologists: at least %(number)s", number=rules.methodologists_at_least))
    if rules.min_load:
        said.append(gettext("applications for every expert: at least %(number)s", number=rules.min_load))
    return said


def insight_rows(plan: AssignmentPlan) -> list[dict[str, Any]]:
    """What one more expert of each field would give, the most useful first; None where nothing."""
    return [
        {
            "field": words(field_message(one["code"])),
            "room": one["room"],
            "floor": match_figure(one["floor"]) if one["floor"] > 0 else None,
            "total": match_figure(one["total"]) if one["total"] > 0 else None,
        }
        for one in (plan.insights or {}).get("experts", ())
    ]


def relaxations(code: str, plan: AssignmentPlan, messages: Sequence[Message]) -> list[dict[str, Any]]:
    """What would make a full plan possible, each with the page where it can be done."""
    found = (plan.diagnosis or {}).get("relaxations", [])
    if len(found) != len(messages):
        return [{"kind": "", "text": words(one), "verified": False, "href": None, "act": ""} for one in messages]
    shown = []
    for stored, message in zip(found, messages, strict=True):
        endpoint, act = DOORS.get(stored["kind"], ("", ""))
        shown.append(
            {
                "kind": stored["kind"],
                "text": words(message),
                "verified": stored.get("verified", False),
                "href": url_for(endpoint, code=code) if endpoint else None,
                "act": translate(act) if act else "",
            }
        )
    return shown
