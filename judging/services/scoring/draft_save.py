"""Saving a draft: as a whole, from a known version, so that a stale tab overwrites nothing."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from judging.domain.access import By
from judging.domain.errors import N_, Fault, Refused
from judging.domain.events import Event
from judging.domain.lifecycle import NotPossible, ReviewStatus
from judging.domain.record import Recommendation
from judging.domain.rubric import ExpertCriterion
from judging.domain.sheet_history import changes, texts_of
from judging.domain.sheet_rules import Audience, Confidence
from judging.domain.sheets import (
    Sheet,
    abstention_faults,
    changed_comments,
    changed_marks,
    draft_faults,
    scale_faults,
)
from judging.models import Review, SheetEdit
from judging.models.base import table_of
from judging.models.storing import store
from judging.queries.rubrics import rules_of, sheet_criteria
from judging.queries.scoring import stored_sheet
from judging.services.audit import record
from judging.services.concurrency import check_version
from judging.services.holding import hold_with
from judging.services.scoring.review_gate import label_of, require_open
from judging.services.scoring.version_read import note_last

SHEET_EDITS = table_of(SheetEdit)


@dataclass(frozen=True)
class SheetDraft:
    """The whole sheet as it stands on the expert's screen, and the version it was filled on; what is absent is cleared.

    ``tab`` names the page that the sheet was filled on. A press of a button (``pressed``) is the page's last word: an
    autosave of the same page that was still under way when it was pressed does not make it stale. ``restored``: the
    moment whose sheet this is, where it was taken from the history. ``source``: where it was filled, if elsewhere.

    ``abstained``: the codes of the criteria that the expert cannot judge. ``comments`` are for the commission,
    ``to_applicant`` and ``private`` for others, all by place (:mod:`judging.domain.sheets`).
    """

    scores: Mapping[str, Decimal]
    comments: Mapping[str, str]
    recommendation: str | None
    version: int
    tab: str = ""
    pressed: bool = False
    abstained: Collection[str] = frozenset()
    to_applicant: Mapping[str, str] = field(default_factory=dict)
    private: Mapping[str, str] = field(default_factory=dict)
    confidence: str | None = None
    in_scope: bool | None = None
    scope_reason: str = ""
    restored: datetime | None = None
    source: str = ""


def save_draft(
    session: Session, review: Review, draft: SheetDraft, *, by: By, rules: Sequence[ExpertCriterion] | None = None
) -> Review:
    """Store the whole sheet.

    A sheet equal to the stored one changes nothing, whatever version it comes from. Raises ``Stale`` for an old
    version, ``NotPossible`` once submitted, ``Closed`` after the contest, ``Refused`` for marks off their scale
    (``mark-CODE``) and for comments beyond all measure (``comment-CODE``). A draft may be saved after the deadline:
    nothing typed is lost, it just cannot be handed in.

    ``rules`` are those of the sheet's criteria, where this transaction has read them already.
    """
    hold_with(session, review, shared=True)
    before, after = stored_sheet(review), drafted(draft)
    details = _details(before, after)
    if not details and review.status == ReviewStatus.ACCEPTED:
        return review
    _require_writable(review)
    tab = draft.tab
    if not (draft.pressed and _all_from(review, draft.version, tab)):
        check_version(review, draft.version)
    _require_fit(_rules(session, review) if rules is None else rules, after)
    if review.application_version is None:
        note_last(session, review)
    if tab:
        details |= {"tab": tab, "version": review.version + 1}
    if draft.restored:
        details["restored"] = draft.restored.isoformat()
    if draft.source:
        details["source"] = draft.source
    _keep_edit(session, review, changes(texts_of(before), texts_of(after)), tab, by)
    store(session, review, **_columns(after), saved_at=by.now, **_tab(review, tab))
    label = label_of(review)
    record(
        session, Event.REVIEW_SAVED, by=by, subject=review, label=label,
        contest_id=review.contest_id, details=details,
    )  # fmt: skip
    return review


def _columns(sheet: Sheet) -> dict[str, Any]:
    """The sheet as the columns of a review hold it."""
    notes = {Audience.APPLICANT: sheet.to_applicant, Audience.PRIVATE: sheet.private}
    return {
        "scores": {code: f"{mark:f}" for code, mark in sheet.scores.items()},
        "comments": dict(sheet.comments),
        "recommendation": sheet.recommendation.value if sheet.recommendation else None,
        "abstained": sorted(sheet.abstained),
        "notes": {audience.value: dict(words) for audience, words in notes.items() if words},
        "confidence": sheet.confidence.value if sheet.confidence else None,
        "in_scope": sheet.in_scope,
        "scope_reason": sheet.scope_reason,
    }


def _keep_edit(session: Session, review: Review, changed: dict[str, Any], tab: str, by: By) -> None:
    """Add to the history of the sheet what this save changes."""
    row = {"review_id": review.id, "at": by.now, "by_id": by.actor.user_id, "tab": tab or None, "changes": changed}
    session.execute(insert(SHEET_EDITS), row)


def _rules(session: Session, review: Review) -> Sequence[ExpertCriterion]:
    return rules_of(sheet_criteria(session, review.contest_id, review.application.nomination_id))


def _all_from(review: Review, version: int, tab: str) -> bool:
    """Say whether everything that happened to the sheet since ``version`` were saves from this one ``tab``."""
    if version >= review.version:
        return True
    if not tab or review.tab != tab or review.tab_from is None:
        return False
    return review.tab_to == review.version and review.tab_from <= version + 1


def _tab(review: Review, tab: str) -> dict[str, Any]:
    """Where the save that is being made comes from: the tab, and the first and the last version in a row from it."""
    if not tab:
        return {"tab": None, "tab_from": None, "tab_to": None}
    again = review.tab == tab and review.tab_to == review.version
    this = review.version + 1
    return {"tab": tab, "tab_from": review.tab_from if again else this, "tab_to": this}


def drafted(draft: SheetDraft) -> Sheet:
    """Return the sheet of a draft; raises ``Refused`` for answers that are none of those offered."""
    verdict, confidence = draft.recommendation or None, draft.confidence or None
    faults = []
    if verdict not in {None, *Recommendation}:
        faults.append(Fault("recommendation", N_("Choose one of the recommendations offered")))
    if confidence not in {None, *Confidence}:
        faults.append(Fault("confidence", N_("Choose one of the answers offered")))
    if faults:
        raise Refused(faults)
    return Sheet(
        scores=dict(draft.scores),
        comments=_said(draft.comments),
        recommendation=Recommendation(verdict) if verdict else None,
        abstained=frozenset(draft.abstained),
        to_applicant=_said(draft.to_applicant),
        private=_said(draft.private),
        confidence=Confidence(confidence) if confidence else None,
        in_scope=draft.in_scope,
        scope_reason=_plain(draft.scope_reason),
    )


def _said(comments: Mapping[str, str]) -> dict[str, str]:
    plain = {place: _plain(text) for place, text in comments.items()}
    return {place: text for place, text in plain.items() if text.strip()}


def _plain(text: str) -> str:
    """One kind of line end, and none of the character that databases refuse."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")


