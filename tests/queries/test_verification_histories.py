"""No false alarm: whatever people do through the services, in whatever order, verification finds nothing."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.adapters.archive import read_archive, to_document
from judging.adapters.storage import Storage
from judging.domain.access import ANONYMOUS, CONSOLE, By, Role
from judging.domain.errors import RuleViolation
from judging.domain.lifecycle import Action
from judging.models import Application, Cluster, Conflict, Expert, Grant, GrantRequest, Review, SignIn
from judging.queries.invariants import INVARIANTS
from judging.queries.records import contest_record
from judging.services.accounts import (
    RoleGrant,
    ask_reset,
    block_account,
    grant_role,
    reset_password,
    revoke_role,
    sign_out,
    sign_out_everywhere,
    unblock_account,
)
from judging.services.applications.clusters import change_organisation, data_of, remove_organisation
from judging.services.archives import load_contest
from judging.services.contests import cancel_contest
from judging.services.demo import load_demo
from tests import histories
from tests.histories import History

Act = Callable[[History, int], object]


def one(history: History, model: type, place: int):  # type: ignore[no-untyped-def]  # whatever the model is
    rows = history.session.scalars(select(model).where(model.contest_id == history.contest.id).order_by(model.id)).all()
    if not rows:
        raise RuleViolation("there is none")
    return rows[place % len(rows)]


def role(history: History, place: int) -> None:
    person = history.person_of(one(history, Application, place))
    known = history.session.scalars(select(Grant).where(Grant.user_id == person.id)).first()
    if known is None:
        grant_role(history.session, person, RoleGrant(Role.OBSERVER, contest_id=None), by=history.by())
    else:
        revoke_role(history.session, known, by=history.by())


def block(history: History, place: int) -> None:
    person = history.person_of(one(history, Application, place))
    (block_account if person.active else unblock_account)(history.session, person, by=history.by())


def enter_or_leave(history: History, place: int) -> None:
    """Sign somebody in, or end a session, or all of them."""
    person = history.person_of(one(history, Application, place))
    opened = history.session.scalars(select(SignIn).where(SignIn.user_id == person.id).order_by(SignIn.id)).all()
    if not opened or place % 3 == 0:
        history.sign_in(person)
    elif place % 3 == 1:
        sign_out(history.session, opened[place % len(opened)].id, by=history.by(person))
    else:
        sign_out_everywhere(history.session, person, by=history.by(person))


def request(history: History, place: int) -> None:
    """Ask for a role, or decide on what was asked for."""
    asked = history.session.scalars(select(GrantRequest).order_by(GrantRequest.id.desc())).first()
    if asked is None or asked.outcome is not None:
        history.ask()
    elif place % 2:
        history.approve_role(asked)
        if place % 4 == 1:
            history.accept(history.token(asked.email, "invitations"))
    else:
        history.end_request(asked)


def cluster(history: History, place: int) -> None:
    """Enter an organisation, take one out of those that take part in nothing, or correct one."""
    item = one(history, Cluster, place)
    free = [member.organisation for member in item.members][3:]
    if not free or place % 3 == 0:
        history.enter(item, managing=place % 2 == 1)
    elif place % 3 == 1:
        remove_organisation(history.session, item, free[-1], by=history.by())
    else:
        known = data_of(item, free[-1])
        data = replace(known, name="ООО «Другое»", member=not known.member or not known.managing)
        change_organisation(history.session, item, free[-1], data, version=item.version, by=history.by())


def forget_password(history: History, place: int) -> None:
    person = history.register() if place % 2 else history.administrator()
    if place % 2:
        ask_reset(history.session, email=person.email, by=By(ANONYMOUS, history.later()), base_url=histories.URL)
    token = history.token(person.email, "reset-password")
    history.sign_in(person)
    reset_password(history.session, token, hashed="-", by=By(ANONYMOUS, history.later()), base_url=histories.URL)


ACTS: tuple[Act, ...] = (
    lambda h, n: h.submit(h.draft()),
    lambda h, n: h.decide(one(h, Application, n), (Action.ADMIT, Action.REJECT, Action.REINSTATE)[n % 3]),
    lambda h, n: h.decide(one(h, Application, n), Action.ADMIT),
    lambda h, n: h.withdraw(one(h, Application, n)),
    lambda h, n: h.upload(one(h, Application, n), "passport", "Паспорт.pdf", b"%d" % n),
    lambda h, n: h.remove(one(h, Application, n)),
    lambda h, n: h.expert(joined=n % 2 == 0),
    lambda h, n: h.change(one(h, Expert, n)),
    lambda h, n: h.propose(one(h, Expert, n), one(h, Application, n // 3)),
    lambda h, n: h.propose(one(h, Expert, n // 2), one(h, Application, n)),
    lambda h, n: h.notify(),
    lambda h, n: h.declare(one(h, Review, n)),
    lambda h, n: h.save(one(h, Review, n), mark=n % 11),
    lambda h, n: h.hand_in(one(h, Review, n)),
    lambda h, n: h.give_back(one(h, Review, n)),
    lambda h, n: h.set_aside(one(h, Review, n)),
    lambda h, n: h.count_again(one(h, Review, n)),
    lambda h, n: h.hand_over(one(h, Review, n), one(h, Expert, n // 2)),
    lambda h, n: h.recuse(one(h, Review, n)),
    lambda h, n: h.remove_task(one(h, Review, n)),
    lambda h, n: h.remove_proposals(),
    lambda h, n: h.bar(one(h, Expert, n), one(h, Application, n // 2)),
    lambda h, n: h.lift(one(h, Conflict, n)),
    lambda h, n: h.extend(1 + n % 3),
    lambda h, n: h.freeze(),
    lambda h, n: h.unfreeze(),
    lambda h, n: h.approve(),
    lambda h, n: h.publish_results(),
    lambda h, n: n % 6 or cancel_contest(h.session, h.contest.id, "Нет денег", version=h.contest.version, by=h.by()),
    role,
    enter_or_leave,
    request,
    cluster,
    cluster,
    forget_password,
    lambda h, n: block(h, n),
)


def found(session: Session) -> list[tuple[str, str]]:
    session.flush()
    session.expire_all()
    return [(one.code, str(offence)) for one in INVARIANTS if not one.warning for offence in one.find(session)]


def carry_out(history: History, act: Act, place: int) -> None:
    """As a request does: what is refused leaves nothing."""
    with history.session.begin_nested() as nested:
        try:
            act(history, place)
            history.session.flush()
        except RuleViolation:
            nested.rollback()
            history.session.expire_all()


@pytest.fixture
def base(session: Session) -> History:
    history = histories.begun(session)
    for _ in range(2):
        history.decide(history.submit(history.draft()), Action.ADMIT)
    for _ in range(2):
        history.expert()
    session.flush()
    return history


@given(acts=st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 30)), min_size=8, max_size=24))
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_sequence_of_acts_is_held_against_anybody(base: History, acts: list[tuple[Act, int]]) -> None:
    session = base.session
    begin = base.now
    with session.begin_nested() as nested:
        for act, place in acts:
            carry_out(base, act, place)
        offences = found(session)
        nested.rollback()
    session.expire_all()
    base.now = begin
    assert offences == []


@pytest.mark.parametrize("steps", [0, 1, 2, 3])
def test_a_contest_dumped_in_any_stage_and_loaded_again_holds(session: Session, steps: int) -> None:
    """As another contest, and in place of itself where it may be replaced."""
    history = histories.judged(session)
    last = session.scalars(select(Review).where(Review.status == "accepted")).one()
    for act in (lambda: history.hand_in(last), history.freeze, history.unfreeze)[:steps]:
        act()
    session.flush()
    record = read_archive(archive_bytes(session, history))
    load_contest(session, record, by=By(CONSOLE, history.now), replace=True)
    assert found(session) == []
    loaded = session.scalars(select(Review).where(Review.status == "submitted").order_by(Review.id)).first()
    assert loaded is not None
    history.give_back(loaded)
    assert found(session) == []


def test_a_team_may_change_its_organisations_once_its_application_is_withdrawn(base: History) -> None:
    """The receipt is of what was submitted; what the records have changed since is not held against anybody."""
    application = one(base, Application, 0)
    base.withdraw(application)
    base.enter(base.session.get_one(Cluster, application.cluster_id), managing=True)
    assert found(base.session) == []


def archive_bytes(session: Session, history: History) -> bytes:
    session.expire_all()
    return json.dumps(to_document(contest_record(session, history.contest.id))).encode()


@pytest.mark.databases("sqlite")
def test_the_demonstration_holds(session: Session) -> None:
    load_demo(session, Storage.from_url("memory:///"), now=histories.MOMENT)
    assert found(session) == []
    warned = {one.code for one in INVARIANTS if one.warning and list(one.find(session))}
    assert "journal-in-order" not in warned
