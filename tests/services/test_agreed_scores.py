"""The agreed score: named, put down after all reviews, submitted once, given back; the originals stay as they are."""

from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.domain.access import CONSOLE, By
from judging.domain.errors import Refused
from judging.domain.gates import GateClosed
from judging.domain.lifecycle import NotPossible, ReasonMissing
from judging.models import AgreedScore, Application, Expert, JournalRecord, Letter, Review
from judging.queries.agreed_scores import led_by
from judging.queries.records import contest_record
from judging.services import agreed_scores
from judging.services.concurrency import Stale
from tests import factories
from tests.factories import MOMENT

BY = By(CONSOLE, MOMENT)
BASE = "https://contest.example.org"
MARKS = {one["code"]: Decimal(6) for one in factories.PRESET["criteria"] if one["kind"] == "expert"}


def judged(session: Session, rule: str = "beside", last: str = "submitted") -> tuple[Application, list[Review]]:
    """An application with two reviews, the second of which may be unfinished."""
    contest = factories.contest(session, rules={**factories.PRESET["rules"], "agreed_score": rule})
    factories.user(session, "secretary", contest)
    application = factories.application(session, contest)
    first = factories.review(session, factories.expert(session, contest), application, "submitted", mark=5)
    second = factories.review(session, factories.expert(session, contest), application, last, mark=7)
    return application, [first, second]


def named(session: Session, application: Application, expert: Expert, version: int = 0) -> AgreedScore:
    return agreed_scores.name_lead(session, application, agreed_scores.Naming(expert, version), by=BY, base_url=BASE)


def put_down(session: Session, agreed: AgreedScore, rationale: str = "Обсудили", **values: object) -> AgreedScore:
    draft = agreed_scores.AgreedDraft(**{"scores": MARKS, "rationale": rationale, "version": agreed.version} | values)
    return agreed_scores.save_agreed(session, agreed, draft, by=BY)


def submitted(session: Session, agreed: AgreedScore) -> AgreedScore:
    return agreed_scores.submit_agreed(session, agreed, version=agreed.version, by=BY, base_url=BASE)


def events(session: Session) -> list[str]:
    return list(session.scalars(select(JournalRecord.event).order_by(JournalRecord.id)))


def test_a_lead_puts_the_score_down_once_and_the_originals_stay(session: Session) -> None:
    application, reviews = judged(session)
    before = [(review.scores, review.comments, review.version) for review in reviews]
    agreed = submitted(session, put_down(session, named(session, application, reviews[0].expert)))
    assert (agreed.scores, agreed.rationale, agreed.submitted_at) == (
        dict.fromkeys(MARKS, "6"), "Обсудили", MOMENT,
    )  # fmt: skip
    assert [(review.scores, review.comments, review.version) for review in reviews] == before
    assert events(session) == ["agreed_score.lead_named", "agreed_score.saved", "agreed_score.submitted"]
    assert session.scalars(select(Letter.subject).order_by(Letter.id)).all() == [
        "Вы ведущий эксперт: подготовьте согласованную оценку", "Согласованная оценка заявки отправлена",
    ]  # fmt: skip
    (kept,) = contest_record(session, application.contest_id).agreed
    assert (kept.expert, kept.scores, kept.rationale) == (reviews[0].expert.email, MARKS, "Обсудили")
    for act in (submitted, put_down):
        with pytest.raises(NotPossible):
            act(session, agreed) if act is submitted else put_down(session, agreed, "Иначе")


def test_before_all_reviews_are_submitted_nothing_is_put_down(session: Session) -> None:
    application, reviews = judged(session, last="accepted")
    agreed = named(session, application, reviews[0].expert)
    with pytest.raises(agreed_scores.TooEarly):
        put_down(session, agreed)
    with pytest.raises(agreed_scores.NotAllowed):
        named(session, application, reviews[1].expert, agreed.version)


def test_what_is_missing_or_off_its_scale_is_named(session: Session) -> None:
    application, reviews = judged(session)
    agreed = named(session, application, reviews[0].expert)
    with pytest.raises(Refused) as off:
        put_down(session, agreed, scores={"E1": Decimal(11)})
    assert [fault.path for fault in off.value.faults] == ["mark-E1"]
    put_down(session, agreed, " ", scores={code: mark for code, mark in MARKS.items() if code != "E2"})
    with pytest.raises(Refused) as incomplete:
        submitted(session, agreed)
    assert [fault.path for fault in incomplete.value.faults] == ["mark-E2", "rationale"]


def test_an_old_version_is_stale_and_the_same_again_changes_nothing(session: Session) -> None:
    application, reviews = judged(session)
    agreed = put_down(session, named(session, application, reviews[0].expert))
    version = agreed.version
    assert put_down(session, agreed, version=1).version == version
    with pytest.raises(Stale):
        put_down(session, agreed, "Иначе", version=version - 1)
    with pytest.raises(Stale):
        agreed_scores.submit_agreed(session, agreed, version=version - 1, by=BY, base_url=BASE)


def test_it_is_given_back_for_a_reason_and_submitted_again(session: Session) -> None:
    application, reviews = judged(session)
    agreed = submitted(session, put_down(session, named(session, application, reviews[0].expert)))
    with pytest.raises(ReasonMissing):
        agreed_scores.return_agreed(session, agreed, reason=" ", version=agreed.version, by=BY, base_url=BASE)
    agreed_scores.return_agreed(session, agreed, reason="Уточните", version=agreed.version, by=BY, base_url=BASE)
    assert (agreed.submitted_at, agreed.reason, agreed.rationale) == (None, "Уточните", "Обсудили")
    assert contest_record(session, application.contest_id).agreed == ()
    assert submitted(session, agreed).reason is None


def test_another_lead_takes_the_draft_over(session: Session) -> None:
    application, reviews = judged(session)
    agreed = put_down(session, named(session, application, reviews[0].expert))
    again = named(session, application, reviews[1].expert, agreed.version)
    assert (again.id, again.expert_id, again.rationale) == (agreed.id, reviews[1].expert_id, "Обсудили")
    assert [one.application_id for one in led_by(session, {reviews[1].expert_id})] == [application.id]
    assert led_by(session, {reviews[0].expert_id}) == []


def test_where_the_rules_or_the_contest_do_not_allow_it_nothing_is_agreed(session: Session) -> None:
    application, reviews = judged(session, rule="none")
    with pytest.raises(agreed_scores.NotAllowed):
        named(session, application, reviews[0].expert)
    application, reviews = judged(session)
    agreed = named(session, application, reviews[0].expert)
    application.contest.status = "ranking_frozen"
    session.flush()
    with pytest.raises(GateClosed):
        put_down(session, agreed)


def test_the_journal_holds_no_marks_and_no_words_of_it(session: Session) -> None:
    application, reviews = judged(session)
    submitted(session, put_down(session, named(session, application, reviews[0].expert), "Тайное слово"))
    said = str(session.scalars(select(JournalRecord.details)).all())
    assert "Тайное" not in said
    assert "'6'" not in said
