"""What the page of an application says of its agreed score and of its discussion."""

from dataclasses import dataclass
from decimal import Decimal

from judging.domain.access import Scope, roles_at
from judging.domain.discussion import Circle, read_by
from judging.domain.rules import AgreedScore
from judging.domain.scoring import round_half_up
from judging.domain.sheets import Sheet, total
from judging.extensions import db
from judging.models import Application
from judging.queries import discussions
from judging.queries.agreed_scores import agreed_of
from judging.queries.contests import rules_of as contest_rules
from judging.queries.rubrics import rules_of, sheet_criteria
from judging.web.access import current_actor, sight_of


@dataclass(frozen=True)
class Deliberation:
    """Whether the contest has either, who leads, whether it is submitted and with how many points; what is unread."""

    agreed_wanted: bool = False
    lead: str | None = None
    submitted: bool = False
    total: Decimal | None = None
    discussed: bool = False
    messages: int = 0
    unread: int = 0


def deliberation_of(application: Application) -> Deliberation:
    """Read it; the points only where marks are open to this person."""
    contest, actor = application.contest, current_actor()
    rules = contest_rules(contest)
    wanted = rules.agreed_score is not AgreedScore.NONE
    agreed = agreed_of(db.session, application.id) if wanted else None
    points = None
    if agreed is not None and agreed.submitted_at is not None and sight_of(contest).shows(application.id):
        criteria = rules_of(sheet_criteria(db.session, contest.id, application.nomination_id))
        marks = {code: Decimal(mark) for code, mark in agreed.scores.items()}
        given = total(criteria, Sheet(marks))
        points = None if given is None else round_half_up(given, rules.rounding)
    audiences = read_by(roles_at(actor, Scope(contest_id=contest.id)))
    rows = discussions.of_contest(db.session, contest.id, audiences, actor.user_id, application.id)
    said = rows[0] if rows else None
    circle = discussions.discussion_rules(db.session, contest.id).circle
    return Deliberation(
        agreed_wanted=wanted,
        lead=None if agreed is None else agreed.expert.name,
        submitted=agreed is not None and agreed.submitted_at is not None,
        total=points,
        discussed=circle is not Circle.NOBODY or said is not None,
        messages=said.messages if said else 0,
        unread=said.unread if said else 0,
    )
