"""What is on a sheet that is not handed in leaves the system to nobody.

Every page, act and download is asked for, as every persona, with one thing on the unfinished sheets and again with
another: the answers are the same to the byte. Who may not have a download gets nothing of it.
"""

import inspect
import io
import re
from pathlib import Path
from urllib.parse import urlsplit
from zipfile import ZipFile

import pytest
from sqlalchemy import select
from werkzeug.routing import Rule

from judging.adapters.disk import Disk
from judging.domain.access import Permission
from judging.exports import CATALOGUE
from judging.exports.firmness import FIGURES
from judging.extensions import db
from judging.models import Expert, User
from judging.services import condition
from tests.web.test_access_matrix import ANYONE, ARGUMENTS, MAY, rules
from tests.web.test_never_500 import parsed
from tests.web.unfinished import EMPTY, HIGH, LOW, SECRET, Unfinished, world

__all__ = ["world"]
Answer = tuple[int, tuple[tuple[str, str], ...], bytes]
Addresses = dict[str, dict[str, str]]
"""The form that is sent to each address; a GET has none."""
DATABASES = ("sqlite",)
"""What is told to whom does not depend on the database, and these tests ask for every page."""
WEB = Path(__file__).resolve().parents[2] / "judging" / "web"

DOWNLOADS: dict[str, list[tuple[dict[str, str | int], dict[str, str]]]] = {
    "ranking.download": [({"key": key}, {"snapshot": of}) for key in CATALOGUE for of in ("", "1")],
    "firmness.download": [({"figure": key}, {}) for key in FIGURES],
    "assignment.protocol": [({}, {})],
    "applications.all_documents": [({}, {})],
    "applications.document": [({}, {})],
    "applications.paper": [({"slot": "letter", "extension": one}, {}) for one in ("pdf", "docx")],
    "applications.preview_page": [({"number": 1}, {})],
    "applications.receipt_pdf": [({}, {})],
    "applications.rendition": [({}, {})],
    "applications.signature_file": [({}, {})],
    "applications.submitted_pdf": [({}, {})],
    "applications.receipt_data": [({}, {})],
    "applications.numbered_receipt_data": [({}, {})],
    "register.submission_data": [({}, {})],
    "form_editor.download": [({}, {})],
    "form_editor.template": [({"slot": "passport"}, {})],
    "contests.settings_file": [({}, {})],
    "agreements.acceptances": [({}, {})],
    "scoring.all_documents": [({}, {})],
    "scoring.offline_workbook": [({}, {})],
}
"""Every route that answers with a file: the arguments and forms under which it gives each of its files."""
OWN = {"scoring.all_documents": ("expert", "judged")}
"""Downloads of what an expert has declared on, whatever of it is submitted."""
STATES = {"applications.rendition_state", "assignment.draft_state", "firmness.progress", "ranking.prepared_state"}
"""Routes that tell a script in JSON how far a calculation is."""
OPEN = {"home.favicon", "health.check", "styles.site"}
ALIKE = ("stranger", "undeclared", "conflicted", "observer", "mate", "reader")
"""Personas whose pages are those of the team, the expert and the chair, with less on them."""


def path_of(world: Unfinished, rule: Rule, **changed: str | int) -> str:
    known = {"code": "HERE", **ARGUMENTS, **world.ids} | changed
    return str(rule.build({name: known[name] for name in rule.arguments})[1])


def downloads(world: Unfinished) -> dict[str, tuple[Permission, str, dict[str, str] | None]]:
    """Every download by a name of its own: the permission it takes, its address and its form (None for a GET)."""
    found = {}
    for rule in rules(world.app):
        for arguments, form in DOWNLOADS.get(rule.endpoint, ()):
            name = " ".join([rule.endpoint, *map(str, arguments.values()), *form.values()])
            permission = world.app.view_functions[rule.endpoint].permission
            found[name] = (permission, path_of(world, rule, **arguments), form if "POST" in rule.methods else None)
    return found


def answer(browser, path: str, form: dict[str, object] | None) -> Answer:
    """One answer, a workbook as its parts."""
    given = browser.open(path, method="GET" if form is None else "POST", data=form, buffered=True)
    headers = tuple(sorted((name, value) for name, value in given.headers if name != "Content-Length"))
    return given.status_code, headers, parts(given.data)


def parts(content: bytes) -> bytes:
    if not content.startswith(b"PK\x03\x04"):
        return content
    with ZipFile(io.BytesIO(content)) as book:
        return b"\n".join(name.encode() + b"\n" + book.read(name) for name in sorted(book.namelist()))


def is_file(given: Answer) -> bool:
    return any(name == "Content-Disposition" for name, _ in given[1])


def test_every_download_is_in_the_table(world: Unfinished) -> None:
    views = world.app.view_functions
    sends = re.compile(r"(?:file_answer|receipt_file)\(")
    sending = {name for name, view in views.items() if sends.search(inspect.getsource(inspect.unwrap(view)))}
    assert sending == set(DOWNLOADS)
    elsewhere = [
        path.relative_to(WEB).as_posix()
        for path in WEB.rglob("*.py")
        if re.search(r"Content-Disposition|send_file|direct_passthrough=", path.read_text("utf-8"))
    ]
    assert elsewhere == ["downloads.py"]


