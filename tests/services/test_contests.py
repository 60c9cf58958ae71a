"""A contest from a draft to its launch: what is stored, recorded, refused."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.adapters.preset import read_preset
from judging.domain.access import CONSOLE, By
from judging.domain.errors import Fault, Refused
from judging.domain.gates import GateClosed
from judging.domain.lifecycle import NotPossible, ReasonMissing
from judging.domain.rubric import ExpertCriterion, LinearCriterion, Scale
from judging.domain.stages import Calendar
from judging.models import Contest, JournalRecord, ScheduleChange
from judging.queries.contests import calendar_of, criteria_of, rules_of
from judging.services import contests as services
from judging.services.concurrency import Stale
from tests import factories
from tests.factories import MOMENT

BY = By(CONSOLE, MOMENT)
TERMS = services.ContestTerms(
    title="Конкурс 2026 года",
    summary="",
    applications_open=MOMENT + timedelta(days=1),
    applications_close=MOMENT + timedelta(days=30),
    review_close=MOMENT + timedelta(days=60),
    budget=300_000_000_00,
)
SCALE = Scale(Decimal(0), Decimal(2), Decimal(1))
NEW = ExpertCriterion("N1", "Новизна", Decimal("7.5"), SCALE)


def draft(session: Session, **values: Any) -> Contest:
    return factories.contest(session, status="draft", published_at=None, **values)


def journal(session: Session) -> list[tuple[str, Any]]:
    session.flush()
    return [(row.event, row.details) for row in session.scalars(select(JournalRecord).order_by(JournalRecord.id))]


def codes(contest: Contest) -> list[str]:
    return [row.code for row in sorted(contest.criteria, key=lambda row: row.position)]


def test_a_contest_is_created_as_a_draft_with_the_preset(session: Session) -> None:
    contest = services.create_contest(session, "PP41-2026", TERMS, read_preset(), by=BY)
    assert (contest.status, contest.title, contest.budget, contest.published_at) == (
        "draft", "Конкурс 2026 года", 300_000_000_00, None,
    )  # fmt: skip
    assert codes(contest) == ["C1", "C2", "C3", "C4", "C5", "C6", "E1", "E2", "E3", "E4", "E5", "E6"]
    assert len(contest.document_slots) == 12
    assert services.publication_faults(session, contest, MOMENT) == ()
    assert journal(session) == [("contest.created", {"code": "PP41-2026", "preset": "pp41"})]


@pytest.mark.parametrize("code", ["", "п41", "new", "from-archive", "a/b", "-x", "x" * 41])
def test_a_code_that_no_address_can_hold_is_refused_with_the_other_faults(session: Session, code: str) -> None:
    with pytest.raises(Refused) as refused:
        services.create_contest(session, code, replace(TERMS, title=" ", review_close=MOMENT), read_preset(), by=BY)
    assert [fault.path for fault in refused.value.faults] == ["code", "title", "review_close"]
    assert session.scalars(select(Contest)).all() == []


def test_a_code_is_used_once(session: Session) -> None:
    factories.contest(session, code="PP41")
    with pytest.raises(Refused) as refused:
        services.create_contest(session, "PP41", TERMS, read_preset(), by=BY)
    assert refused.value.faults == (Fault("code", "There is a contest with this code already"),)


def test_a_change_of_terms_is_recorded_as_before_and_after(session: Session) -> None:
    contest = draft(session, title="Старое")
    terms = replace(_terms_of(contest), title="Новое", budget=None)
    services.change_general(session, contest.id, terms, version=contest.version, by=BY)
    assert (contest.title, contest.budget) == ("Новое", None)
    assert journal(session) == [
        ("contest.changed", {"title": ["Старое", "Новое"], "budget": [300_000_000_00, None]}),
    ]


def test_saving_without_a_change_records_nothing(session: Session) -> None:
    contest = draft(session)
    services.change_general(session, contest.id, _terms_of(contest), version=contest.version, by=BY)
    services.change_rules(session, contest.id, rules_of(contest), version=contest.version, by=BY)
    assert [event for event, _ in journal(session)] == []


def test_rules_are_changed_and_their_faults_named_without_the_prefix(session: Session) -> None:
    contest = draft(session)
    rules = replace(rules_of(contest), experts_per_application=3)
    services.change_rules(session, contest.id, rules, version=contest.version, by=BY)
    assert rules_of(contest) == rules
    assert journal(session) == [("contest.rubric_changed", {"experts_per_application": [2, 3]})]
    wrong = replace(rules, tie_breakers=("criterion:X",))
    with pytest.raises(Refused) as refused:
        services.change_rules(session, contest.id, wrong, version=contest.version, by=BY)
    assert [fault.path for fault in refused.value.faults] == ["tie_breakers[0]"]


def test_a_criterion_is_added_at_the_end(session: Session) -> None:
    contest = draft(session)
    levels = [{"from": "0", "to": "2", "text": "Любая", "text_en": ""}]
    version = contest.version
    services.add_criterion(
        session,
        contest.id,
        services.CriterionChange(NEW, services.CriterionTexts("Novelty", {}, levels), version=version),
        by=BY,
    )
    session.flush()
    assert criteria_of(contest)[-1] == NEW
    assert contest.criteria[-1].descriptors == levels
    assert contest.version > version
    assert [event for event, _ in journal(session)] == ["contest.rubric_changed"]


def test_every_fault_of_a_criterion_is_named(session: Session) -> None:
    contest = draft(session)
    wrong = replace(NEW, code="C1", weight=Decimal(-1), scale=replace(SCALE, step=Decimal("0.3")))
    with pytest.raises(Refused) as refused:
        services.add_criterion(
            session,
            contest.id,
            services.CriterionChange(wrong, services.CriterionTexts(), version=contest.version),
            by=BY,
        )
    assert [fault.path for fault in refused.value.faults] == ["code", "weight", "scale.step"]


def test_tie_breakers_follow_a_criterion_that_is_renamed_or_removed(session: Session) -> None:
    contest = draft(session)
    first, third = contest.criteria[0], contest.criteria[2]
    renamed = replace(criteria_of(contest)[0], code="K1")
    assert isinstance(renamed, LinearCriterion)
    services.change_criterion(
        session,
        contest.id,
        first.id,
        services.CriterionChange(renamed, services.CriterionTexts(), version=contest.version),
        by=BY,
    )
    session.flush()
    services.remove_criterion(session, contest.id, third.id, version=contest.version, by=BY)
    session.flush()
    assert contest.rules["tie_breakers"] == ["criterion:K1", "submitted_at"]
    assert codes(contest)[:3] == ["K1", "C2", "C4"]
    assert [row.position for row in contest.criteria] == list(range(11))


def test_criteria_move_and_stop_at_the_ends(session: Session) -> None:
    contest = draft(session)
    second = contest.criteria[1]
    services.move_criterion(session, contest.id, second.id, -1, version=contest.version, by=BY)
    session.flush()
    services.move_criterion(session, contest.id, second.id, -1, version=contest.version, by=BY)
    assert codes(contest)[:2] == ["C2", "C1"]
    assert len(journal(session)) == 1


def test_publication_freezes_everything(session: Session) -> None:
    contest = draft(session)
    services.publish_contest(session, contest.id, version=contest.version, by=BY)
    session.flush()
    assert (contest.status, contest.published_at) == ("published", MOMENT)
    assert [event for event, _ in journal(session)] == ["contest.published"]
    calls = (
        lambda: services.change_general(session, contest.id, TERMS, version=contest.version, by=BY),
        lambda: services.change_rules(session, contest.id, rules_of(contest), version=contest.version, by=BY),
        lambda: services.remove_criterion(session, contest.id, contest.criteria[0].id, version=contest.version, by=BY),
    )
    for call in calls:
        with pytest.raises(GateClosed):
            call()
    with pytest.raises(NotPossible):
        services.publish_contest(session, contest.id, version=contest.version, by=BY)


def test_a_rubric_without_criteria_is_not_published(session: Session) -> None:
    contest = draft(session)
    contest.criteria = []
    contest.rules = contest.rules | {"tie_breakers": []}
    session.flush()
    with pytest.raises(Refused) as refused:
        services.publish_contest(session, contest.id, version=contest.version, by=BY)
    assert refused.value.faults == (Fault("criteria", "The rubric has no criteria"),)
    assert contest.status == "draft"


def test_an_older_version_changes_nothing(session: Session) -> None:
    contest = draft(session)
    with pytest.raises(Stale):
        services.change_general(session, contest.id, TERMS, version=contest.version - 1, by=BY)
    assert contest.title == "Конкурс совместных проектов"


def test_an_extension_keeps_the_reason_and_both_dates(session: Session) -> None:
    contest = factories.contest(session)
    dates, later = calendar_of(contest), contest.applications_close + timedelta(days=5)
    moved = replace(dates, applications_close=later)
    services.extend_schedule(session, contest.id, moved, " Сбой связи ", version=contest.version, by=BY)
    session.flush()
    change = session.scalars(select(ScheduleChange)).one()
    assert (change.field, change.before, change.after, change.reason) == (
        "applications_close", dates.applications_close, later, "Сбой связи",
    )  # fmt: skip
    assert calendar_of(contest) == moved
    assert journal(session) == [
        (
            "contest.schedule_changed",
            {
                "applications_close": [dates.applications_close.isoformat(), later.isoformat()],
                "reason": "Сбой связи",
            },
        )
    ]


@pytest.mark.parametrize(
    ("field", "days", "fault"),
    [
        ("applications_open", 1, "Acceptance has begun already: its beginning cannot be moved"),
        ("applications_close", -1, "A date that was announced can only be moved to a later time"),
        ("applications_close", 0, "No date was changed"),
        ("applications_close", 99, "The review must end after the acceptance of applications"),
    ],
)
def test_a_date_is_never_brought_nearer(session: Session, field: str, days: int, fault: str) -> None:
    contest = factories.contest(session)
    dates = calendar_of(contest)
    moved: Calendar = replace(dates, **{field: getattr(dates, field) + timedelta(days=days)})
    with pytest.raises(Refused) as refused:
        services.extend_schedule(session, contest.id, moved, "Причина", version=contest.version, by=BY)
    assert [str(item).split(": ", 1)[-1] if item.path else str(item) for item in refused.value.faults] == [fault]


def test_cancelling_takes_a_reason(session: Session) -> None:
    contest = factories.contest(session)
    with pytest.raises(ReasonMissing):
        services.cancel_contest(session, contest.id, " ", version=contest.version, by=BY)
    services.cancel_contest(session, contest.id, "Нет средств", version=contest.version, by=BY)
    assert (contest.status, contest.cancelled_reason) == ("cancelled", "Нет средств")
    assert journal(session) == [
        ("contest.cancelled", {"status": ["published", "cancelled"], "reason": "Нет средств"}),
    ]


def _terms_of(contest: Contest) -> services.ContestTerms:
    return services.ContestTerms(
        contest.title, contest.summary, contest.applications_open, contest.applications_close, contest.review_close,
        contest.budget,
    )  # fmt: skip
