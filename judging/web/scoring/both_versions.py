"""What is on the expert's screen against what is stored: the rows of both versions."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from judging.domain.rubric import ExpertCriterion
from judging.domain.sheets import ABSTAIN, audiences, comment_path, comment_places, mark_path
from judging.web.both_versions import VersionRow, plain
from judging.web.scoring.blueprint import blueprint
from judging.web.scoring.forms import SheetForm
from judging.web.scoring.opened_review import Desk
from judging.web.sheet_words import CANNOT_JUDGE, confidence_words, mark_words, scope_answer, scope_words, verdict
from judging.web.templating import translate


def versions(desk: Desk, form: SheetForm) -> list[VersionRow]:
    """Return a row for every mark, comment and answer that differs: what was typed beside what is stored."""
    rows = list(_rows(desk, form))
    return [row for row in rows if row.mine != row.theirs] or rows


def _rows(desk: Desk, form: SheetForm) -> Iterator[VersionRow]:
    stored, asked = desk.sheet, desk.asked
    if asked.scope:
        label = translate("Is the project within the scope of the contest?")
        yield VersionRow(label, scope_words(form.in_scope.data), scope_words(scope_answer(stored)))
        reasons = _lines(form.scope_reason.data), stored.scope_reason
        yield VersionRow(translate("Why it is not"), *reasons)
    for rule in desk.rules:
        there = ABSTAIN if rule.code in stored.abstained else stored.scores.get(rule.code)
        yield VersionRow(rule.code, _mark(rule, form.mark(rule.code).shown), _mark(rule, there))
        yield from _comments(desk, form, rule.code)
    for place in comment_places(desk.rules, asked)[len(desk.rules) :]:
        yield from _comments(desk, form, place)
    if asked.confidence.is_asked:
        label = translate("How sure are you of your marks?")
        yield VersionRow(label, confidence_words(form.confidence.data), confidence_words(stored.confidence))
    if asked.recommendation.is_asked:
        verdicts = verdict(form.recommendation.data), verdict(stored.recommendation)
        yield VersionRow(translate("Your recommendation"), *verdicts)


def _comments(desk: Desk, form: SheetForm, place: str) -> Iterator[VersionRow]:
    for audience in audiences(desk.asked):
        field = form.comment(place, audience)
        yield VersionRow(str(field.label.text), _lines(field.data), desk.sheet.words(audience).get(place, ""))


def typed_values(desk: Desk, form: SheetForm) -> dict[str, Any]:
    """Return what was typed, by field, to be sent again."""
    asked = desk.asked
    values: dict[str, Any] = {"recommendation": form.recommendation.data or ""}
    if asked.confidence.is_asked:
        values["confidence"] = form.confidence.data or ""
    if asked.scope:
        values |= {"in_scope": form.in_scope.data or "", "scope_reason": form.scope_reason.data or ""}
    for criterion in desk.criteria:
        mark = form.mark(criterion.code).shown
        values[mark_path(criterion.code)] = "" if mark is None else mark
    for place in comment_places(desk.rules, asked):
        for audience in audiences(asked):
            values[comment_path(place, audience)] = form.comment(place, audience).data or ""
    return values


@blueprint.app_template_global()
def scope_said(desk: Desk) -> str:
    """What the stored sheet answers to the question of scope, in words."""
    return scope_words(scope_answer(desk.sheet))


@blueprint.app_template_global()
def confidence_said(desk: Desk) -> str:
    """How sure the expert is by the stored sheet, in words."""
    return confidence_words(desk.sheet.confidence)


@blueprint.app_template_global()
def readers(desk: Desk) -> list[str]:
    """For whom there are comments on the sheet."""
    return [audience.value for audience in audiences(desk.asked)]


@blueprint.app_template_global()
def beside(desk: Desk) -> list[dict[str, str]]:
    """The questions beside the criteria that need an answer, by the names of their fields."""
    asked = desk.asked
    found = [
        ("in_scope", translate("answer on the scope"), asked.scope),
        ("confidence", translate("how sure you are"), asked.confidence.is_required),
        ("recommendation", translate("recommendation"), asked.recommendation.is_required),
    ]
    return [{"path": path, "label": label} for path, label, required in found if required]


def _mark(rule: ExpertCriterion, value: Decimal | str | None) -> str:
    """A mark, or what was typed instead of one; 7 and 7,0 are the same."""
    if value == ABSTAIN:
        return translate(CANNOT_JUDGE)
    return mark_words(rule, plain(value) if isinstance(value, Decimal) else value)


def _lines(text: str | None) -> str:
    """Text as it is stored, so that it compares: browsers send line ends of their own."""
    return (text or "").replace("\r\n", "\n")
