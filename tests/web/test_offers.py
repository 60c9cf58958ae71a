"""What a page offers is what the service takes: every status of the object and of its contest, every role that sees it.

What a page offers is read from its HTML; what a service takes is tried in a transaction that is rolled back. Who may
is written down here by hand.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from itertools import product
from typing import Any

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from judging.domain.access import By, Role, Scope, roles_at
from judging.domain.discussion import MessageAudience
from judging.domain.forms.checklist import Verdict
from judging.domain.gates import CLOSED, GATES, Act
from judging.domain.lifecycle import (
    Action,
    ApplicationStatus,
    ContestStatus,
    PlanStatus,
    ReviewStatus,
    Subject,
    transition,
)
from judging.domain.milestones import Code
from judging.domain.visibility import STRICT
from judging.models import (
    AgreedScore,
    Application,
    AssignmentPlan,
    Contest,
    DiscussionRules,
    Expert,
    RankingSnapshot,
    Review,
    SubmissionReturn,
)
from judging.queries.agreed_scores import agreed_of
from judging.queries.contests import rules_of
from judging.queries.discussions import discussion_rules
from judging.services import (
    admission,
    agreed_scores,
    assignment,
    checklist,
    conflicts,
    discussions,
    milestones,
    rankings,
    scoring,
)
from judging.services import contests as contest_services
from judging.services.applications import application_submit, draft_edit, own_edit, returns, withdrawal
from judging.services.contests.visibility import change_visibility
from judging.web.offers import KNOWN, Acts
from tests import factories
from tests.conftest import Store
from tests.factories import MOMENT
from tests.web.offering import STAFF, Ids, Offer, Trial, World, differences, put, world

__all__ = ["world"]

DATABASES = ("sqlite",)


def decide(action: Action) -> Trial:
    """A decision on the application."""
    return lambda session, ids, by: admission.decide_application(
        session,
        session.get_one(Application, ids["application"]),
        admission.Decision(action, session.get_one(Application, ids["application"]).version, reason="r", clause="c"),
        by=by,
    )


def in_contest(service: Callable[..., object], **more: Any) -> Trial:
    """A service that takes the contest's row and its version."""
    return lambda session, ids, by: service(
        session,
        session.get_one(Contest, ids["contest"]),
        version=session.get_one(Contest, ids["contest"]).version,
        **more,
        by=by,
    )


def of_contest(service: Callable[..., object], *more: Any) -> Trial:
    """A service that takes the contest's id and its version."""
    return lambda session, ids, by: service(
        session, ids["contest"], *more, version=session.get_one(Contest, ids["contest"]).version, by=by
    )


def of_plan(service: Callable[..., object]) -> Trial:
    """A service that takes the open draft and its version."""
    return lambda session, ids, by: service(
        session,
        session.get_one(Contest, ids["contest"]),
        session.get_one(AssignmentPlan, ids["plan"]),
        version=session.get_one(AssignmentPlan, ids["plan"]).version,
        by=by,
    )


def enter(session: Session, ids: Ids, by: By) -> object:
    """A conflict of the expert who has no task."""
    expert, application = session.get_one(Expert, ids["free"]), session.get_one(Application, ids["application"])
    return conflicts.enter_conflict(session, expert=expert, application=application, reason="r", by=by)


def take_off(session: Session, ids: Ids, by: By) -> object:
    """The task, whatever is on its sheet."""
    contest, review = session.get_one(Contest, ids["contest"]), session.get_one(Review, ids["review"])
    return assignment.remove_review(session, contest, review, version=review.version, reason="r", by=by)


def give_back(session: Session, ids: Ids, by: By) -> object:
    """The review to its expert."""
    review = session.get_one(Review, ids["review"])
    return scoring.return_review(session, review, version=review.version, reason="r", by=by)


def put_aside(session: Session, ids: Ids, by: By) -> object:
    """The review, out of the count."""
    review = session.get_one(Review, ids["review"])
    return scoring.set_review_aside(session, review, version=review.version, reason="r", by=by)


def count_again(session: Session, ids: Ids, by: By) -> object:
    """The review that was set aside."""
    review = session.get_one(Review, ids["review"])
    return scoring.count_review_again(session, review, version=review.version, reason="r", by=by)


def replace(session: Session, ids: Ids, by: By) -> object:
    """The task, to the expert who has none."""
    contest, review = session.get_one(Contest, ids["contest"]), session.get_one(Review, ids["review"])
    change = assignment.Reassignment(session.get_one(Expert, ids["free"]), review.version, "r")
    return assignment.reassign_review(session, contest, review, change, by=by, tasks_url="http://x")


