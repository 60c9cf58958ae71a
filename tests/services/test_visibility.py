"""The setting of who sees marks, looks before the time, and what both leave behind."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.adapters.settings import read_settings, settings_object
from judging.adapters.settings.writing import dump_settings
from judging.domain.access import CONSOLE, Actor, By, Role
from judging.domain.errors import Refused
from judging.domain.gates import GateClosed
from judging.domain.lifecycle import NotPossible, ReasonMissing
from judging.domain.visibility import PLAIN, STRICT, Opens, Visibility, visibility_of
from judging.models import Contest, JournalRecord
from judging.queries.actors import actor_of
from judging.queries.contest_settings import settings_of_contest
from judging.queries.visibility import addressed_to_applicant, others, sight
from judging.services.concurrency import Stale
from judging.services.contest_settings.contest_copy import ContestCopy, copy_contest
from judging.services.contests.visibility import ONLY_STRICTER, change_visibility
from judging.services.early_looks import look_early
from tests import factories
from tests.factories import MOMENT

BY = By(CONSOLE, MOMENT)
WANTED = Visibility(experts=Opens.OWN, names=True, staff=Opens.ALL, chair=Opens.CLOSED, applicant_marks=True)


def change(session: Session, contest: Contest, wanted: Visibility) -> None:
    change_visibility(session, contest.id, wanted, version=contest.version, by=BY)
    session.flush()


def recorded(session: Session, event: str) -> list[Mapping[str, Any]]:
    return list(session.scalars(select(JournalRecord.details).where(JournalRecord.event == event)))


def person(session: Session, role: str) -> Actor:
    return actor_of(session, factories.user(session, role))


def test_a_draft_takes_any_setting_and_each_change_is_on_record(session: Session) -> None:
    contest = factories.contest(session, status="draft", published_at=None)
    change(session, contest, WANTED)
    change(session, contest, WANTED)
    assert visibility_of(contest.visibility) == WANTED
    change(session, contest, PLAIN)
    assert contest.visibility == {}
    assert recorded(session, "contest.visibility_changed") == [
        {
            "visibility_experts": ["never", "own"], "visibility_names": [False, True],
            "visibility_staff": ["handed_in", "all"], "visibility_chair": ["handed_in", "closed"],
            "visibility_applicant_marks": [False, True],
        },
        {
            "visibility_experts": ["own", "never"], "visibility_names": [True, False],
            "visibility_staff": ["all", "handed_in"], "visibility_chair": ["closed", "handed_in"],
            "visibility_applicant_marks": [True, False],
        },
    ]  # fmt: skip


def test_after_publication_marks_open_later_and_never_earlier(session: Session) -> None:
    contest = factories.contest(session, visibility={"staff": "all", "experts": "all"})
    looser = Visibility(experts=Opens.OWN, names=True, staff=Opens.HANDED_IN, chair=Opens.CLOSED, applicant_marks=True)
    with pytest.raises(Refused) as refusal:
        change(session, contest, looser)
    told = [(fault.path, fault.message) for fault in refusal.value.faults]
    assert told == [(name, ONLY_STRICTER) for name in ("experts", "names", "staff", "applicant_marks")]
    change(session, contest, STRICT)
    assert visibility_of(contest.visibility) == STRICT
    with pytest.raises(Stale):
        change_visibility(session, contest.id, STRICT, version=contest.version - 1, by=BY)
    contest.status = "ranking_frozen"
    with pytest.raises(GateClosed):
        change(session, contest, STRICT)


def test_the_setting_goes_with_a_file_and_a_copy(session: Session) -> None:
    contest = factories.contest(session, code="BASE-1", visibility={"experts": "own", "names": True, "staff": "closed"})
    settings = settings_of_contest(session, contest)
    assert settings_object(settings)["visibility"] == {"experts": "own", "names": True, "staff": "closed"}
    assert read_settings(dump_settings(settings)) == settings
    copy = copy_contest(session, contest.id, ContestCopy("COPY-1", MOMENT + timedelta(days=365)), by=BY)
    session.flush()
    assert (copy.visibility, copy.label_key == contest.label_key) == (contest.visibility, False)


def test_a_file_asks_for_nothing_that_these_people_cannot_have(session: Session) -> None:
    contest = factories.contest(session, visibility={"staff": "closed"})
    text = dump_settings(settings_of_contest(session, contest)).decode()
    with pytest.raises(Refused) as refusal:
        read_settings(text.replace('"staff": "closed"', '"staff": "never"').encode())
    assert [fault.path for fault in refusal.value.faults] == ["visibility.staff"]


def test_a_look_before_the_time_is_for_one_person_for_an_hour_and_on_record(session: Session) -> None:
    contest = factories.contest(session, visibility={"staff": "closed", "chair": "closed"})
    application = factories.application(session, contest)
    secretary, chair = person(session, "secretary"), person(session, "chair")
    look = look_early(session, contest, application, reason=" Жалоба ", by=By(secretary, MOMENT))
    session.flush()
    assert [
        sight(session, one, contest, MOMENT + timedelta(minutes=after)).shows(key)
        for one, after, key in (
            (secretary, 59, application.id), (secretary, 60, application.id), (secretary, 0, None),
            (chair, 0, application.id),
        )
    ] == [True, False, False, False]  # fmt: skip
    until = (MOMENT + timedelta(hours=1)).isoformat()
    assert recorded(session, "marks.looked_at") == [
        {"application": application.number, "until": until, "reason": "Жалоба"}
    ]
    assert (look.reason, look.until) == ("Жалоба", MOMENT + timedelta(hours=1))
    with pytest.raises(NotPossible):
        look_early(session, contest, application, reason="Ещё раз", by=By(secretary, MOMENT))
    with pytest.raises(ReasonMissing):
        look_early(session, contest, None, reason=" ", by=By(secretary, MOMENT))
    look_early(session, contest, None, reason="Проверка", by=By(chair, MOMENT))
    assert sight(session, chair, contest, MOMENT).shows(None)


def test_staff_see_marks_when_the_setting_says(session: Session) -> None:
    contest = factories.contest(session, visibility={"staff": "all", "chair": "closed"})
    done, going = factories.application(session, contest), factories.application(session, contest)
    judges = [factories.expert(session, contest) for _ in range(2)]
    factories.review(session, judges[0], done, "submitted")
    factories.review(session, judges[0], going, "submitted")
    last = factories.review(session, judges[1], going, "accepted")
    secretary, chair, later = person(session, "secretary"), person(session, "chair"), contest.review_close

    def seen(actor: Actor, now: Any = MOMENT) -> list[bool]:
        found = sight(session, actor, contest, now)
        return [found.shows(done.id), found.shows(going.id), found.shows(None)]

    assert (seen(secretary), seen(chair)) == ([True, False, False], [False] * 3)
    assert (seen(secretary, later), seen(chair, later)) == ([True] * 3, [True] * 3)
    factories.extension(session, judges[1], later + timedelta(days=1))
    assert seen(chair, later) == [False] * 3
    last.status, last.submitted_at = "submitted", MOMENT
    session.flush()
    assert (seen(secretary), seen(chair)) == ([True] * 3, [False] * 3)
    contest.status = "ranking_frozen"
    assert seen(chair) == [True] * 3
    assert sight(session, CONSOLE, contest, MOMENT).shows(None)
    both = Actor(1, "Оба", {None: frozenset({Role.SECRETARY, Role.CHAIR})})
    contest.status, contest.visibility = "published", {"staff": "closed"}
    assert sight(session, both, contest, MOMENT).shows(None)


def test_an_expert_reads_the_others_by_labels_that_stay(session: Session) -> None:
    contest = factories.contest(session, visibility={"experts": "own"})
    application = factories.application(session, contest)
    judges = [factories.expert(session, contest) for _ in range(4)]
    reviews = [factories.review(session, one, application, "submitted") for one in judges[:3]]
    aside = reviews[2]
    seen = others(session, reviews[0], contest, MOMENT)
    labels = {one.review.id: one.label.number for one in seen.handed_in} | {reviews[0].id: seen.own}
    assert sorted(labels.values()) == [1, 2, 3]
    assert [one.label.name for one in seen.handed_in] == [None, None]
    factories.review(session, judges[3], application, "assigned", notified_at=MOMENT + timedelta(days=1))
    aside.set_aside_at, aside.set_aside_reason = MOMENT, "Списано"
    contest.visibility = {"experts": "own", "names": True}
    session.flush()
    again = others(session, reviews[0], contest, MOMENT)
    assert [(one.label.number, one.label.name) for one in again.handed_in] == [(labels[reviews[1].id], judges[1].name)]
    contest.visibility = {"experts": "all"}
    assert not others(session, reviews[0], contest, MOMENT).open


def test_a_team_reads_what_is_addressed_to_it_after_the_results(session: Session) -> None:
    contest = factories.contest(session, sheet={"audiences": ["applicant"]})
    application = factories.application(session, contest)
    told = {"notes": {"applicant": {"E1": "Уточните смету"}, "private": {"E1": "Слабо"}}}
    first = factories.review(session, factories.expert(session, contest), application, "submitted", **told)
    factories.review(session, factories.expert(session, contest), application, "submitted")
    barred = factories.expert(session, contest)
    factories.review(session, barred, application, "submitted", **told)
    factories.conflict(session, barred, application)
    assert addressed_to_applicant(session, application) is None
    contest.status = "results_published"
    found = addressed_to_applicant(session, application) or ()
    assert [(one.review.id, one.label.name) for one in found] == [(first.id, None)]
    contest.sheet = {}
    assert addressed_to_applicant(session, application) is None
