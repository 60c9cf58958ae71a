"""Forms of a contest's terms and rules."""

from typing import Any, ClassVar

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, FormField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from judging.domain.certification import CERTIFICATION_LABELS, Certification
from judging.domain.fields.bounds import LONGEST_CODE, LONGEST_TITLE, MOST_EXPERTS, MOST_TIE_BREAKERS, MOST_WINNERS
from judging.domain.rubric import BELOW_LABELS, BelowPass
from judging.domain.rules import (
    AGREED_LABELS,
    GREATEST_ROUNDING,
    AdditionalRule,
    Aggregate,
    AgreedScore,
    BudgetMode,
    Divergence,
    Rules,
    Tiebreak,
)
from judging.domain.sheet_rules import ASKED_LABELS, Asked, Audience, SheetRules
from judging.domain.stages import Calendar
from judging.models import Contest
from judging.services.applications.stage_carry import WHO_LABELS, Who
from judging.services.contests import ContestTerms
from judging.web.forms import (
    DecimalField,
    Form,
    MoneyField,
    MoscowTimeField,
    PercentField,
    Row,
    SelectChoice,
    VersionedForm,
)
from judging.web.home.terms import tie_text
from judging.web.rows import Rows
from judging.web.templating import label, translate


class StoredForm(VersionedForm):
    """A form over a stored contest."""

    @property
    def stated_version(self) -> int:
        """The version the form was filled from; one that no contest has where the form does not say."""
        return -1 if self.version.data is None else int(self.version.data)


class CodeForm(StoredForm):
    """The code of a contest; it stands first on the page and in the list of errors."""

    code = StringField(_l("Code of the contest"), validators=[InputRequired(), Length(max=LONGEST_CODE)])


class TermsForm(StoredForm):
    """Title, summary, dates and budget."""

    title = StringField(_l("Title"), validators=[InputRequired(), Length(max=LONGEST_TITLE)])
    summary = TextAreaField(_l("What the contest is about"), validators=[Optional(), Length(max=4000)])
    applications_open = MoscowTimeField(_l("Applications open"), validators=[InputRequired()])
    applications_close = MoscowTimeField(_l("Applications close"), validators=[InputRequired()])
    review_close = MoscowTimeField(_l("Review ends"), validators=[InputRequired()])
    budget = MoneyField(_l("Budget of the contest"), validators=[Optional()])
    certification = SelectField(
        _l("Certification before submission"),
        choices=lambda: [SelectChoice(kind.value, translate(label)) for kind, label in CERTIFICATION_LABELS.items()],
        default=Certification.NONE.value,
    )

    def terms(self) -> ContestTerms:
        """What was typed, as the service wants it."""
        return ContestTerms(
            title=self.title.data or "",
            summary=self.summary.data or "",
            applications_open=self.applications_open.data,
            applications_close=self.applications_close.data,
            review_close=self.review_close.data,
            budget=self.budget.data,
            certification=Certification(self.certification.data),
        )


class NewContestForm(CodeForm, TermsForm):
    """A new contest: its code, which never changes, and its terms."""


class CopyForm(Form):
    """A contest that begins with the settings of an earlier one."""

    code = StringField(_l("Code of the new contest"), validators=[InputRequired(), Length(max=LONGEST_CODE)])
    opens = MoscowTimeField(_l("Applications open"), validators=[InputRequired()])
    staff = BooleanField(_l("Give the staff the roles that they have in this contest"), default=True)


class SettingsFileForm(Form):
    """A file of settings to look at."""

    file = FileField(_l("File of settings"), validators=[FileRequired(_l("Choose a file"))])


class SettingsForm(Form):
    """Settings that were looked at and are to be stored; ``seen`` is the hash of those that they were compared with."""

    seen = StringField()
    partly = StringField()
    reason = TextAreaField(_l("Reason"), validators=[Optional(), Length(max=2000)])


class StageForm(StoredForm):
    """Which contest a draft is the next stage of, and whether only those who passed it apply."""

    previous = SelectField(_l("Stage before"), validators=[Optional()], validate_choice=True)
    only_passed = BooleanField(_l("Only teams whose application was carried over apply"), default=True)

    @property
    def previous_id(self) -> int | None:
        """The contest that was chosen; None for a first stage."""
        return int(self.previous.data) if self.previous.data else None


