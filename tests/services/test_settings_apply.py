"""Settings are stored whole or not at all; of a published contest only what may still change, with a reason."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.domain.access import CONSOLE, By
from judging.domain.distribution import DistributionRules
from judging.domain.errors import Refused
from judging.domain.lifecycle import ReasonMissing
from judging.domain.milestones import After, Code
from judging.domain.settings.values import ContestSettings
from judging.domain.workdays import Unit
from judging.models import Contest, JournalRecord, ScheduleChange
from judging.queries.contest_settings import settings_of_contest
from judging.services.concurrency import Stale
from judging.services.contest_settings import SettingsChange, SettingsRefused, apply_settings, assess_settings
from tests import factories
from tests.factories import MOMENT
from tests.services.test_form_store import reworded

AT = By(CONSOLE, MOMENT)


def stored(session: Session, contest: Contest) -> ContestSettings:
    session.flush()
    session.expire_all()
    return settings_of_contest(session, contest)


def with_terms(settings: ContestSettings, **values: Any) -> ContestSettings:
    return replace(settings, terms=replace(settings.terms, **values))


def apply(session: Session, contest: Contest, settings: ContestSettings, reason: str = "", **values: Any) -> Any:
    seen = assess_settings(session, contest, settings, MOMENT).seen
    change = SettingsChange(**{"settings": settings, "seen": seen, "reason": reason} | values)
    return apply_settings(session, contest.id, change, by=AT)


def events(session: Session) -> list[tuple[str, list[str]]]:
    rows = session.execute(select(JournalRecord.event, JournalRecord.details).order_by(JournalRecord.id))
    return [(row.event, list(row.details)) for row in rows]


def test_a_draft_becomes_what_the_settings_say_and_each_part_is_on_record(session: Session) -> None:
    contest = factories.contest(session, status="draft", published_at=None)
    known = stored(session, contest)
    criteria = (known.criteria[1], replace(known.criteria[0], title_en="Other"), *known.criteria[3:])
    ruled = replace(known.rules, tie_breakers=("requested",), pass_total=None)
    wanted = with_terms(
        replace(
            known, criteria=criteria, rules=ruled, form=reworded(known.form, "title", label="Имя проекта"),
            assignment=DistributionRules(min_load=1),
        ),
        title="Иначе", budget=None,
    )  # fmt: skip
    kept = {row.code: row.id for row in contest.criteria}
    apply(session, contest, wanted)
    assert stored(session, contest) == replace(wanted, assignment=DistributionRules(min_load=1, version=1))
    assert {row.code: row.id for row in contest.criteria} == {
        one.criterion.code: kept[one.criterion.code] for one in criteria
    }
    first, second, gone = (known.criteria[place].criterion.code for place in (0, 1, 2))
    assert events(session) == [
        ("contest.changed", ["title", "budget"]),
        ("contest.rubric_changed", [first, gone, "order"]),
        ("contest.rubric_changed", ["pass_total", "tie_breakers"]),
        ("contest.form_changed", ["form_version", "kind_of_change", "changes"]),
        ("assignment.rules_changed", ["min_load"]),
    ]
    assert second != first


def test_settings_in_force_change_nothing_and_leave_no_trace(session: Session) -> None:
    contest = factories.contest(session, status="draft")
    version = contest.version
    found = apply(session, contest, stored(session, contest))
    assert (found.allowed, found.refused, contest.version, events(session)) == ((), (), version, [])


def test_of_a_published_contest_the_rest_is_named_and_nothing_is_stored(session: Session) -> None:
    contest = factories.contest(session)
    known = stored(session, contest)
    later = known.terms.review_close + timedelta(days=3)
    wanted = replace(with_terms(known, title="Иначе", review_close=later), assignment=DistributionRules(min_load=1))
    with pytest.raises(SettingsRefused) as refusal:
        apply(session, contest, wanted, "Просили")
    assert [(one.difference.path, str(one.reason)) for one in refusal.value.refused] == [
        ("terms.title", "The contest is published, so its rules can no longer be changed.")
    ]
    assert stored(session, contest) == known
    with pytest.raises(ReasonMissing):
        apply(session, contest, wanted, partly=True)
    found = apply(session, contest, wanted, "Просили", partly=True)
    assert [one.path for one in found.allowed] == ["terms.review_close", "assignment.min_load"]
    expected = replace(with_terms(known, review_close=later), assignment=DistributionRules(min_load=1, version=1))
    assert stored(session, contest) == expected
    moved = session.scalars(select(ScheduleChange)).one()
    assert (moved.field, moved.after, moved.reason) == ("review_close", later, "Просили")


@pytest.mark.parametrize(
    ("days", "status", "reasons"),
    [
        (-3, "published", {"terms.review_close": "A date that was announced can only be moved to a later time"}),
        (3, "ranking_frozen", {
            "terms.review_close": "Dates can be moved while the contest is published and its ranking is not frozen.",
            "form.sections[project].fields[title].label":
                "The ranking is made up: the form does not change any more.",
            "assignment.min_load":
                "Assignments can be changed only while the contest goes on and its ranking is not frozen.",
        }),
    ],
)  # fmt: skip
def test_each_reason_is_that_of_the_act(session: Session, days: int, status: str, reasons: dict[str, str]) -> None:
    contest = factories.contest(session, status=status)
    known = stored(session, contest)
    wanted = replace(
        with_terms(known, review_close=known.terms.review_close + timedelta(days=days)),
        form=reworded(known.form, "title", label="Иначе"), assignment=DistributionRules(min_load=1),
    )  # fmt: skip
    found = assess_settings(session, contest, wanted, MOMENT)
    assert {one.difference.path.replace("passport", "project"): str(one.reason) for one in found.refused} == reasons


def test_a_tighter_form_is_refused_while_acceptance_goes_on_and_words_are_not(session: Session) -> None:
    contest = factories.contest(session)
    known = stored(session, contest)
    tighter = replace(known, form=reworded(known.form, "title", most=10))
    found = assess_settings(session, contest, tighter, MOMENT)
    assert (found.allowed, found.needs_reason) == ((), False)
    assert [str(one.reason) for one in found.refused] == [
        "Acceptance has begun: what is asked cannot become more, nor the text of a consent another."
    ]
    words = replace(known, form=reworded(known.form, "title", label="Название"))
    assert assess_settings(session, contest, words, MOMENT).needs_reason
    apply(session, contest, words, "Опечатка")
    assert stored(session, contest) == words


def test_what_was_looked_at_before_another_change_is_not_stored(session: Session) -> None:
    contest = factories.contest(session, status="draft")
    wanted = with_terms(stored(session, contest), title="Иначе")
    seen = assess_settings(session, contest, wanted, MOMENT).seen
    contest.summary = "Кто-то был быстрее"
    session.flush()
    with pytest.raises(Stale):
        apply_settings(session, contest.id, SettingsChange(wanted, seen), by=AT)
    with pytest.raises(Refused):
        apply_settings(
            session, contest.id, SettingsChange(with_terms(wanted, review_close=MOMENT - timedelta(900)), seen), by=AT
        )


def test_milestones_are_set_moved_and_taken_out_whatever_hangs_on_what(session: Session) -> None:
    contest = factories.contest(session, status="draft", published_at=None)
    first = {
        Code.RESULTS: After(Code.NOTIFICATION, 2, Unit.WORKING),
        Code.NOTIFICATION: After(Code.MEETING, 1, Unit.CALENDAR),
        Code.MEETING: contest.review_close + timedelta(days=5),
    }  # fmt: skip
    for wanted in (first, {Code.NOTIFICATION: After(Code.REVIEW_CLOSE, 4, Unit.WORKING)}, {}, first):
        apply(session, contest, replace(stored(session, contest), milestones=wanted))
        assert stored(session, contest).milestones == wanted


def test_milestones_of_a_published_contest_take_a_reason_and_faults_name_their_place(session: Session) -> None:
    contest = factories.contest(session)
    known = stored(session, contest)
    wanted = replace(known, milestones={Code.MEETING: known.terms.review_close + timedelta(days=5)})
    with pytest.raises(ReasonMissing):
        apply(session, contest, wanted)
    apply(session, contest, wanted, "Назначено заседание")
    assert stored(session, contest) == wanted
    soft = replace(wanted, milestones={**wanted.milestones, Code.APPLICATIONS_SOFT: known.terms.review_close})
    with pytest.raises(Refused) as refusal:
        apply(session, contest, soft, "Иначе")
    assert [fault.path for fault in refusal.value.faults] == ["milestones[applications_soft].at"]