def withdraw(session: Session, ids: Ids, by: By) -> object:
    """The application by its team."""
    return withdrawal.withdraw_application(session, ids["application"], reason="r", by=by)


def change(session: Session, ids: Ids, by: By) -> object:
    """The submitted application, by its team."""
    version = session.get_one(Application, ids["application"]).version
    return own_edit.open_own_edit(session, ids["application"], version=version, by=by)


def give_up_changes(session: Session, ids: Ids, by: By) -> object:
    """What the team has changed."""
    return own_edit.cancel_own_edit(session, ids["application"], by=by)


def come_back(session: Session, ids: Ids, by: By) -> object:
    """The application that was withdrawn."""
    version = session.get_one(Application, ids["application"]).version
    return withdrawal.undo_withdrawal(session, ids["application"], version=version, by=by)


def fill_in(session: Session, ids: Ids, by: By) -> object:
    """A section that no return opens, as the team of a draft fills it in."""
    return draft_edit.open_section(session, ids["application"], "passport", now=by.now)


def correct(session: Session, ids: Ids, by: By) -> object:
    """A section that the return opens, or any of a draft."""
    return draft_edit.open_section(session, ids["application"], "finance", now=by.now)


def return_for_correction(session: Session, ids: Ids, by: By) -> object:
    """The application to its team, for its finance."""
    key, later = ids["application"], by.now + timedelta(days=3)
    version = session.get_one(Application, key).version
    return returns.return_application(session, key, {"finance": "r"}, later, version=version, by=by)


def end_the_return(session: Session, ids: Ids, by: By) -> object:
    """The correction before its time."""
    return returns.end_return(session, ids["application"], reason="r", by=by)


def mark(session: Session, ids: Ids, by: By) -> object:
    """The first point of the formal check."""
    return checklist.mark_points(session, ids["application"], {"K1": checklist.MarkDraft(Verdict.YES)}, by=by)


def move_dates(session: Session, ids: Ids, by: By) -> object:
    """The end of the review, by a day."""
    contest = session.get_one(Contest, ids["contest"])
    dates = application_submit.calendar_of(contest)
    later = type(dates)(dates.applications_open, dates.applications_close, dates.review_close + timedelta(days=1))
    return contest_services.extend_schedule(session, contest.id, later, "r", version=contest.version, by=by)


def plan(code: Code) -> Trial:
    """The date of a milestone, the day after."""

    def trial(session: Session, ids: Ids, by: By) -> object:
        contest = session.get_one(Contest, ids["contest"])
        wanted = milestones.MilestonePlan(code, by.now + timedelta(days=1), "r", contest.version)
        return milestones.set_milestone(session, contest.id, wanted, by=by)

    return trial


def give_time(session: Session, ids: Ids, by: By) -> object:
    """More time for the expert who has no task."""
    until = session.get_one(Contest, ids["contest"]).review_close + timedelta(days=1)
    return milestones.extend_expert(session, ids["free"], milestones.ExtensionRequest(until, "r"), by=by)


def change_rules(session: Session, ids: Ids, by: By) -> object:
    """The rules, to what they are."""
    contest = session.get_one(Contest, ids["contest"])
    stored = rules_of(contest)
    return contest_services.change_rules(session, contest.id, stored, version=contest.version, by=by)


def hide_marks(session: Session, ids: Ids, by: By) -> object:
    """Marks, from staff until the reviews close."""
    contest = session.get_one(Contest, ids["contest"])
    return change_visibility(session, contest.id, STRICT, version=contest.version, by=by)


def freeze(session: Session, ids: Ids, by: By) -> object:
    """The ranking as it is."""
    contest = session.get_one(Contest, ids["contest"])
    computed = rankings.prepare_snapshot(session, contest.id)
    return rankings.freeze_ranking(session, contest, computed, version=contest.version, by=by)


def write_message(session: Session, ids: Ids, by: By) -> object:
    """A word to the commission, as what the person is."""
    roles = frozenset(roles_at(by.actor, Scope(contest_id=ids["contest"]))) - {Role.PUBLIC, Role.SIGNED_IN}
    message = discussions.NewMessage("r", MessageAudience.COMMISSION)
    author = discussions.Author(roles)
    return discussions.write_message(session, ids["application"], message, author, by=by, base_url="")


def set_discussion(session: Session, ids: Ids, by: By) -> object:
    """The rules of the discussion, as they are."""
    contest, stored = session.get_one(Contest, ids["contest"]), discussion_rules(session, ids["contest"])
    return discussions.change_discussion_rules(session, contest, stored, version=stored.version, by=by)


