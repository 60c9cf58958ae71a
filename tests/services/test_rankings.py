"""Freezing stores what can be recomputed; two persons; a revoked snapshot stays; blockers are all named."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.domain.access import Actor, By, Role
from judging.domain.lifecycle import NotPossible, ReasonMissing
from judging.models import Contest, JournalRecord, RankingSnapshot
from judging.queries.rankings import compute_ranking, present_snapshot, stored_ranking
from judging.services.concurrency import Stale
from judging.services.rankings import (
    Blocked,
    SamePerson,
    approve_ranking,
    freeze_ranking,
    prepare_snapshot,
    publish_results,
    snapshot_hash,
    unfreeze_ranking,
)
from tests import factories
from tests.factories import MOMENT


def person(session: Session, role: Role) -> Actor:
    user = factories.user(session, role.value)
    return Actor(user_id=user.id, name=user.name, grants={None: frozenset({role})})


def reviewed_contest(session: Session, applications: int = 2) -> Contest:
    """A contest in which every application has its two reviews."""
    contest = factories.contest(session)
    cluster = factories.cluster(session, contest)
    experts = [factories.expert(session, contest) for _ in range(2)]
    for n in range(applications):
        application = factories.application(session, contest, cluster)
        for expert in experts:
            factories.review(session, expert, application, "submitted", mark=8 - n)
    return contest


def freeze(session: Session, contest: Contest, actor: Actor) -> RankingSnapshot:
    computed = prepare_snapshot(session, contest.id)
    return freeze_ranking(session, contest, computed, version=contest.version, by=By(actor, MOMENT))


def test_a_snapshot_holds_what_it_was_computed_from(session: Session) -> None:
    contest = reviewed_contest(session)
    stored = freeze(session, contest, person(session, Role.SECRETARY))
    session.flush()
    session.expire_all()
    record, ranking = compute_ranking(session, contest.id)
    assert stored_ranking(stored) == (record, ranking)
    assert snapshot_hash(stored.record, stored.ranking) == stored.sha256
    assert (contest.status, stored.number, len(stored.ranking["rows"])) == ("ranking_frozen", 1, 2)


def test_every_blocker_is_named(session: Session) -> None:
    contest = reviewed_contest(session)
    cluster = factories.cluster(session, contest)
    factories.application(session, contest, cluster, status="submitted")
    lacking = factories.application(session, contest, cluster)
    factories.review(session, factories.expert(session, contest), lacking, "assigned")
    with pytest.raises(Blocked) as refusal:
        freeze(session, contest, person(session, Role.SECRETARY))
    assert [(f.path, str(f.message % f.params)) for f in refusal.value.faults] == [
        ("applications", "Applications without a decision: 1"),
        ("reviews", "Reviews not handed in: 1"),
        ("ranking", f"Applications that need more reviews: 1 ({lacking.number})"),
    ]


def test_an_empty_ranking_is_not_frozen(session: Session) -> None:
    contest = factories.contest(session)
    with pytest.raises(Blocked):
        freeze(session, contest, person(session, Role.SECRETARY))


def test_who_froze_may_not_approve_and_another_may(session: Session) -> None:
    contest = reviewed_contest(session)
    secretary, chair = person(session, Role.SECRETARY), person(session, Role.CHAIR)
    freeze(session, contest, secretary)
    session.flush()
    with pytest.raises(SamePerson):
        approve_ranking(session, contest, version=contest.version, words="", by=By(secretary, MOMENT))
    contest.status = "ranking_frozen"
    session.flush()
    stored = approve_ranking(session, contest, version=contest.version, words="Протокол № 4", by=By(chair, MOMENT))
    session.flush()
    publish_results(session, contest, version=contest.version, by=By(chair, MOMENT))
    session.flush()
    assert (contest.status, stored.approved_by_id, stored.approval_words, stored.published_at) == (
        "results_published",
        chair.user_id,
        "Протокол № 4",
        MOMENT,
    )
    events = session.scalars(select(JournalRecord.event).order_by(JournalRecord.id)).all()
    assert events == ["ranking.frozen", "ranking.approved", "results.published"]


def test_a_revoked_snapshot_stays_with_its_reason(session: Session) -> None:
    contest = reviewed_contest(session)
    secretary = person(session, Role.SECRETARY)
    first = freeze(session, contest, secretary)
    session.flush()
    with pytest.raises(ReasonMissing):
        unfreeze_ranking(session, contest, version=contest.version, reason=" ", by=By(secretary, MOMENT))
    unfreeze_ranking(session, contest, version=contest.version, reason="Техническая ошибка", by=By(secretary, MOMENT))
    session.flush()
    second = freeze(session, contest, secretary)
    session.flush()
    present = present_snapshot(session, contest.id)
    assert (first.revoked_reason, second.number, present) == ("Техническая ошибка", 2, second)


def test_an_approved_ranking_is_not_opened_again(session: Session) -> None:
    contest = reviewed_contest(session)
    contest.status = "approved"
    session.flush()
    with pytest.raises(NotPossible):
        unfreeze_ranking(
            session, contest, version=contest.version, reason="x", by=By(person(session, Role.SECRETARY), MOMENT)
        )


def test_a_stale_freeze_is_refused(session: Session) -> None:
    contest = reviewed_contest(session)
    computed = prepare_snapshot(session, contest.id)
    with pytest.raises(Stale):
        freeze_ranking(session, contest, computed, version=99, by=By(person(session, Role.SECRETARY), MOMENT))
