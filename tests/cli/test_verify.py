"""``flask judging verify``: what it prints and its exit status."""

from io import BytesIO

import pytest

from judging.models.engine import reads_only
from judging.queries.invariants import INVARIANTS
from tests import factories


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
    assert run() == (0, f"{len(INVARIANTS)} checks hold.\n", "")


def test_every_violation_has_its_line(run, store):
    with store() as session:
        contest = factories.contest(session, applications_received=0)
        first, second = (
            factories.application(session, contest, status="draft", indicators={"jobs": value}) for value in "?-"
        )
        review = factories.review(session, factories.expert(session, contest), first, "accepted", declared_at=None)
        ids = first.id, second.id, review.id
    assert run() == (
        1,
        f"violated indicators-read: Every indicator of an application is a decimal. application {ids[0]}: jobs\n"
        f"violated indicators-read: Every indicator of an application is a decimal. application {ids[1]}: jobs\n"
        f"violated review-declared: No review is in work or submitted without a declaration. review {ids[2]}\n",
        f"2 of {len(INVARIANTS)} checks do not hold.\n",
    )


def test_a_warning_is_printed_and_does_not_fail(run, store):
    with store() as session:
        contest = factories.contest(session)
        expert = factories.expert(session, contest, max_load=0)
        factories.review(session, expert, factories.application(session, contest, status="draft"))
        key = expert.id
    line = f"warning expert-load: No expert has more applications than the limit. expert {key}: 1 > 0\n"
    assert run() == (0, f"{line}{len(INVARIANTS)} checks hold.\n", "")


def test_with_files_the_document_store_is_read_too(run, store, app):
    kept = app.extensions["storage"].put(BytesIO(b"passport"))
    facts = {"storage_key": kept.key, "size": kept.size, "sha256": kept.sha256}
    with store() as session:
        item = factories.application(session, factories.contest(session), status="draft")
        factories.document(session, item, **facts)
    assert run("--files") == (0, f"{len(INVARIANTS) + 1} checks hold.\n", "")
    with store() as session:
        lost = factories.document(session, item, **{**facts, "storage_key": "sha256/00/none"}).id
    assert run("--files") == (
        1,
        "violated document-bytes: Every document's file is in the store, with its size and hash. "
        f"document {lost}: no such file\n",
        f"1 of {len(INVARIANTS) + 1} checks do not hold.\n",
    )
    assert run() == (0, f"{len(INVARIANTS)} checks hold.\n", "")
