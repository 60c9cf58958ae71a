"""The history of a score sheet in words: what each step changed, field by field, before and after."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from flask_babel import gettext
from markupsafe import Markup, escape

from judging.domain.errors import N_
from judging.domain.sheet_history import CONFIDENCE, REASON, RECOMMENDATION, SCOPE, Step
from judging.domain.sheets import ABSTAIN
from judging.domain.word_differences import word_differences
from judging.queries.rubrics import SheetCriterion
from judging.web.both_versions import plain
from judging.web.sheet_words import CANNOT_JUDGE, confidence_words, place_words, scope_words, verdict
from judging.web.templating import MOSCOW, decimal, moscow_exact, translate
from judging.web.text_differences import INSERTED, REMOVED, marked

MARK = "mark"
COMMENTS: Mapping[str, str] = {
    "comment": N_("Comment on %(code)s"),
    "applicant": N_("To the applicant on %(code)s"),
    "private": N_("For myself on %(code)s"),
}
ANSWERS: Mapping[str, str] = {
    RECOMMENDATION: N_("Recommendation"),
    CONFIDENCE: N_("How sure are you of your marks?"),
    SCOPE: N_("Is the project within the scope of the contest?"),
    REASON: N_("Why it is not"),
}
SAID: Mapping[str, Callable[[str], str]] = {
    RECOMMENDATION: verdict, CONFIDENCE: confidence_words, SCOPE: scope_words,
}  # fmt: skip


@dataclass(frozen=True)
class FieldChange:
    """What a step changed in one field; ``before`` and ``after`` in words."""

    label: str
    before: Markup
    after: Markup


@dataclass(frozen=True)
class ShownStep:
    """A step as it is shown: when, by whom, and what it changed in the order of the sheet."""

    first_at: datetime
    last_at: datetime
    who: str
    changes: tuple[FieldChange, ...]

    @property
    def when(self) -> str:
        """From when to when it lasted; where the day is the same, it is said once."""
        first, last = (at.astimezone(MOSCOW) for at in (self.first_at, self.last_at))
        if first.date() != last.date():
            return f"{moscow_exact(first)} – {moscow_exact(last)}"
        return moscow_exact(last) if first == last else f"{first:%d.%m.%Y %H:%M:%S}–{last:%H:%M:%S} {gettext('MSK')}"


def shown_steps(
    steps: Sequence[Step], criteria: Sequence[SheetCriterion], names: Mapping[int, str]
) -> tuple[ShownStep, ...]:
    """Put steps into words; ``names`` are those of the accounts that saved."""
    places = {criterion.code: place for place, criterion in enumerate(criteria)}
    return tuple(
        ShownStep(step.first_at, step.last_at, names.get(step.by_id or 0, ""), tuple(_changes(step, places)))
        for step in steps
    )


def _changes(step: Step, places: Mapping[str, int]) -> Iterator[FieldChange]:
    for name in sorted(step.fields, key=lambda name: _place(name, places)):
        kind, _, code = name.partition("-")
        before, after = step.before.get(name, ""), step.after.get(name, "")
        if kind in COMMENTS or name == REASON:
            pieces = word_differences(before, after)
            removed = marked(pieces[0], REMOVED, gettext("removed:"))
            yield FieldChange(_label(kind, code), removed, marked(pieces[1], INSERTED, gettext("added:")))
        else:
            yield FieldChange(_label(kind, code), *(escape(_said(kind, text)) for text in (before, after)))


def _place(name: str, places: Mapping[str, int]) -> tuple[int, int, str]:
    """Where the field stands on the sheet: by criterion, its mark first."""
    kind, _, code = name.partition("-")
    return places.get(code, len(places)), kind != MARK, name


def _label(kind: str, code: str) -> str:
    if kind in COMMENTS:
        return translate(COMMENTS[kind], code=place_words(code))
    return translate(ANSWERS[kind]) if kind in ANSWERS else gettext("Mark %(code)s", code=code)


def _said(kind: str, text: str) -> str:
    if kind in SAID:
        return SAID[kind](text)
    if text == ABSTAIN:
        return translate(CANNOT_JUDGE)
    return decimal(plain(Decimal(text))) if text else ""
