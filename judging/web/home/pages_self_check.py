"""“Can we take part?”: the self-check of a contest, for anybody; and the organiser's policy on personal data."""

from dataclasses import dataclass

from flask import abort, render_template, request

from judging.domain.access import Permission
from judging.domain.public_page import LONGEST_NUMBER, CheckQuestion, SelfCheck, page_of, self_checked
from judging.extensions import db
from judging.queries import contests, scopes
from judging.web.access import requires
from judging.web.clock import arrived
from judging.web.home.blueprint import blueprint
from judging.web.home.calendar import Phase, stage_of


@dataclass(frozen=True)
class Asked:
    """A question with what was answered; ``wrong``: the answer is missing or no number."""

    question: CheckQuestion
    name: str
    answer: str
    wrong: bool


@blueprint.get("/contests/<code>/can-we-apply")
@requires(Permission.SEE_PUBLIC, scopes.contest_scope)
def self_check(code: str) -> str:
    """The questions, and what comes of the answers in the address; nothing is stored."""
    contest = contests.by_code(db.session, code)
    questions = page_of(contest.public_page).self_check
    if not questions:
        abort(404)
    given = [request.args.get(f"q{place + 1}", "") for place in range(len(questions))]
    answers = [text[: LONGEST_NUMBER + 1].strip() for text in given]
    asked = "check" in request.args
    found: SelfCheck | None = self_checked(questions, answers) if asked else None
    return render_template(
        "home/self_check.html",
        contest=contest,
        found=found,
        open_now=stage_of(contest.status, contests.calendar_of(contest), arrived()) is Phase.OPEN,
        rows=[
            Asked(one, f"q{place + 1}", answers[place], found is not None and place in found.unanswered)
            for place, one in enumerate(questions)
        ],
    )


@blueprint.get("/contests/<code>/data-policy")
@requires(Permission.SEE_PUBLIC, scopes.contest_scope)
def data_policy(code: str) -> str:
    """The organiser's policy on personal data; 404 where there is none or it is elsewhere."""
    contest = contests.by_code(db.session, code)
    page = page_of(contest.public_page)
    if not page.data_policy or page.data_policy.startswith("https://"):
        abort(404)
    return render_template("home/data_policy.html", contest=contest, page=page)
