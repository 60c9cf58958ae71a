"""A section is saved at any completeness: answers with their columns, one version each, on record once."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.domain.access import Actor, By
from judging.domain.errors import Refused
from judging.domain.forms.notation import text_hash
from judging.domain.lifecycle import NotPossible
from judging.models import Application, ApplicationSection, JournalRecord
from judging.queries.answers import answers_of, section_version
from judging.queries.forms import compiled_form_of
from judging.queries.invariants.forms import unlike_columns
from judging.services.applications import clusters
from judging.services.applications.section_save import save_section
from judging.services.concurrency import Stale
from tests import factories
from tests.factories import MOMENT

IVANOVA = By(Actor(user_id=None, name="Иванова Анна"), MOMENT)


def draft(session: Session, **values: Any) -> Application:
    contest = factories.contest(session)
    cluster = factories.cluster(session, contest, factories.team(session))
    return factories.application(session, contest, cluster, status="draft", **values)


def stored(session: Session, application: Application, code: str) -> ApplicationSection:
    return session.get_one(ApplicationSection, (application.id, code))


def changes(session: Session) -> list[dict[str, Any]]:
    records = select(JournalRecord).where(JournalRecord.event == "application.changed").order_by(JournalRecord.id)
    return [record.details for record in session.scalars(records)]


def test_the_first_save_keeps_what_the_columns_knew(session: Session) -> None:
    application = draft(session)
    assert section_version(application, "finance") == 0
    save_section(session, application.id, "finance", {"loans": 0}, seen=0, by=IVANOVA)
    session.flush()
    section = stored(session, application, "finance")
    assert (section.version, section.saved_at, section.answers) == (1, MOMENT, {
        "total_cost": "360000000.00", "own_funds": "140000000.00", "loans": "0.00", "other_budget": "0.00",
        "requested": "120000000.00",
    })  # fmt: skip
    assert (application.loans, application.indicators["private_share"], application.version) == (0, "38.89", 2)
    assert changes(session) == [{"section": "finance", "loans": ["100000000.00", "0.00"]}]
    assert list(unlike_columns(session)) == []


def test_a_field_that_was_not_sent_stays_and_an_empty_one_is_emptied(session: Session) -> None:
    application = draft(session)
    save_section(session, application.id, "passport", {"goal": "Другая цель", "place": ""}, seen=0, by=IVANOVA)
    save_section(session, application.id, "passport", {"goal": "Третья"}, seen=1, by=IVANOVA)
    session.flush()
    assert (application.goal, application.place, application.title) == ("Третья", "", application.title)
    section = stored(session, application, "passport")
    assert (section.version, section.answers["goal"], "place" in section.answers) == (2, "Третья", False)


def test_a_save_that_changes_nothing_leaves_no_trace(session: Session) -> None:
    application = draft(session)
    save_section(session, application.id, "finance", {"loans": application.loans}, seen=0, by=IVANOVA)
    session.flush()
    assert (section_version(application, "finance"), changes(session), application.version) == (0, [], 1)


def test_only_a_change_of_the_same_section_is_a_conflict(session: Session) -> None:
    application = draft(session)
    save_section(session, application.id, "finance", {"loans": 1}, seen=0, by=IVANOVA)
    save_section(session, application.id, "passport", {"goal": "Цель"}, seen=0, by=IVANOVA)
    with pytest.raises(Stale):
        save_section(session, application.id, "finance", {"loans": 2}, seen=0, by=IVANOVA)
    assert application.loans == 1


def test_participants_follow_from_the_answers(session: Session) -> None:
    application = draft(session)
    first, second, third = (one.organisation for one in application.cluster.members)
    rows = ({"organisation": third.inn, "role": "buyer", "contribution": "Купит"}, {"organisation": first.inn}, {})
    given = {"initiator": second.inn, "partners": rows}
    save_section(session, application.id, "participants", given, seen=0, by=IVANOVA)
    session.flush()
    session.expire_all()
    assert application.initiator == second
    assert [(one.organisation, one.role, one.contribution) for one in application.partners] == [
        (third, "buyer", "Купит"), (first, "", ""),
    ]  # fmt: skip
    kept = answers_of(application, compiled_form_of(application.contest))["partners"]
    assert len({row["key"] for row in kept}) == 3
    assert list(unlike_columns(session)) == []


def test_an_organisation_of_another_cluster_is_refused_and_nothing_is_kept(session: Session) -> None:
    application = draft(session)
    with pytest.raises(Refused) as refused:
        save_section(session, application.id, "participants", {"initiator": "7707083893"}, seen=0, by=IVANOVA)
    assert [fault.path for fault in refused.value.faults] == ["initiator"]
    assert session.scalars(select(ApplicationSection)).all() == []


def test_a_consent_is_kept_with_its_text_time_and_person(session: Session) -> None:
    application = draft(session, consent_truth=False)
    later = By(Actor(user_id=None, name="Петрова Вера"), MOMENT + timedelta(days=1))
    save_section(session, application.id, "consents", {"consent_truth": True}, seen=0, by=IVANOVA)
    again = {"consent_truth": True, "consent_personal_data": False}
    save_section(session, application.id, "consents", again, seen=1, by=later)
    session.flush()
    field = compiled_form_of(application.contest).form.field("consent_truth")
    assert field is not None
    section = stored(session, application, "consents")
    assert section.answers["consent_truth"] == {
        "given": True, "text_sha256": text_hash(field), "at": MOMENT.isoformat(), "by": "Иванова Анна",
    }  # fmt: skip
    assert "consent_personal_data" not in section.answers
    assert (application.consent_truth, application.consent_personal_data) == (True, False)


def test_what_the_form_does_not_ask_is_refused(session: Session) -> None:
    application = draft(session)
    for code, answers in (("nowhere", {}), ("finance", {"goal": "Цель"}), ("documents", {"application_letter": ()})):
        with pytest.raises(Refused):
            save_section(session, application.id, code, answers, seen=0, by=IVANOVA)


def test_what_was_submitted_is_not_saved_any_more(session: Session) -> None:
    application = factories.application(session, factories.contest(session), status="submitted")
    with pytest.raises(NotPossible):
        save_section(session, application.id, "finance", {"loans": 1}, seen=0, by=IVANOVA)


def test_a_section_beyond_all_measure_is_refused(session: Session) -> None:
    application = draft(session)
    with pytest.raises(Refused):
        save_section(session, application.id, "passport", {"summary": "я" * 600_000}, seen=0, by=IVANOVA)
    assert section_version(application, "passport") == 0


def test_long_texts_are_on_record_by_their_length(session: Session) -> None:
    application = draft(session)
    save_section(session, application.id, "passport", {"summary": "я" * 300}, seen=0, by=IVANOVA)
    assert changes(session) == [
        {"section": "passport", "summary": ["Совместный проект участников кластера.", {"characters": 300}]}
    ]


def test_a_corrected_number_of_an_organisation_is_corrected_in_the_answers(session: Session) -> None:
    application = draft(session)
    first, second, _ = (one.organisation for one in application.cluster.members)
    given = {"initiator": first.inn, "partners": ({"organisation": second.inn, "role": "buyer"},)}
    save_section(session, application.id, "participants", given, seen=0, by=IVANOVA)
    session.flush()
    data = clusters.data_of(application.cluster, second)
    corrected = clusters.OrganisationData(factories.inn(900), factories.ogrn(900), data.name, data.region)
    clusters.change_organisation(
        session, application.cluster, second, corrected, version=application.cluster.version, by=IVANOVA
    )
    session.flush()
    answers = answers_of(application, compiled_form_of(application.contest))
    assert [row["organisation"] for row in answers["partners"]] == [factories.inn(900)]
    assert section_version(application, "participants") == 2
    assert list(unlike_columns(session)) == []


def test_a_text_above_its_limit_is_kept_whole_and_its_column_has_the_beginning(session: Session) -> None:
    application = draft(session)
    long = "Ш" * 20_000
    typed = {"title": long, "place": long, "contact_name": long, "goal": long}
    save_section(session, application.id, "passport", typed, seen=0, by=IVANOVA)
    session.flush()
    section = stored(session, application, "passport")
    assert {code: section.answers[code] for code in typed} == typed
    assert (application.title, len(application.place), len(application.contact_name), application.goal) == (
        "Ш" * 299 + "…", 300, 200, long,
    )  # fmt: skip
    assert list(unlike_columns(session)) == []
