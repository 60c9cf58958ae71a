"""Hints about the quality of experts' work, for the staff alone: a reason to look, never a verdict."""

from collections import defaultdict
from dataclasses import dataclass

from flask import render_template

from judging.domain.access import Permission
from judging.domain.hints import Hint, hints_of
from judging.extensions import db
from judging.models import Contest
from judging.queries import scopes
from judging.queries.assignment import quality
from judging.queries.contests import by_code
from judging.web.access import requires
from judging.web.assignment.blueprint import blueprint
from judging.web.assignment.hint_words import ShownHint, shown_hints
from judging.web.kept_counts import Tally
from judging.web.marks_sight import marks_are_shown


@dataclass(frozen=True)
class HintedExpert:
    """An expert about whom there is something to look at."""

    id: int
    name: str
    hints: list[ShownHint]


@blueprint.get("/staff/contests/<code>/progress/hints")
@requires(Permission.SEE_ALL_REVIEWS, scopes.contest_scope)
def hints(code: str) -> str:
    """Every expert about whom there is a hint, by name."""
    contest = by_code(db.session, code)
    names, marks = quality.names_of_experts(db.session, contest.id), marks_are_shown(contest)
    numbers = quality.numbers_of_reviews(db.session, contest.id)
    found: defaultdict[int, list[Hint]] = defaultdict(list)
    for hint in _kept(contest):
        found[hint.expert].append(hint)
    shown = [HintedExpert(key, names[key], shown_hints(found[key], numbers, names, marks=marks)) for key in names]
    return render_template(
        "assignment/hints.html",
        contest=contest,
        rows=[one for one in shown if one.hints],
        experts=len(names),
        sheets=len(numbers),
        marks=marks,
    )


def _kept(contest: Contest) -> tuple[Hint, ...]:
    """The hints of a whole contest, worked out once for as long as nothing is handed in."""
    return Tally(contest).get("hints", lambda: hints_of(quality.judged_panel(db.session, contest.id)))


@blueprint.get("/staff/contests/<code>/progress/hints/<int:expert_id>")
@requires(Permission.SEE_ALL_REVIEWS, scopes.expert_in_contest_scope)
def expert_hints(code: str, expert_id: int) -> str:
    """What there is to look at of one expert; here the texts of the applications are compared as well."""
    contest = by_code(db.session, code)
    names, marks = quality.names_of_experts(db.session, contest.id), marks_are_shown(contest)
    panel = quality.judged_panel(db.session, contest.id)
    own = panel.by_expert.get(expert_id, ())
    found = hints_of(panel, quality.texts_judged_by(db.session, expert_id), only=expert_id) if own else ()
    numbers = quality.numbers_of_reviews(db.session, contest.id)
    return render_template(
        "assignment/expert_hints.html",
        contest=contest,
        expert_id=expert_id,
        name=names[expert_id],
        sheets=len(own),
        hints=shown_hints(found, numbers, names, marks=marks),
        marks=marks,
    )
