"""``flask judging verify``: what it prints and its exit status."""

import json
from io import BytesIO

import pytest
from sqlalchemy import select, update

from judging.domain.access import CONSOLE, By
from judging.domain.events import Event
from judging.models import Contest, JournalRecord
from judging.models.engine import reads_only
from judging.queries.invariants import INVARIANTS, WAITING
from judging.services.audit import record
from judging.services.seals import note_accounts, note_older_data, note_state
from tests import factories
from tests.factories import MOMENT

NOTED = "not covered TEST: what was done before 2026-03-15 09:00:00 UTC, when its state was noted, cannot be told\n"
CHAIN = "Found by no check until every record carries the hash of the one before:\n" + "".join(
    f"- {line}\n" for line in WAITING
)
HOLD = f"{len(INVARIANTS)} checks hold.\n"


def noted(session):
    """What was made past the services is noted, so that nothing is missed in the journal."""
    for contest in session.scalars(select(Contest)).all():
        note_state(session, contest, by=By(CONSOLE, MOMENT))
    note_accounts(session, by=By(CONSOLE, MOMENT))


@pytest.fixture
def run(app):
    """Run the command as from a shell; return exit status, standard output and standard error."""

    def invoke(*options):
        try:
            result = app.test_cli_runner().invoke(args=["judging", "verify", *options])
        finally:
            reads_only.set(False)
        return result.exit_code, result.stdout, result.stderr

    return invoke


def test_an_empty_database_holds(run):
    assert run() == (0, HOLD + CHAIN, "")


def test_every_violation_has_its_line(run, store):
    with store() as session:
        contest = factories.contest(session, code="TEST", applications_received=0)
        first, second = (
            factories.application(session, contest, status="draft", indicators={"jobs": value}) for value in "?-"
        )
        review = factories.review(session, factories.expert(session, contest), first, "accepted", declared_at=None)
        noted(session)
        ids = first.id, second.id, review.id
    assert run() == (
        1,
        f"violated indicators-read: Every indicator of an application is a decimal. application {ids[0]}: jobs\n"
        f"violated indicators-read: Every indicator of an application is a decimal. application {ids[1]}: jobs\n"
        "violated review-declared: No review is in work or submitted without a declaration. "
        f"review {ids[2]}\n{NOTED}{CHAIN}",
        f"2 of {len(INVARIANTS)} checks do not hold.\n",
    )


def test_a_difference_says_what_is_stored_and_what_the_records_say(run, store):
    with store() as session:
        contest = factories.contest(session, code="TEST", budget=100)
        noted(session)
        key = contest.id
        contest.budget = 200
    status, out, _ = run("--format", "json")
    document = json.loads(out)
    found = {check["check"]: check["offences"] for check in document["checks"] if check["offences"]}
    sentence = "budget is 200, by the records it is 100"
    offence = {
        "subject": "contest", "id": key, "found": sentence, "stored": "200", "expected": "100",
        "sentence": f"contest {key}: {sentence}",
    }  # fmt: skip
    assert (status, document["violated"], found) == (1, 1, {"settings-recorded": [offence]})
    assert document["not_covered"] == [{"contest": "TEST", "before": MOMENT.isoformat()}]
    assert document["waiting"] == list(WAITING)


def test_data_older_than_the_records_are_not_held_against_anybody(run, store, app):
    """An upgrade notes what there was; until then, and of what was before, verification says that it cannot tell."""
    with store() as session:
        contest = factories.contest(session, code="OLD", applications_received=9)
        factories.application(session, contest, status="draft")
        factories.user(session, "secretary")
        record(session, Event.EXPORTED, by=By(CONSOLE, MOMENT), subject=contest, contest_id=contest.id)
        session.flush()
        session.execute(update(JournalRecord).values(previous_id=None))
    line = "not covered OLD: older than the records that verification reads; `flask db upgrade` notes its present state"
    assert run() == (0, f"{HOLD}{line}\n{CHAIN}", "")
    with store() as session:
        assert note_older_data(session, by=By(CONSOLE, MOMENT)) == 1
        assert note_older_data(session, by=By(CONSOLE, MOMENT)) == 0
    assert run() == (0, HOLD + NOTED.replace("TEST", "OLD") + CHAIN, "")


def test_a_warning_is_printed_and_does_not_fail(run, store):
    with store() as session:
        contest = factories.contest(session, code="TEST")
        expert = factories.expert(session, contest, max_load=0)
        factories.review(session, expert, factories.application(session, contest, status="draft"))
        noted(session)
        key = expert.id
    line = f"warning expert-load: No expert has more applications than the limit. expert {key}: 1 > 0\n"
    assert run() == (0, line + HOLD + NOTED + CHAIN, "")


def test_with_files_the_document_store_is_read_too(run, store, app):
    kept = app.extensions["storage"].put(BytesIO(b"passport"))
    facts = {"storage_key": kept.key, "size": kept.size, "sha256": kept.sha256}
    with store() as session:
        item = factories.application(session, factories.contest(session, code="TEST"), status="draft")
        factories.document(session, item, **facts)
        noted(session)
    hold = f"{len(INVARIANTS) + 1} checks hold.\n"
    assert run("--files") == (0, hold + NOTED + CHAIN, "")
    with store() as session:
        lost = factories.document(session, item, **{**facts, "storage_key": "sha256/00/none"}).id
        noted(session)
    assert run("--files") == (
        1,
        "violated document-bytes: Every document's file is in the store, with its size and hash. "
        f"document {lost}: no such file\n{NOTED}{CHAIN}",
        f"1 of {len(INVARIANTS) + 1} checks do not hold.\n",
    )
    assert run() == (0, HOLD + NOTED + CHAIN, "")
