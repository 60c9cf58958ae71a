"""Every application of the demonstration answers the full form, and what its archive says of it stays as it was."""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from judging.adapters.archive import dumps, read_archive
from judging.adapters.forms import form_object
from judging.adapters.preset import read_preset_form
from judging.domain.forms.form import FieldKind
from judging.extensions import db
from judging.models import Application, ApplicationSection, Contest, Expert, Review
from judging.queries.answers import section_answers, stored_sections
from judging.queries.checks import check_application
from judging.queries.forms import form_in_force
from judging.queries.submissions import last_submitted
from judging.queries.whole_records import whole_contest_record
from judging.services.demo.accounts import EXPERT
from judging.services.demo.full_answers import full_answers, parts, subject_of
from judging.services.demo.loading import second_round
from tests.demo_site import cookie_of, demo_app

DEMO = Path(__file__).resolve().parents[2] / "judging" / "data" / "demo"
CONTESTS = ("PP41-2025", "PP41-2026", "PP41-2026-2", "PP41-2027")
FORM = read_preset_form()


@pytest.fixture(scope="module")
def demo() -> Iterator[Flask]:
    with demo_app() as app, app.app_context():
        yield app


def applications(code: str) -> list[Application]:
    mine = select(Application).join(Application.contest).where(Contest.code == code)
    return list(db.session.scalars(mine.order_by(Application.id)))


def archived(code: str) -> dict[str, tuple[object, ...]]:
    names = {"PP41-2025": "2025", "PP41-2026": "2026", "PP41-2026-2": "2026", "PP41-2027": "open"}
    record = read_archive((DEMO / f"contest-{names[code]}.json").read_bytes())
    if code == "PP41-2026-2":
        record = second_round(record, datetime.now(UTC).date())
    return {
        one.number: (
            one.title, one.requested, one.total_cost, list(one.topics), dict(one.indicators), one.initiator,
            [(partner.inn, partner.role) for partner in one.partners],
        )
        for one in record.applications
    }  # fmt: skip


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("code", CONTESTS)
def test_columns_say_what_the_archive_says(code: str) -> None:
    stored = {
        str(one.number): (
            one.title, one.requested, one.total_cost, one.topics,
            {name: Decimal(value) for name, value in one.indicators.items()}, one.initiator and one.initiator.inn,
            [(partner.organisation.inn, partner.role) for partner in one.partners],
        )
        for one in applications(code)
    }  # fmt: skip
    wanted = archived(code)
    assert {number: stored[number] for number in wanted} == wanted


@pytest.mark.usefixtures("demo")
def test_every_contest_has_the_full_form_published_and_the_coming_one_has_it_in_its_draft() -> None:
    found = {one.code: form_in_force(one) for one in db.session.scalars(select(Contest))}
    whole = (1, 0, True)
    assert {code: (one.number, one.revision, one.form == FORM) for code, one in found.items()} == dict.fromkeys(
        (*CONTESTS, "PP41-2028", "PROBA-PP41-2028"), whole
    )


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("code", CONTESTS)
def test_what_was_submitted_answers_everything_but_papers_that_the_demonstration_has_not(code: str) -> None:
    """Of most applications it has one paper, of those of 2025 none."""
    papers = {field.code for field in FORM.fields() if field.kind is FieldKind.FILE}
    for one in applications(code):
        if one.status == "draft":
            continue
        check = check_application(db.session, one, one.submitted_at or datetime.now(UTC))
        assert [found for found in check.findings if found.path not in papers] == [], one.number
        assert set(check.sections) == {section.code for section in FORM.sections} - {"documents"}


@pytest.mark.usefixtures("demo")
def test_what_the_team_submitted_is_kept_by_the_full_form_with_all_its_papers() -> None:
    one = next(item for item in applications("PP41-2027") if item.receipt_sha256)
    check, kept = check_application(db.session, one, datetime.now(UTC)), last_submitted(db.session, one)
    assert (check.findings, kept.form.form, kept.answers) == ((), FORM, check.answers)


def test_an_expert_reads_what_no_criterion_is_scored_by() -> None:
    begun = select(Review.id).join(Review.expert).where(Expert.email == EXPERT.email, Review.status == "accepted")
    with demo_app() as app:
        with app.app_context():
            sheet = db.session.scalars(begun).one()
        client = app.test_client()
        client.set_cookie("judging", cookie_of(app, EXPERT.email))
        text = client.get(f"/reviews/{sheet}").text
    names = ("npv", "irr", "import_before", "import_after", "products", "sources", "buyers", "risks")
    labels = {name: next(one.label for one in FORM.fields() if one.code == name) for name in names}
    assert [name for name, label in labels.items() if label not in text] == []


@pytest.mark.usefixtures("demo")
def test_the_draft_is_half_filled_and_has_faults_to_look_at() -> None:
    (draft,) = (item for item in applications("PP41-2027") if item.status == "draft")
    check = check_application(db.session, draft, datetime.now(UTC))
    begun = ("applicant", "participants", "project", "finance")
    assert sorted(check.sections) == sorted(begun)
    assert [(one.path, one.check) for one in check.findings if one.section in begun] == [
        ("initiator_address", ""), ("contact_name", ""), ("contact_phone", ""), ("contact_email", ""),
        ("summary", ""), ("functional_map_position", ""), ("products[2].okpd2", ""), ("stages[2].cost", ""),
        ("stages[4].till", "inside"), ("requested", "half"), ("sources", "years_own"),
    ]  # fmt: skip


@pytest.mark.usefixtures("demo")
def test_answers_are_kept_as_the_pages_keep_them() -> None:
    """Nothing stored is lost when it is read."""
    for code, known in ((section.code, section) for section in FORM.sections):
        rows = db.session.scalars(select(ApplicationSection).where(ApplicationSection.code == code))
        for row in rows:
            one = db.session.get_one(Application, row.application_id)
            stored = stored_sections(db.session, one.id)[code]
            assert set(section_answers(one, known, stored)) == set(row.answers), (one.number, code)
    assert db.session.scalar(select(func.count()).select_from(ApplicationSection)) == 100 * 8 + 4


@pytest.mark.usefixtures("demo")
def test_an_application_gets_the_same_answers_each_time_and_others_get_others() -> None:
    first, second = applications("PP41-2026")[3:5]
    day = datetime(2026, 9, 1, tzinfo=UTC).date()
    made = [full_answers(subject_of(one, str(one.number), day=day)) for one in (first, first, second)]
    assert made[0] == made[1]
    assert [code for code in made[0] if made[0][code] == made[2][code]] == []


def test_parts_come_to_the_whole() -> None:
    assert parts(123_456_789_01, [1, 2, 1]) == [30_860_000_00, 61_720_000_00, 30_876_789_01]


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("code", CONTESTS)
def test_the_whole_contest_is_read_as_it_is_written(code: str) -> None:
    contest = db.session.scalars(select(Contest).filter_by(code=code)).one()
    record = whole_contest_record(db.session, contest.id)
    assert read_archive(dumps(record).encode()) == record
    assert record.contest.forms[-1].document == form_object(FORM)
    assert {len(item.submissions) for item in record.applications} == {1}
    written = {
        item.number: [file["filename"] for file in item.submissions[0].document["documents"]]
        for item in record.applications
    }
    stored = {str(one.number): [file.filename for file in one.documents] for one in applications(code)}
    assert written == {number: stored[number] for number in written}
