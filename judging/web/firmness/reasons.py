"""Sentences that explain why figures of the report are missing, each reason once with the panels that it holds for."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from flask_babel import gettext

from judging.domain.firmness import CAUTION_LABELS, REFUSAL_LABELS, Caution, Panel, Report
from judging.web.firmness.words import numbers
from judging.web.templating import translate

SPEAKING = (Caution.INFORMATIVE_ASSIGNMENT, Caution.ITEM_VARIANCE_ZERO)
"""Cautions that make places and probabilities a hint, and a further review nothing to propose."""


def why_not_compared(report: Report) -> Sequence[str]:
    """Why of some panels nothing is said of places, experts and deviations."""
    return _gathered(report, _refusal)


def why_no_review(report: Report) -> Sequence[str]:
    """Why no further review is proposed."""
    return _gathered(report, _why_no_review)


def remarks_on_places(report: Report) -> Sequence[str]:
    """What has to be known of places and probabilities that stand beside the ranking, or do not."""
    return _gathered(report, _remarks)


def _refusal(panel: Panel) -> Iterable[str]:
    if panel.refusal:
        yield translate(REFUSAL_LABELS[panel.refusal])


def _remarks(panel: Panel) -> Iterable[str]:
    unsaid = panel.unsaid
    if unsaid:
        yield translate(REFUSAL_LABELS[unsaid])
    yield from (translate(CAUTION_LABELS[item]) for item in SPEAKING if item in panel.cautions)


def _why_no_review(panel: Panel) -> Iterable[str]:
    known = list(_remarks(panel))
    yield known[0] if known else gettext("The winners are clear: one more review would hardly make others of them.")


def _gathered(report: Report, said: Callable[[Panel], Iterable[str]]) -> Sequence[str]:
    panels: defaultdict[str, list[str]] = defaultdict(list)
    for panel in report.panels:
        for text in said(panel):
            panels[text].append(str(panel.number))
    if len(report.panels) < 2:
        return list(panels)
    return [_of(where, text) for text, where in panels.items()]


def _of(panels: Sequence[str], text: str) -> str:
    if len(panels) == 1:
        return gettext("Panel %(numbers)s: %(text)s", numbers=panels[0], text=text)
    return gettext("Panels %(numbers)s: %(text)s", numbers=numbers(panels), text=text)
