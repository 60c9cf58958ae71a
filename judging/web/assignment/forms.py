"""The forms of the assignment."""

from dataclasses import asdict
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, IntegerField, RadioField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import HiddenInput

from judging.domain.distribution import (
    ADDITIONAL_CALL_LABELS,
    GOAL_LABELS,
    GREATEST_LEAST_LOAD,
    GREATEST_SEED,
    QUEUE_LABELS,
    AdditionalCall,
    DistributionRules,
    Goal,
    PlanKind,
    QueueOrder,
)
from judging.domain.fields.bounds import LONGEST_REASON
from judging.web.forms import Form, SelectChoice, VersionedForm
from judging.web.templating import translate


class ActForm(Form):
    """A button over the contest as a whole; ``next`` is the page to go back to."""

    next = HiddenField()


class ProposalForm(ActForm):
    """One expert for one application; a reason where a limit is exceeded."""

    expert_id = IntegerField(_l("Expert"), validators=[InputRequired(_l("Choose an expert."))])
    application_id = IntegerField(widget=HiddenInput(), validators=[InputRequired(_l("Choose an application."))])
    reason = TextAreaField(
        _l("Reason"),
        description=_l("Needed only where the expert's limit or the number of experts of the application is exceeded."),
        validators=[Optional(), Length(max=LONGEST_REASON)],
    )


class RemovalForm(VersionedForm):
    """Take a task off an expert, and perhaps give it to another one."""

    next = HiddenField()
    heir_id = IntegerField(_l("Give the task to"), validators=[Optional()])
    reason = TextAreaField(_l("Reason"), validators=[Optional(), Length(max=LONGEST_REASON)])


class AskAgainForm(VersionedForm):
    """Give a refused task to its expert again."""

    @property
    def stated_version(self) -> int:
        """The version the page showed; one that nothing has where the form does not say."""
        return -1 if self.version.data is None else int(self.version.data)


class ReplacementForm(AskAgainForm):
    """Give a task to another expert."""

    expert_id = IntegerField(_l("Expert"), validators=[InputRequired(_l("Choose an expert."))])
    reason = TextAreaField(
        _l("Reason"),
        description=_l("Needed where the expert has begun the sheet; it goes into the journal."),
        validators=[Optional(), Length(max=LONGEST_REASON)],
    )


class GoalForm(Form):
    """What the best plan is, and what orders plans that are equally good."""

    goal = RadioField(_l("Goal of the distribution"), validators=[InputRequired(_l("Choose the goal."))])
    seed = IntegerField(
        _l("Number that orders what is equal"),
        description=_l("The same number gives the same draft on any computer; another one gives other pairs, as good."),
        validators=[InputRequired(_l("Enter a whole number.")), NumberRange(0, GREATEST_SEED)],
    )

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.goal.choices = [SelectChoice(goal.value, translate(GOAL_LABELS[goal])) for goal in Goal]


class PlanForm(GoalForm):
    """Ask for a draft; ``keep`` what is proposed; ``partial``: as full as possible where no full one exists."""

    kind = HiddenField()
    keep = BooleanField(
        _l("Keep the proposals made: add only what is missing"),
        description=_l("Otherwise the draft may take off proposals that the experts have not been told of."),
    )
    partial = BooleanField(
        _l("If there are not enough places, fill as many as possible"),
        description=_l("Otherwise the calculation says what is lacking and what would help."),
    )

    @property
    def asked_kind(self) -> PlanKind:
        """The kind that the page was for; the regular one for any other word."""
        return PlanKind.ADDITIONAL if self.kind.data == PlanKind.ADDITIONAL else PlanKind.REGULAR


class RulesForm(GoalForm, VersionedForm):
    """The rules of the distribution."""

    own_region_barred = BooleanField(
        _l("No expert from the region of the applicant"),
        description=_l("Neither from the region of the cluster nor from that of the initiator."),
    )
    one_per_organisation = BooleanField(
        _l("No two experts of one organisation"),
        description=_l("By the employer on the experts' cards."),
    )
    other_region_at_least = IntegerField(
        _l("Experts from other regions, at least"), validators=[InputRequired(_l("Enter a whole number."))]
    )
    methodologists_at_least = IntegerField(
        _l("Methodologists, at least"), validators=[InputRequired(_l("Enter a whole number."))]
    )
    min_load = IntegerField(
        _l("Applications for every expert, at least"),
        description=_l("Zero: an expert may stay without applications."),
        validators=[InputRequired(_l("Enter a whole number.")), NumberRange(0, GREATEST_LEAST_LOAD)],
    )
    additional = RadioField(_l("Additional expert"), default=AdditionalCall.PROPOSE.value)
    queue = RadioField(
        _l("Order in which experts are led from one application to the next"),
        validators=[InputRequired(_l("Choose the order."))],
        default=QueueOrder.FIXED.value,
    )

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.queue.choices = [SelectChoice(order.value, translate(QUEUE_LABELS[order])) for order in QueueOrder]
        self.additional.choices = [
            SelectChoice(call.value, translate(label)) for call, label in ADDITIONAL_CALL_LABELS.items()
        ]

    @property
    def stated_version(self) -> int:
        """The version the form was filled from; one that nothing has where the form does not say."""
        return -1 if self.version.data is None else int(self.version.data)

    def rules(self) -> DistributionRules:
        """What was typed, as the service wants it."""
        return DistributionRules(
            goal=Goal(self.goal.data),
            own_region_barred=bool(self.own_region_barred.data),
            other_region_at_least=self.other_region_at_least.data or 0,
            one_per_organisation=bool(self.one_per_organisation.data),
            methodologists_at_least=self.methodologists_at_least.data or 0,
            min_load=self.min_load.data or 0,
            seed=self.seed.data or 0,
            queue=QueueOrder(self.queue.data),
            additional=AdditionalCall(self.additional.data or AdditionalCall.PROPOSE),
        )


def rules_values(rules: DistributionRules) -> dict[str, Any]:
    """The rules in force as the form's fields hold them."""
    words = {"goal": rules.goal.value, "queue": rules.queue.value, "additional": rules.additional.value}
    return asdict(rules) | words


class DraftForm(VersionedForm):
    """An act over the draft that the page showed."""

    plan_id = IntegerField(widget=HiddenInput(), validators=[Optional()])

    @property
    def stated_version(self) -> int:
        """The version the page showed; one that nothing has where the form does not say."""
        return -1 if self.version.data is None else int(self.version.data)


class ConfirmationForm(VersionedForm):
    """Who has the additional review: the one proposed, or another; a reason where their limit is exceeded."""

    review_id = IntegerField(widget=HiddenInput(), validators=[InputRequired()])
    expert_id = IntegerField(_l("Expert"), validators=[InputRequired(_l("Choose an expert."))])
    reason = TextAreaField(
        _l("Reason"),
        description=_l("Needed only where the expert's limit is exceeded."),
        validators=[Optional(), Length(max=LONGEST_REASON)],
    )

    @property
    def stated_version(self) -> int:
        """The version the page showed; one that nothing has where the form does not say."""
        return -1 if self.version.data is None else int(self.version.data)


class DismissalForm(VersionedForm):
    """Why the proposed additional expert is not wanted."""

    review_id = IntegerField(widget=HiddenInput(), validators=[InputRequired()])
    why = TextAreaField(
        _l("Reason for dismissing the proposal"),
        validators=[InputRequired(_l("Give the reason.")), Length(max=LONGEST_REASON)],
    )

    @property
    def stated_version(self) -> int:
        """The version the page showed; one that nothing has where the form does not say."""
        return -1 if self.version.data is None else int(self.version.data)
