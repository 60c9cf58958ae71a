"""The shape of a form's file: which keys a section, a field of each kind, and a check have.

Every model reads one object strictly; ``value()`` gives it as a value of the domain. Whether the form is well made is
not asked here (:func:`judging.domain.forms.compiling.compile_form`).
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, Field, PlainValidator, TypeAdapter

from judging.adapters.strict_json.fields import ArchiveObject, Enumerated, Money, Number
from judging.domain.errors import N_, Unfit
from judging.domain.expressions.values import day_of
from judging.domain.fields.bounds import LONGEST_TITLE
from judging.domain.forms import form as domain
from judging.domain.forms.form import Counted, FieldKind, Level, PaperKind, TextFormat

FORMAT, VERSION = "application-form", 1
LONGEST_CODE, LONGEST_HINT, LONGEST_RULE, LONGEST_CONSENT = 60, 2000, 500, 20_000
_EXTENSION = re.compile(r"[a-z0-9]{1,10}")
_RENAMED: Mapping[str, str] = {"min": "least", "max": "greatest"}
"""Keys of the file that are no names in the domain."""


def _filled(text: str) -> str:
    if not text.strip():
        raise Unfit(N_("empty"))
    return text


def _day(value: object) -> date:
    day = day_of(value) if isinstance(value, str) else None
    if day is None:
        raise Unfit(N_("not a date of the form 2027-12-31"))
    return day


def _requirement(value: object) -> bool | str:
    if not isinstance(value, bool | str):
        raise Unfit(N_("neither true, nor false, nor a rule"))
    if isinstance(value, str) and len(value) > LONGEST_RULE:
        raise Unfit(N_("longer than %(max_length)s characters"), max_length=LONGEST_RULE)
    return value if isinstance(value, bool) else _filled(value)


def _row_bounds(value: object) -> tuple[int, int]:
    if (
        not isinstance(value, list)
        or len(value) != len(("fewest", "most"))
        or any(isinstance(one, bool) or not isinstance(one, int) or one < 0 for one in value)
    ):
        raise Unfit(N_("not two whole numbers: the fewest rows and the most"))
    return value[0], value[1]


def _extension(text: str) -> str:
    if not _EXTENSION.fullmatch(text):
        raise Unfit(N_("not an extension such as pdf"))
    return text


def _known_version(number: int) -> int:
    if number != VERSION:
        raise Unfit(N_("only version %(known)s of the format can be read"), known=VERSION)
    return number


Code = Annotated[str, Field(max_length=LONGEST_CODE), AfterValidator(_filled)]
Words = Annotated[str, Field(max_length=LONGEST_TITLE), AfterValidator(_filled)]
Spare = Annotated[str, Field(max_length=LONGEST_TITLE)]
"""Words that may be lacking: the English ones."""
Hint = Annotated[str, Field(max_length=LONGEST_HINT)]
Rule = Annotated[str, Field(max_length=LONGEST_RULE), AfterValidator(_filled)]
Requirement = Annotated[bool | str, PlainValidator(_requirement)]
"""Yes, no, or a rule."""
Day = Annotated[date, PlainValidator(_day)]
Positive = Annotated[int, Field(ge=1, le=2**40)]
Unit = Annotated[str, Field(max_length=40)]


class FormObject(ArchiveObject):
    """An object of a form's file."""


class EnvelopeModel(FormObject):
    """The top level; what its lists hold is read item by item."""

    format: Literal["application-form"]
    version: Annotated[int, AfterValidator(_known_version)]
    sections: list[Any]
    checks: list[Any] = Field(default_factory=list)
    checklist: list[Any] = Field(default_factory=list)


class SectionModel(FormObject):
    """A section; its fields are read one by one."""

    code: Code
    title: Words
    title_en: Spare = ""
    lead: Hint = ""
    lead_en: Hint = ""
    nominations: list[Code] = Field(default_factory=list)
    fields: list[Any]


class CheckModel(FormObject):
    """A check of the form, or of a row."""

    code: Code
    at: Code
    rule: Rule
    message: Words
    message_en: Spare = ""
    level: Annotated[Level, Enumerated] = Level.STOP

    def value(self) -> domain.Check:
        """Return the check."""
        return domain.Check(self.code, self.at, self.rule, self.message, self.message_en, self.level)


class PointModel(FormObject):
    """A point of the formal check."""

    code: Code
    title: Words
    title_en: Spare = ""
    rule: Rule | None = None
    note: Hint = ""
    note_en: Hint = ""
    clause: Spare = ""

    def value(self) -> domain.Point:
        """Return the point."""
        return domain.Point(**self.model_dump())


class OptionModel(FormObject):
    """What may be chosen."""

    code: Code
    label: Words
    label_en: Spare = ""

    def value(self) -> domain.Option:
        """Return the option."""
        return domain.Option(self.code, self.label, self.label_en)


