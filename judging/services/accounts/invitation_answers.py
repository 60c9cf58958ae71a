"""An invitation as an expert is answered on the person's own page, or refused with a reason from the letter."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.adapters.addresses import address_key
from judging.adapters.translations import translated
from judging.domain.access import By
from judging.domain.errors import N_, Refused
from judging.domain.events import Event
from judging.domain.refusals import REFUSAL_LABELS, Refusal, refusal_faults, refusal_of, stored_refusal
from judging.models import Expert, Link, User
from judging.queries.invitations import addressed_to
from judging.services import audit, letters
from judging.services.accounts.invitations import accept_by_link
from judging.services.accounts.mailed_links import LinkUnusable, require_usable, usable_link
from judging.services.holding import hold
from judging.services.letters_to_staff import tell_secretaries

DECLINED = letters.Wording(
    subject=N_("%(expert)s declined the invitation"),
    body=N_(
        "%(name)s,\n\n"
        "the expert %(expert)s declined to judge in the contest “%(contest)s”.\n"
        "The reason: %(reason)s\n\n"
        "No applications are proposed to them until they are invited again. The experts of the contest: %(link)s\n"
    ),
)
UNCHOSEN = N_("Choose why you decline the invitation")


def accept_own(session: Session, link_id: int, *, by: By) -> User:
    """Accept on one's own page what a letter invited to; the same act as by the link of the letter.

    Raises :class:`LinkUnusable` where the invitation is not this person's or does not work any more.
    """
    return accept_by_link(session, _own(session, link_id, by), hashed=None, name=None, by=by)


def decline_own(session: Session, link_id: int, *, reason: str, words: str, by: By, experts_url: str) -> Expert:
    """Decline on one's own page; see :func:`decline_invitation`."""
    return _decline(session, _own(session, link_id, by), reason=reason, words=words, by=by, experts_url=experts_url)


def decline_invitation(session: Session, token: str, *, reason: str, words: str, by: By, experts_url: str) -> Expert:
    """Decline to judge in a contest, by the link of the letter, which is used up; the secretaries get a letter.

    ``reason`` is one of ``Refusal``; ``words`` explain it and are compulsory for another reason. Raises ``Refused``
    with the fields ``reason`` and ``words``, or :class:`LinkUnusable`.
    """
    link = usable_link(session, "invite", token, now=by.now, lock=True)
    return _decline(session, link, reason=reason, words=words, by=by, experts_url=experts_url)


def _own(session: Session, link_id: int, by: By) -> Link:
    link = session.scalar(select(Link).where(Link.id == link_id, Link.purpose == "invite").with_for_update())
    user = session.get(User, by.actor.user_id) if by.actor.user_id is not None else None
    if link is None or not addressed_to(link, user):
        raise LinkUnusable
    return require_usable(link, by.now)


def _decline(session: Session, link: Link, *, reason: str, words: str, by: By, experts_url: str) -> Expert:
    if link.contest_id is None or "expert_id" not in link.payload:
        raise LinkUnusable
    hold(session, link.contest_id, shared=True)
    faults = refusal_faults(reason, words, unchosen=UNCHOSEN)
    if faults:
        raise Refused(faults)
    expert = session.get(Expert, link.payload["expert_id"], with_for_update=True, populate_existing=True)
    if expert is None or expert.user_id is not None or address_key(expert.email) != address_key(link.email):
        raise LinkUnusable
    expert.declined_at, expert.declined_reason = by.now, stored_refusal(Refusal(reason), words)
    link.used_at = by.now
    audit.record(
        session,
        Event.INVITATION_DECLINED,
        by=by,
        subject=link,
        label=f"{expert.name} <{link.email}>",
        contest_id=link.contest_id,
        details={"reason": expert.declined_reason},
        state={"expert": expert.id, "link": link.id},
    )
    _tell(session, link, expert, by=by, experts_url=experts_url)
    return expert


def _tell(session: Session, link: Link, expert: Expert, *, by: By, experts_url: str) -> None:
    code, words = refusal_of(expert.declined_reason)

    def said(person: User) -> dict[str, Any]:
        label = translated(person.locale, REFUSAL_LABELS[code], {})
        return {"expert": expert.name, "reason": f"{label}: {words}" if words else label, "link": experts_url}

    tell_secretaries(session, expert.contest, DECLINED, said, key=f"invitation-declined-{link.id}", now=by.now)
