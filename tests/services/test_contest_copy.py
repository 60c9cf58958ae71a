"""A contest made from an earlier one has all that was decided of it and nothing that came of it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from judging.domain.access import CONSOLE, Actor, By
from judging.domain.distribution import DistributionRules, Goal
from judging.domain.errors import Refused
from judging.domain.events import Event
from judging.domain.milestones import After, Code
from judging.domain.workdays import Unit
from judging.models import (
    Application,
    Cluster,
    Conflict,
    Contest,
    Expert,
    FormVersion,
    Grant,
    JournalRecord,
    Organisation,
    Review,
    User,
)
from judging.queries.contest_settings import settings_of_contest
from judging.queries.forms import form_of
from judging.queries.invariants import INVARIANTS
from judging.queries.old_years import old_years
from judging.services.assignment import change_assignment_rules
from judging.services.contest_settings import ContestCopy, copied_staff, copy_contest
from judging.services.forms.form_store import FormChange, change_form
from judging.services.milestones.milestone_edit import MilestonePlan, set_milestone
from tests import factories
from tests.factories import MOMENT
from tests.forms import sample

MILESTONES = {
    Code.MEETING: MOMENT + timedelta(days=50), Code.RESULTS: After(Code.MEETING, 3, Unit.WORKING),
}  # fmt: skip
OPENS = datetime(2027, 2, 1, 6, 0, tzinfo=UTC)


def by(person: User | None = None) -> By:
    return By(CONSOLE if person is None else Actor(person.id, person.name), MOMENT)


def held(session: Session) -> Contest:
    """A contest that was held: staff, an application with its review, an expert in conflict."""
    contest = factories.contest(session, title="Конкурс 2026 года", summary="Заявки в марте 2026 года. Итоги к 2027.")
    first = factories.application(session, contest)
    expert = factories.expert(session, contest)
    factories.review(session, expert, first, "submitted")
    factories.conflict(session, factories.expert(session, contest), first)
    rules = DistributionRules(goal=Goal.LEXIMIN, min_load=2, seed=7)
    change_assignment_rules(session, contest, rules, version=0, by=by())
    session.flush()
    for code, plan in MILESTONES.items():
        set_milestone(session, contest.id, MilestonePlan(code, plan, "Так решено", contest.version), by=by())
        session.flush()
    return contest


def roles(session: Session, contest: Contest) -> list[tuple[str, str]]:
    rows = session.execute(
        select(User.name, Grant.role).join(Grant.user).where(Grant.contest_id == contest.id).order_by(User.id)
    )
    return [(row.name, row.role) for row in rows]


def copied(session: Session, base: Contest, **values: Any) -> Contest:
    wanted = ContestCopy(**{"code": "NEXT", "opens": OPENS} | values)
    made = copy_contest(session, base.id, wanted, by=by())
    session.flush()
    return made


def test_settings_are_the_same_and_dates_as_far_from_the_new_opening(session: Session) -> None:
    base = held(session)
    made = copied(session, base)
    before, after = settings_of_contest(session, base), settings_of_contest(session, made)
    shift = OPENS - base.applications_open
    dates = {name: getattr(base, name) + shift for name in ("applications_open", "applications_close", "review_close")}
    assert dates["applications_open"] == OPENS
    milestones = MILESTONES | {Code.MEETING: MOMENT + timedelta(days=50) + shift}
    assert before.milestones == MILESTONES
    assert after == replace(
        before,
        terms=replace(before.terms, **dates),
        assignment=replace(before.assignment, version=1),
        milestones=milestones,
    )
    assert (made.code, made.status, made.published_at, made.copied_from_id) == ("NEXT", "draft", None, base.id)
    assert (made.document_slots, made.indicators, made.partner_roles) == (
        base.document_slots, base.indicators, base.partner_roles,
    )  # fmt: skip


def test_nothing_that_came_of_it_is_copied(session: Session) -> None:
    made = copied(session, held(session))
    counted = {
        model.__name__: session.scalar(select(func.count()).where(model.contest_id == made.id))
        for model in (Application, Cluster, Organisation, Expert, Conflict, Review)
    }
    assert counted == dict.fromkeys(counted, 0)
    assert (made.frozen_base, made.applications_received, made.cancelled_reason) == (None, 0, None)


def test_the_form_in_force_is_the_draft_s_first_version_and_its_note_names_the_base(session: Session) -> None:
    base = factories.contest(session, status="draft", code="BASE-2026")
    change_form(session, base.id, FormChange(sample().form, base.version), by=by())
    made = copied(session, base)
    row = session.scalars(select(FormVersion).where(FormVersion.contest_id == made.id)).one()
    known = session.scalars(select(FormVersion).where(FormVersion.contest_id == base.id)).one()
    assert (row.number, row.revision, row.document, row.sha256, row.note, row.published_at) == (
        1, 0, known.document, known.sha256, "По форме конкурса BASE-2026", None,
    )  # fmt: skip


def test_staff_whose_account_is_open_have_their_roles_but_not_whoever_makes_the_copy(session: Session) -> None:
    base = factories.contest(session)
    maker = factories.user(session, "secretary")
    maker.grants.append(Grant(role="chair", contest_id=base.id, granted_at=MOMENT))
    for name, role in (("Секретарь", "secretary"), ("Наблюдатель", "observer")):
        factories.user(session, role, base, name=name)
    factories.user(session, "chair", base, name="Ушёл", active=False)
    factories.user(session, "secretary", name="Везде")
    session.flush()
    made = copy_contest(session, base.id, ContestCopy("NEXT", OPENS), by=by(maker))
    alone = copy_contest(session, base.id, ContestCopy("ALONE", OPENS, staff=False), by=by(maker))
    session.flush()
    assert roles(session, made) == [("Секретарь", "secretary"), ("Наблюдатель", "observer")]
    assert roles(session, alone) == []
    assert sorted(one.user.name for one in copied_staff(session, base.id, None)) == sorted(
        ["Наблюдатель", "Секретарь", maker.name]
    )
    given = session.scalars(select(JournalRecord.details).where(JournalRecord.event == Event.ROLE_GRANTED)).all()
    assert given == [{"role": role, "copied_from": base.code} for role in ("observer", "secretary")]


def test_the_journal_names_the_base_and_verification_finds_nothing_in_the_copy(session: Session) -> None:
    made = copied(session, held(session))
    record = session.scalars(select(JournalRecord).where(JournalRecord.event == Event.CONTEST_CREATED)).one()
    base = session.get_one(Contest, made.copied_from_id)
    assert record.details == {"code": "NEXT", "copied_from": base.code}
    found = [offence for one in INVARIANTS for offence in one.find(session)]
    assert [offence for offence in found if (offence.subject, offence.id) == ("contest", made.id)] == []


def test_texts_that_name_a_year_of_the_base_are_pointed_at_and_left_alone(session: Session) -> None:
    made = copied(session, held(session))
    assert [(one.path, one.text, one.years) for one in old_years(session, made)] == [
        ("terms.title", "Конкурс 2026 года", ("2026",)),
        ("terms.summary", "Заявки в марте 2026 года. Итоги к 2027.", ("2026",)),
    ]
    same_year = copied(session, held(session), code="AGAIN", opens=datetime(2026, 11, 1, tzinfo=UTC))
    assert old_years(session, same_year) == ()
    made.status = "published"
    assert old_years(session, made) == ()


@pytest.mark.parametrize(
    ("values", "faults"),
    [
        ({"code": "no code"}, ["code"]),
        ({"code": "BASE-1"}, ["code"]),
        ({"opens": datetime(9000, 12, 31, tzinfo=UTC)}, ["opens"]),
        ({"opens": datetime(9999, 12, 31, tzinfo=UTC), "code": ""}, ["code", "opens"]),
    ],
)
def test_what_is_wrong_is_told_beside_its_field(session: Session, values: dict[str, Any], faults: list[str]) -> None:
    base = factories.contest(session, code="BASE-1")
    with pytest.raises(Refused) as refusal:
        copied(session, base, **values)
    assert [fault.path for fault in refusal.value.faults] == faults


def test_dates_are_counted_by_the_clock_on_the_wall(session: Session) -> None:
    spring = datetime(2025, 3, 1, 8, 0, tzinfo=UTC)
    base = factories.contest(
        session, timezone="Europe/Berlin", applications_open=spring, applications_close=spring + timedelta(days=60),
        review_close=spring + timedelta(days=90),
    )  # fmt: skip
    made = copied(session, base, opens=datetime(2026, 6, 1, 7, 0, tzinfo=UTC))
    assert [made.applications_open, made.applications_close, made.review_close] == [
        datetime(2026, 6, 1, 7, 0, tzinfo=UTC), datetime(2026, 7, 31, 8, 0, tzinfo=UTC),
        datetime(2026, 8, 30, 8, 0, tzinfo=UTC),
    ]  # fmt: skip


def test_nominations_are_copied_with_what_the_form_asks_in_each(session: Session) -> None:
    base = held(session)
    factories.nomination(session, base, weights={"E1": None}, budget="100000000.00")
    factories.nomination(session, base, "pilot")
    form = sample().form
    sections = tuple(
        replace(part, nominations=("pilot",)) if part.code == form.sections[-1].code else part for part in form.sections
    )
    base.status = "draft"
    session.flush()
    change_form(session, base.id, FormChange(replace(form, sections=sections), base.version), by=by())
    session.flush()
    made = copied(session, base)
    assert [(row.code, row.definition) for row in made.nominations] == [
        (row.code, row.definition) for row in base.nominations
    ]
    assert form_of(made).sections[-1].nominations == ("pilot",)
    found = [str(one) for check in INVARIANTS for one in check.find(session)]
    assert [one for one in found if f"contest {made.id}:" in one] == []