@pytest.mark.parametrize("persona", ANYONE)
def test_a_download_is_the_same_whatever_is_on_unfinished_sheets(world: Unfinished, persona: str) -> None:
    wanted, browser = downloads(world), world.client(persona)

    def given_with(content: dict[str, object]) -> dict[str, Answer]:
        world.write(content)
        return {key: answer(browser, path, form) for key, (_, path, form) in wanted.items()}

    given = given_with(LOW)
    for content in (HIGH, EMPTY) if persona == "secretary" else () if persona == "observer" else (HIGH,):
        other = given_with(content)
        assert [key for key in wanted if other[key] != given[key]] == []
    allowed = [key for key, (permission, _, _) in wanted.items() if persona in OWN.get(key, MAY[permission])]
    assert [key for key in wanted if is_file(given[key])] == allowed
    assert [key for key in wanted if given[key][0] == 200] == allowed


def pages(world: Unfinished) -> Addresses:
    """The address of every page, for each of the sheets and applications that it may be of."""
    reviews = [*world.reviews, world.ids["handed_in_id"]]
    several = {"review_id": reviews, "expert_id": [world.ids["expert_id"], world.ids["slow_id"]]}
    found = {}
    for rule in rules(world.app):
        if "GET" not in rule.methods or "token" in rule.arguments:
            continue
        name = next((name for name in several if name in rule.arguments), None)
        for key in several[name] if name else [None]:
            found[path_of(world, rule, **({name: key} if name else {}))] = rule.endpoint
    return found


def answers(world: Unfinished, persona: str) -> dict[str, Answer]:
    """Every page of a persona; for the secretary, who has them all, those that its own links sort and narrow too."""
    browser = world.client(persona)
    given, ways = {}, list(pages(world))
    for path in ways:
        response = browser.get(path, buffered=True)
        given[path] = (response.status_code, tuple(sorted(response.headers)), response.data)
        if persona == "secretary" and response.status_code == 200 and "?" not in path:
            links = (urlsplit(link) for link in parsed(response).links)
            own = sorted({link.query for link in links if link.query and link.path in ("", path)})
            ways += [f"{path}?{query}" for query in own]
    return given


def low_pages(world: Unfinished, persona: str) -> dict[str, Answer]:
    """Every page of a persona with low marks on the unfinished sheets, asked for once: no request leaves anything."""
    if persona not in world.pages:
        world.write(LOW)
        world.pages[persona] = answers(world, persona)
    given: dict[str, Answer] = world.pages[persona]
    return given


@pytest.mark.parametrize("persona", [name for name in ANYONE if name not in ALIKE])
def test_a_page_is_the_same_whatever_is_on_unfinished_sheets(
    world: Unfinished, persona: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Others write to the disk of this machine meanwhile.
    monkeypatch.setattr(condition, "disks_of", lambda folders: [Disk(one, 10**12, 10**12, False) for one in folders])
    low = low_pages(world, persona)
    world.write(HIGH)
    high = answers(world, persona)
    assert [path for path in low | high if low.get(path) != high.get(path)] == []
    assert [path for path, (_, _, body) in low.items() if SECRET.encode() in body] == []
    files = {
        path for path, (_, headers, _) in low.items() if ("Content-Type", "text/html; charset=utf-8") not in headers
    }
    table = pages(world)
    assert {table[path.partition("?")[0]] for path in files if low[path][0] == 200} <= {*DOWNLOADS, *STATES, *OPEN}


def test_acts_refuse_in_the_same_words_whatever_is_on_unfinished_sheets(world: Unfinished) -> None:
    given = {}
    for name, content in (("low", LOW), ("high", HIGH)):
        world.write(content)
        for persona in ("secretary", "chair"):
            browser = world.client(persona)
            for rule in rules(world.app):
                if "POST" in rule.methods and "token" not in rule.arguments and "sign_out" not in rule.endpoint:
                    for key in world.reviews if "review_id" in rule.arguments else [0]:
                        path = path_of(world, rule, **({"review_id": key} if key else {}))
                        given[name, persona, path] = answer(browser, path, {})
    told = [(persona, path) for name, persona, path in given if name == "low"]
    assert [way for way in told if given["low", *way] != given["high", *way]] == []
    assert [way for way in told if SECRET.encode() in given["low", *way][2]] == []


def test_a_workbook_is_compared_with_what_is_handed_in_alone(world: Unfinished) -> None:
    browser, found = world.client("secretary"), {}
    book = browser.post("/staff/contests/HERE/ranking/downloads/ranking-xlsx").data
    for name, content in (("empty", EMPTY), ("low", LOW)):
        world.write(content)
        for snapshot in ("present", "1"):
            form = {"file": (io.BytesIO(book), "book.xlsx"), "snapshot": snapshot}
            found[name, snapshot] = browser.post("/staff/contests/HERE/ranking/check", data=form)
    assert [given.status_code for given in found.values()] == [200] * 4
    for snapshot in ("present", "1"):
        assert found["low", snapshot].data == found["empty", snapshot].data


@pytest.mark.parametrize("persona", ["visitor", "stranger", "team", "expert", "undeclared", "conflicted"])
def test_who_judges_is_told_to_no_team_and_no_other_expert(world: Unfinished, persona: str) -> None:
    with world.app.app_context(), db.sessionmaker() as session:
        experts = session.execute(select(Expert.name, Expert.email)).all()
        own = {f"Лицо {persona}", session.scalar(select(User.email).where(User.name == f"Лицо {persona}"))}
    others = {text for name, email in experts if name not in own for text in (name, email)} - own
    pages = {path: body.decode(errors="replace") for path, (_, _, body) in low_pages(world, persona).items()}
    assert len(others) > 10
    assert [(path, text) for path, body in pages.items() for text in others if text in body] == []
