"""The same words find and sort the same things on every page that lists them."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from judging.adapters.archive import read_archive
from judging.domain.access import CONSOLE, By
from judging.models import Application, Contest, Grant, Letter
from judging.services.archives import load_contest
from tests import factories
from tests.conftest import Store

SignIn = Callable[[int], FlaskClient]
DATA = Path(__file__).resolve().parents[1] / "data" / "words.json"
PATH = "/staff/contests/YO1"
TITLES = (
    "алюминиевый крепёж", "Единый стенд", "Ёлочные ограничители", "Жёсткие диски", "«Умный» насос", "Яхтенные лебёдки",
)  # fmt: skip
EXPERTS = ("Елисеев И. И.", "Ёлкин П. И.", "Ерёмина А. Л.", "Яшин О. О.")
CLUSTERS = ("«Алмаз»", "алюминиевый", "Ёмкостной", "Кластер К", "Яхтенный")
NOW = datetime(2026, 5, 1, tzinfo=UTC)


@pytest.fixture
def secretary(store: Store, sign_in: SignIn) -> Iterator[FlaskClient]:
    """The contest of awkward words, loaded, and its secretary."""
    with store() as session:
        load_contest(session, read_archive(DATA.read_bytes()), by=By(CONSOLE, NOW))
        someone = factories.user(session, "secretary").id
    return sign_in(someone)


def shown(client: FlaskClient, path: str, names: tuple[str, ...]) -> list[str]:
    """Those of the names that the page's tables have, in its order."""
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    bodies = re.findall(r"<tbody.*?</tbody>", answer.text, re.DOTALL)
    text = unescape(re.sub("<[^>]*>", "", " ".join(bodies)))
    found = {name: text.find(name) for name in names}
    return sorted((name for name in found if found[name] >= 0), key=found.__getitem__)


TITLE_SEARCHES = {
    "жестк": "Жёсткие диски", "ЖЁСТК": "Жёсткие диски", "умный насос": "«Умный» насос", '"умный"': "«Умный» насос",
    "е\u0308лочные": "Ёлочные ограничители", "лебе\u00adдки": "Яхтенные лебёдки",
}  # fmt: skip
EXPERT_SEARCHES = {"еремин": "Ерёмина А. Л.", "Ёлкин": "Ёлкин П. И.", "елкин п": "Ёлкин П. И."}


@pytest.mark.parametrize("page", ["applications", "ranking", "assignment", "firmness"])
def test_words_find_the_same_project_on_every_page(secretary: FlaskClient, page: str) -> None:
    found = {words: shown(secretary, f"{PATH}/{page}?q={words}", TITLES) for words in TITLE_SEARCHES}
    assert found == {words: [title] for words, title in TITLE_SEARCHES.items()}


@pytest.mark.parametrize("page", ["experts?", "assignment?view=experts&", "firmness/experts?", "progress?"])
def test_words_find_the_same_expert_on_every_page(secretary: FlaskClient, page: str) -> None:
    found = {words: shown(secretary, f"{PATH}/{page}q={words}", EXPERTS) for words in EXPERT_SEARCHES}
    assert found == {words: [name] for words, name in EXPERT_SEARCHES.items()}


SORTED = {
    "applications?sort=title": TITLES, "ranking?sort=title": TITLES, "assignment?sort=title": TITLES,
    "applications?sort=cluster": CLUSTERS, "experts": EXPERTS, "experts?sort=name": EXPERTS,
    "assignment?view=experts": EXPERTS, "progress?sort=name": EXPERTS,
}  # fmt: skip


def test_names_are_in_the_order_of_the_alphabet_on_every_page(secretary: FlaskClient) -> None:
    found = {page: shown(secretary, f"{PATH}/{page}", names) for page, names in SORTED.items()}
    assert found == {page: list(names) for page, names in SORTED.items()}


def test_option_lists_are_in_the_order_of_the_alphabet(secretary: FlaskClient) -> None:
    clusters = re.findall(r"<option[^>]*>([^<]*)</option>", secretary.get(f"{PATH}/applications").text)
    assert [name for name in clusters if name in CLUSTERS] == list(CLUSTERS)
    people = re.findall(r"<option[^>]*>([^<,]*)", secretary.get(f"{PATH}/conflicts/new").text)
    assert [name for name in people if name in EXPERTS] == list(EXPERTS)


def test_numbers_are_in_the_order_of_their_values_on_every_page(secretary: FlaskClient, store: Store) -> None:
    given = {"001": "10", "002": "9", "003": "2", "004": "1", "005": "11", "006": "100"}
    with store() as session:
        for item in session.query(Application).all():
            item.number = given[str(item.number)]
    with store() as session:
        session.query(Contest).one().ranking_revision += 1
    ascending = ("алюминиевый", "Яхтенные", "Жёсткие", "Ёлочные", "Единый", "«Умный»")
    for page in ("applications", "ranking", "assignment"):
        assert shown(secretary, f"{PATH}/{page}?sort=number", ascending) == list(ascending)


ADDRESS = "user@завод.рф"
WIRED = "user@xn--80aegj1b.xn--p1ai"
SPELLINGS = (
    ADDRESS, WIRED, WIRED.upper(), "@xn--80aegj1b.xn--p1ai", "xn--80aegj1b", "@завод", "user@xn--80aegj1b",
    "заводской user@xn--80aegj1b.xn--p1ai",
)  # fmt: skip


@pytest.fixture
def addressed(store: Store, sign_in: SignIn) -> FlaskClient:
    """A secretary and administrator; an expert, an account and a letter of an address in Cyrillic, and others."""
    with store() as session:
        load_contest(session, read_archive(DATA.read_bytes()), by=By(CONSOLE, NOW))
        contest = session.query(Contest).one()
        for name, address in (("Заводской З. З.", ADDRESS), ("Другой Д. Д.", "user@example.org")):
            expert = factories.expert(session, contest, factories.user(session, name=name, email=address))
            factories.review(session, expert, session.query(Application).first())
            session.add(Letter(key=address, recipient=address, subject=name, body="Проба", created_at=NOW))
        someone = factories.user(session, "secretary")
        someone.grants.append(Grant(role="administrator", granted_at=NOW))
        person = someone.id
    return sign_in(person)


@pytest.mark.parametrize(
    "page", ["/people?", "/letters?", f"{PATH}/experts?", f"{PATH}/assignment?view=experts&", f"{PATH}/progress?"]
)
def test_an_address_is_found_by_whichever_spelling_of_it(addressed: FlaskClient, page: str) -> None:
    words = [one for one in SPELLINGS if not (page == "/letters?" and " " in one)]
    found = {one: shown(addressed, f"{page}q={one}", ("Заводской З. З.", "Другой Д. Д.")) for one in words}
    assert found == {one: ["Заводской З. З."] for one in words}


def test_letters_are_found_by_their_address_however_it_is_typed(store: Store, sign_in: SignIn) -> None:
    with store() as session:
        for address in ("алёна@example.org", "o'brien@example.org", "ivanov@example.org"):
            session.add(Letter(key=address, recipient=address, subject="Проба", body="Проба", created_at=NOW))
        administrator = factories.user(session, "administrator").id
    client = sign_in(administrator)
    people = ("алёна@example.org", "o'brien@example.org", "ivanov@example.org")
    for words, found in (
        ("АЛЕНА", people[:1]),
        ("алёна@", people[:1]),
        ("o'brien", people[1:2]),
        ("IVANOV", people[2:]),
    ):
        assert shown(client, f"/letters?q={words}", people) == list(found)
