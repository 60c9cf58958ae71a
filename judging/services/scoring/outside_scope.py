"""An expert finds a project outside the scope of the contest: the secretaries are written to at once."""

from sqlalchemy.orm import Session

from judging.domain.access import By, Role
from judging.domain.errors import N_
from judging.models import Review
from judging.queries.grants import holders
from judging.services import letters

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
    contest = application.contest
    for person in holders(session, Role.SECRETARY, contest.id):
        letters.write(
            session,
            OUTSIDE,
            key=f"review-outside-{review.id}-{number}-{person.id}",
            recipient=person.email,
            locale=person.locale,
            params={
                "name": person.name,
                "expert": review.expert.name,
                "contest": contest.title,
                "number": application.number,
                "title": application.title,
                "reason": review.scope_reason,
            },
            now=by.now,
            contest_id=contest.id,
        )
