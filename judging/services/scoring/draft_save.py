"""Saving a draft: as a whole, from a known version, so that a stale tab overwrites nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from judging.domain.access import By
from judging.domain.errors import N_, Fault, Refused
from judging.domain.events import Event
from judging.domain.lifecycle import NotPossible, ReviewStatus
from judging.domain.record import Recommendation
from judging.domain.rubric import ExpertCriterion
from judging.domain.sheets import Sheet, changed_comments, changed_marks, draft_faults, scale_faults
from judging.models import Review
from judging.models.storing import store
from judging.queries.rubrics import rules_of, sheet_criteria
from judging.queries.scoring import stored_sheet
from judging.services.audit import record
from judging.services.concurrency import check_version
from judging.services.holding import hold_with
from judging.services.scoring.review_gate import label_of, require_open
from judging.services.scoring.version_read import note_last


@dataclass(frozen=True)
class SheetDraft:
    """The whole sheet as it stands on the expert's screen, and the version it was filled on; what is absent is cleared.

    ``tab`` names the page that the sheet was filled on. A press of a button (``pressed``) is the page's last word: an
    autosave of the same page that was still under way when it was pressed does not make it stale.
    """

    scores: Mapping[str, Decimal]
    comments: Mapping[str, str]
    recommendation: str | None
    version: int
    tab: str = ""
    pressed: bool = False


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
    before, after = stored_sheet(review), _sheet(draft.scores, draft.comments, draft.recommendation)
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
    store(
        session,
        review,
        scores={code: f"{mark:f}" for code, mark in after.scores.items()},
        comments=dict(after.comments),
        recommendation=after.recommendation.value if after.recommendation else None,
        saved_at=by.now,
        **_tab(review, tab),
    )
    label = label_of(review)
    record(
        session, Event.REVIEW_SAVED, by=by, subject=review, label=label,
        contest_id=review.contest_id, details=details,
    )  # fmt: skip
    return review


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


def _sheet(scores: Mapping[str, Decimal], comments: Mapping[str, str], recommendation: str | None) -> Sheet:
    if recommendation and recommendation not in set(Recommendation):
        raise Refused([Fault("recommendation", N_("Choose one of the recommendations offered"))])
    plain = {code: _plain(text) for code, text in comments.items()}
    return Sheet(
        scores=dict(scores),
        comments={code: text for code, text in plain.items() if text.strip()},
        recommendation=Recommendation(recommendation) if recommendation else None,
    )


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
    faults = scale_faults(rules, sheet.scores) + draft_faults(sheet)
    if faults:
        raise Refused(faults)


def _details(before: Sheet, after: Sheet) -> dict[str, Any]:
    """What changed, for the journal: marks and verdict before → after, of comments their length in characters."""
    marks = {code: [_text(old), _text(new)] for code, (old, new) in changed_marks(before, after).items()}
    lengths = {code: [len(old or ""), len(new or "")] for code, (old, new) in changed_comments(before, after).items()}
    verdicts = [before.recommendation, after.recommendation]
    changes = {
        "marks": marks,
        "comments": lengths,
        "recommendation": [] if verdicts[0] == verdicts[1] else [verdict and verdict.value for verdict in verdicts],
    }
    return {name: change for name, change in changes.items() if change}


def _text(mark: Decimal | None) -> str | None:
    return None if mark is None else f"{mark:f}"
