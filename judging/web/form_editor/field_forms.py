"""A form for every kind of field, in a table that a test holds complete: its words, when it is asked, its limits."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, ClassVar

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    FormField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp
from wtforms.widgets import CheckboxInput, ListWidget

from judging.adapters.filetypes import TYPES
from judging.domain.errors import N_
from judging.domain.fields.bounds import LONGEST_TITLE
from judging.domain.forms.form import MOST_FILES, MOST_ROWS, Field, FieldKind, Option, TextFormat
from judging.domain.forms.kinds import KINDS
from judging.domain.forms.shape import CODE, LONGEST_TEXT, MOST_DECIMALS, MOST_OPTIONS, MOST_TABLE_ROWS
from judging.web.contests.forms import StoredForm
from judging.web.form_editor.codes import new_code
from judging.web.form_editor.condition_forms import (
    ALWAYS,
    NO,
    YES,
    FormulaField,
    RequiredForm,
    ShownForm,
    rule_data,
)
from judging.web.form_editor.row_lists import blank_row, lists_in
from judging.web.form_editor.scope import Scope
from judging.web.forms import DayField, DecimalField, MoneyField, Row, SelectChoice
from judging.web.rows import Rows
from judging.web.templating import translate

LONGEST_HINT, LONGEST_CONSENT, LONGEST_UNIT, MEGABYTE = 2000, 20_000, 40, 1 << 20
BAD_CODE = _l("A code has small Latin letters, digits and underscores, and begins with a letter")
SEEN_BY = {"experts": _l("Staff and experts"), "staff": _l("Only the staff")}
FORMATS: Mapping[TextFormat, str] = {
    TextFormat.PLAIN: N_("Any text"),
    TextFormat.LIGHT: N_("A text with paragraphs, lists and bold words"),
    TextFormat.TELEPHONE: N_("A telephone number"),
    TextFormat.EMAIL: N_("An e-mail address"),
    TextFormat.INN: N_("An INN"),
    TextFormat.OKPD2: N_("A code of OKPD2"),
}
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
    group = StringField(_l("Heading of a group"), validators=[Optional(), Length(max=LONGEST_TITLE)])
    group_en = StringField(_l("Heading in English"), validators=[Optional(), Length(max=LONGEST_TITLE)])
    half = BooleanField(_l("Half the width, beside its neighbour"))
    personal = BooleanField(_l("Personal data"))
    seen_by = RadioField(_l("Who sees the answer"), validators=[InputRequired()], default="experts")

    def __init__(self, scopes: "Scopes", *, column: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.is_column = column
        self.seen_by.choices = [SelectChoice(value, words) for value, words in SEEN_BY.items()]
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
        names = ("label", "label_en", "hint", "hint_en", "code", "group", "group_en", "half", "personal", "seen_by")
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


class TextForm(FieldForm):
    """A text."""

    kind = FieldKind.TEXT

    most = _limit(_l("Most characters"), 1, LONGEST_TEXT)
    advised = _limit(_l("Warn above so many characters"), 1, LONGEST_TEXT)
    lines = _limit(_l("Lines of the box"), 1, 60)
    format = SelectField(_l("What is typed"), validators=[InputRequired()], default=TextFormat.PLAIN.value)
    autocomplete = SelectField(_l("What the browser may fill in"), validators=[Optional()], validate_choice=False)

    def offer(self) -> None:
        """The formats, and what a browser knows; a word that is stored stays on the list."""
        self.format.choices = [SelectChoice(one.value, translate(words)) for one, words in FORMATS.items()]
        words = {code: translate(text) for code, text in AUTOCOMPLETE.items()}
        if self.autocomplete.object_data:
            words.setdefault(self.autocomplete.object_data, self.autocomplete.object_data)
        self.autocomplete.choices = [SelectChoice(code, text) for code, text in words.items()]

    def settings(self, stored: Field) -> dict[str, Any]:
        """Limits and format."""
        offered = {*AUTOCOMPLETE, stored.autocomplete}
        chosen = self.autocomplete.data or ""
        return {
            "most": self.most.data, "advised": self.advised.data, "lines": self.lines.data,
            "format": TextFormat(self.format.data), "autocomplete": chosen if chosen in offered else "",
        }  # fmt: skip

    @classmethod
    def own_data(cls, field: Field) -> dict[str, Any]:
        """Limits and format."""
        return {
            "most": field.most, "advised": field.advised, "lines": field.lines, "format": field.format.value,
            "autocomplete": field.autocomplete,
        }  # fmt: skip


def _bounds(field: Field) -> dict[str, Any]:
    return {"least": field.least, "greatest": field.greatest}


class NumberForm(FieldForm):
    """A number."""

    kind = FieldKind.NUMBER

    least = DecimalField(_l("No less than"), validators=[Optional()])
    greatest = DecimalField(_l("No more than"), validators=[Optional()])
    decimals = _limit(_l("Decimals"), 0, MOST_DECIMALS)
    unit = StringField(_l("Unit"), validators=[Optional(), Length(max=LONGEST_UNIT)])
    unit_en = StringField(_l("Unit in English"), validators=[Optional(), Length(max=LONGEST_UNIT)])
    total = BooleanField(_l("The table shows the sum of this column"))

    def settings(self, stored: Field) -> dict[str, Any]:
        """Bounds, decimals, unit."""
        return {
            "least": self.least.data, "greatest": self.greatest.data, "decimals": self.decimals.data,
            "unit": self.unit.data or "", "unit_en": self.unit_en.data or "", "total": self.total.data,
        }  # fmt: skip

    @classmethod
    def own_data(cls, field: Field) -> dict[str, Any]:
        """Bounds, decimals, unit."""
        return {**_bounds(field), "decimals": field.decimals, "unit": field.unit, "unit_en": field.unit_en,
                "total": field.total}  # fmt: skip


class MoneyForm(FieldForm):
    """A sum of money."""

    kind = FieldKind.MONEY

    least = MoneyField(_l("No less than"), validators=[Optional()])
    greatest = MoneyField(_l("No more than"), validators=[Optional()])
    total = BooleanField(_l("The table shows the sum of this column"))

    def settings(self, stored: Field) -> dict[str, Any]:
        """Bounds."""
        return {"least": self.least.data, "greatest": self.greatest.data, "total": self.total.data}

    @classmethod
    def own_data(cls, field: Field) -> dict[str, Any]:
        """Bounds."""
        return {**_bounds(field), "total": field.total}


class DateForm(FieldForm):
    """A date."""

    kind = FieldKind.DATE

    least = DayField(_l("No earlier than"), validators=[Optional()])
    greatest = DayField(_l("No later than"), validators=[Optional()])

    def settings(self, stored: Field) -> dict[str, Any]:
        """Bounds."""
        return {"least": self.least.data, "greatest": self.greatest.data}

    @classmethod
    def own_data(cls, field: Field) -> dict[str, Any]:
        """Bounds."""
        return _bounds(field)


class YesForm(FieldForm):
    """Yes or no."""

    kind = FieldKind.YES


class OptionRow(Row):
    """What may be chosen."""

    label = StringField(_l("Option"), validators=[InputRequired(), Length(max=LONGEST_TITLE)])
    label_en = StringField(_l("In English"), validators=[Optional(), Length(max=LONGEST_TITLE)])
    code = StringField(_l("Code"), validators=[Optional(), Length(max=60)])


class ChoiceForm(FieldForm):
    """One of several."""

    kind = FieldKind.CHOICE

    options = Rows(FormField(OptionRow), label=_l("Options"), min_entries=1, most=MOST_OPTIONS)

    def settings(self, stored: Field) -> dict[str, Any]:
        """The options; one without a code gets one of its words."""
        taken = [entry.form.code.data for entry in self.options if entry.form.code.data]
        made = []
        for entry in self.options:
            row = entry.form
            code = row.code.data or new_code(row.label.data or "", taken, "option")
            taken.append(code)
            made.append(Option(code, row.label.data or "", row.label_en.data or ""))
        return {"options": tuple(made)}

    @classmethod
    def own_data(cls, field: Field) -> dict[str, Any]:
        """The options."""
        return {"options": [{"code": one.code, "label": one.label, "label_en": one.label_en} for one in field.options]}


class ChoicesForm(ChoiceForm):
    """Several of several."""

    kind = FieldKind.CHOICES


class OrganisationForm(FieldForm):
    """An organisation."""

    kind = FieldKind.ORGANISATION

    of = RadioField(_l("Which organisations"), validators=[InputRequired()], default="cluster")

    def offer(self) -> None:
        """Of the cluster, or any."""
        words = {"cluster": _l("Members of the applicant's cluster"), "any": _l("Any, by its INN")}
        self.of.choices = [SelectChoice(value, text) for value, text in words.items()]

    def settings(self, stored: Field) -> dict[str, Any]:
        """Which organisations."""
        return {"of": self.of.data}

    @classmethod
    def own_data(cls, field: Field) -> dict[str, Any]:
        """Which organisations."""
        return {"of": field.of}


class OkvedForm(FieldForm):
    """Codes of ОКВЭД2."""

    kind = FieldKind.OKVED


class TickList(SelectMultipleField):
    """Boxes to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class FileForm(FieldForm):
    """Files."""

    kind = FieldKind.FILE

    extensions = TickList(_l("Which files"), validators=[InputRequired()])
    size = DecimalField(_l("Largest file, MB"), places=2, validators=[Optional(), NumberRange(Decimal("0.01"), 1024)])
    max_files = _limit(_l("Most files"), 1, MOST_FILES)

    def offer(self) -> None:
        """The extensions; those that are stored stay on the list."""
        known = dict.fromkeys([*TYPES, *(self.extensions.object_data or ())])
        self.extensions.choices = [SelectChoice(one, one.upper()) for one in known]

    def settings(self, stored: Field) -> dict[str, Any]:
        """Extensions, size and number."""
        size = self.size.data
        kept = size is not None and stored.max_bytes is not None and size == _megabytes(stored.max_bytes)
        most = stored.max_bytes if kept else None if size is None else int(size * MEGABYTE)
        ticked = self.extensions.data or ()
        order = [*(one for one in stored.extensions if one in ticked), *(one for one in ticked)]
        return {"extensions": tuple(dict.fromkeys(order)), "max_bytes": most, "max_files": self.max_files.data}

    @classmethod
    def own_data(cls, field: Field) -> dict[str, Any]:
        """Extensions, size and number."""
        size = None if field.max_bytes is None else _megabytes(field.max_bytes)
        return {"extensions": list(field.extensions), "size": size, "max_files": field.max_files}


