"""What the forms of all kinds of fields have in common: words, when it is asked, where it stands."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    FormField,
    IntegerField,
    RadioField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp

from judging.domain.errors import N_
from judging.domain.fields.bounds import LONGEST_TITLE
from judging.domain.forms.form import Counted, Field, FieldKind, TextFormat
from judging.domain.forms.shape import CODE
from judging.web.contests.forms import StoredForm
from judging.web.form_editor.codes import new_code
from judging.web.form_editor.condition_forms import (
    ALWAYS,
    NO,
    YES,
    RequiredForm,
    ShownForm,
    rule_data,
)
from judging.web.form_editor.nomination_boxes import Offered, asked_in, nomination_boxes, offer_nominations
from judging.web.form_editor.row_lists import blank_row, lists_in
from judging.web.form_editor.scope import Scope
from judging.web.forms import SelectChoice

LONGEST_HINT, LONGEST_CONSENT, LONGEST_UNIT, MEGABYTE = 2000, 20_000, 40, 1 << 20
BAD_CODE = _l("A code has small Latin letters, digits and underscores, and begins with a letter")
SEEN_BY = {"experts": _l("Staff and experts"), "staff": _l("Only the staff")}
FORMATS: Mapping[TextFormat, str] = {
    TextFormat.PLAIN: N_("Any text"),
    TextFormat.LIGHT: N_("A text with paragraphs, lists and bold words"),
    TextFormat.TELEPHONE: N_("A telephone number"),
    TextFormat.EMAIL: N_("An e-mail address"),
    TextFormat.INN: N_("An INN"),
    TextFormat.OGRN: N_("An OGRN or OGRNIP"),
    TextFormat.OKPD2: N_("A code of OKPD2"),
}
COUNTED: Mapping[Counted, str] = {Counted.CHARACTERS: N_("in characters"), Counted.WORDS: N_("in words")}
AUTOCOMPLETE: Mapping[str, str] = {
    "": N_("Nothing"),
    "name": N_("the name of a person"),
    "organization": N_("the name of an organisation"),
    "organization-title": N_("a post"),
    "tel": N_("a telephone number"),
    "email": N_("an e-mail address"),
    "street-address": N_("an address"),
    "postal-code": N_("a postal code"),
    "url": N_("the address of a site"),
}
LOOKS = {"rows": _l("Row by row, each with its fields one under another"), "grid": _l("As a table, the rows are dense")}
SIMPLE = (FieldKind.TEXT, FieldKind.NUMBER, FieldKind.MONEY, FieldKind.DATE, FieldKind.YES, FieldKind.ORGANISATION)
"""Kinds that a column may have without settings of its own."""


class FieldForm(StoredForm):
    """What every field has. A form over a column has no condition of its own."""

    kind: ClassVar[FieldKind]
    PLACES: ClassVar[dict[str, str]] = {"shown_when": "shown", "min": "least", "max": "greatest"}

    label = StringField(_l("What the applicant reads"), validators=[InputRequired(), Length(max=LONGEST_TITLE)])
    label_en = StringField(_l("The same in English"), validators=[Optional(), Length(max=LONGEST_TITLE)])
    hint = TextAreaField(_l("Hint"), validators=[Optional(), Length(max=LONGEST_HINT)])
    hint_en = TextAreaField(_l("Hint in English"), validators=[Optional(), Length(max=LONGEST_HINT)])
    code = StringField(
        _l("Code for rules and files"),
        validators=[Optional(), Length(max=60), Regexp(rf"{CODE.pattern}\Z", message=BAD_CODE)],
    )
    required = FormField(RequiredForm, label=_l("Is an answer required?"))
    shown = FormField(ShownForm, label=_l("When is it shown?"))
    nominations = nomination_boxes()
    group = StringField(_l("Heading of a group"), validators=[Optional(), Length(max=LONGEST_TITLE)])
    group_en = StringField(_l("Heading in English"), validators=[Optional(), Length(max=LONGEST_TITLE)])
    half = BooleanField(_l("Half the width, beside its neighbour"))
    personal = BooleanField(_l("Personal data"))
    seen_by = RadioField(_l("Who sees the answer"), validators=[InputRequired()], default="experts")

    def __init__(self, scopes: "Scopes", *, column: bool = False, nominations: Offered = (), **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.is_column = column
        self.seen_by.choices = [SelectChoice(value, words) for value, words in SEEN_BY.items()]
        offer_nominations(self, () if column else nominations)
        if column:
            for name in ("shown", "group", "group_en", "half"):
                del self[name]
        if self.kind is FieldKind.COMPUTED:
            del self["required"]
        for name, scope in (("required", scopes.required), ("shown", scopes.shown)):
            if name in self:
                self.rule_of(name).offer(scope)
        self.offer()
        for rows in lists_in(self):
            if not hasattr(rows, "blank"):
                rows.blank = blank_row(rows)  # type: ignore[attr-defined]  # read by the template

    def offer(self) -> None:
        """Give the kind's own controls their choices."""

    def rule_of(self, name: str) -> Any:
        """The form of a rule within this one."""
        field: Any = self[name]
        return field.form

    def validate(self, extra_validators: Any = None) -> bool:
        """Validate every control, and what the rules' rows make together."""
        whole = super().validate(extra_validators)
        rules = [self.rule_of(name).legible() for name in ("required", "shown") if name in self]
        return all(rules) and whole

    def field(self, stored: Field | None, taken: list[str]) -> Field:
        """What was typed, as a value of the domain; settings that have no control stay as they are stored."""
        code = stored.code if stored else self.code.data or new_code(self.label.data or "", taken, self.kind.value)
        known = stored or Field(code, self.kind, "")
        given: dict[str, Any] = {name: self[name].data or "" for name in ("label", "label_en", "hint", "hint_en")}
        given |= {"personal": self.personal.data, "seen_by": self.seen_by.data}
        given |= asked_in(self, known.nominations)
        if not self.is_column:
            given |= {"group": self.group.data or "", "group_en": self.group_en.data or "", "half": self.half.data}
            given["shown_when"] = self.shown.form.rule()
        if "required" in self:
            mode = self.required.form.mode.data
            given["required"] = mode == YES if mode in (YES, NO) else self.required.form.rule() or False
        return replace(known, code=code, kind=self.kind, **given, **self.settings(known))

    def settings(self, stored: Field) -> dict[str, Any]:
        """The settings of the kind itself."""
        return {}

    @classmethod
    def data_of(cls, field: Field, scopes: "Scopes") -> dict[str, Any]:
        """The form's data for a stored field."""
        names = ("label", "label_en", "hint", "hint_en", "code", "group", "group_en", "half", "personal", "seen_by",
                 "nominations")  # fmt: skip
        given: dict[str, Any] = {name: getattr(field, name) for name in names}
        given["required"] = rule_data(field.required, scopes.required, none=NO)
        given["shown"] = rule_data(field.shown_when, scopes.shown, none=ALWAYS)
        return given | cls.own_data(field)

    @classmethod
    def own_data(cls, field: Field) -> dict[str, Any]:
        """The data of the kind's own controls."""
        return {}


class Scopes:
    """What the rules of a field may name: those that show it see what stands above, the others everything."""

    def __init__(self, shown: Scope, required: Scope) -> None:
        self.shown, self.required = shown, required


def _limit(words: Any, least: int, most: int) -> IntegerField:
    return IntegerField(words, validators=[Optional(), NumberRange(least, most)])
