"""What a score sheet brings from the page, as a draft to be saved.

A script saves while one is typing: a mark that is not one yet keeps the mark before it, a comment beyond all measure
the comment before it, and the rest is saved.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from flask_babel import gettext

from judging.domain.record import Recommendation
from judging.domain.sheet_history import NO, YES
from judging.domain.sheet_rules import Audience, Confidence
from judging.domain.sheets import (
    LONGEST_DRAFT_COMMENT,
    Sheet,
    abstention_faults,
    audiences,
    comment_places,
    mark_path,
    scale_faults,
)
from judging.services.scoring import SheetDraft
from judging.web.scoring.forms import SheetForm
from judging.web.scoring.opened_review import Desk
from judging.web.sheet_words import place_words

T = TypeVar("T")


@dataclass(frozen=True)
class LeftOut:
    """What a script's save left as it was: the marks by code, the comments and other answers in words."""

    marks: tuple[str, ...] = ()
    comments: tuple[str, ...] = ()

    def sentence(self, time: str) -> str:
        """When the rest was saved, and what was not."""
        if self.marks:
            time = gettext("%(time)s, except the marks %(codes)s", time=time, codes=", ".join(self.marks))
        if self.comments:
            codes, limit = ", ".join(self.comments), LONGEST_DRAFT_COMMENT
            time = gettext(
                "%(time)s, except the comments %(codes)s: no more than %(limit)s characters",
                time=time, codes=codes, limit=limit,
            )  # fmt: skip
        return time


def draft_of(desk: Desk, form: SheetForm, *, script: bool, tab: str) -> tuple[SheetDraft, LeftOut]:
    """Return the draft that was typed, and what was left out of it where a ``script`` sends it."""
    stored, codes = desk.sheet, [criterion.code for criterion in desk.criteria]
    scores, abstained = form.typed_marks(codes), form.abstained(codes)
    wrong = _illegible(desk, form, Sheet(scores, abstained=abstained)) if script else ()
    comments, long = _comments(desk, form, script=script)
    draft = SheetDraft(
        scores=_with_stored(scores, wrong, stored.scores),
        abstained=abstained.difference(wrong) | stored.abstained.intersection(wrong),
        comments=comments[Audience.PANEL],
        to_applicant=comments[Audience.APPLICANT],
        private=comments[Audience.PRIVATE],
        version=form.version.data or 0,
        tab=tab,
        pressed=not script,
        **_answers(desk, form, script=script),
    )
    return draft, LeftOut(tuple(wrong), long)


def _answers(desk: Desk, form: SheetForm, *, script: bool) -> dict[str, Any]:
    """The answers beside marks and comments; one that is not asked for stays as it is stored."""
    stored, asked = desk.sheet, desk.asked
    verdict, confidence = form.recommendation.data or None, form.confidence.data or None
    reason = form.scope_reason.data or ""
    scope = {YES: True, NO: False}.get(form.in_scope.data)
    if script:
        verdict = verdict if verdict in {None, *Recommendation} else stored.recommendation
        confidence = confidence if confidence in {None, *Confidence} else stored.confidence
        reason = reason if len(reason) <= LONGEST_DRAFT_COMMENT else stored.scope_reason
    return {
        "recommendation": verdict if asked.recommendation.is_asked else stored.recommendation,
        "confidence": confidence if asked.confidence.is_asked else stored.confidence,
        "in_scope": scope if asked.scope else stored.in_scope,
        "scope_reason": reason if asked.scope else stored.scope_reason,
    }


def _comments(
    desk: Desk, form: SheetForm, *, script: bool
) -> tuple[Mapping[Audience, dict[str, str]], tuple[str, ...]]:
    """The comments by whom they are for; where there is no field for one any more, it stays as it is stored."""
    places, found, long = comment_places(desk.rules, desk.asked), dict[Audience, dict[str, str]](), list[str]()
    for audience in Audience:
        stored = desk.sheet.words(audience)
        typed = form.typed_comments(places, audience) if audience in audiences(desk.asked) else dict(stored)
        wrong = [place for place in typed if script and len(typed[place]) > LONGEST_DRAFT_COMMENT]
        gone = [place for place in stored if place not in typed]
        found[audience] = _with_stored(typed, [*wrong, *gone], stored)
        long += (place_words(place) for place in wrong)
    return found, tuple(dict.fromkeys(long))


def _illegible(desk: Desk, form: SheetForm, typed: Sheet) -> list[str]:
    faults = (*scale_faults(desk.rules, typed.scores), *abstention_faults(desk.rules, typed))
    paths = {fault.path for fault in faults}
    codes = [criterion.code for criterion in desk.criteria]
    return [code for code in codes if form.mark(code).process_errors or mark_path(code) in paths]


def _with_stored(typed: Mapping[str, T], left_out: Collection[str], stored: Mapping[str, T]) -> dict[str, T]:
    kept = {code: stored[code] for code in left_out if code in stored}
    return {code: value for code, value in typed.items() if code not in left_out} | kept
