"""A return for correction on the pages: the staff give back and end, the team corrects and submits again."""

import io
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.domain.arrival import SLACK
from judging.models import Application, JournalRecord, Letter
from judging.queries.answers import answers_of
from judging.queries.applications import current_documents
from judging.queries.forms import compiled_form_of
from judging.queries.submissions import last_submitted, returns_of, submissions_of
from judging.services.applications.returns import end_expired_returns, end_return
from tests.adapters.test_filetypes import PDF
from tests.conftest import Prepared, Store
from tests.factories import MOMENT
from tests.returned import UNTIL, World, by, give_back, submitted_world
from tests.services.test_returns import spoilt
from tests.web.test_applications import form_of
from tests.web.test_versions import compared

DATABASES = ("sqlite",)
"""The services have tests of their own on every database, and tests of junk open every page on each."""

SignIn = Callable[[int], FlaskClient]
MOSCOW = ZoneInfo("Europe/Moscow")
MILLISECOND = timedelta(milliseconds=1)
SECTIONS = "/sections/passport", "/passport"


@pytest.fixture(autouse=True)
def moment() -> Iterator[Any]:
    with time_machine.travel(MOMENT, tick=False) as traveller:
        yield traveller


@pytest.fixture
def world(prepared: Prepared) -> World:
    return prepared(submitted_world)


def given_back(session: Session) -> World:
    world = submitted_world(session)
    give_back(session, world, {"finance": "Источники не подтверждены.", "documents": "Нет договора."})
    return world


@pytest.fixture
def returned(prepared: Prepared) -> World:
    return prepared(given_back)


def kept(store: Store, world: World) -> tuple[str, int, list[str | None]]:
    """The status, how many submissions there are, and how the returns stand."""
    with store() as session:
        application = session.get_one(Application, world.key)
        outcomes = [one.outcome for one in returns_of(session, world.key)]
        return application.status, len(submissions_of(session, world.key)), outcomes


def events(store: Store) -> list[str]:
    with store() as session:
        return list(session.scalars(select(JournalRecord.event).order_by(JournalRecord.id)))


def test_the_staff_give_back_sections_with_remarks_until_an_instant_once(
    store: Store, sign_in: SignIn, world: World
) -> None:
    client, path = sign_in(world.secretary), world.staff + "/correction"
    assert f'href="{path}"' in client.get(world.staff).text
    typed = form_of(client, path) | {
        "section-finance": "y", "remark-finance": "Письма банков.", "until": "2026-03-18T12:00", "request_key": "k",
    }  # fmt: skip
    answers = [client.post(path, data=typed) for _ in range(2)]
    assert [(one.status_code, one.location) for one in answers] == [(303, world.staff + "#returns")] * 2
    with store() as session:
        (row,) = returns_of(session, world.key)
        assert (row.sections, row.remarks, row.until) == (("finance",), {"finance": "Письма банков."}, UNTIL)
        letter = session.scalars(select(Letter.body).order_by(Letter.id.desc())).first()
    assert "Финансирование: Письма банков." in str(letter)
    assert "18.03.2026 12:00" in str(letter)
    assert events(store)[-1] == "application.returned"
    page = client.get(world.staff).text
    assert ("Возвращена до 18 марта 2026" in page, "Финансирование: Письма банков." in page) == (True, True)
    acts = ("correction", "correction/end", "admission", "withdrawal")
    assert [f'href="{world.staff}/{act}"' in page for act in acts] == [False, True, False, True]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"until": "2026-03-18T12:00"}, ["Выберите разделы"]),
        ({"section-finance": "y", "remark-finance": "Да", "until": ""}, ["until-error"]),
        ({"section-finance": "y", "remark-finance": "Да", "until": "2026-03-15T12:00"}, ["until-error"]),
        ({"section-finance": "y", "until": "2026-03-18T12:00", "remark-passport": "Вот"}, ["Отметьте раздел"]),
        ({"section-finance": "y", "until": "2026-03-18T12:00"}, ["remark-finance-error"]),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(
    store: Store, sign_in: SignIn, world: World, typed: dict[str, str], said: list[str]
) -> None:
    client, path = sign_in(world.secretary), world.staff + "/correction"
    answer = client.post(path, data=form_of(client, path) | typed)
    assert (answer.status_code, [words in answer.text for words in said]) == (422, [True] * len(said))
    stays = [text for name, text in typed.items() if name.startswith("remark")]
    assert [text in answer.text for text in stays] == [True] * len(stays)
    assert kept(store, world) == ("submitted", 1, [])


