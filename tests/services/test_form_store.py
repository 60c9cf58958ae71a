"""A contest's form is changed freely before publication, and later as far as the kind of the change allows."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.adapters.forms import form_object
from judging.domain.access import CONSOLE, By
from judging.domain.canonical import digest
from judging.domain.errors import Refused
from judging.domain.forms.form import ApplicationForm, Field, FieldKind
from judging.domain.lifecycle import NotPossible, ReasonMissing
from judging.domain.rubric import computed_criteria
from judging.models import Contest, FormVersion, JournalRecord
from judging.queries.contests import criteria_of
from judging.queries.forms import form_in_force, form_of, versions_of
from judging.queries.submissions import last_submitted
from judging.services.concurrency import Stale
from judging.services.contests import publication_faults
from judging.services.forms.form_store import FormChange, TooLate, change_form
from tests import factories
from tests.factories import MOMENT
from tests.forms import sample
from tests.services.test_returns import offences, submitted_one

BEFORE, WHILE, AFTER = (MOMENT + timedelta(days=days) for days in (-400, 0, 400))


def reworded(form: ApplicationForm, code: str, **changes: Any) -> ApplicationForm:
    """The form with one field changed."""
    return replace(
        form,
        sections=tuple(
            replace(part, fields=tuple(replace(one, **changes) if one.code == code else one for one in part.fields))
            for part in form.sections
        ),
    )


def put(session: Session, contest: Contest, form: ApplicationForm, reason: str = "", now: Any = WHILE) -> Any:
    change = FormChange(form, contest.version, reason)
    return change_form(session, contest.id, change, by=By(CONSOLE, now))


def numbers(session: Session, contest: Contest) -> list[tuple[int, int, bool]]:
    return [(one.number, one.revision, one.published_at is not None) for one in versions_of(session, contest.id)]


def test_a_contest_without_a_form_of_its_own_has_the_one_of_its_settings(session: Session) -> None:
    contest = factories.contest(session)
    known = form_in_force(contest)
    assert (known.number, known.revision, known.sha256) == (None, None, digest(form_object(form_of(contest))))
    assert numbers(session, contest) == []


def test_a_draft_contest_takes_any_form_and_its_settings_follow(session: Session) -> None:
    contest = factories.contest(session, status="draft")
    put(session, contest, sample().form)
    row = put(session, contest, reworded(sample().form, "title", label="Название", most=250))
    session.flush()
    assert numbers(session, contest) == [(1, 0, False)]
    assert row.sha256 == digest(row.document) == form_in_force(contest).sha256
    assert form_of(contest) == reworded(sample().form, "title", label="Название", most=250)
    assert [one["code"] for one in contest.document_slots] == [
        one.code for one in sample().form.fields() if one.kind == "file"
    ]
    assert [one["code"] for one in contest.partner_roles] == ["maker"]
    assert "jobs" in [one["code"] for one in contest.indicators]


def test_the_same_form_again_changes_nothing(session: Session) -> None:
    contest = factories.contest(session, status="draft")
    put(session, contest, sample().form)
    assert put(session, contest, sample().form) is None
    events = session.scalars(select(JournalRecord.event).where(JournalRecord.event == "contest.form_changed")).all()
    assert len(events) == 1


def test_a_form_that_cannot_be_used_is_refused_with_every_fault(session: Session) -> None:
    contest = factories.contest(session, status="draft")
    broken = reworded(sample().form, "jobs", shown_when="ends_on > 5", required="nowhere")
    with pytest.raises(Refused) as refused:
        put(session, contest, broken)
    assert len(refused.value.faults) == 2
    assert numbers(session, contest) == []


def test_words_change_always_with_a_reason_as_a_revision(session: Session) -> None:
    contest = factories.contest(session)
    put(session, contest, reworded(form_of(contest), "title", label="Имя"), "Опечатка", AFTER)
    put(session, contest, reworded(form_of(contest), "title", label="Имя проекта"), "Снова", AFTER)
    assert numbers(session, contest) == [(1, 2, True), (1, 1, True), (1, 0, True)]
    with pytest.raises(ReasonMissing):
        put(session, contest, reworded(form_of(contest), "title", label="Без причины"), now=AFTER)


def test_looser_rules_come_before_the_close(session: Session) -> None:
    contest = factories.contest(session)
    put(session, contest, reworded(form_of(contest), "title", label="Имя"), "Слова")
    row = put(session, contest, reworded(form_of(contest), "title", most=1000), "Мало места")
    assert (row.number, row.revision, row.note) == (2, 0, "Мало места")
    with pytest.raises(TooLate) as late:
        put(session, contest, reworded(form_of(contest), "title", most=2000), "Мало места", AFTER)
    assert [change.path for change in late.value.changes] == ["passport.title.most"]


def test_tighter_rules_and_consents_come_before_acceptance(session: Session) -> None:
    contest = factories.contest(session)
    tighter = reworded(form_of(contest), "title", most=10)
    consent = reworded(form_of(contest), "consent_truth", text="Другой текст.")
    for form in (tighter, consent):
        with pytest.raises(TooLate):
            put(session, contest, form, "Так надо")
    row = put(session, contest, tighter, "Так надо", BEFORE)
    assert (row.number, row.revision) == (2, 0)


def test_nothing_changes_once_the_ranking_is_made_up(session: Session) -> None:
    contest = factories.contest(session, status="ranking_frozen")
    with pytest.raises(NotPossible):
        put(session, contest, reworded(form_of(contest), "title", label="Имя"), "Опечатка")


def test_who_looked_at_an_older_contest_is_told(session: Session) -> None:
    contest = factories.contest(session, status="draft")
    with pytest.raises(Stale):
        change_form(session, contest.id, FormChange(sample().form, contest.version + 1), by=By(CONSOLE, MOMENT))


def test_the_record_says_what_changed_and_why(session: Session) -> None:
    contest = factories.contest(session)
    put(session, contest, reworded(form_of(contest), "title", most=1000), "Мало места")
    record = session.scalars(select(JournalRecord).where(JournalRecord.event == "contest.form_changed")).one()
    assert record.details == {
        "form_version": "2.0", "kind_of_change": "looser", "changes": ["passport.title.most"], "reason": "Мало места",
    }  # fmt: skip
    assert session.scalars(select(FormVersion.note).order_by(FormVersion.id)).all() == ["", "Мало места"]


def test_a_criterion_without_a_figure_in_every_application_stands_in_the_way_of_publication(session: Session) -> None:
    contest = factories.contest(session, status="draft", published_at=None)
    code = computed_criteria(criteria_of(contest))[0].indicator
    asked = form_of(contest)
    home = asked.section_of(code)
    assert home is not None
    assert publication_faults(session, contest, BEFORE) == ()
    lacking = replace(home, fields=tuple(one for one in home.fields if one.code != code))
    optional = Field(code, FieldKind.NUMBER, "Показатель", shown_when="cap > 5 ₽")
    for section, paths in (
        (lacking, {"criteria"}),
        (replace(lacking, fields=(*lacking.fields, optional)), {f"form.field:{code}"}),
    ):
        form = replace(asked, sections=tuple(section if one is home else one for one in asked.sections))
        form = replace(form, checks=tuple(one for one in form.checks if code not in (one.at, one.rule)))
        put(session, contest, form)
        faults = publication_faults(session, contest, BEFORE)
        assert {fault.path.partition("[")[0] for fault in faults} == paths


def test_a_changed_form_reaches_drafts_and_leaves_what_was_submitted(session: Session) -> None:
    """A typo is mended and a limit raised while applications come in."""
    application = submitted_one(session)
    contest = application.contest
    receipt, before = application.receipt_sha256, last_submitted(session, application)
    put(session, contest, reworded(form_of(contest), "title", label="Название"), "Опечатка", now=MOMENT)
    put(session, contest, reworded(form_of(contest), "title", most=1000), "Мало места", now=MOMENT)
    in_force = form_of(contest).field("title")
    assert in_force is not None
    assert (in_force.label, in_force.most) == ("Название", 1000)
    after = last_submitted(session, application)
    assert (after.form.form, after.document) == (before.form.form, before.document)
    assert (application.receipt_sha256, offences(session)) == (receipt, [])