def name_lead(session: Session, ids: Ids, by: By) -> object:
    """The expert of the review."""
    application, review = session.get_one(Application, ids["application"]), session.get_one(Review, ids["review"])
    agreed = agreed_of(session, application.id)
    naming = agreed_scores.Naming(review.expert, agreed.version if agreed else 0)
    return agreed_scores.name_lead(session, application, naming, by=by, base_url="")


def return_agreed(session: Session, ids: Ids, by: By) -> object:
    """The agreed score to its lead."""
    agreed = session.scalars(select(AgreedScore)).one()
    return agreed_scores.return_agreed(session, agreed, reason="r", version=agreed.version, by=by, base_url="")


SECRETARY, CHAIR, TEAM = ("secretary",), ("chair",), ("team",)
OWN = "/applications/{application}"
REGISTER = "/staff/contests/OFFERS/applications/{application}"
RANKING = "/staff/contests/OFFERS/ranking"
DISCUSSION, AGREED = "/applications/{application}/discussion", "/applications/{application}/agreed-score"
PAGES: Mapping[str, tuple[Offer, ...]] = {
    OWN: (
        Offer("fill in", 'class="task-list__link" href="{page}/passport"', TEAM, fill_in),
        Offer("check", 'href="{page}/check"', TEAM, correct),
        Offer("correct", 'class="task-list__link" href="{page}/finance"', TEAM, correct),
        Offer("withdraw", 'href="{page}/withdrawal"', TEAM, withdraw),
        Offer("change", 'href="{page}/changes"', TEAM, change),
        Offer("give up the changes", 'href="{page}/changes/cancellation"', TEAM, give_up_changes),
        Offer("come back", 'href="{page}/withdrawal/undoing"', TEAM, come_back),
    ),
    REGISTER: (
        Offer("admit", 'href="{page}/admission"', SECRETARY, decide(Action.ADMIT)),
        Offer("reject", 'href="{page}/rejection"', SECRETARY, decide(Action.REJECT)),
        Offer("reinstate", 'href="{page}/reinstatement"', SECRETARY, decide(Action.REINSTATE)),
        Offer("withdraw", 'href="{page}/withdrawal"', SECRETARY, decide(Action.WITHDRAW)),
        Offer("give back", 'href="{page}/correction"', SECRETARY, return_for_correction),
        Offer("end the return", 'href="{page}/correction/end"', SECRETARY, end_the_return),
        Offer("mark", 'href="{page}/marks"', SECRETARY, mark),
        Offer("enter a conflict", 'href="/staff/contests/OFFERS/conflicts/new?', SECRETARY, enter),
    ),
    "/staff/contests/OFFERS": (
        Offer("publish", 'href="{page}/publication"', SECRETARY, of_contest(contest_services.publish_contest)),
        Offer("move dates", 'href="{page}/schedule"', SECRETARY, move_dates),
        Offer("cancel", 'href="{page}/cancellation"', SECRETARY, of_contest(contest_services.cancel_contest, "r")),
    ),
    "/staff/contests/OFFERS/milestones": (
        Offer("plan", 'href="{page}/meeting"', SECRETARY, plan(Code.MEETING)),
        Offer("announce a deadline", 'href="{page}/review_soft"', SECRETARY, plan(Code.REVIEW_SOFT)),
        Offer(
            "close by hand",
            'href="{page}/applications_close/by-hand"',
            SECRETARY,
            of_contest(milestones.come_by_hand, Code.APPLICATIONS_CLOSE, "r"),
        ),
        Offer("give time", 'href="/staff/contests/OFFERS/extensions/expert"', SECRETARY, give_time),
    ),
    "/staff/contests/OFFERS/rules": (
        Offer("change", 'button--secondary" href="{page}/scoring"', SECRETARY, change_rules),
        Offer("who sees marks", 'button--secondary" href="{page}/visibility"', SECRETARY, hide_marks),
    ),
    "/staff/contests/OFFERS/reviews/{review}": (
        Offer("return", 'action="{page}/return"', SECRETARY, give_back),
        Offer("set aside", 'action="{page}/set-aside"', SECRETARY, put_aside),
        Offer("count again", 'action="{page}/count-again"', SECRETARY, count_again),
    ),
    "/staff/contests/OFFERS/assignment/applications/{application}": (
        Offer("take off", 'action="/staff/contests/OFFERS/assignment/reviews/{review}/removal"', SECRETARY, take_off),
        Offer("replace", 'href="/staff/contests/OFFERS/assignment/reviews/{review}/replacement"', SECRETARY, replace),
    ),
    "/staff/contests/OFFERS/assignment/draft": (
        Offer("discard", 'action="{page}/removal"', SECRETARY, of_plan(assignment.discard_plan)),
        Offer("apply", 'value="application"', SECRETARY, of_plan(assignment.apply_plan)),
    ),
    DISCUSSION: (Offer("write", 'action="{page}"', (*SECRETARY, *CHAIR), write_message),),
    "/staff/contests/OFFERS/discussions/rules": (
        Offer("set", ">Сохранить правила</button>", SECRETARY, set_discussion),
    ),
    AGREED: (
        Offer("name", 'action="{page}/lead"', (*SECRETARY, *CHAIR), name_lead),
        Offer("return", 'action="{page}/return"', SECRETARY, return_agreed),
    ),
    RANKING: (
        Offer("freeze", 'action="{page}/freeze"', SECRETARY, freeze),
        Offer("unfreeze", 'action="{page}/unfreeze"', SECRETARY, in_contest(rankings.unfreeze_ranking, reason="r")),
        Offer("approve", 'action="{page}/approve"', CHAIR, in_contest(rankings.approve_ranking, words="")),
        Offer("publish", 'action="{page}/publish"', CHAIR, in_contest(rankings.publish_results)),
    ),
}


