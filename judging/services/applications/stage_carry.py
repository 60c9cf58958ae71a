"""Those who passed a stage are carried over into the next one: a draft each, with the answers that it can take over.

What is taken over is read before anything is locked; the act then makes the drafts of those who are not there yet, so
that it can be carried out again without making anything twice.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.domain.access import By
from judging.domain.errors import N_, RuleViolation
from judging.domain.events import Event
from judging.domain.forms.carrying import carried_answers
from judging.domain.gates import Act
from judging.domain.lifecycle import NotPossible
from judging.models import Application, Contest, TeamMember, User
from judging.queries import applications
from judging.queries.forms import form_in_force
from judging.queries.stages import carried_ids, passed_of, previous_of
from judging.queries.submissions import last_submitted
from judging.services import audit, letters
from judging.services.accounts.mailed_links import moscow_text
from judging.services.applications.earlier_answers import Base, begin_with
from judging.services.holding import hold
from judging.services.letters import Wording

MOST_NAMED = 100
"""Numbers that a record of the journal names."""
CARRIED = Wording(
    N_("Your application passed to the next stage"),
    N_(
        "Hello, %(name)s!\n\n"
        "Application %(number)s of your team passed the contest “%(previous)s”.\n"
        "A draft with the answers that could be taken over is ready in the contest “%(contest)s”.\n"
        "Files and consents are not taken over: add them, check the draft and submit it.\n"
        "Applications are accepted from %(opens)s to %(closes)s.\n\n"
        "The draft: %(link)s\n"
    ),
)


class Who(StrEnum):
    """Who is carried over."""

    WINNERS = "winners"
    PASSED = "passed"


WHO_LABELS: Mapping[Who, str] = {
    Who.WINNERS: N_("Winners: those that the money suffices for"),
    Who.PASSED: N_("All that reached the passing marks"),
}


@dataclass(frozen=True)
class Carried:
    """One that is to be carried over: the earlier application and its answers by section of the form, typed."""

    application_id: int
    number: str
    answers: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Carrying:
    """What was read for the act: by which form, who is carried over, and who cannot be: their team is not known."""

    who: Who
    form: str
    carried: tuple[Carried, ...]
    without_team: tuple[str, ...]


@dataclass(frozen=True)
class Counted:
    """How many would be carried over, how many are there already, and the numbers of those without a team."""

    new: int
    there: int
    without_team: tuple[str, ...]


def count_carrying(session: Session, contest: Contest, who: Who) -> Counted | None:
    """Say whom the act would carry over; None where the ranking of the stage before is not approved yet."""
    passed = None if contest.previous_id is None else passed_of(session, contest.previous_id)
    if passed is None:
        return None
    there = carried_ids(session, contest.id)
    chosen = [one for one in passed if one.winner or who is Who.PASSED]
    return Counted(
        new=sum(one.team_id is not None and one.id not in there for one in chosen),
        there=sum(one.id in there for one in chosen),
        without_team=tuple(one.number for one in chosen if one.team_id is None),
    )


def prepare_carrying(session: Session, contest: Contest, who: Who) -> Carrying:
    """Read who is to be carried over with what; raise :class:`NotPossible` before the approval. Reads only."""
    passed = None if contest.previous_id is None else passed_of(session, contest.previous_id)
    if contest.previous_id is None:
        raise NotPossible(N_("This contest is no next stage of another one."))
    if passed is None:
        raise NotPossible(N_("The ranking of the stage before is not approved yet."))
    form, there = form_in_force(contest), carried_ids(session, contest.id)
    chosen = [one for one in passed if one.winner or who is Who.PASSED]
    wanted = [one for one in chosen if one.team_id is not None and one.id not in there]
    carried = []
    for one in wanted:
        last = last_submitted(session, applications.by_id(session, one.id))
        answers = carried_answers(last.form.form, last.answers, form.form)
        carried.append(Carried(one.id, one.number, answers))
    return Carrying(who, form.sha256, tuple(carried), tuple(one.number for one in chosen if one.team_id is None))


def carry_over(session: Session, contest_id: int, prepared: Carrying, *, by: By, base_url: str) -> int:
    """Make a draft of each that is not there yet, write to its team; return how many were made.

    Raises ``GateClosed`` where the contest takes no applications, :class:`NotPossible` after its deadline or where its
    form was changed since the answers were read.
    """
    contest = hold(session, contest_id, Act.APPLY)
    previous = previous_of(session, contest)
    if by.now >= contest.applications_close:
        raise RuleViolation(N_("This contest takes no applications any more."))
    if previous is None or form_in_force(contest).sha256 != prepared.form:
        raise NotPossible(N_("The contest was changed at this very moment. Nothing was carried over: try again."))
    there = carried_ids(session, contest.id)
    made = [_carry(session, contest, one, by=by) for one in prepared.carried if one.application_id not in there]
    for application, number in made:
        _tell(session, (contest, previous), application, number, by=by, base_url=base_url)
    if made:
        numbers = [number for _, number in made]
        details: dict[str, Any] = {"previous_stage": previous.code, "who": prepared.who.value, "count": len(made)}
        details["numbers"] = numbers[:MOST_NAMED]
        audit.record(
            session, Event.STAGE_CARRIED, by=by, subject=contest, label=contest.title, contest_id=contest.id,
            details=details,
        )  # fmt: skip
    return len(made)


def _carry(session: Session, contest: Contest, one: Carried, *, by: By) -> tuple[Application, str]:
    """Make one draft with its cluster and its answers."""
    earlier = session.get_one(Application, one.application_id)
    taken = sum(len(answers) for answers in one.answers.values())
    details = {"carried_from": one.number, "count": taken}
    base = Base(earlier, one.answers, details, previous_id=earlier.id)
    return begin_with(session, contest, base, by=by), one.number


def _tell(
    session: Session,
    stages: tuple[Contest, Contest],
    application: Application,
    number: str,
    *,
    by: By,
    base_url: str,
) -> None:
    """Write to everybody of the team whose account is open; each person once an application."""
    contest, previous = stages
    people = session.scalars(
        select(User)
        .join(TeamMember, TeamMember.user_id == User.id)
        .where(TeamMember.team_id == application.team_id, User.active.is_(True))
        .order_by(User.id)
    ).all()
    for person in people:
        params = {
            "name": person.name, "number": number, "previous": previous.title, "contest": contest.title,
            "opens": moscow_text(contest.applications_open), "closes": moscow_text(contest.applications_close),
            "link": f"{base_url}/applications/{application.id}",
        }  # fmt: skip
        letters.write(
            session, CARRIED, key=f"carried:{application.id}:{person.id}", recipient=person.email,
            locale=person.locale, params=params, now=by.now, contest_id=contest.id,
        )  # fmt: skip
