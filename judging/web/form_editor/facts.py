"""A field in a few words for a list: its kind, whether it is required, when it is shown, its limits."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from flask_babel import gettext, ngettext

from judging.domain.forms.compiling import CompiledForm
from judging.domain.forms.environment import PARTNER_COLUMNS, RESERVED
from judging.domain.forms.form import (
    MOST_FILES,
    MOST_ROWS,
    ApplicationForm,
    Check,
    Counted,
    Field,
    FieldKind,
    Level,
    TextFormat,
)
from judging.domain.forms.kinds import KINDS
from judging.domain.forms.pieces import FIGURE, Piece, PieceKind
from judging.domain.papers import PAPER_WORDS
from judging.web.form_editor.field_form import FORMATS
from judging.web.form_editor.places import anchor
from judging.web.form_editor.rule_words import RuleWords, rule_words, with_figures
from judging.web.form_editor.scope import Scope, scope_of
from judging.web.templating import decimal, filesize, localized, money, translate


@dataclass(frozen=True)
class Line:
    """A part in a list. ``fixed`` says why it cannot be taken out; ``rules`` are its own, each with a name."""

    piece: Piece
    title: str
    kind: str
    facts: tuple[str, ...] = ()
    rules: tuple[tuple[str, RuleWords], ...] = ()
    tone: str = "neutral"
    fixed: str = ""
    within: tuple[str, ...] = ()

    @property
    def anchor(self) -> str:
        """Its id on the page."""
        return anchor(self.piece)


@dataclass(frozen=True)
class SectionLine:
    """A section with its fields."""

    line: Line
    lead: str
    fields: list[Line] = field(default_factory=list)


def section_lines(compiled: CompiledForm) -> list[SectionLine]:
    """Every section with its fields, in the form's order."""
    scope = scope_of(compiled)
    found = []
    for part in compiled.sections:
        section = part.section
        piece = Piece(PieceKind.SECTION, section.code)
        number = ngettext("%(num)d field", "%(num)d fields", len(section.fields))
        line = Line(piece, localized(section, "title"), number)
        fields = [field_line(one.field, scope) for one in part.fields]
        found.append(SectionLine(line, localized(section, "lead"), fields))
    return found


def field_line(asked: Field, scope: Scope, table: str = "") -> Line:
    """A field, or a column of a ``table``."""
    rules = []
    if isinstance(asked.required, str):
        rules.append((gettext("Required when"), rule_words(asked.required, scope)))
    if asked.shown_when:
        rules.append((gettext("Shown when"), rule_words(asked.shown_when, scope)))
    if asked.formula:
        rules.append((gettext("Formula"), RuleWords(formula=asked.formula)))
    piece = Piece(PieceKind.COLUMN if table else PieceKind.FIELD, asked.code, table)
    within = tuple(localized(column, "label") for column in asked.columns)
    return Line(piece, localized(asked, "label"), translate(KINDS[asked.kind].label), tuple(_facts(asked)),
                tuple(rules), fixed=_fixed(piece), within=within)  # fmt: skip


def _fixed(piece: Piece) -> str:
    """Why a field cannot be taken out; empty where it can."""
    if piece.code in RESERVED and piece.kind is PieceKind.FIELD:
        return gettext("Every form has this field")
    if piece.table == "partners" and piece.code in PARTNER_COLUMNS:
        return gettext("The table of partners always has this column")
    return ""


def _facts(asked: Field) -> Iterator[str]:
    if asked.required is True:
        yield gettext("required")
    elif asked.required is False and asked.kind is not FieldKind.COMPUTED:
        yield gettext("optional")
    yield from _limits(asked)
    if asked.personal:
        yield gettext("personal data")
    if asked.seen_by == "staff":
        yield gettext("only the staff sees it")
    if asked.total:
        yield gettext("with a sum below")


def _limits(asked: Field) -> Iterator[str]:
    yield from (say(asked) for has, say in _LIMITS if has(asked))