class CarryForm(Form):
    """Who is carried over into the next stage."""

    who = RadioField(_l("Who is carried over"), validators=[InputRequired()])

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.who.choices = [SelectChoice(one.value, translate(WHO_LABELS[one])) for one in Who]


class ArchiveForm(Form):
    """A contest archive to load."""

    archive = FileField(_l("Contest archive"), validators=[FileRequired(_l("Choose a file"))])
    state = RadioField(
        _l("After loading"),
        choices=[SelectChoice("draft", _l("Leave it a draft")), SelectChoice("published", _l("Publish at once"))],
        default="draft",
        validators=[InputRequired()],
    )

    @staticmethod
    def state_hints() -> dict[str, str]:
        """What each choice means."""
        return {
            "draft": gettext("Rules, criteria and dates can still be changed; the public page is closed."),
            "published": gettext("The contest goes on as it is in the file; the rules are frozen."),
        }


class TieBreakerForm(Row):
    """One tie breaker of the ordered list."""

    rule = SelectField(_l("What decides"), validators=[InputRequired()], validate_choice=False)


class ScoringForm(StoredForm):
    """The rules beside the rubric. The divergence of totals is typed in per cent."""

    PLACES: ClassVar[dict[str, str]] = {
        "divergence.total_share": "total_share",
        "divergence.criterion_range": "criterion_range",
    }

    experts_per_application = IntegerField(
        _l("Experts per application"), validators=[InputRequired(), NumberRange(1, MOST_EXPERTS)]
    )
    aggregate = RadioField(_l("One mark out of several"), validators=[InputRequired()])
    total_share = PercentField(_l("Totals of two experts differ by more than, %"), places=2, validators=[Optional()])
    criterion_range = DecimalField(
        _l("Marks for one criterion differ by this much or more"), places=2, validators=[Optional()]
    )
    additional_review = RadioField(_l("After the additional review"), validators=[InputRequired()])
    pass_total = DecimalField(_l("Passing total"), places=GREATEST_ROUNDING, validators=[Optional()])
    below_pass = RadioField(_l("Below the passing total"), default=BelowPass.REJECT.value, validators=[DataRequired()])
    agreed_score = RadioField(
        _l("Agreed score of a lead expert"), default=AgreedScore.NONE.value, validators=[DataRequired()]
    )
    rounding = IntegerField(
        _l("Decimals of the total"), validators=[InputRequired(), NumberRange(0, GREATEST_ROUNDING)]
    )
    tie_breakers = Rows(FormField(TieBreakerForm), label=_l("Equal totals"), most=MOST_TIE_BREAKERS)
    budget_mode = RadioField(_l("When the next sum does not fit into the budget"), validators=[InputRequired()])
    max_winners = IntegerField(_l("No more winners than"), validators=[Optional(), NumberRange(0, MOST_WINNERS)])
    cap_per_application = MoneyField(_l("No more per application than"), validators=[Optional()])

    def __init__(self, contest: Contest, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        for field, options in (
            (self.aggregate, Aggregate),
            (self.additional_review, AdditionalRule),
            (self.budget_mode, BudgetMode),
        ):
            field.choices = [SelectChoice(option.value, label(option)) for option in options]
        self.below_pass.choices = [SelectChoice(way.value, translate(BELOW_LABELS[way])) for way in BelowPass]
        self.agreed_score.choices = [SelectChoice(way.value, translate(AGREED_LABELS[way])) for way in AgreedScore]
        self.tie_choices = tie_choices(contest)
        self.offer_ties()

    def offer_ties(self, *more: Any) -> None:
        """Give every row of the list (and ``more`` rows) its options."""
        for entry in (*self.tie_breakers, *more):
            entry.form.rule.choices = self.tie_choices

    def rules(self) -> Rules:
        """What was typed, as a value of the domain."""
        share = self.total_share.data
        return Rules(
            experts_per_application=self.experts_per_application.data or 0,
            aggregate=Aggregate(self.aggregate.data),
            divergence=Divergence(None if share is None else share.scaleb(-2), self.criterion_range.data),
            additional_review=AdditionalRule(self.additional_review.data),
            pass_total=self.pass_total.data,
            rounding=self.rounding.data or 0,
            tie_breakers=tuple(entry.form.rule.data for entry in self.tie_breakers),
            budget_mode=BudgetMode(self.budget_mode.data),
            max_winners=self.max_winners.data,
            cap_per_application=self.cap_per_application.data,
            below_pass=BelowPass(self.below_pass.data),
            agreed_score=AgreedScore(self.agreed_score.data),
        )


class SheetForm(StoredForm):
    """What a score sheet asks beside its marks."""

    recommendation = RadioField(_l("Recommendation"), default=Asked.REQUIRED.value, validators=[InputRequired()])
    confidence = RadioField(_l("How sure the expert is"), default=Asked.NO.value, validators=[InputRequired()])
    scope = BooleanField(_l("Ask whether the project is within the scope of the contest"))
    to_applicant = BooleanField(_l("Comments to the applicant"))
    private = BooleanField(_l("Private notes of the expert"))
    groups = BooleanField(_l("A comment on each group of criteria"))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        for field in (self.recommendation, self.confidence):
            field.choices = [SelectChoice(way.value, translate(ASKED_LABELS[way])) for way in Asked]

    def sheet(self) -> SheetRules:
        """What was chosen, as a value of the domain."""
        chosen = ((Audience.APPLICANT, self.to_applicant.data), (Audience.PRIVATE, self.private.data))
        return SheetRules(
            recommendation=Asked(self.recommendation.data),
            confidence=Asked(self.confidence.data),
            scope=self.scope.data,
            audiences=tuple(audience for audience, wanted in chosen if wanted),
            groups=self.groups.data,
        )


def sheet_data(sheet: SheetRules) -> dict[str, Any]:
    """The form's data for ``sheet``."""
    return {
        "recommendation": sheet.recommendation.value,
        "confidence": sheet.confidence.value,
        "scope": sheet.scope,
        "to_applicant": Audience.APPLICANT in sheet.audiences,
        "private": Audience.PRIVATE in sheet.audiences,
        "groups": sheet.groups,
    }


class ReasonForm(StoredForm):
    """An act that takes a reason."""

    reason = TextAreaField(_l("Reason"), validators=[InputRequired(), Length(max=2000)])


class MoveForm(StoredForm):
    """One press: a criterion goes up or down, or out."""

    direction = StringField()


class ScheduleForm(ReasonForm):
    """New dates of a published contest, with the reason that everybody will read."""

    applications_open = MoscowTimeField(_l("Applications open"), validators=[InputRequired()])
    applications_close = MoscowTimeField(_l("Applications close"), validators=[InputRequired()])
    review_close = MoscowTimeField(_l("Review ends"), validators=[InputRequired()])

    def calendar(self) -> Calendar:
        """The dates typed."""
        return Calendar(self.applications_open.data, self.applications_close.data, self.review_close.data)


def stored_dates(contest: Contest) -> dict[str, Any]:
    """The dates by which a posted form knows what was not touched: it shows them to the second only."""
    return {name: getattr(contest, name) for name in ("applications_open", "applications_close", "review_close")}


def stored_terms(contest: Contest) -> dict[str, Any]:
    """What a posted form of the terms leaves as it is unless it was touched: dates, and a budget however great."""
    return stored_dates(contest) | {"budget": contest.budget}


def stored_numbers(rules: Rules) -> dict[str, Any]:
    """The numbers by which a posted form knows what was not touched, however finely they are stored."""
    names = ("total_share", "criterion_range", "pass_total", "cap_per_application")
    return {name: value for name, value in scoring_data(rules).items() if name in names}


def scoring_data(rules: Rules) -> dict[str, Any]:
    """The form's data for ``rules``."""
    share = rules.divergence.total_share
    return {
        "experts_per_application": rules.experts_per_application,
        "aggregate": rules.aggregate.value,
        "total_share": None if share is None else share.scaleb(2),
        "criterion_range": rules.divergence.criterion_range,
        "additional_review": rules.additional_review.value,
        "pass_total": rules.pass_total,
        "rounding": rules.rounding,
        "tie_breakers": [{"rule": text} for text in rules.tie_breakers],
        "budget_mode": rules.budget_mode.value,
        "max_winners": rules.max_winners,
        "cap_per_application": rules.cap_per_application,
        "below_pass": rules.below_pass.value,
        "agreed_score": rules.agreed_score.value,
    }


def tie_choices(contest: Contest) -> list[SelectChoice]:
    """Every tie breaker that a contest's rules may name."""
    rest = [kind for kind in Tiebreak if kind is not Tiebreak.CRITERION]
    criteria = [f"{Tiebreak.CRITERION}:{row.code}" for row in contest.criteria]
    return [SelectChoice(text, tie_text(contest, text)) for text in (*criteria, *rest)]
