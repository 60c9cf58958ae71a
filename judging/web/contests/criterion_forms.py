"""One form for every kind of criterion, in a table that a test holds complete."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from types import MappingProxyType
from typing import Any, ClassVar, Literal

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    FieldList,
    FormField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, Regexp, ValidationError

from judging.adapters.archive import read_criterion
from judging.domain.criterion_groups import LONGEST_GROUP
from judging.domain.fields.bounds import LONGEST_CODE, LONGEST_TITLE, MOST_BANDS
from judging.domain.fields.codes import CRITERION_CODE, NO_CRITERION_CODE
from judging.domain.guidance import LAST_PAGE, MOST_PLACES, Guidance, guidance_of
from judging.domain.rubric import (
    ANSWER_LABELS,
    BELOW_LABELS,
    BEST_LABELS,
    CHECKS,
    LONGEST_COMPULSORY,
    AnswerStyle,
    Band,
    BandsCriterion,
    BelowPass,
    CommentRule,
    Criterion,
    ExpertCriterion,
    LinearCriterion,
    RelativeCriterion,
    Scale,
)
from judging.models import Contest
from judging.models import Criterion as CriterionRow
from judging.services.contests import CriterionTexts
from judging.web.contests.forms import StoredForm
from judging.web.contests.places import places_of
from judging.web.forms import DecimalField, Row, SelectChoice, TickList
from judging.web.rows import Rows
from judging.web.templating import localized, translate

CODE = Regexp(rf"{CRITERION_CODE.pattern}\Z", message=_l(NO_CRITERION_CODE))


def of_a_document(form: "CriterionForm", field: IntegerField) -> None:
    """A page is of a document."""
    if field.data is not None and not form.chosen("slots"):
        raise ValidationError(gettext("Choose the document that this is the page of."))


class CriterionForm(StoredForm):
    """What every criterion has."""

    kind: ClassVar[str]
    stored: Guidance = MappingProxyType({})
    PLACES: ClassVar[dict[str, str]] = {}

    code = StringField(_l("Code"), validators=[InputRequired(), Length(max=LONGEST_CODE), CODE])
    title = StringField(_l("Criterion"), validators=[InputRequired(), Length(max=LONGEST_TITLE)])
    title_en = StringField(_l("Criterion in English"), validators=[Optional(), Length(max=LONGEST_TITLE)])
    weight = DecimalField(_l("Weight, points"), places=4, validators=[InputRequired()])
    group = StringField(_l("Group of criteria"), validators=[Optional(), Length(max=LONGEST_GROUP)])
    group_en = StringField(_l("Group in English"), validators=[Optional(), Length(max=LONGEST_GROUP)])
    guidance = TextAreaField(_l("What is judged and where to look"), validators=[Optional(), Length(max=2000)])
    guidance_en = TextAreaField(_l("The same in English"), validators=[Optional(), Length(max=2000)])
    sections = TickList(_l("Sections where experts look"), validators=[Length(max=MOST_PLACES)])
    slots = TickList(_l("Documents where experts look"), validators=[Length(max=MOST_PLACES)])
    page = IntegerField(
        _l("Page of the first of these documents"), validators=[Optional(), NumberRange(1, LAST_PAGE), of_a_document]
    )

    def __init__(self, contest: Contest, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.sections.choices, self.slots.choices = places_of(contest)

    def chosen(self, name: Literal["sections", "slots"]) -> tuple[str, ...]:
        """The places that are ticked, first those that were stored; of these, what the form does not ask for stays."""
        field = self.sections if name == "sections" else self.slots
        offered, ticked = {value for value, *_ in field.iter_choices()}, field.data or ()
        kept = (code for code in self.stored.get(name, ()) if code in ticked or code not in offered)
        return tuple(dict.fromkeys((*kept, *ticked)))

    def criterion(self) -> Criterion:
        """What was typed, as a value of the domain."""
        return replace(self.own_criterion(), group=self.group.data or "", group_en=self.group_en.data or "")

    def own_criterion(self) -> Criterion:
        """The same, of what the kind alone asks for."""
        raise NotImplementedError

    def texts(self) -> CriterionTexts:
        """The texts beside it."""
        guidance = guidance_of(
            self.guidance.data or "",
            self.guidance_en.data or "",
            sections=self.chosen("sections"),
            slots=self.chosen("slots"),
            page=self.page.data,
        )
        return CriterionTexts(self.title_en.data or "", guidance, self.descriptors())

    def descriptors(self) -> list[dict[str, str]]:
        """The levels in words; only scales have them."""
        return []

    @classmethod
    def data_of(cls, row: CriterionRow) -> dict[str, Any]:
        """The form's data for a stored criterion."""
        return {
            "code": row.code,
            "title": row.title,
            "title_en": row.title_en,
            "weight": Decimal(row.definition["weight"]),
            "group": row.definition.get("group", ""),
            "group_en": row.definition.get("group_en", ""),
            "guidance": row.guidance.get("text", ""),
            "guidance_en": row.guidance.get("text_en", ""),
            "sections": tuple(row.guidance.get("sections", ())),
            "slots": tuple(row.guidance.get("slots", ())),
            "page": row.guidance.get("page"),
        } | cls.own_data(read_criterion(row.definition), row)

    @classmethod
    def own_data(cls, criterion: Any, row: CriterionRow) -> dict[str, Any]:
        """The data of the kind's own fields."""
        raise NotImplementedError


