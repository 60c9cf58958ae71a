"""When marks open that are closed to somebody, in words."""

from flask_babel import gettext

from judging.domain.visibility import Opens, Sight
from judging.models import Contest
from judging.web.clock import arrived
from judging.web.templating import moscow


def sealed_words(contest: Contest, seen: Sight, application_id: int | None) -> str:
    """The sentence for staff: what they wait for. What is said depends on the setting and the dates alone."""
    closes = moscow(contest.review_close)
    if arrived() >= contest.review_close:
        return gettext("The time for reviews is over, but experts with more time still have reviews to submit.")
    if seen.opens is not Opens.ALL:
        return gettext("Marks open after the reviews close: %(closes)s.", closes=closes)
    if application_id is None:
        return gettext(
            "Marks of the contest open when all reviews are submitted, at the latest when they close: %(closes)s.",
            closes=closes,
        )
    return gettext(
        "Marks of the application open when all its reviews are submitted, at the latest when they close: %(closes)s.",
        closes=closes,
    )