def test_a_remark_on_a_question_stands_beside_it(sign_in: SignIn, world: World) -> None:
    client, path = sign_in(world.secretary), world.staff + "/correction"
    typed = {"section-finance": "y", "remark-finance.loans": "Нет писем банков.", "until": "2026-03-18T12:00"}
    assert client.post(path, data=form_of(client, path) | typed).status_code == 303
    page = sign_in(world.person).get(world.team + "/finance").text
    beside = page.split('data-answer="loans"')[1].split("</p>")[0]
    assert re.sub(r"<[^>]+>", "", beside).endswith("Замечание организатора: Нет писем банков.")
    assert "Нет писем банков." in page.split('data-answer="loans"')[0]
    assert page.count("answer__remark") == 1


def test_who_saw_an_older_version_looks_again(store: Store, sign_in: SignIn, world: World) -> None:
    client, path = sign_in(world.secretary), world.staff + "/correction"
    typed = {"section-finance": "y", "remark-finance": "Письма.", "until": "2026-03-18T12:00"}
    answer = client.post(path, data=form_of(client, path) | typed | {"version": "1"})
    assert (answer.status_code, "Письма." in answer.text, "тем временем изменилась" in answer.text) == (409, True, True)
    again = re.search(r'name="version"[^>]*value="(\d+)"', answer.text)
    assert again is not None
    assert client.post(path, data=form_of(client, path) | typed | {"version": again[1]}).status_code == 303


def test_an_observer_reads_of_returns_and_gives_nothing_back(sign_in: SignIn, returned: World) -> None:
    client = sign_in(returned.observer)
    page = client.get(returned.staff).text
    assert ("Источники не подтверждены." in page, "/correction" in page) == (True, False)
    assert [client.post(returned.staff + act).status_code for act in ("/correction", "/correction/end")] == [403, 403]


def test_the_staff_end_a_return_for_a_reason(store: Store, sign_in: SignIn, returned: World) -> None:
    client, path = sign_in(returned.secretary), returned.staff + "/correction/end"
    assert client.post(path, data=form_of(client, path) | {"reason": " "}).status_code == 422
    answers = [client.post(path, data={"reason": "Письма пришли", "request_key": "k"}) for _ in range(2)]
    assert [one.status_code for one in answers] == [303, 303]
    assert (kept(store, returned), events(store)[-1]) == (("submitted", 1, ["ended"]), "application.return_ended")
    assert "Доработка закончена до срока" in client.get(returned.staff).text
    assert [client.get(path).status_code, client.post(path, data={"reason": "Ещё"}).status_code] == [422, 422]


def test_several_are_admitted_without_what_is_given_back(store: Store, sign_in: SignIn, returned: World) -> None:
    client, index = sign_in(returned.secretary), f"/staff/contests/{returned.code}/applications"
    assert "возвращена до 18.03.2026 12:00" in client.get(index).text
    page = client.get(f"{index}/admission?id={returned.key}").text
    assert ("возвращена на доработку" in page, 'method="post"' in page.split("<main")[1]) == (True, False)
    assert client.post(returned.staff + "/admission", data={"version": "1"}).status_code in (409, 422)
    assert kept(store, returned) == ("submitted", 1, [None])


def test_the_team_sees_what_to_correct_and_until_when(sign_in: SignIn, returned: World) -> None:
    client = sign_in(returned.person)
    page = client.get(returned.team).text
    links = re.findall(r'class="task-list__link" href="([^"]+)"', page)
    assert links == [f"{returned.team}/finance", f"{returned.team}/documents"]
    said = ("Исправить: Источники не подтверждены.", "Исправить: Нет договора.", "18 марта 2026 г., 12:00", "3 дня")
    assert [words in page for words in said] == [True] * 4
    assert page.count("Нужны исправления") == 2
    assert "Исправить и подать снова" in client.get("/applications").text
    page = client.get(returned.team + "/finance").text
    assert ("Источники не подтверждены." in page, "18 марта 2026 г., 12:00" in page) == (True, True)
    neighbours = page.split('class="questionnaire__nav"')[1].split("</nav>")[0]
    assert re.findall(r'href="([^"]+)"', neighbours) == [f"{returned.team}/documents"]
    links = re.findall(r'summary-list__change"><a href="([^"]+)"', client.get(returned.team + "/check").text)
    expected = {f"{returned.team}/{section}?from=check" for section in ("finance", "documents")}
    assert {href.partition("#")[0] for href in links} == expected


