"""Telling experts: of new tasks, of a task taken away, of what is still to be done."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from judging.adapters.addresses import reachable
from judging.adapters.translations import translated
from judging.domain.access import By
from judging.domain.errors import N_
from judging.domain.events import Event
from judging.domain.gates import Act
from judging.domain.lifecycle import Action, NotPossible, ReviewStatus, Subject, advance
from judging.domain.lifecycle.review import UNFINISHED
from judging.domain.stages import Calendar, NotOpen, may_review, require_reviewing
from judging.models import Contest, Review, User
from judging.queries.assignment.progress import Addressee, addressees, reminded, reminder_key
from judging.queries.assignment.reminders import UNFINISHED_WORDS, OwnTask, own_lists
from judging.queries.contests import calendar_of
from judging.queries.extensions import later, until_of_experts
from judging.services import letters
from judging.services.accounts.mailed_links import moscow_text
from judging.services.assignment import letter_texts
from judging.services.audit import record
from judging.services.holding import hold

CHUNK = 500
MOST_LISTED = 100
"""Tasks that a letter names one by one."""
NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True)
class Told:
    """How many experts were written to, of how many tasks, and the addresses that no letter reaches."""

    experts: int
    tasks: int
    unreached: tuple[str, ...] = ()


@dataclass(frozen=True)
class Times:
    """Until when the experts of a contest may hand in: the contest's close, or an expert's own extension."""

    dates: Calendar
    until: Mapping[int, datetime]

    @classmethod
    def of(cls, session: Session, contest: Contest) -> "Times":
        """Read the extensions in force."""
        return cls(calendar_of(contest), until_of_experts(session, contest.id))

    def ends(self, expert_id: int) -> datetime:
        """The end of one expert's time."""
        return later(self.dates.review_close, self.until.get(expert_id))

    def open_for(self, expert_id: int, now: datetime) -> bool:
        """Whether one expert can hand in at ``now``."""
        return may_review(replace(self.dates, review_close=self.ends(expert_id)), now)

    def stays_open_for(self, expert_id: int, now: datetime) -> bool:
        """Whether one expert's time is not over at ``now``, or everybody's is: then nobody is left out."""
        ended = now >= self.dates.review_close and any(now < until for until in self.until.values())
        return not ended or now < self.ends(expert_id)

    def reachable_in_time(self, told: Sequence[Addressee], now: datetime) -> list[Addressee]:
        """Those of the addressees who can hand in; raise ``NotOpen`` where there are some and none of them can."""
        found = [one for one in told if self.open_for(one.id, now)]
        if told and not found:
            raise NotOpen(N_("The time for reviews is over."))
        return found

    def require_some(self, now: datetime) -> None:
        """Raise ``NotOpen`` where nobody can hand in at ``now``."""
        require_reviewing(replace(self.dates, review_close=max([self.dates.review_close, *self.until.values()])), now)


class Unreachable(NotPossible):
    """No letter reaches the address of anybody who was to be written to."""

    def __init__(self, emails: Iterable[str]) -> None:
        super().__init__(
            N_("No letter reaches these addresses, correct the cards: %(emails)s"), emails=", ".join(emails)
        )


def notify_assignments(
    session: Session,
    contest: Contest,
    review_ids: Collection[int] | None = None,
    *,
    by: By,
    tasks_url: str,
) -> Told:
    """Make tasks of the proposals ``review_ids`` (None: of all) and write each expert one letter about theirs.

    Proposals on applications that are no longer admitted and on pairs in conflict stay proposals. Raises
    ``GateClosed``, ``NotOpen`` after the review's deadline, ``NotPossible`` where nothing is to be told.
    Whom no letter reaches gets the tasks all the same; the answer names them.
    """
    hold(session, contest.id, Act.ASSIGN)
    times = Times.of(session, contest)
    times.require_some(by.now)
    told = list(_chosen(addressees(session, contest.id, (ReviewStatus.PROPOSED,)), review_ids))
    told = times.reachable_in_time(told, by.now)
    if not told:
        raise NotPossible(N_("There are no proposals to tell the experts of."))
    _assign(session, [review_id for one in told for review_id in one.review_ids], by.now)
    for one in _reached(told):
        _write(
            session,
            letter_texts.ASSIGNED,
            contest,
            one,
            key=f"assigned:{one.mark}",
            now=by.now,
            tasks_url=tasks_url,
            until=times.ends(one.id),
        )
    return _record_told(session, Event.ASSIGNMENT_NOTIFIED, contest, told, by=by)


def remind_experts(
    session: Session,
    contest: Contest,
    expert_ids: Collection[int] | None = None,
    *,
    by: By,
    tasks_url: str,
) -> Told:
    """Remind these experts (None: all) of the reviews they have not handed in; each at most once a day of the contest.

    Raises ``GateClosed``, ``NotOpen`` after the deadline, ``NotPossible`` where nobody is to be reminded or
    no letter reaches those who are.
    """
    hold(session, contest.id, Act.ASSIGN)
    times = Times.of(session, contest)
    times.require_some(by.now)
    day = day_of(contest, by.now)
    waiting = [one for one in addressees(session, contest.id, UNFINISHED) if expert_ids is None or one.id in expert_ids]
    waiting = times.reachable_in_time(waiting, by.now)
    done = reminded(session, contest.id, [one.id for one in waiting], day)
    told = [one for one in waiting if one.id not in done]
    if not told:
        raise NotPossible(N_("There is nobody to remind: all have finished or were reminded today."))
    if not _reached(told):
        raise Unreachable(one.email for one in told)
    lists = own_lists(session, [key for one in _reached(told) for key in one.review_ids])
    for one in _reached(told):
        key = reminder_key(contest.id, one.id, day)
        _write(
            session,
            letter_texts.REMINDER,
            contest,
            one,
            key=key,
            now=by.now,
            tasks_url=tasks_url,
            until=times.ends(one.id),
            more={"list": list_text(one.locale, lists[one.id], tasks_url)},
        )
    return _record_told(session, Event.ASSIGNMENT_REMINDED, contest, told, by=by)


