"""A draft begins with the answers of an earlier application of its team: never with files or consents."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.domain.access import CONSOLE, Actor, By
from judging.domain.errors import RuleViolation
from judging.domain.forms.environment import KEY
from judging.domain.gates import GateClosed
from judging.domain.lifecycle import NotPossible
from judging.models import Application, Contest, Organisation
from judging.queries.answers import answers_of
from judging.queries.earlier_work import earlier_applications, earlier_organisations, known_organisations
from judging.queries.forms import compiled_form_of
from judging.services.applications.application_submit import submit_application
from judging.services.applications.earlier_answers import begin_from
from judging.services.applications.section_save import save_section
from tests import factories
from tests.factories import MOMENT
from tests.services.test_applications import whole_draft

AT = By(CONSOLE, MOMENT)


def two_contests(session: Session, **values: object) -> tuple[Application, Contest]:
    """A whole draft in the contest of last year, and this year's contest."""
    earlier = whole_draft(session, factories.contest(session, code="WAS"))
    return earlier, factories.contest(session, **{"code": "NOW"} | values)


def answers(application: Application) -> dict[str, Any]:
    return dict(answers_of(application, compiled_form_of(application.contest)))


def test_every_answer_is_taken_over_but_files_and_consents(session: Session) -> None:
    earlier, now = two_contests(session)
    draft = begin_from(session, now, earlier, by=AT)
    session.flush()
    before, after = answers(earlier), answers(draft)
    before["partners"], after["partners"] = (
        [{name: value for name, value in row.items() if value and name != KEY} for row in of["partners"]]
        for of in (before, after)
    )
    left = {code for code in before if before[code] != after.get(code)}
    consents = {"consent_truth", "consent_personal_data", "consent_no_double_funding"}
    assert left == consents | {document.slot for document in earlier.documents}
    assert (draft.status, draft.number, draft.team_id, draft.created_at) == ("draft", None, earlier.team_id, MOMENT)
    assert (earlier.status, len(earlier.documents) > 0) == ("draft", True)


def test_of_a_submitted_application_what_was_submitted_is_taken(session: Session) -> None:
    earlier, now = two_contests(session)
    save_section(session, earlier.id, "passport", {"goal": "Как подано"}, seen=0, by=AT)
    submit_application(session, earlier.id, version=earlier.version, by=AT)
    earlier.goal = "Потом"
    session.flush()
    assert answers(begin_from(session, now, earlier, by=AT))["goal"] == "Как подано"


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        ({"applications_close": MOMENT}, RuleViolation),
        ({"status": "ranking_frozen"}, GateClosed),
        ({"trial": True}, NotPossible),
    ],
)
def test_no_draft_is_begun_where_none_could_be(session: Session, values: dict[str, object], fault: type) -> None:
    earlier, now = two_contests(session, **values)
    with pytest.raises(fault):
        begin_from(session, now, earlier, by=By(Actor(user_id=1, name="Иванова Мария"), MOMENT))


def test_earlier_work_is_that_of_the_team_alone_the_latest_first(session: Session) -> None:
    earlier, now = two_contests(session)
    other = whole_draft(session, earlier.contest)
    nameless = factories.application(session, earlier.contest, earlier.cluster, status="draft", title="")
    older = factories.application(
        session, factories.contest(session, code="OLD"), earlier.cluster, updated_at=MOMENT - timedelta(days=400)
    )
    team = earlier.team_id or 0
    assert [one.id for one in earlier_applications(session, now.id, team)] == [earlier.id, older.id]
    assert [one.id for one in earlier_applications(session, now.id, other.team_id or 0)] == [other.id]
    assert nameless.id not in {one.id for one in earlier_applications(session, now.id, team)}


def test_of_an_organisation_the_latest_words_are_offered_until_it_is_there(session: Session) -> None:
    earlier, now = two_contests(session)
    later = factories.contest(
        session, code="LATER", applications_close=earlier.contest.applications_close + timedelta(9)
    )
    first = earlier.cluster.members[0].organisation
    factories.organisation(session, later, earlier.team, inn=first.inn, ogrn=first.ogrn, name="Новое имя")
    team = earlier.team_id or 0
    mine = {one.inn for one in session.scalars(select(Organisation).where(Organisation.team_id == team))}
    assert known_organisations(session, team, inn=first.inn)[first.inn].name == "Новое имя"
    assert {one.inn for one in earlier_organisations(session, now.id, team)} == mine
    factories.organisation(session, now, earlier.team, inn=first.inn, ogrn=first.ogrn)
    assert {one.inn for one in earlier_organisations(session, now.id, team)} == mine - {first.inn}