@pytest.mark.parametrize("section", SECTIONS)
def test_a_section_that_was_not_given_back_is_read_and_refuses_whatever_is_sent(
    store: Store, sign_in: SignIn, returned: World, section: str
) -> None:
    client, before = sign_in(returned.person), events(store)
    assert client.get(returned.team + section).location == returned.team
    for forged in ({"title": "Другое", "version": "0"}, {"add": "topics"}, {}):
        answer = client.post(returned.team + section, data=forged)
        assert (answer.status_code, "возвращена на доработку по другим разделам" in answer.text) == (422, True)
    assert events(store) == before


def upload(client: FlaskClient, world: World) -> Any:
    file = (io.BytesIO(PDF), "Договор.pdf")
    return client.post(world.team + "/documents/contracts", data={"file": file})


def test_documents_are_changed_where_their_section_was_given_back(store: Store, sign_in: SignIn, world: World) -> None:
    client = sign_in(world.person)
    with store() as session:
        letter = current_documents(session.get_one(Application, world.key))[0].id
    removal = f"{world.team}/documents/{letter}/removal"
    assert [upload(client, world).status_code, client.post(removal).status_code] == [422, 422]
    with store() as session:
        give_back(session, world)
    assert [upload(client, world).status_code, client.post(removal).status_code] == [422, 422]
    with store() as session:
        end_return(session, world.key, reason="Ещё раз", by=by(session.get_one(Application, world.key)))
        session.flush()
        give_back(session, world, {"documents": "Нет договора."})
    assert [upload(client, world).status_code, client.post(removal).status_code] == [303, 303]
    page = sign_in(world.secretary).get(world.staff).text
    staff = page.split('<table class="table" id="files"')[1].split("</table>")[0]
    assert ("Договор.pdf" in staff, f'href="/documents/{letter}"' in staff) == (False, True)


def save_finance(client: FlaskClient, world: World, **typed: str) -> Any:
    path = world.team + "/finance"
    return client.post(path, data=form_of(client, path) | typed)


def test_what_is_not_whole_or_was_changed_meanwhile_is_not_submitted_again(
    store: Store, sign_in: SignIn, returned: World
) -> None:
    client, path = sign_in(returned.person), returned.team + "/resubmission"
    assert save_finance(client, returned, loans="").status_code == 303
    page = client.get(returned.team + "/check").text
    assert f'action="{path}"' not in page
    with store() as session:
        version = session.get_one(Application, returned.key).version
    refused = client.post(path, data={"version": version})
    assert (refused.status_code, f'href="{returned.team}/finance?from=check#loans"' in refused.text) == (422, True)
    save_finance(client, returned, loans="100 000 000")
    stale = client.post(path, data={"version": version})
    assert (stale.status_code, "Заявка не подана" in stale.text) == (409, True)
    assert kept(store, returned) == ("submitted", 1, [None])


@pytest.mark.parametrize("ended", [False, True], ids=["the job has not been", "the job has been"])
def test_after_its_time_it_is_said_that_it_counts_as_it_was(
    store: Store, sign_in: SignIn, returned: World, moment: Any, ended: bool
) -> None:
    client, path = sign_in(returned.person), returned.team + "/resubmission"
    with store() as session:
        version = session.get_one(Application, returned.key).version
    typed = form_of(client, returned.team + "/finance")
    moment.move_to(UNTIL)
    client = sign_in(returned.person)
    if ended:
        with store() as session:
            end_expired_returns(session, by=by(session.get_one(Application, returned.key), UNTIL + SLACK))
    answer = client.post(path, data={"version": version})
    assert (answer.status_code, "Срок доработки истёк" in answer.text, f'action="{path}"' in answer.text) == (
        422, True, False,
    )  # fmt: skip
    assert client.post(returned.team + "/finance", data=typed).status_code == 422
    assert [client.get(returned.team + page).location for page in ("/finance", "/check")] == [returned.team] * 2
    page = client.get(returned.team).text
    assert ("Срок истёк: она учитывается такой, какой была подана." in page) is not ended
    assert kept(store, returned) == ("submitted", 1, ["expired" if ended else None])


def test_a_withdrawn_application_is_not_submitted_again(store: Store, sign_in: SignIn, returned: World) -> None:
    client = sign_in(returned.person)
    client.post(returned.team + "/withdrawal", data={"reason": "Передумали"})
    with store() as session:
        version = session.get_one(Application, returned.key).version
    assert client.post(returned.team + "/resubmission", data={"version": version}).status_code == 422
    assert kept(store, returned) == ("withdrawn", 1, ["ended"])