_LIMITS: tuple[tuple[Callable[[Field], object], Callable[[Field], str]], ...] = (
    (lambda one: one.format is not TextFormat.PLAIN, lambda one: _within(translate(FORMATS[one.format]))),
    (lambda one: one.most, lambda one: _longest(one, one.most or 0)),
    (lambda one: one.least is not None, lambda one: gettext("no less than %(bound)s", bound=_bound(one, one.least))),
    (
        lambda one: one.greatest is not None,
        lambda one: gettext("no more than %(bound)s", bound=_bound(one, one.greatest)),
    ),
    (
        lambda one: one.decimals is not None,
        lambda one: ngettext("%(num)d decimal", "%(num)d decimals", one.decimals or 0),
    ),
    (lambda one: one.unit, lambda one: localized(one, "unit")),
    (lambda one: one.options, lambda one: ngettext("%(num)d option", "%(num)d options", len(one.options))),
    (lambda one: one.extensions, lambda one: ", ".join(known.upper() for known in one.extensions)),
    (lambda one: one.max_bytes, lambda one: gettext("up to %(size)s", size=filesize(one.max_bytes or 0))),
    (
        lambda one: one.max_files not in (None, MOST_FILES),
        lambda one: ngettext("up to %(num)d file", "up to %(num)d files", one.max_files or 0),
    ),
    (lambda one: one.paper, lambda one: _within(translate(PAPER_WORDS[one.paper])) if one.paper else ""),
    (lambda one: one.signed, lambda _one: gettext("with an electronic signature")),
    (
        lambda one: one.rows != (0, MOST_ROWS),
        lambda one: gettext("%(fewest)s to %(most)s rows", fewest=one.rows[0], most=one.rows[1]),
    ),
)


def _longest(asked: Field, most: int) -> str:
    if asked.counts is Counted.WORDS:
        return ngettext("up to %(num)d word", "up to %(num)d words", most)
    return ngettext("up to %(num)d character", "up to %(num)d characters", most)


def _within(words: str) -> str:
    """Words within a line: without a capital letter, unless they are an abbreviation."""
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]


def _bound(asked: Field, bound: object) -> str:
    if asked.kind is FieldKind.MONEY:
        return money(bound)  # type: ignore[arg-type]  # kopecks
    if asked.kind is FieldKind.DATE:
        return str(bound.strftime("%d.%m.%Y"))  # type: ignore[attr-defined]  # a date
    return decimal(str(bound))


def check_lines(checks: tuple[Check, ...], scope: Scope, table: str = "") -> list[Line]:
    """The checks of a form, or of the rows of a ``table``."""
    kind = PieceKind.ROW_CHECK if table else PieceKind.CHECK
    found = []
    for check in checks:
        stop = check.level is Level.STOP
        words = gettext("forbids submission") if stop else gettext("warns")
        beside = gettext("beside: %(field)s", field=scope.words(f"row.{check.at}" if table else check.at))
        rule = (gettext("It holds that"), rule_words(check.rule, scope))
        title = FIGURE.sub("{…}", localized(check, "message"))
        tone = "danger" if stop else "warning"
        line = Line(Piece(kind, check.code, table), title, words, (beside,), (rule,), tone=tone)
        found.append(line)
    return found


def point_lines(form: ApplicationForm, scope: Scope) -> list[Line]:
    """The points of the formal check."""
    found = []
    for point in form.checklist:
        by = gettext("a rule suggests, a person decides") if point.rule else gettext("a person looks")
        rules = [(gettext("Fulfilled when"), rule_words(point.rule, scope))] if point.rule else []
        if point.note:
            rules.append((gettext("Beside it"), RuleWords(with_figures(localized(point, "note")))))
        facts = (point.clause,) if point.clause else ()
        title = f"{point.code}. {localized(point, 'title')}"
        found.append(Line(Piece(PieceKind.POINT, point.code), title, by, facts, tuple(rules)))
    return found
