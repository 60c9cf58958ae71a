"""The difference between two forms in words: which part, which setting, before and after, and what kind of change."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext

from judging.domain.errors import N_
from judging.domain.forms.change_places import ORDER, TOP, names_at, part_of
from judging.domain.forms.changes import Change, ChangeKind
from judging.domain.forms.compiling import CompiledForm
from judging.domain.forms.form import (
    ApplicationForm,
    Check,
    Counted,
    Field,
    FieldKind,
    Level,
    Option,
    Point,
    Section,
    TextFormat,
)
from judging.domain.forms.kinds import KINDS
from judging.domain.forms.pieces import title_of
from judging.domain.papers import PAPER_WORDS
from judging.web.form_editor.check_form import LEVELS
from judging.web.form_editor.field_form import COUNTED, FORMATS, LOOKS, SEEN_BY
from judging.web.form_editor.rule_words import RuleWords, rule_words, with_figures
from judging.web.form_editor.scope import Scope, scope_of
from judging.web.templating import decimal, filesize, money, translate

KIND_WORDS: Mapping[ChangeKind, str] = {
    ChangeKind.WORDS: N_("words only"),
    ChangeKind.LOOSER: N_("less is asked"),
    ChangeKind.TIGHTER: N_("more or something else is asked"),
}
SETTINGS: Mapping[str, str] = {
    "title": N_("title"), "title_en": N_("title in English"), "lead": N_("words under the title"),
    "lead_en": N_("words under the title, in English"), "nominations": N_("nominations"), "kind": N_("kind"),
    "label": N_("words"), "label_en": N_("words in English"), "hint": N_("hint"), "hint_en": N_("hint in English"),
    "required": N_("required"), "shown_when": N_("shown"), "personal": N_("personal data"), "seen_by": N_("seen by"),
    "most": N_("no longer than"), "advised": N_("warned about above"), "counts": N_("limits count"),
    "lines": N_("lines of the box"), "format": N_("what is typed"),
    "least": N_("no less than"), "greatest": N_("no more than"),
    "decimals": N_("decimals"), "unit": N_("unit"), "unit_en": N_("unit in English"), "options": N_("options"),
    "of": N_("which organisations"), "extensions": N_("kinds of files"), "max_bytes": N_("largest file"),
    "max_files": N_("most files"), "text": N_("text of the consent"), "text_en": N_("text of the consent in English"),
    "paper": N_("paper made of the answers"), "signed": N_("electronic signature needed"),
    "rows": N_("number of rows"), "look": N_("look"), "total": N_("sum below the column"), "formula": N_("formula"),
    "half": N_("half the width"), "group": N_("heading of the group"), "group_en": N_("heading in English"),
    "autocomplete": N_("what the browser fills in"), "at": N_("beside which field"), "rule": N_("rule"),
    "message": N_("message"), "message_en": N_("message in English"), "level": N_("what it does"),
    "note": N_("words for the staff"), "note_en": N_("words for the staff, in English"),
    "clause": N_("clause of the regulation"),
}  # fmt: skip
Said = str | RuleWords
"""A value in words."""


@dataclass(frozen=True)
class ChangeLine:
    """One difference: ``place`` and ``what`` in words, the values before and after, the kind of the change.

    ``whole``: a part came or went, and the one value is what it is called.
    """

    place: str
    what: str
    before: Said
    after: Said
    kind: ChangeKind
    whole: bool = False

    @property
    def kind_words(self) -> str:
        """What kind of change it is."""
        return translate(KIND_WORDS[self.kind])


def change_lines(changes: Sequence[Change], before: CompiledForm, after: CompiledForm) -> list[ChangeLine]:
    """Every change in words."""
    sides = (_Side(before.form, scope_of(before)), _Side(after.form, scope_of(after)))
    return [_line(change, *sides) for change in changes]


@dataclass(frozen=True)
class _Side:
    form: ApplicationForm
    scope: Scope


def _line(change: Change, before: _Side, after: _Side) -> ChangeLine:
    path, ordered = change.path.removesuffix(ORDER), change.path.endswith(ORDER)
    value = change.before if change.before is not None else change.after
    whole = isinstance(value, Section | Field | Check | Point)
    setting = "" if whole or ordered else path.rpartition(".")[2]
    place = part_of(change)
    names = _place(place, before.form) or _place(place, after.form) or ""
    if ordered:
        return ChangeLine(names or _list_words(place), gettext("order"), _order(change.before, place, before.form),
                          _order(change.after, place, after.form), change.kind)  # fmt: skip
    if whole:
        return ChangeLine(names, gettext("added") if change.before is None else gettext("removed"),
                          _whole(change.before), _whole(change.after), change.kind, whole=True)  # fmt: skip
    field = _field_at(place, after.form) or _field_at(place, before.form)
    what = translate(SETTINGS[setting]) if setting in SETTINGS else setting
    was = _value(setting, change.before, field, before.scope)
    return ChangeLine(names, what, was, _value(setting, change.after, field, after.scope), change.kind)


def _list_words(path: str) -> str:
    words = {"sections": gettext("Sections"), "checks": gettext("Checks"), "checklist": gettext("Formal check")}
    return words.get(path, path)


def _place(path: str, form: ApplicationForm) -> str:
    """What a path of codes names, from the section down; empty where the form has no such part."""
    names = [f"«{name}»" for name in names_at(path, form)]
    top = TOP.fullmatch(path)
    if top and names:
        head = gettext("Check") if top["what"] == "check" else gettext("Point of the formal check")
        return f"{head} {names[0]}"
    return " → ".join(names)


def _field_at(path: str, form: ApplicationForm) -> Field | None:
    """The field or column that a path of codes names."""
    codes = path.partition(" check ")[0].split(".")
    field = form.field(codes[1]) if len(codes) > 1 else None
    return field.column(codes[2]) if field is not None and len(codes) > 2 else field


def _order(codes: Sequence[str], path: str, form: ApplicationForm) -> str:
    """A list in its order, by words."""
    return ", ".join(_name(code, path, form) for code in codes)


def _name(code: str, path: str, form: ApplicationForm) -> str:
    listed: Sequence[Any] = {"sections": form.sections, "checks": form.checks, "checklist": form.checklist}.get(
        path, ()
    )
    if not listed:
        section = next((one for one in form.sections if one.code == path.partition(".")[0]), None)
        listed = section.fields if section else ()
        if "." in path and section is not None:
            table = form.field(path.removesuffix(" checks").partition(".")[2])
            columns, checks = (table.columns, table.row_checks) if table else ((), ())
            listed = checks if path.endswith(" checks") else columns
    found = next((one for one in listed if one.code == code), None)
    return f"«{title_of(found)}»" if found else code


def _whole(part: Any) -> str:
    """A part that came or went."""
    if part is None:
        return ""
    if isinstance(part, Field):
        return f"{part.label} ({translate(KINDS[part.kind].label)})"
    return title_of(part)


def _value(setting: str, value: Any, field: Field | None, scope: Scope) -> Said:
    """A value of a setting in words; empty where there is none."""
    if value is None or value == "" or value == ():
        return ""
    say = _SAY.get(setting)
    if say is not None:
        return say(value, scope)
    if setting in ("least", "greatest"):
        return _bound(value, field)
    return _plain(value)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, tuple):
        return ", ".join(_plain(one) for one in value)
    return decimal(value) if isinstance(value, Decimal) else str(value)


def _bound(value: Any, field: Field | None) -> str:
    if isinstance(value, date):
        return value.strftime("%d.%m.%Y")
    if field is not None and field.kind is FieldKind.MONEY:
        return money(value)
    return decimal(str(value))


def _rule(value: bool | str, scope: Scope) -> Said:
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    return rule_words(value, scope)


def _options(value: tuple[Option, ...], _scope: Scope) -> str:
    return "; ".join(f"{one.label} / {one.label_en}" if one.label_en else one.label for one in value)


def _rows(value: tuple[int, int], _scope: Scope) -> str:
    return gettext("from %(fewest)s to %(most)s", fewest=value[0], most=value[1])


_SAY: Mapping[str, Callable[[Any, Scope], Said]] = {
    **dict.fromkeys(("message", "message_en", "note", "note_en"), lambda value, _scope: with_figures(value)),
    "formula": lambda value, _scope: RuleWords(formula=value),
    "required": _rule,
    "shown_when": _rule,
    "rule": _rule,
    "options": _options,
    "rows": _rows,
    "kind": lambda value, _scope: translate(KINDS[value].label),
    "level": lambda value, _scope: str(LEVELS[Level(value)]),
    "format": lambda value, _scope: translate(FORMATS[TextFormat(value)]),
    "counts": lambda value, _scope: translate(COUNTED[Counted(value)]),
    "seen_by": lambda value, _scope: str(SEEN_BY[value]),
    "look": lambda value, _scope: str(LOOKS[value]),
    "paper": lambda value, _scope: translate(PAPER_WORDS[value]),
    "max_bytes": lambda value, _scope: filesize(value),
    "extensions": lambda value, _scope: ", ".join(one.upper() for one in value),
    "at": lambda value, scope: scope.words(value),
    "of": lambda value, _scope: gettext("members of the cluster") if value == "cluster" else gettext("any"),
}
