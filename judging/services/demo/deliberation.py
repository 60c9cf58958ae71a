"""The discussion of an application whose reviews lay far apart, in the demonstration's contest that is decided next."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.domain.access import CONSOLE, Actor, By, Role
from judging.domain.discussion import Circle, DiscussionRules, MessageAudience
from judging.models import Application, Contest, User
from judging.services.demo.accounts import STAFF
from judging.services.discussions import Author, NewMessage, change_discussion_rules, write_message

CONTEST, NUMBER = "PP41-2026", "PP41-2026-007"
SAID = (
    (Role.SECRETARY, MessageAudience.COMMISSION,
     "Оценки экспертов по обоснованности сметы разошлись сильнее, чем допускает методика. Третье заключение уже есть; "
     "прошу посмотреть, на какие разделы заявки оно опирается."),
    (Role.CHAIR, MessageAudience.COMMISSION,
     "Посмотрел. Расхождение объясняется тем, что один из экспертов учёл только договоры, а другой – и соглашения о "
     "намерениях. Для решения достаточно того, что подтверждено договорами."),
    (Role.SECRETARY, MessageAudience.STAFF,
     "Внести это объяснение в справку к заседанию."),
)  # fmt: skip


def discuss_an_application(session: Session, now: datetime) -> None:
    """Let the commission and the experts of the contest discuss, and put down what was said of one application."""
    contest = session.scalars(select(Contest).where(Contest.code == CONTEST)).one()
    change_discussion_rules(session, contest, DiscussionRules(Circle.EXPERTS), version=0, by=By(CONSOLE, now))
    session.flush()
    application_id = session.scalars(select(Application.id).where(Application.number == NUMBER)).one()
    people = {one.role: session.scalars(select(User).where(User.email == one.email)).one() for one in STAFF}
    for role, audience, text in SAID:
        person = people[role]
        by = By(Actor(person.id, person.name), now)  # the journal is in the order of time
        write_message(
            session, application_id, NewMessage(text, audience), Author(frozenset({role})), by=by, base_url=""
        )
