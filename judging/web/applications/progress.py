"""The progress of a draft, or of an application that is corrected: the list of its sections."""

from typing import Any

from flask_babel import gettext, ngettext

from judging.domain.errors import N_
from judging.domain.forms.cluster import CLUSTER_LABEL
from judging.domain.forms.compiling import CompiledSection
from judging.domain.forms.environment import CLUSTER, NOMINATION
from judging.domain.forms.form import FieldKind
from judging.domain.forms.looking import answered
from judging.domain.forms.progress import PROGRESS_LABELS, Progress
from judging.models import Application
from judging.queries.submissions import ReturnLine
from judging.web.applications.at_hand import Checked
from judging.web.applications.places import section_url
from judging.web.questionnaire.pages import is_needed
from judging.web.questionnaire.phrases import shown
from judging.web.templating import translate

TONES = {
    Progress.NOT_STARTED: "neutral",
    Progress.IN_PROGRESS: "info",
    Progress.DONE: "success",
    Progress.BLOCKED: "neutral",
    Progress.CHANGES_REQUESTED: "warning",
}
CLUSTER_HINT = N_("The cluster, its managing organisation and members with INN and OGRN")
NOMINATION_HINT = N_("In which part of the contest the project takes part")
MOST_NAMED = 4
"""Questions of a section that are named below its title."""


def task_rows(found: Checked, returned: ReturnLine | None = None) -> list[dict[str, Any]]:
    """The sections with their statuses; a section in work says how much it lacks.

    Of an application that was given back those that are corrected lead on; each says what is asked for.
    """
    application = found.hand.application
    cluster = application.cluster
    begun = bool(cluster.name or cluster.members or cluster.managing_organisation_id)
    title, hint = translate(CLUSTER_LABEL), translate(CLUSTER_HINT)
    rows = [] if not application.contest.nominations else [_nomination_row(application, len(found.nomination))]
    rows += [_row(application, CLUSTER, title, hint, sum(one.stop for one in found.cluster), begun)]
    for part in found.hand.compiled.sections:
        code = part.section.code
        if code in found.seen.sections:
            left = sum(one.stop and one.section == code for one in found.form)
            begun = any(answered(one.field, found.hand.answers.get(one.field.code)) for one in part.fields)
            row = _row(application, code, shown(part.section, "title"), _named(part, found), left, begun)
            row |= _documents(part, found, row["hint"])
            rows.append(_blocked(row) if not begun and not cluster.members and _needs_members(part) else row)
    return rows if returned is None else [_corrected(row, returned, found) for row in rows]


def _documents(part: CompiledSection, found: Checked, hint: Any) -> dict[str, Any]:
    """How many of its required documents are there, behind what the line says already; nothing where none is."""
    hand = found.hand
    needed = {one.field.code for one in part.fields if one.field.kind is FieldKind.FILE and is_needed(one, found.seen)}
    if not needed & found.seen.shown:
        return {}
    there = needed & found.seen.shown & {file.slot for file in hand.files}
    total = len(needed & found.seen.shown)
    words = gettext("Required documents: %(done)s of %(total)s", done=len(there), total=total)
    return {"hint": f"{words}. {hint}" if hint else words}


def _needs_members(part: CompiledSection) -> bool:
    """Whether the section cannot be filled in before the cluster has members: it asks for one of them."""
    asked = [one.field for one in part.fields]
    asked += [column for one in asked for column in one.columns]
    return any(one.kind is FieldKind.ORGANISATION and one.of == "cluster" for one in asked)


def _blocked(row: dict[str, Any]) -> dict[str, Any]:
    """A section that waits for the cluster: without a link, with what is to be done first."""
    hint = gettext("Cannot be started until the cluster has organisations: enter them first.")
    return {**row, "href": "", "hint": hint, **_state(Progress.BLOCKED)}


def _corrected(row: dict[str, Any], returned: ReturnLine, found: Checked) -> dict[str, Any]:
    """A section of an application that was given back: with what is to be corrected, or as one that is only read."""
    if row["code"] in returned.sections and returned.is_own:
        return row
    if row["code"] in returned.sections:
        hint = gettext("To be corrected: %(remark)s", remark=returned.remarks[row["code"]])
        stored = found.hand.sections.get(row["code"])
        touched = stored is not None and stored.saved_at > returned.at
        state = {} if touched else _state(Progress.CHANGES_REQUESTED)
        return {**row, "hint": hint if row["done"] else f"{hint} {row['hint']}", **state}
    fixed = {"href": "", "hint": "", "status": gettext("Does not change"), "tone": "neutral"}
    return {**row, **fixed} if row["done"] else {**row, "href": ""}


def _nomination_row(application: Application, left: int) -> dict[str, Any]:
    return _row(application, NOMINATION, gettext("Nomination"), translate(NOMINATION_HINT), left, begun=False)


def _row(application: Application, code: str, title: Any, hint: Any, left: int, begun: bool) -> dict[str, Any]:
    state = Progress.DONE if not left else Progress.IN_PROGRESS if begun else Progress.NOT_STARTED
    if state is Progress.IN_PROGRESS:
        hint = ngettext("%(num)d thing left to fill in or correct", "%(num)d things left to fill in or correct", left)
    return {
        "code": code,
        "label": title,
        "href": section_url(application, code),
        "hint": hint,
        **_state(state),
    }


def _state(state: Progress) -> dict[str, Any]:
    return {"status": translate(PROGRESS_LABELS[state]), "tone": TONES[state], "done": state is Progress.DONE}


def _named(part: CompiledSection, found: Checked) -> Any:
    """What the section asks, by its first questions."""
    asked = [one.field for one in part.fields if one.field.code in found.seen.shown]
    names = [str(shown(one, "label")) for one in asked[:MOST_NAMED]]
    return ", ".join(names) + (" …" if len(asked) > MOST_NAMED else "")
