"""Who is written to about a change of a form, and what the letters say."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.domain.access import CONSOLE, By
from judging.domain.forms.form import ApplicationForm, Point
from judging.domain.trials import SUBJECT_MARK
from judging.models import Contest, Job, JournalRecord, Letter
from judging.queries.form_readers import teams_concerned
from judging.queries.forms import form_of
from judging.services.forms.change_letters import MOST_LINES, NOTHING_TOLD, Telling, changed_parts
from judging.services.forms.form_store import FormChange, TooLate, change_form
from tests import factories
from tests.services.test_form_store import AFTER, BEFORE, WHILE, reworded

SITE = "https://konkurs.example.org"
TELLING = Telling(SITE, {"ru": ["«Паспорт», не длиннее: 300 → 1000"], "en": ["Longer"]})


def put(session: Session, contest: Contest, form: ApplicationForm, telling: Telling = TELLING, now: Any = WHILE) -> Any:
    change = FormChange(form, contest.version, "Мало места", telling)
    row = change_form(session, contest.id, change, by=By(CONSOLE, now))
    session.flush()
    return row


def looser(contest: Contest, most: int = 1000) -> ApplicationForm:
    return reworded(form_of(contest), "title", most=most)


def letters(session: Session) -> list[Letter]:
    return list(session.scalars(select(Letter).order_by(Letter.id)))


def teams(session: Session, contest: Contest) -> dict[str, int]:
    """Applications of several teams: by what they are, their ids."""
    ids = {}
    for status in ("draft", "submitted", "admitted", "rejected", "withdrawn"):
        group = factories.team(session, factories.user(session, email=f"{status}-{contest.id}@example.org"))
        application = factories.application(session, contest, factories.cluster(session, contest, group), status)
        ids[status] = application.id
    return ids


def test_every_team_with_a_draft_or_a_submission_gets_one_letter(session: Session) -> None:
    contest = factories.contest(session)
    ids, other = teams(session, contest), factories.contest(session)
    factories.application(session, other, factories.cluster(session, other, factories.team(session)), "draft")
    assert teams_concerned(session, contest) == 3
    put(session, contest, looser(contest))
    sent = letters(session)
    assert [one.recipient for one in sent] == [
        f"{one}-{contest.id}@example.org" for one in ("draft", "submitted", "admitted")
    ]
    assert {one.contest_id for one in sent} == {contest.id}
    assert sent[0].subject == "Форма заявки конкурса «Конкурс совместных проектов» изменилась"
    assert sent[0].body == (
        "Форма заявки конкурса «Конкурс совместных проектов» изменилась.\n\nЧто изменилось:\n"
        "– «Паспорт», не длиннее: 300 → 1000\n\nПричина: Мало места\n\n"
        "Черновики уже следуют новой форме. Поданная заявка остаётся при той редакции формы, по которой подана.\n\n"
        f"Ваша заявка: {SITE}/applications/{ids['draft']}"
    )
    assert len(session.scalars(select(Job).where(Job.kind == "letters")).all()) == 3
    record = session.scalars(select(JournalRecord).where(JournalRecord.event == "contest.form_changed")).one()
    assert record.details["teams"] == 3


def test_each_change_has_a_letter_of_its_own_and_words_have_none(session: Session) -> None:
    contest = factories.contest(session)
    teams(session, contest)
    put(session, contest, reworded(form_of(contest), "title", label="Название"))
    assert letters(session) == []
    put(session, contest, looser(contest))
    put(session, contest, looser(contest, 2000))
    assert len({one.key for one in letters(session)}) == len(letters(session)) == 6


def test_a_person_reads_in_their_language_once_whatever_their_teams_have(session: Session) -> None:
    contest = factories.contest(session)
    person, idle = factories.user(session, locale="en"), factories.user(session, active=False)
    keys = []
    for _ in range(2):
        group = factories.team(session, person, idle)
        keys.append(factories.application(session, contest, factories.cluster(session, contest, group), "draft").id)
    put(session, contest, looser(contest))
    (letter,) = letters(session)
    assert letter.recipient == person.email
    assert letter.body == (
        "The application form of the contest “Конкурс совместных проектов” has changed.\n\nWhat has changed:\n"
        "– Longer\n\nReason: Мало места\n\nDrafts follow the form as it is now. What was submitted keeps the version "
        f"that it answered.\n\nYour application: {SITE}/applications/{keys[0]}\n{SITE}/applications/{keys[1]}"
    )


def test_a_tighter_change_before_acceptance_is_told_and_one_that_is_refused_is_not(session: Session) -> None:
    contest = factories.contest(session)
    teams(session, contest)
    put(session, contest, looser(contest, 10), now=BEFORE)
    assert len(letters(session)) == 3
    with pytest.raises(TooLate):
        put(session, contest, looser(contest, 20), now=AFTER)
    assert len(letters(session)) == 3


def test_nobody_is_told_of_a_draft_contest_or_of_the_points_of_the_formal_check(session: Session) -> None:
    draft, contest = factories.contest(session, status="draft"), factories.contest(session)
    for one in (draft, contest):
        teams(session, one)
    put(session, draft, looser(draft))
    put(session, contest, replace(form_of(contest), checklist=(Point("К1", "Печать"),)), now=BEFORE)
    assert letters(session) == []


def test_where_no_lines_are_given_the_parts_are_named(session: Session) -> None:
    contest = factories.contest(session)
    teams(session, contest)
    before = form_of(contest)
    put(session, contest, reworded(looser(contest), "goal", label="Цели"), NOTHING_TOLD)
    body = letters(session)[0].body
    assert "– «Паспорт проекта» → «Название проекта»\n– «Паспорт проекта» → «Цели»\n" in body
    assert changed_parts((), before, before) == []


def test_a_long_difference_is_cut(session: Session) -> None:
    contest = factories.contest(session)
    teams(session, contest)
    put(session, contest, looser(contest), Telling(SITE, {"ru": [f"Строка {n}" for n in range(MOST_LINES + 2)]}))
    lines = [line for line in letters(session)[0].body.split("\n") if line.startswith(("– ", "и "))]
    assert (len(lines), lines[-1]) == (MOST_LINES + 1, "и ещё 2")


def test_in_a_trial_letters_are_kept_and_none_is_to_be_sent(session: Session) -> None:
    contest = factories.contest(session, trial=True)
    factories.application(session, contest, status="submitted", contact_email="team-01@proba.example.org")
    assert teams_concerned(session, contest) == 1
    put(session, contest, looser(contest))
    assert [(one.recipient, one.subject.startswith(SUBJECT_MARK)) for one in letters(session)] == [
        ("team-01@proba.example.org", True)
    ]
    assert session.scalars(select(Job).where(Job.kind == "letters")).all() == []
