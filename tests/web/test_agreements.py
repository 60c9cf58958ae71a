"""Agreements of experts in the browser: written by staff, accepted by a click, and nothing typed is ever lost."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import func, select

from judging.domain.agreements import Agreement as Words
from judging.domain.agreements import agreement_hash
from judging.models import Agreement, AgreementAcceptance, AgreementVersion, JournalRecord, Review
from tests import factories
from tests.conftest import Store
from tests.factories import MOMENT
from tests.recording import asked

DATABASES = ("sqlite",)
"""Pages and forms: their services are tried on both databases."""
SignIn = Callable[[int], FlaskClient]
FETCH = {"X-Requested-With": "fetch"}
FULL = {f"mark-E{n}": "7" for n in range(1, 7)}
SECRET, CLUSTER = "Шпиндельный узел", "Тайный кластер"


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    with time_machine.travel(MOMENT, tick=False):
        yield


@dataclass
class World:
    review: int
    user: int
    code: str
    secretary: int
    observer: int
    application: int
    hashes: dict[str, str]


@pytest.fixture
def world(store: Store) -> Callable[..., World]:
    """A contest with the agreements of ``codes`` in force, an expert with a task, and staff."""

    def made(status: str = "accepted", *, codes: tuple[str, ...] = ("secrecy", "data"), **values: Any) -> World:
        with store() as session:
            contest = factories.contest(session)
            cluster = factories.cluster(session, contest, name=CLUSTER)
            application = factories.application(session, contest, cluster, title=SECRET)
            expert = factories.expert(session, contest)
            review = factories.review(session, expert, application, status, **values)
            rows = [factories.agreement(session, contest, code, position=n) for n, code in enumerate(codes)]
            people = [factories.user(session, role).id for role in ("secretary", "observer")]
            assert expert.user_id is not None
            return World(review.id, expert.user_id, contest.code, *people, application.id, _hashes(rows))

    return made


def _hashes(rows: list[Agreement]) -> dict[str, str]:
    return {row.code: agreement_hash(Words(row.code, row.title, row.text, row.title_en, row.text_en)) for row in rows}


def boxes(w: World, *codes: str, **more: str) -> dict[str, str]:
    return {f"accept-{code}": w.hashes[code] for code in codes} | more


def shown_boxes(page: str) -> dict[str, str]:
    """The boxes of a page with the hashes that they send."""
    tags = [tag for tag in re.findall(r"<input[^>]*>", page) if 'name="accept-' in tag]
    return dict(tuple(re.findall(rf'{name}="([^"]*)"', tag)[0] for name in ("name", "value")) for tag in tags)


def rewrite(store: Store, code: str, text: str) -> str:
    """Put the next version of an agreement in force; return its hash."""
    with store() as session:
        row = session.scalars(select(Agreement).where(Agreement.code == code)).one()
        row.text, row.number = text, row.number + 1
        sha256 = _hashes([row])[code]
        words = {name: getattr(row, name) for name in ("title", "title_en", "text", "text_en")}
        session.add(
            AgreementVersion(
                agreement_id=row.id, number=row.number, sha256=sha256, at=MOMENT, reason="Уточнено", **words
            )
        )
        return sha256


def accepted(store: Store) -> list[tuple[str, int]]:
    with store() as session:
        rows = session.execute(
            select(Agreement.code, AgreementAcceptance.number)
            .join(Agreement, Agreement.id == AgreementAcceptance.agreement_id)
            .order_by(AgreementAcceptance.id)
        )
        return [(row.code, row.number) for row in rows]


def count(store: Store, event: str) -> int:
    with store() as session:
        found = select(func.count(JournalRecord.id)).where(JournalRecord.event == event)
        return session.scalar(found) or 0


def title(page: str) -> str:
    found = re.search(r"<h1>(.*?)</h1>", page, re.DOTALL)
    return found[1] if found else ""


# --- the expert


def test_before_the_acceptance_tasks_are_shown_by_number_and_lead_to_the_texts(
    world: Callable[..., World], sign_in: SignIn
) -> None:
    w = world("assigned")
    client = sign_in(w.user)
    queue = client.get("/reviews").text
    assert (SECRET in queue, CLUSTER in queue, f'href="/agreements/{w.code}"' in queue) == (False, False, True)
    answer = client.get(f"/reviews/{w.review}/declaration")
    assert (answer.status_code, answer.location) == (
        303, f"/agreements/{w.code}?next=/reviews/{w.review}/declaration",
    )  # fmt: skip
    page = client.get(answer.location).text
    assert shown_boxes(page) == boxes(w, "secrecy", "data")
    assert "<strong>не разглашает</strong>" in page
    assert f'href="/reviews/{w.review}/recusal"' in page


def test_each_text_is_ticked_apart_and_the_last_one_leads_to_what_was_asked(
    world: Callable[..., World], sign_in: SignIn, store: Store
) -> None:
    w = world()
    client, onward = sign_in(w.user), f"/reviews/{w.review}"
    path = f"/agreements/{w.code}?next={onward}"
    nothing = client.post(path, data={})
    assert nothing.status_code == 422
    assert re.findall(r'id="(accept-[a-z]+)-error">.*?Отметьте то, что принимаете', nothing.text) == [
        "accept-secrecy", "accept-data",
    ]  # fmt: skip
    half = client.post(path, data=boxes(w, "data"))
    assert (half.status_code, half.location) == (303, path)
    assert 'name="accept-data"' not in client.get(path).text
    assert client.get(onward).status_code == 303
    whole = client.post(path, data=boxes(w, "secrecy"))
    assert (whole.status_code, whole.location, accepted(store)) == (303, onward, [("data", 1), ("secrecy", 1)])
    assert SECRET in client.get(onward).text
    queue = client.get("/reviews").text
    assert (SECRET in queue, f'href="/agreements/{w.code}">Что вы приняли' in queue) == (True, True)
    assert "Всё принято" in client.get(f"/agreements/{w.code}").text


def test_a_form_that_comes_twice_accepts_once(world: Callable[..., World], sign_in: SignIn, store: Store) -> None:
    w = world(codes=("secrecy",))
    client = sign_in(w.user)
    sent = boxes(w, "secrecy", request_key="one-and-the-same-key")
    answers = [client.post(f"/agreements/{w.code}", data=sent) for _ in range(2)]
    assert [(one.status_code, one.location) for one in answers] == [(303, "/reviews")] * 2
    assert (accepted(store), count(store, "agreement.accepted")) == ([("secrecy", 1)], 1)


def test_the_way_on_never_leaves_the_site(world: Callable[..., World], sign_in: SignIn) -> None:
    w = world(codes=("secrecy",))
    answer = sign_in(w.user).post(f"/agreements/{w.code}?next=https://evil.example/", data=boxes(w, "secrecy"))
    assert answer.location == "/reviews"


def test_a_text_that_changed_while_it_was_read_is_shown_anew_and_nothing_is_accepted(
    world: Callable[..., World], sign_in: SignIn, store: Store
) -> None:
    w = world()
    rewrite(store, "secrecy", "Иначе.")
    answer = sign_in(w.user).post(f"/agreements/{w.code}", data=boxes(w, "secrecy", "data"))
    assert (answer.status_code, accepted(store)) == (409, [])
    assert re.findall(r'id="(accept-[a-z]+)-error"', answer.text) == ["accept-secrecy"]
    ticked = [re.search(r'name="(accept-[a-z]+)"', tag) for tag in re.findall(r"<input[^>]*checked[^>]*>", answer.text)]
    assert [one[1] for one in ticked if one] == ["accept-data"]


def test_the_expert_steps_back_without_accepting(world: Callable[..., World], sign_in: SignIn, store: Store) -> None:
    w = world("assigned")
    client = sign_in(w.user)
    page = client.get(f"/reviews/{w.review}/recusal")
    assert (page.status_code, SECRET in page.text) == (200, False)
    answer = client.post(f"/reviews/{w.review}/recusal", data={"reason": "other", "words": "Не согласен с правилами"})
    with store() as session:
        status = session.get_one(Review, w.review).status
    assert (answer.status_code, status, accepted(store)) == (303, "recused", [])


def test_a_draft_contest_or_one_without_agreements_asks_for_nothing(
    world: Callable[..., World], sign_in: SignIn, store: Store
) -> None:
    w = world(codes=())
    client = sign_in(w.user)
    with store() as session:
        contest = session.get_one(Review, w.review).application.contest
        factories.agreement(session, contest, "draft", number=0)
    assert SECRET in client.get(f"/reviews/{w.review}").text
    assert SECRET in client.get("/reviews").text
    assert "В этом конкурсе принимать ничего не нужно" in client.get(f"/agreements/{w.code}").text


# --- in the middle of a sheet


@pytest.fixture
def interrupted(world: Callable[..., World], sign_in: SignIn, store: Store) -> tuple[World, FlaskClient]:
    """An expert with the sheet open when the next version of a text comes into force."""
    w = world(codes=("secrecy",))
    client = sign_in(w.user)
    client.post(f"/agreements/{w.code}", data=boxes(w, "secrecy"))
    assert SECRET in client.get(f"/reviews/{w.review}").text
    rewrite(store, "secrecy", "Иначе.")
    return w, client


def scores(store: Store, w: World) -> dict[str, str]:
    with store() as session:
        return dict(session.get_one(Review, w.review).scores)


def test_a_sheet_that_was_open_is_saved_by_the_script_as_before(
    interrupted: tuple[World, FlaskClient], store: Store
) -> None:
    w, client = interrupted
    answer = client.post(f"/reviews/{w.review}/draft", data={"version": 1, "mark-E1": "8"}, headers=FETCH)
    assert (answer.status_code, answer.json["version"], scores(store, w)) == (200, 2, {"E1": "8"})  # type: ignore[index]


def test_a_press_saves_the_sheet_and_the_text_is_asked_for_at_the_next_opening(
    interrupted: tuple[World, FlaskClient], store: Store
) -> None:
    w, client = interrupted
    sent = {"version": 1, "mark-E1": "8", "next": "summary"}
    answer = client.post(f"/reviews/{w.review}/draft", data=sent)
    assert (answer.status_code, scores(store, w)) == (303, {"E1": "8"})
    asked_for = client.get(answer.location)
    assert (asked_for.status_code, asked_for.location) == (
        303, f"/agreements/{w.code}?next=/reviews/{w.review}/summary",
    )  # fmt: skip
    assert "Почему текст изменён:" in client.get(asked_for.location).text


def test_what_is_wrong_on_the_sheet_is_told_with_everything_typed_and_without_the_application(
    interrupted: tuple[World, FlaskClient], store: Store
) -> None:
    w, client = interrupted
    typed = {"version": 1, "mark-E1": "много", "mark-E2": "6", "comment-E1": "Набрано за вечер"}
    answer = client.post(f"/reviews/{w.review}/draft", data=typed)
    checked = re.findall(r'name="(mark-E\d)"[^>]*value="([^"]*)"[^>]*checked', answer.text)
    assert (answer.status_code, "Набрано за вечер" in answer.text, checked) == (422, True, [("mark-E2", "6")])
    assert "Черновик не сохранён" in answer.text
    assert (SECRET in answer.text, CLUSTER in answer.text) == (False, False)
    assert f'href="/agreements/{w.code}?next=/reviews/{w.review}"' in answer.text
    again = client.post(f"/reviews/{w.review}/draft", data=typed | {"mark-E1": "8"})
    assert (again.status_code, scores(store, w)) == (303, {"E1": "8", "E2": "6"})


def test_an_older_sheet_is_compared_without_the_name_of_the_application(
    interrupted: tuple[World, FlaskClient],
) -> None:
    w, client = interrupted
    client.post(f"/reviews/{w.review}/draft", data={"version": 1, "mark-E1": "8"})
    answer = client.post(f"/reviews/{w.review}/draft", data={"version": 1, "mark-E1": "3"})
    assert (answer.status_code, SECRET in answer.text) == (409, False)


def test_a_whole_sheet_is_handed_in_at_the_deadline_without_the_new_text(
    interrupted: tuple[World, FlaskClient], store: Store
) -> None:
    w, client = interrupted
    client.post(f"/reviews/{w.review}/draft", data={"version": 1, "recommendation": "support", **FULL})
    answer = client.post(f"/reviews/{w.review}/summary", data={"version": 2})
    with store() as session:
        status = session.get_one(Review, w.review).status
    assert (answer.status_code, status) == (303, "submitted")
    assert client.get(f"/reviews/{w.review}/receipt").location.startswith(f"/agreements/{w.code}?next=")


# --- the staff


def path(w: World, tail: str = "") -> str:
    return f"/staff/contests/{w.code}/experts/agreements{tail}"


def test_the_secretary_writes_a_text_puts_it_in_force_and_changes_it_with_a_reason(
    world: Callable[..., World], sign_in: SignIn, store: Store
) -> None:
    w = world(codes=())
    client = sign_in(w.secretary)
    assert "Соглашений экспертов в этом конкурсе пока нет" in client.get(path(w)).text
    words = {"code": "rules", "title": "Правила", "text": "- раз\n- два\n\n<script>alert(1)</script>"}
    assert client.post(path(w, "/new"), data=words).location == path(w)
    page = client.get(path(w)).text
    assert ("<ul><li>раз</li><li>два</li></ul>" in page, "<script>alert" in page) == (True, False)
    with store() as session:
        row_id = session.scalars(select(Agreement.id)).one()
    client.post(path(w, f"/{row_id}/force"), data={"version": 1})
    assert "действует редакция 1" in client.get(path(w)).text
    answer = client.post(path(w, f"/{row_id}"), data=words | {"text": "Иначе", "version": 2})
    assert (answer.status_code, "Иначе" in answer.text) == (422, True)
    assert 'id="reason-error"' in answer.text
    client.post(path(w, f"/{row_id}"), data=words | {"text": "Иначе", "version": 2, "reason": "Уточнено"})
    page = client.get(path(w)).text
    assert ("действует редакция 2" in page, "Уточнено" in page, count(store, "contest.agreements_changed")) == (
        True, True, 3,
    )  # fmt: skip


def test_a_text_that_somebody_else_changed_is_shown_in_both_versions(
    world: Callable[..., World], sign_in: SignIn, store: Store
) -> None:
    w = world(codes=("secrecy",))
    with store() as session:
        row = session.scalars(select(Agreement)).one()
        row_id, row.text = row.id, "Чужая правка"
    words = {"title": "Моё", "text": "Моя правка", "version": 1, "reason": "Моя причина"}
    answer = sign_in(w.secretary).post(path(w, f"/{row_id}"), data=words)
    assert answer.status_code == 409
    assert ["Чужая правка" in answer.text, "Моя правка" in answer.text, "Моя причина" in answer.text] == [True] * 3


def test_a_withdrawn_text_is_asked_for_no_more_and_stays_on_record(
    world: Callable[..., World], sign_in: SignIn, store: Store
) -> None:
    w = world(codes=("secrecy",))
    client = sign_in(w.secretary)
    with store() as session:
        row_id = session.scalars(select(Agreement.id)).one()
    assert client.post(path(w, f"/{row_id}/withdrawal"), data={"version": 1}).status_code == 422
    client.post(path(w, f"/{row_id}/withdrawal"), data={"version": 1, "reason": "Не нужно"})
    assert "отменено 15.03.2026 12:00" in client.get(path(w)).text
    assert SECRET in sign_in(w.user).get(f"/reviews/{w.review}").text


def test_who_only_reads_sees_the_texts_and_no_button(world: Callable[..., World], sign_in: SignIn) -> None:
    w = world(codes=("secrecy",))
    page = sign_in(w.observer).get(path(w)).text
    main = page[page.index("<main") : page.index("</main>")]
    assert "действует редакция 1" in main
    assert re.findall(r"<button[^>]*>(.*?)</button>", main) == ["Принятия (CSV)"]
    assert ("/new" in main, "Изменить" in main) == (False, False)


def test_the_list_of_experts_says_who_accepted_which_version_and_when_in_two_statements(
    world: Callable[..., World], sign_in: SignIn, store: Store
) -> None:
    w = world(codes=("secrecy", "data"))
    sign_in(w.user).post(f"/agreements/{w.code}", data=boxes(w, "secrecy", "data"))
    rewrite(store, "data", "Иначе.")
    client, address = sign_in(w.secretary), f"/staff/contests/{w.code}/experts"
    few, page = asked(client, address), client.get(address).text
    assert "secrecy: ред. 1, 15.03.2026 12:00<" in page
    assert "data: ред. 1, 15.03.2026 12:00; ждём ред. 2<" in page
    with store() as session:
        contest = session.get_one(Review, w.review).application.contest
        for _ in range(5):
            factories.expert(session, contest)
    many, page = asked(client, address), client.get(address).text
    assert (many, page.count("data: ждём ред. 2<")) == (few, 5)


def test_without_agreements_the_list_of_experts_has_no_such_column(
    world: Callable[..., World], sign_in: SignIn
) -> None:
    w = world(codes=())
    page = sign_in(w.secretary).get(f"/staff/contests/{w.code}/experts").text
    assert len(re.findall(r"<th[^>]*scope=\"col\"", page)) == 8


def test_the_register_of_acceptances_is_a_file_and_its_taking_is_on_record(
    world: Callable[..., World], sign_in: SignIn, store: Store
) -> None:
    w = world(codes=("secrecy",))
    sign_in(w.user).post(f"/agreements/{w.code}", data=boxes(w, "secrecy"))
    answer = sign_in(w.secretary).post(path(w, "/acceptances"))
    with store() as session:
        expert = session.get_one(Review, w.review).expert
        row = (expert.name, expert.email, expert.email, "secrecy", "Соглашение secrecy", "1", w.hashes["secrecy"])
    assert answer.data.decode("utf-8-sig").splitlines() == [
        "Эксперт;E-mail на карточке;Учётная запись;Код;Соглашение;Редакция;SHA-256;Принято (МСК);Сетевой адрес",
        ";".join((*row, "15.03.2026 12:00:00", "127.0.0.1")),
    ]
    assert count(store, "export.made") == 1