class FieldModel(FormObject):
    """What every kind of field has."""

    apart: ClassVar[frozenset[str]] = frozenset()
    """Keys whose values are read by :func:`value` of a kind itself."""

    code: Code
    label: Words
    label_en: Spare = ""
    hint: Hint = ""
    hint_en: Hint = ""
    required: Requirement = False
    shown_when: Rule | None = None
    nominations: list[Code] = Field(default_factory=list)
    personal: bool = False
    seen_by: Literal["experts", "staff"] = "experts"
    half: bool = False
    group: Spare = ""
    group_en: Spare = ""

    def value(self) -> domain.Field:
        """Return the field."""
        given = {name: getattr(self, name) for name in type(self).model_fields if name not in self.apart}
        kind = FieldKind(given.pop("kind"))
        plain = {_RENAMED.get(name, name): _fixed(value) for name, value in given.items()}
        return domain.Field(kind=kind, **plain, **self.settings())

    def settings(self) -> dict[str, Any]:
        """Settings of the kind that have to be made into values of the domain."""
        return {}


def _fixed(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


class TextModel(FieldModel):
    """A field of kind ``text``."""

    kind: Literal["text"]
    most: Positive | None = None
    advised: Positive | None = None
    counts: Annotated[Counted, Enumerated] = Counted.CHARACTERS
    lines: Positive | None = None
    format: Annotated[TextFormat, Enumerated] = TextFormat.PLAIN
    autocomplete: Unit = ""


class NumberModel(FieldModel):
    """A field of kind ``number``."""

    kind: Literal["number"]
    min: Number | None = None
    max: Number | None = None
    decimals: Annotated[int, Field(ge=0, le=12)] | None = None
    unit: Unit = ""
    unit_en: Unit = ""
    total: bool = False


class MoneyModel(FieldModel):
    """A field of kind ``money``; bounds in roubles."""

    kind: Literal["money"]
    min: Money | None = None
    max: Money | None = None
    total: bool = False


class DateModel(FieldModel):
    """A field of kind ``date``."""

    kind: Literal["date"]
    min: Day | None = None
    max: Day | None = None


class YesModel(FieldModel):
    """A field of kind ``yes``."""

    kind: Literal["yes"]


class _Choosing(FieldModel):
    apart = frozenset({"options"})
    options: list[OptionModel]

    def settings(self) -> dict[str, Any]:
        """The options."""
        return {"options": tuple(option.value() for option in self.options)}


class ChoiceModel(_Choosing):
    """A field of kind ``choice``."""

    kind: Literal["choice"]


class ChoicesModel(_Choosing):
    """A field of kind ``choices``."""

    kind: Literal["choices"]


class OrganisationModel(FieldModel):
    """A field of kind ``organisation``."""

    kind: Literal["organisation"]
    of: Literal["cluster", "any"] = "cluster"


class OkvedModel(FieldModel):
    """A field of kind ``okved``."""

    kind: Literal["okved"]


class FileModel(FieldModel):
    """A field of kind ``file``."""

    kind: Literal["file"]
    extensions: list[Annotated[str, AfterValidator(_extension)]]
    max_bytes: Positive | None = None
    max_files: Annotated[int, Field(ge=1, le=100)] | None = None
    paper: Annotated[PaperKind, Enumerated] | None = None
    signed: bool = False


class ConsentModel(FieldModel):
    """A field of kind ``consent``."""

    kind: Literal["consent"]
    text: Annotated[str, Field(max_length=LONGEST_CONSENT), AfterValidator(_filled)]
    text_en: Annotated[str, Field(max_length=LONGEST_CONSENT)] = ""


class TableModel(FieldModel):
    """A field of kind ``table``; its columns and the checks of its rows are read one by one."""

    apart = frozenset({"columns", "row_checks"})
    kind: Literal["table"]
    columns: list[Any]
    rows: Annotated[tuple[int, int], PlainValidator(_row_bounds)] = (0, domain.MOST_ROWS)
    row_checks: list[Any] = Field(default_factory=list)
    look: Literal["rows", "grid"] = "rows"


class ComputedModel(FieldModel):
    """A field of kind ``computed``."""

    kind: Literal["computed"]
    formula: Rule
    unit: Unit = ""
    unit_en: Unit = ""


AnyField = Annotated[
    TextModel | NumberModel | MoneyModel | DateModel | YesModel | ChoiceModel | ChoicesModel | OrganisationModel
    | OkvedModel | FileModel | ConsentModel | TableModel | ComputedModel,
    Field(discriminator="kind"),
]  # fmt: skip

ENVELOPE = TypeAdapter(EnvelopeModel)
SECTION = TypeAdapter(SectionModel)
FIELD: TypeAdapter[Any] = TypeAdapter(AnyField)
CHECK = TypeAdapter(CheckModel)
POINT = TypeAdapter(PointModel)
