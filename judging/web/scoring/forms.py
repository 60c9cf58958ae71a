"""The forms of an expert: the score sheet, made for the contest's criteria; the recusal; the act of handing in."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import Any, cast

from flask_babel import lazy_gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import Field, IntegerField, RadioField, TextAreaField
from wtforms.validators import Length, Optional
from wtforms.widgets import HiddenInput

from judging.domain.conflicts import DECLARED, REASON_LABELS
from judging.domain.errors import N_
from judging.domain.fields.texts import paragraphs
from judging.domain.record import RECOMMENDATION_LABELS, Recommendation
from judging.domain.sheet_rules import CONFIDENCE_LABELS, GROUP, Asked, Audience, SheetRules
from judging.domain.sheets import (
    ABSTAIN,
    LONGEST_DRAFT_COMMENT,
    NOTHING_ASKED,
    Sheet,
    audiences,
    comment_path,
    comment_places,
    mark_path,
)
from judging.queries.rubrics import SheetCriterion, rules_of
from judging.services.scoring.review_declare import LONGEST_REASON
from judging.web.forms import CleanText, DecimalField, Form, SelectChoice, VersionedForm
from judging.web.sheet_words import SCOPE_LABELS, scope_answer
from judging.web.templating import translate
from judging.web.text_lengths import TOO_LONG, fits

WORDS_ON_CRITERION: Mapping[Audience, str] = {
    Audience.PANEL: N_("To the commission on %(code)s"),
    Audience.APPLICANT: N_("To the applicant on %(code)s"),
    Audience.PRIVATE: N_("For myself on %(code)s"),
}
WORDS_ON_GROUP: Mapping[Audience, str] = {
    Audience.PANEL: N_("To the commission on the group “%(group)s”"),
    Audience.APPLICANT: N_("To the applicant on the group “%(group)s”"),
    Audience.PRIVATE: N_("For myself on the group “%(group)s”"),
}


class MarkField(DecimalField):
    """A mark: a radio's value, or a number typed where the scale is long. ``shown`` is what goes back on the page.

    ``abstains``: in place of a mark stands that the expert cannot judge the criterion.
    """

    abstains = False

    def process_data(self, value: Any) -> None:
        """Take what is stored: a mark, or the word for none."""
        self.abstains = value == ABSTAIN
        super().process_data(None if self.abstains else value)
        self.object_data = self.data

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what was typed; raise ``ValueError`` where there is a mark and the word for none."""
        self.abstains = ABSTAIN in valuelist
        super().process_formdata([text for text in valuelist if text != ABSTAIN])
        if self.abstains and self.data is not None:
            raise ValueError(translate("Either give a mark or say that you cannot judge the criterion"))

    @property
    def shown(self) -> Decimal | str | None:
        """The mark, the word for none, or what was typed instead of one."""
        if self.data is None and self.raw_data:
            typed = [text for text in self.raw_data if text != ABSTAIN]
            return str(typed[0]) if typed and typed[0] else ABSTAIN if self.abstains else ""
        return ABSTAIN if self.abstains and self.data is None else self.data


