"""What a record of the journal keeps of who did it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.domain.access import CONSOLE, By
from judging.domain.events import KEEPS_ADDRESS, Event
from judging.models import JournalRecord
from judging.services.audit import record
from tests import factories
from tests.factories import MOMENT


def test_an_address_is_kept_where_somebody_comes_in_or_takes_a_file_out_and_nowhere_else(session: Session) -> None:
    person = factories.user(session)
    for event in Event:
        record(session, event, by=By(CONSOLE, MOMENT, "203.0.113.7"), subject=person)
    kept = {row.event: row.address for row in session.scalars(select(JournalRecord))}
    assert kept == {event: "203.0.113.7" if event in KEEPS_ADDRESS else "" for event in Event}
    assert {
        Event.ACCOUNT_REGISTERED, Event.ACCOUNT_CONFIRMED, Event.INVITATION_ACCEPTED, Event.SIGNED_IN,
        Event.SIGN_IN_REFUSED, Event.TEAM_MEMBER_ADDED, Event.PASSWORD_RESET_ASKED, Event.EXPORTED,
    } == KEEPS_ADDRESS  # fmt: skip
