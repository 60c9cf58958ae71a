"""More time for one application or one expert: who gets it, what it opens, how it is taken back."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.domain.access import CONSOLE, By
from judging.domain.errors import Refused
from judging.domain.forms.checklist import Outcome
from judging.domain.gates import GateClosed
from judging.domain.lifecycle import NotPossible, ReasonMissing
from judging.domain.milestones import Code
from judging.domain.stages import NotOpen
from judging.models import Application, Contest, Expert, Extension, JournalRecord, Letter, Review
from judging.queries import extensions as queries
from judging.queries.applications import of_teams
from judging.queries.checklists import hints_of
from judging.queries.invariants import INVARIANTS
from judging.queries.milestones import changes
from judging.queries.scoring import own_tasks
from judging.services import assignment, milestones, rankings
from judging.services.applications.application_submit import submit_application
from judging.services.scoring import declare_no_conflict, return_review, submit_review
from tests import factories
from tests.factories import MOMENT
from tests.services.test_applications import whole_draft

BY = By(CONSOLE, MOMENT)
MILLISECOND = timedelta(milliseconds=1)
FULL_SHEET = {"scores": {f"E{n}": "7" for n in range(1, 7)}, "recommendation": "support"}
Act = Callable[[Session, Any, datetime], None]


def submit(session: Session, application: Application, at: datetime) -> None:
    submit_application(session, application.id, version=application.version, by=By(CONSOLE, at))


def hand_in(session: Session, review: Review, at: datetime) -> None:
    submit_review(session, review, version=review.version, by=By(CONSOLE, at))


def declare(session: Session, review: Review, at: datetime) -> None:
    declare_no_conflict(session, review, by=By(CONSOLE, at))


def judged(session: Session, status: str = "accepted", contest: Contest | None = None, **values: Any) -> Review:
    contest = contest or factories.contest(session)
    values = FULL_SHEET | values if status == "accepted" else values
    return factories.review(
        session, factories.expert(session, contest), factories.application(session, contest), status, **values
    )


def more_time(session: Session, subject: Application | Expert, until: datetime, by: By = BY) -> Extension:
    wanted = milestones.ExtensionRequest(until, " Сбой связи ")
    act = milestones.extend_application if isinstance(subject, Application) else milestones.extend_expert
    extension = act(session, subject.id, wanted, by=by)
    session.flush()
    return extension


def taken(session: Session, act: Act, subject: Any, at: datetime) -> bool:
    """Whether it is taken at an instant; nothing of it stays."""
    with session.begin_nested() as attempt:
        try:
            act(session, subject, at)
        except NotOpen:
            return False
        finally:
            session.flush()
            attempt.rollback()
            session.expire_all()
    return True


@pytest.mark.parametrize("act", [submit, hand_in, declare])
@pytest.mark.parametrize("soft", [False, True], ids=["", "soft"])
@pytest.mark.parametrize("extended", [False, True], ids=["", "extended"])
def test_every_window_opens_and_closes_to_the_millisecond(
    session: Session, act: Act, soft: bool, extended: bool
) -> None:
    subject: Any = (
        whole_draft(session) if act is submit else judged(session, "accepted" if act is hand_in else "assigned")
    )
    contest: Contest = subject.contest if act is submit else subject.application.contest
    close = contest.applications_close if act is submit else contest.review_close
    until = close + timedelta(days=2)
    if soft:
        code = "applications_soft" if act is submit else "review_soft"
        factories.milestone(session, contest, code, at=close - timedelta(days=1))
    if extended:
        more_time(session, subject if act is submit else subject.expert, until)
        other: Any = whole_draft(session, contest) if act is submit else judged(session, subject.status, contest)
        assert (taken(session, act, other, close - MILLISECOND), taken(session, act, other, close)) == (True, False)
    end, opens = until if extended else close, contest.applications_open
    edges = (opens - MILLISECOND, opens, end - MILLISECOND, end, end + MILLISECOND)
    assert [taken(session, act, subject, at) for at in edges] == [False, True, True, False, False]


@pytest.mark.parametrize(
    ("soft", "extended", "marks"),
    [
        (False, False, [None, None, None]),
        (True, False, [None, "soft", "soft"]),
        (False, True, [None, None, None, "extension", "extension"]),
        (True, True, [None, "extension", "extension", "extension", "extension"]),
    ],
)
@pytest.mark.parametrize("act", [submit, hand_in])
def test_what_is_taken_after_the_announced_deadline_is_marked_late_and_keeps_its_true_instant(
    session: Session, act: Act, soft: bool, extended: bool, marks: list[str | None]
) -> None:
    contest = factories.contest(session)
    close = contest.applications_close if act is submit else contest.review_close
    announced, until = close - timedelta(days=1), close + timedelta(days=2)
    if soft:
        factories.milestone(session, contest, "applications_soft" if act is submit else "review_soft", at=announced)
    instants = [announced - MILLISECOND, announced, close - MILLISECOND, close, until - MILLISECOND]
    found = []
    for instant in instants[: len(marks)]:
        subject: Any = whole_draft(session, contest) if act is submit else judged(session, contest=contest)
        if extended:
            more_time(session, subject if act is submit else subject.expert, until)
        act(session, subject, instant)
        session.flush()
        found.append((subject.submitted_at, subject.lateness))
    assert found == list(zip(instants, marks, strict=False))
    said = [row.details.get("lateness") for row in session.scalars(select(JournalRecord).order_by(JournalRecord.id))
            if row.event in ("application.submitted", "review.submitted")]  # fmt: skip
    assert said == marks


def test_the_mark_goes_with_a_review_that_is_returned_and_the_version_keeps_its_instant(session: Session) -> None:
    review = judged(session)
    close = review.application.contest.review_close
    more_time(session, review.expert, close + timedelta(days=2))
    hand_in(session, review, close)
    session.flush()
    assert (review.lateness, review.submitted_at) == ("extension", close)
    return_review(session, review, reason="Уточните", version=review.version, by=By(CONSOLE, close))
    assert (review.lateness, review.submitted_at) == (None, None)


def test_what_is_granted_is_on_record_and_in_a_letter_that_names_who_and_why(session: Session) -> None:
    draft = whole_draft(session)
    person = factories.user(session, "secretary", name="Секретарь")
    until = draft.contest.applications_close + timedelta(days=3)
    extension = more_time(session, draft, until, By(replace(CONSOLE, user_id=person.id, name=person.name), MOMENT))
    granted = queries.of_application(session, draft.id, MOMENT)
    record, letter = session.scalars(select(JournalRecord)).one(), session.scalars(select(Letter)).one()
    assert granted == queries.Granted(until, "Сбой связи", MOMENT, "Секретарь")
    assert (record.event, record.subject_type, record.subject_id, record.subject_label, record.details) == (
        "extension.granted", "extension", extension.id, draft.cluster.name,
        {
            "milestone": "applications_close", "until": until.isoformat(), "reason": "Сбой связи",
            "application_id": draft.id,
        },
    )  # fmt: skip
    assert draft.title not in record.subject_label
    assert letter.subject == "Срок подачи вашей заявки продлён"
    assert [words in letter.body for words in ("28.03.2026 12:00 МСК", "Секретарь", "Сбой связи")] == [True] * 3


def test_an_expert_is_written_to_and_sees_the_time_in_the_list_of_tasks(session: Session) -> None:
    review = judged(session)
    contest, expert = review.application.contest, review.expert
    until = contest.review_close + timedelta(days=3)
    (before,) = own_tasks(session, [expert.id])
    more_time(session, expert, until)
    (task,) = own_tasks(session, [expert.id])
    assert task.calendar == replace(before.calendar, review_close=until)
    assert [task.overdue(at) for at in (contest.review_close, until - MILLISECOND, until)] == [False, False, True]
    assert [before.overdue(at) for at in (contest.review_close - MILLISECOND, contest.review_close)] == [False, True]
    assert queries.of_cards(session, [expert.id]) == {contest.code: queries.Granted(until, "Сбой связи", MOMENT, None)}
    assert session.scalars(select(Letter.recipient)).all() == [expert.user.email if expert.user else expert.email]


def test_a_team_is_told_of_its_time_in_the_list_of_applications(session: Session) -> None:
    draft = whole_draft(session)
    close, until = draft.contest.applications_close, draft.contest.applications_close + timedelta(days=3)
    more_time(session, draft, until)
    assert draft.team_id is not None
    (row,) = of_teams(session, [draft.team_id])
    assert (row.closes, [row.can_be_handed_in(at) for at in (close, until - MILLISECOND, until)]) == (
        until, [True, True, False],
    )  # fmt: skip


def told(session: Session, subject: Application | Expert, until: datetime, at: datetime = MOMENT) -> list[str]:
    with pytest.raises(Refused) as refused:
        more_time(session, subject, until, By(CONSOLE, at))
    return list(map(str, refused.value.faults))


def test_an_extension_is_later_than_everybodys_date_than_another_one_and_than_now(session: Session) -> None:
    draft, expert = whole_draft(session), judged(session).expert
    later = ["until: An extension must end after the date that holds for everybody"]
    assert told(session, draft, draft.contest.applications_close) == later
    assert told(session, expert, expert.contest.review_close) == later
    until = draft.contest.applications_close + timedelta(days=3)
    assert told(session, draft, until, until) == ["until: The new date must be in the future"]
    more_time(session, draft, until)
    assert told(session, draft, until) == [
        "until: There is an extension until then already: it can only be made longer"
    ]
    assert told(session, draft, draft.contest.review_close) == [
        "until: It must be before the reviews close: the experts need time for the application"
    ]
    more_time(session, draft, draft.contest.review_close - MILLISECOND)
    granted = queries.of_application(session, draft.id, MOMENT)
    assert granted is not None
    assert granted.until == draft.contest.review_close - MILLISECOND


def test_only_drafts_of_a_contest_that_goes_on_get_more_time_and_for_a_reason(session: Session) -> None:
    contest = factories.contest(session)
    submitted = factories.application(session, contest)
    until = contest.applications_close + timedelta(days=1)
    with pytest.raises(NotPossible, match="has been submitted"):
        more_time(session, submitted, until)
    draft = whole_draft(session, contest)
    with pytest.raises(ReasonMissing):
        milestones.extend_application(session, draft.id, milestones.ExtensionRequest(until, " "), by=BY)
    contest.status = "ranking_frozen"
    session.flush()
    with pytest.raises(GateClosed):
        more_time(session, draft, until)


def test_what_is_taken_back_counts_no_more_save_for_what_had_arrived(session: Session) -> None:
    draft = whole_draft(session)
    close, until = draft.contest.applications_close, draft.contest.applications_close + timedelta(days=3)
    extension, revoked = more_time(session, draft, until), close + timedelta(days=1)
    milestones.revoke_extension(session, extension, " Ошибка ", by=By(CONSOLE, revoked))
    session.flush()
    assert (extension.until, extension.revoked_at, extension.revoked_reason) == (until, revoked, "Ошибка")
    edges = (close - MILLISECOND, revoked - MILLISECOND, revoked)
    assert [taken(session, submit, draft, at) for at in edges] == [True, True, False]
    assert [row.event for row in session.scalars(select(JournalRecord).order_by(JournalRecord.id))] == [
        "extension.granted", "extension.revoked",
    ]  # fmt: skip
    assert "Продление для вашей заявки отозвано" in session.scalars(select(Letter.subject)).all()
    with pytest.raises(NotPossible, match="taken back already"):
        milestones.revoke_extension(session, extension, "x", by=By(CONSOLE, revoked))


def test_what_has_passed_or_was_used_is_not_taken_back(session: Session) -> None:
    draft, expert = whole_draft(session), judged(session).expert
    close = draft.contest.applications_close
    used = more_time(session, draft, close + timedelta(days=3))
    submit(session, draft, close)
    session.flush()
    with pytest.raises(NotPossible, match="draft no more"):
        milestones.revoke_extension(session, used, "x", by=By(CONSOLE, close))
    passed = more_time(session, expert, expert.contest.review_close + timedelta(days=1))
    with pytest.raises(NotPossible, match="has passed"):
        milestones.revoke_extension(session, passed, "x", by=By(CONSOLE, passed.until))


def test_reminders_and_new_tasks_after_the_close_go_to_those_who_have_more_time(session: Session) -> None:
    contest = factories.contest(session)
    late, extended = judged(session, "assigned", contest).expert, judged(session, "assigned", contest).expert
    factories.review(session, extended, factories.application(session, contest), "proposed")
    factories.review(session, late, factories.application(session, contest), "proposed")
    until = contest.review_close + timedelta(days=2)
    by = By(CONSOLE, contest.review_close)
    with pytest.raises(NotOpen):
        assignment.remind_experts(session, contest, by=by, tasks_url="https://x")
    more_time(session, extended, until)
    session.query(Letter).delete()
    assert assignment.remind_experts(session, contest, by=by, tasks_url="https://x").experts == 1
    assert assignment.notify_assignments(session, contest, by=by, tasks_url="https://x").experts == 1
    session.flush()
    letters = session.scalars(select(Letter)).all()
    assert {letter.recipient for letter in letters} == {extended.email}
    assert ["26.04.2026 12:00 МСК" in letter.body for letter in letters] == [True, True]
    with pytest.raises(NotOpen):
        assignment.remind_experts(session, contest, [late.id], by=by, tasks_url="https://x")
    with pytest.raises(NotOpen):
        assignment.remind_experts(session, contest, by=By(CONSOLE, until), tasks_url="https://x")


def test_a_running_extension_of_a_draft_keeps_the_ranking_from_being_frozen(session: Session) -> None:
    review = judged(session, "submitted")
    contest = review.application.contest
    draft = whole_draft(session, contest)
    until = contest.applications_close + timedelta(days=2)
    more_time(session, draft, until)
    ranking = rankings.prepare_snapshot(session, contest.id).ranking

    def names(at: datetime) -> list[tuple[str, Any]]:
        faults = rankings.blockers(session, contest, ranking, at)
        return [(fault.path, fault.params) for fault in faults if fault.path == "extensions"]

    assert (names(until - MILLISECOND), names(until)) == ([("extensions", {"count": 1})], [])
    assert queries.open_for_drafts(session, contest.id, until - MILLISECOND) == 1


def test_reviews_that_are_still_awaited_are_counted_with_their_experts(session: Session) -> None:
    contest = factories.contest(session)
    review = judged(session, "assigned", contest)
    factories.review(session, review.expert, factories.application(session, contest), "accepted")
    factories.review(session, review.expert, factories.application(session, contest), "submitted")
    judged(session, "assigned", contest)
    until = contest.review_close + timedelta(days=2)
    more_time(session, review.expert, until)
    found = [queries.still_awaited(session, contest.id, at) for at in (until - MILLISECOND, until)]
    assert found == [queries.StillAwaited(2, 1), queries.StillAwaited(0, 0)]
    assert queries.until_of_experts(session, contest.id) == {review.expert_id: until}


def test_staff_know_of_a_draft_whose_it_is_and_nothing_that_it_says(session: Session) -> None:
    draft = whole_draft(session)
    assert queries.drafts(session, draft.contest_id) == [
        queries.DraftRow(draft.id, draft.cluster.name, draft.created_at)
    ]
    assert queries.experts(session, draft.contest_id) == []


IN_TIME = ("submitted-in-time", "review-in-time")


@pytest.mark.parametrize("act", [submit, hand_in])
def test_verification_knows_of_extensions(session: Session, act: Act) -> None:
    subject: Any = whole_draft(session) if act is submit else judged(session)
    contest: Contest = subject.contest if act is submit else subject.application.contest
    close = contest.applications_close if act is submit else contest.review_close
    extension = more_time(session, subject if act is submit else subject.expert, close + timedelta(days=2))
    if act is submit:
        submit(session, subject, close + timedelta(days=1))
    else:
        person = replace(CONSOLE, user_id=subject.expert.user_id)
        submit_review(session, subject, version=subject.version, by=By(person, close + timedelta(days=1)))
    session.flush()
    code = "submitted-in-time" if act is submit else "review-in-time"
    (check,) = [one for one in INVARIANTS if one.code == code]
    assert list(check.find(session)) == []
    extension.until = close + timedelta(hours=1)
    session.flush()
    assert [offence.subject for offence in check.find(session)] == ["application" if act is submit else "review"]
    extension.until, extension.granted_at = close + timedelta(days=2), close + timedelta(days=1, hours=1)
    session.flush()
    assert len(list(check.find(session))) == 1


def test_the_times_of_everybody_and_of_one_stay_what_they_were(session: Session) -> None:
    """Nothing rewrites when an application or a review was handed in."""
    draft, review = whole_draft(session), judged(session)
    submit(session, draft, MOMENT)
    hand_in(session, review, MOMENT)
    contest = draft.contest
    milestones.come_by_hand(
        session, contest.id, Code.APPLICATIONS_CLOSE, "x", version=contest.version, by=By(CONSOLE, MOMENT + MILLISECOND)
    )
    more_time(session, review.expert, review.application.contest.review_close + timedelta(days=1))
    session.flush()
    session.expire_all()
    assert (draft.submitted_at, draft.lateness, review.submitted_at, review.lateness) == (MOMENT, None, MOMENT, None)


def test_the_formal_check_takes_what_was_submitted_by_an_extension_for_in_time(session: Session) -> None:
    found = []
    for extended in (False, True):
        draft = whole_draft(session, factories.contest(session))
        close = draft.contest.applications_close
        submit(session, draft, close - MILLISECOND)
        draft.submitted_at = close
        if extended:
            factories.extension(session, draft, close + MILLISECOND)
        session.flush()
        found += [hint.outcome for hint in hints_of(session, draft) if hint.point.code == "K7"]
    assert found == [Outcome.LOOK, Outcome.FULFILLED]


@pytest.mark.parametrize("act", [submit, hand_in])
def test_what_was_taken_while_a_close_by_hand_waited_stays_in_time(session: Session, act: Act) -> None:
    subject: Any = whole_draft(session) if act is submit else judged(session)
    contest: Contest = subject.contest if act is submit else subject.application.contest
    code = Code.APPLICATIONS_CLOSE if act is submit else Code.REVIEW_CLOSE
    pressed = MOMENT + timedelta(days=1 if act is submit else 11)
    if act is submit:
        submit(session, subject, pressed + MILLISECOND)
    else:
        person = replace(CONSOLE, user_id=subject.expert.user_id)
        submit_review(session, subject, version=subject.version, by=By(person, pressed + MILLISECOND))
    session.flush()
    milestones.come_by_hand(
        session, contest.id, code, "Решение комиссии", version=contest.version, by=By(CONSOLE, pressed)
    )
    session.flush()
    assert getattr(contest, code.value) == pressed + MILLISECOND + timedelta(microseconds=1)
    assert [one.by_hand for one in changes(session, contest.id)] == [True]
    assert [list(one.find(session)) for one in INVARIANTS if one.code in IN_TIME] == [[], []]


def test_what_an_expert_handed_in_while_a_revocation_waited_stays_in_time(session: Session) -> None:
    review = judged(session)
    contest, person = review.application.contest, replace(CONSOLE, user_id=review.expert.user_id)
    extension = more_time(session, review.expert, contest.review_close + timedelta(days=2))
    pressed = contest.review_close + timedelta(days=1)
    submit_review(session, review, version=review.version, by=By(person, pressed + MILLISECOND))
    session.flush()
    milestones.revoke_extension(session, extension, "Ошибка", by=By(CONSOLE, pressed))
    session.flush()
    assert extension.revoked_at == pressed + MILLISECOND + timedelta(microseconds=1)
    assert [list(one.find(session)) for one in INVARIANTS if one.code in IN_TIME] == [[], []]
