"""The data that the pages of one review share: the review, its criteria, and whether it can still be changed."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from judging.domain.errors import RuleViolation
from judging.domain.lifecycle import ReviewStatus
from judging.domain.rubric import ExpertCriterion
from judging.domain.scoring import round_half_up
from judging.domain.sheet_rules import SheetRules
from judging.domain.sheets import Sheet, is_outside, points, total
from judging.domain.stages import NotOpen, require_reviewing
from judging.extensions import db
from judging.models import Application, Contest, Review
from judging.queries import scoring as queries
from judging.queries.extensions import Time, time_to_review
from judging.queries.rubrics import Rubric, SheetCriterion, rubric, rules_of
from judging.queries.sheets import sheet_rules
from judging.services import scoring as services
from judging.web.clock import arrived
from judging.web.criterion_headings import Headed, Section, headed, sections


@dataclass(frozen=True)
class Desk:
    """One review at hand."""

    review: Review
    rubric: Rubric

    @classmethod
    def of(cls, review_id: int, *, briefly: bool = False) -> "Desk":
        """Read the review and the criteria of its sheet; ``briefly`` where nothing of it is going to be shown."""
        review = queries.review_at_hand(db.session, review_id, briefly=briefly)
        return cls(review, rubric(db.session, review.contest_id, review.application.nomination_id))

    @property
    def criteria(self) -> tuple[SheetCriterion, ...]:
        """The criteria of the sheet."""
        return self.rubric.marked

    @property
    def rows(self) -> list[Headed[SheetCriterion]]:
        """The same under the headings of their groups."""
        return headed(self.criteria, lambda criterion: criterion.rule)

    @property
    def parts(self) -> list[Section[SheetCriterion]]:
        """The criteria group by group; all in one part without a heading where there are no groups."""
        return sections(self.criteria, lambda criterion: criterion.rule) or [Section(None, self.criteria)]

    @property
    def application(self) -> Application:
        """The application under review."""
        return self.review.application

    @property
    def contest(self) -> Contest:
        """The contest."""
        return self.review.application.contest

    @cached_property
    def time(self) -> Time:
        """The time that the expert has, with an extension where there is one."""
        return time_to_review(db.session, self.contest, self.review.expert_id, arrived())

    @property
    def sheet(self) -> Sheet:
        """The sheet as it is stored."""
        return queries.stored_sheet(self.review)

    @cached_property
    def asked(self) -> SheetRules:
        """What the sheet asks for beside marks."""
        return sheet_rules(self.contest)

    @property
    def rules(self) -> tuple[ExpertCriterion, ...]:
        """The rules of the criteria."""
        return rules_of(self.criteria)

    @property
    def digits(self) -> int:
        """To how many decimals points are shown."""
        return int(self.contest.rules.get("rounding", 2))

    @property
    def maximum(self) -> Decimal:
        """The greatest number of points that experts can give."""
        return sum((rule.weight for rule in self.rules), Decimal(0))

    @property
    def total(self) -> Decimal | None:
        """The points of the stored sheet so far; None where the expert can judge nothing that counts."""
        given = total(self.rules, self.sheet)
        return None if given is None else self.rounded(given)

    @property
    def outside(self) -> bool:
        """Whether the expert finds the project outside the scope of the contest."""
        return is_outside(self.sheet, self.asked)

    def points(self, rule: ExpertCriterion) -> Decimal | None:
        """The points of one criterion of the stored sheet; None without a mark."""
        worth = points(rule, self.sheet)
        return None if worth is None else self.rounded(worth)

    def rounded(self, value: Fraction) -> Decimal:
        """A number of points as it is shown."""
        return round_half_up(value, self.digits)

    def closed(self) -> RuleViolation | None:
        """Why nothing can be changed any more, None where the draft can be worked on."""
        return services.why_closed(self.review)

    def too_late(self, now: datetime) -> RuleViolation | None:
        """Why the sheet cannot be handed in at ``now``, None where it can."""
        if closed := self.closed():
            return closed
        try:
            require_reviewing(self.time.calendar, now)
        except NotOpen as refusal:
            return refusal
        return None

    @property
    def submitted(self) -> bool:
        """Whether the sheet is handed in and locked."""
        return self.review.status == ReviewStatus.SUBMITTED
