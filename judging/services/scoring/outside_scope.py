"""An expert finds a project outside the scope of the contest: the secretaries are written to at once."""

from sqlalchemy.orm import Session

from judging.domain.access import By
from judging.domain.errors import N_
from judging.models import Review
from judging.services import letters
from judging.services.letters_to_staff import tell_secretaries

OUTSIDE = letters.Wording(
    subject=N_("An expert finds application %(number)s outside the scope of the contest"),
    body=N_(
        "%(name)s,\n\n"
        "the expert %(expert)s has handed in a review of application %(number)s, “%(title)s”, and says that the "
        "project is outside the scope of the contest “%(contest)s”.\n\n"
        "The reason: %(reason)s\n\n"
        "This review gives no marks and does not count. Decide whether the application stays in the contest; if it "
        "does, appoint another expert.\n"
    ),
)


def tell_of_outsider(session: Session, review: Review, number: int, *, by: By) -> None:
    """Write to every secretary of the contest about the review's version ``number``."""
    application = review.application
    said = {
        "expert": review.expert.name,
        "number": application.number,
        "title": application.title,
        "reason": review.scope_reason,
    }
    key = f"review-outside-{review.id}-{number}"
    tell_secretaries(session, application.contest, OUTSIDE, lambda _person: said, key=key, now=by.now)