class SheetForm(FlaskForm):
    """A score sheet. It has no request key: a sheet equal to the stored one changes nothing, and its version guards it.

    The fields of the criteria are ``mark-CODE``, those of comments ``comment-PLACE``, ``applicant-PLACE`` and
    ``private-PLACE``. ``asked``: what the contest asks for beside marks; fields of other questions are not shown.
    """

    Meta = CleanText

    version = IntegerField(widget=HiddenInput(), validators=[Optional()])
    recommendation = RadioField(_l("Your recommendation"), validate_choice=False)
    confidence = RadioField(_l("How sure are you of your marks?"), validate_choice=False)
    in_scope = RadioField(_l("Is the project within the scope of the contest?"), validate_choice=False)
    scope_reason = TextAreaField(_l("Why it is not"), [Length(max=LONGEST_DRAFT_COMMENT, message=TOO_LONG)], default="")
    asked = NOTHING_ASKED

    def mark(self, code: str) -> MarkField:
        """The field of a criterion's mark."""
        return cast(MarkField, self[mark_path(code)])

    def comment(self, place: str, audience: Audience = Audience.PANEL) -> Field:
        """The field of a comment."""
        return self[comment_path(place, audience)]

    @property
    def typed_version(self) -> int | None:
        """The version that the sheet was filled on."""
        return self.version.data

    def plain(self, code: str) -> tuple[Decimal | str | None, tuple[str, ...]] | None:
        """A criterion's mark as it goes back on the page and its comments; None where something is wrong there."""
        mark, comments = self.mark(code), [self.comment(code, audience) for audience in audiences(self.asked)]
        if mark.errors or any(comment.errors for comment in comments):
            return None
        return mark.shown, tuple(comment.data or "" for comment in comments)

    @property
    def verdict(self) -> str | None:
        """The recommendation that is chosen; raises ValueError where something is wrong with it."""
        chosen = self.recommendation.data or None
        if self.recommendation.errors or chosen not in {None, *Recommendation}:
            raise ValueError("the recommendation is none of those offered")
        return chosen

    def typed_marks(self, codes: Sequence[str]) -> dict[str, Decimal]:
        """The marks that can be read, by code."""
        return {code: self.mark(code).data for code in codes if self.mark(code).data is not None}

    def abstained(self, codes: Sequence[str]) -> frozenset[str]:
        """The codes of the criteria that the expert cannot judge."""
        return frozenset(code for code in codes if self.mark(code).abstains)

    def typed_comments(self, places: Sequence[str], audience: Audience = Audience.PANEL) -> dict[str, str]:
        """The comments for an audience, by place."""
        return {place: self.comment(place, audience).data or "" for place in places}


class StoredSheet:
    """A sheet as it is stored, in place of the form that shows it: a form of its fields is made where one is asked for.

    Making it is a tenth of the price of a sheet that nobody has typed into yet.
    """

    errors: Mapping[str, Any] = MappingProxyType({})
    typed_version = None

    def __init__(self, criteria: Sequence[SheetCriterion], sheet: Sheet, asked: SheetRules = NOTHING_ASKED) -> None:
        self._criteria, self._sheet, self.asked = criteria, sheet, asked

    @cached_property
    def _form(self) -> SheetForm:
        return sheet_form(self._criteria, self._sheet, self.asked)

    @property
    def recommendation(self) -> Field:
        """The field of the recommendation."""
        return self._form.recommendation

    @property
    def confidence(self) -> Field:
        """The field of the confidence."""
        return self._form.confidence

    @property
    def in_scope(self) -> Field:
        """The field of the question of scope."""
        return self._form.in_scope

    @property
    def scope_reason(self) -> Field:
        """The field of the reason why the project is outside the scope."""
        return self._form.scope_reason

    def mark(self, code: str) -> MarkField:
        """The field of a criterion's mark."""
        return self._form.mark(code)

    def comment(self, place: str, audience: Audience = Audience.PANEL) -> Field:
        """The field of a comment."""
        return self._form.comment(place, audience)

    def plain(self, code: str) -> tuple[Decimal | str | None, tuple[str, ...]]:
        """The stored mark of a criterion and its comments, which are shown as forms read them."""
        mark = ABSTAIN if code in self._sheet.abstained else self._sheet.scores.get(code)
        return mark, tuple(_as_read(self._sheet.words(one).get(code, "")) for one in audiences(self.asked))

    @property
    def verdict(self) -> str | None:
        """The stored recommendation."""
        return self._sheet.recommendation


def _as_read(text: str) -> str:
    return paragraphs(text) if fits(text, LONGEST_DRAFT_COMMENT) else text


class SubmitForm(VersionedForm):
    """Handing in the sheet that was looked at."""