RETURNS = (None, *product((MOMENT + timedelta(days=1), MOMENT), ("staff", "team")))
"""Until when the application is open for changes, and by whom: not at all, longer than now, and no longer."""


def put_return(store: Store, world: World, returned: tuple[datetime, str] | None) -> None:
    """Let the application be open for changes of its finance until an instant; None: it is not."""
    with store() as session:
        session.execute(delete(SubmissionReturn))
        if returned is not None:
            until, kind = returned
            session.add(
                SubmissionReturn(
                    application_id=world.ids["application"], submission=1, sections=["finance"],
                    remarks={"finance": "r"}, until=until, at=MOMENT - timedelta(days=1), kind=kind,
                )
            )  # fmt: skip


def test_a_team_is_offered_what_it_can_do(store: Store, world: World) -> None:
    faults, offered = [], set()
    for contest, application, until in product(ContestStatus, ApplicationStatus, RETURNS):
        if until is not None and until[1] == "team" and contest is not ContestStatus.PUBLISHED:
            continue  # in the others it is as with what the staff gave back
        if contest is ContestStatus.DRAFT or (application is ApplicationStatus.DRAFT and until):
            continue  # nobody applies to it; nobody gives a draft back
        put(store, world, contest=contest, application=application)
        put_return(store, world, until)
        faults += differences(store, world, OWN, PAGES[OWN], ("team",), offered)
    assert (faults, offered) == ([], {f"team: {one.name}" for one in PAGES[OWN]})


def test_staff_are_offered_the_decisions_that_they_can_take(store: Store, world: World) -> None:
    faults, offered = [], set()
    for contest, application, until in product(ContestStatus, ApplicationStatus, RETURNS):
        if until is not None and until[1] == "team" and contest is not ContestStatus.PUBLISHED:
            continue  # in the others it is as with what the staff gave back
        if application is ApplicationStatus.DRAFT:
            continue  # nobody of the staff sees it
        put(store, world, contest=contest, application=application)
        put_return(store, world, until)
        faults += differences(store, world, REGISTER, PAGES[REGISTER], STAFF, offered)
    assert (faults, offered) == ([], {f"secretary: {one.name}" for one in PAGES[REGISTER]})


@pytest.mark.parametrize(
    "page", ["/staff/contests/OFFERS", "/staff/contests/OFFERS/milestones", "/staff/contests/OFFERS/rules"]
)
def test_staff_are_offered_what_can_be_done_to_a_contest(store: Store, world: World, page: str) -> None:
    faults, offered = [], set()
    for contest in ContestStatus:
        put(store, world, contest=contest)
        faults += differences(store, world, page, PAGES[page], STAFF, offered)
    assert (faults, offered) == ([], {f"secretary: {one.name}" for one in PAGES[page]})


@pytest.mark.parametrize("frozen_by", ["secretary", "chair"])
def test_staff_are_offered_what_can_be_done_to_a_ranking(store: Store, world: World, frozen_by: str) -> None:
    with store() as session:
        computed = rankings.prepare_snapshot(session, world.ids["contest"])
        session.add(
            RankingSnapshot(
                contest_id=world.ids["contest"], number=1, record=computed.archive, ranking=computed.document,
                sha256=computed.sha256, made_at=MOMENT, made_by_id=world.ids[frozen_by],
            )
        )  # fmt: skip
        application = session.get_one(Application, world.ids["application"])
        more = factories.expert(session, application.contest)
        for expert in (more, session.get_one(Expert, world.ids["free"])):
            factories.review(session, expert, application, "submitted")
    faults, offered = [], set()
    for contest in ContestStatus:
        put(store, world, contest=contest)
        faults += differences(store, world, RANKING, PAGES[RANKING], STAFF, offered)
    expected = {"secretary: freeze", "secretary: unfreeze", "chair: publish"}
    assert (faults, offered) == ([], expected if frozen_by == "chair" else expected | {"chair: approve"})


