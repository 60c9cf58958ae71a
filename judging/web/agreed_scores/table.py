"""The table that an agreed score is put down in: the criteria, the experts' own marks, the agreed ones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from flask import g

from judging.domain.access import Permission, Role, roles_at
from judging.domain.agreed_scores import agreed_faults
from judging.domain.errors import Fault
from judging.domain.gates import Act, is_open
from judging.domain.lifecycle import ApplicationStatus
from judging.domain.rules import AgreedScore as Rule
from judging.domain.scoring import round_half_up
from judging.domain.sheets import Sheet, total
from judging.extensions import db
from judging.models import AgreedScore, Application
from judging.queries import agreed_scores as queries
from judging.queries import applications
from judging.queries.agreed_scores import Original
from judging.queries.contests import rules_of as contest_rules
from judging.queries.discussions import names_for_expert
from judging.queries.rubrics import SheetCriterion, rules_of, sheet_criteria
from judging.web.access import allowed, current_actor, sight_of
from judging.web.agreed_scores.forms import AgreedForm, agreed_form
from judging.web.expert_words import expert_words
from judging.web.sealed_words import sealed_words


@dataclass(frozen=True)
class Table:
    """One application at hand."""

    application: Application
    criteria: Sequence[SheetCriterion]
    agreed: AgreedScore | None

    @classmethod
    def of(cls, application_id: int) -> "Table":
        """Read the application, the criteria that its experts mark, and its agreed score."""
        application = applications.by_id(db.session, application_id)
        criteria = sheet_criteria(db.session, application.contest_id, application.nomination_id)
        return cls(application, criteria, queries.agreed_of(db.session, application_id))

    @property
    def required(self) -> AgreedScore:
        """The agreed score where somebody leads it; the routes of the lead find nothing else."""
        if self.agreed is None:
            raise LookupError("nobody leads the agreed score of this application")
        return self.agreed

    @property
    def codes(self) -> list[str]:
        """The codes of the criteria, in the rubric's order."""
        return [item.code for item in self.criteria]

    @cached_property
    def wanted(self) -> bool:
        """Whether the rules of the contest know an agreed score."""
        return contest_rules(self.application.contest).agreed_score is not Rule.NONE

    @property
    def admitted(self) -> bool:
        """Whether the application is still judged."""
        return ApplicationStatus(self.application.status).is_admitted

    @cached_property
    def counts(self) -> bool:
        """Whether it counts in the place of the reviews."""
        return contest_rules(self.application.contest).agreed_score is Rule.COUNTS

    @cached_property
    def is_staff(self) -> bool:
        """Whether it is looked at by the staff, not by the lead alone."""
        return bool(roles_at(current_actor(), g.scope) & {Role.SECRETARY, Role.CHAIR, Role.OBSERVER})

    @cached_property
    def leads(self) -> bool:
        """Whether this person puts it down."""
        return allowed(Permission.AGREE_ON_SCORE, g.scope)

    @cached_property
    def originals(self) -> list[Original]:
        """The experts' own reviews, by their labels."""
        return queries.originals(db.session, self.application)

    @cached_property
    def awaited(self) -> int:
        """How many reviews are still to come."""
        return queries.awaited(db.session, self.application.id)

    @property
    def open(self) -> bool:
        """Whether the lead can put it down now."""
        open_now = is_open(Act.AGREE_ON_SCORE, self.application.contest.status)
        return self.leads and self.wanted and self.admitted and open_now and not self.awaited and self.draft is not None

    @property
    def draft(self) -> AgreedScore | None:
        """The agreed score where it is not submitted."""
        return self.agreed if self.agreed is not None and self.agreed.submitted_at is None else None

    @cached_property
    def sealed(self) -> str | None:
        """Why the marks are not shown to this person, in words; None where they are."""
        if self.is_staff:
            seen = sight_of(self.application.contest)
            return (
                None
                if seen.shows(self.application.id)
                else sealed_words(self.application.contest, seen, self.application.id)
            )
        return None

    @property
    def shows_marks(self) -> bool:
        """Whether the originals are shown: to the lead after all of them are submitted, staff when they are open."""
        return self.sealed is None and (self.is_staff or not self.awaited)

    @cached_property
    def words(self) -> Mapping[int, str]:
        """What each expert is called here, by the id of the card: staff know the names."""
        named = self.is_staff or names_for_expert(db.session, self.application.contest)
        found = {}
        for one in self.originals:
            label = expert_words(one.number)
            found[one.expert_id] = f"{one.name} ({label})" if named else label
        return found

    @property
    def labels(self) -> Mapping[int, str]:
        """The short label of each expert, for the head of the table."""
        return {one.expert_id: expert_words(one.number) for one in self.originals}

    @property
    def stored(self) -> dict[str, Decimal]:
        """The agreed marks as they are stored."""
        return {} if self.agreed is None else {code: Decimal(mark) for code, mark in self.agreed.scores.items()}

    @property
    def shown(self) -> dict[str, Decimal]:
        """The agreed marks as this person reads them: a draft is its lead's alone."""
        return self.stored if self.leads or self.draft is None else {}

    def stored_form(self) -> AgreedForm:
        """The form of what is stored."""
        agreed = self.agreed
        kept = ({}, "", 0) if agreed is None else (agreed.scores, agreed.rationale, agreed.version)
        return agreed_form(self.criteria, dict(zip(("scores", "rationale", "version"), kept, strict=True)))

    def faults(self) -> tuple[Fault, ...]:
        """What the stored draft lacks."""
        return agreed_faults(rules_of(self.criteria), self.stored, self.required.rationale)

    def total(self, scores: Mapping[str, Decimal]) -> Decimal:
        """The points of these marks, rounded as the total is."""
        return self._rounded(total(rules_of(self.criteria), Sheet(scores)) or Fraction(0))

    def total_of(self, one: Original) -> Decimal | None:
        """The points of an expert's own review as the ranking has them; None where it gives none."""
        given = total(rules_of(self.criteria), Sheet(one.scores, abstained=one.abstained))
        return None if one.outside or given is None else self._rounded(given)

    def _rounded(self, given: Fraction) -> Decimal:
        return round_half_up(given, contest_rules(self.application.contest).rounding)
