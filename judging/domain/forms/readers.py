"""Who reads the answers to a form: all but what is for the staff alone goes on to experts."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from judging.domain.errors import N_
from judging.domain.forms.compiling import CompiledField, CompiledForm, compile_form
from judging.domain.forms.faults import Faults
from judging.domain.forms.form import ApplicationForm, Field, FieldKind
from judging.domain.forms.pieces import names_of

PARTNERS, PARTY = "partners", "organisation"
"""The table of partners, and its column that declarations of a conflict of interest name."""
CONTACTS = frozenset({"contact_name", "contact_phone", "contact_email"})
"""What no expert needs of a project, whatever the form says."""
ALWAYS_READ = frozenset({"title", "initiator", PARTNERS})
"""What an application is known by: tasks, declarations of a conflict of interest and published results name it."""
NOT_FOR_STAFF_ALONE = N_("experts and published results name it: it can be neither personal data nor the staff's alone")


def for_staff_alone(asked: Field) -> bool:
    """Whether the answer is kept from experts: personal data, marked as the staff's, a contact, a consent, a paper.

    A paper that is made of the answers holds the personal ones too.
    """
    marked = asked.personal or asked.seen_by == "staff" or asked.paper is not None
    return marked or asked.kind is FieldKind.CONSENT or asked.code in CONTACTS


def kept_from_experts(compiled: CompiledForm) -> frozenset[str]:
    """The codes of the fields that experts may not read, and ``table.column`` of the columns.

    What is computed of such an answer tells of it, and is kept as well.
    """
    kept: set[str] = set()
    for one in (one for part in compiled.sections for one in part.fields):
        code = one.field.code
        columns = {f"{code}.{column.field.code}" for column in one.columns if for_staff_alone(column.field)}
        told = one.formula is not None and not kept.isdisjoint(_named(one.formula.text))
        if for_staff_alone(one.field) or told or len(columns) == len(one.columns) > 0:
            kept |= {code} | {f"{code}.{column.field.code}" for column in one.columns}
        kept |= columns
    return frozenset(kept)


@lru_cache(maxsize=1000)
def _named(formula: str) -> frozenset[str]:
    return frozenset(names_of(formula))


def without(fields: Iterable[CompiledField], kept: Collection[str]) -> Iterator[CompiledField]:
    """The fields that are not ``kept`` away; of a table those of its columns that are not."""
    for one in fields:
        if one.field.code not in kept:
            columns = tuple(part for part in one.columns if f"{one.field.code}.{part.field.code}" not in kept)
            yield one if columns == one.columns else replace(one, columns=columns)


@dataclass(frozen=True)
class Readable:
    """What experts may read of an application that answers ``compiled``.

    ``whole``: it was submitted by this form, so that what the form does not ask for was not submitted. Of one that came
    with an archive, columns and files are read as they came. ``number``: that of the submission, 0
    without one.
    """

    compiled: CompiledForm
    whole: bool
    number: int = 0

    @cached_property
    def kept(self) -> frozenset[str]:
        """What experts may not read (:func:`kept_from_experts`)."""
        return kept_from_experts(self.compiled)

    def reads(self, code: str, kind: FieldKind | None = None) -> bool:
        """Whether experts may read the answer to the field of that code, asked for as that ``kind``."""
        asked = self.compiled.form.field(code)
        if asked is None or (kind is not None and asked.kind is not kind):
            return not self.whole
        return code not in self.kept

    def reads_of_partners(self, code: str) -> bool:
        """Whether experts may read a column of the table of partners."""
        table = self.compiled.form.field(PARTNERS)
        if table is None or table.column(code) is None:
            return not self.whole
        return f"{PARTNERS}.{code}" not in self.kept


def compile_given(form: ApplicationForm, nominations: Collection[str] = ()) -> CompiledForm:
    """Make a form that somebody gives ready to use: as :func:`compile_form`, and what is always read is not hidden.

    A stored form is not asked for the latter, so that one from before this rule goes on.
    Raises :class:`Refused` with every fault.
    """
    compiled, found = compile_form(form, nominations), Faults()
    for outer, inner, _, asked in form.places():
        path = f"sections[{outer}].fields[{inner}]"
        if asked.code in ALWAYS_READ:
            _note(found, path, asked)
        for index, column in enumerate(asked.columns if asked.code == PARTNERS else ()):
            if column.code == PARTY:
                _note(found, f"{path}.columns[{index}]", column)
    found.refuse()
    return compiled


def _note(found: Faults, path: str, asked: Field) -> None:
    marks: Mapping[str, bool] = {"personal": asked.personal, "seen_by": asked.seen_by == "staff"}
    for setting, marked in marks.items():
        if marked:
            found.add(f"{path}.{setting}", NOT_FOR_STAFF_ALONE)
