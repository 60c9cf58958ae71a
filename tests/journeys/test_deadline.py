"""The close of acceptance at a busy server: the moment of arrival decides. At length, 200 and 200: `make faults`."""

from tests.faults.__main__ import deadline_of


def test_what_was_sent_before_the_close_is_taken_and_what_was_sent_after_it_is_refused(database_kind: str) -> None:
    outcome, missed = deadline_of(database_kind, 12, before=2, locked=3, workers=2)
    assert not missed, outcome
