"""The hints about experts' work in words: what is called what, and the facts that each rests on."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask_babel import gettext

from judging.domain.errors import N_
from judging.domain.hints import REVEAL_MARKS, Hint, HintKind
from judging.domain.regions import REGIONS

HINT_LABELS: Mapping[HintKind, str] = {
    HintKind.SAME_ROWS: N_("The same row of marks"),
    HintKind.FLAT_ROWS: N_("One mark in all criteria"),
    HintKind.EXTREMES: N_("Only the lowest and the highest marks"),
    HintKind.NO_REASONS: N_("Hardly any reasons"),
    HintKind.TOO_FAST: N_("Handed in very fast"),
    HintKind.OWN_TEXT: N_("The same words again"),
    HintKind.FOREIGN_TEXT: N_("Words of another expert"),
    HintKind.APPLICATION_TEXT: N_("Words of the application"),
    HintKind.FAVOURS: N_("One region marked higher"),
}
MOST_LINKS = 12
"""Sheets that a hint links to; the facts say how many there are."""


@dataclass(frozen=True)
class ShownHint:
    """A hint as a page shows it; ``sheets`` are (review, number of the application), ``more`` how many others."""

    kind: HintKind
    label: str
    facts: str
    sheets: tuple[tuple[int, str], ...]
    more: int


def shown_hints(
    hints: Iterable[Hint], numbers: Mapping[int, str], names: Mapping[int, str], *, marks: bool
) -> list[ShownHint]:
    """The hints in words; those from which marks can be read only where ``marks`` are shown."""
    return [
        ShownHint(
            kind=hint.kind,
            label=HINT_LABELS[hint.kind],
            facts=_facts(hint, names),
            sheets=tuple((key, numbers.get(key, "")) for key in hint.reviews[:MOST_LINKS]),
            more=max(0, len(hint.reviews) - MOST_LINKS),
        )
        for hint in hints
        if marks or hint.kind not in REVEAL_MARKS
    ]


def _facts(hint: Hint, names: Mapping[int, str]) -> str:
    facts = dict(hint.facts)
    if hint.kind is HintKind.SAME_ROWS:
        row = ", ".join(f"{code}: {mark.replace('.', ',')}" for code, mark in facts["row"].items())
        return gettext("%(alike)s of %(of)s sheets: %(row)s", alike=facts["alike"], of=facts["of"], row=row)
    if hint.kind is HintKind.FOREIGN_TEXT:
        who = ", ".join(names.get(key, "") for key in facts["experts"])
        return gettext(
            "%(alike)s of %(of)s sheets repeat half of the words or more of one handed in before: %(who)s",
            alike=facts["alike"], of=facts["of"], who=who,
        )  # fmt: skip
    if hint.kind is HintKind.FAVOURS:
        facts["region"] = REGIONS.get(facts["region"], facts["region"])
    return gettext(_SENTENCES[hint.kind], **facts)


_SENTENCES: Mapping[HintKind, str] = {
    HintKind.FLAT_ROWS: N_("%(alike)s of %(of)s sheets have one and the same mark in every criterion"),
    HintKind.EXTREMES: N_("%(alike)s of %(of)s marks are at an end of the scale; of the others on the same "
                          "applications %(others)s %%"),
    HintKind.NO_REASONS: N_("%(alike)s of %(of)s marks without a reason; with the middle expert %(others)s %%"),
    HintKind.TOO_FAST: N_("%(alike)s sheets in %(minutes)s min from the first declaration to the last submission"),
    HintKind.OWN_TEXT: N_("%(alike)s of %(of)s sheets repeat half of the words or more of another sheet of theirs"),
    HintKind.APPLICATION_TEXT: N_("%(alike)s of %(of)s sheets hardly have a word that is not in the application"),
    HintKind.FAVOURS: N_("%(region)s, %(alike)s of %(of)s sheets: higher by %(points)s %% of the full total than the "
                         "other experts' marks and this expert's own manner let expect"),
}  # fmt: skip
