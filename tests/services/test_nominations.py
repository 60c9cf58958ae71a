"""Nominations of a contest: edited while it is a draft, chosen by teams, changed by staff until the freeze."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from judging.adapters.archive import dumps
from judging.domain.access import CONSOLE, Actor, By
from judging.domain.errors import Refused
from judging.domain.forms.looking import look
from judging.domain.gates import GateClosed
from judging.domain.lifecycle import NotPossible, ReasonMissing
from judging.domain.nominations import Nomination
from judging.models import Application, Contest, JournalRecord, Letter, RankingSnapshot, Review
from judging.queries import rankings
from judging.queries.answers import answers_of, circumstances_of
from judging.queries.assignment.divergences import divergences
from judging.queries.contests import nominations_of
from judging.queries.forms import compiled_form_of, form_of
from judging.queries.invariants import INVARIANTS
from judging.queries.receipts import receipt_data
from judging.queries.records import contest_record_with_drafts
from judging.queries.rubrics import sheet_criteria
from judging.services import contests as services
from judging.services.applications.application_submit import Incomplete, submit_application
from judging.services.applications.nomination_choice import open_draft, save_nomination
from judging.services.applications.nomination_move import NominationMove, move_application
from judging.services.archives import load_contest
from judging.services.concurrency import Stale
from judging.services.forms.form_store import FormChange, change_form
from judging.services.rankings import blockers, freeze_ranking, prepare_snapshot
from judging.services.scoring import SheetDraft, return_review, save_draft, submit_review
from judging.services.seals import note_state
from tests import factories, nominations
from tests.factories import MOMENT
from tests.services.test_applications import whole_draft

BY = By(CONSOLE, MOMENT)
TEAM = By(Actor(user_id=None, name="Иванов Пётр"), MOMENT)
SERIES = Nomination("series", "Серийное производство", weights={"C1": Decimal(25), "E1": None}, budget=100, cap=90)
PILOT = Nomination("pilot", "Опытные образцы")


def draft(session: Session, **values: Any) -> Contest:
    return factories.contest(session, status="draft", published_at=None, **values)


def added(session: Session, contest: Contest, *values: Nomination) -> list[int]:
    found = []
    for value in values:
        change = services.NominationChange(value, version=contest.version)
        found.append(services.add_nomination(session, contest.id, change, by=BY).id)
        session.flush()
    return found


def journal(session: Session, event: str) -> list[Mapping[str, Any]]:
    session.flush()
    rows = select(JournalRecord.details).where(JournalRecord.event == event).order_by(JournalRecord.id)
    return list(session.scalars(rows))


def offences(session: Session) -> set[tuple[str, str]]:
    """What verification finds, by the name of the check, save that factories leave no records."""
    session.flush()
    ours = ("nominations-fit", "nomination-chosen", "nomination-recorded", "receipt-recomputed", "snapshot-ranking",
            "snapshot-hash", "settings-recorded", "archive-applications",
            "answers-projected")  # fmt: skip
    return {
        (check.code, offence.found) for check in INVARIANTS if check.code in ours for offence in check.find(session)
    }


# --- editing


def test_nominations_are_added_in_their_order_and_recorded(session: Session) -> None:
    contest = draft(session)
    added(session, contest, SERIES, PILOT)
    session.expire_all()
    assert nominations_of(contest) == (SERIES, PILOT)
    first, second = journal(session, "contest.nominations_changed")
    assert (list(first), first["series"][0], second["pilot"][1]["title"]) == (["series"], None, "Опытные образцы")
    assert first["series"][1]["weights"] == {"C1": "25", "E1": None}


def test_a_nomination_is_changed_moved_and_removed(session: Session) -> None:
    contest = draft(session)
    series, pilot = added(session, contest, SERIES, PILOT)
    change = services.NominationChange(replace(SERIES, title="Серия"), version=contest.version)
    services.change_nomination(session, contest.id, series, change, by=BY)
    session.flush()
    again = services.NominationChange(replace(SERIES, title="Серия"), version=contest.version)
    services.change_nomination(session, contest.id, series, again, by=BY)
    session.flush()
    services.move_nomination(session, contest.id, series, 1, version=contest.version, by=BY)
    session.flush()
    session.expire_all()
    assert [item.title for item in nominations_of(contest)] == ["Опытные образцы", "Серия"]
    services.remove_nomination(session, contest.id, pilot, version=contest.version, by=BY)
    session.flush()
    session.expire_all()
    assert [item.title for item in nominations_of(contest)] == ["Серия"]
    records = journal(session, "contest.nominations_changed")
    assert [list(record) for record in records] == [["series"], ["pilot"], ["series"], ["order"], ["pilot"]]


def test_every_fault_of_a_nomination_is_named_at_its_field(session: Session) -> None:
    contest = draft(session)
    added(session, contest, PILOT)
    wrong = Nomination("pilot", "Опытные образцы", weights={"C1": Decimal(-1)}, pass_total=Decimal(-1))
    with pytest.raises(Refused) as refusal:
        services.add_nomination(session, contest.id, services.NominationChange(wrong, contest.version), by=BY)
    assert [fault.path for fault in refusal.value.faults] == ["code", "title", "weights.C1", "pass_total"]


def test_weights_follow_a_criterion_that_is_renamed_or_removed(session: Session) -> None:
    contest = draft(session)
    added(session, contest, SERIES)
    row = next(row for row in contest.criteria if row.code == "C1")
    from judging.queries.contests import criteria_of

    criterion = next(item for item in criteria_of(contest) if item.code == "C1")
    change = services.CriterionChange(
        replace(criterion, code="C1a"), services.CriterionTexts(), version=contest.version
    )
    services.change_criterion(session, contest.id, row.id, change, by=BY)
    session.flush()
    assert nominations_of(contest)[0].weights == {"C1a": Decimal(25), "E1": None}
    gone = next(row for row in contest.criteria if row.code == "E1")
    services.remove_criterion(session, contest.id, gone.id, version=contest.version, by=BY)
    session.flush()
    assert nominations_of(contest)[0].weights == {"C1a": Decimal(25)}


def test_only_a_draft_contest_of_the_version_that_was_looked_at_is_edited(session: Session) -> None:
    contest = draft(session)
    with pytest.raises(Stale):
        services.add_nomination(session, contest.id, services.NominationChange(PILOT, version=9), by=BY)
    published = factories.contest(session)
    with pytest.raises(GateClosed):
        services.add_nomination(session, published.id, services.NominationChange(PILOT, published.version), by=BY)


def test_the_first_nomination_takes_the_applications_that_are_there_and_the_last_one_lets_them_go(
    session: Session,
) -> None:
    contest = draft(session)
    application = factories.application(session, contest)
    series, pilot = added(session, contest, SERIES, PILOT)
    session.refresh(application)
    assert application.nomination_id == series
    with pytest.raises(services.NominationInUse):
        services.remove_nomination(session, contest.id, series, version=contest.version, by=BY)
    services.remove_nomination(session, contest.id, pilot, version=contest.version, by=BY)
    session.flush()
    services.remove_nomination(session, contest.id, series, version=contest.version, by=BY)
    session.flush()
    session.refresh(application)
    assert application.nomination_id is None


def test_the_faults_of_a_launch_name_the_nomination(session: Session) -> None:
    contest = draft(session, budget=150)
    added(session, contest, replace(SERIES, cap=101), replace(PILOT, budget=100))
    assert [
        (fault.path, str(fault).partition(": ")[2]) for fault in services.publication_faults(session, contest, MOMENT)
    ] == [
        (
            "nominations[0].cap_per_application",
            "Nomination “Серийное производство”: the limit per application is above its budget",
        ),
        ("budget", "The budgets of the nominations together are more than the contest's budget"),
    ]


# --- the archive


def test_a_contest_with_nominations_comes_out_as_it_went_in(session: Session) -> None:
    record = nominations.record()
    contest = load_contest(session, record, by=BY)
    assert contest_record_with_drafts(session, contest.id) == record
    assert dumps(contest_record_with_drafts(session, contest.id)) == dumps(record)
    assert offences(session) == set()
    again = load_contest(session, record, by=BY, replace=True)
    assert contest_record_with_drafts(session, again.id) == record
    assert journal(session, "contest.replaced")[0]["nominations"] == 2


# --- the team's choice


def nominated_draft(session: Session, *off: str) -> tuple[Application, int, int]:
    contest = factories.contest(session, code="PP41-2027")
    weights = dict.fromkeys(off, None)
    series = factories.nomination(session, contest, weights=weights, cap_per_application="130000000.00")
    pilot = factories.nomination(session, contest, "pilot", cap_per_application="100000000.00")
    return whole_draft(session, contest), series.id, pilot.id


def choose(session: Session, application: Application, nomination_id: int | None) -> None:
    save_nomination(session, open_draft(session, application.id), nomination_id, by=TEAM)
    session.flush()


def asked(application: Application) -> tuple[list[str], int | None]:
    """The indicators that the application is asked for, and the most that it may ask for."""
    here = circumstances_of(application, MOMENT.date())
    compiled = compiled_form_of(application.contest)
    part = next(one for one in compiled.sections if one.section.code == "indicators")
    shown = look(compiled, answers_of(application, compiled), here).shown
    return [one.field.code for one in part.fields if one.field.code in shown], here.cap


def test_the_choice_is_recorded_and_decides_what_is_asked_for(session: Session) -> None:
    application, series, pilot = nominated_draft(session, "C1", "C4")
    before = dict(application.indicators)
    choose(session, application, series)
    indicators = ["jobs", "import_reduction", "cluster_share", "tax_ratio"]
    assert asked(application) == (indicators, 130_000_000_00)
    assert list(application.indicators) == indicators
    choose(session, application, pilot)
    choose(session, application, pilot)
    assert (len(asked(application)[0]), dict(application.indicators)) == (6, before)
    assert offences(session) == set()
    assert journal(session, "application.changed")[-2:] == [
        {"section": "nomination", "nomination": [None, "series"]},
        {"section": "nomination", "nomination": ["series", "pilot"]},
    ]


def test_the_form_keeps_a_nomination_that_it_names_and_hides_nothing_that_is_judged(session: Session) -> None:
    contest = draft(session)
    series, pilot = added(session, contest, SERIES, PILOT)
    form = form_of(contest)
    sections = tuple(
        replace(section, nominations=("pilot",)) if section.code == "indicators" else section
        for section in form.sections
    )
    session.flush()
    change_form(session, contest.id, FormChange(replace(form, sections=sections), contest.version, ""), by=BY)
    session.flush()
    change = services.NominationChange(replace(PILOT, code="trial"), contest.version)
    with pytest.raises(Refused):
        services.change_nomination(session, contest.id, pilot, change, by=BY)
    with pytest.raises(services.NominationInUse):
        services.remove_nomination(session, contest.id, pilot, version=contest.version, by=BY)
    hidden = [fault for fault in services.publication_faults(session, contest, MOMENT) if ".weights." in fault.path]
    assert [fault.path for fault in hidden][:1] == ["nominations[0].weights.C1"]
    services.remove_nomination(session, contest.id, series, version=contest.version, by=BY)


def test_a_nomination_of_another_contest_is_refused(session: Session) -> None:
    application, _, _ = nominated_draft(session)
    other = factories.nomination(session, factories.contest(session))
    with pytest.raises(Refused) as refusal:
        choose(session, application, other.id)
    assert [fault.path for fault in refusal.value.faults] == ["nomination"]


def test_without_a_choice_nothing_is_submitted_and_the_receipt_keeps_it(session: Session) -> None:
    application, series, pilot = nominated_draft(session, "C1", "C4")
    with pytest.raises(Incomplete) as refusal:
        submit_application(session, application.id, version=application.version, by=TEAM)
    assert [fault.path for fault in refusal.value.faults] == ["nomination"]
    choose(session, application, pilot)
    with pytest.raises(Incomplete) as refusal:
        submit_application(session, application.id, version=application.version, by=TEAM)
    assert [fault.path for fault in refusal.value.faults] == ["requested"]
    choose(session, application, series)
    submit_application(session, application.id, version=application.version, by=TEAM)
    assert receipt_data(application)["nomination"] == {"code": "series", "title": "Номинация series"}
    assert offences(session) == set()


# --- moves by staff


def moved(session: Session, application: Application, nomination_id: int, reason: str = "Выбрана по ошибке") -> None:
    session.flush()
    move = NominationMove(nomination_id, reason, application.version)
    move_application(session, application.id, move, by=BY)
    session.flush()


def submitted(session: Session) -> tuple[Application, int, int]:
    application, series, pilot = nominated_draft(session)
    choose(session, application, series)
    submit_application(session, application.id, version=application.version, by=TEAM)
    session.flush()
    return application, series, pilot


def test_a_move_keeps_the_receipt_writes_to_the_team_and_is_on_record(session: Session) -> None:
    application, series, pilot = submitted(session)
    note_state(session, application.contest, by=BY)
    session.refresh(application.contest)
    receipt, revision = application.receipt_sha256, application.contest.ranking_revision
    moved(session, application, pilot)
    session.refresh(application.contest)
    assert (application.nomination_id, application.receipt_sha256) == (pilot, receipt)
    assert application.contest.ranking_revision == revision + 1
    assert journal(session, "application.moved") == [{"nomination": ["series", "pilot"], "reason": "Выбрана по ошибке"}]
    letter = session.scalars(select(Letter).order_by(Letter.id.desc())).first()
    assert letter is not None
    assert "Номинация pilot" in letter.body
    assert offences(session) == set()
    moved(session, application, series, "Обратно")
    assert offences(session) == set()
    session.execute(update(Application).where(Application.id == application.id).values(nomination_id=pilot))
    session.expire_all()
    assert {name for name, _ in offences(session)} == {"nomination-recorded"}


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_move_takes_a_reason(session: Session, reason: str) -> None:
    application, _, pilot = submitted(session)
    with pytest.raises(ReasonMissing):
        moved(session, application, pilot, reason)


def test_what_cannot_be_moved_stays(session: Session) -> None:
    application, series, pilot = submitted(session)
    with pytest.raises(Refused):
        moved(session, application, series)
    other = factories.nomination(session, factories.contest(session))
    with pytest.raises(Refused):
        moved(session, application, other.id)
    with pytest.raises(Stale):
        move_application(session, application.id, NominationMove(pilot, "x", application.version - 1), by=BY)
    draft_one = factories.application(session, application.contest, application.cluster, status="draft")
    with pytest.raises(NotPossible):
        moved(session, draft_one, pilot)
    application.contest.status = "ranking_frozen"
    session.flush()
    with pytest.raises(GateClosed):
        moved(session, application, pilot)


def test_nothing_is_scored_as_nought_that_nobody_was_asked(session: Session) -> None:
    application, _, pilot = submitted(session)
    application.indicators = {code: text for code, text in application.indicators.items() if code != "payback_years"}
    with pytest.raises(Refused) as refusal:
        moved(session, application, pilot)
    assert str(refusal.value) == (
        "nomination: The application has no value for what is judged there: Срок окупаемости, лет"
    )


# --- sheets and rankings


def review_of(session: Session) -> Review:
    contest = factories.contest(session)
    series = factories.nomination(session, contest, weights={"E1": None, "E2": "33"})
    factories.nomination(session, contest, "pilot")
    application = factories.application(session, contest, nomination=series)
    return factories.review(session, factories.expert(session, contest), application, "accepted")


def filled(session: Session, review: Review, *codes: str) -> None:
    session.flush()
    sheet = SheetDraft(
        scores=dict.fromkeys(codes, Decimal(7)), comments={}, recommendation="support", version=review.version
    )
    save_draft(session, review, sheet, by=BY)
    session.flush()


def test_a_sheet_asks_for_what_its_nomination_judges_and_refuses_other_marks(session: Session) -> None:
    review = review_of(session)
    home = review.application.nomination_id
    criteria = sheet_criteria(session, review.contest_id, home)
    assert [(item.code, item.rule.weight) for item in criteria][:2] == [("E2", Decimal(33)), ("E3", Decimal(10))]
    assert criteria == sheet_criteria(session, review.contest_id, home)
    with pytest.raises(Refused) as refusal:
        filled(session, review, "E1")
    assert [fault.path for fault in refusal.value.faults] == ["mark-E1"]
    filled(session, review, "E2", "E3", "E4", "E5", "E6")
    submit_review(session, review, version=review.version, by=BY)
    assert review.status == "submitted"


def test_a_move_waits_until_reviews_without_the_marks_are_returned(session: Session) -> None:
    review = review_of(session)
    filled(session, review, "E2", "E3", "E4", "E5", "E6")
    submit_review(session, review, version=review.version, by=BY)
    session.flush()
    pilot = review.application.contest.nominations[1]
    with pytest.raises(Refused) as refusal:
        moved(session, review.application, pilot.id)
    assert str(refusal.value) == (
        "nomination: Reviews handed in without a mark for what is judged there: 1. Return them first"
    )
    return_review(session, review, reason="Другая номинация", version=review.version, by=BY)
    moved(session, review.application, pilot.id)
    session.refresh(review)
    filled(session, review, "E1", "E2", "E3", "E4", "E5", "E6")
    submit_review(session, review, version=review.version, by=BY)
    assert review.status == "submitted"


def test_a_frozen_ranking_of_nominations_verifies(session: Session) -> None:
    contest = load_contest(session, nominations.record(), by=BY)
    computed = prepare_snapshot(session, contest.id)
    freeze_ranking(session, contest, computed, version=contest.version, by=BY)
    session.flush()
    stored = session.scalars(select(RankingSnapshot)).one()
    assert (stored.record["version"], [row["nomination"] for row in stored.ranking["rows"]]) == (
        2, ["series", "series", "series", "pilot", "pilot"],
    )  # fmt: skip
    assert rankings.stored_ranking(stored) == rankings.compute_ranking(session, contest.id)
    assert offences(session) == set()


def test_an_application_without_a_nomination_keeps_the_ranking_from_being_frozen(session: Session) -> None:
    contest = load_contest(session, nominations.record(), by=BY)
    session.execute(update(Application).where(Application.number == "001").values(nomination_id=None))
    session.expire_all()
    _, ranking = rankings.compute_ranking(session, contest.id)
    assert ("applications", "Applications without a nomination: %(count)s", {"count": 1}) in [
        (fault.path, fault.message, fault.params) for fault in blockers(session, contest, ranking, MOMENT)
    ]
    assert ("nomination-chosen", "001: in no nomination") in offences(session)


def test_divergence_is_told_by_the_weights_of_the_nomination(session: Session) -> None:
    record = nominations.record()
    whole = load_contest(session, record, by=BY)
    found = divergences(session, whole.id)
    ranked = {row.number: row.diverged for row in rankings.compute_ranking(session, whole.id)[1].rows}
    assert {item.number for item in found} == {number for number, diverged in ranked.items() if diverged}
