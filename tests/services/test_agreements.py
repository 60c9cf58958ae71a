"""Agreements of experts: drafts, frozen versions, what an acceptance keeps, and who is asked anew."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.domain.access import CONSOLE, Actor, By
from judging.domain.agreements import Agreement as Words
from judging.domain.agreements import agreement_hash
from judging.domain.errors import Refused
from judging.domain.gates import GateClosed
from judging.domain.lifecycle import NotPossible, ReasonMissing
from judging.models import Agreement, AgreementAcceptance, AgreementVersion, Contest, Expert, JournalRecord
from judging.queries import agreements as queries
from judging.queries.contest_settings import settings_of_contest
from judging.queries.scopes import application_scope, review_scope
from judging.services import agreements as services
from judging.services.concurrency import Stale
from judging.services.contest_settings import ContestCopy, SettingsChange, apply_settings, assess_settings, copy_contest
from judging.services.contests import publish_contest
from judging.services.rehearsals.acts import next_review
from judging.services.trials import create_trial
from tests import factories
from tests.factories import MOMENT

BY = By(CONSOLE, MOMENT)
SECRECY = Words("secrecy", "О конфиденциальности", "Эксперт **не разглашает** сведения.", "Secrecy", "Keep it.")
DATA = Words("data", "О персональных данных", "Согласен.")


def added(session: Session, contest: Contest, words: Words = SECRECY) -> Agreement:
    row = services.add_agreement(session, contest.id, services.AgreementChange(words), by=BY)
    session.flush()
    return row


def forced(session: Session, contest: Contest, words: Words = SECRECY) -> Agreement:
    row = added(session, contest, words)
    services.force_agreement(session, row, version=row.version, by=BY)
    session.flush()
    return row


def changed(session: Session, row: Agreement, words: Words, reason: str = "") -> Agreement:
    services.change_agreement(session, row, services.AgreementChange(words, row.version, reason), by=BY)
    session.flush()
    return row


def by_expert(expert: Expert, **values: Any) -> By:
    return By(Actor(expert.user_id, expert.name, expert_ids=frozenset({expert.id})), MOMENT, "192.0.2.7", **values)


def accept(session: Session, expert: Expert, *words: Words) -> services.Accepted:
    ticked = {one.code: agreement_hash(one) for one in words}
    done = services.accept_agreements(session, expert, ticked, by=by_expert(expert))
    session.flush()
    return done


def journal(session: Session, event: str = "contest.agreements_changed") -> list[Mapping[str, Any]]:
    session.flush()
    rows = select(JournalRecord.details).where(JournalRecord.event == event).order_by(JournalRecord.id)
    return list(session.scalars(rows))


def versions(session: Session) -> list[tuple[int, str, str, str]]:
    session.flush()
    rows = session.scalars(select(AgreementVersion).order_by(AgreementVersion.id))
    return [(row.number, row.text, row.sha256, row.reason) for row in rows]


def agreed(session: Session, expert: Expert, review_id: int) -> bool:
    actor = Actor(expert.user_id, expert.name, expert_ids=frozenset({expert.id}))
    scope = review_scope(session, actor, review_id=review_id)
    assert scope is not None
    return scope.agreed


def test_a_draft_changes_freely_and_is_asked_of_nobody(session: Session) -> None:
    contest = factories.contest(session)
    expert = factories.expert(session, contest)
    review = factories.review(session, expert, factories.application(session, contest))
    row = added(session, contest)
    shorter = replace(SECRECY, text="Короче.")
    changed(session, row, shorter)
    assert (row.number, row.text, versions(session), agreed(session, expert, review.id)) == (0, "Короче.", [], True)
    hashes = agreement_hash(SECRECY), agreement_hash(shorter)
    title = "О конфиденциальности"
    assert journal(session) == [
        {"agreement": "secrecy", "title": title, "sha256": [None, hashes[0]]},
        {"agreement": "secrecy", "title": title, "sha256": [*hashes]},
    ]


def test_in_force_a_text_is_frozen_and_another_one_is_the_next_version_with_a_reason(session: Session) -> None:
    row = forced(session, factories.contest(session))
    with pytest.raises(ReasonMissing):
        changed(session, row, replace(SECRECY, text="Иначе."))
    session.refresh(row)
    changed(session, row, SECRECY, "Ничего не изменилось")
    changed(session, row, replace(SECRECY, text="Иначе."), " Уточнён срок ")
    other = replace(SECRECY, text="Иначе.")
    assert versions(session) == [
        (1, SECRECY.text, agreement_hash(SECRECY), ""),
        (2, "Иначе.", agreement_hash(other), "Уточнён срок"),
    ]
    assert (row.number, journal(session)[1:]) == (2, [
        {"agreement": "secrecy", "title": row.title, "version": [None, 1], "sha256": agreement_hash(SECRECY)},
        {
            "agreement": "secrecy", "title": row.title, "version": [1, 2], "reason": "Уточнён срок",
            "sha256": [agreement_hash(SECRECY), agreement_hash(other)],
        },
    ])  # fmt: skip


def test_a_form_filled_from_an_older_text_replaces_nothing(session: Session) -> None:
    row = forced(session, factories.contest(session))
    before = row.version
    changed(session, row, replace(SECRECY, text="Иначе."), "Уточнение")
    change = services.AgreementChange(replace(SECRECY, text="Третье."), before, "Ещё")
    with pytest.raises(Stale):
        services.change_agreement(session, row, change, by=BY)
    assert len(versions(session)) == 2


def test_everything_wrong_with_a_text_is_named(session: Session) -> None:
    contest = factories.contest(session)
    added(session, contest)
    with pytest.raises(Refused) as refusal:
        added(session, contest, Words("секрет", " ", ""))
    assert [(one.path, one.message) for one in refusal.value.faults] == [
        ("code", "Latin letters, digits, full stops, hyphens, underscores"),
        ("title", "The title is empty"),
        ("text", "The text is empty"),
    ]
    with pytest.raises(Refused) as repeated:
        added(session, contest)
    assert [(one.path, one.message) for one in repeated.value.faults] == [("code", "The code %(code)s is used twice")]


def test_an_acceptance_keeps_who_which_version_its_hash_when_and_from_where_once(session: Session) -> None:
    contest = factories.contest(session)
    expert = factories.expert(session, contest)
    row = forced(session, contest)
    assert accept(session, expert, SECRECY) == services.Accepted(("secrecy",), True)
    assert accept(session, expert, SECRECY) == services.Accepted((), True)
    kept = session.scalars(select(AgreementAcceptance)).one()
    sha256 = agreement_hash(SECRECY)
    assert (kept.expert_id, kept.agreement_id, kept.number, kept.sha256, kept.at, kept.user_id, kept.address) == (
        expert.id, row.id, 1, sha256, MOMENT, expert.user_id, "192.0.2.7",
    )  # fmt: skip
    assert journal(session, "agreement.accepted") == [{"agreement": "secrecy", "version": 1, "sha256": sha256}]


def test_each_text_is_accepted_apart_and_the_way_opens_with_the_last(session: Session) -> None:
    contest = factories.contest(session)
    expert = factories.expert(session, contest)
    application = factories.application(session, contest)
    review = factories.review(session, expert, application, "accepted")
    forced(session, contest)
    forced(session, contest, DATA)
    found = [agreed(session, expert, review.id)]
    with pytest.raises(services.NothingAccepted):
        accept(session, expert)
    assert accept(session, expert, DATA) == services.Accepted(("data",), False)
    found.append(agreed(session, expert, review.id))
    accept(session, expert, SECRECY)
    found.append(agreed(session, expert, review.id))
    actor = by_expert(expert).actor
    scope = application_scope(session, actor, application_id=application.id)
    assert (found, scope and scope.agreed) == ([False, False, True], True)


def test_a_text_that_changed_after_it_was_read_is_not_accepted(session: Session) -> None:
    contest = factories.contest(session)
    expert = factories.expert(session, contest)
    row = forced(session, contest)
    forced(session, contest, DATA)
    changed(session, row, replace(SECRECY, text="Иначе."), "Уточнение")
    with pytest.raises(services.TextChanged) as refusal:
        accept(session, expert, SECRECY, DATA)
    assert (refusal.value.codes, session.scalars(select(AgreementAcceptance)).all()) == ({"secrecy"}, [])


def test_a_new_version_is_asked_anew_and_a_withdrawn_one_no_more(session: Session) -> None:
    contest = factories.contest(session)
    expert = factories.expert(session, contest)
    review = factories.review(session, expert, factories.application(session, contest), "submitted")
    row = forced(session, contest)
    accept(session, expert, SECRECY)
    changed(session, row, replace(SECRECY, text="Иначе."), "Уточнение")
    line = queries.lines_of(session, contest.id, [expert.id])[expert.id]
    assert (agreed(session, expert, review.id), line) == (
        False, [queries.Line("secrecy", SECRECY.title, 2, 1, MOMENT)],
    )  # fmt: skip
    services.withdraw_agreement(session, row, "Не нужно", version=row.version, by=BY)
    session.flush()
    assert (agreed(session, expert, review.id), queries.lines_of(session, contest.id, [expert.id])) == (True, {})
    assert len(session.scalars(select(AgreementAcceptance)).all()) == 1
    changed(session, row, replace(SECRECY, text="Снова."), "Снова нужно")
    assert (row.withdrawn_at, row.number, agreed(session, expert, review.id)) == (None, 3, False)


def test_another_contest_and_another_expert_are_not_concerned(session: Session) -> None:
    contest, other = factories.contest(session), factories.contest(session)
    expert, colleague = factories.expert(session, contest), factories.expert(session, contest)
    elsewhere = factories.expert(session, other)
    reviews = [
        factories.review(session, one, factories.application(session, where), "accepted")
        for one, where in ((expert, contest), (colleague, contest), (elsewhere, other))
    ]
    forced(session, contest)
    accept(session, colleague, SECRECY)
    people = (expert, colleague, elsewhere)
    assert [agreed(session, one, review.id) for one, review in zip(people, reviews, strict=True)] == [False, True, True]
    found = [queries.asked_contests(session, [one.id]) for one in people]
    assert found == [{contest.code: True}, {contest.code: False}, {}]


def test_the_drafts_of_a_draft_contest_come_into_force_with_its_publication(session: Session) -> None:
    opens = MOMENT + timedelta(days=5)
    contest = factories.contest(
        session, status="draft", published_at=None, applications_open=opens,
        applications_close=opens + timedelta(days=30), review_close=opens + timedelta(days=60),
    )  # fmt: skip
    row = added(session, contest)
    with pytest.raises(GateClosed) as refusal:
        services.force_agreement(session, row, version=row.version, by=BY)
    assert str(refusal.value) == "The agreements come into force when the contest is published."
    publish_contest(session, contest.id, version=contest.version, by=BY)
    session.flush()
    assert versions(session) == [(1, SECRECY.text, agreement_hash(SECRECY), "")]


def test_a_draft_is_removed_and_what_was_in_force_only_withdrawn(session: Session) -> None:
    contest = factories.contest(session)
    row = added(session, contest)
    services.remove_agreement(session, row, version=row.version, by=BY)
    session.flush()
    assert queries.of_contest(session, contest.id) == []
    row = forced(session, contest)
    with pytest.raises(NotPossible):
        services.remove_agreement(session, row, version=row.version, by=BY)
    with pytest.raises(ReasonMissing):
        services.withdraw_agreement(session, row, " ", version=row.version, by=BY)
    assert queries.of_contest(session, contest.id) == [row]


@pytest.mark.parametrize("status", ["ranking_frozen", "approved", "results_published", "cancelled"])
def test_once_the_ranking_is_made_up_no_text_changes_and_acceptances_go_on(session: Session, status: str) -> None:
    contest = factories.contest(session)
    expert = factories.expert(session, contest)
    row = forced(session, contest)
    contest.status = status
    session.flush()
    with pytest.raises(GateClosed):
        changed(session, row, replace(SECRECY, text="Иначе."), "Уточнение")
    session.refresh(row)
    assert accept(session, expert, SECRECY).whole


def test_a_copied_contest_and_a_trial_begin_with_the_texts_as_drafts(session: Session) -> None:
    contest = factories.contest(session)
    forced(session, contest)
    accept(session, factories.expert(session, contest), SECRECY)
    gone = forced(session, contest, DATA)
    services.withdraw_agreement(session, gone, "Не нужно", version=gone.version, by=BY)
    copy = copy_contest(session, contest.id, ContestCopy("COPY-2", MOMENT + timedelta(days=400)), by=BY)
    trial = create_trial(session, contest.id, by=BY)
    session.flush()
    for made in (copy, trial):
        rows = queries.of_contest(session, made.id)
        assert [(row.number, queries.value_of(row, row.code)) for row in rows] == [(0, SECRECY)]
    assert len(session.scalars(select(AgreementAcceptance)).all()) == 1


def put(session: Session, contest: Contest, *words: Words, reason: str = "") -> None:
    session.flush()
    session.expire_all()
    settings = replace(settings_of_contest(session, contest), agreements=words)
    seen = assess_settings(session, contest, settings, MOMENT).seen
    apply_settings(session, contest.id, SettingsChange(settings, seen, reason), by=BY)
    session.flush()
    session.expire_all()
    assert settings_of_contest(session, contest).agreements == words


def test_a_file_of_settings_puts_the_texts_of_a_draft_in_place(session: Session) -> None:
    contest = factories.contest(session, status="draft", published_at=None)
    put(session, contest, SECRECY, DATA)
    put(session, contest, DATA, replace(SECRECY, text="Иначе."))
    put(session, contest, DATA)
    assert ([row.code for row in queries.of_contest(session, contest.id)], versions(session)) == (["data"], [])


def test_in_a_published_contest_a_file_puts_texts_in_force_with_a_reason(session: Session) -> None:
    contest = factories.contest(session)
    row = forced(session, contest)
    with pytest.raises(ReasonMissing):
        put(session, contest, DATA)
    session.expire_all()
    put(session, contest, DATA, replace(SECRECY, text="Иначе."), reason="Новый порядок")
    put(session, contest, DATA, reason="Не нужно")
    assert [(number, reason) for number, _, _, reason in versions(session)] == [
        (1, ""), (2, "Новый порядок"), (1, ""),
    ]  # fmt: skip
    session.refresh(row)
    assert (row.withdrawn_at, [one.code for one in queries.kept(session, contest.id)]) == (MOMENT, ["data"])


def test_the_expert_of_a_rehearsal_accepts_before_the_first_task(session: Session) -> None:
    contest = factories.contest(session, code="PROBA-X", trial=True)
    expert = factories.expert(session, contest, user=None)
    review = factories.review(session, expert, factories.application(session, contest), "assigned")
    forced(session, contest)
    assert next_review(session, contest.id, by=BY)
    session.flush()
    kept = session.scalars(select(AgreementAcceptance)).one()
    session.refresh(review)
    assert (kept.expert_id, kept.user_id, review.status) == (expert.id, None, "submitted")
