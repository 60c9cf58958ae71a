"""The forms of an expert: the score sheet, made for the contest's criteria; the recusal; the act of handing in."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any, cast

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, IntegerField, RadioField, TextAreaField
from wtforms.validators import Length, Optional
from wtforms.widgets import HiddenInput

from judging.domain.conflicts import DECLARED, REASON_LABELS
from judging.domain.record import RECOMMENDATION_LABELS
from judging.domain.sheets import LONGEST_DRAFT_COMMENT, Sheet, comment_path, mark_path
from judging.queries.scoring import SheetCriterion
from judging.services.scoring.review_declare import LONGEST_REASON
from judging.web.forms import CleanText, DecimalField, Form, SelectChoice, VersionedForm
from judging.web.templating import translate
from judging.web.text_lengths import TOO_LONG


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

    def typed_marks(self, codes: Sequence[str]) -> dict[str, Decimal]:
        """The marks that can be read, by code."""
        return {code: self.mark(code).data for code in codes if self.mark(code).data is not None}

    def typed_comments(self, codes: Sequence[str]) -> dict[str, str]:
        """The comments, by code."""
        return {code: self.comment(code).data or "" for code in codes}


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


def sheet_form(criteria: Sequence[SheetCriterion], sheet: Sheet | None = None, version: int | None = None) -> SheetForm:
    """Make the form of these criteria, filled from the request, or else from a stored ``sheet``."""
    form = _form_of(tuple(criterion.code for criterion in criteria))(data=_stored(sheet, version))
    form.recommendation.choices = [
        SelectChoice(verdict.value, translate(label)) for verdict, label in RECOMMENDATION_LABELS.items()
    ]
    form.recommendation.flags.required = True
    _tell_what_is_required(form, criteria)
    return form


def empty_form(criterion: SheetCriterion) -> SheetForm:
    """Make the form of one criterion with nothing in it, whatever the request brings."""
    form = _form_of((criterion.code,))(formdata=None)
    _tell_what_is_required(form, [criterion])
    return form


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


def _stored(sheet: Sheet | None, version: int | None) -> Mapping[str, Any]:
    if sheet is None:
        return {}
    return {
        "version": version,
        "recommendation": sheet.recommendation.value if sheet.recommendation else None,
        **{mark_path(code): mark for code, mark in sheet.scores.items()},
        **{comment_path(code): text for code, text in sheet.comments.items()},
    }
