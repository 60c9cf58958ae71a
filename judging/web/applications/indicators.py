"""The form of a contest's indicators: one number a field, within the bounds that the contest sets."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from wtforms.form import BaseForm
from wtforms.validators import ValidationError

from judging.domain.completeness import PRIVATE_SHARE, IndicatorRule, indicator_fault
from judging.web.applications.forms import NEEDED, SectionForm
from judging.web.forms import DecimalField
from judging.web.templating import translate


class IndicatorsForm(SectionForm):
    """Base of the form that :func:`indicators_form` makes for a contest."""

    def texts(self) -> dict[str, str]:
        """What was typed, by indicator, as exact decimal text."""
        found = {}
        for field in self:
            if isinstance(field, IndicatorField) and field.data is not None and not field.errors:
                found[field.rule.code] = f"{field.data:f}"
        return found

    def illegible(self) -> list[str]:
        """The indicators of which something was typed that cannot be kept."""
        return [field.rule.code for field in self if isinstance(field, IndicatorField) and field.errors]


class IndicatorField(DecimalField):
    """A number within the bounds that the contest sets."""

    def __init__(self, *args: Any, rule: IndicatorRule, unit: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rule, self.unit = rule, unit

    def pre_validate(self, form: BaseForm) -> None:
        """Refuse a number outside the bounds."""
        fault = indicator_fault(self.data, self.rule) if isinstance(self.data, Decimal) else None
        if fault is not None:
            message, params = fault
            raise ValidationError(translate(message, **params))


def indicators_form(described: Sequence[tuple[IndicatorRule, dict[str, str]]]) -> type[IndicatorsForm]:
    """Make the form of a contest's indicators; ``described`` has each rule with its title, unit and hint."""
    fields = {
        f"value-{rule.code}": IndicatorField(
            words["title"], rule=rule, unit=words["unit"], description=words["hint"], validators=[NEEDED]
        )
        for rule, words in described
        if rule.code != PRIVATE_SHARE
    }
    return type("ContestIndicatorsForm", (IndicatorsForm,), fields)
