"""What two people change in one section is merged at once: columns, version, record, and who changed what."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.domain.access import Actor, By
from judging.domain.errors import Refused
from judging.domain.forms.merging import base_of
from judging.models import Application, ApplicationSection, JournalRecord
from judging.queries.answers import answers_of
from judging.queries.forms import compiled_form_of
from judging.services.applications.section_edits import ChangedBy
from judging.services.applications.section_save import TypedSection, merge_section, save_section
from judging.services.concurrency import Stale
from tests import factories
from tests.factories import MOMENT

IVANOVA, PETROVA = (By(Actor(user_id=None, name=name), MOMENT) for name in ("Иванова Анна", "Петрова Вера"))
LATER = By(PETROVA.actor, MOMENT + timedelta(minutes=9))


def draft(session: Session) -> Application:
    contest = factories.contest(session)
    return factories.application(
        session, contest, factories.cluster(session, contest, factories.team(session)), status="draft"
    )


def typed(application: Application, *, by_itself: bool = True, **answers: Any) -> TypedSection:
    """What a page sends that was opened now and on which these answers are typed."""
    section = next(one for one in compiled_form_of(application.contest).form.sections if one.code == "passport")
    stored = answers_of(application, compiled_form_of(application.contest))
    everything = {name: stored.get(name) for name in ("goal", "place", "summary")}
    return TypedSection(everything | answers, base_of(section.fields, stored), by_itself=by_itself)


def test_what_only_one_changed_is_merged_into_the_columns_and_the_rest_named(session: Session) -> None:
    application = draft(session)
    mine = typed(application, goal="Моя цель", summary="Моя сводка")
    save_section(session, application.id, "passport", {"summary": "Её сводка", "place": "Елабуга"}, seen=0, by=PETROVA)
    kept = merge_section(session, application.id, "passport", mine, by=IVANOVA)
    session.flush()
    assert (kept.version, kept.merged.conflicts, kept.merged.theirs) == (2, (("summary", ""),), ("place",))
    assert kept.others == dict.fromkeys(("place", "summary"), ChangedBy(None, "Петрова Вера", MOMENT))
    assert (application.goal, application.place, application.summary) == ("Моя цель", "Елабуга", "Её сводка")


def test_a_button_keeps_nothing_where_both_changed_the_same(session: Session) -> None:
    application = draft(session)
    mine = typed(application, by_itself=False, goal="Моя цель", summary="Моя сводка")
    save_section(session, application.id, "passport", {"summary": "Её сводка"}, seen=0, by=PETROVA)
    with pytest.raises(Stale):
        merge_section(session, application.id, "passport", mine, by=IVANOVA)
    assert application.goal != "Моя цель"


def test_what_saves_itself_is_on_record_when_somebody_begins_and_a_button_always(session: Session) -> None:
    application = draft(session)
    for by, by_itself, goal in ((PETROVA, True, "а"), (LATER, True, "б"), (LATER, False, "в"), (LATER, False, "в")):
        merge_section(session, application.id, "passport", typed(application, by_itself=by_itself, goal=goal), by=by)
        session.flush()
    records = session.scalars(select(JournalRecord).where(JournalRecord.event == "application.changed")).all()
    assert [record.details for record in records] == [
        {"section": "passport", "by_itself": ["goal"]}, {"section": "passport", "goal": ["б", "в"]},
    ]  # fmt: skip
    stored = session.get_one(ApplicationSection, (application.id, "passport"))
    at = LATER.now.isoformat()
    assert stored.edits == {"goal": {"by": None, "name": "Петрова Вера", "at": at, "noted": at}}


def test_what_the_form_does_not_ask_is_refused_here_too(session: Session) -> None:
    application = draft(session)
    with pytest.raises(Refused):
        merge_section(session, application.id, "passport", TypedSection({"nothing": "x"}, {}), by=IVANOVA)