def tell_removed(session: Session, review: Review, *, now: datetime, kept: bool = False) -> None:
    """Write the expert that a task they knew of is no longer theirs; ``kept``: what they wrote is put by."""
    expert, contest = review.expert, review.expert.contest
    locale = session.scalar(select(User.locale).where(User.id == expert.user_id)) or "ru"
    letters.write(
        session,
        letter_texts.REMOVED_BEGUN if kept else letter_texts.REMOVED,
        key=f"removed:{review.id}:{now.isoformat()}",
        recipient=expert.email,
        locale=locale,
        params={"name": expert.name, "contest": contest.title, "number": review.application.number},
        now=now,
        contest_id=contest.id,
    )


def tell_asked_again(session: Session, review: Review, *, now: datetime, tasks_url: str) -> None:
    """Write the expert that a task they had refused is given to them once more."""
    expert, contest = review.expert, review.expert.contest
    locale = session.scalar(select(User.locale).where(User.id == expert.user_id)) or "ru"
    letters.write(
        session,
        letter_texts.ASKED_AGAIN,
        key=f"asked-again:{review.id}:{now.isoformat()}",
        recipient=expert.email,
        locale=locale,
        params={
            "name": expert.name, "contest": contest.title, "number": review.application.number, "link": tasks_url,
        },
        now=now,
        contest_id=contest.id,
    )  # fmt: skip


def list_text(locale: str, tasks: Sequence[OwnTask], tasks_url: str) -> str:
    """The reader's own tasks in their language: number, title, state and where each is worked on."""
    lines = [
        translated(
            locale,
            letter_texts.OWN_TASK,
            {
                "number": task.number,
                "title": task.title,
                "state": translated(locale, UNFINISHED_WORDS[task.state], {}),
                "link": f"{tasks_url}/{task.review_id}",
            },
        )
        for task in tasks[:MOST_LISTED]
    ]
    left = len(tasks) - MOST_LISTED
    return "\n".join([*lines, *([translated(locale, letter_texts.MORE_TASKS, {"number": left})] if left > 0 else [])])


def day_of(contest: Contest, now: datetime) -> str:
    """The date at the contest's place, ISO."""
    return now.astimezone(ZoneInfo(contest.timezone)).date().isoformat()


def _chosen(found: Sequence[Addressee], review_ids: Collection[int] | None) -> Iterator[Addressee]:
    """The addressees with those of their proposals that were chosen; nobody with none."""
    wanted = None if review_ids is None else set(review_ids)
    for one in found:
        pairs = zip(one.review_ids, one.created, strict=True)
        kept = [(key, at) for key, at in pairs if wanted is None or key in wanted]
        if kept:
            yield replace(one, review_ids=tuple(key for key, _ in kept), created=tuple(at for _, at in kept))


def _reached(told: Iterable[Addressee]) -> list[Addressee]:
    return [one for one in told if reachable(one.email)]


def _assign(session: Session, review_ids: Sequence[int], now: datetime) -> None:
    status = advance(Subject.REVIEW, ReviewStatus.PROPOSED, Action.ASSIGN)
    for start in range(0, len(review_ids), CHUNK):
        session.execute(
            update(Review)
            .where(Review.id.in_(review_ids[start : start + CHUNK]), Review.status == ReviewStatus.PROPOSED)
            .values(status=status.value, notified_at=now, version=Review.version + 1)
        )


def _write(
    session: Session,
    text: letters.Wording,
    contest: Contest,
    one: Addressee,
    *,
    key: str,
    now: datetime,
    tasks_url: str,
    until: datetime,
    more: Mapping[str, str] = NOTHING,
) -> None:
    letters.write(
        session,
        text,
        key=key,
        recipient=one.email,
        locale=one.locale,
        params={
            "name": one.name,
            "contest": contest.title,
            "tasks": one.tasks,
            "until": moscow_text(until),
            "link": tasks_url,
            **more,
        },
        now=now,
        contest_id=contest.id,
    )


def _record_told(session: Session, event: Event, contest: Contest, told: Sequence[Addressee], *, by: By) -> Told:
    unreached = tuple(one.email for one in told if not reachable(one.email))
    result = Told(len(told) - len(unreached), sum(one.tasks for one in told), unreached)
    record(
        session,
        event,
        by=by,
        subject=contest,
        label=contest.title,
        contest_id=contest.id,
        details={"tasks": result.tasks, "experts": {one.email: one.tasks for one in told}},
        state={"reviews": [key for one in told for key in one.review_ids]},
    )
    return result
