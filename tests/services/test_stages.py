"""Two stages: a contest is the next stage of another one, and those who passed are carried over once."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.domain.access import CONSOLE, By
from judging.domain.errors import Refused, RuleViolation
from judging.domain.events import Event
from judging.domain.gates import GateClosed
from judging.domain.lifecycle import NotPossible
from judging.models import (
    Application,
    ApplicationSection,
    Cluster,
    Contest,
    Expert,
    JournalRecord,
    Letter,
    TeamMember,
)
from judging.queries.answers import answers_of
from judging.queries.forms import compiled_form_of
from judging.queries.invariants import INVARIANTS
from judging.queries.stages import Earlier, earlier_of, may_enter, passed_of, previous_totals
from judging.services.applications.draft_edit import start_application
from judging.services.applications.stage_carry import Carrying, Who, carry_over, count_carrying, prepare_carrying
from judging.services.contests import StageLink, link_stage
from judging.services.forms.form_store import FormChange, change_form
from judging.services.rankings import approve_ranking, freeze_ranking, prepare_snapshot
from tests import factories
from tests.factories import MOMENT
from tests.forms import sample

AT = By(CONSOLE, MOMENT)
URL = "http://localhost"


def first_stage(session: Session, marks: tuple[int, ...] = (9, 7, 1), **values: Any) -> Contest:
    """A contest with an application of a team a mark, each judged by two; the budget suffices for one or two."""
    rules = factories.PRESET["rules"] | {"pass_total": "40"}
    contest = factories.contest(session, **{"code": "FIRST", "budget": 130_000_000_00, "rules": rules} | values)
    experts = [factories.expert(session, contest) for _ in range(2)]
    for mark in marks:
        team = factories.team(session, factories.user(session), factories.user(session))
        application = factories.application(session, contest, factories.cluster(session, contest, team))
        for expert in experts:
            factories.review(session, expert, application, "submitted", mark=mark)
    return contest


def approved(session: Session, contest: Contest) -> Contest:
    frozen = freeze_ranking(session, contest, prepare_snapshot(session, contest.id), version=contest.version, by=AT)
    session.flush()
    approve_ranking(session, contest, version=contest.version, words="", by=AT)
    session.flush()
    assert frozen.approved_at is not None
    return contest


def second_stage(session: Session, first: Contest, **values: Any) -> Contest:
    contest = factories.contest(session, **{"code": "SECOND", "status": "draft", "published_at": None} | values)
    link_stage(session, contest.id, StageLink(first.id, True, contest.version), by=AT)
    contest.status, contest.published_at = "published", MOMENT
    session.flush()
    return contest


def carried(session: Session, contest: Contest, who: Who = Who.PASSED) -> int:
    made = carry_over(session, contest.id, prepare_carrying(session, contest, who), by=AT, base_url=URL)
    session.flush()
    return made


def drafts(session: Session, contest: Contest) -> list[Application]:
    return list(
        session.scalars(select(Application).where(Application.contest_id == contest.id).order_by(Application.id))
    )


def test_those_who_passed_have_a_draft_with_their_cluster_and_answers(session: Session) -> None:
    first = approved(session, first_stage(session))
    second = second_stage(session, first)
    assert carried(session, second) == 2
    made = drafts(session, second)
    for draft in made:
        earlier = session.get_one(Application, draft.previous_id)
        assert (draft.status, draft.number, draft.team_id) == ("draft", None, earlier.team_id)
        assert draft.cluster.contest_id == second.id
        assert (draft.cluster.name, draft.cluster.region) == (earlier.cluster.name, earlier.cluster.region)
        names = ([m.organisation.inn for m in one.cluster.members] for one in (draft, earlier))
        assert len({tuple(inns) for inns in names}) == 1
        assert draft.initiator is not None
        assert earlier.initiator is not None
        assert (draft.initiator.inn, draft.initiator.contest_id) == (earlier.initiator.inn, second.id)
        before = answers_of(earlier, compiled_form_of(first))
        after = answers_of(draft, compiled_form_of(second))
        kept = {name: one for name, one in before.items() if not name.startswith("consent") and name != "partners"}
        assert {name: after.get(name) for name in kept} == kept
        assert [row["role"] for row in after["partners"]] == ["supplier"]
        consents = (draft.consent_truth, draft.consent_personal_data, draft.consent_no_double_funding)
        assert (consents, draft.documents) == ((False, False, False), [])


def test_it_is_done_once_and_those_who_are_new_are_added(session: Session) -> None:
    first = approved(session, first_stage(session))
    second = second_stage(session, first)
    prepared = prepare_carrying(session, second, Who.WINNERS)
    assert [carry_over(session, second.id, prepared, by=AT, base_url=URL) for _ in range(2)] == [1, 0]
    session.flush()
    assert (carried(session, second), carried(session, second)) == (1, 0)
    counted = count_carrying(session, second, Who.PASSED)
    assert counted is not None
    assert (counted.new, counted.there, counted.without_team) == (0, 2, ())


def test_letters_and_journal_name_what_happened(session: Session) -> None:
    first = approved(session, first_stage(session, marks=(9,)))
    second = second_stage(session, first)
    carried(session, second)
    (draft,) = drafts(session, second)
    members = session.scalars(select(TeamMember.user_id).where(TeamMember.team_id == draft.team_id)).all()
    written = session.scalars(select(Letter).where(Letter.key.startswith("carried:"))).all()
    assert sorted(one.key for one in written) == sorted(f"carried:{draft.id}:{one}" for one in members)
    assert all(f"{URL}/applications/{draft.id}" in one.body for one in written)
    earlier = session.get_one(Application, draft.previous_id)
    records = session.execute(
        select(JournalRecord.event, JournalRecord.details).where(
            JournalRecord.contest_id == second.id, JournalRecord.event.in_(
                (Event.STAGE_CARRIED, Event.APPLICATION_CREATED, Event.CONTEST_CHANGED))
        ).order_by(JournalRecord.id)
    ).all()  # fmt: skip
    assert [(row.event, row.details) for row in records] == [
        ("contest.changed", {"previous_stage": [None, "FIRST"]}),
        ("application.created", {"carried_from": earlier.number, "count": records[1].details["count"]}),
        ("contest.stage_carried", {
            "previous_stage": "FIRST", "who": "passed", "count": 1, "numbers": [earlier.number]}),
    ]  # fmt: skip


def test_nothing_is_carried_before_the_approval_nor_after_the_deadline(session: Session) -> None:
    first = first_stage(session)
    second = second_stage(session, first)
    assert (passed_of(session, first.id), count_carrying(session, second, Who.PASSED)) == (None, None)
    with pytest.raises(NotPossible):
        prepare_carrying(session, second, Who.PASSED)
    with pytest.raises(NotPossible):
        prepare_carrying(session, first, Who.PASSED)
    approved(session, first)
    prepared = prepare_carrying(session, second, Who.PASSED)
    late = By(CONSOLE, second.applications_close)
    with pytest.raises(RuleViolation):
        carry_over(session, second.id, prepared, by=late, base_url=URL)
    with pytest.raises(NotPossible):
        carry_over(session, second.id, replace(prepared, form="another"), by=AT, base_url=URL)
    second.status = "draft"
    with pytest.raises(GateClosed):
        carry_over(session, second.id, prepared, by=AT, base_url=URL)
    assert drafts(session, second) == []


def test_an_application_without_a_team_is_named_and_left(session: Session) -> None:
    first = first_stage(session, marks=(9,))
    alone = factories.application(session, first)
    for expert in session.scalars(select(Expert).where(Expert.contest_id == first.id)):
        factories.review(session, expert, alone, "submitted", mark=9)
    approved(session, first)
    second = second_stage(session, first)
    prepared = prepare_carrying(session, second, Who.PASSED)
    assert (len(prepared.carried), prepared.without_team) == (1, (alone.number,))


def test_a_cluster_that_is_there_already_gets_what_it_lacks(session: Session) -> None:
    first = approved(session, first_stage(session, marks=(9,)))
    second = second_stage(session, first)
    earlier = session.scalars(select(Application).where(Application.contest_id == first.id)).one()
    there = factories.cluster(session, second, earlier.team, members=1, name="Свой")
    assert carried(session, second) == 1
    (draft,) = drafts(session, second)
    assert (draft.cluster_id, draft.cluster.name, len(draft.cluster.members)) == (there.id, "Свой", 5)
    assert session.scalars(select(Cluster).where(Cluster.contest_id == second.id)).all() == [there]


def test_another_form_takes_over_what_it_asks_for_as_well(session: Session) -> None:
    first = approved(session, first_stage(session, marks=(9,)))
    contest = factories.contest(session, code="SECOND", status="draft", published_at=None)
    change_form(session, contest.id, FormChange(sample().form, contest.version), by=AT)
    link_stage(session, contest.id, StageLink(first.id, False, contest.version), by=AT)
    contest.status = "published"
    session.flush()
    assert carried(session, contest) == 1
    (draft,) = drafts(session, contest)
    stored = session.scalars(select(ApplicationSection).where(ApplicationSection.application_id == draft.id)).all()
    fields = {name for row in stored for name in row.answers}
    known = {field.code: field.kind for field in compiled_form_of(first).form.fields()}
    asked = {field.code: field.kind for field in sample().form.fields()}
    kept = {code for code, kind in asked.items() if known.get(code) is kind and kind not in ("file", "consent")}
    assert fields == kept - {"private_share"}


def test_only_teams_that_were_carried_over_apply_where_the_stage_is_closed_to_others(session: Session) -> None:
    first = approved(session, first_stage(session, marks=(9,)))
    second = second_stage(session, first)
    stranger = factories.team(session)
    cluster = factories.cluster(session, second, stranger)
    with pytest.raises(NotPossible) as refusal:
        start_application(session, second, cluster, by=AT)
    assert "only teams whose application passed" in str(refusal.value)
    carried(session, second)
    (draft,) = drafts(session, second)
    assert draft.team_id is not None
    assert (may_enter(session, second, draft.team_id), may_enter(session, second, stranger.id)) == (True, False)
    second.previous_only = False
    session.flush()
    assert start_application(session, second, cluster, by=AT).previous_id is None


def test_the_earlier_total_is_shown_beside_and_a_first_stage_has_none(session: Session) -> None:
    first = approved(session, first_stage(session, marks=(9, 7)))
    second = second_stage(session, first)
    carried(session, second)
    one, other = drafts(session, second)
    one.number, one.status, one.submitted_at = "001", "submitted", MOMENT
    session.flush()
    earlier = session.get_one(Application, one.previous_id)
    found = earlier_of(session, one)
    assert found is not None
    assert found.total is not None
    assert found == Earlier(earlier.id, str(earlier.number), earlier.title, first.id, "FIRST", first.title, found.total)
    assert previous_totals(session, second) == {"001": found.total}
    assert (previous_totals(session, first), earlier_of(session, earlier)) == (None, None)
    assert found.total > Decimal(40)
    assert other.number is None


def test_stages_make_a_chain_and_never_a_circle(session: Session) -> None:
    first = factories.contest(session, code="A", status="draft", published_at=None)
    second = factories.contest(session, code="B", status="draft", published_at=None)
    third = factories.contest(session, code="C", status="draft", published_at=None)

    def link(contest: Contest, to: Contest | int | None) -> None:
        previous = to.id if isinstance(to, Contest) else to
        link_stage(session, contest.id, StageLink(previous, True, contest.version), by=AT)
        session.flush()

    link(second, first)
    link(third, second)
    for contest, to in ((first, third), (first, first), (second, third), (third, 10**6)):
        with pytest.raises(Refused) as refusal:
            link(contest, to)
        assert [fault.path for fault in refusal.value.faults] == ["previous"]
    trial = factories.contest(session, code="D", status="draft", published_at=None, trial=True)
    with pytest.raises(Refused):
        link(third, trial)
    link(third, None)
    assert [one.previous_id for one in (first, second, third)] == [None, first.id, None]
    second.status = "published"
    session.flush()
    with pytest.raises(GateClosed):
        link(second, None)


def test_verification_finds_nothing_in_what_was_carried_over(session: Session) -> None:
    first = approved(session, first_stage(session, applications_open=MOMENT - timedelta(days=9)))
    second = second_stage(session, first)
    carried(session, second)
    known = {one.id for one in drafts(session, second)}
    found = [
        str(offence)
        for one in INVARIANTS
        for offence in one.find(session)
        if offence.subject == "application" and offence.id in known
    ]
    assert found == []
    stages = next(one for one in INVARIANTS if one.code == "stages-linked")
    assert list(stages.find(session)) == []
    drafts(session, second)[0].team_id = factories.team(session).id
    second.previous_id = None
    session.flush()
    assert {str(one).partition(": ")[2] for one in stages.find(session)} == {
        "was carried over from another team", "was carried over from a contest that is not the stage before",
    }  # fmt: skip


def test_the_values_of_the_act_are_read_before_it(session: Session) -> None:
    first = approved(session, first_stage(session, marks=(9,)))
    second = second_stage(session, first)
    prepared = prepare_carrying(session, second, Who.PASSED)
    assert isinstance(prepared, Carrying)
    assert prepared.who is Who.PASSED
    assert [sorted(one.answers) for one in prepared.carried] == [["finance", "indicators", "participants", "passport"]]
