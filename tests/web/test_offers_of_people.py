"""What pages of experts, of conflicts and of an expert's own tasks offer is what the services take."""

from collections.abc import Mapping
from itertools import product

import pytest
from sqlalchemy.orm import Session

from judging.domain.access import By
from judging.domain.conflicts import Reason
from judging.domain.lifecycle import ContestStatus, ReviewStatus
from judging.models import Conflict, Contest, Expert, Review
from judging.services import assignment, conflicts, experts, scoring
from judging.services.experts import ExpertData
from tests.conftest import Store
from tests.web.offering import STAFF, Ids, Offer, World, differences, put, world

__all__ = ["world"]

DATABASES = ("sqlite",)
SECRETARY = ("secretary",)


def free(session: Session, ids: Ids) -> Expert:
    """The expert without a task."""
    return session.get_one(Expert, ids["free"])


def add(session: Session, ids: Ids, by: By) -> object:
    """One more expert."""
    contest = session.get_one(Contest, ids["contest"])
    return experts.add_expert(session, contest, card("new@example.org"), by=by)


def card(email: str) -> ExpertData:
    return ExpertData(email=email, name="Новый Эксперт", region="77", topics=("28.41",), max_load=5)


def change(session: Session, ids: Ids, by: By) -> object:
    """The card, another name."""
    expert = free(session, ids)
    return experts.change_expert(session, expert, card(expert.email), version=expert.version, by=by)


def remove(session: Session, ids: Ids, by: By) -> object:
    """The card of who has no review."""
    return experts.remove_expert(session, free(session, ids), version=free(session, ids).version, by=by)


def enter(session: Session, ids: Ids, by: By) -> object:
    """A conflict of the expert who has no task."""
    application = session.get_one(Review, ids["review"]).application
    return conflicts.enter_conflict(session, expert=free(session, ids), application=application, reason="r", by=by)


def detect(session: Session, ids: Ids, by: By) -> object:
    """Conflicts by ИНН."""
    return conflicts.detect_all(session, ids["contest"], by=by)


def lift(session: Session, ids: Ids, by: By) -> object:
    """The conflict that there is."""
    return conflicts.lift_conflict(session, session.get_one(Conflict, ids["conflict"]), reason="r", by=by)


def remind(session: Session, ids: Ids, by: By) -> object:
    """Everybody who has something to hand in."""
    contest = session.get_one(Contest, ids["contest"])
    return assignment.remind_experts(session, contest, by=by, tasks_url="http://x")


def recuse(session: Session, ids: Ids, by: By) -> object:
    """The expert declares a conflict."""
    review = session.get_one(Review, ids["review"])
    return scoring.recuse(session, review, reason=Reason.OTHER.value, words="Так", by=by)


def refuse(session: Session, ids: Ids, by: By) -> object:
    """The expert refuses the task."""
    review = session.get_one(Review, ids["review"])
    return scoring.decline_review(session, review, reason="overloaded", words="", by=by, refusals_url="http://x")


def ask_again(session: Session, ids: Ids, by: By) -> object:
    """The expert who refused is asked again."""
    review, contest = session.get_one(Review, ids["review"]), session.get_one(Contest, ids["contest"])
    return assignment.ask_again(session, contest, review, version=review.version, by=by, tasks_url="http://x")


LIST = "/staff/contests/OFFERS/conflicts"
PAGES: Mapping[str, tuple[Offer, ...]] = {
    LIST: (
        Offer("enter", 'href="{page}/new"', SECRETARY, enter),
        Offer("detect", 'action="{page}/detection"', SECRETARY, detect),
    ),
    LIST + "/{conflict}": (Offer("lift", 'action="{page}/lifting"', SECRETARY, lift),),
    "/staff/contests/OFFERS/experts": (Offer("add", 'href="{page}/new"', SECRETARY, add),),
    "/staff/contests/OFFERS/experts/{free}": (
        Offer("save", "data-guard", SECRETARY, change),
        Offer("remove", 'action="{page}/removal"', SECRETARY, remove),
        Offer("enter", 'href="/staff/contests/OFFERS/conflicts/new?expert=', SECRETARY, enter),
    ),
}
OWN = "/reviews/{review}"
OWN_ACTS = (Offer("declare a conflict", 'href="{page}/recusal"', ("expert",), recuse),)
PROGRESS = "/staff/contests/OFFERS/progress"
REFUSALS = (Offer("ask again", '/asking"', SECRETARY, ask_again),)
REFUSAL = (Offer("refuse", 'href="/reviews/{review}/refusal"', ("expert",), refuse),)
REMINDER = (Offer("remind", 'href="{page}/reminder"', SECRETARY, remind),)


@pytest.mark.parametrize("page", PAGES)
def test_staff_are_offered_what_can_be_done_about_experts(store: Store, world: World, page: str) -> None:
    faults: list[str] = []
    offered: set[str] = set()
    for contest in ContestStatus:
        put(store, world, contest=contest)
        faults += differences(store, world, page, PAGES[page], STAFF, offered)
    assert (faults, offered) == ([], {f"secretary: {one.name}" for one in PAGES[page]})


def test_staff_are_offered_to_remind_while_something_is_awaited(store: Store, world: World) -> None:
    faults: list[str] = []
    offered: set[str] = set()
    for contest, review in product(ContestStatus, (ReviewStatus.ASSIGNED, ReviewStatus.ACCEPTED)):
        put(store, world, contest=contest, review=review)
        faults += differences(store, world, PROGRESS, REMINDER, STAFF, offered)
    assert (faults, offered) == ([], {"secretary: remind"})


def test_staff_are_offered_to_ask_an_expert_again_who_refused(store: Store, world: World) -> None:
    faults: list[str] = []
    offered: set[str] = set()
    for contest, review in product(ContestStatus, (ReviewStatus.ASSIGNED, ReviewStatus.DECLINED)):
        put(store, world, contest=contest, review=review)
        faults += differences(store, world, PROGRESS + "/refusals", REFUSALS, STAFF, offered)
    assert (faults, offered) == ([], {"secretary: ask again"})


def test_an_expert_is_offered_to_refuse_a_new_task(store: Store, world: World) -> None:
    faults: list[str] = []
    offered: set[str] = set()
    for contest in set(ContestStatus) - {ContestStatus.DRAFT}:
        put(store, world, review=ReviewStatus.ASSIGNED, contest=contest)
        faults += differences(store, world, "/reviews", REFUSAL, ("expert",), offered)
    assert (faults, offered) == ([], {"expert: refuse"})


def test_an_expert_is_offered_what_can_be_done_about_a_task(store: Store, world: World) -> None:
    faults: list[str] = []
    offered: set[str] = set()
    for contest in set(ContestStatus) - {ContestStatus.DRAFT}:  # nobody judges in a draft
        put(store, world, review=ReviewStatus.ACCEPTED, contest=contest)
        faults += differences(store, world, OWN, OWN_ACTS, ("expert",), offered)
    assert (faults, offered) == ([], {"expert: declare a conflict"})
