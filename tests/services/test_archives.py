"""A contest goes into the database whole and comes out as it went in."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import func, select
from sqlalchemy.exc import NoResultFound

from judging.adapters.archive import dumps, read_archive, read_document, to_document
from judging.domain.access import CONSOLE, Actor, By
from judging.domain.conflicts import close_barred
from judging.domain.record import ContestRecord
from judging.models import (
    Application,
    Cluster,
    Conflict,
    Contest,
    Criterion,
    Document,
    Expert,
    JournalRecord,
    Organisation,
    RankingSnapshot,
    Review,
)
from judging.queries.records import contest_record, contest_record_with_drafts
from judging.services.archives import ContestExists, ContestSigned, load_contest
from judging.services.scoring import recuse, return_review
from tests import factories
from tests.strategies import contest_records, grouped_records, richer_records

GOLDEN = (Path(__file__).parents[1] / "data" / "golden-1.json").read_bytes()
NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
BY_CONSOLE = By(CONSOLE, NOW)
HOLDINGS = (Criterion, Organisation, Cluster, Application, Expert, Conflict, Review)


@pytest.fixture
def golden() -> ContestRecord:
    return read_archive(GOLDEN)


def counts(session):
    return [session.scalar(select(func.count()).select_from(model)) for model in HOLDINGS]


def test_the_worked_example_comes_out_as_it_went_in(session, golden):
    contest = load_contest(session, golden, by=BY_CONSOLE)
    assert contest_record_with_drafts(session, contest.id) == golden
    assert dumps(contest_record_with_drafts(session, contest.id)) == GOLDEN.decode()


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=20, deadline=None
)
@given(record=contest_records() | grouped_records(3) | richer_records(3))
def test_any_contest_comes_out_as_it_went_in(session, record):
    with session.begin_nested() as nested:
        contest = load_contest(session, record, by=BY_CONSOLE)
        assert contest_record_with_drafts(session, contest.id) == close_barred(record)[0]
        nested.rollback()


def test_a_contest_is_published_when_loaded_and_its_loading_recorded(session, golden):
    contest = load_contest(session, golden, by=BY_CONSOLE)
    assert (contest.status, contest.published_at, contest.created_at) == ("published", NOW, NOW)
    assert (contest.applications_received, contest.ranking_revision) == (5, 1)
    entry = session.scalars(select(JournalRecord)).one()
    assert (entry.event, entry.actor_name, entry.contest_id, entry.subject_label, entry.at) == (
        "contest.loaded", "console", contest.id, golden.contest.title, NOW,
    )  # fmt: skip
    assert entry.details == {
        "organisations": 8, "clusters": 1, "applications": 5, "experts": 3, "conflicts": 0, "reviews": 11,
    }  # fmt: skip


def test_a_contest_may_be_loaded_as_a_draft(session, golden):
    contest = load_contest(session, golden, by=BY_CONSOLE, draft=True)
    assert (contest.status, contest.published_at) == ("draft", None)


def test_the_preset_fills_what_an_archive_has_no_place_for(session, golden):
    contest = load_contest(session, golden, by=BY_CONSOLE)
    preset = factories.PRESET
    assert contest.document_slots == preset["documents"]
    assert contest.partner_roles == preset["partner_roles"]
    assert contest.indicators == preset["indicators"]
    assert contest.label == preset["label"]
    first = next(criterion for criterion in contest.criteria if criterion.code == "E1")
    assert (first.title_en, first.descriptors, first.guidance) == (
        preset["criteria_en"]["E1"], preset["descriptors"]["E1"], preset["guidance"]["E1"],
    )  # fmt: skip


def test_a_rubric_of_its_own_is_not_labelled_as_the_preset(session, golden):
    document = GOLDEN.decode().replace("Срок окупаемости, лет", "Окупаемость").replace('"payback_years"', '"payback"')
    contest = load_contest(session, read_archive(document.encode()), by=BY_CONSOLE)
    assert contest.label == ""
    fourth = contest.criteria[3]
    assert (fourth.title_en, fourth.guidance) == ("", {})
    assert [item["code"] for item in contest.indicators] == [
        "private_share", "jobs", "import_reduction", "payback", "cluster_share", "tax_ratio",
    ]  # fmt: skip
    assert contest.indicators[3] == {
        "code": "payback", "title": "Окупаемость", "title_en": "Окупаемость", "unit": "", "unit_en": "",
        "min": "-1000000000", "max": "1000000000", "decimals": 4, "hint": "", "hint_en": "",
    }  # fmt: skip


def test_an_application_can_be_found_and_sorted(session, golden):
    load_contest(session, golden, by=BY_CONSOLE)
    item = session.scalars(select(Application).where(Application.number == "001")).one()
    assert item.search_text == (
        "001 демонстрационный совместный проект 001 камский машиностроительный промышленный кластер "
        "(демонстрационные данные) ооо завод пример-1 0000001004"
    )
    assert (item.sort_title, item.sort_number) == (
        "демонстрационный совместный проект 011\x1fдемонстрационный совместный проект 01100",
        "011\x1f01100",
    )


def test_numbers_go_on_where_the_archive_stopped(session, golden):
    document = GOLDEN.decode().replace('"005"', '"К-2026-0117"')
    assert load_contest(session, read_archive(document.encode()), by=BY_CONSOLE).applications_received == 117


def test_a_conflict_keeps_who_found_it(session, golden):
    document = GOLDEN.decode().replace(
        '"conflicts": []',
        """"conflicts": [
        {"expert": "expert1@example.org", "application": "001", "reason": "employer_partner:0000001050"},
        {"expert": "expert2@example.org", "application": "001", "reason": "relative"},
        {"expert": "expert3@example.org", "application": "001", "reason": "Брат работает у инициатора"}]""",
    )
    load_contest(session, read_archive(document.encode()), by=BY_CONSOLE)
    kinds = session.scalars(select(Conflict.kind).order_by(Conflict.id)).all()
    assert kinds == ["detected", "declared", "entered"]


def test_a_code_that_exists_is_refused(session, golden):
    load_contest(session, golden, by=BY_CONSOLE)
    before = counts(session)
    with pytest.raises(ContestExists) as refusal:
        load_contest(session, golden, by=BY_CONSOLE)
    assert str(refusal.value) == "There is a contest with the code GOLDEN-1 already."
    assert counts(session) == before


def test_replacing_leaves_the_archive_and_nothing_else(session, golden):
    contest = load_contest(session, golden, by=BY_CONSOLE)
    stored = session.scalars(select(Application).where(Application.number == "001")).one()
    factories.document(session, stored)
    factories.application(session, contest)
    changed = read_archive(GOLDEN.replace("проверочный пример".encode(), "второй вариант".encode()))
    later = NOW + timedelta(hours=1)
    again = load_contest(session, changed, by=By(CONSOLE, later), replace=True)
    assert again.id == contest.id
    assert contest_record_with_drafts(session, contest.id) == changed
    assert session.scalar(select(func.count()).select_from(Document)) == 0
    assert counts(session) == [12, 8, 1, 5, 3, 0, 11]
    events = session.execute(select(JournalRecord.event, JournalRecord.at).order_by(JournalRecord.id)).all()
    assert [tuple(event) for event in events] == [("contest.loaded", NOW), ("contest.replaced", later)]
    assert (again.published_at, again.ranking_revision) == (NOW, 2)


def test_replacing_a_contest_keeps_its_staff_and_the_accounts_of_its_experts(session, golden):
    contest = load_contest(session, golden, by=BY_CONSOLE)
    secretary = factories.user(session, "secretary", contest)
    person = factories.user(session)
    card = session.scalars(select(Expert).where(Expert.email == "expert2@example.org")).one()
    card.user, card.invited_at, card.accepted_at = person, NOW, NOW
    session.flush()
    load_contest(session, golden, by=BY_CONSOLE, replace=True)
    again = session.scalars(select(Expert).where(Expert.email == "expert2@example.org")).one()
    assert (again.user_id, again.invited_at, again.accepted_at) == (person.id, NOW, NOW)
    assert [grant.contest_id for grant in secretary.grants] == [contest.id]


def test_replacing_leaves_other_contests_alone(session, golden):
    other = factories.contest(session)
    number = factories.application(session, other).number
    load_contest(session, golden, by=BY_CONSOLE)
    load_contest(session, golden, by=BY_CONSOLE, replace=True)
    assert [item.number for item in contest_record_with_drafts(session, other.id).applications] == [number]


def snapshot(session, contest, **values):
    session.add(
        RankingSnapshot(contest_id=contest.id, number=1, record={}, ranking={}, sha256="0" * 64, made_at=NOW, **values)
    )
    session.flush()


@pytest.mark.parametrize("status", ["approved", "results_published"])
def test_a_contest_whose_ranking_is_approved_is_never_replaced(session, golden, status):
    contest = load_contest(session, golden, by=BY_CONSOLE)
    contest.status = status
    session.flush()
    before = counts(session)
    with pytest.raises(ContestSigned) as refusal:
        load_contest(session, golden, by=BY_CONSOLE, replace=True)
    assert str(refusal.value) == "The ranking of the contest GOLDEN-1 is approved: the contest cannot be replaced."
    assert counts(session) == before


def test_a_signed_snapshot_keeps_a_contest_from_being_replaced_whatever_its_status(session, golden):
    contest = load_contest(session, golden, by=BY_CONSOLE)
    snapshot(session, contest, approved_at=NOW)
    with pytest.raises(ContestSigned):
        load_contest(session, golden, by=BY_CONSOLE, replace=True)


def test_a_ranking_that_was_only_frozen_is_revoked_by_a_replacement(session, golden):
    contest = load_contest(session, golden, by=BY_CONSOLE)
    contest.status = "ranking_frozen"
    snapshot(session, contest)
    load_contest(session, golden, by=BY_CONSOLE, replace=True)
    kept = session.scalars(select(RankingSnapshot)).one()
    assert (contest.status, kept.revoked_at, kept.revoked_reason) == (
        "published", NOW, "Конкурс заменён загрузкой архива",
    )  # fmt: skip


def test_a_fault_half_way_leaves_nothing(store, golden):
    def fail(*_arguments, **_values):
        raise RuntimeError("power cut")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("judging.services.archives.archive_rows.review_rows", fail)
        with pytest.raises(RuntimeError), store() as session:
            load_contest(session, golden, by=BY_CONSOLE)
    with store() as session:
        assert session.scalars(select(Contest)).all() == []
        assert counts(session) == [0] * len(HOLDINGS)


def test_a_contest_that_lives_is_written_without_what_is_not_decided(session):
    contest = factories.contest(session)
    team = factories.team(session)
    own = factories.cluster(session, contest, team)
    unused = factories.cluster(session, contest, factories.team(session))
    admitted = factories.application(session, contest, own)
    factories.application(session, contest, own, "draft")
    undecided = factories.application(session, contest, own, "submitted")
    expert = factories.expert(session, contest)
    factories.review(session, expert, admitted, "accepted")
    factories.review(session, expert, undecided)
    factories.review(session, factories.expert(session, contest), admitted, "proposed")
    factories.conflict(session, expert, undecided)
    record = contest_record_with_drafts(session, contest.id)
    assert [item.number for item in record.applications] == [admitted.number]
    assert [item.code for item in record.clusters] == [own.code]
    assert unused.managing_organisation.inn not in {item.inn for item in record.organisations}
    assert [(item.expert, item.application, item.state.value) for item in record.reviews] == [
        (expert.email, admitted.number, "assigned")
    ]
    assert record.conflicts == ()
    assert read_archive(dumps(record).encode()) == record


def test_what_leaves_the_system_has_no_unfinished_sheets_and_what_the_console_writes_has_them(session):
    contest = factories.contest(session)
    application, secretary = factories.application(session, contest), Actor(None, "Секретарь")
    codes = [item.code for item in contest.criteria if item.kind == "expert"]
    written = {"scores": dict.fromkeys(codes, "3"), "comments": {codes[0]: "Мало"}, "recommendation": "support"}
    states = {"submitted": "submitted", "begun": "accepted", "returned": "submitted", "left": "accepted"}
    reviews = {
        name: factories.review(session, factories.expert(session, contest), application, status, **written)
        for name, status in states.items()
    }
    return_review(session, reviews["returned"], reason="Уточните", version=1, by=By(secretary, factories.MOMENT))
    recuse(session, reviews["left"], reason="relative", by=By(secretary, factories.MOMENT))
    names = {review.expert.email: name for name, review in reviews.items()}
    session.flush()

    def filled(record):
        return {names[item.expert] for item in record.reviews if item.scores or item.comments or item.recommendation}

    assert filled(contest_record(session, contest.id)) == {"submitted"}
    everything = contest_record_with_drafts(session, contest.id)
    assert filled(everything) == set(states)
    assert {names[item.expert]: item.state.value for item in contest_record(session, contest.id).reviews} == {
        "submitted": "submitted", "begun": "assigned", "returned": "assigned", "left": "recused",
    }  # fmt: skip
    assert read_archive(dumps(everything).encode()) == everything


def test_a_legal_entity_that_two_teams_entered_is_written_once(session):
    contest = factories.contest(session)
    cluster = factories.cluster(session, contest, factories.team(session))
    theirs = cluster.members[0].organisation
    factories.organisation(session, contest, inn=theirs.inn, ogrn=theirs.ogrn, name="Карточка конкурса")
    factories.application(session, contest, cluster)
    record = contest_record_with_drafts(session, contest.id)
    assert [item.name for item in record.organisations if item.inn == theirs.inn] == ["Карточка конкурса"]
    assert read_archive(dumps(record).encode()) == record


def test_a_contest_that_is_not_there_is_not_found(session):
    with pytest.raises(NoResultFound):
        contest_record_with_drafts(session, 17)


def test_the_longest_texts_that_an_archive_may_hold_can_be_stored(session):
    document = json.loads(GOLDEN)
    document["contest"] |= {"code": "К" * 40, "title": "ß" * 500}
    document["contest"]["criteria"][1] |= {"code": "C" * 40, "title": "ß" * 500}
    document["organisations"][0]["name"] = "ß" * 500
    document["clusters"][0] |= {"name": "ß" * 500, "industry": "ß" * 200}
    document["applications"][0] |= {"title": "ß" * 300}
    document["applications"][0]["partners"][0]["role"] = "ß" * 200
    document["experts"].append(document["experts"][0] | {"email": f"{'я' * 250}@a.b", "name": "ß" * 200})
    record = read_document(document)
    assert contest_record_with_drafts(session, load_contest(session, record, by=BY_CONSOLE).id) == record


def test_the_greatest_numbers_that_an_archive_may_hold_can_be_stored(session):
    document = json.loads(GOLDEN)
    document["contest"] |= {"budget": "1000000000000000.00", "applications_open": "1980-01-01T03:00:00+03:00"}
    document["contest"]["review_close"] = "9000-12-30T20:59:59.999999-03:00"
    document["applications"][0]["indicators"]["jobs"] = "-" + "9" * 39
    document["experts"][0]["max_load"] = 2**31 - 1
    record = read_document(document)
    assert contest_record_with_drafts(session, load_contest(session, record, by=BY_CONSOLE).id) == record
    assert read_document(to_document(record)) == record
