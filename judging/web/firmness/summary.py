"""What can be said of a ranking's firmness in three or four sentences."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import gettext, ngettext

from judging.domain.firmness import Grade, Report
from judging.web.firmness.experts import spread
from judging.web.firmness.words import AS_THE_AVERAGE, number
from judging.web.templating import moscow


@dataclass(frozen=True)
class Statement:
    """One thing that can be said: a figure that is set large, the words that go on after it, and where it is shown."""

    figure: str
    words: str
    href: str

    @property
    def sentence(self) -> str:
        """Figure and words as they are read and copied."""
        return f"{self.figure} {self.words}"


def statements(report: Report) -> Sequence[Statement]:
    """The sentences on top of the page, the most important first."""
    return [*_winners(report), *_grey(report), *_scenarios(report), *_experts(report)]


def copied(contest: str, report: Report, said: Sequence[Statement], outdated: datetime | None) -> str:
    """The sentences as they are copied, with what must not get lost: whose, on what they rest, that they bind nobody.

    ``outdated`` is when they were calculated, where the contest has changed since.
    """
    lines = [contest, *(item.sentence for item in said)]
    if report.provisional:
        lines.append(gettext("Some applications still wait for reviews: this is said of those handed in so far."))
    if outdated is not None:
        lines.append(gettext("Calculated %(time)s; the data have changed since.", time=moscow(outdated)))
    return "\n".join([*lines, gettext("For reference; the official places do not change.")])


def _winners(report: Report) -> Iterator[Statement]:
    winners = [item for item in report.projects if item.winner]
    graded = [item for item in winners if item.grade is not None]
    if not graded:
        return
    words, unknown = _winner_words(report, len(winners)), len(winners) - len(graded)
    below = sum(item.grade is Grade.BELOW for item in graded)
    if below:
        words += " " + gettext("Surely below it: %(number)s.", number=below)
    if unknown:
        words += " " + ngettext(
            "Of %(num)d more there is not enough data.", "Of %(num)d more there is not enough data.", unknown
        )
    firm = sum(item.grade is Grade.ABOVE for item in graded)
    figure = gettext("%(part)s of %(whole)s", part=firm, whole=len(winners))
    yield Statement(figure, words, _listed(report, Grade.ABOVE))


def _winner_words(report: Report, winners: int) -> str:
    if not report.provisional:
        return ngettext(
            "winner is surely above the line: with a probability of at least 95%%.",
            "winners are surely above the line: with a probability of at least 95%%.",
            winners,
        )
    return ngettext(
        "winner so far, by the reviews handed in, is surely above the line: with a probability of at least 95%%.",
        "winners so far, by the reviews handed in, are surely above the line: with a probability of at least 95%%.",
        winners,
    )


def _listed(report: Report, grade: Grade) -> str:
    """Where the projects of a grade are listed: of several panels the list tells how many are in each."""
    if len(report.panels) > 1:
        return url_for("firmness.show", code=report.contest, _anchor="panels-list")
    return url_for("firmness.show", code=report.contest, grade=grade.value)


def _grey(report: Report) -> Iterator[Statement]:
    if not any(item.grade is not None for item in report.projects):
        return
    grey = [item for item in report.projects if item.grade is Grade.GREY]
    words = ngettext(
        "project is in the grey zone: on which side of the line it is the scores do not say for certain.",
        "projects are in the grey zone: on which side of the line they are the scores do not say for certain.",
        len(grey),
    )
    if grey:
        winners = sum(item.winner for item in grey)
        words += " " + gettext("Winners among them: %(winners)s.", winners=winners)
    yield Statement(str(len(grey)), words, _listed(report, Grade.GREY))


def _scenarios(report: Report) -> Iterator[Statement]:
    found = report.sensitivity
    if found is None or not found.scenarios:
        return
    words = ngettext(
        "project starts or stops winning in at least one of the checks: weights ±10%%, without one expert, another "
        "way of averaging.",
        "projects start or stop winning in at least one of the checks: weights ±10%%, without one expert, another way "
        "of averaging.",
        len(found.contested),
    )
    if found.steadfast:
        words += " " + gettext(
            "Winners in every check: %(steadfast)s of %(winners)s.",
            steadfast=len(found.steadfast),
            winners=sum(item.winner for item in report.projects),
        )
    yield Statement(str(len(found.contested)), words, url_for("firmness.sensitivity", code=report.contest))


def _experts(report: Report) -> Iterator[Statement]:
    """The experts whose scores do not follow the projects; where there are none, how far strictness goes apart."""
    href = url_for("firmness.experts", code=report.contest)
    flagged = sum(item.flagged for item in report.experts)
    if flagged:
        words = ngettext(
            "expert gives scores that hardly follow the projects: a reason to reread the reviews, no verdict.",
            "experts give scores that hardly follow the projects: a reason to reread the reviews, no verdict.",
            flagged,
        )
        yield Statement(str(flagged), words, href)
        return
    found = spread(report.experts)
    if found is not None and found["points"] >= AS_THE_AVERAGE:
        words = gettext("points lie between the strictest and the most generous expert on the same project.")
        yield Statement(number(found["points"]), words, href)