def _megabytes(number: int) -> Decimal:
    """Bytes in megabytes, to the hundredth."""
    exact = (Decimal(number) / MEGABYTE).quantize(Decimal("0.01"))
    return Decimal(f"{exact:f}".rstrip("0").rstrip(".") or "0")


class ConsentForm(FieldForm):
    """A consent."""

    kind = FieldKind.CONSENT

    text = TextAreaField(_l("What is agreed to"), validators=[InputRequired(), Length(max=LONGEST_CONSENT)])
    text_en = TextAreaField(_l("The same in English, for information"),
                            validators=[Optional(), Length(max=LONGEST_CONSENT)])  # fmt: skip

    def settings(self, stored: Field) -> dict[str, Any]:
        """The text."""
        return {"text": self.text.data or "", "text_en": self.text_en.data or ""}

    @classmethod
    def own_data(cls, field: Field) -> dict[str, Any]:
        """The text."""
        return {"text": field.text, "text_en": field.text_en}


class ColumnRow(Row):
    """A column of a new table; more of it is said on its own page."""

    label = StringField(_l("Column"), validators=[InputRequired(), Length(max=LONGEST_TITLE)])
    kind = SelectField(_l("What is asked for"), validators=[InputRequired()])
    needed = BooleanField(_l("Required in each row"))