class LevelForm(Row):
    """Marks from … to … and what they mean."""

    PLACES: ClassVar[dict[str, str]] = {"from": "first", "to": "last"}

    first = DecimalField(_l("From mark"), validators=[InputRequired()])
    last = DecimalField(_l("to mark"), validators=[InputRequired()])
    text = StringField(_l("Meaning"), validators=[InputRequired(), Length(max=500)])
    text_en = StringField(_l("In English"), validators=[Optional(), Length(max=500)])


class ExpertForm(CriterionForm):
    """A criterion that experts mark."""

    kind = ExpertCriterion.kind
    PLACES: ClassVar[dict[str, str]] = {
        "scale.min": "scale_min",
        "scale.max": "scale_max",
        "scale.step": "scale_step",
        "pass": "pass_mark",
        "comment_required.at_most": "comment_at_most",
        "comment_required.at_least": "comment_at_least",
        "comment_required.shortest": "comment_shortest",
        "required": "optional",
    }

    answers = RadioField(_l("How it is answered"), default=AnswerStyle.MARKS.value, validators=[DataRequired()])
    scale_min = DecimalField(_l("Smallest mark"), places=2, default=Decimal(0), validators=[InputRequired()])
    scale_max = DecimalField(_l("Greatest mark"), places=2, default=Decimal(10), validators=[InputRequired()])
    scale_step = DecimalField(_l("Step"), places=2, default=Decimal(1), validators=[InputRequired()])
    optional = BooleanField(_l("The criterion may be left without a mark"))
    may_abstain = BooleanField(_l("The expert may say “I cannot judge this”"))
    pass_mark = DecimalField(_l("Passing mark"), places=2, validators=[Optional()])
    below_pass = RadioField(_l("Below the passing mark"), default=BelowPass.REJECT.value, validators=[DataRequired()])
    comment_every = BooleanField(_l("With every mark"))
    comment_at_most = DecimalField(_l("Low marks: up to"), places=2, validators=[Optional()])
    comment_at_least = DecimalField(_l("High marks: from"), places=2, validators=[Optional()])
    comment_shortest = IntegerField(
        _l("No shorter than, characters"), validators=[Optional(), NumberRange(0, LONGEST_COMPULSORY)]
    )
    levels = Rows(FormField(LevelForm), label=_l("Levels in words"), most=50)

    def __init__(self, contest: Contest, **kwargs: Any) -> None:
        super().__init__(contest, **kwargs)
        self.answers.choices = [SelectChoice(style.value, translate(ANSWER_LABELS[style])) for style in AnswerStyle]
        self.below_pass.choices = [SelectChoice(way.value, translate(BELOW_LABELS[way])) for way in BelowPass]

    def own_criterion(self) -> ExpertCriterion:
        """What was typed, as a value of the domain; a check has the scale that its answers need."""
        answers = AnswerStyle(self.answers.data)
        typed = Scale(self.scale_min.data, self.scale_max.data, self.scale_step.data)
        scale = CHECKS.get(answers, typed)
        at_most = scale.maximum if self.comment_every.data else self.comment_at_most.data
        comment = CommentRule(at_most, self.comment_at_least.data, self.comment_shortest.data or 0)
        passing = self.pass_mark.data
        return ExpertCriterion(
            code=self.code.data or "",
            title=self.title.data or "",
            weight=self.weight.data,
            scale=scale,
            pass_mark=passing,
            comment_required=None if comment == CommentRule() else comment,
            answers=answers,
            required=not self.optional.data,
            may_abstain=self.may_abstain.data,
            below_pass=BelowPass.REJECT if passing is None else BelowPass(self.below_pass.data),
        )

    def descriptors(self) -> list[dict[str, str]]:
        """The levels in words, in the model's notation; a check has none, its answers are words already."""
        if AnswerStyle(self.answers.data) is not AnswerStyle.MARKS:
            return []
        return [
            {
                "from": f"{row.form.first.data:f}",
                "to": f"{row.form.last.data:f}",
                "text": row.form.text.data,
                "text_en": row.form.text_en.data or "",
            }
            for row in self.levels
        ]

    @classmethod
    def own_data(cls, criterion: ExpertCriterion, row: CriterionRow) -> dict[str, Any]:
        """The scale, the floor, the comment rule and the levels."""
        comment = criterion.comment_required or CommentRule()
        every = comment.at_most is not None and comment.at_most >= criterion.scale.maximum
        return {
            "answers": criterion.answers.value,
            "optional": not criterion.required,
            "may_abstain": criterion.may_abstain,
            "below_pass": criterion.below_pass.value,
            "comment_every": every,
            "comment_shortest": comment.shortest or None,
            "scale_min": criterion.scale.minimum,
            "scale_max": criterion.scale.maximum,
            "scale_step": criterion.scale.step,
            "pass_mark": criterion.pass_mark,
            "comment_at_most": None if every else comment.at_most,
            "comment_at_least": comment.at_least,
            "levels": [level_data(item) for item in row.descriptors],
        }