def test_hard_case_7_finance_is_given_back_for_three_working_days(store: Store, sign_in: SignIn, moment: Any) -> None:
    """Given back on 30.10.2025 until 06.11.2025 00:00, exclusive: 31.10, 1.11 (by transfer) and 5.11 are worked."""
    given = datetime(2025, 10, 30, 15, 0, tzinfo=MOSCOW)
    until = datetime(2025, 11, 6, 0, 0, tzinfo=MOSCOW)
    first = datetime(2025, 10, 20, 12, 0, tzinfo=MOSCOW)
    moment.move_to(first)
    with store() as session:
        world = submitted_world(session, at=first)
        number = session.get_one(Application, world.key).number
    moment.move_to(given)
    staff, team = sign_in(world.secretary), sign_in(world.person)
    path = world.staff + "/correction"
    remark = {"section-finance": "y", "remark-finance": "Займы: приложите.", "until": "2025-11-06T00:00"}
    assert staff.post(path, data=form_of(staff, path) | remark).status_code == 303
    forged = team.post(world.team + "/sections/passport", data={"title": "Другой проект", "version": "0"})
    assert (forged.status_code, "возвращена на доработку по другим разделам" in forged.text) == (422, True)
    moment.move_to(until - MILLISECOND)
    staff, team = sign_in(world.secretary), sign_in(world.person)
    saved = save_finance(team, world, own_funds="150 000 000", loans="90 000 000")
    assert saved.status_code == 303
    with store() as session:
        application = session.get_one(Application, world.key)
        assert application.own_funds == last_submitted(session, application).answers["own_funds"] == 140_000_000_00
    page = world.team + "/check"
    assert f'action="{world.team}/resubmission"' in team.get(page).text
    typed = form_of(team, page) | {"request_key": "again"}
    answers = [team.post(world.team + "/resubmission", data=typed) for _ in range(2)]
    assert [(one.status_code, one.location) for one in answers] == [(303, world.team + "/receipt")] * 2
    moment.move_to(until)
    assert save_finance(team, world, loans="1").status_code == 422
    with store() as session:
        application = session.get_one(Application, world.key)
        assert (application.number, application.submitted_at, application.status) == (
            number, first.astimezone(UTC), "submitted",
        )  # fmt: skip
        answers = answers_of(application, compiled_form_of(application.contest))
        assert (application.own_funds, answers["own_funds"]) == (150_000_000_00, 150_000_000_00)
        assert [line.at for line in submissions_of(session, world.key)] == [first, until - MILLISECOND]
    receipts = [team.get(f"{world.team}/receipts/{which}").text for which in (1, 2)]
    assert ["20.10.2025 12:00:00 МСК" in receipts[0], "05.11.2025 23:59:59 МСК" in receipts[1]] == [True, True]
    assert compared(staff.get(world.staff + "/submissions").text) == {
        "Финансирование": [
            ("Собственные средства участников", "140 000 000 ₽", "150 000 000 ₽"),
            ("Заёмные средства", "100 000 000 ₽", "90 000 000 ₽"),
        ],
    }
    told = ["application.submitted", "application.returned", "application.changed", "application.resubmitted"]
    assert events(store) == told


def test_what_is_found_elsewhere_is_told_and_keeps_nobody_from_submitting(
    store: Store, sign_in: SignIn, returned: World
) -> None:
    client = sign_in(returned.person)
    with store() as session:
        spoilt(session, session.get_one(Application, returned.key))
    page = client.get(returned.team + "/check").text
    heading = "Найдено в разделах, которые не возвращены на доработку; подаче это не мешает"
    told = page[page.index(heading) :]
    assert "не входит в кластер" in told[: told.index("</ul>")]
    assert f'action="{returned.team}/resubmission"' in page
    assert (
        client.post(returned.team + "/resubmission", data=form_of(client, returned.team + "/check")).status_code == 303
    )
    assert kept(store, returned) == ("submitted", 2, ["resubmitted"])


@pytest.mark.parametrize("act", ["admission", "rejection"])
def test_the_page_of_a_decision_says_that_the_application_is_given_back_and_leads_there(
    store: Store, sign_in: SignIn, returned: World, act: str
) -> None:
    client = sign_in(returned.secretary)
    page = client.get(f"{returned.staff}/{act}")
    assert (page.status_code, "Заявка возвращена на доработку" in page.text) == (422, True)
    assert f'href="{returned.staff}#returns"' in page.text
    assert f'action="{returned.staff}/{act}"' not in page.text
    assert client.get(f"{returned.staff}/withdrawal").status_code == 200
    with store() as session:
        end_return(session, returned.key, reason="Ошибка", by=by(session.get_one(Application, returned.key)))
    again = client.get(f"{returned.staff}/{act}")
    assert (again.status_code, f'action="{returned.staff}/{act}"' in again.text) == (200, True)
