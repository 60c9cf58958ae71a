"""The reviews of the other experts on the same application, beside one's own, where the contest opens them."""

from dataclasses import dataclass
from decimal import Decimal

from flask_babel import gettext

from judging.domain.sheet_rules import CONFIDENCE_LABELS, GROUP, Confidence
from judging.domain.visibility import Opens
from judging.extensions import db
from judging.queries.rubrics import SheetCriterion
from judging.queries.scoring import stored_sheet
from judging.queries.visibility import Handed, others
from judging.web.clock import arrived
from judging.web.scoring.blueprint import blueprint
from judging.web.scoring.both_versions import verdict
from judging.web.scoring.opened_review import Desk
from judging.web.templating import moscow, translate


@dataclass(frozen=True)
class JudgedLine:
    """A criterion, or with None of a criterion a group called ``title``, on the sheet of another expert."""

    criterion: SheetCriterion | None
    title: str
    mark: Decimal | None
    abstained: bool
    comment: str


@dataclass(frozen=True)
class OtherReview:
    """The review of another expert in words; ``who`` is a label, and the name where the contest tells names."""

    who: str
    verdict: str
    confidence: str
    lines: tuple[JudgedLine, ...]


@dataclass(frozen=True)
class OthersPanel:
    """What the page of one's own review says of the others: nothing at all, when they open, or what they say."""

    said: bool
    words: str = ""
    own: str = ""
    reviews: tuple[OtherReview, ...] = ()


@blueprint.app_template_global()
def others_of(desk: Desk) -> OthersPanel:
    """The panel of the reviews of the others."""
    found = others(db.session, desk.review, desk.contest, arrived())
    if found.opens is Opens.NEVER:
        return OthersPanel(said=False)
    if not found.open:
        return OthersPanel(said=True, words=_when(desk, found.opens))
    own = gettext("In all documents you are “Expert %(number)s”.", number=found.own)
    return OthersPanel(said=True, own=own, reviews=tuple(_review(desk, one) for one in found.handed_in))


def _when(desk: Desk, opens: Opens) -> str:
    """The sentence that says what one waits for; it depends on the setting and the dates alone."""
    if opens is Opens.OWN or not desk.submitted:
        return {
            Opens.ALL: gettext(
                "The reviews of the other experts open after you submit yours and all of them have submitted theirs."
            ),
            Opens.CLOSED: gettext(
                "The reviews of the other experts open to those who submitted theirs, after the reviews close: "
                "%(closes)s.",
                closes=moscow(desk.contest.review_close),
            ),
        }.get(opens, gettext("The reviews of the other experts open after you submit yours."))
    if arrived() >= desk.contest.review_close:
        return gettext("The reviews of the other experts open when no review is awaited any more.")
    closes = moscow(desk.contest.review_close)
    if opens is Opens.ALL:
        return gettext(
            "The reviews of the other experts open when all of them are submitted, at the latest after the reviews "
            "close: %(closes)s.",
            closes=closes,
        )
    return gettext("The reviews of the other experts open after the reviews close: %(closes)s.", closes=closes)


def _review(desk: Desk, handed: Handed) -> OtherReview:
    review, sheet = handed.review, stored_sheet(handed.review)
    label = gettext("Expert %(number)s", number=handed.label.number)
    lines = [
        JudgedLine(
            one, "", sheet.scores.get(one.code), one.code in review.abstained, sheet.comments.get(one.code, "")
        )
        for one in desk.criteria
    ]  # fmt: skip
    groups = [(place.removeprefix(GROUP), text) for place, text in sheet.comments.items() if place.startswith(GROUP)]
    lines += [JudgedLine(None, title, None, False, text) for title, text in groups if text.strip()]
    sure = review.confidence
    return OtherReview(
        f"{label}: {handed.label.name}" if handed.label.name else label,
        verdict(review.recommendation),
        translate(CONFIDENCE_LABELS[Confidence(sure)]) if sure else "",
        tuple(lines),
    )
