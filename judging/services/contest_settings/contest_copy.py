"""A new contest that begins with the settings of an earlier one: everything that was decided, nothing that came of it.

Applications, scores, reviews, experts and conflicts of interest stay where they are. Staff of the earlier contest get
their roles in the new one, save whoever makes it: nobody gives a role to himself (ADR 26).
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.adapters.forms import form_object
from judging.domain.access import By, Role
from judging.domain.canonical import digest
from judging.domain.errors import Refused
from judging.domain.events import Event
from judging.domain.forms.form import ApplicationForm
from judging.domain.lifecycle import ContestStatus
from judging.domain.milestones import After, notation
from judging.domain.settings.values import moved_instant, moved_terms
from judging.models import (
    AssignmentRules,
    Contest,
    Criterion,
    DiscussionRules,
    FormVersion,
    Grant,
    Milestone,
    Nomination,
    User,
)
from judging.queries import milestones
from judging.queries.contest_settings import TERMS, terms_of
from judging.queries.forms import form_of
from judging.services import audit
from judging.services.accounts.roles import RoleGrant, grant_role
from judging.services.agreements import copy_agreements
from judging.services.contests.contest_create import code_faults, terms_faults
from judging.services.forms.document_templates import copy_templates
from judging.services.holding import hold
from judging.services.milestones.milestone_rows import Noted, note, written

ASKED = ("document_slots", "indicators", "partner_roles")
WORDS = ("position", "code", "title", "title_en", "kind", "definition", "guidance", "descriptors")
OF_NOMINATION = ("position", "code", "title", "title_en", "definition")
RULES_KEPT = (
    "goal", "queue", "own_region_barred", "other_region_at_least", "one_per_organisation", "methodologists_at_least",
    "min_load", "seed", "additional",
)  # fmt: skip
NOTE = "По форме конкурса {code}"
"""What stands beside the form's version; notes are kept in the words of those who gave them."""


@dataclass(frozen=True)
class ContestCopy:
    """A copy as it is to be: its code, when applications open, and whether the staff have their roles in it."""

    code: str
    opens: datetime
    staff: bool = True


def copy_contest(session: Session, base_id: int, wanted: ContestCopy, *, by: By) -> Contest:
    """Make a draft contest with the settings of another one, its dates counted from the new opening.

    Raises :class:`Refused` at ``code``, ``opens`` or a date.
    """
    base = hold(session, base_id, shared=True)
    terms, faults = terms_of(base), list(code_faults(session, wanted.code))
    try:
        terms = moved_terms(terms, wanted.opens)
    except Refused as refusal:
        faults += refusal.faults
    faults += [replace(fault, path="opens") for fault in terms_faults(terms)]
    if faults:
        raise Refused(faults)
    contest = Contest(
        code=wanted.code, **{name: getattr(terms, name) for name in TERMS}, status=ContestStatus.DRAFT.value,
        created_at=by.now, rules=dict(base.rules), sheet=dict(base.sheet), copied_from_id=base.id,
        public_page=_texts(base), visibility=dict(base.visibility),
        **{name: [dict(item) for item in getattr(base, name)] for name in ASKED},
    )  # fmt: skip
    contest.criteria = [Criterion(**{name: getattr(row, name) for name in WORDS}) for row in base.criteria]
    contest.nominations = [
        Nomination(**{name: getattr(row, name) for name in OF_NOMINATION}) for row in base.nominations
    ]
    session.add(contest)
    session.flush()
    _copy_form(session, base, contest, by)
    _copy_assignment(session, base, contest)
    _copy_discussion(session, base, contest)
    copy_agreements(session, base.id, contest)
    copy_templates(session, base.id, contest, by=by)
    audit.record(
        session, Event.CONTEST_CREATED, by=by, subject=contest, label=contest.title, contest_id=contest.id,
        details={"code": contest.code, "copied_from": base.code},
    )  # fmt: skip
    _copy_milestones(session, base, contest, wanted.opens, by)
    if wanted.staff:
        for grant in copied_staff(session, base.id, by.actor.user_id):
            given = RoleGrant(Role(grant.role), contest.id, copied_from=base.code)
            grant_role(session, grant.user, given, by=by)
    return contest


def _texts(base: Contest) -> dict[str, Any]:
    """The texts of the public page, without the answers to those who asked then."""
    return {name: value for name, value in base.public_page.items() if name != "answered"}


def copied_staff(session: Session, base_id: int, maker: int | None) -> list[Grant]:
    """Return the roles in a contest that a copy of it would have: of people whose account is open, not of its maker."""
    rows = session.scalars(
        select(Grant)
        .join(User, User.id == Grant.user_id)
        .where(Grant.contest_id == base_id, User.active.is_(True))
        .order_by(User.sort_name, Grant.id)
    )
    return [row for row in rows if maker is None or row.user_id != maker]


def _copy_form(session: Session, base: Contest, contest: Contest, by: By) -> None:
    """Store the form in force as the draft's first version; one that cannot be read follows from the same settings."""
    try:
        form: ApplicationForm = form_of(base)
    except Refused:
        return
    document = form_object(form)
    session.add(
        FormVersion(
            contest_id=contest.id, number=1, revision=0, document=document, sha256=digest(document),
            note=NOTE.format(code=base.code), created_at=by.now, created_by_id=by.actor.user_id,
        )
    )  # fmt: skip


def _copy_milestones(session: Session, base: Contest, contest: Contest, opens: datetime, by: By) -> None:
    """Terms that are counted from others stay as they are; instants are as far from the opening as they were."""
    terms = terms_of(base)
    for code, row in milestones.rows_of(session, base.id).items():
        plan = row.plan if isinstance(row.plan, After) else moved_instant(terms, opens, row.plan)
        milestone = Milestone(contest_id=contest.id, code=code.value, reason="")
        session.add(milestone)
        written(milestone, plan)
        note(session, contest, Noted(code, None, notation(plan), ""), by=by)


def _copy_assignment(session: Session, base: Contest, contest: Contest) -> None:
    row = session.get(AssignmentRules, base.id)
    if row is not None:
        kept = {name: getattr(row, name) for name in RULES_KEPT}
        session.add(AssignmentRules(contest_id=contest.id, version=1, **kept))


def _copy_discussion(session: Session, base: Contest, contest: Contest) -> None:
    row = session.get(DiscussionRules, base.id)
    if row is not None:
        kept = {"circle": row.circle, "edit_minutes": row.edit_minutes}
        session.add(DiscussionRules(contest_id=contest.id, version=1, **kept))
