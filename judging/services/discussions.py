"""The discussion of an application: messages written, changed for a while and taken back by their authors, and read.

What a message says is in no record of the journal. A mention writes to the person only where they may read the
message.
"""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from judging.domain.access import By, Role
from judging.domain.discussion import (
    MOST_MESSAGES,
    Circle,
    DiscussionRules,
    MessageAudience,
    may_be_edited,
    rules_faults,
    speaks_as,
    text_faults,
    written_by,
)
from judging.domain.errors import N_, Refused
from judging.domain.events import Event
from judging.domain.gates import Act
from judging.domain.lifecycle import NotPossible
from judging.domain.mentions import mentioned
from judging.models import Application, Contest, DiscussionMessage, DiscussionRead, DiscussionVersion
from judging.models import DiscussionRules as Stored
from judging.queries.discussions import discussion_rules, participants
from judging.services import letters
from judging.services.audit import record
from judging.services.concurrency import check_version
from judging.services.holding import hold, hold_application

MENTIONED = letters.Wording(
    N_("You are mentioned in the discussion of an application"),
    N_(
        "Hello, %(name)s!\n\n"
        "In the contest “%(contest)s” you are mentioned in the discussion of application %(number)s.\n\n"
        "Read and answer: %(link)s\n"
    ),
)


class NotAllowed(NotPossible):
    """The contest has no discussion, or the message may not be addressed so."""


@dataclass(frozen=True)
class Author:
    """As what somebody writes: the roles held at this application, and the expert's card where one of them is that."""

    roles: frozenset[Role]
    expert_id: int | None = None


@dataclass(frozen=True)
class NewMessage:
    """A message as it is kept (:mod:`judging.domain.mentions`), to whom, and to which message it answers."""

    text: str
    audience: MessageAudience
    reply_to_id: int | None = None


def change_discussion_rules(
    session: Session, contest: Contest, rules: DiscussionRules, *, version: int, by: By
) -> DiscussionRules:
    """Put the rules in force. Raises ``GateClosed``, ``Stale``, ``Refused``."""
    hold(session, contest.id, Act.SET_DISCUSSION)
    check_version(discussion_rules(session, contest.id), version)
    faults = rules_faults(rules)
    if faults:
        raise Refused(faults)
    return put_discussion_rules(session, contest, rules, by=by)


def put_discussion_rules(session: Session, contest: Contest, rules: DiscussionRules, *, by: By) -> DiscussionRules:
    """Put faultless rules in force in a contest that is held; rules that stay as they are leave no trace."""
    before = discussion_rules(session, contest.id)
    after = DiscussionRules(Circle(rules.circle), rules.edit_minutes, before.version + 1)
    if (before.circle, before.edit_minutes) == (after.circle, after.edit_minutes):
        return before
    session.merge(
        Stored(contest_id=contest.id, circle=after.circle.value, edit_minutes=after.edit_minutes, version=after.version)
    )
    changes: dict[str, list[object]] = {"circle": [before.circle.value, after.circle.value]}
    changes |= {"edit_minutes": [before.edit_minutes, after.edit_minutes]}
    record(
        session, Event.DISCUSSION_RULES_CHANGED, by=by, subject=contest, label=contest.title, contest_id=contest.id,
        details={name: change for name, change in changes.items() if change[0] != change[1]},
    )  # fmt: skip
    return after


def write_message(
    session: Session, application_id: int, message: NewMessage, author: Author, *, by: By, base_url: str
) -> DiscussionMessage:
    """Add a message, and write to everybody whom it mentions and who may read it.

    Raises ``GateClosed``, :class:`NotAllowed`, ``Refused`` with faults at ``text`` and ``reply_to_id``, ``NotPossible``
    where there are as many messages as there may be.
    """
    application = hold_application(session, application_id, Act.DISCUSS)
    rules, role = discussion_rules(session, application.contest_id), speaks_as(author.roles)
    if role is None or message.audience not in written_by(author.roles, rules.circle):
        raise NotAllowed(N_("The message cannot be addressed so in this contest."))
    faults = list(text_faults(message.text))
    if faults:
        raise Refused(faults)
    _require_room(session, application_id)
    answered = _answered(session, application_id, message.reply_to_id)
    made = DiscussionMessage(
        contest_id=application.contest_id,
        application=application,
        author_id=by.actor.user_id,
        author_name=by.actor.name,
        role=role.value,
        expert_id=author.expert_id if role is Role.EXPERT else None,
        audience=message.audience.value,
        reply_to_id=answered,
        text=message.text,
        written_at=by.now,
    )
    session.add(made)
    session.flush()
    _record(session, Event.MESSAGE_WRITTEN, made, by=by)
    _tell_mentioned(session, application, made, rules.circle, by=by, base_url=base_url)
    return made