class RecusalForm(Form):
    """Why the expert cannot judge this application."""

    reason = RadioField(_l("What ties you to the project"), validate_choice=False)
    words = TextAreaField(_l("In your own words"), [Length(max=LONGEST_REASON, message=TOO_LONG)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reason.choices = [SelectChoice(reason.value, translate(REASON_LABELS[reason])) for reason in DECLARED]
        self.reason.flags.required = True


class OfflineFileForm(Form):
    """A workbook of score sheets that comes back."""

    file = FileField(_l("Workbook (.xlsx)"), validators=[FileRequired(_l("Choose a file"))])


class OfflineLoadForm(Form):
    """Saving what was looked at as drafts."""


def sheet_form(
    criteria: Sequence[SheetCriterion], sheet: Sheet | None = None, asked: SheetRules = NOTHING_ASKED
) -> SheetForm:
    """Make the form of these criteria, filled from the request, or else from a stored ``sheet``."""
    rules = rules_of(criteria)
    codes, places = tuple(rule.code for rule in rules), comment_places(rules, asked)
    form = _form_of(codes, places, asked)(data=_stored(sheet))
    _offer(form)
    _tell_what_is_required(form, criteria)
    return form


def empty_form(criterion: SheetCriterion, asked: SheetRules = NOTHING_ASKED) -> SheetForm:
    """Make the form of one criterion with nothing in it, whatever the request brings."""
    form = _form_of((criterion.code,), (criterion.code,), asked)(formdata=None)
    _tell_what_is_required(form, [criterion])
    return form


def answers_form(asked: SheetRules, **chosen: Any) -> SheetForm:
    """Make the form of a sheet without criteria in which these answers are chosen, whatever the request brings."""
    form = _form_of((), (), asked)(formdata=None, data=chosen)
    _offer(form)
    return form


def _offer(form: SheetForm) -> None:
    for field, labels, asked in (
        (form.recommendation, RECOMMENDATION_LABELS, form.asked.recommendation),
        (form.confidence, CONFIDENCE_LABELS, form.asked.confidence),
        (form.in_scope, SCOPE_LABELS, Asked.REQUIRED),
    ):
        field.choices = [SelectChoice(str(value), translate(label)) for value, label in labels.items()]
        field.flags.required = asked is Asked.REQUIRED
    form.scope_reason.flags.required = True


def _tell_what_is_required(form: SheetForm, criteria: Sequence[SheetCriterion]) -> None:
    for criterion in criteria:
        form.comment(criterion.code).flags.required = criterion.rule.comment_required is not None


@lru_cache(maxsize=64)
def _form_of(codes: Sequence[str], places: Sequence[str], asked: SheetRules) -> type[SheetForm]:
    """The class of the form of these criteria and places of comments."""
    fields: dict[str, Any] = {"asked": asked}
    fields |= {mark_path(code): MarkField(code) for code in codes}
    fields |= {
        comment_path(place, audience): TextAreaField(
            _label(place, audience, alone=not asked.audiences),
            [Length(max=LONGEST_DRAFT_COMMENT, message=TOO_LONG)],
            default="",
        )
        for place in places
        for audience in audiences(asked)
    }
    return type("SheetFormOfContest", (SheetForm,), fields)


def _label(place: str, audience: Audience, *, alone: bool) -> Any:
    """How the field of a comment is called; ``alone``: the contest has comments to the commission only."""
    group = place.startswith(GROUP)
    of = {"group": place.removeprefix(GROUP)} if group else {"code": place}
    if audience is Audience.PANEL and alone:
        return _l("Comment on the group “%(group)s”", **of) if group else _l("Comment on %(code)s", **of)
    words = WORDS_ON_GROUP if group else WORDS_ON_CRITERION
    return lazy_gettext(words[audience], **of)


def _stored(sheet: Sheet | None) -> Mapping[str, Any]:
    if sheet is None:
        return {}
    scope = scope_answer(sheet)
    return {
        "recommendation": sheet.recommendation.value if sheet.recommendation else None,
        "confidence": sheet.confidence.value if sheet.confidence else None,
        "in_scope": scope,
        "scope_reason": sheet.scope_reason,
        **{mark_path(code): mark for code, mark in sheet.scores.items()},
        **{mark_path(code): ABSTAIN for code in sheet.abstained},
        **{
            comment_path(place, audience): text
            for audience in Audience
            for place, text in sheet.words(audience).items()
        },
    }