class ComputedForm(CriterionForm):
    """A criterion that is computed from an indicator of the application."""

    indicator = SelectField(_l("Indicator of the application"), validators=[InputRequired()])

    def __init__(self, contest: Contest, **kwargs: Any) -> None:
        super().__init__(contest, **kwargs)
        self.indicator.choices = [
            SelectChoice(item["code"], f"{localized(item, 'title')}, {localized(item, 'unit')}")
            for item in contest.indicators
        ]


class LinearForm(ComputedForm):
    """A straight line between two values."""

    kind = LinearCriterion.kind

    zero_at = DecimalField(_l("No points at"), places=4, validators=[InputRequired()])
    full_at = DecimalField(_l("All points at"), places=4, validators=[InputRequired()])

    def own_criterion(self) -> LinearCriterion:
        """What was typed, as a value of the domain."""
        return LinearCriterion(
            self.code.data or "",
            self.title.data or "",
            self.weight.data,
            self.indicator.data,
            self.zero_at.data,
            self.full_at.data,
        )

    @classmethod
    def own_data(cls, criterion: LinearCriterion, row: CriterionRow) -> dict[str, Any]:
        """The indicator and the two ends."""
        return {"indicator": criterion.indicator, "zero_at": criterion.zero_at, "full_at": criterion.full_at}


class RelativeForm(ComputedForm):
    """Relative to the best value among the admitted applications."""

    kind = RelativeCriterion.kind

    best = RadioField(_l("Which value is the best"), validators=[InputRequired()])

    def __init__(self, contest: Contest, **kwargs: Any) -> None:
        super().__init__(contest, **kwargs)
        self.best.choices = [SelectChoice(value, translate(text)) for value, text in BEST_LABELS.items()]

    def own_criterion(self) -> RelativeCriterion:
        """What was typed, as a value of the domain."""
        return RelativeCriterion(
            self.code.data or "", self.title.data or "", self.weight.data, self.indicator.data, self.best.data
        )

    @classmethod
    def own_data(cls, criterion: RelativeCriterion, row: CriterionRow) -> dict[str, Any]:
        """The indicator and the direction."""
        return {"indicator": criterion.indicator, "best": criterion.best}


class BandForm(Row):
    """From a value on, so many points out of ten."""

    PLACES: ClassVar[dict[str, str]] = {"from": "start"}

    start = DecimalField(_l("From value"), places=4, validators=[Optional()])
    score = DecimalField(_l("Points out of 10"), places=2, validators=[InputRequired()])


class BandsForm(ComputedForm):
    """Bands of values, each with its points."""

    kind = BandsCriterion.kind

    bands = Rows(FormField(BandForm), label=_l("Bands"), min_entries=1, most=MOST_BANDS)

    def own_criterion(self) -> BandsCriterion:
        """What was typed, as a value of the domain."""
        bands = tuple(Band(row.form.start.data, row.form.score.data) for row in self.bands)
        return BandsCriterion(self.code.data or "", self.title.data or "", self.weight.data, self.indicator.data, bands)

    @classmethod
    def own_data(cls, criterion: BandsCriterion, row: CriterionRow) -> dict[str, Any]:
        """The indicator and the bands."""
        bands = [{"start": band.start, "score": band.score} for band in criterion.bands]
        return {"indicator": criterion.indicator, "bands": bands}


FORMS: Mapping[str, type[CriterionForm]] = {
    form.kind: form for form in (ExpertForm, LinearForm, RelativeForm, BandsForm)
}


def level_data(item: dict[str, str]) -> dict[str, Any]:
    """A level's form data from the model's notation."""
    return {
        "first": Decimal(item["from"]),
        "last": Decimal(item["to"]),
        "text": item["text"],
        "text_en": item.get("text_en", ""),
    }


def lists_of(form: CriterionForm) -> "list[FieldList[Any]]":
    """The lists of rows that the form has."""
    return [field for field in form if isinstance(field, FieldList)]