def edit_message(
    session: Session, message: DiscussionMessage, text: str, *, version: int, by: By, base_url: str
) -> DiscussionMessage:
    """Change the text of one's own message while it may be changed; the text before is kept.

    Raises ``GateClosed``, :class:`NotAllowed`, ``NotPossible``, ``Stale``, ``Refused``.
    """
    application, rules = _own(session, message, by)
    if not may_be_edited(message.written_at, rules.edit_minutes, by.now):
        raise NotPossible(N_("The time for changing this message is over."))
    check_version(message, version)
    faults = list(text_faults(text))
    if faults:
        raise Refused(faults)
    if text == message.text:
        return message
    number = (session.scalar(_numbers(message.id)) or 0) + 1
    session.add(DiscussionVersion(message_id=message.id, number=number, text=message.text, until=by.now))
    message.text, message.edited_at = text, by.now
    session.flush()
    _record(session, Event.MESSAGE_EDITED, message, by=by)
    _tell_mentioned(session, application, message, rules.circle, by=by, base_url=base_url)
    return message


def remove_message(session: Session, message: DiscussionMessage, *, version: int, by: By) -> DiscussionMessage:
    """Take one's own message back: its place stays, its text is shown to nobody any more.

    Raises ``GateClosed``, :class:`NotAllowed`, ``NotPossible``, ``Stale``.
    """
    _own(session, message, by)
    check_version(message, version)
    message.removed_at = by.now
    session.flush()
    _record(session, Event.MESSAGE_REMOVED, message, by=by)
    return message


def mark_read(session: Session, application: Application, last_id: int, *, among: Collection[int], by: By) -> None:
    """Note up to which message somebody has read; ``among`` are those they may read. It never goes back."""
    seen = max((one for one in among if one <= last_id), default=0)
    if by.actor.user_id is None or not seen:
        return
    hold_application(session, application.id, shared=True)
    known = session.get(DiscussionRead, (application.id, by.actor.user_id), populate_existing=True)
    if known is None:
        session.merge(DiscussionRead(application_id=application.id, user_id=by.actor.user_id, last_id=seen))
    elif known.last_id < seen:
        known.last_id = seen
    session.flush()


def _own(session: Session, message: DiscussionMessage, by: By) -> tuple[Application, DiscussionRules]:
    """Hold the application of one's own message that was not taken back, and read the message as it is now."""
    application = hold_application(session, message.application_id, Act.DISCUSS)
    session.refresh(message)
    rules = discussion_rules(session, application.contest_id)
    if rules.circle is Circle.NOBODY:
        raise NotAllowed(N_("There is no discussion in this contest."))
    if message.author_id is None or message.author_id != by.actor.user_id:
        raise NotAllowed(N_("Only its author can change a message."))
    if message.removed_at is not None:
        raise NotPossible(N_("The message was taken back."))
    return application, rules


def _require_room(session: Session, application_id: int) -> None:
    written = select(func.count(DiscussionMessage.id)).where(DiscussionMessage.application_id == application_id)
    if (session.scalar(written) or 0) >= MOST_MESSAGES:
        raise NotPossible(N_("There are %(limit)s messages about this application: no more fit."), limit=MOST_MESSAGES)


def _answered(session: Session, application_id: int, reply_to_id: int | None) -> int | None:
    """The message at the head of the thread that is answered; threads are one level deep."""
    if reply_to_id is None:
        return None
    head = session.get(DiscussionMessage, reply_to_id)
    if head is None or head.application_id != application_id:
        raise NotAllowed(N_("The message that was answered is not there."))
    return head.reply_to_id or head.id


def _numbers(message_id: int) -> Select[int | None]:
    return select(func.max(DiscussionVersion.number)).where(DiscussionVersion.message_id == message_id)


def _record(session: Session, event: Event, message: DiscussionMessage, *, by: By) -> None:
    """Say that something was written, never what and to whom: the journal has other readers than the message."""
    application = message.application
    record(
        session, event, by=by, subject=application, label=f"№ {application.number}", contest_id=message.contest_id,
        details={},
    )  # fmt: skip


def _tell_mentioned(
    session: Session, application: Application, message: DiscussionMessage, circle: Circle, *, by: By, base_url: str
) -> None:
    keys, audience = set(mentioned(message.text)), MessageAudience(message.audience)
    if not keys:
        return
    for one in participants(session, application, circle):
        if one.key not in keys or audience not in one.reads or one.user_id == by.actor.user_id:
            continue
        letters.write(
            session,
            MENTIONED,
            key=f"mention:{message.id}:{one.user_id}",
            recipient=one.email,
            locale=one.locale,
            params={
                "name": one.name,
                "contest": application.contest.title,
                "number": application.number,
                "link": f"{base_url}/applications/{application.id}/discussion#message-{message.id}",
            },
            now=by.now,
            contest_id=application.contest_id,
        )
