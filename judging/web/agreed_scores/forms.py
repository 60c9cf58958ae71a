"""The forms of an agreed score: its marks and rationale, made for the contest's criteria; the lead; the return."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any, cast

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from judging.domain.agreed_scores import LONGEST_RATIONALE, RATIONALE
from judging.domain.fields.bounds import LONGEST_REASON
from judging.domain.sheets import mark_path
from judging.queries.agreed_scores import Original
from judging.queries.rubrics import SheetCriterion
from judging.web.forms import DecimalField, SelectChoice, VersionedForm
from judging.web.text_lengths import TOO_LONG


class AgreedForm(VersionedForm):
    """Marks ``mark-CODE`` and the rationale."""

    rationale = TextAreaField(
        _l("How the score was agreed on"),
        description=_l("What was discussed, where the reviews differed and why the commission settled on these marks."),
        validators=[Optional(), Length(max=LONGEST_RATIONALE, message=TOO_LONG)],
    )

    def mark(self, code: str) -> DecimalField:
        """The field of a criterion's mark."""
        return cast(DecimalField, self[mark_path(code)])

    def typed_marks(self, codes: Sequence[str]) -> dict[str, Decimal]:
        """The marks that can be read, by code."""
        return {code: self.mark(code).data for code in codes if self.mark(code).data is not None}

    def illegible(self, codes: Sequence[str]) -> list[str]:
        """The codes whose marks cannot be read."""
        return [code for code in codes if self.mark(code).errors]


def agreed_form(
    criteria: Sequence[SheetCriterion], stored: Mapping[str, Any] | None = None, **values: Any
) -> AgreedForm:
    """Make the form of these criteria, filled from the request, or else from ``stored`` marks and a rationale."""
    made = _form_of(tuple(item.code for item in criteria))
    if stored is not None:
        marks = {mark_path(code): Decimal(mark) for code, mark in stored["scores"].items()}
        values = {"formdata": None, "data": {**marks, RATIONALE: stored["rationale"], "version": stored["version"]}}
    form = made(**values)
    form.rationale.flags.required = True
    return form


@lru_cache(maxsize=64)
def _form_of(codes: Sequence[str]) -> type[AgreedForm]:
    fields: dict[str, Any] = {
        mark_path(code): DecimalField(_l("Agreed mark on %(code)s", code=code), validators=[Optional()])
        for code in codes
    }
    return type("AgreedFormOfContest", (AgreedForm,), fields)


class LeadForm(VersionedForm):
    """Who leads the agreed score."""

    expert_id = SelectField(_l("Lead expert"), coerce=int, validators=[InputRequired(_l("Choose an expert."))])

    def __init__(self, experts: Sequence[Original], words: Mapping[int, str], **values: Any) -> None:
        super().__init__(**values)
        self.expert_id.choices = [SelectChoice(one.expert_id, words[one.expert_id]) for one in experts]


class SubmitForm(VersionedForm):
    """Submit the stored draft."""


class ReturnForm(VersionedForm):
    """Why the agreed score is given back."""

    reason = TextAreaField(_l("Reason"), validators=[InputRequired(_l("Give the reason.")), Length(max=LONGEST_REASON)])