class TableForm(FieldForm):
    """A table. Its columns have pages of their own; a new one is begun with some."""

    kind = FieldKind.TABLE

    columns = Rows(FormField(ColumnRow), label=_l("Columns"), min_entries=1, most=20)
    fewest = _limit(_l("Fewest rows"), 0, MOST_TABLE_ROWS)
    most_rows = _limit(_l("Most rows"), 1, MOST_TABLE_ROWS)
    look = RadioField(_l("How it looks"), validators=[InputRequired()], default="rows")
    PLACES: ClassVar[dict[str, str]] = {**FieldForm.PLACES, "rows": "most_rows"}

    def __init__(self, scopes: Scopes, *, begun: bool = False, **kwargs: Any) -> None:
        super().__init__(scopes, **kwargs)
        if begun:
            del self["columns"]
        else:
            offer_kinds(self.columns.blank)  # type: ignore[attr-defined]  # set with those of every list

    def offer(self) -> None:
        """How a table may look, and which columns it may begin with."""
        self.look.choices = [SelectChoice(value, words) for value, words in LOOKS.items()]
        for entry in self.columns:
            offer_kinds(entry)

    def settings(self, stored: Field) -> dict[str, Any]:
        """Bounds, look, and the first columns of a new table."""
        rows = (self.fewest.data or 0, self.most_rows.data or MOST_ROWS)
        given: dict[str, Any] = {"rows": rows, "look": self.look.data}
        if "columns" not in self:
            return given
        columns: list[Field] = []
        for entry in self.columns:
            row = entry.form
            code = new_code(row.label.data or "", ["key", *(one.code for one in columns)], "column")
            columns.append(Field(code, FieldKind(row.kind.data), row.label.data or "", required=row.needed.data))
        return {**given, "columns": tuple(columns)}

    @classmethod
    def own_data(cls, field: Field) -> dict[str, Any]:
        """Bounds and look."""
        fewest, most = field.rows
        return {"fewest": fewest or None, "most_rows": None if most == MOST_ROWS else most, "look": field.look}


