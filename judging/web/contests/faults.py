"""Faults of a whole contest as lines with a link to the form where each is mended."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from flask import url_for

from judging.domain.errors import Fault
from judging.models import Contest
from judging.web.templating import translate

CRITERION = re.compile(r"criteria\[([0-9]+)\]")
NOMINATION = re.compile(r"nominations\[([0-9]+)\]")
DATES = ("applications_open", "applications_close", "review_close")


@dataclass(frozen=True)
class FaultLine:
    """A fault in words; ``part`` is the part of the contest it belongs to: dates, rubric, rules or form."""

    part: str
    text: str
    href: str


def fault_lines(contest: Contest, faults: Iterable[Fault]) -> list[FaultLine]:
    """Return a line for every fault of :func:`judging.services.contests.publication_faults`."""
    return [_line(contest, fault) for fault in faults]


def _line(contest: Contest, fault: Fault) -> FaultLine:
    text = translate(fault.message, **fault.params)
    if fault.path in DATES:
        return FaultLine("dates", text, url_for("contests.edit_general", code=contest.code, _anchor=fault.path))
    match = CRITERION.match(fault.path)
    if match:
        row = contest.criteria[int(match[1])]
        href = url_for("contests.edit_criterion", code=contest.code, criterion_id=row.id)
        return FaultLine("rubric", f"{row.code}: {text}", href)
    found = NOMINATION.match(fault.path)
    if found:
        one = contest.nominations[int(found[1])]
        href = url_for("contests.edit_nomination", code=contest.code, nomination_id=one.id)
        return FaultLine("rubric", text if "nomination" in fault.params else f"{one.code}: {text}", href)
    if fault.path == "budget":
        return FaultLine("rubric", text, url_for("contests.edit_general", code=contest.code, _anchor="budget"))
    if fault.path.partition(".")[0] == "form":
        return FaultLine("form", text, _form_address(contest.code, fault.path.partition(".")[2]))
    if fault.path.startswith("rules."):
        return FaultLine("rules", text, url_for("contests.edit_scoring", code=contest.code))
    return FaultLine("rubric", text, url_for("contests.rules", code=contest.code, _anchor="criteria"))


def _form_address(code: str, place: str) -> str:
    """Where a part of the form is edited: a field has a page of its own, all others stand in the whole form."""
    kind, _, part = place.partition(":")
    if kind == "field":
        return url_for("form_editor.edit_field", code=code, field=part)
    return url_for("form_editor.index", code=code, _anchor=f"{kind}-{part}" if part else kind or None)
