"""What the ranking's templates need beside the page of lines: filter options, figures on top, links of blockers."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import url_for
from flask_babel import format_decimal, gettext, ngettext

from judging.domain.errors import Fault
from judging.domain.ranking import Outcome
from judging.domain.rubric import maximum_total
from judging.extensions import db
from judging.models import Contest
from judging.queries.stages import previous_totals
from judging.web.regions import region_options
from judging.web.standings import Standing
from judging.web.templating import decimal, label, money, translate

LISTS = {
    "applications": "register.index",
    "reviews": "assignment.monitor",
    "ranking": "ranking.show",
    "extensions": "contests.milestones",
}


def table_context(standing: Standing, contest: Contest) -> dict[str, Any]:
    """Filter options, the scale of the totals' bars, and the totals of the stage before, None of a first stage."""
    return {
        "previous_totals": previous_totals(db.session, contest),
        "outcomes": [(str(outcome), label(outcome)) for outcome in Outcome],
        "regions": region_options(standing.regions),
        "maximum": maximum_total(standing.record.contest.criteria),
        "terms": standing.record.contest,
    }


def figures(standing: Standing, contest: Contest) -> list[Mapping[str, Any]]:
    """The numbers on top of the page, each leading to its list."""
    terms = standing.record.contest
    show = url_for("ranking.show", code=contest.code)
    ranked, winners = len(standing.lines), standing.count(Outcome.WINNER)
    items: list[Mapping[str, Any]] = [
        {
            "label": ngettext("application ranked", "applications ranked", ranked),
            "value": format_decimal(ranked),
            "href": show,
        },
        {
            "label": ngettext("winner", "winners", winners),
            "value": format_decimal(winners),
            "href": url_for("ranking.show", code=contest.code, outcome="winner"),
        },
        {"label": gettext("to be awarded"), "value": money(standing.awarded), "note": _budget_note(standing)},
    ]
    if terms.rules.pass_total is not None:
        below = standing.count(Outcome.BELOW_THRESHOLD)
        note = gettext("threshold %(total)s", total=decimal(terms.rules.pass_total))
        href = url_for("ranking.show", code=contest.code, outcome="below_threshold")
        items.append(
            {"label": gettext("below the threshold"), "value": format_decimal(below), "href": href, "note": note}
        )
    incomplete = standing.count(Outcome.INCOMPLETE)
    if incomplete:
        href = url_for("ranking.show", code=contest.code, outcome="incomplete")
        items.append(
            {
                "label": ngettext("not complete yet", "not complete yet", incomplete),
                "value": format_decimal(incomplete),
                "href": href,
                "tone": "warning",
            }
        )
    return items


def _budget_note(standing: Standing) -> str:
    budget = standing.record.contest.budget
    if budget is None:
        return gettext("the budget has no limit")
    return gettext("of %(budget)s, left %(left)s", budget=money(budget), left=money(budget - standing.awarded))


def blocker_links(faults: Iterable[Fault], contest: Contest) -> list[dict[str, str]]:
    """Blockers of freezing as links to the lists where they are resolved."""
    return [
        {
            "text": translate(fault.message, **fault.params),
            "href": url_for(LISTS[fault.path], code=contest.code),
        }
        for fault in faults
    ]
