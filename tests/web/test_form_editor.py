"""The secretary's editor of forms: every part by its page, refusals beside their controls, moves, versions, files."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from lxml import etree

import judging.data
from judging.adapters.forms import form_object, read_form
from judging.domain.access import CONSOLE, By
from judging.domain.forms.form import ApplicationForm, FieldKind
from judging.models import Contest
from judging.queries import contests
from judging.queries.forms import form_of
from judging.services.forms.form_store import FormChange, change_form
from judging.web.form_editor.field_forms import FORMS
from judging.web.form_editor.sentence_forms import NAMES, OF_ROWS, SENTENCES
from tests import factories
from tests.conftest import Store
from tests.factories import MOMENT
from tests.forms import sample

SignIn = Callable[[int], FlaskClient]
PP41 = (Path(judging.data.__path__[0]) / "form-pp41.json").read_bytes()
PLACE = "/staff/contests/DRAFT/form"


@pytest.fixture(autouse=True)
def moment() -> Any:
    with time_machine.travel(MOMENT, tick=False):
        yield


@pytest.fixture
def secretary(store: Store, sign_in: SignIn) -> FlaskClient:
    with store() as session:
        person = factories.user(session, "secretary").id
    return sign_in(person)


def put(store: Store, form: ApplicationForm, **settings: Any) -> None:
    """A contest DRAFT that has this form."""
    settings = {"status": "draft", "published_at": None} | settings
    with store() as session:
        contest = factories.contest(session, code="DRAFT", **(settings | {"status": "draft"}))
        change_form(session, contest.id, FormChange(form, contest.version), by=By(CONSOLE, MOMENT))
        contest.status = settings["status"]


@pytest.fixture
def draft(store: Store) -> str:
    put(store, sample().form)
    return PLACE


def stored(store: Store) -> ApplicationForm:
    with store() as session:
        return form_of(contests.by_code(session, "DRAFT"))


def contest_of(store: Store) -> Contest:
    with store() as session:
        contest = contests.by_code(session, "DRAFT")
        session.expunge_all()
        return contest


def parsed(page: str) -> Any:
    return etree.fromstring(page.encode(), etree.HTMLParser(encoding="utf-8"))


def typed(page: str) -> dict[str, Any]:
    """What the page's form would send unchanged."""
    found: dict[str, Any] = {}
    form = parsed(page).xpath("//form[contains(@class, 'sheet')]")[0]
    for control in form.xpath(".//*[self::input or self::select or self::textarea][not(ancestor::template)]"):
        name, kind = control.get("name"), control.get("type")
        if control.tag == "select":
            chosen = control.xpath(".//option[@selected]") or control.xpath(".//option")
            found[name] = chosen[0].get("value") if chosen else ""
        elif control.tag == "textarea":
            found[name] = (control.text or "").removeprefix("\n").removeprefix("\r\n")
        elif kind in ("checkbox", "radio"):
            ticked = [control.get("value")] if control.get("checked") is not None else []
            found |= {name: [*found.get(name, []), *ticked]} if ticked else {}
        elif kind != "file":
            found[name] = control.get("value") or ""
    return found


def send(client: FlaskClient, path: str, **changed: Any) -> Any:
    """The page's form as it is, with some of its controls changed."""
    data = typed(client.get(path).text)
    return client.post(path, data={name: value for name, value in (data | changed).items() if value is not None})


def errors(page: str) -> list[str]:
    """What the error summary of a page says."""
    tree = etree.fromstring(page.encode(), etree.HTMLParser(encoding="utf-8"))
    return [
        " ".join(one.xpath("string()").split()) for one in tree.xpath("//*[contains(@class, 'error-summary__list')]/li")
    ]


def test_there_is_a_form_for_every_kind_and_a_name_for_every_sentence() -> None:
    assert set(FORMS) == set(FieldKind)
    assert set(NAMES) == set(SENTENCES)
    assert set(OF_ROWS) <= set(SENTENCES)


def test_every_part_saved_unchanged_changes_nothing(secretary: FlaskClient, store: Store) -> None:
    form = read_form(PP41)
    put(store, form)
    version = contest_of(store).version
    fields = {(one.kind, one.format, bool(one.shown_when), str(one.required)): one.code for one in form.fields()}
    columns = {
        (one.kind, one.total): f"{table.code}/columns/{one.code}" for table in form.fields() for one in table.columns
    }
    pages = [f"sections/{form.sections[1].code}", *(f"fields/{one}" for one in (*fields.values(), *columns.values()))]
    pages += [f"fields/{one.code}/checks/{check.code}" for one in form.fields() for check in one.row_checks]
    pages += [f"checks/{check.code}" for check in form.checks]
    pages += [f"points/{place + 1}" for place in range(len(form.checklist))]
    for page in pages:
        answer = send(secretary, f"{PLACE}/{page}")
        assert (answer.status_code, errors(answer.text)) == (303, []), page
    assert form_object(stored(store)) == form_object(form)
    assert contest_of(store).version == version


def test_the_form_is_shown_part_by_part(secretary: FlaskClient, draft: str) -> None:
    page = " ".join(etree.fromstring(secretary.get(draft).text, etree.HTMLParser()).xpath("string(//main)").split())
    for words in ("Наименование", "«Есть иная поддержка?» — «да»", "100 000 000,00 ₽"):
        assert words in page or words
    assert secretary.get(f"{draft}/fields/no").status_code == 404
