"""A figure leads to its field, its formula, the answers that it is made of, and the submission that holds them."""

from decimal import Decimal

from sqlalchemy.orm import Session

from judging.domain.access import CONSOLE, By
from judging.queries.provenance import provenance
from judging.services.applications.application_submit import submit_application
from judging.services.applications.section_save import save_section
from tests import factories
from tests.factories import MOMENT
from tests.services.test_applications import whole_draft

CODES = ("jobs", "private_share", "nowhere")


def test_figures_of_a_submission_are_those_that_were_submitted(session: Session) -> None:
    application = whole_draft(session)
    by = By(CONSOLE, MOMENT)
    save_section(session, application.id, "indicators", {"jobs": Decimal(50)}, seen=0, by=by)
    submit_application(session, application.id, version=application.version, by=by)
    session.flush()
    application.indicators = {"jobs": "999"}
    found = provenance(session, application, CODES)
    jobs, share = found.sources["jobs"], found.sources["private_share"]
    assert (found.number, found.sha256, found.at) == (1, application.receipt_sha256, MOMENT)
    assert sorted(found.sources) == ["jobs", "private_share"]
    assert (jobs.figure.section.code, jobs.figure.answer, jobs.formula, jobs.inputs) == (
        "indicators", Decimal(50), "", (),
    )  # fmt: skip
    assert share.formula == "round(share(own_funds + loans, total_cost), 2)"
    assert [(one.section.code, one.field.code, one.answer) for one in share.inputs] == [
        ("finance", "loans", 100_000_000_00), ("finance", "own_funds", 140_000_000_00),
        ("finance", "total_cost", 360_000_000_00),
    ]  # fmt: skip


def test_an_application_of_an_archive_has_no_submission(session: Session) -> None:
    application = factories.application(session, factories.contest(session))
    found = provenance(session, application, CODES)
    assert (found.number, found.sha256, found.at) == (0, "", None)
    assert found.sources["jobs"].figure.answer == Decimal(48)
