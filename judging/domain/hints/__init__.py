"""Hints about the quality of experts' work: where the staff had better look, and why.

A hint is never a verdict: it says what the sheets show and leaves what it means to a person. Every threshold stands
beside its reason in the module of its kind; how often planted lazy experts are found and honest ones are not left alone
is in ``docs/quality-hints.md``, from simulated contests.
"""

from collections.abc import Mapping, Sequence

from judging.domain.hints import favour, pace, reasons, rows
from judging.domain.hints.sheets import REVEAL_MARKS as REVEAL_MARKS
from judging.domain.hints.sheets import Hint as Hint
from judging.domain.hints.sheets import HintKind as HintKind
from judging.domain.hints.sheets import JudgedSheet as JudgedSheet
from judging.domain.hints.sheets import Panel as Panel


def hints_of(panel: Panel, texts: Mapping[int, str] | None = None, only: int | None = None) -> tuple[Hint, ...]:
    """Return every hint of a contest's panel, by expert and kind.

    ``texts`` are those of applications by their id: with them reasons copied out of an application are looked for.
    ``only`` is the one expert that is asked about; the others are still what that expert is compared with.
    """
    experts = sorted(panel.by_expert) if only is None else [only]
    found: list[Hint] = []
    noise = favour.noise_of(panel)
    for expert in experts:
        sheets = panel.by_expert.get(expert, ())
        found += [hint for look in (*rows.LOOKS, reasons.unreasoned) if (hint := look(panel, sheets)) is not None]
        found += pace.too_fast(sheets)
        found += reasons.copied(panel, sheets, texts or {})
        found += favour.favoured(noise, sheets)
    return tuple(sorted(found, key=_place))


def _place(hint: Hint) -> tuple[int, int]:
    return hint.expert, list(HintKind).index(hint.kind)


__all__: Sequence[str] = ["REVEAL_MARKS", "Hint", "HintKind", "JudgedSheet", "Panel", "hints_of"]