@pytest.mark.parametrize("role", STAFF)
def test_staff_are_offered_what_can_be_done_to_a_submitted_review(store: Store, world: World, role: str) -> None:
    page = "/staff/contests/OFFERS/reviews/{review}"
    faults, offered = [], set()
    admitted = [{"review": review} for review in ReviewStatus]
    states = [(statuses, False) for statuses in (*admitted, {"application": ApplicationStatus.WITHDRAWN})]
    for contest, (statuses, aside) in product(ContestStatus, [*states, ({"review": ReviewStatus.SUBMITTED}, True)]):
        put(store, world, contest=contest, **statuses)
        with store() as session:
            review = session.get_one(Review, world.ids["review"])
            review.set_aside_at, review.set_aside_reason = (MOMENT, "r") if aside else (None, None)
        faults += differences(store, world, page, PAGES[page], (role,), offered)
    expected = {"secretary: return", "secretary: set aside", "secretary: count again"}
    assert (faults, offered) == ([], expected if role == "secretary" else set())


@pytest.mark.parametrize("role", STAFF)
def test_staff_are_offered_to_take_off_what_can_be_taken_off(store: Store, world: World, role: str) -> None:
    page = "/staff/contests/OFFERS/assignment/applications/{application}"
    faults, offered = [], set()
    for contest, review in product(ContestStatus, ReviewStatus):
        put(store, world, contest=contest, review=review)
        faults += differences(store, world, page, PAGES[page], (role,), offered)
    assert (faults, offered) == ([], {"secretary: take off", "secretary: replace"} if role == "secretary" else set())


@pytest.mark.parametrize("role", STAFF)
def test_staff_are_offered_what_can_be_done_to_a_draft_plan(store: Store, world: World, role: str) -> None:
    page = "/staff/contests/OFFERS/assignment/draft"
    faults, offered = [], set()
    open_plans = set(PlanStatus) - {PlanStatus.APPLIED, PlanStatus.DISCARDED}
    for contest, plan in product(ContestStatus, sorted(open_plans)):
        put(store, world, contest=contest, plan=plan)
        faults += differences(store, world, page, PAGES[page], (role,), offered)
    assert (faults, offered) == ([], {"secretary: discard", "secretary: apply"} if role == "secretary" else set())


def test_staff_are_offered_to_discuss_and_to_have_a_score_agreed_on(store: Store, world: World) -> None:
    with store() as session:
        contest = session.get_one(Contest, world.ids["contest"])
        contest.rules = {**contest.rules, "agreed_score": "beside"}
        session.add(DiscussionRules(contest_id=contest.id, circle="commission", edit_minutes=15, version=1))
        review = session.get_one(Review, world.ids["review"])
        session.add(AgreedScore(application=review.application, expert=review.expert, created_at=MOMENT))
    pages = (DISCUSSION, "/staff/contests/OFFERS/discussions/rules", AGREED)
    faults, offered = [], set()
    for contest, submitted in product(ContestStatus, (None, MOMENT)):
        put(store, world, contest=contest)
        with store() as session:
            session.execute(update(AgreedScore).values(submitted_at=submitted))
        for page in pages:
            faults += differences(store, world, page, PAGES[page], STAFF, offered)
    assert (faults, offered) == (
        [],
        {"secretary: write", "chair: write", "secretary: set", "secretary: name", "chair: name", "secretary: return"},
    )


def test_every_gate_of_an_action_is_one_that_refuses_somewhere() -> None:
    """The table of gates names actions of the lifecycle, and acts that some contest does not allow."""
    assert [key for key, act in GATES.items() if not CLOSED[act] or not transition(*key)] == []
    assert {subject for subject, _ in GATES} == {Subject.APPLICATION, Subject.REVIEW, Subject.PLAN}


def test_a_template_that_asks_for_an_act_that_nobody_knows_fails() -> None:
    acts = Acts({Action.WITHDRAW, Act.ASSIGN})
    assert {name for name in KNOWN if getattr(acts, name)} == {"withdraw", "assign"}
    with pytest.raises(AttributeError):
        acts.withdrawn  # noqa: B018 -- asking is the test
