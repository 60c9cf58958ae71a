"""The board of a contest: figures with their lists, acts that wait, and what is missing before the launch."""

from typing import Any

from flask import url_for
from flask_babel import gettext, ngettext

from judging.domain.gates import Act, is_open
from judging.domain.lifecycle import ContestStatus
from judging.models import Contest
from judging.queries.boards import Board
from judging.web.contests.faults import FaultLine
from judging.web.home.calendar import Phase

Item = dict[str, Any]


def stat_groups(contest: Contest, board: Board) -> list[tuple[str, list[Item]]]:
    """Groups of figures; every figure leads to the list it counts."""
    code = contest.code
    return [
        (gettext("Applications"), _application_stats(code, board)),
        (gettext("Reviews"), _review_stats(code, board)),
        (gettext("Experts"), _expert_stats(code, board)),
    ]


def _application_stats(code: str, board: Board) -> list[Item]:
    def item(label: str, value: int, status: str | None, tone: str | None = None) -> Item:
        return {
            "label": label,
            "value": value,
            "href": url_for("register.index", code=code, status=status),
            "tone": tone,
        }

    return [
        item(gettext("received"), board.received, None),
        item(gettext("to be decided"), board.submitted, "submitted", "warning" if board.submitted else None),
        item(gettext("admitted"), board.admitted, "admitted"),
        item(gettext("rejected"), board.rejected, "rejected"),
        item(gettext("withdrawn"), board.withdrawn, "withdrawn"),
        {"label": gettext("still being prepared"), "value": board.drafts},
    ]


def _review_stats(code: str, board: Board) -> list[Item]:
    assignment, progress = url_for("assignment.board", code=code), url_for("assignment.monitor", code=code)
    short = board.understaffed
    handed_in = gettext("%(done)s of %(total)s", done=board.handed_in, total=board.assigned)
    return [
        {"label": gettext("reviews submitted"), "value": handed_in, "href": progress},
        {"label": gettext("in work"), "value": board.in_work, "href": progress},
        {"label": gettext("not yet opened"), "value": board.waiting, "href": progress},
        {"label": gettext("proposed, experts not told"), "value": board.proposed, "href": assignment},
        {
            "label": gettext("applications short of experts"),
            "value": short,
            "href": assignment,
            "tone": "warning" if short else None,
        },
        {"label": gettext("recused"), "value": board.recused, "href": progress},
    ]


def _expert_stats(code: str, board: Board) -> list[Item]:
    experts = url_for("experts.index", code=code)
    return [
        {"label": gettext("experts"), "value": board.experts, "href": experts},
        {"label": gettext("have not accepted the invitation"), "value": board.experts_not_joined, "href": experts},
        {
            "label": gettext("conflicts of interest"),
            "value": board.conflicts,
            "href": url_for("experts.conflicts", code=code),
        },
    ]


def waiting_acts(contest: Contest, board: Board, phase: Phase, awaited: int = 0) -> list[Item]:
    """What waits for the staff now, the most urgent first; ``{text, href, action}``.

    ``awaited`` reviews that are not handed in are not late, for their experts have extensions.
    """
    if phase in (Phase.DRAFT, Phase.CANCELLED):
        return []
    acts = [*_acts_of_intake(contest, board), *_acts_of_review(contest, board, phase, awaited)]
    return [act for act in acts if act is not None]


def _acts_of_intake(contest: Contest, board: Board) -> list[Item | None]:
    """Applications that wait for a decision, for experts, or for their experts to be told; while that is possible."""
    code, decide, assign = contest.code, is_open(Act.DECIDE, contest.status), is_open(Act.ASSIGN, contest.status)
    assignment = url_for("assignment.board", code=code)
    submitted = ngettext(
        "%(num)d application waits for admission or rejection",
        "%(num)d applications wait for admission or rejection",
        board.submitted,
    )
    understaffed = ngettext(
        "%(num)d admitted application is short of experts",
        "%(num)d admitted applications are short of experts",
        board.understaffed,
    )
    proposed = ngettext(
        "%(num)d assignment is prepared, but its expert has not been told",
        "%(num)d assignments are prepared, but their experts have not been told",
        board.proposed,
    )
    return [
        _act(
            decide * board.submitted,
            submitted,
            url_for("register.index", code=code, status="submitted"),
            gettext("Decide"),
        ),
        _act(assign * board.understaffed, understaffed, assignment, gettext("Assign experts")),
        _act(assign * board.proposed, proposed, assignment, gettext("Notify the experts")),
    ]


def _acts_of_review(contest: Contest, board: Board, phase: Phase, awaited: int) -> list[Item | None]:
    """What is left to do once the time for reviews is over."""
    if phase is not Phase.DECISION or not ContestStatus(contest.status).goes_on:
        return []
    late = board.in_work + board.waiting - awaited
    extended = ngettext(
        "%(num)d review is awaited by an extension", "%(num)d reviews are awaited by extensions", awaited
    )
    overdue = ngettext(
        "%(num)d review was not submitted by the deadline", "%(num)d reviews were not submitted by the deadline", late
    )
    freeze = gettext("The review is over: check the ranking and freeze it")
    return [
        _act(late, overdue, url_for("assignment.monitor", code=contest.code), gettext("See which")),
        _act(awaited, extended, url_for("contests.milestones", code=contest.code), gettext("Stages and deadlines")),
        _act(1, freeze, url_for("ranking.show", code=contest.code), gettext("Open the ranking")),
    ]


def _act(count: int, text: str, href: str, action: str) -> Item | None:
    return {"text": text, "href": href, "action": action} if count else None


def launch_tasks(contest: Contest, board: Board, faults: list[FaultLine]) -> list[Item]:
    """What has to be ready before a draft is published, as the task list wants it."""
    code = contest.code
    rules = url_for("contests.rules", code=code)
    count = board.experts
    return [
        _task(gettext("Title, dates and budget"), f"{rules}#general", "dates", faults),
        _task(gettext("Criteria and weights"), f"{rules}#criteria", "rubric", faults),
        _task(gettext("Rules of the ranking and of the money"), f"{rules}#scoring", "rules", faults),
        _task(gettext("Application form"), url_for("form_editor.index", code=code), "form", faults),
        {
            "label": gettext("Experts"),
            "href": url_for("experts.index", code=code),
            "status": ngettext("%(num)d expert", "%(num)d experts", count) if count else gettext("Can be done later"),
            "tone": "success" if count else "neutral",
            "done": bool(count),
            "hint": gettext("Experts can be invited before and after publication."),
        },
    ]


def _task(label: str, href: str, part: str, faults: list[FaultLine]) -> Item:
    own = [line.text for line in faults if line.part == part]
    return {
        "label": label,
        "href": href,
        "status": gettext("To be mended") if own else gettext("Ready"),
        "tone": "danger" if own else "success",
        "done": not own,
        "hint": " ".join(own),
    }