def _require_writable(review: Review) -> None:
    if review.status == ReviewStatus.SUBMITTED:
        raise NotPossible(N_("The review is submitted and locked; only the secretary can return it to you."))
    if review.status != ReviewStatus.ACCEPTED:
        raise NotPossible(N_("The sheet opens after you declare that there is no conflict of interest."))
    require_open(review)


def _require_fit(rules: Sequence[ExpertCriterion], sheet: Sheet) -> None:
    faults = scale_faults(rules, sheet.scores) + abstention_faults(rules, sheet) + draft_faults(sheet)
    if faults:
        raise Refused(faults)


def _details(before: Sheet, after: Sheet) -> dict[str, Any]:
    """What changed, for the journal: marks and answers before → after, of comments their length in characters.

    Of notes that the expert keeps for himself nothing but that they changed.
    """
    marks = {code: [_text(old), _text(new)] for code, (old, new) in changed_marks(before, after).items()}
    changes = {
        "marks": marks,
        "comments": _lengths(before, after, Audience.PANEL),
        "recommendation": _pair(before.recommendation, after.recommendation),
        "abstained": _pair(sorted(before.abstained), sorted(after.abstained)),
        "to_applicant": _lengths(before, after, Audience.APPLICANT),
        "private": before.private != after.private,
        "confidence": _pair(before.confidence, after.confidence),
        "in_scope": _pair(before.in_scope, after.in_scope),
        "scope_reason": _lengths_of(before.scope_reason, after.scope_reason),
    }
    return {name: change for name, change in changes.items() if change}


def _lengths(before: Sheet, after: Sheet, audience: Audience) -> dict[str, list[int]]:
    changed = changed_comments(before, after, audience)
    return {place: _lengths_of(old or "", new or "") for place, (old, new) in changed.items()}


def _lengths_of(old: str, new: str) -> list[int]:
    return [] if old == new else [len(old), len(new)]


def _pair(old: Any, new: Any) -> list[Any]:
    """What was and what is; empty where they are the same."""
    return [] if old == new else [getattr(one, "value", one) for one in (old, new)]


def _text(mark: Decimal | None) -> str | None:
    return None if mark is None else f"{mark:f}"