def offer_kinds(entry: Any) -> None:
    """Give a row of a new table its kinds."""
    entry.form.kind.choices = [SelectChoice(kind.value, translate(KINDS[kind].label)) for kind in SIMPLE]


class ComputedForm(FieldForm):
    """What is computed."""

    kind = FieldKind.COMPUTED

    formula = FormulaField(_l("Formula"), validators=[InputRequired(), Length(max=500)])
    unit = StringField(_l("Unit"), validators=[Optional(), Length(max=LONGEST_UNIT)])
    unit_en = StringField(_l("Unit in English"), validators=[Optional(), Length(max=LONGEST_UNIT)])

    def settings(self, stored: Field) -> dict[str, Any]:
        """Formula and unit."""
        return {"formula": self.formula.data or "", "unit": self.unit.data or "", "unit_en": self.unit_en.data or ""}

    @classmethod
    def own_data(cls, field: Field) -> dict[str, Any]:
        """Formula and unit."""
        return {"formula": field.formula, "unit": field.unit, "unit_en": field.unit_en}


FORMS: Mapping[FieldKind, type[FieldForm]] = {
    form.kind: form
    for form in (
        TextForm, NumberForm, MoneyForm, DateForm, YesForm, ChoiceForm, ChoicesForm, OrganisationForm, OkvedForm,
        FileForm, ConsentForm, TableForm, ComputedForm,
    )
}  # fmt: skip
