"""Messages: written within one's audience, changed for a while with the old text kept, taken back, mentioned, read."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.domain.access import Actor, By, Role
from judging.domain.discussion import Circle, DiscussionRules, MessageAudience
from judging.domain.errors import Refused
from judging.domain.gates import GateClosed
from judging.domain.lifecycle import NotPossible
from judging.models import DiscussionMessage, JournalRecord, Letter, Review, User
from judging.queries import discussions as queries
from judging.services import discussions
from judging.services.concurrency import Stale
from tests import factories
from tests.factories import MOMENT

STAFF, COMMISSION, EXPERTS = MessageAudience
BASE = "https://contest.example.org"


@dataclass
class World:
    """An application that is discussed: a secretary, a chair, two experts with submitted reviews, a third without."""

    session: Session
    reviews: list[Review]
    people: dict[str, User]

    @property
    def application(self):
        return self.reviews[0].application

    def by(self, who: str, after: timedelta = timedelta()) -> By:
        person = self.people[who]
        return By(Actor(user_id=person.id, name=person.name), MOMENT + after)

    def author(self, who: str) -> discussions.Author:
        cards = {review.expert.user_id: review.expert_id for review in self.reviews}
        role = {"secretary": Role.SECRETARY, "chair": Role.CHAIR}.get(who, Role.EXPERT)
        return discussions.Author(frozenset({role}), cards.get(self.people[who].id))

    def write(self, who: str, text: str = "Слово", audience: MessageAudience = EXPERTS, **values) -> DiscussionMessage:
        message = discussions.NewMessage(text, audience, **values)
        return discussions.write_message(
            self.session, self.application.id, message, self.author(who), by=self.by(who), base_url=BASE
        )

    def letters(self) -> list[str]:
        return list(self.session.scalars(select(Letter.recipient).order_by(Letter.id)))


@pytest.fixture
def world(session: Session) -> World:
    contest = factories.contest(session)
    application = factories.application(session, contest)
    people = {
        name: factories.user(session, name, contest, email=f"{name}@example.org") for name in ("secretary", "chair")
    }
    reviews = []
    for name, status in (("first", "submitted"), ("second", "submitted"), ("third", "accepted")):
        people[name] = factories.user(session, email=f"{name}@example.org", name=f"Имя {name}")
        card = factories.expert(session, contest, user=people[name], email=f"{name}@example.org", name=f"Имя {name}")
        reviews.append(factories.review(session, card, application, status))
    made = World(session, reviews, people)
    rules = DiscussionRules(Circle.EXPERTS, 15)
    discussions.change_discussion_rules(session, contest, rules, version=0, by=made.by("secretary"))
    return made


def test_the_participants_are_the_staff_and_those_whose_own_review_stands(world: World) -> None:
    found = queries.participants(world.session, world.application, Circle.EXPERTS)
    assert [(one.email.partition("@")[0], one.role) for one in found] == [
        ("secretary", Role.SECRETARY), ("chair", Role.CHAIR), *sorted(
            [("first", Role.EXPERT), ("second", Role.EXPERT)],
            key=lambda pair: next(one.number for one in found if one.email.startswith(pair[0])),
        ),
    ]  # fmt: skip
    assert sorted(one.number for one in found if one.number) == [
        one for one in (1, 2, 3) if one in {person.number for person in found}
    ]
    assert [one.role for one in queries.participants(world.session, world.application, Circle.COMMISSION)] == [
        Role.SECRETARY, Role.CHAIR,
    ]  # fmt: skip


def test_a_message_reaches_its_audience_alone_and_is_counted_for_it_alone(world: World) -> None:
    for audience in (STAFF, COMMISSION, EXPERTS):
        world.write("secretary", audience.value, audience)

    def read(*audiences: MessageAudience) -> list[str]:
        return [row.text for row in queries.messages(world.session, world.application, audiences)]

    assert read(STAFF, COMMISSION, EXPERTS) == ["staff", "commission", "experts"]
    assert read(EXPERTS) == ["experts"]
    first, chair = world.people["first"], world.people["chair"]
    (own,) = queries.of_cards(world.session, {world.reviews[0].expert_id}, first.id)
    (theirs,) = queries.of_contest(world.session, world.application.contest_id, {COMMISSION, EXPERTS}, chair.id)
    assert ((own.messages, own.unread), (theirs.messages, theirs.unread)) == ((1, 1), (2, 2))
    assert queries.of_cards(world.session, {world.reviews[2].expert_id}, None) == []


@pytest.mark.parametrize(("who", "audience"), [("first", STAFF), ("first", COMMISSION), ("chair", STAFF)])
def test_nobody_writes_to_an_audience_that_is_not_theirs(world: World, who: str, audience: MessageAudience) -> None:
    with pytest.raises(discussions.NotAllowed):
        world.write(who, "x", audience)


def test_a_mention_writes_to_the_person_only_where_they_may_read(world: World) -> None:
    keys = {one.email: one.key for one in queries.participants(world.session, world.application, Circle.EXPERTS)}
    everybody = " ".join(f"@[{key}]" for key in keys.values()) + f" @[e{world.reviews[2].expert_id}]"
    world.write("secretary", everybody, STAFF)
    assert world.letters() == []
    world.write("secretary", everybody, COMMISSION)
    assert world.letters() == ["chair@example.org"]
    message = world.write("secretary", "пока никого", EXPERTS)
    discussions.edit_message(
        world.session, message, everybody, version=message.version, by=world.by("secretary"), base_url=BASE
    )
    assert sorted(world.letters()[1:]) == ["chair@example.org", "first@example.org", "second@example.org"]


def test_ones_own_message_is_changed_in_time_with_the_old_text_kept(world: World) -> None:
    message = world.write("first", "как было")

    def change(who: str, after: timedelta, version: int) -> None:
        discussions.edit_message(
            world.session, message, "как стало", version=version, by=world.by(who, after), base_url=BASE
        )

    with pytest.raises(discussions.NotAllowed):
        change("second", timedelta(), message.version)
    with pytest.raises(Stale):
        change("first", timedelta(), message.version + 1)
    with pytest.raises(NotPossible):
        change("first", timedelta(minutes=15), message.version)
    change("first", timedelta(minutes=14), message.version)
    (row,) = queries.messages(world.session, world.application, {EXPERTS})
    assert (row.text, [text for text, _ in row.earlier]) == ("как стало", ["как было"])


def test_a_message_taken_back_leaves_its_place_and_no_text(world: World) -> None:
    message = world.write("first", "лишнее")
    discussions.remove_message(world.session, message, version=message.version, by=world.by("first"))
    (row,) = queries.messages(world.session, world.application, {EXPERTS})
    assert (row.text, row.removed_at, row.earlier) == ("", MOMENT, ())
    (left,) = queries.of_cards(world.session, {world.reviews[1].expert_id}, world.people["second"].id)
    assert left.unread == 0
    with pytest.raises(NotPossible):
        discussions.remove_message(world.session, message, version=message.version, by=world.by("first"))


def test_answers_stand_in_threads_of_one_level_and_within_the_application(world: World) -> None:
    head = world.write("first")
    answer = world.write("second", reply_to_id=head.id)
    assert world.write("first", reply_to_id=answer.id).reply_to_id == head.id
    other = factories.application(world.session, world.application.contest)
    with pytest.raises(discussions.NotAllowed):
        discussions.write_message(
            world.session, other.id, discussions.NewMessage("x", EXPERTS, head.id), world.author("secretary"),
            by=world.by("secretary"), base_url=BASE,
        )  # fmt: skip


def test_what_was_read_never_becomes_new_again(world: World) -> None:
    ids = [world.write("first", str(number)).id for number in range(3)]
    reader = world.by("second")
    for last in (ids[1], ids[0], 10**9 + 7):
        discussions.mark_read(world.session, world.application, last, among=ids[:2], by=reader)
        assert queries.last_read(world.session, world.application.id, reader.actor.user_id) == ids[1]
    (row,) = queries.of_cards(world.session, {world.reviews[1].expert_id}, reader.actor.user_id)
    assert (row.messages, row.unread) == (3, 1)


def close(world: World) -> None:
    world.application.contest.status = "approved"


def shut(world: World) -> None:
    discussions.change_discussion_rules(
        world.session, world.application.contest, DiscussionRules(Circle.NOBODY), version=1, by=world.by("secretary")
    )


@pytest.mark.parametrize(("act", "refusal"), [(close, GateClosed), (shut, discussions.NotAllowed)])
def test_a_discussion_that_is_over_takes_no_more(
    world: World, act: Callable[[World], None], refusal: type[Exception]
) -> None:
    message = world.write("first")
    act(world)
    world.session.flush()
    with pytest.raises(refusal):
        world.write("secretary")
    with pytest.raises(refusal):
        discussions.remove_message(world.session, message, version=message.version, by=world.by("first"))


def test_bounds_and_the_journal_without_words(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Refused):
        world.write("first", "x" * 4001)
    monkeypatch.setattr(discussions, "MOST_MESSAGES", 1)
    world.write("first", "Тайное слово")
    with pytest.raises(NotPossible):
        world.write("first", "ещё")
    said = world.session.execute(select(JournalRecord.event, JournalRecord.details).order_by(JournalRecord.id)).all()
    assert [tuple(row) for row in said] == [
        ("discussion.rules_changed", {"circle": ["nobody", "experts"]}), ("discussion.message_written", {}),
    ]  # fmt: skip
