"""An expert accepts what is in force: who, which version under which hash, when and from where, once."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from judging.domain.access import By
from judging.domain.errors import N_, RuleViolation
from judging.domain.events import Event
from judging.models import AgreementAcceptance, Expert
from judging.queries import agreements as queries
from judging.services import audit
from judging.services.holding import hold_with


class NothingAccepted(RuleViolation):
    """No agreement was ticked."""


class TextChanged(RuleViolation):
    """A text that was ticked is not the one in force any more; ``codes`` are those. Nothing was stored."""

    def __init__(self, codes: frozenset[str]) -> None:
        super().__init__(N_("A text was changed after you had opened the page: read it as it is now."))
        self.codes = codes


@dataclass(frozen=True)
class Accepted:
    """What an acceptance came to: the codes that it stored, and whether everything in force is accepted now."""

    codes: tuple[str, ...]
    whole: bool


def accept_agreements(session: Session, expert: Expert, ticked: Mapping[str, str], *, by: By) -> Accepted:
    """Store that the expert accepts the agreements ``ticked`` ({code: hash of the text that was read}).

    What is accepted already stays as it is. Raises :class:`NothingAccepted` and :class:`TextChanged`.
    """
    hold_with(session, expert, shared=True)
    asked = queries.asked_of(session, expert.contest_id, expert.id)
    if not ticked and any(one.at is None for one in asked):
        raise NothingAccepted(N_("Tick what you accept."))
    current = {one.code: one.version.sha256 for one in asked}
    changed = frozenset(code for code, sha256 in ticked.items() if code in current and current[code] != sha256)
    if changed:
        raise TextChanged(changed)
    accepted = [one for one in asked if one.at is None and one.code in ticked]
    for one in accepted:
        session.add(
            AgreementAcceptance(
                expert_id=expert.id, agreement_id=one.agreement.id, number=one.version.number,
                sha256=one.version.sha256, at=by.now, user_id=by.actor.user_id, address=by.address or "",
            )
        )  # fmt: skip
        audit.record(
            session, Event.AGREEMENT_ACCEPTED, by=by, subject=expert, label=expert.name, contest_id=expert.contest_id,
            details={"agreement": one.code, "version": one.version.number, "sha256": one.version.sha256},
        )  # fmt: skip
    left = [one for one in asked if one.at is None and one.code not in ticked]
    return Accepted(tuple(one.code for one in accepted), not left)
