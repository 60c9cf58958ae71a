"""``flask contest firmness``: how firm the places of a ranking are, computed here and now. Nothing is stored."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import BinaryIO

import click

from judging.cli.facts import contest_of
from judging.cli.groups import contest as commands
from judging.cli.refusals import refusals
from judging.cli.tables import columns, printable, shortened, title
from judging.domain.firmness import (
    CAUTION_LABELS,
    GRADE_LABELS,
    REFUSAL_LABELS,
    CriterionAgreement,
    Expert,
    NextReview,
    Panel,
    Project,
    Refusal,
    Report,
    Scenario,
    ScenarioKind,
    Sensitivity,
    percent_digits,
    printed,
    to_document,
)
from judging.domain.parts import Part, split
from judging.domain.record import ContestRecord
from judging.extensions import db
from judging.queries.firmness import compute_report
from judging.queries.records import contest_record

__all__ = ["commands"]

ADVICE = "For reference only: official places, totals and outcomes do not depend on this. Intervals are of 90 %."
PROVISIONAL = "Some reviews are still missing: everything is as if those that are there were all."
PANELS = (
    ">Panel", ">Projects", ">Experts", ">Reviews", ">Winners", ">By projects", ">By experts", ">By chance",
    ">Strict on strong", "Note",
)  # fmt: skip
PLACES = (">Place", "Number", ">Total", ">Corrected", ">Error", ">Panel", ">Places", ">Above", ">Funded", "Verdict")
EXPERTS = (
    "Expert",
    "Name",
    ">Panel",
    ">Reviews",
    ">Mean",
    ">Others",
    ">Generosity",
    ">From",
    ">To",
    ">Spread",
    ">Misfit",
    "Note",
)
AGREEMENT = ("Criterion", ">Projects", ">Marks", ">Alpha", ">Ordinal", ">ICC(1)", ">ICC(1,k)", ">W", "Title")
SCENARIOS = ("Scenario", "Become winners", "Stop being winners", "Note")
MOST_NAMED = 10
"""Applications named in a line; the JSON has them all."""
NEXT = ("Number", ">Worth", ">Reviews", ">Above")


@commands.command()
@click.argument("code")
@click.option("--format", "form", type=click.Choice(["json", "text"]), default="text", show_default=True)
@click.option("--output", type=click.File("wb", atomic=True), default="-", help="A file; default: standard output.")
def firmness(code: str, form: str, output: BinaryIO) -> None:
    """Write how firm the ranking of the contest CODE is as things stand now, whatever its size.

    Advice beside the official ranking: intervals of places, probabilities of being above the line, strictness of
    experts, agreement by criterion, who crosses the line, where one more review is worth most. Nothing is stored.
    """
    with refusals():
        record = contest_record(db.session, contest_of(code).id)
        found = [(part, compute_report(part.record)) for part in split(record)]
        output.write(WRITERS[form](found).encode())


def report_text(record: ContestRecord, report: Report) -> str:
    """Lay the report out as plain text: a summary, then a table for each part that is there."""
    parts = (
        ("Panels: projects linked by common experts", PANELS, [_panel(item) for item in report.panels]),
        ("Places inside the panels, and probabilities", PLACES, list(_places(report))),
        ("Experts: more generous (above 0) or stricter than the average one, in points", EXPERTS,
         [_expert(item) for item in report.experts]),
        ("Agreement of the experts", AGREEMENT, [_agreement(item) for item in report.agreement]),
        ("Where one more review is worth most, in points", NEXT, [_next(item) for item in report.next_reviews]),
    )  # fmt: skip
    lines = list(_summary(record, report))
    for heading, headings, rows in parts:
        if rows:
            lines += ["", heading, "", *columns(headings, rows)]
    if report.sensitivity:
        lines += _sensitivity(report.sensitivity)
    return "\n".join(lines) + "\n"


def points(value: float | None) -> str:
    """Write a statistic with two decimals; empty where there is none."""
    return "" if value is None else f"{printed(value, 2):f}"


def chance(value: float | None) -> str:
    """Write a probability in per cent, never as certainty, with the decimals that keep it on its side of a bound."""
    if value is None:
        return ""
    if value > 0.99:
        return ">99%"
    return "<1%" if value < 0.01 else f"{printed(100 * value, percent_digits(value))}%"


Reported = Sequence[tuple[Part, Report]]
"""The report on each part of a contest; on all of it where it has no nominations."""


def _json(found: Reported) -> str:
    documents = [({"nomination": part.code} if part.code else {}) | to_document(report) for part, report in found]
    return json.dumps(documents if found[0][0].code else documents[0], ensure_ascii=False, indent=1) + "\n"


def _text(found: Reported) -> str:
    texts = []
    for part, report in found:
        heading = "" if part.nomination is None else f"Nomination {printable(part.nomination.title)}\n\n"
        texts.append(heading + report_text(part.record, report))
    return "\n".join(texts)


WRITERS: Mapping[str, Callable[[Reported], str]] = {"json": _json, "text": _text}


def _summary(record: ContestRecord, report: Report) -> Iterator[str]:
    reviews, total = sum(panel.scores for panel in report.panels), f"{report.maximum:f}"
    yield title(record)
    yield ADVICE
    yield f"Projects: {len(report.projects)}. Experts: {len(report.experts)}. Reviews: {reviews}."
    yield f"Winners: {report.line}. Greatest total: {total}. Input {report.digest}, engine {report.engine}."
    if report.provisional:
        yield PROVISIONAL
    if report.refusal:
        yield REFUSAL_LABELS[report.refusal]


def _panel(panel: Panel) -> Sequence[str]:
    counts = (panel.number, panel.projects, panel.experts, panel.scores, panel.winners)
    shares = panel.variances.shares if panel.variances else None
    parts = (
        [f"{printed(100 * part, 1)}%" for part in (shares.item, shares.rater, shares.residual)] if shares else [""] * 3
    )
    said = [REFUSAL_LABELS[item] for item in (panel.refusal, panel.no_line) if item]
    notes = " ".join([*said, *(CAUTION_LABELS[item] for item in panel.cautions)])
    return [*map(str, counts), *parts, points(panel.informative), notes]


def _places(report: Report) -> Iterator[Sequence[str]]:
    panels = {panel.number: panel for panel in report.panels}
    for item in report.projects:
        yield [
            str(item.place),
            shortened(item.number),
            f"{item.total:f}",
            points(item.corrected),
            points(item.corrected_se),
            "" if item.panel is None else str(item.panel),
            _span(item.lo, item.hi),
            chance(item.p_line),
            chance(item.p_funded),
            _verdict(item, panels),
        ]


def _span(lo: int | None, hi: int | None) -> str:
    if lo is None or hi is None:
        return ""
    return f"{lo}" if lo == hi else f"{lo}-{hi}"


def _verdict(item: Project, panels: Mapping[int, Panel]) -> str:
    """Say the side of the line, or why it is not said; the fixed-effects total where the correction is too weak."""
    if item.panel is None:
        return REFUSAL_LABELS[Refusal.NO_REVIEWS]
    panel = panels[item.panel]
    unsaid = panel.unsaid
    said = GRADE_LABELS[item.grade] if item.grade else REFUSAL_LABELS[unsaid] if unsaid else ""
    if not panel.alarm or item.corrected_fixed is None:
        return said
    return f"{said} (not smoothed: {points(item.corrected_fixed)})"


def _expert(item: Expert) -> Sequence[str]:
    note = REFUSAL_LABELS[item.refusal] if item.refusal else "Scores hardly follow the projects" if item.flagged else ""
    figures = (item.own_mean, item.others_mean, item.severity, item.lo, item.hi, item.noise, item.misfit)
    own = shortened(item.email), shortened(item.name), str(item.panel), str(item.scores)
    return [*own, *map(points, figures), note]


def _agreement(item: CriterionAgreement) -> Sequence[str]:
    coefficients = (item.alpha, item.alpha_ordinal, item.icc1, item.icc1k, item.kendall_w)
    reason = f" ({REFUSAL_LABELS[item.refusal]})" if item.refusal else ""
    words = shortened(item.title or "The weighted total") + reason
    return [shortened(item.code), str(item.projects), str(item.scores), *map(points, coefficients), words]


def _scenario(item: Scenario) -> Sequence[str]:
    names = {
        ScenarioKind.WEIGHT: f"Weight of {item.subject} {item.change:+}%",
        ScenarioKind.WITHOUT_EXPERT: f"Without {item.subject}",
        ScenarioKind.AGGREGATE: f"By the {item.subject.replace('_', ' ')}",
    }
    note = f"{item.alone} applications marked only by this expert keep their totals" if item.alone else ""
    return [shortened(names[item.kind]), _listed(item.up), _listed(item.down), note]


def _sensitivity(found: Sensitivity) -> Iterator[str]:
    crossing = [f"{item.number} ({item.crossings})" for item in found.contested]
    yield from ("", "Who crosses the line where one thing is changed", "")
    yield from columns(SCENARIOS, [_scenario(item) for item in found.scenarios])
    yield ""
    yield f"Winners in all {len(found.scenarios)} scenarios: {_listed(found.steadfast)}"
    yield f"Across the line in some of them (how many): {_listed(crossing)}"


def _next(item: NextReview) -> Sequence[str]:
    return [shortened(item.number), points(item.value), str(item.reviews), chance(item.p_line)]


def _listed(numbers: Sequence[str]) -> str:
    more = f" and {len(numbers) - MOST_NAMED} more" if len(numbers) > MOST_NAMED else ""
    return (", ".join(map(shortened, numbers[:MOST_NAMED])) or "nobody") + more
