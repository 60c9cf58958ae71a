"""A file that is larger than the next page could send on is refused where it is looked at, not after that."""

import html
import io
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from judging.adapters.forms import form_object
from judging.queries.contests import by_code
from judging.queries.forms import form_of
from judging.web.request_bounds import MOST_CARRIED
from tests import factories
from tests.conftest import Store
from tests.forms import document, field

DATABASES = ("sqlite",)
SignIn = Callable[[int], FlaskClient]
HIDDEN = re.compile(r'name="(document|seen|version)"[^>]* value="([^"]*)"')
BASE = "/staff/contests/BIG"


@pytest.fixture
def secretary(store: Store, sign_in: SignIn) -> FlaskClient:
    with store() as session:
        factories.contest(session, code="BIG", status="draft", published_at=None)
        person = factories.user(session, "secretary").id
    return sign_in(person)


def form_of_size(size: int) -> dict[str, Any]:
    """A form of a little more than so many bytes, most of them in hints."""
    raw, hint = document(), "й" * 1000
    raw["sections"][-1]["fields"] += [field(f"m{number}", "yes", "Ещё", hint=hint) for number in range(size // 2050)]
    return raw


def look(client: FlaskClient, path: str, raw: Any) -> Any:
    data = {"file": (io.BytesIO(json.dumps(raw, ensure_ascii=False).encode()), "file.json")}
    return sent(client, path, data)


def sent(client: FlaskClient, path: str, data: dict[str, Any]) -> Any:
    with client.post(path, data=data, content_type="multipart/form-data") as answer:
        answer.get_data()
        return answer


def test_a_form_that_was_looked_at_can_be_stored_and_a_larger_one_is_refused_at_once(
    secretary: FlaskClient, store: Store
) -> None:
    large = look(secretary, f"{BASE}/form/import", form_of_size(MOST_CARRIED))
    assert (large.status_code, "больше 450 КБ: такой файл загружают командой на сервере" in large.text) == (422, True)
    page = look(secretary, f"{BASE}/form/import", form_of_size(MOST_CARRIED * 3 // 4))
    hidden = {name: html.unescape(value) for name, value in HIDDEN.findall(page.text)}
    assert len(hidden["document"].encode()) > MOST_CARRIED // 2
    given = sent(secretary, f"{BASE}/form/replacement", hidden)
    assert given.status_code == 303
    with store() as session:
        assert form_object(form_of(by_code(session, "BIG"))) == json.loads(hidden["document"])


def test_settings_that_are_too_large_for_the_next_page_are_refused_at_once(secretary: FlaskClient) -> None:
    settings = json.loads(secretary.get(f"{BASE}/settings/file").data)
    rest = len(json.dumps(settings | {"form": {}}, ensure_ascii=False).encode())
    settings["form"] = form_of_size(MOST_CARRIED - rest)
    given = look(secretary, f"{BASE}/settings", settings)
    assert (given.status_code, "больше 450 КБ" in given.text) == (422, True)
