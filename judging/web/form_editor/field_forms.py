"""A form for every kind of field, in a table that a test holds complete: its words, when it is asked, its limits."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    FormField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from judging.adapters.filetypes import TYPES
from judging.domain.errors import N_
from judging.domain.fields.bounds import LONGEST_TITLE
from judging.domain.forms.form import MOST_FILES, MOST_ROWS, Counted, Field, FieldKind, Option, PaperKind, TextFormat
from judging.domain.forms.kinds import KINDS
from judging.domain.forms.shape import LONGEST_TEXT, MOST_DECIMALS, MOST_OPTIONS, MOST_TABLE_ROWS
from judging.domain.papers import PAPER_WORDS
from judging.web.form_editor.codes import new_code
from judging.web.form_editor.condition_forms import (
    FormulaField,
)
from judging.web.form_editor.field_form import (
    AUTOCOMPLETE,
    COUNTED,
    FORMATS,
    LONGEST_CONSENT,
    LONGEST_UNIT,
    LOOKS,
    MEGABYTE,
    SIMPLE,
    FieldForm,
    Scopes,
    _limit,
)
from judging.web.forms import DayField, DecimalField, MoneyField, Row, SelectChoice, TickList
from judging.web.rows import Rows
from judging.web.templating import translate


class TextForm(FieldForm):
    """A text."""

    kind = FieldKind.TEXT

    counts = RadioField(_l("Limits count"), validators=[InputRequired()], default=Counted.CHARACTERS.value)
    most = _limit(_l("No longer than"), 1, LONGEST_TEXT)
    advised = _limit(_l("Warn above"), 1, LONGEST_TEXT)
    lines = _limit(_l("Lines of the box"), 1, 60)
    format = SelectField(_l("What is typed"), validators=[InputRequired()], default=TextFormat.PLAIN.value)
    autocomplete = SelectField(_l("What the browser may fill in"), validators=[Optional()], validate_choice=False)

    def offer(self) -> None:
        """The formats, and what a browser knows; a word that is stored stays on the list."""
        self.counts.choices = [SelectChoice(one.value, translate(words)) for one, words in COUNTED.items()]
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
            "counts": Counted(self.counts.data), "format": TextFormat(self.format.data),
            "autocomplete": chosen if chosen in offered else "",
        }  # fmt: skip

    @classmethod
    def own_data(cls, field: Field) -> dict[str, Any]:
        """Limits and format."""
        return {
            "most": field.most, "advised": field.advised, "lines": field.lines, "format": field.format.value,
            "counts": field.counts.value, "autocomplete": field.autocomplete,
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


class FileForm(FieldForm):
    """Files."""

    kind = FieldKind.FILE

    extensions = TickList(_l("Which files"), validators=[InputRequired()])
    size = DecimalField(_l("Largest file, MB"), places=2, validators=[Optional(), NumberRange(Decimal("0.01"), 1024)])
    max_files = _limit(_l("Most files"), 1, MOST_FILES)
    paper = SelectField(_l("Paper that is made of the answers"), validators=[Optional()])
    signed = BooleanField(_l("Every file needs a qualified electronic signature"))

    def offer(self) -> None:
        """The extensions; those that are stored stay on the list."""
        known = dict.fromkeys([*TYPES, *(self.extensions.object_data or ())])
        self.extensions.choices = [SelectChoice(one, one.upper()) for one in known]
        papers: dict[str, str] = {
            "": N_("None: the team brings its own"),
            **{kind.value: words for kind, words in PAPER_WORDS.items()},
        }
        self.paper.choices = [SelectChoice(value, translate(words)) for value, words in papers.items()]

    def settings(self, stored: Field) -> dict[str, Any]:
        """Extensions, size and number, the paper that is made, and whether it is signed."""
        size = self.size.data
        kept = size is not None and stored.max_bytes is not None and size == _megabytes(stored.max_bytes)
        most = stored.max_bytes if kept else None if size is None else int(size * MEGABYTE)
        ordered = self.extensions.ordered(stored.extensions)
        paper = PaperKind(self.paper.data) if self.paper.data else None
        given = {"extensions": ordered, "max_bytes": most, "max_files": self.max_files.data}
        return {**given, "paper": paper, "signed": self.signed.data}

    @classmethod
    def own_data(cls, field: Field) -> dict[str, Any]:
        """Extensions, size and number, the paper that is made, and whether it is signed."""
        size = None if field.max_bytes is None else _megabytes(field.max_bytes)
        given = {"extensions": list(field.extensions), "size": size, "max_files": field.max_files}
        return {**given, "paper": field.paper.value if field.paper else "", "signed": field.signed}


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
