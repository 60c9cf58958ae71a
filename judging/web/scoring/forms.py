"""The forms of an expert: the score sheet, made for the contest's criteria; the recusal; the act of handing in."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import Any, cast

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, IntegerField, RadioField, TextAreaField
from wtforms.validators import Length, Optional
from wtforms.widgets import HiddenInput

from judging.domain.conflicts import DECLARED, REASON_LABELS
from judging.domain.fields.texts import paragraphs
from judging.domain.record import RECOMMENDATION_LABELS, Recommendation
from judging.domain.sheets import LONGEST_DRAFT_COMMENT, Sheet, comment_path, mark_path
from judging.queries.rubrics import SheetCriterion
from judging.services.scoring.review_declare import LONGEST_REASON
from judging.web.forms import CleanText, DecimalField, Form, SelectChoice, VersionedForm
from judging.web.templating import translate
from judging.web.text_lengths import TOO_LONG, fits


class MarkField(DecimalField):
    """A mark: a radio's value, or a number typed where the scale is long. ``shown`` is what goes back on the page."""

    @property
    def shown(self) -> Decimal | str | None:
        """The mark, or what was typed instead of one."""
        return self._value() if self.data is None and self.raw_data else self.data


class SheetForm(FlaskForm):
    """A score sheet. It has no request key: a sheet equal to the stored one changes nothing, and its version guards it.

    The fields of the criteria are ``mark-CODE`` and ``comment-CODE``.
    """

    Meta = CleanText

    version = IntegerField(widget=HiddenInput(), validators=[Optional()])
    recommendation = RadioField(_l("Your recommendation"), validate_choice=False)

    def mark(self, code: str) -> MarkField:
        """The field of a criterion's mark."""
        return cast(MarkField, self[mark_path(code)])

    def comment(self, code: str) -> Field:
        """The field of a criterion's comment."""
        return self[comment_path(code)]

    @property
    def typed_version(self) -> int | None:
        """The version that the sheet was filled on."""
        return self.version.data

    def plain(self, code: str) -> tuple[Decimal | str | None, str] | None:
        """The mark of a criterion as it goes back on the page and its comment; None where something is wrong there."""
        mark, comment = self.mark(code), self.comment(code)
        return None if mark.errors or comment.errors else (mark.shown, comment.data or "")

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

    def typed_comments(self, codes: Sequence[str]) -> dict[str, str]:
        """The comments, by code."""
        return {code: self.comment(code).data or "" for code in codes}


class StoredSheet:
    """A sheet as it is stored, in place of the form that shows it: a form of its fields is made where one is asked for.

    Making it is a tenth of the price of a sheet that nobody has typed into yet.
    """

    errors: Mapping[str, Any] = MappingProxyType({})
    typed_version = None

    def __init__(self, criteria: Sequence[SheetCriterion], sheet: Sheet) -> None:
        self._criteria, self._sheet = criteria, sheet

    @cached_property
    def _form(self) -> SheetForm:
        return sheet_form(self._criteria, self._sheet)

    @property
    def recommendation(self) -> Field:
        """The field of the recommendation."""
        return self._form.recommendation

    def mark(self, code: str) -> MarkField:
        """The field of a criterion's mark."""
        return self._form.mark(code)

    def comment(self, code: str) -> Field:
        """The field of a criterion's comment."""
        return self._form.comment(code)

    def plain(self, code: str) -> tuple[Decimal | None, str]:
        """The stored mark of a criterion and its comment, which is shown as forms read it."""
        comment = self._sheet.comments.get(code, "")
        return self._sheet.scores.get(code), paragraphs(comment) if fits(comment, LONGEST_DRAFT_COMMENT) else comment

    @property
    def verdict(self) -> str | None:
        """The stored recommendation."""
        return self._sheet.recommendation


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


def sheet_form(criteria: Sequence[SheetCriterion], sheet: Sheet | None = None) -> SheetForm:
    """Make the form of these criteria, filled from the request, or else from a stored ``sheet``."""
    form = _form_of(tuple(criterion.code for criterion in criteria))(data=_stored(sheet))
    _offer_verdicts(form)
    _tell_what_is_required(form, criteria)
    return form


def empty_form(criterion: SheetCriterion) -> SheetForm:
    """Make the form of one criterion with nothing in it, whatever the request brings."""
    form = _form_of((criterion.code,))(formdata=None)
    _tell_what_is_required(form, [criterion])
    return form


def verdict_form(chosen: str | None) -> SheetForm:
    """Make the form of a sheet without criteria in which this recommendation is chosen, whatever the request brings."""
    form = SheetForm(formdata=None, data={"recommendation": chosen})
    _offer_verdicts(form)
    return form


def _offer_verdicts(form: SheetForm) -> None:
    form.recommendation.choices = [
        SelectChoice(verdict.value, translate(label)) for verdict, label in RECOMMENDATION_LABELS.items()
    ]
    form.recommendation.flags.required = True


def _tell_what_is_required(form: SheetForm, criteria: Sequence[SheetCriterion]) -> None:
    for criterion in criteria:
        form.comment(criterion.code).flags.required = criterion.rule.comment_required is not None


@lru_cache(maxsize=64)
def _form_of(codes: Sequence[str]) -> type[SheetForm]:
    """The class of the form of these criteria."""
    fields: dict[str, Any] = {}
    for code in codes:
        fields[mark_path(code)] = MarkField(code)
        fields[comment_path(code)] = TextAreaField(
            _l("Comment on %(code)s", code=code),
            [Length(max=LONGEST_DRAFT_COMMENT, message=TOO_LONG)],
            default="",
        )
    return type("SheetFormOfContest", (SheetForm,), fields)


def _stored(sheet: Sheet | None) -> Mapping[str, Any]:
    if sheet is None:
        return {}
    return {
        "recommendation": sheet.recommendation.value if sheet.recommendation else None,
        **{mark_path(code): mark for code, mark in sheet.scores.items()},
        **{comment_path(code): text for code, text in sheet.comments.items()},
    }
