"""The words beside the marks: none where others give them, or the same ones again.

Texts are compared by the runs of words that they share (:mod:`judging.domain.near_copies`).
"""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import combinations
from statistics import median

from judging.domain.hints.sheets import Hint, HintKind, JudgedSheet, Panel
from judging.domain.near_copies import ALIKE, Shingles, resemblance, shingles

SHORT = 20
"""A reason of fewer characters says no more than «да» or «см. заявку»."""
MOSTLY = 0.8
"""The share of marks without a reason that is «nearly all»."""
OTHERS_AT_MOST = 0.5
"""Where the middle expert leaves half of the marks without a reason, the contest asks for none."""
FEWEST_SHEETS = 3
"""Sheets without which a manner is not told from an accident."""
FEWEST_RUNS = 12
"""Runs of words (fifteen words or so) without which two texts are alike because they are short."""
TAKEN = Fraction(4, 5)
"""The share of a text that stands in the application word for word; a quotation in a text of one's own is less."""


def unreasoned(panel: Panel, sheets: Sequence[JudgedSheet]) -> Hint | None:
    """Nearly no reasons, where the other experts of the contest give them and the marks differ."""
    bare, marks = _bare(sheets)
    if len(sheets) < FEWEST_SHEETS or not marks or bare / marks < MOSTLY:
        return None
    others = [_bare(theirs) for expert, theirs in panel.by_expert.items() if expert != sheets[0].expert]
    shares = [theirs / of for theirs, of in others if of]
    if not shares or median(shares) > OTHERS_AT_MOST:
        return None
    facts = {"alike": bare, "of": marks, "others": round(100 * median(shares))}
    return Hint(HintKind.NO_REASONS, sheets[0].expert, tuple(sheet.review for sheet in sheets), facts)


def _bare(sheets: Sequence[JudgedSheet]) -> tuple[int, int]:
    """How many marks have no reason worth the name, and how many marks there are."""
    marked = [(sheet, code) for sheet in sheets for code in sheet.marks]
    return sum(len(sheet.reasons.get(code, "").strip()) < SHORT for sheet, code in marked), len(marked)


def copied(panel: Panel, sheets: Sequence[JudgedSheet], texts: Mapping[int, str]) -> Iterator[Hint]:
    """Yield hints on texts that repeat the expert's own, another expert's on the same application, or its text."""
    worded = [(sheet, runs) for sheet in sheets if len(runs := panel.runs_of(sheet)) >= FEWEST_RUNS]
    yield from _repeated(worded)
    yield from _from_others(panel, worded)
    yield from _from_applications(worded, texts)


Worded = Sequence[tuple[JudgedSheet, Shingles]]


def _repeated(worded: Worded) -> Iterator[Hint]:
    """On half of the sheets, and three at least, the words of another sheet of the same expert."""
    twins: set[int] = set()
    for (one, mine), (other, theirs) in combinations(worded, 2):
        if resemblance(mine, theirs) >= ALIKE:
            twins |= {one.review, other.review}
    if _is_a_habit(len(twins), len(worded)):
        yield _hint(HintKind.OWN_TEXT, worded, sorted(twins))


def _from_others(panel: Panel, worded: Worded) -> Iterator[Hint]:
    """On any sheet the words of one that was handed in before it on the same application."""
    taken = {}
    for sheet, runs in worded:
        for other in panel.by_application[sheet.application]:
            earlier = (other.submitted_at, other.review) < (sheet.submitted_at, sheet.review)
            if other.expert != sheet.expert and earlier and resemblance(runs, panel.runs_of(other)) >= ALIKE:
                taken[sheet.review] = other.expert
    if taken:
        yield _hint(HintKind.FOREIGN_TEXT, worded, sorted(taken), experts=sorted(set(taken.values())))


def _from_applications(worded: Worded, texts: Mapping[int, str]) -> Iterator[Hint]:
    """On half of the sheets, and three at least, hardly a word that is not in the application."""
    taken = [
        sheet.review
        for sheet, runs in worded
        if Fraction(len(runs & shingles([texts.get(sheet.application, "")])), len(runs)) >= TAKEN
    ]
    if _is_a_habit(len(taken), len(worded)):
        yield _hint(HintKind.APPLICATION_TEXT, worded, taken)


def _is_a_habit(found: int, of: int) -> bool:
    return found >= FEWEST_SHEETS and 2 * found >= of


def _hint(kind: HintKind, worded: Worded, reviews: Sequence[int], **facts: object) -> Hint:
    return Hint(kind, worded[0][0].expert, tuple(reviews), {"alike": len(reviews), "of": len(worded), **facts})
